# %% [markdown] fails={"test_find_bug": "value"}
# Names the first operation whose rule does not return the gradient unchanged.

# %% grade_id="find_bug"
OPERATIONS = ("sigmoid", "tanh", "relu", "exp", "log", "softmax", "row_max", "row_product")


def find_bug(run):
    X = np.array([[0.6, 1.3, 0.9]])
    for name in OPERATIONS:
        G = np.ones((1, 1)) if name.startswith("row") else np.ones((1, 3))
        if not np.allclose(run(name, X, G)[1], G):
            return name
