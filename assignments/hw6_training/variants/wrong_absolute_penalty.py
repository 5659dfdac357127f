# %% [markdown] fails={"test_l2_penalty": "penalty_l1"}
# Takes the gradient of the absolute values.

# %% grade_id="l2_penalty"
def l2_penalty(Ws, lam, bs=None):
    arrays = list(Ws) + list(bs or [])
    return lam * sum(np.sum(V**2) for V in arrays), [lam * np.sign(V) for V in arrays]
