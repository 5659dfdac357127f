# %% [markdown] fails={"test_early_stopping": "misses_in_total"}
# Never sets the number of misses back.

# %% grade_id="early_stopping"
class EarlyStopping:
    def __init__(self, patience):
        self.patience, self.lowest, self.misses, self.best = patience, float("inf"), 0, None

    def update(self, v, params):
        if v < self.lowest:
            self.lowest, self.best = v, params
        else:
            self.misses += 1
        return self.misses >= self.patience
