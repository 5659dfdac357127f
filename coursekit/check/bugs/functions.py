"""What known mistakes make of the backward rule of a single function, on the very data of the check.

Each function returns wrong answers by the code of their bug, as arrays in the shape of the right one. What every array
can suffer, a factor, a sign, a transpose, is recognised without them.
"""

import numpy as np

from coursekit.engine import Map, softmax
from coursekit.engine.arrays import Array

Wrong = dict[str, Array]


def affine(G: Array, X: Array, W: Array) -> dict[str, Wrong]:
    """Wrong dX, dW and db of Z = X W^T + b.  G (N, M), X (N, D), W (M, D)."""
    square = {"weights_transposed": G.dot(W.T)} if W.shape[0] == W.shape[1] else {}
    return {
        "dX": square,
        "dW": {"one_sample": np.outer(G[-1], X[-1]), "reshaped": G.T.dot(X).T.reshape(W.shape)},
        "db": {"bias_mean": G.mean(axis=0), "one_sample": G[-1].copy()},
    }


def activation(G: Array, Z: Array, phi: Map) -> Wrong:
    """Wrong dZ of A = phi(Z).  G (N, M), Z (N, M), phi elementwise."""
    A = phi.fn(Z)
    right = phi.vjp(np.ones_like(G), Z, A)
    found = {
        "derivative_dropped": G,
        "upstream_forgotten": right,
        "forward_returned": A,
        "derivative_at_activation": phi.vjp(G, A, phi.fn(A)),
        "derivative_twice": G * right**2,
        "derivative_of_z": G * {"tanh": 1 - Z * Z, "sigmoid": Z * (1 - Z)}.get(phi.name, Z),
        "outer_for_elementwise": G * right.sum(axis=1, keepdims=True),
        "derivative_formula": G * {"tanh": A * (1 - A), "sigmoid": 1 - A * A}.get(phi.name, A),
    }
    if phi.name == "relu":
        found["relu_mask_of_gradient"] = np.maximum(G, 0)
    return found


def softmax_layer(G: Array, P: Array) -> Wrong:
    """Wrong dZ of P = softmax(Z).  G (N, K), P (N, K)."""
    return {
        "derivative_dropped": G,
        "softmax_sum_missing": G * P,
        "softmax_diagonal": G * P * (1 - P),
        "softmax_sum_unweighted": P * (G - G.sum(axis=1, keepdims=True)),
        "softmax_total": P * (G - np.sum(G * P)),
        "softmax_axis": P * (G - (G * P).sum(axis=0, keepdims=True)),
        "forward_returned": P,
    }


def half_squared_error(Y: Array, T: Array) -> Wrong:
    """Wrong dY of the mean half squared error.  Y (N, K), T (N, K)."""
    return {"target_forgotten": Y / len(Y)}


def cross_entropy(Z: Array, T: Array) -> Wrong:
    """Wrong dZ of the mean cross-entropy of softmax(Z) with targets T.  Z (N, K), T (N, K)."""
    N, P = len(Z), softmax.fn(Z)
    found = {"target_forgotten": P / N, "output_derivative": softmax.vjp((P - T) / N, Z, P)}
    if (P > 0).all():
        found["probability_gradient"] = -T / P / N
        found["softmax_diagonal"] = -T * (1 - P) / N
    return found
