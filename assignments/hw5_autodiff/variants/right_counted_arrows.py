# %% [markdown]
# Orders the nodes by counting how many children of each are still waiting, from the end to the front.

# %% grade_id="topo"
def topo(node):
    waiting = {}
    found = [node]
    for current in found:
        for parent in current.parents:
            if parent not in waiting:
                waiting[parent] = 0
                found.append(parent)
            waiting[parent] += 1
    ready, reverse = [node], []
    while ready:
        current = ready.pop()
        reverse.append(current)
        for parent in current.parents:
            waiting[parent] -= 1
            if waiting[parent] == 0:
                ready.append(parent)
    return reverse[::-1]


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


# %% grade_id="backward"
def backward(order):
    gradients = {id(node): 0.0 for node in order}
    gradients[id(order[-1])] = np.ones(order[-1].value.shape)
    for node in order[::-1]:
        for k in range(len(node.parents)):
            gradients[id(node.parents[k])] = gradients[id(node.parents[k])] + node.vjps[k](gradients[id(node)])
    for node in order:
        node.grad = gradients[id(node)] + np.zeros(node.value.shape)


def gradients_of(values, arrows, sweeps):
    """The gradients of all nodes of a graph after so many calls of backward, as an array."""
    nodes = graph(values, arrows)
    for _ in range(sweeps):
        backward(nodes)
    return np.array([node.grad[0] for node in nodes])
