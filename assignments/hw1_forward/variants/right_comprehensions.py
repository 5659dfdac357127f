# %% [markdown]
# Prefers comprehensions and returns lists where arrays are expected.

# %% grade_id="relu"
def relu(z):
    return np.array([max(0.0, x) for x in z.ravel()]).reshape(z.shape)


# %% grade_id="softmax"
def softmax(Z):
    tops = [max(row) for row in Z]
    E = [[np.exp(z - top) for z in row] for row, top in zip(Z, tops)]
    return [[e / sum(row) for e in row] for row in E]


# %% grade_id="affine"
def affine(X, W, b):
    return [[sum(w * x for w, x in zip(row, sample)) + bias for row, bias in zip(W, b)] for sample in X]


# %% grade_id="mlp_forward"
def mlp_forward(X, Ws, bs, act, out):
    L = len(Ws)
    Zs, As = [], [X]
    for k in range(L):
        Zs = [*Zs, np.array([[np.sum(row * sample) for row in Ws[k]] for sample in As[k]]) + bs[k]]
        As = [*As, (out if k + 1 == L else act)(Zs[k])]
    return As.copy().pop(), Zs, As


# %% grade_id="n_params"
def n_params(sizes):
    return sum([a * b + b for a, b in zip(sizes[:-1], sizes[1:])])


# %% grade_id="n_neurons"
def n_neurons(sizes):
    return sum([n for l, n in enumerate(sizes) if l > 0])
