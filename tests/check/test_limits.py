"""The limit on time: code that runs on is stopped where it is, and the alarm clock is left as it was found."""

import contextlib
import signal
import threading
import time

import pytest

from coursekit import check
from coursekit.check import TimeLimitExceeded, time_limit

LIMIT = 0.05
SOON = 1.0
LATE = 3.0


def runs_on():
    """What `while True: pass` does, but a test that fails ends as well."""
    end = time.perf_counter() + LATE
    while time.perf_counter() < end:
        pass


def swallows_exceptions():
    end = time.perf_counter() + LATE
    while time.perf_counter() < end:
        try:
            runs_on()
        except Exception:
            continue


def swallows_the_first_limit():
    with contextlib.suppress(BaseException):
        runs_on()
    runs_on()


@pytest.mark.parametrize("code", [runs_on, swallows_exceptions, lambda: time.sleep(LATE)])
def test_code_that_runs_on_is_stopped_where_it_is(code):
    started = time.perf_counter()
    with pytest.raises(TimeLimitExceeded), time_limit(LIMIT):
        code()
    assert time.perf_counter() - started < SOON


def test_code_that_swallows_even_the_limit_is_stopped_the_next_time():
    started = time.perf_counter()
    with pytest.raises(TimeLimitExceeded), time_limit(LIMIT):
        swallows_the_first_limit()
    assert time.perf_counter() - started < SOON


def test_the_message_names_what_ran_and_the_limit():
    sentence = r"^forward took longer than the limit of 0\.05 s$"
    with pytest.raises(TimeLimitExceeded, match=sentence), time_limit(LIMIT, "forward"):
        runs_on()


def test_code_within_its_limit_runs_undisturbed():
    with time_limit(LIMIT):
        done = True
    time.sleep(2 * LIMIT)
    assert done


def test_another_error_is_not_hidden():
    with pytest.raises(ZeroDivisionError), time_limit(SOON):
        1 / 0  # noqa: B018


@pytest.mark.parametrize("code", [runs_on, lambda: None], ids=["too slow", "in time"])
def test_the_handler_of_the_alarm_is_restored_and_the_timer_off(code):
    def mine(signum, frame):
        pass

    before = signal.signal(signal.SIGALRM, mine)
    try:
        try:
            with time_limit(LIMIT):
                code()
        except TimeLimitExceeded:
            pass
        assert signal.getsignal(signal.SIGALRM) is mine
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    finally:
        signal.signal(signal.SIGALRM, before)


def test_an_outer_limit_still_runs_after_an_inner_one():
    with time_limit(SOON):
        with time_limit(SOON / 2):
            time.sleep(LIMIT)
        left, _ = signal.getitimer(signal.ITIMER_REAL)
    assert 0 < left <= SOON - LIMIT


def test_outside_the_main_thread_slow_code_is_judged_at_its_end():
    caught = []

    def work():
        try:
            with time_limit(LIMIT):
                time.sleep(2 * LIMIT)
        except TimeLimitExceeded as error:
            caught.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert len(caught) == 1


def test_in_a_score_block_slow_code_costs_its_part_alone():
    with check.score(4) as s:
        with s.part(3, "slow"), time_limit(LIMIT):
            swallows_exceptions()
        with s.part(1, "fast"):
            check.value(1, 1)
    assert float(s) == 1.0
    assert s.parts[0].failures[0].code == "timeout"
    assert "0.05 s" in s.parts[0].failures[0].message
