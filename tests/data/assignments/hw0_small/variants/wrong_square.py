# %% [markdown] fails=["test_double"]
# Squares: right for 2 alone.

# %% grade_id="double"
def double(x):
    return x**2
