"""Gradients and optimizers against torch, in float64."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from coursekit.engine import adam, adamw, gradient_descent, momentum, nesterov, rmsprop

from ..networks import DELTA, SEEDS, SLOPE, assert_gradients_agree, random_case

ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "identity": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": lambda z: F.leaky_relu(z, SLOPE),
    # By default torch replaces softplus by the identity above 20, which is off by 2e-9 there.
    "softplus": lambda z: F.softplus(z, threshold=100),
    "gelu": lambda z: F.gelu(z, approximate="tanh"),
    "softmax": lambda z: torch.softmax(z, dim=1),
    "log_softmax": lambda z: torch.log_softmax(z, dim=1),
}
LOSSES: dict[str, Callable[[Any, Any], Any]] = {
    "half_squared_error": lambda y, t: F.mse_loss(y, t, reduction="sum") / 2 / len(t),
    "squared_error": lambda y, t: F.mse_loss(y, t, reduction="sum") / len(t),
    "absolute_error": lambda y, t: F.l1_loss(y, t, reduction="sum") / len(t),
    "huber": lambda y, t: F.huber_loss(y, t, reduction="sum", delta=DELTA) / len(t),
    "cross_entropy_from_logits": F.cross_entropy,
    "cross_entropy": lambda y, t: -(t * torch.log(y)).sum() / len(t),
}


def _variables(arrays: list[np.ndarray]) -> list[torch.Tensor]:
    return [torch.tensor(array, requires_grad=True) for array in arrays]


@pytest.mark.parametrize("seed", SEEDS)
def test_all_gradients_of_a_random_network(seed: int) -> None:
    case = random_case(seed)
    Ws, bs, (X,) = (_variables(arrays) for arrays in (case.Ws, case.bs, [case.X]))
    A = X
    for W, b, f in zip(Ws, bs, case.activations, strict=True):
        A = ACTIVATIONS[f.name](F.linear(A, W, b))
    loss = LOSSES[case.loss.name](A, torch.tensor(case.T))
    loss.backward()
    dWs, dbs, (dX,) = ([variable.grad.numpy() for variable in variables] for variables in (Ws, bs, [X]))
    assert_gradients_agree(case, loss.item(), dWs, dbs, dX)


OPTIMIZERS = {
    "gradient descent": (gradient_descent, torch.optim.SGD, {}),
    "momentum": (momentum(0.9), torch.optim.SGD, {"momentum": 0.9}),
    "nesterov": (nesterov(0.9), torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    "rmsprop": (rmsprop(), torch.optim.RMSprop, {}),
    "adam": (adam(), torch.optim.Adam, {}),
    "adamw": (adamw(), torch.optim.AdamW, {}),
}


@pytest.mark.parametrize(("ours", "theirs", "options"), OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_fifty_steps_of_an_optimizer(ours: Any, theirs: Any, options: dict[str, Any]) -> None:
    rng = np.random.default_rng(0)
    theta = rng.standard_normal(20)
    variable = torch.tensor(theta.copy(), requires_grad=True)
    optimizer, state = theirs([variable], lr=0.01, **options), ours.init(theta)
    for gradient in rng.standard_normal((50, 20)):
        state = ours.update(theta, gradient, state, 0.01)
        variable.grad = torch.tensor(gradient)
        optimizer.step()
    np.testing.assert_allclose(theta, variable.detach().numpy(), rtol=1e-12, atol=1e-12)
