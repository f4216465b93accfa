"""The bodies of the sandbox's API."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Raw, UnsetType

from korob.api import spell_v2
from korob.contract.campaigns import PlacementType
from korob.contract.query import Query
from korob.contract.wire import Answer, Int64, Moment, Request
from korob.domain.campaign import Campaign
from korob.domain.notification import NotificationType
from korob.domain.words import CodeStatus, CodeSubstatus, Model
from korob.operator.wire import DeadlineAnswer

CodeText = Annotated[str, Meta(min_length=1, max_length=256)]

WAIT_MAX = 30
"""Seconds that a question for notifications may wait for them."""


class NewWorld(Request, frozen=True):
    """A world to make: ids follow from the seed, the clock runs from `now`; without limits quotas are out of reach.

    A clock that begins frozen makes tests exact to the microsecond.
    """

    seed: Int64 | None = None
    now: Moment | None = None
    limits: bool = True
    frozen: bool = False


class WorldCampaign(Answer, frozen=True):
    """A campaign of a world."""

    id: Int64
    placement_type: PlacementType
    express: bool
    warehouse_id: Int64


class NewWorldAnswer(Answer, frozen=True):
    """A world that was just made; its tokens are not shown again."""

    id: Int64
    business_id: Int64
    seed: Int64
    api_key: str
    operator_token: str
    now: Moment
    campaigns: tuple[WorldCampaign, ...]


class WorldAnswer(Answer, frozen=True):
    """A world as it stands."""

    id: Int64
    business_id: Int64
    seed: Int64
    limits: bool
    now: Moment
    frozen: bool


class WorldInFull(WorldAnswer, frozen=True):
    """A world with its campaigns."""

    campaigns: tuple[WorldCampaign, ...]


class WorldsAnswer(Answer, frozen=True):
    """All worlds."""

    worlds: tuple[WorldAnswer, ...]


class ClockWish(Request, frozen=True):
    """One of four wishes: let time pass, for so long, until a moment, or to the next deadline; or stop or start it."""

    advance: Annotated[str, Meta(extra_json_schema={"format": "duration"})] | None = None
    to: Moment | None = None
    next: bool | None = None
    frozen: bool | None = None


class ClockAnswer(Answer, frozen=True):
    """What a clock shows, and how many deadlines were acted on; `failed` are orders that tripped over a bug of ours."""

    now: Moment
    frozen: bool
    ran: int
    failed: tuple[int, ...] | UnsetType = UNSET


class CodeRule(Request, frozen=True, forbid_unknown_fields=True):
    """What the code authority answers about the codes that a rule fits: about every code if nothing is named.

    A code is named by its `type`, the whole `value` (with its tail or without) or a `prefix` of it, and the `offerId`
    of its goods. The answer is `status`, for INVALID and for a FAILED UIN with a `substatus`; without a status the
    code's structure decides. It comes after `delay`, an ISO 8601 duration, 5 seconds unless given, or `never`.
    """

    type: Literal["CIS", "UIN"] | None = None
    value: CodeText | None = None
    prefix: CodeText | None = None
    offer_id: CodeText | None = None
    status: CodeStatus | None = None
    substatus: CodeSubstatus | None = None
    delay: Annotated[str, Meta(max_length=100, examples=["PT30S", "PT0S", "never"])] | None = None


class CodeRules(Request, frozen=True, forbid_unknown_fields=True):
    """Rules of the code authority. The first that fits holds for a code from the moment it is handed in."""

    rules: tuple[CodeRule, ...]


class AuthorityAnswer(Answer, frozen=True, omit_defaults=False):
    """The rules of the code authority, in the order in which they are tried."""

    rules: tuple[CodeRule, ...]


class DeadlinesAnswer(Answer, frozen=True):
    """The deadlines of a world, soonest first."""

    deadlines: tuple[DeadlineAnswer, ...]


class NotificationsQuery(Query, frozen=True, forbid_unknown_fields=True):
    """Which notifications; with `waitSeconds` the answer waits until there is one, of the type `waitFor` if given."""

    type: NotificationType | None = None
    order_id: Int64 | None = None
    after: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0
    wait_for: NotificationType | None = None
    wait_seconds: Annotated[float, Meta(ge=0, le=WAIT_MAX)] = 0


class NotificationAnswer(Answer, frozen=True):
    """What a seller was to be told, and how often that was tried. `trace` is that of the call that caused it."""

    id: Int64
    type: str
    campaign_id: Int64
    at: Moment
    body: Raw
    trace: str
    attempts: int


class NotificationsAnswer(Answer, frozen=True):
    """Notifications, oldest first."""

    notifications: tuple[NotificationAnswer, ...]


def campaign(shown: Campaign) -> WorldCampaign:
    """A campaign of a world as this API shows it."""
    return WorldCampaign(shown.id, spell_v2.PLACEMENT[shown.model], shown.model is Model.EXPRESS, shown.warehouse_id)
