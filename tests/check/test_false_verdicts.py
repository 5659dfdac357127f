"""Verdicts that other gradient checks are known to get wrong; here each is right."""

import numpy as np
import pytest

from coursekit import check, engine


def test_a_tolerance_does_not_grow_with_the_size_of_the_output():
    """One entry of ten thousand is off by a thousandth of the largest: small beside the sum of all, yet wrong."""
    rng = np.random.default_rng(0)
    C = rng.standard_normal(10_000)
    got = C.copy()
    got[77] += 1e-3 * np.abs(C).max()
    assert check.gradient(C, lambda x: float(C @ x), at=np.zeros(10_000))
    assert check.gradient(got, lambda x: float(C @ x), at=np.zeros(10_000)).code == "wrong"


@pytest.mark.parametrize("factor", [3.5, 0.3])
def test_a_small_gradient_is_not_passed_by_an_absolute_tolerance(factor):
    right = 1e-6 * np.array([1.0, -2.0, 3.0])
    assert check.gradient(right, lambda x: 1e-6 * float(np.array([1, -2, 3]) @ x), at=np.ones(3))
    verdict = check.gradient(factor * right, lambda x: 1e-6 * float(np.array([1, -2, 3]) @ x), at=np.ones(3))
    assert (verdict.status, verdict.code) == ("wrong", "factor")


def test_a_forgotten_bias_is_not_diluted_by_many_right_weights():
    """One direction through all parameters at once sees a few per cent of it; each array is checked by itself."""

    def f(X, T, Ws, bs):
        run = engine.forward(X, Ws, bs, [engine.tanh, engine.tanh, engine.identity])
        value, dY = engine.half_squared_error.value_and_gradient(run.A[-1], T)
        back = engine.backward(dY, run, Ws, [engine.tanh, engine.tanh, engine.identity])
        return value, back.dWs, [np.zeros_like(b) if k == 1 else b for k, b in enumerate(back.dbs)]

    verdicts = check.backpropagation(f, sizes=(20, 30, 30, 4), N=13)
    assert [verdict.code for verdict in verdicts if not verdict] == ["zero"]


def test_softmax_is_not_hidden_by_an_upstream_gradient_of_ones():
    """The probabilities of a row add up to 1, so a sum of all outputs has the gradient zero whatever the code does."""
    rng = np.random.default_rng(1)
    Z = rng.standard_normal((4, 3))
    P = engine.softmax(Z)
    ones, G = np.ones_like(Z), rng.standard_normal((4, 3))

    def elementwise(G):
        return G * P * (1 - P)

    def forgotten(G):
        return np.zeros_like(G)

    assert check.gradient(forgotten(ones), lambda V: float(engine.softmax(V).sum()), at=Z)
    for rule in (elementwise, forgotten):
        assert not check.gradient(rule(G), lambda V: float(np.sum(G * engine.softmax(V))), at=Z)


def test_a_vanishing_gradient_is_not_rejected_for_its_relative_error():
    """Eight sigmoid layers down the gradient is 1e-8 of what it was; differences see it only to some digits."""
    net = check.probe_network(engine.sigmoid, sizes=(3, *[5] * 8, 2))
    back = engine.loss_and_gradients(net.X, net.T, net.Ws, net.bs, [engine.sigmoid] * 8 + [engine.identity])[1]
    assert 0 < np.abs(back.dWs[0]).max() < 1e-4

    def loss(W):
        return net._replace(Ws=[W, *net.Ws[1:]]).value()

    assert check.gradient(back.dWs[0], loss, at=net.Ws[0], name="dW1")
    assert check.gradient(back.dWs[0] * (1 + 1e-7), loss, at=net.Ws[0], name="dW1")
    assert not check.gradient(-back.dWs[0], loss, at=net.Ws[0], name="dW1")


@pytest.mark.parametrize("f", [np.abs, lambda x: np.sqrt(x * x), lambda x: np.float64(np.linalg.norm(x))])
def test_a_loss_with_abs_or_norm_is_differenced_along_the_real_line(f):
    """A complex step is silently wrong where abs, norm or conj meet the imaginary part."""
    x = np.array([-1.5])
    assert check.gradient([-1.0], lambda x: float(np.sum(f(x))), at=x)
    assert not check.gradient([1.0], lambda x: float(np.sum(f(x))), at=x)


def test_a_wrong_forward_pass_does_not_pass_with_its_own_gradient():
    W = np.array([[1.0, 2.0]])

    def right(W):
        return float((W**2).sum())

    assert check.gradient(2 * W, right, at=W, value=right(W))
    assert check.gradient(2 * W, right, at=W, value=right(W) + 1).code == "value"


def test_a_constant_forward_pass_with_no_gradient_earns_nothing():
    """Each agrees with the other; only a reference tells that both are empty."""

    def f(X, T, Ws, bs):
        return 0.0, [np.zeros_like(W) for W in Ws], [np.zeros_like(b) for b in bs]

    with check.score(12) as s, s.part(12, "backpropagation"):
        check.backpropagation(f)
    assert float(s) == 0
