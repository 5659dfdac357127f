# %% [markdown] fails={"test_standardize": "sample_deviation"}
# Divides by N - 1 inside the standard deviation.

# %% grade_id="standardize"
def standardize(X_train, X):
    s = X_train.std(axis=0, ddof=1)
    return (X - X_train.mean(axis=0)) / np.where(s == 0, 1, s)
