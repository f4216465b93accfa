"""One call of a method: what came in, made into values, and what a handler may use."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from korob.api import errors
from korob.config import Settings
from korob.contract.method import Method, Quota
from korob.domain.authority import OWN, Authority
from korob.domain.campaign import Campaign, Key
from korob.domain.quota import Entity
from korob.store.database import Database
from korob.store.ids import Ids
from korob.store.keys import Found, Keys
from korob.store.orders import OrderKey, Orders
from korob.store.quotas import Exceeded, Quotas, Taken
from korob.store.rehearsal import RehearsedDatabase, RehearsedIds, RehearsedOrders

if TYPE_CHECKING:
    from korob.api.journal import Journal
    from korob.api.tracing import Traces


@dataclass(slots=True)
class Services:
    """What the fronts are given by the wiring."""

    database: Database
    orders: Orders
    ids: Ids
    keys: Keys
    quotas: Quotas
    settings: Settings
    operation_delay: timedelta = timedelta(seconds=3)
    """How long an asynchronous change takes, in the business's time."""
    authority: Authority = OWN
    """Who checks codes outside of worlds."""
    journal: "Journal | None" = None
    """Where calls are noted; None if nobody wants a log."""
    traces: "Traces | None" = None
    """Where spans go; None if nobody wants them."""


NOWHERE: Final = Method(
    operation_id="unknown",
    verb="",
    path="",
    family="",
    summary="Where a path leads that leads nowhere",
    models=frozenset(),
    scopes=frozenset(),
    quota=Quota(0),
)


class Call:
    """A call, as far as it has come. A handler gets one that passed every check up to the entity.

    `now` is the business's time, `epoch` its clock's setting.
    """

    __slots__ = (
        "body",
        "business_id",
        "campaign",
        "campaigns",
        "entity",
        "epoch",
        "found",
        "ids",
        "is_shut",
        "key",
        "may_be_done",
        "method",
        "now",
        "order_id",
        "query",
        "raw",
        "rehearses",
        "services",
        "taken",
    )

    method: Method
    services: Services
    found: Found | None
    """What the token opens, None until it was looked up."""
    key: Key
    campaigns: dict[int, Campaign]
    """Every campaign of the business by its id."""
    business_id: int
    campaign: Campaign | None
    """The campaign of the path, if there is one in it."""
    entity: Entity | None
    """What its quota is counted for, None until that is known."""
    ids: dict[str, int]
    """The ids in the path by their names, for a method that is not about an order."""
    order_id: int | None
    taken: Taken | Exceeded | None
    """What its quota said, None until it was asked."""
    rehearses: bool
    """Everything is checked and answered, and nothing is saved."""
    is_shut: bool
    """It was refused because the API is switched off: the log must not have it."""
    may_be_done: bool
    """The database broke off amid its writing, and nobody can tell whether it is done."""
    query: Any
    raw: bytes
    """The body as it came."""
    body: Any
    now: datetime
    epoch: int

    def __init__(self, services: Services) -> None:
        self.services = services
        self.method = NOWHERE
        self.found = self.campaign = self.entity = self.order_id = self.taken = None
        self.rehearses = self.is_shut = self.may_be_done = False
        self.raw = b""

    @property
    def name(self) -> str:
        """The method's name, as logs and metrics have it."""
        return self.method.operation_id

    def opened_by(self, found: Found) -> None:
        """Go on with what a token opens."""
        self.found = found
        self.key = found.key
        self.campaigns = found.campaigns
        self.business_id = found.key.business_id

    def looked_up_again(self, found: Found) -> None:
        """Go on with what the token opens by now: its campaigns may be switched otherwise."""
        self.opened_by(found)
        if self.campaign is not None:
            self.campaign = found.campaigns.get(self.campaign.id, self.campaign)

    def rehearse(self) -> None:
        """Go on without leaving a trace."""
        self.rehearses = True
        services = self.services
        self.services = replace(
            services,
            database=RehearsedDatabase(services.database),
            orders=RehearsedOrders(services.orders),
            ids=RehearsedIds(services.ids),
        )

    @property
    def own_campaign(self) -> Campaign:
        """The campaign of the path, for a method that has one there."""
        assert self.campaign is not None  # noqa: S101
        return self.campaign

    @property
    def authority(self) -> Authority:
        """Who checks the codes of this business."""
        own = self.found.authority if self.found else None
        return self.services.authority if own is None else own

    def order_key(self, order_id: int | None = None) -> OrderKey:
        """The key of the order in the path, or of another one of its campaign."""
        wanted = self.order_id if order_id is None else order_id
        assert wanted is not None  # noqa: S101
        return OrderKey(self.business_id, self.own_campaign.id, wanted, self.epoch)

    def check_own(self, campaign_ids: Iterable[int]) -> None:
        """See that campaigns named beside the path are the business's. Raises AnswerError."""
        foreign = [campaign_id for campaign_id in campaign_ids if campaign_id not in self.campaigns]
        if foreign:
            raise errors.no_access(foreign)


Handler = Callable[[Call], Awaitable[Any]]
"""Makes values of a call, calls one action, spells its outcome: an answer struct, or None for an empty body."""
