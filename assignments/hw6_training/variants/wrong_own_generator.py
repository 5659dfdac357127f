# %% [markdown] fails={"test_init_weights": "own_generator"}
# Ignores rng and starts a generator of its own.

# %% grade_id="init_weights"
def init_weights(sizes, kind, rng):
    rng = np.random.default_rng(0)
    sd = {
        "zeros": lambda i, o: 0,
        "small_normal": lambda i, o: 0.01,
        "xavier": lambda i, o: np.sqrt(2 / (i + o)),
        "he": lambda i, o: np.sqrt(2 / i),
    }[kind]
    return [sd(i, o) * rng.normal(size=(o, i)) for i, o in zip(sizes[:-1], sizes[1:])]
