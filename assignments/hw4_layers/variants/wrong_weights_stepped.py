# %% [markdown] fails={"test_mlp_loss_and_grads": "mutated"}
# Takes the gradient step inside the function, on the very arrays it was given.

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
        dZ = dA if l == L - 1 else act_backward(dA, Z[l], act)
        dWs[l] = dZ.T @ A[l]
        dbs[l] = dZ.sum(axis=0)
        dA = dZ @ Ws[l]
    for l in range(L):
        Ws[l] -= 0.1 * dWs[l]
        bs[l] -= 0.1 * dbs[l]
    return value, dWs, dbs, dA
