"""One knock at a seller's door for one notification, and what follows from it."""

import secrets
from collections.abc import Callable
from datetime import datetime

from korob.domain import notification
from korob.domain.notification import ANSWER_SECONDS, PING_SECONDS, Attempt, NotificationType, Subscription
from korob.notifications import bodies, signature
from korob.notifications.sender import Sender
from korob.store.deliveries import Knocked, Taken

Wall = Callable[[], datetime]
"""Tells the wall's time."""


async def deliver(
    sender: Sender,
    subscription: Subscription,
    taken: Taken,
    *,
    at: datetime,
    wall: Wall,
    seconds: float = ANSWER_SECONDS,
) -> Knocked:
    """Tell a subscription what it is to be told, at a moment of its business's clock."""
    body = bodies.spelt(taken.body)
    attempt = await sender.post(
        subscription.url,
        body,
        seconds=seconds,
        any_address=subscription.any_address,
        trace=taken.trace,
        headers=_signed(subscription, f"msg_{subscription.business_id}_{taken.outbox_id}", body, wall()),
    )
    state, due_at = notification.settled(attempt, first_at=taken.first_at or at, at=at)
    return Knocked(
        business_id=subscription.business_id,
        outbox_id=taken.outbox_id,
        subscription_id=subscription.id,
        type=taken.type,
        at=at,
        was_due_at=taken.due_at,
        attempt=attempt,
        state=state,
        due_at=due_at,
        alive=notification.is_alive(attempt),
    )


async def ping(sender: Sender, subscription: Subscription, *, at: datetime, wall: Wall) -> Attempt:
    """Check the connection to a subscription's target."""
    body = bodies.ping(at)
    return await sender.post(
        subscription.url,
        body,
        seconds=PING_SECONDS,
        any_address=subscription.any_address,
        headers=_signed(subscription, f"msg_{NotificationType.PING}_{secrets.token_hex(12)}", body, wall()),
    )


def _signed(subscription: Subscription, message_id: str, body: bytes, now: datetime) -> dict[str, str]:
    if subscription.secret is None:
        return {}
    return signature.headers(subscription.secret, message_id=message_id, timestamp=int(now.timestamp()), body=body)
