"""What everything on the wire is made of: the two kinds of bodies and the scalars that the contract declares."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final

from msgspec import Meta, Struct

INT32_MAX: Final = 2**31 - 1
INT64_MAX: Final = 2**63 - 1

Int32 = Annotated[int, Meta(ge=-INT32_MAX - 1, le=INT32_MAX)]
Int64 = Annotated[int, Meta(ge=-INT64_MAX - 1, le=INT64_MAX)]
Positive = Annotated[int, Meta(ge=1, le=INT64_MAX)]
"""An int64 of at least 1: ids of campaigns, businesses, pickup points."""

Moment = Annotated[datetime, Meta(tz=True)]
"""ISO 8601 with an offset; a moment that nobody can place on the time line is refused."""

Amount = Decimal
"""Money going out: a JSON number with a fraction."""

MoscowMoment = Annotated[str, Meta(extra_json_schema={"format": "date-dd-MM-yyyy-HH-mm-ss"})]
"""`DD-MM-YYYY HH:MM:SS`, three hours ahead of UTC."""
DayFirst = Annotated[str, Meta(extra_json_schema={"format": "date-dd-MM-yyyy"})]
"""`DD-MM-YYYY`."""
IsoMoment = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
IsoDay = Annotated[str, Meta(extra_json_schema={"format": "date"})]
ClockTime = Annotated[str, Meta(extra_json_schema={"pattern": "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"})]
"""`HH:MM`, in v2 delivery dates `HH:MM:SS`, in Moscow. The contract says `format: time`, which would need an offset."""


class Request(Struct, rename="camel", frozen=True, omit_defaults=True, gc=False):
    """A body or an object of a body coming in. Unknown fields are ignored; `null` is the same as absent."""


class Answer(Struct, rename="camel", frozen=True, omit_defaults=True, gc=False):
    """A body or an object of a body going out. What is absent is left out: never `null`, never an empty list."""


class OkAnswer(Answer, frozen=True, tag_field="status", tag="OK"):
    """An answer in the envelope that begins with `"status":"OK"`."""


def matching(pattern: str, *, min_length: int | None = None, max_length: int | None = None) -> Meta:
    """Text of a published pattern. Python's `$` would let a line break pass at the end, so it is tightened."""
    return Meta(pattern=pattern.removesuffix("$") + r"\Z", min_length=min_length, max_length=max_length)


def published(pattern: str) -> str:
    """A pattern as it was before it was tightened."""
    return pattern.removesuffix(r"\Z") + "$" if pattern.endswith(r"\Z") else pattern


def one_of(words: Iterable[str]) -> Meta:
    """Text that is one of these words, for a field that knows fewer than the enumeration that fills it."""
    return Meta(extra_json_schema={"enum": [str(word) for word in words]})


def unique(*, min_length: int | None = None, max_length: int | None = None) -> Meta:
    """A list that holds nothing twice. Structs with such a list call `check_unique` when they are made."""
    return Meta(
        min_length=min_length,
        max_length=max_length,
        extra={"unique": True},
        extra_json_schema={"uniqueItems": True},
    )


def check_unique(*lists: Sequence[Any] | None) -> None:
    """Raise ValueError, which the decoder makes a fault of, if one of the lists holds something twice."""
    for values in lists:
        if values is not None and len(set(values)) != len(values):
            raise ValueError("elements must be unique")


def check_calendar(*days: date | None) -> None:
    """Raise ValueError for days so far out that no zone or window can be added to them any more."""
    for day in days:
        if day is not None and not 1 < day.year < 9999:
            raise ValueError("the year is out of range")


HourMinute = Annotated[str, matching("^([0-1][0-9]|2[0-3]):[0-5][0-9]$")]
"""`HH:MM` coming in."""
