"""Cross-validation: folds that partition, a fair and closed-form choice of strength, and nothing that leaks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.engine import MLP, Divergence, ShapeError, fit, gradient_descent, standardize
from coursekit.engine.cross_validation import choose_penalty, folds
from coursekit.engine.penalties import l1, l2

from .strategies import generators, quick


def noisy_line(N=40, D=8, noise=2.0, seed=0):
    """Little more signal than noise and few samples, so that some penalty helps."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((N, D))
    return X, X @ rng.standard_normal((D, 1)) + noise * rng.standard_normal((N, 1)) + 1


def started(seed=0, sizes=(8, 1)):
    return lambda: MLP(sizes).initialize(np.random.default_rng(seed))


X, Y = noisy_line()
OPTIONS = {"optimizer": gradient_descent, "lr": 0.1, "epochs": 20}


def choose(strengths, *, make_net=None, inputs=X, targets=Y, k=3, seed=0, **options):
    return choose_penalty(
        make_net or started(), inputs, targets, strengths, k=k, rng=np.random.default_rng(seed), **(OPTIONS | options)
    )


@quick
@given(generators, st.integers(2, 40), st.data())
def test_folds_are_a_partition_into_nearly_equal_parts(rng, N, data):
    k = data.draw(st.integers(2, N))
    parts = folds(N, k, rng)
    assert len(parts) == k
    assert sorted(np.concatenate([validation for _, validation in parts]).tolist()) == list(range(N))
    assert {len(validation) for _, validation in parts} <= {N // k, -(-N // k)}
    for train, validation in parts:
        assert sorted([*train, *validation]) == list(range(N))
        assert (np.diff(train) > 0).all()
        assert (np.diff(validation) > 0).all()


def test_folds_are_random_and_seeded():
    first, again, other = (
        np.concatenate([validation for _, validation in folds(50, 5, np.random.default_rng(seed))])
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    assert not np.array_equal(first, np.arange(50))


@pytest.mark.parametrize(("N", "k"), [(5, 1), (5, 6), (5, 0), (1, 2), (0, 2)])
def test_other_numbers_of_folds_are_refused(N, k):
    with pytest.raises(ValueError, match=f"at least 2 and at most the {N} samples, but is {k}"):
        folds(N, k, np.random.default_rng(0))


@pytest.mark.parametrize("scaled", [True, False])
@pytest.mark.parametrize("penalty", [l1, l2])
def test_the_choice_is_that_of_a_loop_by_hand(scaled, penalty):
    inputs, strengths = X * np.arange(1, 9) + 3, [0.3, 0.0, 1.0, 0.1]
    expected = np.zeros((4, 3))
    for j, (train, validation) in enumerate(folds(len(X), 3, np.random.default_rng(0))):
        scaler = standardize(inputs[train])
        before, after = ((scaler.apply(x) if scaled else x) for x in (inputs[train], inputs[validation]))
        for i, strength in enumerate(strengths):
            net = started(sizes=(8, 3, 1))()
            fit(net, before, Y[train], penalty=penalty(strength), optimizer=gradient_descent, lr=0.01, epochs=20)
            expected[i, j] = 0.5 * ((net(after) - Y[validation]) ** 2).mean()
    choice = choose(
        strengths, make_net=started(sizes=(8, 3, 1)), inputs=inputs, penalty=penalty, standardize=scaled, lr=0.01
    )
    np.testing.assert_allclose(choice.validation, expected, rtol=1e-12)
    np.testing.assert_array_equal(choice.strengths, strengths)
    assert choice.strength == strengths[int(expected.mean(1).argmin())]


def ridge_loss(train, validation, strength):
    """Half the mean squared error of the exact minimum: (Z^T Z / N + 2 lambda D) w = Z^T y / N, the bias free."""
    Z, rest = (np.c_[X[rows], np.ones(len(rows))] for rows in (train, validation))
    penalised = np.diag([1.0] * X.shape[1] + [0.0])
    w = np.linalg.solve(Z.T @ Z / len(Z) + 2 * strength * penalised, Z.T @ Y[train] / len(Z))
    return 0.5 * ((rest @ w - Y[validation]) ** 2).mean()


def test_some_penalty_beats_none_and_a_huge_one_as_ridge_regression_says():
    strengths = [0.0, 0.3, 5.0]
    choice = choose(strengths, k=4, epochs=1500)
    parts = folds(len(X), 4, np.random.default_rng(0))
    exact = [[ridge_loss(*part, strength) for part in parts] for strength in strengths]
    np.testing.assert_allclose(choice.validation, exact, rtol=1e-4)
    assert choice.strength == 0.3


def test_equal_strengths_are_treated_equally():
    """Also where the networks are drawn from one generator, and with small batches in random order."""
    shared = np.random.default_rng(5)
    choice = choose(
        [0.1, 0.1, 0.2], make_net=lambda: MLP([8, 3, 1]).initialize(shared), batch_size=4, lr=0.02, epochs=3
    )
    np.testing.assert_array_equal(choice.validation[0], choice.validation[1])
    assert (choice.validation[0] != choice.validation[2]).all()


def test_one_network_made_over_and_over_is_no_head_start():
    net = started()()
    repeated, fresh = choose([0.1, 1], make_net=lambda: net), choose([0.1, 1])
    np.testing.assert_array_equal(repeated.validation, fresh.validation)


def test_the_seed_decides_folds_and_batches():
    first, again, other = (choose([0.1], batch_size=4, seed=seed).validation for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_each_fold_has_an_order_of_its_own_and_all_strengths_share_it():
    """Samples are known by their first column; what is compared are their places in the training part."""
    trained = []

    class Watched(MLP):
        def loss_and_gradient(self, X, Y):
            trained.extend(X[:, 0].astype(int))
            return super().loss_and_gradient(X, Y)

    inputs = np.c_[np.arange(40.0), X[:, 1:]]
    choose([0, 1], make_net=lambda: Watched([8, 1]), inputs=inputs, k=4, batch_size=7, lr=0.0, epochs=1)
    parts = folds(40, 4, np.random.default_rng(0))
    runs = np.reshape(trained, (4, 2, 30))
    places = [[np.searchsorted(train, run) for run in pair] for (train, _), pair in zip(parts, runs, strict=True)]
    for first, second in places:
        np.testing.assert_array_equal(first, second)
        assert sorted(first) == list(range(30))
    assert len({tuple(first) for first, _ in places}) == 4


def test_of_equal_means_the_first_wins():
    assert choose([0.5, 0.1], lr=0.0).strength == 0.5


@pytest.mark.parametrize("scaled", [True, False])
def test_only_training_rows_are_measured(scaled):
    """What the network is trained on has mean 0 and deviation 1 exactly; what it is judged on has not."""
    trained, judged = [], []

    class Watched(MLP):
        def loss_and_gradient(self, X, Y):
            trained.append(X)
            return super().loss_and_gradient(X, Y)

        def __call__(self, X):
            judged.append(X)
            return super().__call__(X)

    inputs = X * 3 + 2
    choose([0.1], make_net=lambda: Watched([8, 1]), inputs=inputs, standardize=scaled, lr=1e-3, epochs=1)
    parts = folds(len(X), 3, np.random.default_rng(0))
    assert len(trained) == len(judged) == len(parts)
    for (train, validation), seen, rest in zip(parts, trained, judged, strict=True):
        mean, deviation = (inputs[train].mean(0), inputs[train].std(0)) if scaled else (0, 1)
        np.testing.assert_allclose(seen, (inputs[train] - mean) / deviation, atol=1e-12)
        np.testing.assert_allclose(rest, (inputs[validation] - mean) / deviation, atol=1e-12)
        assert np.abs(rest.mean(0)).max() > 0.1


def test_the_data_are_not_changed():
    before = X.copy(), Y.copy()
    choose([0.1], standardize=True)
    np.testing.assert_array_equal(X, before[0])
    np.testing.assert_array_equal(Y, before[1])


def test_divergence_names_strength_and_fold():
    with (
        np.errstate(all="ignore"),
        pytest.raises(Divergence, match=r"^with strength 1000 in fold 1 of 3, the loss is inf at step \d+"),
    ):
        choose([0.1, 1000], epochs=400)


def test_divergence_in_the_last_step_is_no_smallest_loss():
    """The one step is taken with a finite loss; only the validation sees what came out of it."""
    with np.errstate(all="ignore"), pytest.raises(Divergence, match="in fold 1 of 3, the validation loss is"):
        choose([0.1], lr=1e300, epochs=1)


def test_ctrl_c_ends_the_whole_search():
    """``fit`` alone keeps what it has; here the rest would be compared with a training cut short."""
    begun = []

    def interrupted(epochs):
        begun.append(epochs)
        yield from [0, 1]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        choose([0.1, 0.2], progress=interrupted)
    assert len(begun) == 1


REFUSED = {
    "validation data": ({"validation": (X, Y), "patience": 3}, ValueError, "leave out patience and validation"),
    "no strengths": ({"strengths": []}, ValueError, r"list of one number or more, but have shape \(0,\)"),
    "one number": ({"strengths": 0.1}, ValueError, r"list of one number or more, but have shape \(\)"),
    "a negative strength": ({"strengths": [0.1, -1]}, ValueError, "strength must be .* not negative, but is -1"),
    "a single sample": ({"inputs": X[0]}, ShapeError, r"X must be a batch .* \(8,\)"),
    "targets without columns": ({"targets": Y[:, 0]}, ShapeError, r"Y must be a batch .* \(40,\)"),
    "different numbers of rows": ({"targets": Y[:5]}, ShapeError, "have 40 and 5"),
    "nan": ({"inputs": np.where(X > 2, np.nan, X)}, ValueError, "X must be finite"),
    "too many folds": ({"k": 41}, ValueError, "at most the 40 samples, but is 41"),
}


@pytest.mark.parametrize(("options", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_bad_arguments_are_refused_before_a_network_is_made(options, error, message):
    def never():
        raise AssertionError("a network was made")

    with pytest.raises(error, match=message):
        choose(**{"strengths": [0.1], "make_net": never} | options)
