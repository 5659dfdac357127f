# %% [markdown] fails={"test_l2_penalty": "value"}
# Takes the mean of the squares of each array instead of their sum.

# %% grade_id="l2_penalty"
def l2_penalty(Ws, lam, bs=None):
    arrays = list(Ws) + list(bs or [])
    return lam * sum(np.mean(V**2) for V in arrays), [2 * lam * V for V in arrays]
