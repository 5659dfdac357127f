# %% [markdown] fails={"test_operations": "tied_maximum"}
# Gives the whole slope to every entry that ties for the first place.

# %% grade_id="operations"
def sigmoid(a):
    """The sigmoid of a node, entry by entry."""
    A = 1 / (1 + np.exp(-a.value))
    return Node(A, (a,), (lambda G: G * A * (1 - A),))


def tanh(a):
    """The hyperbolic tangent of a node, entry by entry."""
    A = np.tanh(a.value)
    return Node(A, (a,), (lambda G: G * (1 - A**2),))


def relu(a):
    """The larger of each entry of a node and 0."""
    return Node(np.maximum(a.value, 0), (a,), (lambda G: G * (a.value > 0),))


def exp(a):
    """The exponential of a node, entry by entry."""
    A = np.exp(a.value)
    return Node(A, (a,), (lambda G: G * A,))


def log(a):
    """The natural logarithm of a node with positive entries, entry by entry."""
    return Node(np.log(a.value), (a,), (lambda G: G / a.value,))


def softmax(a):
    """The softmax of each row of a node (N, K); logits between -1000 and 1000."""
    E = np.exp(a.value - a.value.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    return Node(P, (a,), (lambda G: P * (G - (G * P).sum(axis=1, keepdims=True)),))


def row_max(a):
    largest = a.value.max(axis=1, keepdims=True)
    return Node(largest, (a,), (lambda G: G * (a.value == largest),))


def row_product(a):
    """The product of the entries of each row of a node (N, D), as a node (N, 1)."""
    others = [np.delete(a.value, d, axis=1).prod(axis=1) for d in range(a.value.shape[1])]
    return Node(a.value.prod(axis=1, keepdims=True), (a,), (lambda G: G * np.stack(others, axis=1),))
