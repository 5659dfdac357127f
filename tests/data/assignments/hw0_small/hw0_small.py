# %% [markdown]
# # A small assignment
#
# Two functions, so that the tests of grading run in a moment.

# %% grade_id="setup" role="setup"
import math


# %% grade_id="double" role="solution"
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


# %% grade_id="test_double" role="test" points=3
from coursekit import check

with check.score(3) as s:
    with s.part(2, "small"):
        check.value(double(2.0), 4.0, name="double(2)")
    with s.part(1, "large"):
        check.value(double(1e6), 2e6, name="double(1e6)")
        ### BEGIN HIDDEN TESTS
        check.value(double(3.0), 6.0, name="double(3) kept secret")
        ### END HIDDEN TESTS
s

# %% [markdown]
# Now the root.


# %% grade_id="root" role="solution"
def root(x):
    """The square root of x."""
    ### BEGIN SOLUTION
    return math.sqrt(x)
    ### END SOLUTION


# %% grade_id="test_root" role="test" points=2
from coursekit import check

with check.score(2) as s:
    with s.part(2, "root"):
        check.value(root(9.0), 3.0, name="root(9)")
        ### BEGIN HIDDEN TESTS
        check.value(root(16.0), 4.0, name="root(16) kept secret")
        ### END HIDDEN TESTS
s
