# %% [markdown] fails={"test_mlp_loss_and_grads": "derivative_dropped"}
# Passes the gradient through the hidden layers without the derivative of the activation.

# %% grade_id="mlp_loss_and_grads"
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

    dWs, dbs = [None] * L, [None] * L
    for l in reversed(range(L)):
        dZ = dA
        dWs[l] = dZ.T @ A[l]
        dbs[l] = dZ.sum(axis=0)
        dA = dZ @ Ws[l]
    return value, dWs, dbs, dA
