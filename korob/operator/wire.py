"""The bodies of the operator's API, but for an order to place."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from korob.api import spell_v2
from korob.contract.campaigns import PlacementType
from korob.contract.envelope import ApiErrorDTO
from korob.contract.order_v2 import OrderDTO
from korob.contract.query import Query
from korob.contract.wire import Amount, Answer, Int64, IsoDay, Moment, Request, check_calendar
from korob.domain.campaign import Campaign, Scope
from korob.domain.change import Event
from korob.domain.words import (
    Actor,
    ApiAvailability,
    CodeStatus,
    CodeSubstatus,
    Currency,
    InstanceType,
    Model,
    OperationStatus,
    OperationType,
    Status,
    Substatus,
)

Name = Annotated[str, Meta(min_length=1, max_length=100)]


class NewBusiness(Request, frozen=True):
    """A business to make; `yandexGo` for a seller of Market Yandex Go."""

    name: Name
    yandex_go: bool = False


class NewCampaign(Request, frozen=True):
    """A campaign to open. Express is FBS with `express`.

    Without `cisGate` its orders need not wait for their mandatory CIS before READY_TO_SHIP, only for UINs.
    """

    name: Name
    placement_type: PlacementType
    express: bool = False
    cis_gate: bool = True


class NewKey(Request, frozen=True):
    """An Api-Key to issue, with scopes as the documentation spells them."""

    name: Name
    scopes: tuple[Scope, ...]


class KeyEdit(Request, frozen=True, forbid_unknown_fields=True):
    """What is to become of an Api-Key; what is absent stays."""

    name: Name | None = None
    scopes: tuple[Scope, ...] | None = None


class NewOAuthToken(Request, frozen=True):
    """An OAuth token to issue; it has no scopes, and opens everything."""

    name: Name


class CampaignEdit(Request, frozen=True, forbid_unknown_fields=True):
    """What is to become of a campaign; what is absent stays.

    `apiAvailability` says whether it can be worked on through the API, `cisGate` whether its orders, those that are
    there too, wait for their mandatory CIS before READY_TO_SHIP.
    """

    api_availability: ApiAvailability | None = None
    cis_gate: bool | None = None


class BusinessAnswer(Answer, frozen=True):
    """A business; `businessId` is its id as other bodies name it."""

    id: Int64
    business_id: Int64
    name: str
    created_at: Moment
    yandex_go: bool = False


class BusinessesQuery(Query, frozen=True, forbid_unknown_fields=True):
    """Which page of businesses: those with ids above `after`."""

    after: Int64 = 0
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class BusinessesAnswer(Answer, frozen=True):
    """Businesses, by their ids."""

    businesses: tuple[BusinessAnswer, ...]


class CampaignAnswer(Answer, frozen=True):
    """A campaign with its warehouse."""

    id: Int64
    business_id: Int64
    name: str
    placement_type: PlacementType
    express: bool
    api_availability: ApiAvailability
    warehouse_id: Int64
    cis_gate: bool


class CampaignsAnswer(Answer, frozen=True):
    """The campaigns of a business."""

    campaigns: tuple[CampaignAnswer, ...]


class NewKeyAnswer(Answer, frozen=True):
    """A key that was just issued; its token is not shown again."""

    id: Int64
    name: str
    scopes: tuple[Scope, ...]
    token: str


class KeyAnswer(Answer, frozen=True):
    """A key on file; `prefix` is the beginning of its token."""

    id: Int64
    name: str
    scopes: tuple[Scope, ...]
    prefix: str
    created_at: Moment
    last_used_at: Moment | None = None
    revoked_at: Moment | None = None


class KeysAnswer(Answer, frozen=True):
    """The keys that a business has and had."""

    api_keys: tuple[KeyAnswer, ...]


class NewOAuthTokenAnswer(Answer, frozen=True):
    """An OAuth token that was just issued; it is not shown again."""

    id: Int64
    name: str
    token: str


class OAuthTokenAnswer(Answer, frozen=True):
    """An OAuth token on file; `prefix` is its beginning."""

    id: Int64
    name: str
    prefix: str
    created_at: Moment
    last_used_at: Moment | None = None
    revoked_at: Moment | None = None


class OAuthTokensAnswer(Answer, frozen=True):
    """The OAuth tokens that a business has and had."""

    oauth_tokens: tuple[OAuthTokenAnswer, ...]


class OrderAnswer(Answer, frozen=True):
    """An order as sellers read it."""

    order: OrderDTO


class HistoryEntry(Answer, frozen=True):
    """One version of an order: who made it of the one before, and what came of it."""

    version: int
    at: Moment
    actor: Actor
    act: str
    status: Status
    substatus: Substatus
    events: tuple[Event, ...]


class Waiting(Answer, frozen=True):
    """A deadline of an order, and what becomes of it when nobody acts."""

    kind: str
    actor: Actor
    due_at: Moment
    outcome: str


class DeadlineAnswer(Answer, frozen=True):
    """What an order waits for, and what becomes of it when nobody acts."""

    campaign_id: Int64
    order_id: Int64
    kind: str
    actor: Actor
    due_at: Moment
    outcome: str


class DeadlinesQuery(Query, frozen=True, forbid_unknown_fields=True):
    """How many deadlines, and none later than `until`."""

    until: Moment | None = None
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100

    def __post_init__(self) -> None:
        check_calendar(self.until)


class DeadlinesOfCampaign(Answer, frozen=True, omit_defaults=False):
    """The soonest deadlines of a campaign; `more` if there are later ones."""

    deadlines: tuple[DeadlineAnswer, ...]
    more: bool


class RefundEntry(Answer, frozen=True):
    """Money that goes back to the buyer: `itemId` is absent for the delivery, `dueAt` until the order ships."""

    count: int
    amount: Amount
    currency: Currency
    reason: str
    state: str
    """WAITING for the order to ship, SCHEDULED or PAID."""
    item_id: Int64 | None = None
    due_at: Moment | None = None
    paid_at: Moment | None = None


class CodeEntry(Answer, frozen=True):
    """A marking code at the authority."""

    item_id: Int64
    type: InstanceType
    value: str
    status: CodeStatus
    substatus: CodeSubstatus | None = None
    due_at: Moment | None = None


class OperationEntry(Answer, frozen=True):
    """An asynchronous change, and how far it has come."""

    id: str
    type: OperationType
    status: OperationStatus
    at: Moment


class CourierCode(Answer, frozen=True, omit_defaults=False):
    """What an Express courier tells the seller, and how often the seller may still be wrong about it."""

    code: str
    attempts_left: int
    accepted: bool


class MailedKeys(Answer, frozen=True):
    """Keys of one position, as handed in."""

    item_id: Int64
    codes: tuple[str, ...]
    slip: str
    activate_till: IsoDay


class MailingEntry(Answer, frozen=True):
    """Keys that the Market mails to the buyer, and when it has."""

    due_at: Moment
    keys: tuple[MailedKeys, ...]


class OrderInFull(Answer, frozen=True, omit_defaults=False):
    """All that is known of an order."""

    order: OrderDTO
    history: tuple[HistoryEntry, ...]
    deadlines: tuple[Waiting, ...]
    refunds: tuple[RefundEntry, ...]
    codes: tuple[CodeEntry, ...]
    operations: tuple[OperationEntry, ...]
    courier_code: CourierCode | UnsetType = UNSET
    """Of an Express order only."""
    mailing: MailingEntry | UnsetType = UNSET
    """Of digital goods whose keys were handed in only."""


class ActBody(Request, frozen=True, forbid_unknown_fields=True):
    """An act, and what may be told with it: a reason to cancel, the authority's answer about a code or all, or the id
    of an operation.
    """

    actor: Actor
    act: Name
    substatus: Name | None = None
    status: Name | None = None
    value: Annotated[str, Meta(max_length=1000)] | None = None


class Possible(Answer, frozen=True):
    """An act that an actor can do now."""

    actor: Actor
    act: str


class ActAnswer(Answer, frozen=True, omit_defaults=False):
    """The order after an act, and what happened."""

    order: OrderDTO
    events: tuple[Event, ...]


class NotPossible(Answer, frozen=True, tag_field="status", tag="ERROR", omit_defaults=False):
    """Why an act is not possible, and which ones are."""

    errors: tuple[ApiErrorDTO, ...]
    possible: tuple[Possible, ...]


def campaign(shown: Campaign) -> CampaignAnswer:
    """A campaign as this API shows it."""
    return CampaignAnswer(
        id=shown.id,
        business_id=shown.business_id,
        name=shown.name,
        placement_type=spell_v2.PLACEMENT[shown.model],
        express=shown.model is Model.EXPRESS,
        api_availability=shown.availability,
        warehouse_id=shown.warehouse_id,
        cis_gate=shown.cis_gate,
    )
