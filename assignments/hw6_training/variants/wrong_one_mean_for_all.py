# %% [markdown] fails={"test_standardize": "one_mean_for_all"}
# Takes one mean over the whole array.

# %% grade_id="standardize"
def standardize(X_train, X):
    s = X_train.std(axis=0)
    return (X - X_train.mean()) / np.where(s == 0, 1, s)
