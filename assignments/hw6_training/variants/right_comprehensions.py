# %% [markdown]
# Packs as much as possible into comprehensions and single expressions.

# %% grade_id="standardize"
def standardize(X_train, X):
    return np.array([(x - t.mean()) / (t.std() or 1) for t, x in zip(X_train.T, X.T)]).T


# %% grade_id="init_weights"
from itertools import pairwise


def init_weights(sizes, kind, rng):
    return [
        rng.normal(
            scale=dict(zeros=0, small_normal=1e-2, xavier=(2 / (i + o)) ** 0.5, he=(2 / i) ** 0.5)[kind], size=(o, i)
        )
        for i, o in pairwise(sizes)
    ]


# %% grade_id="minibatches"
def minibatches(N, B, rng):
    order = rng.choice(N, size=N, replace=False)
    return (order[k * B : (k + 1) * B] for k in range(-(-N // B)))


# %% grade_id="l2_penalty"
def l2_penalty(Ws, lam, bs=()):
    every = [*Ws, *(bs or ())]
    return sum((lam * V * V).sum() for V in every), [V * lam * 2 for V in every]


# %% grade_id="dropout"
def dropout(A, p, rng, train):
    mask = rng.random(A.shape) < (1 - p if train else 2)
    return mask * A / (1 - p * train), mask


# %% grade_id="lr_schedule"
def lr_schedule(kind, r, c):
    return c / (r if kind == "c/r" else 1)
