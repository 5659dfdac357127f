# %% [markdown] fails={"test_affine": "raised", "test_mlp_forward": "raised"}
# Forgets the transpose, as in texts that store W as (in, out).

# %% grade_id="affine"
def affine(X, W, b):
    return X @ W + b


# %% grade_id="mlp_forward"
def mlp_forward(X, Ws, bs, act, out):
    Zs, As = [], [X]
    for k in range(len(Ws)):
        Zs.append(affine(As[k], Ws[k], bs[k]))
        As.append(out(Zs[k]) if k == len(Ws) - 1 else act(Zs[k]))
    return As[-1], Zs, As
