# %% [markdown] fails={"test_translation": null}
# Swaps the two sizes with reshape, and returns the vec as a flat array.

# %% grade_id="translation"
def to_csc561(dWs):
    return [dW.reshape(dW.shape[1], dW.shape[0]) for dW in dWs]


def to_cee616_row(dW):
    return dW.ravel()
