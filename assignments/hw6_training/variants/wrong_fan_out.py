# %% [markdown] fails={"test_init_weights": "value", "test_train_disc": null}
# Scales the weights for he by the number of units instead of the number of inputs.

# %% grade_id="init_weights"
def init_weights(sizes, kind, rng):
    sd = {
        "zeros": lambda i, o: 0,
        "small_normal": lambda i, o: 0.01,
        "xavier": lambda i, o: np.sqrt(2 / (i + o)),
        "he": lambda i, o: np.sqrt(2 / o),
    }[kind]
    return [sd(i, o) * rng.normal(size=(o, i)) for i, o in zip(sizes[:-1], sizes[1:])]
