# %% [markdown] fails={"test_mlp_loss_and_grads": "outer_for_elementwise"}
# Follows a slide that multiplies a column by a row entry by entry; numpy spreads the product into a matrix.

# %% grade_id="mlp_loss_and_grads"
def mlp_loss_and_grads(X, T, Ws, bs, act, loss):
    N, L = len(X), len(Ws)
    value = 0.0
    dWs = [np.zeros(W.shape) for W in Ws]
    dbs = [np.zeros(b.shape) for b in bs]
    dX = np.zeros(X.shape)
    for n in range(N):
        # forward, one sample
        a, z = [X[n]], []
        for l in range(L):
            z.append(Ws[l] @ a[l] + bs[l])
            if l == L - 1:
                a.append(z[l])
            elif act == "sigmoid":
                a.append(1 / (1 + np.exp(-z[l])))
            elif act == "tanh":
                a.append(np.tanh(z[l]))
            else:
                a.append(np.maximum(0, z[l]))
        cost, g = (half_se if loss == "half_se" else softmax_ce)(a[L][None], T[n][None])
        value += cost / N
        # backward, columns
        u = g.T / N
        for l in range(L - 1, -1, -1):
            dWs[l] += u @ a[l][None]
            dbs[l] += u[:, 0]
            u = Ws[l].T @ u
            if l > 0:
                slope = act_backward(np.ones((1, len(z[l - 1]))), z[l - 1][None], act)
                u = (u * slope).sum(axis=1, keepdims=True)  # back to a column
        dX[n] = u[:, 0]
    return value, dWs, dbs, dX
