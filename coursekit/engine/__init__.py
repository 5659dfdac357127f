"""The mathematics of the slides: maps with their derivative rules, layers, losses, networks.

Batches are rows, a weight matrix has the shape (out, in), and every gradient has the shape of its variable.
Start with ``maps`` (what a differentiable map is), then ``activations``, ``layers``, ``losses``, ``chain``,
``params`` and ``mlp``.
"""

from coursekit.engine.activations import identity, relu, sigmoid, softmax, tanh
from coursekit.engine.chain import compose, jacobian
from coursekit.engine.errors import ShapeError
from coursekit.engine.layers import affine, affine_jacobian_parameters, affine_jvp, affine_map, affine_vjp
from coursekit.engine.losses import Loss, cross_entropy_from_logits, half_squared_error
from coursekit.engine.maps import Map, elementwise
from coursekit.engine.mlp import MLP, Gradients, Pass, backward, forward, loss_and_gradients
from coursekit.engine.params import Parameters, mlp_shapes

__all__ = [
    "MLP",
    "Gradients",
    "Loss",
    "Map",
    "Parameters",
    "Pass",
    "ShapeError",
    "affine",
    "affine_jacobian_parameters",
    "affine_jvp",
    "affine_map",
    "affine_vjp",
    "backward",
    "compose",
    "cross_entropy_from_logits",
    "elementwise",
    "forward",
    "half_squared_error",
    "identity",
    "jacobian",
    "loss_and_gradients",
    "mlp_shapes",
    "relu",
    "sigmoid",
    "softmax",
    "tanh",
]
