# %% [markdown] fails=["test_softmax_backward"]
# Goes back to the logits by a logarithm, which is minus infinity where a probability is 0.

# %% grade_id="softmax_backward"
def softmax_backward(G, P):
    Z = np.log(P)
    E = np.exp(Z)
    s = E.sum(axis=1, keepdims=True)
    first = G * E / s
    second = E * np.sum(G * E * Z / Z, axis=1, keepdims=True) / s**2
    return first - second
