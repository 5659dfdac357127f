# %% [markdown] fails={"test_affine_backward": "bias_mean", "test_mlp_loss_and_grads": "bias_mean"}
# Averages the bias gradient over the batch where it has to be summed, in the layer and in the network.

# %% grade_id="affine_backward"
def affine_backward(G, X, W):
    return G @ W, G.T @ X, G.mean(axis=0)


# %% grade_id="mlp_loss_and_grads"
def mlp_loss_and_grads(X, T, Ws, bs, act, loss):
    A, Z = [X], []
    for l in range(len(Ws)):
        Z.append(A[l] @ Ws[l].T + bs[l])
        if l == len(Ws) - 1:
            A.append(Z[l])
        elif act == "sigmoid":
            A.append(1 / (1 + np.exp(-Z[l])))
        elif act == "tanh":
            A.append(np.tanh(Z[l]))
        else:
            A.append(np.maximum(Z[l], 0))
    if loss == "half_se":
        value, dZ = half_se(A[-1], T)
    else:
        value, dZ = softmax_ce(A[-1], T)
    dWs, dbs = [None] * len(Ws), [None] * len(Ws)
    for l in range(len(Ws) - 1, -1, -1):
        dA, dWs[l], dbs[l] = affine_backward(dZ, A[l], Ws[l])
        if l > 0:
            dZ = act_backward(dA, Z[l - 1], act)
    return value, dWs, dbs, dA
