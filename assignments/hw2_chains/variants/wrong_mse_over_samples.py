# %% [markdown] fails={"test_loss_factors": null}
# Takes the mean over samples only where all entries are meant.

# %% grade_id="loss_factors"
def loss_factors(kind, N, K):
    return {"half_se": 1 / N, "se": 2 / N, "sse": 2, "mse": 2 / N}[kind]
