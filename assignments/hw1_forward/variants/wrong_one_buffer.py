# %% [markdown] fails={"test_mlp_forward": null}
# Activates Z in place, so the list of pre-activations ends up holding activations.

# %% grade_id="mlp_forward"
def mlp_forward(X, Ws, bs, act, out):
    Zs, As = [], [X]
    for k in range(len(Ws)):
        Z = As[k] @ Ws[k].T + bs[k]
        Zs.append(Z)
        Z[:] = out(Z) if k == len(Ws) - 1 else act(Z)
        As.append(Z)
    return As[-1], Zs, As
