"""Licences of outlets to sell alcohol."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Final

from korob.domain.refusal import Refusal
from korob.domain.value import Value

CHECK_TAKES: Final = timedelta(minutes=10)
"""How long the Market looks at a licence; ours, the Market's time is not published."""


class LicenseType(StrEnum):
    """What a licence is for (LicenseType)."""

    ALCOHOL = "ALCOHOL"
    UNKNOWN = "UNKNOWN"


class CheckStatus(StrEnum):
    """What the Market thinks of a licence (LicenseCheckStatusType)."""

    NEW = "NEW"
    SUCCESS = "SUCCESS"
    FAIL = "FAIL"
    REVOKE = "REVOKE"
    DONT_WANT = "DONT_WANT"
    FAIL_MANUAL = "FAIL_MANUAL"


class OutletLicense(Value, frozen=True):
    """A licence; its days are those of the outlet's calendar."""

    id: int
    outlet_id: int
    type: LicenseType
    number: str
    issued_on: date
    expires_on: date
    told_at: datetime


class LicenseNotFound(Refusal):
    """No outlet of the campaign has this licence."""

    template = "License not found: {license_id}"


class LicenseRepeated(Refusal):
    """The same licence stands twice in one request."""

    template = "Duplicate license {license_id}"


class NumberMissing(Refusal):
    """A licence has a number."""

    template = "License number must not be empty"


class DatesReversed(Refusal):
    """A licence expires after it was issued."""

    template = "License {number} expires on {expires_on}, before it is issued on {issued_on}"


def check(licenses: Sequence[OutletLicense], *, known: Collection[int], told: Collection[int]) -> None:
    """See that licences may be written down: those `told` with an id are among the `known` ones.

    Raises the refusals above.
    """
    if repeated := [id for id, times in Counter(told).items() if times > 1]:
        raise LicenseRepeated(license_id=repeated[0])
    if missing := sorted(set(told) - set(known)):
        raise LicenseNotFound(license_id=missing[0])
    for license in licenses:
        if not license.number.strip():
            raise NumberMissing
        if license.expires_on < license.issued_on:
            raise DatesReversed(number=license.number, issued_on=license.issued_on, expires_on=license.expires_on)


def day_there(moment: datetime, ahead: int) -> date:
    """The day of an outlet's calendar, whose clocks are so many hours ahead of UTC, at a moment."""
    return moment.astimezone(timezone(timedelta(hours=ahead))).date()


def status(license: OutletLicense, ahead: int, *, now: datetime) -> CheckStatus:
    """What the Market thinks of a licence by now: it is content with one that had not expired when it looked.

    The outlet's clocks, by whose days it expires, are so many hours ahead of UTC.
    """
    looked_at = license.told_at + CHECK_TAKES
    if now < looked_at:
        return CheckStatus.NEW
    return CheckStatus.FAIL if license.expires_on < day_there(looked_at, ahead) else CheckStatus.SUCCESS


def comment(status: CheckStatus) -> str | None:
    """Why a licence failed."""
    return "Срок действия лицензии истёк" if status is CheckStatus.FAIL else None
