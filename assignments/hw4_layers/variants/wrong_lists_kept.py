# %% [markdown] fails={"test_mlp_loss_and_grads": null}
# Collects the gradients in lists outside the function, where those of earlier calls pile up.

# %% grade_id="mlp_loss_and_grads"
dWs, dbs = [], []


def mlp_loss_and_grads(X, T, Ws, bs, act, loss):
    L = len(Ws)
    A, Z = [X], []
    for l in range(L):
        Z.append(A[l] @ Ws[l].T + bs[l])
        if l == L - 1:
            A.append(Z[l])
        elif act == "sigmoid":
            A.append(1 / (1 + np.exp(-Z[l])))
        elif act == "tanh":
            A.append(np.tanh(Z[l]))
        else:
            A.append(np.maximum(Z[l], 0))

    if loss == "half_se":
        value, dA = half_se(A[L], T)
    else:
        value, dA = softmax_ce(A[L], T)

    for l in reversed(range(L)):
        dZ = dA if l == L - 1 else act_backward(dA, Z[l], act)
        dWs.insert(0, dZ.T @ A[l])
        dbs.insert(0, dZ.sum(axis=0))
        dA = dZ @ Ws[l]
    return value, dWs, dbs, dA
