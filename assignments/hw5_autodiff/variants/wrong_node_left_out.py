# %% [markdown] fails={"test_topo": "shape"}
# Lists everything below the node and forgets the node itself.

# %% grade_id="topo"
def topo(node):
    """The node and all nodes it was made from, each once, parents first, itself last.

    node: a Node. Returns a list of nodes.
    """
    listed, seen, waiting = [], set(), [(node, False)]
    while waiting:
        current, parents_are_listed = waiting.pop()
        if parents_are_listed:
            listed.append(current)
        elif current not in seen:
            seen.add(current)
            waiting.append((current, True))
            waiting += [(parent, False) for parent in current.parents]
    return listed[:-1]


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
