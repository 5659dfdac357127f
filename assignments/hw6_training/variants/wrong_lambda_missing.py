# %% [markdown] fails={"test_l2_penalty": "lambda_missing"}
# Forgets lambda in the gradient.

# %% grade_id="l2_penalty"
def l2_penalty(Ws, lam, bs=None):
    arrays = list(Ws) + list(bs or [])
    return lam * sum(np.sum(V**2) for V in arrays), [2 * V for V in arrays]
