# %% [markdown] fails={"test_is_subgradient": "value"}
# Asks only the points to the right of x whether the line stays below.

# %% grade_id="is_subgradient"
def is_subgradient(f, x, g):
    """Is the line of slope g through (x, f(x)) nowhere above f, at the 601 points of np.linspace(-3, 3, 601)?

    f: function of a number or an array, entry by entry; x, g: numbers. Returns True or False.
    """
    z = np.linspace(x, 3, 601)
    return bool(np.all(f(z) >= f(x) + g * (z - x) - 1e-9))
