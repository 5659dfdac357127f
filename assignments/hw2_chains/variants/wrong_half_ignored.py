# %% [markdown] fails={"test_loss_factors": "factor"}
# Gives half the squared error the factor of the whole one.

# %% grade_id="loss_factors"
def loss_factors(kind, N, K):
    return {"half_se": 2 / N, "se": 2 / N, "sse": 2, "mse": 2 / (N * K)}[kind]
