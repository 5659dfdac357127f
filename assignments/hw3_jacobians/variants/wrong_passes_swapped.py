# %% [markdown] fails={"test_both_modes": "passes_swapped", "test_macs": "passes_swapped"}
# Follows the letters on the slide: M products from the right, D from the left.

# %% grade_id="both_modes"
def jac_fwd(jvp, D):
    M = len(jvp(np.zeros(D)))
    E = np.eye(M, D)
    return np.stack([jvp(E[i]) for i in range(M)], axis=1)


def jac_rev(vjp, M):
    D = len(vjp(np.zeros(M)))
    E = np.eye(D, M)
    return np.stack([vjp(E[j]) for j in range(D)])


# %% grade_id="macs"
def macs(sizes, mode, free_seed):
    layers = [a * b for a, b in zip(sizes, sizes[1:])]
    if mode == "forward":
        return sizes[-1] * sum(layers[1:] if free_seed else layers)
    return sizes[0] * sum(layers[:-1] if free_seed else layers)
