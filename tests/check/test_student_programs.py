"""Programs as students write them: right ones are never called wrong, wrong ones are found and mostly named."""

import numpy as np
import pytest

from coursekit import check, engine

from .right_programs import program, styles
from .wrong_programs import HELPERS, LISTS, SAMPLES, THREE_LAYERS, WRONG

SETTINGS = {
    LISTS: {},
    SAMPLES: {},
    THREE_LAYERS: {"hidden": engine.sigmoid, "loss": engine.cross_entropy_from_logits},
    HELPERS: {"hidden": engine.relu, "strength": 0.037},
}
LOSSES = {loss.name: loss for loss in (engine.half_squared_error, engine.cross_entropy_from_logits)}


def run(source):
    namespace = {"np": np}
    exec(source, namespace)
    return namespace["f"]


def verdicts_of(f, **settings):
    with check.score(1) as s, s.part(1, "backpropagation") as part:
        check.backpropagation(f, **settings)
    return part.verdicts


@pytest.mark.parametrize("source", SETTINGS, ids=["lists", "samples", "three layers", "helpers"])
def test_the_programs_are_right_before_a_line_is_changed(source):
    assert all(verdicts_of(run(source), **SETTINGS[source]))


def test_wrong_programs_are_found_and_named(capsys):
    found, named, missed = 0, 0, []
    for wrong in WRONG:
        codes = [v.code for v in verdicts_of(run(wrong.source), **SETTINGS[wrong.program]) if not v]
        found += bool(codes)
        rightly = bool(codes) and all(set(code.replace("+", "|").split("|")) & set(wrong.codes) for code in codes)
        named += rightly and "wrong" not in codes
        missed += [] if rightly and "wrong" not in codes else [f"{wrong.story}: {codes}"]
    with capsys.disabled():
        print(f"\n{found} of {len(WRONG)} wrong programs found, {named} rightly named; not named: {missed}")
    assert len(WRONG) >= 30
    assert found == len(WRONG)
    assert named >= 0.8 * len(WRONG)


def test_right_programs_are_never_called_wrong(capsys):
    accepted = tried = 0
    for number, (hidden, loss, *style) in enumerate(styles()):
        f = program(hidden, loss, *style)
        for sizes in ((3, 7, 7, 5), (4, 2), (3, *[5] * 8, 2)):
            verdicts = verdicts_of(
                f, hidden=getattr(engine, hidden), loss=LOSSES[loss], sizes=sizes, N=(11, 1, 4)[number % 3], seed=number
            )
            tried += 1
            accepted += all(verdicts)
    with capsys.disabled():
        print(f"\n{accepted} of {tried} right programs accepted")
    assert tried >= 300
    assert accepted == tried


@pytest.mark.parametrize("slope", [0.0, 0.5, 1.0])
def test_every_subgradient_of_relu_is_right_exactly_at_its_kinks(slope):
    rng = np.random.default_rng(0)
    Z, G = rng.integers(-2, 3, size=(6, 5)).astype(float), rng.standard_normal((6, 5))
    dZ = G * np.where(Z == 0, slope, Z > 0)
    assert (Z == 0).any()
    assert check.gradient(dZ, lambda V: np.sum(G * engine.relu(V)), at=Z, name="dZ")
    assert not check.gradient(np.where(Z == 0, -G, dZ), lambda V: np.sum(G * engine.relu(V)), at=Z, name="dZ")
