"""One call of a method: what came in, made into values, and what a handler may use."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from korob.api import errors
from korob.contract.method import Method
from korob.domain.campaign import Campaign, Key
from korob.store.database import Database
from korob.store.ids import Ids
from korob.store.keys import Keys
from korob.store.orders import OrderKey, Orders
from korob.store.quotas import Quotas


@dataclass(slots=True)
class Services:
    """What the fronts are given by the wiring."""

    database: Database
    orders: Orders
    ids: Ids
    keys: Keys
    quotas: Quotas
    settings: Any
    operation_delay: timedelta = timedelta(seconds=3)
    """How long an asynchronous change takes, in the business's time."""


class Call:
    """A call that passed every check up to the entity. `now` is the business's time, `epoch` its clock's setting."""

    __slots__ = (
        "body",
        "business_id",
        "campaign",
        "campaigns",
        "epoch",
        "ids",
        "key",
        "method",
        "now",
        "order_id",
        "query",
        "services",
    )

    method: Method
    services: Services
    key: Key
    campaigns: dict[int, Campaign]
    """Every campaign of the business by its id."""
    business_id: int
    campaign: Campaign | None
    """The campaign of the path, if there is one in it."""
    ids: dict[str, int]
    """The ids in the path by their names, for a method that is not about an order."""
    order_id: int
    query: Any
    body: Any
    now: datetime
    epoch: int

    @property
    def own_campaign(self) -> Campaign:
        """The campaign of the path, for a method that has one there."""
        assert self.campaign is not None  # noqa: S101
        return self.campaign

    def order_key(self, order_id: int | None = None) -> OrderKey:
        """The key of the order in the path, or of another one of its campaign."""
        assert self.campaign is not None  # noqa: S101
        return OrderKey(self.business_id, self.campaign.id, self.order_id if order_id is None else order_id, self.epoch)

    def check_own(self, campaign_ids: Iterable[int]) -> None:
        """See that campaigns named beside the path are the business's. Raises AnswerError."""
        foreign = [campaign_id for campaign_id in campaign_ids if campaign_id not in self.campaigns]
        if foreign:
            raise errors.no_access(foreign)


Handler = Callable[[Call], Awaitable[Any]]
"""Makes values of a call, calls one action, spells its outcome: an answer struct, or None for an empty body."""
