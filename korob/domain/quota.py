"""Limits on how often a method is called: windows of the clock, and the words in which excess is refused."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from korob.domain.refusal import Refusal
from korob.domain.value import Value

Entity = tuple[str, int]
"""Who is counted, as a refusal names it: `("campaignId", 5)`."""
UNLIMITED: Final = 1_000_000_000
"""What a world without limits is told of its limits."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS: Final = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
_VERSION: Final = re.compile(r"^/v\d+(?=/)")


class Limit(Value, frozen=True):
    """What the operator set for a method of one business; what is None is as usual."""

    amount: int | None = None
    per: timedelta | None = None
    parallel: int | None = None


class Amount(Protocol):
    """How much of a method an entity may have."""

    @property
    def amount(self) -> int:
        """Units in each window."""

    @property
    def per(self) -> timedelta:
        """The window's length."""

    @property
    def parallel(self) -> int:
        """Requests in flight at once."""


class Limited(Protocol):
    """What the rules about limits need to know of a method."""

    @property
    def operation_id(self) -> str:
        """The method's name."""

    @property
    def path(self) -> str:
        """The path with its version, as the reference writes it."""

    @property
    def quota(self) -> Amount:
        """Its limits."""


class QuotaExceeded(Refusal):
    """More than the window's quota; the refused request costs nothing."""

    template = "Hit rate limit of {amount} requests per {period} for resource {resource} for {entity} {entity_id}"


class TooManyAtOnce(Refusal):
    """More requests in flight than an entity may have."""

    template = "Hit rate limit of {amount} parallel requests for {entity} {entity_id}"


def exceeded(entity: Entity, method: Limited) -> QuotaExceeded:
    """The refusal of a method's next call."""
    return QuotaExceeded(
        amount=method.quota.amount,
        period=period(method.quota.per),
        resource=resource(method.path),
        entity=entity[0],
        entity_id=entity[1],
    )


def window_end(moment: datetime, per: timedelta) -> datetime:
    """When the clock-aligned window around a moment ends; a moment on the boundary is in the window that starts."""
    return moment + per - (moment - _EPOCH) % per


def period(per: timedelta) -> str:
    """A window's length in the words of a refusal: `1 hour`, `2 minutes`."""
    seconds = int(per.total_seconds())
    size, word = next((size, word) for size, word in _UNITS if seconds % size == 0)
    return f"{seconds // size} {word}{'' if seconds == size else 's'}"


def resource(path: str) -> str:
    """A method's path in the words of a refusal: without the version, with `.json`."""
    return _VERSION.sub("", path) + ".json"
