"""ISO 8601 durations of a fixed length: weeks, days, hours, minutes and seconds."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Final

import msgspec

from korob.api import errors


def parse(text: str, name: str = "advance") -> timedelta:
    """The duration in a field; a fraction may stand in any part, after a point or a comma. 400 for anything else."""
    match = _FORM.fullmatch(text)
    if match is None:
        if _CALENDAR.fullmatch(text):
            raise errors.bad_request(
                f"Years and months have no fixed length, say days instead (rejected value: {text})"
            )
        raise errors.bad_request(f"{name} must be an ISO 8601 duration like PT48H (rejected value: {text})")
    sign = -1 if text.startswith("-") else 1
    seconds = sum(
        Decimal(number.replace(",", ".")) * _SECONDS[unit] for unit, number in match.groupdict().items() if number
    )
    try:
        return sign * timedelta(microseconds=int(seconds * 1_000_000))
    except OverflowError:
        raise errors.bad_request(f"{name} is too long (rejected value: {text})") from None


def spelt(duration: timedelta) -> str:
    """The duration as ISO 8601 has it, in days and seconds."""
    return str(msgspec.to_builtins(duration)) if duration else "PT0S"


_NUMBER: Final = r"\d{1,12}(?:[.,]\d{1,9})?"
_FORM: Final = re.compile(
    rf"[+-]?P(?=[\dT])(?:(?P<w>{_NUMBER})W)?(?:(?P<d>{_NUMBER})D)?"
    rf"(?:T(?=\d)(?:(?P<h>{_NUMBER})H)?(?:(?P<m>{_NUMBER})M)?(?:(?P<s>{_NUMBER})S)?)?",
    re.ASCII,
)
_CALENDAR: Final = re.compile(r"[+-]?P[\d.,YMWDTHS]+", re.ASCII)
_SECONDS: Final = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
