"""What the program says of itself, and what it never says."""

import json
import logging
from datetime import datetime

import asyncpg
import pytest

from korob import logs

TOKEN = f"ACMA:{'a' * 40}:0123abcd"


def a_record(message, *arguments, error=None):
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("korob.api", logging.WARNING, "", 0, message, arguments, info)


def raised(error, cause=None):
    try:
        raise error from cause
    except BaseException as caught:
        return caught


def test_a_line_for_people_says_when_how_bad_who_and_what():
    line = logs.Console(lambda: "8b05ba11").format(a_record("order %s is late", 7))

    moment, rest = line.split(" ", 1)
    assert datetime.fromisoformat(moment).tzinfo is not None
    assert rest == "WARNING korob.api: order 7 is late (trace 8b05ba11)"


def test_a_line_for_programs_is_an_object():
    line = json.loads(logs.Json(lambda: "8b05ba11").format(a_record("Ёлка", error=raised(KeyError("x")))))

    assert line.keys() == {"at", "level", "logger", "message", "process", "trace", "exception"}
    assert (line["message"], line["trace"], line["level"]) == ("Ёлка", "8b05ba11", "WARNING")
    assert line["exception"].endswith("builtins.KeyError: '…'")


def test_outside_of_calls_there_is_no_trace():
    assert "trace" not in json.loads(logs.Json().format(a_record("started")))


def test_an_event_is_one_line_whatever_was_in_it():
    line = logs.Console().format(a_record("no such path %s", "/\r\n2026 ERROR korob: hacked\x1b[2J\u2028"))

    assert line.splitlines() == [line]
    assert r"/\r\n2026 ERROR korob: hacked\x1b[2J\u2028" in line


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (f"key {TOKEN} of y0_{'b' * 40}", "key ACMA:aaaa*** of y0_***"),
        ("call +7 (999) 123-45-67 or +79991234567", "call +*** or +***"),
        ("order 50000000007 took 12345678901 ns", "order 50000000007 took 12345678901 ns"),
    ],
)
def test_tokens_and_phones_are_masked(message, shown):
    assert logs.said(a_record(message)) == shown


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (ValueError("bad name 'Анна \\' Ли', \"Ольга\" of 'Пётр"), "builtins.ValueError: bad name '…', '…' of '…'"),
        (KeyError("Анна"), "builtins.KeyError: '…'"),
        (AssertionError("first\nAnna"), "builtins.AssertionError: first"),
        (
            asyncpg.UniqueViolationError('duplicate key violates "one_live_key"\nDETAIL:  Key (name)=(Анна) exists.'),
            'asyncpg.exceptions.UniqueViolationError: duplicate key violates "one_live_key"',
        ),
        (RuntimeError(f"of {TOKEN}"), "builtins.RuntimeError: of ACMA:aaaa***"),
    ],
)
def test_what_an_exception_quotes_is_left_out(error, shown):
    assert logs.told(a_record("", error=raised(error)))[-1] == shown


def test_an_exception_is_told_with_those_that_led_to_it_and_those_in_it():
    inner = raised(KeyError("x"))
    both = raised(ExceptionGroup("two", [raised(ValueError("one")), raised(TypeError("other"))]), inner)

    lines = logs.told(a_record("", error=both))

    kinds = [line.split(":")[0].strip(" |") for line in lines if "File" not in line]
    assert kinds == ["builtins.KeyError", "builtins.ExceptionGroup", "builtins.ValueError", "builtins.TypeError"]
    assert any("test_logs.py" in line and "in raised" in line for line in lines)
