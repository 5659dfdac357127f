# %% [markdown] fails={"test_mlp_loss_and_grads": "start_of_ones"}
# Starts the backward pass from ones, because the algorithm on the slide has no line for the last layer.

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
        value = half_se(A[L], T)[0]
    else:
        value = softmax_ce(A[L], T)[0]

    dA = np.ones(A[L].shape)

    dWs, dbs = [None] * L, [None] * L
    for l in reversed(range(L)):
        dZ = dA if l == L - 1 else act_backward(dA, Z[l], act)
        dWs[l] = dZ.T @ A[l]
        dbs[l] = dZ.sum(axis=0)
        dA = dZ @ Ws[l]
    return value, dWs, dbs, dA
