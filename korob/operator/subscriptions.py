"""Subscriptions to notifications through the operator's API: made, switched, looked into, told again."""

from collections.abc import Awaitable, Callable
from typing import Final

from korob.clock import WALL
from korob.domain.notification import Subscription, SubscriptionState
from korob.notifications import signature, subscriptions
from korob.notifications.subscriptions import Wanted
from korob.operator import access
from korob.operator import subscription_wire as wire
from korob.operator.endpoint import Call, Endpoint
from korob.store import campaigns, delivery_log
from korob.store import subscriptions as store


async def create_for_business(call: Call) -> wire.SubscriptionAnswer:
    """Make a subscription for all campaigns of a business."""
    business = await campaigns.business(call.services.database, access.business_id(call))
    return await _create(call, business.id, None)


async def create_for_campaign(call: Call) -> wire.SubscriptionAnswer:
    """Make a subscription for one campaign."""
    campaign = (await access.campaign(call)).campaign
    return await _create(call, campaign.business_id, campaign.id)


async def get_of_business(call: Call) -> wire.SubscriptionsAnswer:
    """Show the subscriptions of a business and of its campaigns."""
    business = await campaigns.business(call.services.database, access.business_id(call))
    found = await store.every(call.services.database, business.id)
    return wire.SubscriptionsAnswer(tuple(map(wire.subscription, found)))


async def get_of_campaign(call: Call) -> wire.SubscriptionsAnswer:
    """Show the subscriptions of a campaign."""
    campaign = (await access.campaign(call)).campaign
    found = await store.every(call.services.database, campaign.business_id, campaign_id=campaign.id)
    return wire.SubscriptionsAnswer(tuple(map(wire.subscription, found)))


async def get(call: Call) -> wire.SubscriptionAnswer:
    """Show a subscription."""
    return wire.subscription(await _subscription(call))


async def change(call: Call) -> wire.SubscriptionAnswer:
    """Change a subscription."""
    current = await _subscription(call)
    body: wire.SubscriptionChange = call.body
    wanted = Wanted(
        name=current.name if body.name is None else body.name,
        url=current.url if body.url is None else body.url,
        types=tuple(current.types) if body.types is None else body.types,
        state=current.state if body.state is None else body.state,
        signed=current.secret is not None if body.signed is None else body.signed,
    )
    changed = await _changed(call, current, wanted, check=body.check)
    return wire.subscription(changed, secret=_new_secret(changed, current.secret))


def switch(state: SubscriptionState) -> Callable[[Call], Awaitable[wire.SubscriptionAnswer]]:
    """A handler that puts a subscription into a state."""

    async def put(call: Call) -> wire.SubscriptionAnswer:
        current = await _subscription(call)
        wanted = Wanted(current.name, current.url, tuple(current.types), state, current.secret is not None)
        return wire.subscription(await _changed(call, current, wanted, check=True))

    return put


async def delete(call: Call) -> None:
    """Remove a subscription with its log."""
    await store.delete(call.services.database, access.business_id(call), call.ids["subscriptionId"])


async def ping(call: Call) -> wire.AttemptAnswer:
    """Check the connection."""
    subscription = await _subscription(call)
    attempt = await subscriptions.check(
        call.services.database, subscription, any_address=_any_address(call), wall=WALL.now
    )
    return wire.check(attempt)


async def get_attempts(call: Call) -> wire.AttemptsAnswer:
    """Show the log of a subscription."""
    subscription = await _subscription(call)
    query: wire.AttemptsQuery = call.query
    found = await delivery_log.attempts(
        call.services.database,
        subscription.business_id,
        subscription.id,
        outbox_id=query.notification_id,
        before=query.before,
        limit=query.limit,
    )
    return wire.AttemptsAnswer(tuple(map(wire.attempt, found)))


async def get_deliveries(call: Call) -> wire.DeliveriesAnswer:
    """Show what a subscription got or is to get."""
    subscription = await _subscription(call)
    query: wire.DeliveriesQuery = call.query
    found = await delivery_log.deliveries(
        call.services.database,
        subscription.business_id,
        subscription.id,
        state=query.state,
        before=query.before,
        limit=query.limit,
    )
    return wire.DeliveriesAnswer(tuple(map(wire.delivery, found)))


async def resend(call: Call) -> wire.ResentAnswer:
    """Send one notification again."""
    subscription = await _subscription(call)
    return wire.ResentAnswer(
        await subscriptions.resend(call.services.database, subscription, call.ids["notificationId"], wall=WALL.now)
    )


async def resend_since(call: Call) -> wire.ResentAnswer:
    """Send again all that happened from a moment on."""
    subscription = await _subscription(call)
    return wire.ResentAnswer(
        await subscriptions.resend_since(call.services.database, subscription, call.body.since, wall=WALL.now)
    )


