"""Who is told of what, how often it is tried, and what counts as an answer (spec: notifications, 1 to 5)."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final, NamedTuple

import msgspec
from msgspec import Meta

from korob.domain.refusal import Refusal
from korob.domain.value import Value


class NotificationType(StrEnum):
    """What a notification tells of."""

    PING = "PING"
    ORDER_CREATED = "ORDER_CREATED"
    ORDER_UPDATED = "ORDER_UPDATED"
    ORDER_STATUS_UPDATED = "ORDER_STATUS_UPDATED"
    ORDER_CANCELLED = "ORDER_CANCELLED"
    ORDER_CANCELLATION_REQUEST = "ORDER_CANCELLATION_REQUEST"
    ORDER_RETURN_CREATED = "ORDER_RETURN_CREATED"
    ORDER_RETURN_STATUS_UPDATED = "ORDER_RETURN_STATUS_UPDATED"
    ORDER_LINE_SERVICE_STATUS_UPDATED = "ORDER_LINE_SERVICE_STATUS_UPDATED"
    GOODS_FEEDBACK_CREATED = "GOODS_FEEDBACK_CREATED"
    GOODS_FEEDBACK_COMMENT_CREATED = "GOODS_FEEDBACK_COMMENT_CREATED"
    CHAT_CREATED = "CHAT_CREATED"
    CHAT_MESSAGE_SENT = "CHAT_MESSAGE_SENT"
    CHAT_ARBITRAGE_STARTED = "CHAT_ARBITRAGE_STARTED"
    CHAT_ARBITRAGE_FINISHED = "CHAT_ARBITRAGE_FINISHED"
    QUESTION_CREATED = "QUESTION_CREATED"
    QUESTION_ANSWER_CREATED = "QUESTION_ANSWER_CREATED"
    QUESTION_COMMENT_CREATED = "QUESTION_COMMENT_CREATED"


CAMPAIGN_TYPES: Final = frozenset(kind for kind in NotificationType if kind.startswith("ORDER_"))
"""What a campaign can be told of by itself."""
BUSINESS_TYPES: Final = frozenset(NotificationType) - {NotificationType.PING}
"""What a business can be told of, for all its campaigns. PING is nobody's choice."""


class SubscriptionState(StrEnum):
    """Whether a subscription gets anything."""

    ENABLED = "ENABLED"
    PAUSED = "PAUSED"
    """What happens waits until it is enabled again."""
    DISABLED = "DISABLED"
    """By its owner: what happens is not kept for it."""
    SWITCHED_OFF = "SWITCHED_OFF"
    """By the Market, after its target failed for too long."""


LISTENING: Final = frozenset({SubscriptionState.ENABLED, SubscriptionState.PAUSED})
"""States in which what happens is kept for the subscription."""


class DeliveryState(StrEnum):
    """How far a notification has come on its way to one subscription."""

    WAITING = "WAITING"
    DELIVERED = "DELIVERED"
    REFUSED = "REFUSED"
    """Answered with 400, which is final."""
    DROPPED = "DROPPED"
    """Given up, because the ladder or the subscription ended."""


class Subscription(Value, frozen=True):
    """Somebody who wants to be told: a business (no `campaign_id`) or one campaign of it."""

    id: int
    business_id: int
    name: str
    url: str
    types: frozenset[NotificationType]
    state: SubscriptionState
    created_at: datetime
    campaign_id: int | None = None
    any_address: bool = False
    """Whether it may point to plain HTTP and to private addresses."""
    checked: bool = True
    """Whether its target has accepted a PING at this URL, or was excused from it."""
    secret: bytes | None = None
    failing_since: datetime | None = None


class Rung(NamedTuple):
    """Until a notification is this old, counted from its first attempt, it is tried again after each `wait`."""

    until: timedelta
    wait: timedelta


LADDER: Final = (
    Rung(timedelta(hours=1), timedelta(minutes=1)),
    Rung(timedelta(days=1), timedelta(minutes=15)),
    Rung(timedelta(days=14), timedelta(hours=1)),
)
PATIENCE: Final = LADDER[-1].until
"""How long a target may fail before its subscription is switched off."""
PING_SECONDS: Final = 1.0
ANSWER_SECONDS: Final = 10.0
"""How long a target may take to answer, a PING and everything else."""
SHOWN_MAX: Final = 120
"""Characters of an answer that a line about it shows."""
SUFFIX: Final = "/notification"
"""What is put behind the path of a subscription's URL."""


class ErrorType(StrEnum):
    """What went wrong with an attempt."""

    CANT_GET_RESPONSE = "CANT_GET_RESPONSE"
    INVALID_RESPONSE = "INVALID_RESPONSE"


class ErrorSubtype(StrEnum):
    """What exactly went wrong with an attempt."""

    CONNECTION_REFUSED = "CONNECTION_REFUSED"
    CONNECTION_TIMED_OUT = "CONNECTION_TIMED_OUT"
    HTTP = "HTTP"
    READ_TIMED_OUT = "READ_TIMED_OUT"
    SSL_ERROR = "SSL_ERROR"
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"
    CANT_PARSE_RESPONSE = "CANT_PARSE_RESPONSE"
    INVALID_DATA = "INVALID_DATA"

    @property
    def type(self) -> ErrorType:
        """The type that it is a kind of."""
        return ErrorType.INVALID_RESPONSE if self in _INVALID else ErrorType.CANT_GET_RESPONSE


