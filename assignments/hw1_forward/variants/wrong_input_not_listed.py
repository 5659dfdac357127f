# %% [markdown] fails={"test_mlp_forward": "value"}
# Leaves X out of the list of activations.

# %% grade_id="mlp_forward"
def mlp_forward(X, Ws, bs, act, out):
    Zs, As = [], []
    A = X
    for k in range(len(Ws)):
        Zs.append(A @ Ws[k].T + bs[k])
        A = out(Zs[k]) if k == len(Ws) - 1 else act(Zs[k])
        As.append(A)
    return A, Zs, As
