# %% [markdown] fails={"test_half_se": "factor"}
# Keeps the half of the loss in its gradient, where it should have cancelled.

# %% grade_id="half_se"
def half_se(Y, T):
    N = Y.shape[0]
    loss = np.sum((Y - T) ** 2) / (2 * N)
    return loss, (Y - T) / (2 * N)
