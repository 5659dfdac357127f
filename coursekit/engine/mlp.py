"""The multilayer perceptron: a forward pass that remembers, and a backward pass that reads it in reverse::

    Z[l] = A[l-1] W[l]^T + b[l]         dZ[l] = dA[l] * phi'(Z[l])
    A[l] = phi_l(Z[l])                  dW[l] = dZ[l]^T A[l-1],   db[l] = column sums of dZ[l]
                                        dA[l-1] = dZ[l] W[l]

Lists are 0-based: ``Ws[l-1]`` is W of layer l. The list of activations has one entry more, ``A[0]`` is X.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from coursekit.engine.activations import identity, tanh
from coursekit.engine.arrays import Array, require_batch
from coursekit.engine.errors import ShapeError
from coursekit.engine.initializers import Initializer, lecun
from coursekit.engine.layers import affine, affine_vjp_parameters
from coursekit.engine.losses import Loss, half_squared_error
from coursekit.engine.maps import Map
from coursekit.engine.params import Parameters, mlp_shapes


class Pass(NamedTuple):
    """A remembered forward pass: Z[0..L-1] are the pre-activations of layers 1..L, A[0] = X, A[1..L] the outputs."""

    Z: list[Array]
    A: list[Array]


class Gradients(NamedTuple):
    """Gradients of the batch loss, each in the shape of its variable; dZs[l-1] and dAs[l-1] belong to layer l.

    dX is None where it was not asked for.
    """

    dWs: list[Array]
    dbs: list[Array]
    dX: Array | None
    dZs: list[Array]
    dAs: list[Array]


def forward(
    X: Array, Ws: Sequence[Array], bs: Sequence[Array], activations: Sequence[Map], *, out: Pass | None = None
) -> Pass:
    """Run the network and remember every array on the way.

    X (N, n_0), Ws[l-1] (n_l, n_{l-1}), bs[l-1] (n_l,), one activation per layer -> Pass; ``out`` is a pass of the same
    shapes, whose arrays are written to and which is returned. Raises ShapeError naming both shapes.
    Source: CSC561-A6, CEE616-U2.
    """
    L = len(Ws)
    if not L == len(bs) == len(activations):
        raise ShapeError(
            f"a network of {L} weight matrices needs as many biases and activations, "
            f"but got {len(bs)} and {len(activations)}"
        )
    run = out or Pass(_unwritten(L), _unwritten(L + 1))
    Z, A = run
    A[0] = X
    for layer in range(L):
        Z[layer] = affine(A[layer], Ws[layer], bs[layer], out=Z[layer])
        A[layer + 1] = activations[layer].fn(Z[layer], out=A[layer + 1])
    return run


def backward(
    dY: Array,
    run: Pass,
    Ws: Sequence[Array],
    activations: Sequence[Map],
    *,
    out: Gradients | None = None,
    input_gradient: bool = True,
) -> Gradients:
    """Send the gradient of the loss down through a remembered forward pass.

    dY (N, n_L), gradient with respect to the network's output A[L]; ``out`` holds gradients of the same shapes, whose
    arrays are written to, dX excepted. Without ``input_gradient`` dX is not computed, which saves the largest product
    of many networks. Nothing is averaged here: the 1/N is in dY.
    Source: CEE616-A1, EECS545-A2, CSC561-E51, CSC561-E52, CSC561-E53, CSC561-E54.
    """
    L = len(Ws)
    if not L == len(run.Z) == len(activations):
        raise ShapeError(
            f"a network of {L} weight matrices needs as many remembered layers and activations, "
            f"but got {len(run.Z)} and {len(activations)}"
        )
    Z, A = run
    dWs, dbs, _, dZs, dAs = out or Gradients(_unwritten(L), _unwritten(L), None, _unwritten(L), _unwritten(L))
    dAs[-1] = dY
    for layer in reversed(range(L)):
        dZs[layer] = activations[layer].vjp(dAs[layer], Z[layer], A[layer + 1], out=dZs[layer])
        dWs[layer], dbs[layer] = affine_vjp_parameters(dZs[layer], A[layer], dW=dWs[layer], db=dbs[layer])
        if layer:
            dAs[layer - 1] = dZs[layer].dot(Ws[layer], out=dAs[layer - 1])
    dX = dZs[0].dot(Ws[0]) if input_gradient else None
    return Gradients(dWs, dbs, dX, dZs, dAs)


def loss_and_gradients(
    X: Array,
    Y: Array,
    Ws: Sequence[Array],
    bs: Sequence[Array],
    activations: Sequence[Map],
    loss: Loss = half_squared_error,
) -> tuple[float, Gradients]:
    """The mean loss of a batch and all its gradients: forward, loss, backward.

    X (N, n_0), Y (N, n_L) -> (float, Gradients). Raises ShapeError naming both shapes. Source: CEE616-A1.
    """
    run = forward(X, Ws, bs, activations)
    value, dY = loss.value_and_gradient(run.A[-1], Y)
    return value, backward(dY, run, Ws, activations)


def _unwritten(n: int) -> list[Any]:
    """Places for n arrays."""
    return [None] * n


class MLP:
    """A network of given widths: its parameters in one flat vector, and the two passes over it.

    ``sizes`` [n_0, ..., n_L]; ``activation`` for the hidden layers, ``output`` for the last; ``loss`` takes the
    network's output, so a classifier keeps ``output=identity`` and a loss from logits. Parameters start at zero:
    write to ``net.parameters.flat`` or draw them with ``initialize``. Raises ShapeError for widths below 1.
    Source: CEE616-F1, CEE616-E15.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        *,
        activation: Map = tanh,
        output: Map = identity,
        loss: Loss = half_squared_error,
        dtype: DTypeLike = np.float64,
    ) -> None:
        self.sizes = list(sizes)
        self.loss = loss
        self.parameters = Parameters(mlp_shapes(sizes), dtype=dtype)
        self.dtype = self.parameters.flat.dtype
        self.gradient = Parameters(mlp_shapes(sizes), dtype=dtype)
        self.activations = [activation] * (self.L - 1) + [output]
        self.Ws, self.bs = _layers(self.parameters, self.L)
        self._memory: tuple[Pass, Gradients] | None = None

    @property
    def L(self) -> int:
        """The number of weight layers."""
        return len(self.sizes) - 1

    def initialize(self, rng: np.random.Generator, initializer: Initializer = lecun) -> "MLP":
        """Draw the parameters, by default weights from N(0, 1/fan_in) and biases 0; returns the network itself."""
        initializer(self.parameters, rng)
        return self

    def forward(self, X: Array) -> Pass:
        """The remembered forward pass of a batch X (N, n_0), taken in the network's own dtype.

        Raises ShapeError naming both shapes.
        """
        return forward(self._batch(X), self.Ws, self.bs, self.activations)

    def __call__(self, X: Array) -> Array:
        """The output A[L] (N, n_L) of a batch X (N, n_0)."""
        return self.forward(X).A[-1]

    def loss_and_gradient(self, X: Array, Y: Array) -> tuple[float, Array]:
        """The mean loss of a batch and its gradient as one flat vector, the same memory at every call.

        X (N, n_0), Y (N, n_L) -> (float, (P,)). Named views of the gradient are in ``net.gradient``. Batches of one
        size share their memory, so that a step allocates nothing of a batch's size.
        """
        X = self._batch(X)
        memory, gradients = self._memory_for(len(X))
        run = forward(X, self.Ws, self.bs, self.activations, out=memory)
        value, dY = self.loss.value_and_gradient(run.A[-1], Y, out=gradients.dAs[-1])
        backward(dY, run, self.Ws, self.activations, out=gradients, input_gradient=False)
        return value, self.gradient.flat

    def _batch(self, X: Array) -> Array:
        require_batch("X", X)
        return X if X.dtype == self.dtype else X.astype(self.dtype)

    def _memory_for(self, N: int) -> tuple[Pass, Gradients]:
        """The arrays of the last batch if it had N samples, new ones otherwise."""
        if self._memory is None or len(self._memory[0].Z[0]) != N:

            def batches(widths: Sequence[int]) -> list[Array]:
                return [np.empty((N, width), self.dtype) for width in widths]

            outputs = self.sizes[1:]
            dWs, dbs = _layers(self.gradient, self.L)
            run = Pass(batches(outputs), [*_unwritten(1), *batches(outputs)])
            self._memory = run, Gradients(dWs, dbs, None, batches(outputs), batches(outputs))
        return self._memory


def _layers(parameters: Parameters, L: int) -> tuple[list[Array], list[Array]]:
    """Views of the weight matrices and of the biases, layer 1 first."""
    layers = range(1, L + 1)
    return [parameters[f"W{layer}"] for layer in layers], [parameters[f"b{layer}"] for layer in layers]
