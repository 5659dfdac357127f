"""The mathematics of the slides: maps with their derivative rules, layers, losses, networks and their training.

Batches are rows, a weight matrix has the shape (out, in), and every gradient has the shape of its variable.
Read in this order: ``maps`` (what a differentiable map is), ``activations``, ``layers``, ``losses``, ``mlp`` and
``params``; then ``chain`` with ``modes`` and ``counts`` (both ways of multiplying Jacobians and what they cost),
``influence`` and ``scalar_chain`` (the chain rule by hand); ``units`` and ``dropout``; and for training ``data``,
``scaling``, ``initializers``, ``optimizers``, ``schedules``, ``penalties``, ``training``, ``minimize`` and
``cross_validation``.
"""

from coursekit.engine.activations import (
    gelu,
    heaviside,
    identity,
    leaky_relu,
    log_softmax,
    maximum,
    relu,
    sigmoid,
    softmax,
    softplus,
    tanh,
)
from coursekit.engine.chain import compose, jacobian, jvp, trace, vjp
from coursekit.engine.counts import multiply_adds, n_neurons, n_parameters, n_passes
from coursekit.engine.cross_validation import PenaltyChoice, choose_penalty, folds
from coursekit.engine.data import digits, disc, noisy_sine, one_hot, spirals, two_moons, xor
from coursekit.engine.dropout import dropout, dropout_vjp
from coursekit.engine.errors import ShapeError
from coursekit.engine.influence import Edge, InfluenceGraph, path_derivative, paths, total_derivative, total_derivatives
from coursekit.engine.initializers import he, lecun, small_normal, xavier, zeros
from coursekit.engine.layers import (
    affine,
    affine_augmented,
    affine_jacobian_parameters,
    affine_jvp,
    affine_map,
    affine_vjp,
    affine_vjp_parameters,
    augment,
)
from coursekit.engine.losses import (
    Loss,
    absolute_error,
    cross_entropy,
    cross_entropy_from_logits,
    half_squared_error,
    huber,
    log_sum_exp,
    loss_factor,
    squared_error,
)
from coursekit.engine.maps import Map, elementwise
from coursekit.engine.minimize import Minimum, minimize
from coursekit.engine.mlp import MLP, Gradients, Pass, backward, forward, loss_and_gradients
from coursekit.engine.optimizers import Optimizer, adam, adamw, gradient_descent, momentum, nesterov, rmsprop, sgd
from coursekit.engine.parameter_jacobians import ParameterJacobian, jacobian_parameters
from coursekit.engine.params import Parameters, mlp_shapes
from coursekit.engine.penalties import Penalty, l1, l2, soft_threshold
from coursekit.engine.scalar_chain import (
    local_derivatives,
    n_local_derivatives,
    scalar_backward,
    scalar_forward,
    weight_factors,
)
from coursekit.engine.scaling import Standardizer, standardize
from coursekit.engine.schedules import Schedule, c_over_r, constant, cosine, one_over_r, step_decay, warm_up
from coursekit.engine.training import Divergence, History, fit, minibatches
from coursekit.engine.units import max_units, product_units

__all__ = [
    "MLP",
    "Divergence",
    "Edge",
    "Gradients",
    "History",
    "InfluenceGraph",
    "Loss",
    "Map",
    "Minimum",
    "Optimizer",
    "ParameterJacobian",
    "Parameters",
    "Pass",
    "Penalty",
    "PenaltyChoice",
    "Schedule",
    "ShapeError",
    "Standardizer",
    "absolute_error",
    "adam",
    "adamw",
    "affine",
    "affine_augmented",
    "affine_jacobian_parameters",
    "affine_jvp",
    "affine_map",
    "affine_vjp",
    "affine_vjp_parameters",
    "augment",
    "backward",
    "c_over_r",
    "choose_penalty",
    "compose",
    "constant",
    "cosine",
    "cross_entropy",
    "cross_entropy_from_logits",
    "digits",
    "disc",
    "dropout",
    "dropout_vjp",
    "elementwise",
    "fit",
    "folds",
    "forward",
    "gelu",
    "gradient_descent",
    "half_squared_error",
    "he",
    "heaviside",
    "huber",
    "identity",
    "jacobian",
    "jacobian_parameters",
    "jvp",
    "l1",
    "l2",
    "leaky_relu",
    "lecun",
    "local_derivatives",
    "log_softmax",
    "log_sum_exp",
    "loss_and_gradients",
    "loss_factor",
    "max_units",
    "maximum",
    "minibatches",
    "minimize",
    "mlp_shapes",
    "momentum",
    "multiply_adds",
    "n_local_derivatives",
    "n_neurons",
    "n_parameters",
    "n_passes",
    "nesterov",
    "noisy_sine",
    "one_hot",
    "one_over_r",
    "path_derivative",
    "paths",
    "product_units",
    "relu",
    "rmsprop",
    "scalar_backward",
    "scalar_forward",
    "sgd",
    "sigmoid",
    "small_normal",
    "soft_threshold",
    "softmax",
    "softplus",
    "spirals",
    "squared_error",
    "standardize",
    "step_decay",
    "tanh",
    "total_derivative",
    "total_derivatives",
    "trace",
    "two_moons",
    "vjp",
    "warm_up",
    "weight_factors",
    "xavier",
    "xor",
    "zeros",
]
