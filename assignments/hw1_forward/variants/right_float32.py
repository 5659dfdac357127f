# %% [markdown]
# Computes everything in float32, as one would on a graphics card.

# %% grade_id="sigmoid"
def sigmoid(z):
    z = z.astype(np.float32)
    return 1 / (1 + np.exp(-z))


# %% grade_id="tanh_from_sigmoid"
def tanh_from_sigmoid(z):
    return 2 * sigmoid(2 * z) - 1


# %% grade_id="relu"
def relu(z):
    return np.maximum(z.astype(np.float32), 0)


# %% grade_id="softmax"
def softmax(Z):
    Z = Z.astype(np.float32)
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


# %% grade_id="affine"
def affine(X, W, b):
    return X.astype(np.float32) @ W.astype(np.float32).T + b.astype(np.float32)


# %% grade_id="mlp_forward"
def mlp_forward(X, Ws, bs, act, out):
    A = X.astype(np.float32)
    Zs, As = [], [A]
    for l, (W, b) in enumerate(zip(Ws, bs)):
        Z = affine(A, W, b)
        A = act(Z) if l < len(Ws) - 1 else out(Z)
        A = A.astype(np.float32)
        Zs.append(Z)
        As.append(A)
    return A, Zs, As
