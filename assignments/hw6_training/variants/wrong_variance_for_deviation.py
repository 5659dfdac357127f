# %% [markdown] fails={"test_init_weights": "value"}
# Hands the variance to a function that wants the standard deviation.

# %% grade_id="init_weights"
def init_weights(sizes, kind, rng):
    sd = {
        "zeros": lambda i, o: 0,
        "small_normal": lambda i, o: 0.01,
        "xavier": lambda i, o: np.sqrt(2 / (i + o)),
        "he": lambda i, o: 2 / i,
    }[kind]
    return [sd(i, o) * rng.normal(size=(o, i)) for i, o in zip(sizes[:-1], sizes[1:])]
