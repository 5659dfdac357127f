# %% [markdown] fails={"test_mlp_forward": "output_activation"}
# Ends with act like all the other layers and never uses out.

# %% grade_id="mlp_forward"
def mlp_forward(X, Ws, bs, act, out):
    Zs, As = [], [X]
    for k in range(len(Ws)):
        Zs.append(As[-1] @ Ws[k].T + bs[k])
        As.append(act(Zs[-1]))
    return As[-1], Zs, As
