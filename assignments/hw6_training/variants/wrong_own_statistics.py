# %% [markdown] fails={"test_standardize": "own_statistics"}
# Scales the test data with their own mean and standard deviation.

# %% grade_id="standardize"
def standardize(X_train, X):
    s = X.std(axis=0)
    return (X - X.mean(axis=0)) / np.where(s == 0, 1, s)