class Attempt(Value, frozen=True):
    """One knock at a target, and what came of it. Without an error it was answered as it should be."""

    seconds: float
    traceparent: str
    status: int | None = None
    error: ErrorSubtype | None = None
    answer: str = ""
    """The beginning of the body, or what the machine said of the trouble."""
    integration: str | None = None
    version: str | None = None
    why: str = ""
    """What is wrong with the body of an answer."""

    @property
    def trouble(self) -> str:
        """What went wrong, in one line; empty if nothing did."""
        if self.error is None:
            return ""
        status = f" {self.status}" if self.status else ""
        answer = " ".join(self.answer.split())[:SHOWN_MAX]
        return f"{self.error.type} {self.error}{status}: {self.why + ': ' if self.why else ''}{answer}"


class Settled(NamedTuple):
    """What becomes of a delivery after an attempt; while WAITING it is due again at `due_at`."""

    state: DeliveryState
    due_at: datetime


class Receipt(Value, frozen=True):
    """The body of an answer that accepts a notification."""

    version: Annotated[str, Meta(min_length=1, max_length=100)]
    name: Annotated[str, Meta(min_length=1, max_length=100)]
    time: Annotated[datetime, Meta(tz=True)]


class Reading(NamedTuple):
    """What an answer amounts to: the receipt in it, or what is wrong with it, for a wrong body in so many words."""

    fault: ErrorSubtype | None
    receipt: Receipt | None = None
    why: str = ""


class TypesMissing(Refusal):
    """A subscription without types would never be told anything."""

    template = "types must not be empty (rejected value: [])"


class TypeNotAvailable(Refusal):
    """Some types are told to businesses only, and nobody chooses PING."""

    template = "Notifications of type {type} can not be subscribed to for a {level}"


class SubscriptionIsOff(Refusal):
    """Nothing is sent to a subscription that is switched off."""

    template = "Subscription {subscription_id} is {state}: enable it first"


def checked_types(types: Iterable[NotificationType], *, campaign: bool) -> frozenset[NotificationType]:
    """The types, if a subscription of this level may have them. Raises TypesMissing, TypeNotAvailable."""
    wanted = frozenset(types)
    if not wanted:
        raise TypesMissing
    if unavailable := wanted - (CAMPAIGN_TYPES if campaign else BUSINESS_TYPES):
        raise TypeNotAvailable(type=min(unavailable), level="campaign" if campaign else "business")
    return wanted


def recipients(kind: str, campaign_id: int, subscriptions: Sequence[Subscription]) -> list[Subscription]:
    """Which subscriptions of a business are told: those of the campaign; if none of these wants it, the business's."""
    listening = [one for one in subscriptions if one.state in LISTENING and kind in one.types]
    own = [one for one in listening if one.campaign_id == campaign_id]
    return own or [one for one in listening if one.campaign_id is None]


def settled(attempt: Attempt, *, first_at: datetime, at: datetime) -> Settled:
    """What becomes of a delivery after an attempt made at `at`. 400 is final; other failures climb the ladder."""
    if attempt.error is None:
        return Settled(DeliveryState.DELIVERED, at)
    if attempt.status == 400:
        return Settled(DeliveryState.REFUSED, at)
    age = at - first_at
    for rung in LADDER:
        if age < rung.until:
            return Settled(DeliveryState.WAITING, at + rung.wait)
    return Settled(DeliveryState.DROPPED, at)


def is_alive(attempt: Attempt) -> bool:
    """Whether the target can be called available after this: it accepted, or said that the notification is wrong."""
    return attempt.error is None or attempt.status == 400


def is_given_up(failing_since: datetime | None, *, at: datetime) -> bool:
    """Whether a target has failed for so long that its subscription is to be switched off."""
    return failing_since is not None and at - failing_since >= PATIENCE


def read(status: int, content_type: str, body: bytes, *, is_cut: bool = False) -> Reading:
    """What an answer amounts to; of one that is cut there was more than anybody reads."""
    if status != 200:
        return Reading(ErrorSubtype.HTTP)
    if content_type.partition(";")[0].strip().lower() != "application/json":
        return Reading(ErrorSubtype.UNSUPPORTED_MEDIA_TYPE, why=f"Content-Type is {content_type or 'missing'}")
    if is_cut:
        return Reading(ErrorSubtype.CANT_PARSE_RESPONSE, why="The answer is too long")
    try:
        return Reading(None, _RECEIPT.decode(body))
    except msgspec.ValidationError as trouble:
        return Reading(ErrorSubtype.INVALID_DATA, why=str(trouble))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as trouble:
        return Reading(ErrorSubtype.CANT_PARSE_RESPONSE, why=str(trouble))


_INVALID: Final = frozenset({ErrorSubtype.CANT_PARSE_RESPONSE, ErrorSubtype.INVALID_DATA})
_RECEIPT: Final = msgspec.json.Decoder(Receipt)
