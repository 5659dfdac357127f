# %% [markdown] fails={"test_softmax": null}
# Avoids the overflow by cutting off large logits, which makes different logits equal.

# %% grade_id="softmax"
def softmax(Z):
    E = np.exp(np.clip(Z, -500, 500))
    return E / E.sum(axis=1, keepdims=True)
