"""How much of an offer there is: on the shelf, held by orders, left to be ordered."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from korob.domain.refusal import Refusal
from korob.domain.value import Value

OLD_AFTER: Final = timedelta(hours=24)
"""A count may be told for a moment as long ago as this (updateStocks)."""
ENDLESS: Final = 2_000_000_000
"""What is shown of a shelf that has no end: as much as can be told of any."""
SALES_WINDOW: Final = timedelta(days=120)
"""The days whose sales tell how fast a shelf empties."""


class StockType(StrEnum):
    """A kind of stock (WarehouseStockType); the first three are what we keep count of."""

    FIT = "FIT"
    """Good for sale: what is left to be ordered and what orders hold."""
    FREEZE = "FREEZE"
    """Held by orders."""
    AVAILABLE = "AVAILABLE"
    """Left to be ordered."""
    QUARANTINE = "QUARANTINE"
    UTILIZATION = "UTILIZATION"
    DEFECT = "DEFECT"
    EXPIRED = "EXPIRED"


class Turnover(StrEnum):
    """How fast goods at the Market's warehouses are sold (TurnoverType)."""

    LOW = "LOW"
    ALMOST_LOW = "ALMOST_LOW"
    HIGH = "HIGH"
    VERY_HIGH = "VERY_HIGH"
    NO_SALES = "NO_SALES"
    FREE_STORE = "FREE_STORE"
    """Nothing is charged for storing, so nothing is reckoned."""


DAYS_AT_LEAST: Final = ((120, Turnover.LOW), (100, Turnover.ALMOST_LOW), (45, Turnover.HIGH), (0, Turnover.VERY_HIGH))
"""A shelf that lasts so many days at the pace of its sales, or more."""


class Count(Value, frozen=True):
    """What somebody counted on the shelf, at some moment; None: there is no end of it."""

    offer_id: str
    count: int | None
    at: datetime


class StockLevel(Value, frozen=True):
    """An offer's stock: the last count, and what has happened to the shelf since."""

    offer_id: str
    counted: int | None
    counted_at: datetime | None
    """None while nobody has told a count."""
    gone: int
    """Units that left the shelf since the count."""
    held: int
    """Units that orders hold."""
    sold: int
    """Units that left the shelf in the days of SALES_WINDOW."""

    @property
    def fit(self) -> int:
        """Units on the shelf; an offer that was shipped more often than it was counted has none."""
        return ENDLESS if self.counted is None else max(0, self.counted - self.gone)

    @property
    def freeze(self) -> int:
        """Units on the shelf that orders hold."""
        return max(0, self.held)

    @property
    def available(self) -> int:
        """Units left to be ordered: none where orders hold more than was counted."""
        return max(0, self.fit - self.freeze)

    @property
    def lasts_days(self) -> float | None:
        """For how many days the shelf lasts at the pace of its sales; None if nobody can tell."""
        if self.counted is None or not self.sold:
            return None
        return round(self.fit * SALES_WINDOW.days / self.sold, 2)

    @property
    def turnover(self) -> Turnover:
        """How fast the offer is sold."""
        if self.counted is None:
            return Turnover.FREE_STORE
        days = self.lasts_days
        if days is None:
            return Turnover.NO_SALES
        return next(turnover for least, turnover in DAYS_AT_LEAST if days >= least)


class OfferRepeated(Refusal):
    """An offer is counted twice in one request."""

    template = "Duplicate shop-sku {sku} for warehouse {warehouse_id}"

    @property
    def sentences(self) -> tuple[str, ...]:
        """One for each offer."""
        return _each(self)


class CountFromTheFuture(Refusal):
    """A count is told for a moment that has not come yet."""

    template = "Stock for {sku} should not be in the future"

    @property
    def sentences(self) -> tuple[str, ...]:
        """One for each offer."""
        return _each(self)


class CountTooOld(Refusal):
    """A count is told for a moment more than a day ago."""

    template = "Stock for {sku} should not be older than a day"

    @property
    def sentences(self) -> tuple[str, ...]:
        """One for each offer."""
        return _each(self)


def check(counts: Sequence[Count], *, warehouse_id: int, now: datetime) -> None:
    """See that counts may be told (updateStocks). Raises the refusals above."""
    if repeated := [sku for sku, times in Counter(count.offer_id for count in counts).items() if times > 1]:
        raise OfferRepeated(skus=repeated, warehouse_id=warehouse_id)
    if early := [count.offer_id for count in counts if count.at > now]:
        raise CountFromTheFuture(skus=early)
    if late := [count.offer_id for count in counts if now - count.at > OLD_AFTER]:
        raise CountTooOld(skus=late)


def _each(refusal: Refusal) -> tuple[str, ...]:
    facts = {name: fact for name, fact in refusal.facts.items() if name != "skus"}
    return tuple(refusal.template.format(sku=sku, **facts) for sku in refusal.facts["skus"])
