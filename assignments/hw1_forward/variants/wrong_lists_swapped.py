# %% [markdown] fails={"test_mlp_forward": "value"}
# Returns the lists in the other order, confused by the letters a and z of CEE697M.

# %% grade_id="mlp_forward"
def mlp_forward(X, Ws, bs, act, out):
    Zs, As = [], [X]
    for k in range(len(Ws)):
        Zs.append(As[k] @ Ws[k].T + bs[k])
        As.append(out(Zs[k]) if k == len(Ws) - 1 else act(Zs[k]))
    return As[-1], As, Zs
