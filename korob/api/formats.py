"""Moments, days and times as the wire writes them: in Moscow, day first in v2, ISO in everything newer."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Final

from korob.domain.moscow import MOSCOW

AHEAD: Final = MOSCOW.utcoffset(None)
TWO_DIGITS: Final = tuple(f"{number:02}" for number in range(60))


def day_first_moment(moment: datetime) -> str:
    """`DD-MM-YYYY HH:MM:SS`."""
    there = _moscow(moment)
    return f"{day_first(there.date())} {_time_of(there)}"


def iso_moment(moment: datetime) -> str:
    """`YYYY-MM-DDTHH:MM:SS+03:00`."""
    there = _moscow(moment)
    return f"{iso_day(there.date())}T{_time_of(there)}+03:00"


@lru_cache(maxsize=1024)
def day_first(day: date) -> str:
    """`DD-MM-YYYY`."""
    iso = day.isoformat()
    return f"{iso[8:]}-{iso[5:7]}-{iso[:4]}"


@lru_cache(maxsize=1024)
def hour_minute(moment: time) -> str:
    """`HH:MM`."""
    return moment.isoformat("minutes")


@lru_cache(maxsize=1024)
def hour_minute_second(moment: time) -> str:
    """`HH:MM:SS`."""
    return moment.isoformat("seconds")


@lru_cache(maxsize=1024)
def iso_day(day: date) -> str:
    """`YYYY-MM-DD`."""
    return day.isoformat()


# Orders are read more often than anything else, and strftime with zones would be a third of what it takes.
def _moscow(moment: datetime) -> datetime:
    return (moment if moment.tzinfo is UTC else moment.astimezone(UTC)) + AHEAD


def _time_of(moment: datetime) -> str:
    return f"{TWO_DIGITS[moment.hour]}:{TWO_DIGITS[moment.minute]}:{TWO_DIGITS[moment.second]}"
