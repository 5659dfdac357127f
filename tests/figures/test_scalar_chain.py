"""The chain of neurons: its products are derivatives, an update in place is seen, and labels stay apart."""

import numpy as np
import pytest
from matplotlib.patches import FancyBboxPatch

from coursekit import check, engine
from coursekit.figures import scalar_chain
from coursekit.figures.scalar_chain import caption, chain_nodes, number

X, Y = 0.5, 6.0
W = np.array([2.0, 4.0, -0.5])
B = np.array([np.log(3) - 1, np.log(4) - 3, 1.4])


def cost(a, layer=0, w=W, b=B):
    for above in range(layer, len(w)):
        z = w[above] * a + b[above]
        a = 1 / (1 + np.exp(-z)) if above < len(w) - 1 else z
    return (a - Y) ** 2


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def by_symbol(nodes):
    return {node.symbol: node for node in nodes}


def test_the_nodes_stand_from_the_input_to_the_cost():
    nodes = chain_nodes(X, W, B, Y)
    layers = [f"{letter}^{{({layer})}}" for layer in (1, 2, 3) for letter in "za"]
    assert [node.symbol for node in nodes] == ["x", *layers, "C"]
    np.testing.assert_allclose([n.value for n in nodes], [0.5, np.log(3), 0.75, np.log(4), 0.8, 1, 1, 25])
    np.testing.assert_allclose([n.product for n in nodes], [1.2, 0.6, 3.2, 0.8, 5, -10, -10, 1])
    np.testing.assert_allclose([n.factor for n in nodes[:-1]], [2, 0.1875, 4, 0.16, -0.5, 1, -10])


def test_products_and_kept_gradients_are_measured_derivatives():
    nodes = by_symbol(chain_nodes(X, W, B, Y))
    assert check.gradient(np.array(nodes["x"].product), cost, at=np.array(X))
    for layer in (1, 2, 3):
        a = nodes[f"a^{{({layer})}}"]
        assert check.gradient(np.array(a.product), lambda t, layer=layer: cost(t, layer), at=np.array(a.value))
    kept = [dict(nodes[f"z^{{({layer})}}"].kept) for layer in (1, 2, 3)]
    dw = np.array([gradients[f"dw^{{({layer})}}"] for layer, gradients in enumerate(kept, 1)])
    db = np.array([gradients[f"db^{{({layer})}}"] for layer, gradients in enumerate(kept, 1)])
    assert check.gradient(dw, lambda w: cost(X, w=w), at=W)
    assert check.gradient(db, lambda b: cost(X, b=b), at=B)


def test_another_activation_and_output_are_used():
    nodes = chain_nodes(X, W, B, Y, activation=engine.tanh, output=engine.sigmoid)
    run = engine.scalar_forward(X, W, B, activation=engine.tanh, output=engine.sigmoid)
    assert nodes[-2].value == run.a[-1]
    assert nodes[-3].factor == pytest.approx(run.a[-1] * (1 - run.a[-1]))


def test_an_update_in_place_goes_on_through_the_new_weights():
    nodes = by_symbol(chain_nodes(X, W, B, Y, lr=0.1))
    assert nodes["z^{(3)}"].weight == pytest.approx((-0.5, 0.3))
    assert nodes["a^{(2)}"].used == pytest.approx(0.3)
    assert nodes["a^{(2)}"].factor == -0.5
    assert (nodes["a^{(2)}"].product, nodes["a^{(2)}"].exact) == pytest.approx((-3.0, 5.0))
    new_w2 = 4 + 0.1 * 0.36
    assert nodes["z^{(1)}"].kept[0][1] == pytest.approx(-0.48 * new_w2 * 0.1875 * 0.5)
    assert nodes["z^{(1)}"].exact == pytest.approx(0.6)


def test_a_learning_rate_of_zero_changes_no_product():
    still, plain = (chain_nodes(X, W, B, Y, lr=lr) for lr in (0.0, None))
    assert [node.product for node in still] == [node.product for node in plain]
    assert not any(text.startswith(("true", "old")) for text in texts(scalar_chain(X, W, B, Y, lr=0.0)))


def test_only_the_steps_that_were_taken_are_drawn():
    for steps, last in ((0, None), (1, "$da^{(3)}$"), (3, "$da^{(2)}$"), (7, "$dx$")):
        figure = scalar_chain(X, W, B, Y, steps=steps)
        boxes = [patch for patch in figure.axes[0].patches if isinstance(patch, FancyBboxPatch)]
        assert len(boxes) == 8 + (steps + 1 if steps else 0)
        assert last is None or last in texts(figure)
    assert texts(scalar_chain(X, W, B, Y)) == texts(figure)


def test_the_caption_multiplies_the_factors_in_their_order():
    nodes = chain_nodes(X, W, B, Y)
    assert caption(nodes, 0) == "no step back yet: the product starts with $dC$ = 1"
    assert caption(nodes, 1) == "$da^{(3)}$ = (−10)"
    assert caption(nodes, 4) == "$dz^{(2)}$ = (−10) × (1) × (−0.5) × (0.16) = 0.8"
    early = chain_nodes(X, W, B, Y, lr=0.1)
    assert caption(early, 3) == "$da^{(2)}$ = (−10) × (1) × (0.3) = −3,  with the old weights 5"


def test_numbers_are_short_and_have_no_minus_zero():
    assert [number(v) for v in (-0.5, 0.1875, 2.0, -0.00001, 1.23456, 12345.6, 100.0)] == [
        *("−0.5", "0.1875", "2", "0", "1.2346", "12346", "100")
    ]


LONG = np.array([-3.1234, 2.7182, -1.4142, 3.3333]), np.array([0.5, -0.25, 0.125, 1.0])


@pytest.mark.parametrize(
    "figure",
    [
        scalar_chain(X, W, B, Y),
        scalar_chain(X, W, B, Y, steps=0),
        scalar_chain(X, W, B, Y, steps=4),
        scalar_chain(X, W, B, Y, lr=0.1),
        scalar_chain(0.1234, *LONG, 12.3456, lr=0.0123),
        scalar_chain(X, W[:1], B[:1], Y),
        scalar_chain(X, W[:1], B[:1], Y, lr=0.1),
    ],
    ids=["whole", "forward", "half", "in place", "long", "one neuron", "one neuron in place"],
)
def test_labels_stay_inside_and_apart(figure):
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts if text.get_text()]
    width, height = figure.bbox.size
    assert all(b.x0 >= 0 and b.x1 <= width and b.y0 >= 0 and b.y1 <= height for b in boxes)
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    cards = [p.get_window_extent() for p in figure.axes[0].patches if isinstance(p, FancyBboxPatch)]
    for b in boxes:
        for card in cards:
            inside = card.x0 <= b.x0 and b.x1 <= card.x1 and card.y0 <= b.y0 and b.y1 <= card.y1
            assert inside or not b.overlaps(card)


def test_bad_input_is_refused():
    for steps in (-1, 8):
        with pytest.raises(ValueError, match=r"steps must be one of 0\.\.7"):
            scalar_chain(X, W, B, Y, steps=steps)
    with pytest.raises(engine.ShapeError, match="one length"):
        scalar_chain(X, W, B[:2], Y)
