"""The bodies of the operator's API that are about subscriptions to notifications."""

from typing import Annotated

from msgspec import Meta, Raw

from korob.contract.query import Query
from korob.contract.wire import Answer, Int64, Moment, Request, check_calendar
from korob.domain.notification import (
    Attempt,
    DeliveryState,
    ErrorSubtype,
    ErrorType,
    NotificationType,
    Subscription,
    SubscriptionState,
)
from korob.notifications import bodies
from korob.operator.wire import Name
from korob.store.delivery_log import AttemptOnFile, DeliveryOnFile

Limit = Annotated[int, Meta(ge=1, le=500)]


class NewSubscription(Request, frozen=True):
    """Somebody who wants to be told. Without `check` the target is not asked whether it understands a PING."""

    name: Name
    url: str
    types: tuple[NotificationType, ...]
    state: SubscriptionState = SubscriptionState.ENABLED
    signed: bool = False
    check: bool = True


class SubscriptionChange(Request, frozen=True, forbid_unknown_fields=True):
    """What shall be another way; what is absent stays."""

    name: Name | None = None
    url: str | None = None
    types: tuple[NotificationType, ...] | None = None
    state: SubscriptionState | None = None
    signed: bool | None = None
    check: bool = True


class SubscriptionAnswer(Answer, frozen=True):
    """A subscription. Without `campaignId` it is the business's. `secret` is shown when it was just made."""

    id: Int64
    business_id: Int64
    name: str
    url: str
    types: tuple[NotificationType, ...]
    state: SubscriptionState
    signed: bool
    created_at: Moment
    campaign_id: Int64 | None = None
    failing_since: Moment | None = None
    secret: str | None = None


class SubscriptionsAnswer(Answer, frozen=True):
    """Subscriptions, the oldest first."""

    subscriptions: tuple[SubscriptionAnswer, ...]


class ErrorAnswer(Answer, frozen=True):
    """What went wrong with an attempt, in the words of the notification log."""

    type: ErrorType
    subtype: ErrorSubtype


class AttemptAnswer(Answer, frozen=True):
    """A knock at a target. `at` is in the business's time, `madeAt` in the wall's; a PING has no `notificationId`."""

    type: NotificationType
    duration_ms: int
    answer: str
    traceparent: str
    id: Int64 | None = None
    notification_id: Int64 | None = None
    at: Moment | None = None
    made_at: Moment | None = None
    status: int | None = None
    error: ErrorAnswer | None = None
    integration: str | None = None
    version: str | None = None


class AttemptsAnswer(Answer, frozen=True):
    """Attempts, the latest first."""

    attempts: tuple[AttemptAnswer, ...]


class DeliveryAnswer(Answer, frozen=True):
    """A notification on its way to a subscription. `dueAt` is when it is tried next, while it is WAITING."""

    notification_id: Int64
    type: NotificationType
    campaign_id: Int64
    order_id: Int64
    at: Moment
    state: DeliveryState
    attempts: int
    body: Raw
    due_at: Moment | None = None


class DeliveriesAnswer(Answer, frozen=True):
    """Deliveries, the latest first."""

    deliveries: tuple[DeliveryAnswer, ...]


class AttemptsQuery(Query, frozen=True, forbid_unknown_fields=True):
    """Which attempts: older than the one with the id `before`, of one notification."""

    notification_id: Int64 | None = None
    before: Int64 | None = None
    limit: Limit = 100


class DeliveriesQuery(Query, frozen=True, forbid_unknown_fields=True):
    """Which deliveries: of notifications older than `before`, in one state."""

    state: DeliveryState | None = None
    before: Int64 | None = None
    limit: Limit = 100


class Since(Request, frozen=True):
    """From when on to send again, by the business's clock."""

    since: Moment

    def __post_init__(self) -> None:
        check_calendar(self.since)


class ResentAnswer(Answer, frozen=True):
    """How many notifications are sent again."""

    resent: int


def subscription(shown: Subscription, *, secret: str | None = None) -> SubscriptionAnswer:
    """A subscription as this API shows it."""
    return SubscriptionAnswer(
        id=shown.id,
        business_id=shown.business_id,
        campaign_id=shown.campaign_id,
        name=shown.name,
        url=shown.url,
        types=tuple(sorted(shown.types)),
        state=shown.state,
        signed=shown.secret is not None,
        created_at=shown.created_at,
        failing_since=shown.failing_since,
        secret=secret,
    )


def check(attempt: Attempt) -> AttemptAnswer:
    """A PING that was just sent."""
    return AttemptAnswer(
        type=NotificationType.PING,
        duration_ms=round(attempt.seconds * 1000),
        answer=attempt.answer,
        traceparent=attempt.traceparent,
        status=attempt.status,
        error=ErrorAnswer(attempt.error.type, attempt.error) if attempt.error else None,
        integration=attempt.integration,
        version=attempt.version,
    )


def attempt(shown: AttemptOnFile) -> AttemptAnswer:
    """An attempt that was written down."""
    return AttemptAnswer(
        id=shown.id,
        notification_id=shown.outbox_id,
        type=NotificationType(shown.type),
        at=shown.at,
        made_at=shown.made_at,
        duration_ms=round(shown.seconds * 1000),
        status=shown.status,
        error=ErrorAnswer(ErrorType(shown.error), ErrorSubtype(shown.cause)) if shown.error and shown.cause else None,
        answer=shown.answer,
        integration=shown.integration,
        version=shown.version,
        traceparent=shown.traceparent,
    )


def delivery(shown: DeliveryOnFile) -> DeliveryAnswer:
    """A delivery on file."""
    state = DeliveryState(shown.state)
    return DeliveryAnswer(
        notification_id=shown.outbox_id,
        type=NotificationType(shown.type),
        campaign_id=shown.campaign_id,
        order_id=shown.order_id,
        at=shown.at,
        state=state,
        attempts=shown.attempts,
        body=Raw(bodies.spelt(shown.body)),
        due_at=shown.due_at if state is DeliveryState.WAITING else None,
    )
