# %% [markdown]
# Adds instead of multiplying, and warns about it.

# %% grade_id="double"
import warnings


def double(x):
    warnings.warn("doubling by adding", RuntimeWarning)
    return x + x
