# %% [markdown] fails={"test_node": null}
# Divides by the denominator once where its derivative has the square.

# %% grade_id="node"
def undo_broadcast(G, shape):
    """Add G up over the axes along which numpy repeated an array of this shape.

    G: array; shape: a tuple that broadcasts to G.shape. Returns an array of that shape.
    """
    G = G.sum(axis=tuple(range(G.ndim - len(shape))))
    return G.sum(axis=tuple(axis for axis, length in enumerate(shape) if length == 1), keepdims=True)


class Node:
    """A value that remembers how it was made.

    value: an array, or a number, which is kept with shape (1,); parents: the nodes it was computed from; vjps: for each
    parent a function from the gradient of this node to the contribution to that parent, in the shape of its value.
    grad has the shape of value and is zero until exercise 3 fills it.
    """

    __array_ufunc__ = None  # an array to the left of a node leaves the work to the node

    def __init__(self, value, parents=(), vjps=()):
        self.value = np.array(value, dtype=float, ndmin=1)
        self.parents, self.vjps = tuple(parents), tuple(vjps)
        self.grad = np.zeros(self.value.shape)

    @property
    def T(self):
        """Rows and columns exchanged."""
        return Node(self.value.T, (self,), (lambda G: G.T,))

    def sum(self):
        """The sum of all entries, with shape (1,)."""
        return Node(self.value.sum(), (self,), (lambda G: G * np.ones_like(self.value),))

    def __add__(self, other):
        """This node + other, with broadcasting."""
        other = as_node(other)
        vjps = (lambda G: undo_broadcast(G, self.value.shape), lambda G: undo_broadcast(G, other.value.shape))
        return Node(self.value + other.value, (self, other), vjps)

    def __mul__(self, other):
        """This node * other, entry by entry, with broadcasting."""
        other = as_node(other)
        vjps = (
            lambda G: undo_broadcast(G * other.value, self.value.shape),
            lambda G: undo_broadcast(G * self.value, other.value.shape),
        )
        return Node(self.value * other.value, (self, other), vjps)

    def __matmul__(self, other):
        """This node (N, D) @ other (D, M)."""
        other = as_node(other)
        vjps = (lambda G: G @ other.value.T, lambda G: self.value.T @ G)
        return Node(self.value @ other.value, (self, other), vjps)

    def __sub__(self, other):
        """This node - other, with broadcasting."""
        return self + as_node(other) * -1.0

    def __truediv__(self, other):
        """This node / other, entry by entry, with broadcasting."""
        other = as_node(other)
        quotient = self.value / other.value
        vjps = (
            lambda G: undo_broadcast(G / other.value, self.value.shape),
            lambda G: undo_broadcast(-G * quotient, other.value.shape),
        )
        return Node(quotient, (self, other), vjps)

    __radd__ = __add__
    __rmul__ = __mul__

    def __rmatmul__(self, other):
        return as_node(other) @ self

    def __rsub__(self, other):
        return as_node(other) - self

    def __rtruediv__(self, other):
        return as_node(other) / self


def as_node(value):
    """The value itself if it is a node, else a node without parents."""
    return value if isinstance(value, Node) else Node(value)


def sum_over_paths(result, G, node):
    """The gradient of sum(G * result.value) with respect to a node: one contribution for each path, added up."""
    if result is node:
        return G
    return sum(sum_over_paths(parent, vjp(G), node) for parent, vjp in zip(result.parents, result.vjps, strict=True))


def try_rule(f, arrays, G):
    """The value of f on nodes of these arrays, and a list with the gradient of sum(G * value) for each array."""
    nodes = [Node(array) for array in arrays]
    result = f(*nodes)
    return result.value, [sum_over_paths(result, G, node) for node in nodes]
