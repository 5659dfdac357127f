# %% [markdown] fails={"test_early_stopping": null}
# Waits for the largest loss, as one would for an accuracy.

# %% grade_id="early_stopping"
class EarlyStopping:
    def __init__(self, patience):
        self.patience, self.lowest, self.misses, self.best = patience, -float("inf"), 0, None

    def update(self, v, params):
        if v > self.lowest:
            self.lowest, self.best, self.misses = v, params, 0
        else:
            self.misses += 1
        return self.misses >= self.patience
