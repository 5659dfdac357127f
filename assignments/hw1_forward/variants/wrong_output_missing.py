# %% [markdown] fails={"test_mlp_forward": "output_missing"}
# Takes the sentence 'output units have no activation' (CEE697M-C14) for a rule without exceptions.

# %% grade_id="mlp_forward"
def mlp_forward(X, Ws, bs, act, out):
    Zs, As = [], [X]
    for k in range(len(Ws)):
        Zs.append(As[-1] @ Ws[k].T + bs[k])
        As.append(Zs[-1] if k == len(Ws) - 1 else act(Zs[-1]))
    return As[-1], Zs, As
