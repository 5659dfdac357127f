# %% [markdown] fails={"test_mlp_forward": "output_activation"}
# Applies act in the last layer too, and out on top of it.

# %% grade_id="mlp_forward"
def mlp_forward(X, Ws, bs, act, out):
    Zs, As = [], [X]
    for k in range(len(Ws)):
        Zs.append(As[-1] @ Ws[k].T + bs[k])
        As.append(out(act(Zs[-1])) if k == len(Ws) - 1 else act(Zs[-1]))
    return As[-1], Zs, As
