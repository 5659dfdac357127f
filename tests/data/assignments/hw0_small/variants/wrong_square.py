# %% [markdown] fails={"test_double": null}
# Squares: right for 2 alone.

# %% grade_id="double"
def double(x):
    return x**2
