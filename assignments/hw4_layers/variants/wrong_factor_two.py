# %% [markdown] fails={"test_half_se": "factor"}
# Uses the squared error without the half, as two of the decks do.

# %% grade_id="half_se"
def half_se(Y, T):
    N = Y.shape[0]
    loss = np.sum((Y - T) ** 2) / N
    return loss, 2 * (Y - T) / N
