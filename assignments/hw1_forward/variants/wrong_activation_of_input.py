# %% [markdown] fails={"test_mlp_forward": "activation_of_input"}
# Activates the input before the first layer reads it.

# %% grade_id="mlp_forward"
def mlp_forward(X, Ws, bs, act, out):
    Zs, As = [], [X]
    A = X
    for k in range(len(Ws)):
        Zs.append(act(A) @ Ws[k].T + bs[k])
        A = Zs[-1]
        As.append(out(A) if k == len(Ws) - 1 else act(A))
    return As[-1], Zs, As
