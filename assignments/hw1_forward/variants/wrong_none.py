# %% [markdown] fails={"test_softmax": "none", "test_mlp_forward": "results", "test_n_params": "none", "test_n_neurons": "none"}
# Prints the results instead of returning them.

# %% grade_id="softmax"
def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    print(E / E.sum(axis=1, keepdims=True))


# %% grade_id="mlp_forward"
def mlp_forward(X, Ws, bs, act, out):
    A = X
    for W, b in zip(Ws, bs):
        A = act(A @ W.T + b)
    print(A)


# %% grade_id="n_params"
def n_params(sizes):
    print(sum(m * (d + 1) for d, m in zip(sizes, sizes[1:])))


# %% grade_id="n_neurons"
def n_neurons(sizes):
    print(sum(sizes[1:]))
