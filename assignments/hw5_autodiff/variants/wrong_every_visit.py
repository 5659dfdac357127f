# %% [markdown] fails={"test_topo": "shape"}
# Lists a node each time it is found, so shared nodes stand there several times.

# %% grade_id="topo"
def topo(node):
    found = [node]
    for current in found:
        if len(found) < 10000:
            found += current.parents
    return found[::-1]


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
