"""One look, whatever the reader's own matplotlib settings, and no global state left behind."""

import subprocess
import sys

import matplotlib
import pytest

from coursekit.figures import curves
from coursekit.figures.style import CARD, house_style, new_drawing, shape_label


def test_the_readers_settings_neither_matter_nor_change():
    with matplotlib.rc_context({"axes.titlesize": 40, "axes.facecolor": "black"}):
        axes = curves({"a": [1, 2]}, x="x", y="y", title="t").axes[0]
        assert matplotlib.rcParams["axes.titlesize"] == 40
    assert axes.title.get_fontsize() == 11
    assert axes.get_facecolor()[:3] == (1, 1, 1)


def test_a_failing_figure_restores_the_settings():
    before = matplotlib.rcParams["font.size"]
    with matplotlib.rc_context({"font.size": 23}):
        with pytest.raises(RuntimeError), house_style():
            raise RuntimeError
        assert matplotlib.rcParams["font.size"] == 23
    assert matplotlib.rcParams["font.size"] == before


def test_the_card_is_opaque():
    figure, axes = new_drawing(4, 2)
    assert matplotlib.colors.to_hex(figure.get_facecolor()).upper() == CARD
    assert figure.get_facecolor()[3] == 1
    assert axes.get_xlim() == (0, 4)


@pytest.mark.parametrize(("shape", "label"), [((5, 3), "5×3"), ((4,), "(4,)"), ((), "a number")])
def test_shapes_as_they_are_read(shape, label):
    assert shape_label(shape) == label


def test_figures_need_no_pyplot_and_the_other_rooms_no_matplotlib():
    program = (
        "import sys; from coursekit import engine, check, slides; assert 'matplotlib' not in sys.modules; "
        "import coursekit.figures; assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
