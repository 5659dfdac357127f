# %% [markdown] fails={"test_train_xor": null}
# Returns the network as it was drawn.

# %% grade_id="train_xor"
XOR_INPUTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR_TARGETS = np.array([[0.0], [1.0], [1.0], [0.0]])


def train_xor(seed):
    rng = np.random.default_rng(seed)
    return [(rng.normal(size=(8, 2)), rng.normal(size=8)), (rng.normal(size=(1, 8)), rng.normal(size=1))]
