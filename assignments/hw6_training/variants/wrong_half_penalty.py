# %% [markdown] fails={"test_l2_penalty": "penalty_factor"}
# Differentiates the penalty as if it had a half in front.

# %% grade_id="l2_penalty"
def l2_penalty(Ws, lam, bs=None):
    arrays = list(Ws) + list(bs or [])
    return lam * sum(np.sum(V**2) for V in arrays), [lam * V for V in arrays]
