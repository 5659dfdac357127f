# %% [markdown] fails={"test_translation": "permuted"}
# Unrolls the matrix column after column.

# %% grade_id="translation"
def to_csc561(dWs):
    return [dW.T for dW in dWs]


def to_cee616_row(dW):
    return dW.T.reshape(1, -1)
