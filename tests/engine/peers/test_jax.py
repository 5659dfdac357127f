"""Gradients and Jacobians against jax, in float64."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from coursekit.engine import affine_map, gelu, jacobian, softmax, tanh

from ..networks import DELTA, SEEDS, SLOPE, assert_gradients_agree, random_case

jax.config.update("jax_enable_x64", True)

ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "identity": lambda z: z,
    "sigmoid": jax.nn.sigmoid,
    "tanh": jnp.tanh,
    "relu": jax.nn.relu,
    "leaky_relu": lambda z: jax.nn.leaky_relu(z, SLOPE),
    "softplus": jax.nn.softplus,
    "gelu": jax.nn.gelu,
    "softmax": jax.nn.softmax,
    "log_softmax": jax.nn.log_softmax,
}
LOSSES: dict[str, Callable[[Any, Any], Any]] = {
    "half_squared_error": lambda y, t: jnp.sum((y - t) ** 2) / 2 / len(t),
    "squared_error": lambda y, t: jnp.sum((y - t) ** 2) / len(t),
    "absolute_error": lambda y, t: jnp.sum(jnp.abs(y - t)) / len(t),
    "huber": lambda y, t: (
        jnp.sum(jnp.where(jnp.abs(y - t) < DELTA, (y - t) ** 2 / 2, DELTA * (jnp.abs(y - t) - DELTA / 2))) / len(t)
    ),
    "cross_entropy_from_logits": lambda y, t: -jnp.sum(t * jax.nn.log_softmax(y)) / len(t),
    "cross_entropy": lambda y, t: -jnp.sum(t * jnp.log(y)) / len(t),
}


@pytest.mark.parametrize("seed", SEEDS)
def test_all_gradients_of_a_random_network(seed: int) -> None:
    case = random_case(seed)

    def network(Ws: list[Any], bs: list[Any], X: Any) -> Any:
        A = X
        for W, b, f in zip(Ws, bs, case.activations, strict=True):
            A = ACTIVATIONS[f.name](A @ W.T + b)
        return LOSSES[case.loss.name](A, case.T)

    value, (dWs, dbs, dX) = jax.value_and_grad(network, argnums=(0, 1, 2))(case.Ws, case.bs, case.X)
    assert_gradients_agree(case, float(value), dWs, dbs, dX)


@pytest.mark.parametrize("mode", ["forward", "reverse", "auto"])
def test_the_jacobian_of_a_chain(mode: Any) -> None:
    rng = np.random.default_rng(0)
    W, V, X = rng.standard_normal((7, 5)), rng.standard_normal((3, 7)), rng.standard_normal((4, 5))

    def chain(x: Any) -> Any:
        return jax.nn.softmax(V @ jnp.tanh(W @ jax.nn.gelu(x)))

    expected = jax.vmap(jax.jacrev(chain))(X)
    maps = (gelu, affine_map(W), tanh, affine_map(V), softmax)
    np.testing.assert_allclose(jacobian(maps, X, mode), expected, rtol=1e-10, atol=1e-12)
