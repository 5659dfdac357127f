"""The digits as scikit-learn ships them."""

import numpy as np
from sklearn.datasets import load_digits

from coursekit.engine import digits


def test_the_digits_are_those_of_scikit_learn() -> None:
    X, Y = digits()
    shipped = load_digits()
    np.testing.assert_array_equal(X * 16, shipped.data)
    np.testing.assert_array_equal(Y.argmax(axis=1), shipped.target)
    assert (Y.sum(axis=1) == 1).all()
