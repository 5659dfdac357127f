# %% [markdown] fails={"test_affine_backward": null, "test_act_backward": null, "test_softmax_backward": null, "test_half_se": null, "test_softmax_ce": null, "test_mlp_loss_and_grads": null, "test_translation": null}
# Gives every function a result of the right shape and leaves the mathematics for later.

# %% grade_id="affine_backward"
def affine_backward(G, X, W):
    return np.zeros(X.shape), np.zeros(W.shape), np.zeros(len(W))


# %% grade_id="act_backward"
def act_backward(G, Z, name):
    return np.zeros(Z.shape)


# %% grade_id="softmax_backward"
def softmax_backward(G, P):
    return np.zeros(P.shape)


# %% grade_id="half_se"
def half_se(Y, T):
    return 1.0, np.zeros(Y.shape)


# %% grade_id="softmax_ce"
def softmax_ce(Z, T):
    return 1.0, np.zeros(Z.shape)


# %% grade_id="mlp_loss_and_grads"
def mlp_loss_and_grads(X, T, Ws, bs, act, loss):
    return 1.0, [np.zeros(W.shape) for W in Ws], [np.zeros(b.shape) for b in bs], np.zeros(X.shape)


# %% grade_id="translation"
def to_csc561(dWs):
    return [np.zeros((dW.shape[1], dW.shape[0])) for dW in dWs]


def to_cee616_row(dW):
    return np.zeros((1, dW.size))
