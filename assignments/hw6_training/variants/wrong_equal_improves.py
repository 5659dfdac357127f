# %% [markdown] fails={"test_early_stopping": "equal_improves"}
# Counts an equal loss as an improvement.

# %% grade_id="early_stopping"
class EarlyStopping:
    def __init__(self, patience):
        self.patience, self.lowest, self.misses, self.best = patience, float("inf"), 0, None

    def update(self, v, params):
        if v <= self.lowest:
            self.lowest, self.best, self.misses = v, params, 0
        else:
            self.misses += 1
        return self.misses >= self.patience
