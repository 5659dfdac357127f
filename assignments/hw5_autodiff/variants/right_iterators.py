# %% [markdown]
# Walks down the graph with a stack of iterators over parents, and multiplies prefixes and suffixes for products.

# %% grade_id="topo"
def topo(node):
    listed, seen = [], {node}
    stack = [(node, iter(node.parents))]
    while stack:
        current, parents = stack[-1]
        for parent in parents:
            if parent not in seen:
                seen.add(parent)
                stack.append((parent, iter(parent.parents)))
                break
        else:
            listed.append(current)
            stack.pop()
    return listed


def graph(values, arrows):
    """A list of nodes, one for each number in values; arrows: rows (start, end, slope) with start < end."""
    into = {}
    for start, end, slope in np.asarray(arrows, dtype=float).tolist():
        into.setdefault(int(end), []).append((int(start), slope))
    nodes = []
    for place, value in enumerate(values):
        parents = [nodes[start] for start, _ in into.get(place, [])]
        vjps = [lambda G, slope=slope: slope * G for _, slope in into.get(place, [])]
        nodes.append(Node(value, parents, vjps))
    return nodes


def order_of(values, arrows):
    """The values of the nodes in the order of topo, which is asked for the last node of the graph."""
    return np.array([node.value[0] for node in topo(graph(values, arrows)[-1])])


# %% grade_id="operations"
def sigmoid(a):
    A = 0.5 * (1 + np.tanh(0.5 * a.value))
    return Node(A, (a,), [lambda G: G * (A - A * A)])


def tanh(a):
    """The hyperbolic tangent of a node, entry by entry."""
    A = np.tanh(a.value)
    return Node(A, (a,), (lambda G: G * (1 - A**2),))


def relu(a):
    return Node(np.where(a.value > 0, a.value, 0), [a], [lambda G: np.where(a.value >= 0, G, 0)])


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
    rows, last = np.arange(len(a.value)), a.value.shape[1] - 1 - a.value[:, ::-1].argmax(axis=1)

    def back(G):
        dZ = np.zeros_like(a.value)
        dZ[rows, last] = G.ravel()
        return dZ

    return Node(a.value[rows, last][:, None], (a,), (back,))


def row_product(a):
    Z = a.value
    before, after = np.ones(Z.shape), np.ones(Z.shape)
    before[:, 1:] = np.cumprod(Z[:, :-1], axis=1)
    after[:, :-1] = np.cumprod(Z[:, :0:-1], axis=1)[:, ::-1]
    return Node(np.prod(Z, axis=1)[:, None], (a,), (lambda G: G * before * after,))
