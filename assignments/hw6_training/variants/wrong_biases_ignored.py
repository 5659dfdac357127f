# %% [markdown] fails={"test_l2_penalty": "value"}
# Never penalises biases, even where they are given.

# %% grade_id="l2_penalty"
def l2_penalty(Ws, lam, bs=None):
    arrays = list(Ws)
    return lam * sum(np.sum(V**2) for V in arrays), [2 * lam * V for V in arrays]
