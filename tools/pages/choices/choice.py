"""What a row of the page of fidelity says."""

from datetime import timedelta
from enum import StrEnum
from typing import Final, NamedTuple


class Fidelity(StrEnum):
    """How near a rule is to the Market's."""

    EXACT = "exact"
    CLOSE = "close"
    OURS = "ours"


class Choice(NamedTuple):
    """A rule; `because` is the page, method or schema that says so, or what speaks for it; `test` is in `tests/`."""

    topic: str
    what: str
    fidelity: Fidelity
    because: str
    test: str


Rows = tuple[tuple[str, Fidelity, str, str], ...]
"""Choices of one topic, without it."""

EXACT: Final = Fidelity.EXACT
CLOSE: Final = Fidelity.CLOSE
OURS: Final = Fidelity.OURS


def length(wait: timedelta) -> str:
    """A length of time in the largest unit that fits."""
    for unit, name in ((timedelta(days=1), "days"), (timedelta(hours=1), "hours"), (timedelta(minutes=1), "minutes")):
        if wait % unit == timedelta() and wait > unit:
            return f"{wait // unit} {name}"
    return f"{wait // timedelta(seconds=1)} seconds"
