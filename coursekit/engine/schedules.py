"""Schedules: the learning rate as a function of the step r = 1, 2, ...

Steps that add up to infinity while their squares do not (Robbins and Monro 1951) average out the noise of small
batches on a well-behaved loss; c/r is such a schedule, a constant is not. How far one gets in finite time is another
matter: with a small c the distance to the optimum falls only like r^(-c mu), mu the curvature.
"""

from collections.abc import Callable
from math import cos, inf, pi

Schedule = Callable[[int], float]


def constant(lr: float) -> Schedule:
    """The same learning rate at every step. Raises ValueError unless lr is positive and finite. Source: CEE616-E42."""
    _require_positive("lr", lr)
    return _from_step_one(lambda r: lr)


def c_over_r(c: float) -> Schedule:
    """c / r. Raises ValueError unless c is positive and finite. Source: CEE616-C27; Robbins and Monro 1951."""
    _require_positive("c", c)
    return _from_step_one(lambda r: c / r)


def one_over_r() -> Schedule:
    """1 / r: the slide's schedule, which is c_over_r(1). Source: CEE616-C27."""
    return c_over_r(1.0)


def step_decay(lr: float, *, every: int, factor: float = 0.5) -> Schedule:
    """lr times ``factor`` after each ``every`` steps: steps 1..every have lr, the next ``every`` lr * factor, ...

    Raises ValueError unless lr is positive, every >= 1 and 0 < factor <= 1. Source: Goodfellow et al. 2016, ch. 8.3.
    """
    _require_positive("lr", lr)
    _require_steps("every", every)
    if not 0 < factor <= 1:
        raise ValueError(f"factor must be above 0 and at most 1, but is {factor}")
    return _from_step_one(lambda r: lr * factor ** ((r - 1) // every))


def cosine(lr: float, *, steps: int, lowest: float = 0.0) -> Schedule:
    """Half a cosine wave from lr at step 1 down to ``lowest`` at step ``steps``, and ``lowest`` ever after.

    Raises ValueError unless lr is positive, steps >= 1 and 0 <= lowest <= lr.
    Source: Loshchilov and Hutter 2017, arXiv:1608.03983, eq. 5.
    """
    _require_positive("lr", lr)
    _require_steps("steps", steps)
    if not 0 <= lowest <= lr:
        raise ValueError(f"lowest must be between 0 and lr = {lr}, but is {lowest}")

    def schedule(r: int) -> float:
        done = min(1.0, (r - 1) / max(1, steps - 1))
        return lowest + (lr - lowest) * (1 + cos(pi * done)) / 2

    return _from_step_one(schedule)


def warm_up(schedule: Schedule, *, steps: int) -> Schedule:
    """Any schedule, ramped up linearly: at step r <= steps its rate times r / steps.

    Raises ValueError unless steps >= 1 and schedule is a function of the step.
    Source: Goyal et al. 2017, arXiv:1706.02677, section 2.2.
    """
    if not callable(schedule):
        raise ValueError(f"schedule must be a function of the step, such as constant(0.1), but is {schedule!r}")
    _require_steps("steps", steps)
    return _from_step_one(lambda r: schedule(r) * min(1.0, r / steps))


def _from_step_one(schedule: Schedule) -> Schedule:
    def checked(r: int) -> float:
        if r < 1:
            raise ValueError(f"steps count from 1, but the schedule was asked for step {r}")
        return schedule(r)

    return checked


def _require_positive(name: str, number: float) -> None:
    if not 0 < number < inf:
        raise ValueError(f"{name} must be a positive finite number, but is {number}")


def _require_steps(name: str, number: int) -> None:
    if number < 1:
        raise ValueError(f"{name} must be at least 1 step, but is {number}")
