"""The network: the gradient of its mean loss in every variable against differences, and its flat memory."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import assume, given

from coursekit.engine import (
    MLP,
    ShapeError,
    affine,
    backward,
    cross_entropy_from_logits,
    forward,
    half_squared_error,
    identity,
    loss_and_gradients,
    relu,
    sigmoid,
    softmax,
    tanh,
)

from .strategies import SQUARE, agree, generators, numeric_gradient, quick

WIDTHS = [5, 3, 7, 2, 11]
N = 4
LOSSES = {"half_squared_error": half_squared_error, "cross_entropy": cross_entropy_from_logits}


def network(rng, depth=3, activation=tanh, loss=half_squared_error, dtype=np.float64):
    """A network with random biases, and a batch with targets that are positive and sum to one."""
    net = MLP(WIDTHS[: depth + 1], activation=activation, loss=loss, dtype=dtype).initialize(rng)
    for b in net.bs:
        b[...] = rng.standard_normal(b.shape) / 2
    X = rng.standard_normal((N, WIDTHS[0])).astype(dtype)
    return net, X, rng.dirichlet(np.ones(WIDTHS[depth]), size=N).astype(dtype)


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
@pytest.mark.parametrize("activation", SQUARE.values(), ids=SQUARE)
@pytest.mark.parametrize("depth", [1, 2, 3, 4])
@quick
@given(rng=generators)
def test_the_flat_gradient_agrees_with_differences(depth, activation, loss, rng):
    net, X, Y = network(rng, depth, activation, loss)
    assume(all((np.abs(Z) > 1e-3).all() for Z in net.forward(X).Z))
    theta = net.parameters.flat

    def mean_loss(changed):
        kept = theta.copy()
        theta[:] = changed
        value = loss(net(X), Y)
        theta[:] = kept
        return value

    assert agree(net.loss_and_gradient(X, Y)[1], numeric_gradient(mean_loss, theta.copy()))


@pytest.mark.parametrize("output", [identity, sigmoid, tanh, softmax], ids=lambda f: f.name)
@quick
@given(rng=generators)
def test_the_gradient_in_the_input_agrees_with_differences(output, rng):
    net, X, Y = network(rng)
    activations = [tanh, sigmoid, output]
    gradients = loss_and_gradients(X, Y, net.Ws, net.bs, activations)[1]

    def mean_loss(changed):
        return half_squared_error(forward(changed, net.Ws, net.bs, activations).A[-1], Y)

    assert agree(gradients.dX, numeric_gradient(mean_loss, X))


@quick
@given(generators)
def test_dz_of_a_layer_is_the_gradient_in_its_pre_activation(rng):
    net, X, Y = network(rng)
    run = net.forward(X)
    gradients = loss_and_gradients(X, Y, net.Ws, net.bs, net.activations)[1]

    def loss_from_layer_two(Z):
        return half_squared_error(affine(tanh(Z), net.Ws[2], net.bs[2]), Y)

    assert agree(gradients.dZs[1], numeric_gradient(loss_from_layer_two, run.Z[1]))


def test_forward_remembers_every_array_in_order():
    net, X, _ = network(np.random.default_rng(1), activation=relu)
    run = net.forward(X)
    assert run.A[0] is X
    assert (len(run.Z), len(run.A)) == (3, 4)
    for layer in range(3):
        np.testing.assert_array_equal(run.Z[layer], affine(run.A[layer], net.Ws[layer], net.bs[layer]))
        np.testing.assert_array_equal(run.A[layer + 1], net.activations[layer](run.Z[layer]))


def test_the_last_layer_has_the_output_activation_and_the_others_the_hidden_one():
    assert MLP([2, 3, 5, 2], activation=relu, output=softmax).activations == [relu, relu, softmax]


def test_calling_the_network_gives_its_last_output():
    net, X, _ = network(np.random.default_rng(2))
    np.testing.assert_array_equal(net(X), net.forward(X).A[-1])


def test_the_loss_of_a_network_is_that_of_its_output():
    net, X, Y = network(np.random.default_rng(3), loss=cross_entropy_from_logits)
    assert net.loss_and_gradient(X, Y)[0] == cross_entropy_from_logits(net(X), Y, "mean")


def test_the_plain_functions_and_the_network_agree():
    net, X, Y = network(np.random.default_rng(4))
    value, gradients = loss_and_gradients(X, Y, net.Ws, net.bs, net.activations)
    flat = np.concatenate([g.ravel() for pair in zip(gradients.dWs, gradients.dbs, strict=True) for g in pair])
    assert net.loss_and_gradient(X, Y)[0] == value
    np.testing.assert_array_equal(net.loss_and_gradient(X, Y)[1], flat)


def test_the_gradient_is_the_same_memory_at_every_call():
    net, X, Y = network(np.random.default_rng(5))
    first = net.loss_and_gradient(X, Y)[1]
    kept = first.copy()
    second = net.loss_and_gradient(-X, Y)[1]
    assert second is first is net.gradient.flat
    assert not np.array_equal(first, kept)


def test_a_second_call_does_not_accumulate():
    net, X, Y = network(np.random.default_rng(6))
    first = net.loss_and_gradient(X, Y)[1].copy()
    np.testing.assert_array_equal(net.loss_and_gradient(X, Y)[1], first)


def test_the_named_gradients_are_views_of_the_flat_one():
    net, X, Y = network(np.random.default_rng(7))
    flat = net.loss_and_gradient(X, Y)[1]
    expected = loss_and_gradients(X, Y, net.Ws, net.bs, net.activations)[1]
    assert np.shares_memory(net.gradient["W2"], flat)
    np.testing.assert_array_equal(net.gradient["W2"], expected.dWs[1])
    np.testing.assert_array_equal(net.gradient["b3"], expected.dbs[2])


def test_a_step_on_the_flat_vector_moves_the_weights_and_the_output():
    net, X, _ = network(np.random.default_rng(8))
    before, W = net(X), net.Ws[0]
    old = W.copy()
    net.parameters.flat += 0.5
    np.testing.assert_array_equal(W, old + 0.5)
    assert not np.allclose(net(X), before)


def test_both_passes_fill_and_return_the_memory_of_another():
    net, X, Y = network(np.random.default_rng(9))
    run = net.forward(X)
    dY = half_squared_error.gradient(run.A[-1], Y)
    fresh = backward(dY, run, net.Ws, net.activations)
    memory = forward(X, net.Ws, net.bs, net.activations)
    buffers = backward(dY, run, net.Ws, net.activations)
    for array in [*memory.Z, *memory.A[1:], *buffers.dWs, *buffers.dbs, *buffers.dZs, *buffers.dAs[:-1]]:
        array[...] = np.nan
    again = forward(X, net.Ws, net.bs, net.activations, out=memory)
    got = backward(dY, again, net.Ws, net.activations, out=buffers)
    for written, kept, right in (
        (again.Z, memory.Z, run.Z),
        (again.A, memory.A, run.A),
        (got.dWs, buffers.dWs, fresh.dWs),
        (got.dbs, buffers.dbs, fresh.dbs),
        (got.dZs, buffers.dZs, fresh.dZs),
        (got.dAs, buffers.dAs, fresh.dAs),
    ):
        assert all(one is other for one, other in zip(written, kept, strict=True))
        for one, other in zip(written, right, strict=True):
            np.testing.assert_array_equal(one, other)


def test_the_gradient_of_the_input_is_left_out_on_request():
    net, X, Y = network(np.random.default_rng(9))
    run = net.forward(X)
    dY = half_squared_error.gradient(run.A[-1], Y)
    with_it = backward(dY, run, net.Ws, net.activations)
    without = backward(dY, run, net.Ws, net.activations, input_gradient=False)
    assert without.dX is None
    assert with_it.dX.shape == X.shape
    for one, other in zip(without.dWs, with_it.dWs, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_step_allocates_nothing_of_the_batch_after_the_second():
    net = MLP([64, 100, 100, 10], activation=relu, loss=LOSSES["cross_entropy"], dtype=np.float32)
    net.initialize(np.random.default_rng(0))
    X = np.random.default_rng(1).standard_normal((256, 64)).astype(np.float32)
    Y = np.eye(10, dtype=np.float32)[np.arange(256) % 10]
    for _ in range(2):
        net.loss_and_gradient(X, Y)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    net.loss_and_gradient(X, Y)
    grown = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    assert grown < 64_000


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_value_and_gradient_together_are_those_alone(loss):
    net, X, Y = network(np.random.default_rng(14), loss=loss)
    prediction = net(X) * 100
    for reduction in ("mean", "sum", "mean_entries"):
        value, gradient = loss.value_and_gradient(prediction, Y, reduction)
        np.testing.assert_allclose(value, loss(prediction, Y, reduction), rtol=1e-12)
        np.testing.assert_allclose(gradient, loss.gradient(prediction, Y, reduction), rtol=1e-12, atol=1e-14)


def test_neither_pass_changes_inputs_targets_or_parameters():
    net, X, Y = network(np.random.default_rng(10))
    before = X.copy(), Y.copy(), net.parameters.flat.copy()
    net.loss_and_gradient(X, Y)
    for array, copy in zip((X, Y, net.parameters.flat), before, strict=True):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize("activation", SQUARE.values(), ids=SQUARE)
@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_a_float32_network_stays_float32(activation, loss):
    net, X, Y = network(np.random.default_rng(11), activation=activation, loss=loss, dtype=np.float32)
    run = net.forward(X)
    gradients = loss_and_gradients(X, Y, net.Ws, net.bs, net.activations, loss)[1]
    arrays = [*run.Z, *run.A, *gradients.dWs, *gradients.dbs, *gradients.dZs, gradients.dX]
    assert {a.dtype for a in [*arrays, net.loss_and_gradient(X, Y)[1]]} == {np.dtype(np.float32)}


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_a_float32_network_takes_targets_of_any_dtype(loss):
    net, X, Y = network(np.random.default_rng(12), loss=loss, dtype=np.float32)
    expected = net.loss_and_gradient(X, Y)[1].copy()
    np.testing.assert_allclose(net.loss_and_gradient(X, Y.astype(np.float64))[1], expected, rtol=1e-6)


def test_weights_are_drawn_with_variance_one_over_fan_in_and_biases_are_zero():
    net = MLP([400, 100, 300])
    net.parameters.flat[:] = 9
    assert net.initialize(np.random.default_rng(13)) is net
    assert [W.std() * np.sqrt(W.shape[1]) for W in net.Ws] == pytest.approx([1, 1], rel=0.02)
    assert not any(b.any() for b in net.bs)


def test_the_same_generator_draws_the_same_network():
    draws = [MLP([2, 3, 5]).initialize(np.random.default_rng(14)).parameters.flat for _ in range(2)]
    np.testing.assert_array_equal(*draws)


def test_a_network_counts_its_layers():
    net = MLP([2, 3, 5])
    assert net.L == 2
    assert [W.shape for W in net.Ws] == [(3, 2), (5, 3)]
    assert [b.shape for b in net.bs] == [(3,), (5,)]


def test_parameters_start_at_zero():
    assert not MLP([2, 3, 5]).parameters.flat.any()


SMALL = MLP([2, 3, 5])
BATCH = np.ones((4, 2))
MISFITS = {
    "a single sample": (lambda: SMALL(np.ones(2)), ["X", "(N, D)", "(2,)"]),
    "a batch of another width": (lambda: SMALL(np.ones((4, 3))), ["(4, 3)", "(3, 2)"]),
    "targets of another width": (
        lambda: SMALL.loss_and_gradient(np.ones((4, 2)), np.ones((4, 1))),
        ["(4, 5)", "(4, 1)"],
    ),
    "a width of zero": (lambda: MLP([2, 0, 5]), ["[2, 0, 5]"]),
    "a missing bias": (lambda: forward(BATCH, SMALL.Ws, SMALL.bs[:1], [tanh, tanh]), ["2", "1"]),
    "a missing activation": (lambda: forward(BATCH, SMALL.Ws, SMALL.bs, [tanh]), ["2", "1"]),
}


@pytest.mark.parametrize(("call", "words"), MISFITS.values(), ids=MISFITS)
def test_a_misfit_is_a_shape_error_that_names_both_sides(call, words):
    with pytest.raises(ShapeError) as caught:
        call()
    assert [word for word in words if word not in str(caught.value)] == []


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_a_float32_network_takes_inputs_of_any_dtype(loss):
    net, X, Y = network(np.random.default_rng(13), loss=loss, dtype=np.float32)
    expected = net.loss_and_gradient(X, Y)[1].copy()
    np.testing.assert_array_equal(net.loss_and_gradient(X.astype(np.float64), Y)[1], expected)
