"""A figure in a notebook: PNG, text alternative, equal bytes."""

import struct
import zlib
from base64 import b64decode

import IPython.display
import pytest

from coursekit.figures import curves, show
from coursekit.figures.show import png


def figure(end=3):
    return curves({"loss": [1, 2, end]}, x="step", y="loss", title="A run")


def chunks(data):
    position, found = 8, {}
    while position < len(data):
        (length,) = struct.unpack(">I", data[position : position + 4])
        found.setdefault(data[position + 4 : position + 8], data[position + 8 : position + 8 + length])
        position += length + 12
    return found


@pytest.fixture
def displayed(monkeypatch):
    calls = []
    monkeypatch.setattr(IPython, "get_ipython", lambda: object())
    monkeypatch.setattr(IPython.display, "display", lambda bundle, **options: calls.append((bundle, options)))
    return calls


@pytest.mark.parametrize("alt", ["", "  \n"])
def test_a_text_alternative_is_required(alt, displayed):
    with pytest.raises(ValueError, match="text alternative"):
        show(figure(), alt)
    assert displayed == []


def test_a_notebook_gets_the_image_with_its_text_and_size(displayed):
    show(figure(), alt="a line that rises")
    [(bundle, options)] = displayed
    data = b64decode(bundle["image/png"])
    width, height = struct.unpack(">II", chunks(data)[b"IHDR"][:8])
    assert bundle["text/plain"] == "Figure: a line that rises"
    assert bundle["text/html"].startswith(f'<img alt="a line that rises" width="{width}" height="{height}" src="data:')
    assert bundle["text/html"].endswith(f'{bundle["image/png"]}">')
    assert options == {
        "raw": True,
        "metadata": {"image/png": {"alt": "a line that rises", "width": width, "height": height}},
    }


def test_quotes_in_the_text_do_not_end_it(displayed):
    show(figure(), alt='a "line" <b>')
    assert 'alt="a &quot;line&quot; &lt;b&gt;"' in displayed[0][0]["text/html"]


def test_outside_a_notebook_the_text_is_printed(capsys, monkeypatch):
    monkeypatch.setattr(IPython, "get_ipython", lambda: None)
    show(figure(), alt="a line that rises")
    assert capsys.readouterr().out == "Figure: a line that rises\n"


def test_equal_figures_are_equal_bytes_and_others_are_not():
    one = figure()
    assert png(one) == png(one) == png(figure())
    assert png(one) != png(figure(end=4))


def test_the_png_names_no_software_and_no_date():
    found = chunks(png(figure()))
    assert set(found) == {b"IHDR", b"pHYs", b"IDAT", b"IEND"}
    assert zlib.decompressobj().decompress(found[b"IDAT"])
