# %% [markdown] fails={"test_train_disc": "accuracy"}
# Returns the start of the training.

# %% grade_id="train_disc"
def train_disc(seed):
    rng = np.random.default_rng(seed)
    W1, W2 = init_weights([2, 16, 1], "he", rng)
    return [W1, np.zeros(16), W2, np.zeros(1)]
