# %% [markdown] fails={"test_standardize": "not_finite"}
# Divides by the standard deviation 0 of a constant column.

# %% grade_id="standardize"
def standardize(X_train, X):
    return (X - X_train.mean(axis=0)) / X_train.std(axis=0)
