"""The mathematics of the slides: maps with their derivative rules, layers, losses, networks and their training.

Batches are rows, a weight matrix has the shape (out, in), and every gradient has the shape of its variable.
Read in this order: ``maps`` (what a differentiable map is), ``activations``, ``layers``, ``losses``, ``mlp`` and
``params``; then ``chain`` with ``modes`` and ``counts`` (both ways of multiplying Jacobians and what they cost),
``influence`` and ``scalar_chain`` (the chain rule by hand), ``units``, ``dropout``, ``scaling`` and ``training``.
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
from coursekit.engine.dropout import dropout, dropout_vjp
from coursekit.engine.errors import ShapeError
from coursekit.engine.influence import Edge, InfluenceGraph, path_derivative, paths, total_derivative, total_derivatives
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
from coursekit.engine.mlp import MLP, Gradients, Pass, backward, forward, loss_and_gradients
from coursekit.engine.parameter_jacobians import ParameterJacobian, jacobian_parameters
from coursekit.engine.params import Parameters, mlp_shapes
from coursekit.engine.scalar_chain import (
    local_derivatives,
    n_local_derivatives,
    scalar_backward,
    scalar_forward,
    weight_factors,
)
from coursekit.engine.scaling import Standardizer, standardize
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
    "ParameterJacobian",
    "Parameters",
    "Pass",
    "ShapeError",
    "Standardizer",
    "absolute_error",
    "affine",
    "affine_augmented",
    "affine_jacobian_parameters",
    "affine_jvp",
    "affine_map",
    "affine_vjp",
    "affine_vjp_parameters",
    "augment",
    "backward",
    "compose",
    "cross_entropy",
    "cross_entropy_from_logits",
    "dropout",
    "dropout_vjp",
    "elementwise",
    "fit",
    "forward",
    "gelu",
    "half_squared_error",
    "heaviside",
    "huber",
    "identity",
    "jacobian",
    "jacobian_parameters",
    "jvp",
    "leaky_relu",
    "local_derivatives",
    "log_softmax",
    "log_sum_exp",
    "loss_and_gradients",
    "loss_factor",
    "max_units",
    "maximum",
    "minibatches",
    "mlp_shapes",
    "multiply_adds",
    "n_local_derivatives",
    "n_neurons",
    "n_parameters",
    "n_passes",
    "path_derivative",
    "paths",
    "product_units",
    "relu",
    "scalar_backward",
    "scalar_forward",
    "sigmoid",
    "softmax",
    "softplus",
    "squared_error",
    "standardize",
    "tanh",
    "total_derivative",
    "total_derivatives",
    "trace",
    "vjp",
    "weight_factors",
]
