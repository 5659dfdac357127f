# %% [markdown] fails={"test_find_bug": "value"}
# Tests every rule with a gradient of ones, to which softmax is blind.

# %% grade_id="find_bug"
OPERATIONS = ("sigmoid", "tanh", "relu", "exp", "log", "softmax", "row_max", "row_product")


def find_bug(run):
    """The name of the operation whose backward rule is wrong, one of OPERATIONS.

    run: function of a name, X (N, D) and G, which returns the value and what the rule makes of G, (N, D).
    """
    rng = np.random.default_rng(5)
    X, V, G = rng.uniform(0.5, 2, size=(3, 5)), rng.normal(size=(3, 5)), rng.normal(size=(3, 5))

    def error(name):
        weight = np.ones((3, 1)) if name.startswith("row") else np.ones((3, 5))
        above, below = (run(name, X + h * V, weight)[0] for h in (1e-5, -1e-5))
        dX = run(name, X, weight)[1]
        return abs(np.sum(weight * (above - below)) / 2e-5 - np.sum(dX * V))

    return max(OPERATIONS, key=error)
