# %% [markdown] fails={"test_init_weights": "units_alike"}
# Draws one row of weights and gives it to every unit.

# %% grade_id="init_weights"
def init_weights(sizes, kind, rng):
    sd = {
        "zeros": lambda i, o: 0,
        "small_normal": lambda i, o: 0.01,
        "xavier": lambda i, o: np.sqrt(2 / (i + o)),
        "he": lambda i, o: np.sqrt(2 / i),
    }[kind]
    return [sd(i, o) * np.repeat(rng.normal(size=(1, i)), o, axis=0) for i, o in zip(sizes[:-1], sizes[1:])]
