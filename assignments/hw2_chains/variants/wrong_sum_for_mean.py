# %% [markdown] fails={"test_loss_factors": "sum_for_mean"}
# Adds over the samples in every kind of error.

# %% grade_id="loss_factors"
def loss_factors(kind, N, K):
    return {"half_se": 1, "se": 2, "sse": 2, "mse": 2 / K}[kind]
