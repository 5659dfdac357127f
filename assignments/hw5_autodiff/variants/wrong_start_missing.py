# %% [markdown] fails={"test_backward": "zero"}
# Forgets that the gradient of the result is 1, so that zeros travel down.

# %% grade_id="backward"
def backward(order):
    """Leave in the grad of each node the gradient of the last node, which is a single number.

    order: a list of nodes, parents first, as topo returns it.
    """
    for node in order:
        node.grad = np.zeros_like(node.value)
    for node in reversed(order):
        for parent, vjp in zip(node.parents, node.vjps, strict=True):
            parent.grad = parent.grad + vjp(node.grad)


def gradients_of(values, arrows, sweeps):
    """The gradients of all nodes of a graph after so many calls of backward, as an array."""
    nodes = graph(values, arrows)
    for _ in range(sweeps):
        backward(nodes)
    return np.array([node.grad[0] for node in nodes])
