"""What is done to subscriptions: made, changed, checked, switched, and told again what they missed."""

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from korob.domain import notification, target
from korob.domain.notification import (
    LISTENING,
    Attempt,
    NotificationType,
    Subscription,
    SubscriptionIsOff,
    SubscriptionState,
)
from korob.domain.refusal import Refusal
from korob.domain.value import Value
from korob.notifications import knock, signature
from korob.notifications.dispatch import dispatch
from korob.notifications.knock import Wall
from korob.notifications.sender import Sender
from korob.store import deliveries, delivery_log, outbox, worlds
from korob.store import subscriptions as store
from korob.store.database import Database


class CheckFailed(Refusal):
    """The target did not accept a PING, so nothing is sent there."""

    template = "The check of the connection failed: {type} {subtype} ({answer})"


class Wanted(Value, frozen=True):
    """What a subscription is to be. Types as the caller gave them, repeated ones count once."""

    name: str
    url: str
    types: tuple[NotificationType, ...]
    state: SubscriptionState
    signed: bool


async def subscribe(
    database: Database,
    wanted: Wanted,
    *,
    business_id: int,
    campaign_id: int | None,
    any_address: bool,
    check: bool,
    wall: Wall,
) -> Subscription:
    """Make a subscription, after its target has accepted a PING if `check` says so and it is to be enabled.

    Raises TypesMissing, TypeNotAvailable, BadTarget, CheckFailed.
    """
    draft = Subscription(
        id=0,
        business_id=business_id,
        campaign_id=campaign_id,
        name=wanted.name,
        url=target.checked(wanted.url, any_address=any_address),
        types=notification.checked_types(wanted.types, campaign=campaign_id is not None),
        state=wanted.state,
        created_at=wall(),
        any_address=any_address,
        checked=wanted.state is SubscriptionState.ENABLED or not check,
        secret=signature.new_secret() if wanted.signed else None,
    )
    at = await _now(database, business_id, wall)
    ping = None
    if check and wanted.state is SubscriptionState.ENABLED:
        ping = await _ping(draft, any_address=any_address, at=at, wall=wall)
        _must_be_accepted(ping)
    await _up_to_here(database, business_id)
    made = await store.create(
        database,
        business_id=business_id,
        campaign_id=campaign_id,
        name=draft.name,
        url=draft.url,
        types=draft.types,
        state=draft.state,
        any_address=any_address,
        checked=draft.checked,
        secret=draft.secret,
    )
    if ping is not None:
        await deliveries.log_check(database, made, at, ping)
    return made


async def change(
    database: Database, current: Subscription, wanted: Wanted, *, any_address: bool, check: bool, wall: Wall
) -> Subscription:
    """Change a subscription. A target that was not checked yet, or failed for too long, must accept a PING first.

    A failed PING is written down, and nothing is changed. Disabling one that was switched off leaves it so: else that
    would be a way around the PING. Raises TypesMissing, TypeNotAvailable, BadTarget, CheckFailed, SubscriptionNotFound.
    """
    moved = wanted.url != current.url
    was_off = current.state is SubscriptionState.SWITCHED_OFF
    resumed = current.state is SubscriptionState.PAUSED and wanted.state is SubscriptionState.ENABLED
    secret = (current.secret or signature.new_secret()) if wanted.signed else None
    changed = replace(
        current,
        name=wanted.name,
        url=target.checked(wanted.url, any_address=any_address) if moved else current.url,
        types=notification.checked_types(wanted.types, campaign=current.campaign_id is not None),
        state=current.state if was_off and wanted.state is SubscriptionState.DISABLED else wanted.state,
        checked=not check or (current.checked and not moved),
        secret=secret,
    )
    at = await _now(database, current.business_id, wall)
    if check and (
        (changed.state is SubscriptionState.ENABLED and not changed.checked) or (was_off and changed.state in LISTENING)
    ):
        ping = await _ping(changed, any_address=any_address, at=at, wall=wall)
        await deliveries.log_check(database, current, at, ping)
        _must_be_accepted(ping)
        changed = replace(changed, checked=True)
    await _up_to_here(database, current.business_id)
    return await store.edit(database, current, changed, anew=resumed)


async def check(database: Database, subscription: Subscription, *, any_address: bool, wall: Wall) -> Attempt:
    """See whether a target accepts a PING; it is written down either way."""
    at = await _now(database, subscription.business_id, wall)
    attempt = await _ping(subscription, any_address=any_address, at=at, wall=wall)
    await deliveries.log_check(database, subscription, at, attempt)
    return attempt


async def resend(database: Database, subscription: Subscription, outbox_id: int, *, wall: Wall) -> int:
    """Send one notification again. Raises SubscriptionIsOff, NotificationNotFound."""
    _check_listening(subscription)
    await delivery_log.check_known(database, subscription.business_id, subscription.id, outbox_id)
    return await _again(database, subscription, [outbox_id], wall=wall)


async def resend_since(database: Database, subscription: Subscription, moment: datetime, *, wall: Wall) -> int:
    """Send all again that happened from a moment on and is the subscription's by what it wants now; how many.

    What nobody was told at the time, because the subscription was off or not there, is among it. Raises
    SubscriptionIsOff.
    """
    _check_listening(subscription)
    others = await store.every(database, subscription.business_id)
    resent = after = 0
    while page := await outbox.since(
        database, subscription.business_id, moment, campaign_id=subscription.campaign_id, after=after
    ):
        its = [
            one.id
            for one in page
            if any(other.id == subscription.id for other in notification.recipients(one.type, one.campaign_id, others))
        ]
        resent += await _again(database, subscription, its, wall=wall)
        after = page[-1].id
    return resent


async def _up_to_here(database: Database, business_id: int) -> None:
    """What happened before a change of subscriptions goes to those who were to be told before it."""
    while await dispatch(database, business_id=business_id):
        pass


def _check_listening(subscription: Subscription) -> None:
    if subscription.state not in LISTENING:
        raise SubscriptionIsOff(subscription_id=subscription.id, state=subscription.state)


async def _again(database: Database, subscription: Subscription, outbox_ids: Iterable[int], *, wall: Wall) -> int:
    now = await _now(database, subscription.business_id, wall)
    return await delivery_log.resend(database, subscription.business_id, subscription.id, list(outbox_ids), now=now)


async def _ping(subscription: Subscription, *, any_address: bool, at: datetime, wall: Wall) -> Attempt:
    async with Sender(only_open=not any_address) as sender:
        return await knock.ping(sender, subscription, at=at, wall=wall)


def _must_be_accepted(ping: Attempt) -> None:
    if ping.error is not None:
        said = ": ".join(filter(None, (f"status {ping.status}" if ping.status else "", ping.why, ping.answer)))
        raise CheckFailed(type=ping.error.type, subtype=ping.error, answer=said[:200])


async def _now(database: Database, business_id: int, wall: Wall) -> datetime:
    clock = await worlds.clock_of(database, business_id)
    return clock.frozen_at or wall() + clock.offset
