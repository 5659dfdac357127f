# %% [markdown] fails={"test_softmax": "softmax_alone"}
# Reads S(a_c) of CEE616 (47) literally: the softmax of each component alone.

# %% grade_id="softmax"
def softmax(Z):
    P = np.zeros(Z.shape)
    for n in range(len(Z)):
        for k in range(Z.shape[1]):
            P[n, k] = np.exp(Z[n, k]) / np.sum(np.exp(Z[n, k]))
    return P
