"""What is written to stderr while a block runs is caught, whoever holds the stream and since when."""

import sys

import pytest

from coursekit.check.streams import captured_stderr


def test_what_is_printed_to_stderr_is_caught():
    with captured_stderr() as caught:
        print("noise", file=sys.stderr)
    assert caught.getvalue() == "noise\n"


@pytest.mark.parametrize("write", [lambda s: s.write("noise\n"), lambda s: print("noise", file=s)])
def test_a_reference_from_before_is_caught(capsys, write):
    before = sys.stderr
    with captured_stderr() as caught:
        write(before)
    assert caught.getvalue() == "noise\n"
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("error", [None, ValueError, KeyboardInterrupt])
def test_afterwards_stderr_writes_as_before(capsys, error):
    before = sys.stderr
    try:
        with captured_stderr():
            if error:
                raise error
    except BaseException:
        assert error is not None
    assert sys.stderr is before
    print("heard", file=sys.stderr)
    assert capsys.readouterr().err == "heard\n"


def test_after_an_inner_block_the_outer_one_still_catches_a_reference_from_before(monkeypatch, capsys):
    before = sys.stderr
    monkeypatch.setattr(sys, "__stderr__", before)  # as in a plain interpreter
    with captured_stderr() as outer:
        with captured_stderr():
            pass
        before.write("out")
    assert outer.getvalue() == "out"
    assert capsys.readouterr().err == ""


def test_a_stream_that_was_given_another_write_keeps_it(capsys):
    heard = []
    sys.stderr.write = heard.append
    try:
        with captured_stderr():
            pass
        sys.stderr.write("noise")
    finally:
        vars(sys.stderr).pop("write", None)
    assert heard == ["noise"]
