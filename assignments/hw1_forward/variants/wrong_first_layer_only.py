# %% [markdown] fails={"test_mlp_forward": null}
# Applies act in the first layer only.

# %% grade_id="mlp_forward"
def mlp_forward(X, Ws, bs, act, out):
    Zs, As = [], [X]
    for k in range(len(Ws)):
        Zs.append(As[-1] @ Ws[k].T + bs[k])
        As.append(out(Zs[-1]) if k == len(Ws) - 1 else act(Zs[-1]) if k == 0 else Zs[-1])
    return As[-1], Zs, As