async def _create(call: Call, business_id: int, campaign_id: int | None) -> wire.SubscriptionAnswer:
    body: wire.NewSubscription = call.body
    made = await subscriptions.subscribe(
        call.services.database,
        Wanted(body.name, body.url, body.types, body.state, body.signed),
        business_id=business_id,
        campaign_id=campaign_id,
        any_address=_any_address(call),
        check=body.check,
        wall=WALL.now,
    )
    return wire.subscription(made, secret=_new_secret(made, None))


async def _changed(call: Call, current: Subscription, wanted: Wanted, *, check: bool) -> Subscription:
    return await subscriptions.change(
        call.services.database, current, wanted, any_address=_any_address(call), check=check, wall=WALL.now
    )


async def _subscription(call: Call) -> Subscription:
    return await store.get(call.services.database, access.business_id(call), call.ids["subscriptionId"])


def _any_address(call: Call) -> bool:
    # There are no worlds in production, and nothing but worlds and experiments anywhere else.
    return call.services.settings.mode == "sandbox"


def _new_secret(subscription: Subscription, before: bytes | None) -> str | None:
    if subscription.secret is None or subscription.secret == before:
        return None
    return signature.shown(subscription.secret)


_OF_BUSINESS: Final = "/operator/v1/businesses/{businessId}/subscriptions"
_OF_CAMPAIGN: Final = "/operator/v1/campaigns/{campaignId}/subscriptions"
_ONE: Final = f"{_OF_BUSINESS}/{{subscriptionId}}"

ENDPOINTS: Final = (
    Endpoint(
        "createSubscriptionOfBusiness",
        "POST",
        _OF_BUSINESS,
        "Tell a business of what happens in all its campaigns; the target must accept a PING",
        create_for_business,
        body=wire.NewSubscription,
        answer=wire.SubscriptionAnswer,
    ),
    Endpoint(
        "createSubscriptionOfCampaign",
        "POST",
        _OF_CAMPAIGN,
        "Tell a campaign of what happens in it, instead of its business; the target must accept a PING",
        create_for_campaign,
        body=wire.NewSubscription,
        answer=wire.SubscriptionAnswer,
    ),
    Endpoint(
        "getSubscriptionsOfBusiness",
        "GET",
        _OF_BUSINESS,
        "The subscriptions of a business and of its campaigns",
        get_of_business,
        answer=wire.SubscriptionsAnswer,
    ),
    Endpoint(
        "getSubscriptionsOfCampaign",
        "GET",
        _OF_CAMPAIGN,
        "The subscriptions of a campaign",
        get_of_campaign,
        answer=wire.SubscriptionsAnswer,
    ),
    Endpoint("getSubscription", "GET", _ONE, "A subscription", get, answer=wire.SubscriptionAnswer),
    Endpoint(
        "changeSubscription",
        "PATCH",
        _ONE,
        "Change name, URL, types, state or signature; a new target must accept a PING",
        change,
        body=wire.SubscriptionChange,
        answer=wire.SubscriptionAnswer,
    ),
    Endpoint("deleteSubscription", "DELETE", _ONE, "Remove a subscription with its log", delete),
    *(
        Endpoint(f"{verb}Subscription", "POST", f"{_ONE}/{verb}", text, switch(state), answer=wire.SubscriptionAnswer)
        for verb, state, text in (
            ("enable", SubscriptionState.ENABLED, "Switch on; after the Market switched it off its target is checked"),
            ("disable", SubscriptionState.DISABLED, "Switch off; what waits is dropped"),
            ("pause", SubscriptionState.PAUSED, "Keep what happens, without sending it"),
            ("resume", SubscriptionState.ENABLED, "Send what was kept, and go on"),
        )
    ),
    Endpoint("pingSubscription", "POST", f"{_ONE}/ping", "Check the connection", ping, answer=wire.AttemptAnswer),
    Endpoint(
        "getAttempts",
        "GET",
        f"{_ONE}/attempts",
        "The log of attempts, the latest first",
        get_attempts,
        query=wire.AttemptsQuery,
        answer=wire.AttemptsAnswer,
    ),
    Endpoint(
        "getDeliveries",
        "GET",
        f"{_ONE}/deliveries",
        "What it got and is to get, the latest first",
        get_deliveries,
        query=wire.DeliveriesQuery,
        answer=wire.DeliveriesAnswer,
    ),
    Endpoint(
        "resendNotification",
        "POST",
        f"{_ONE}/deliveries/{{notificationId}}/resend",
        "Send a notification again",
        resend,
        answer=wire.ResentAnswer,
    ),
    Endpoint(
        "resendNotifications",
        "POST",
        f"{_ONE}/resend",
        "Send again all that happened from a moment on",
        resend_since,
        body=wire.Since,
        answer=wire.ResentAnswer,
    ),
)
