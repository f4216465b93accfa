"""Worlds through the sandbox's API: made, looked at, deleted; what they wait for and what they told."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any, Final

from msgspec import Raw

from korob.actions.jump_clock import LAST_MOMENT, turn
from korob.api import errors
from korob.clock import WALL
from korob.domain import deadlines
from korob.notifications import bodies
from korob.operator import access
from korob.operator.endpoint import Call
from korob.operator.wire import DeadlineAnswer
from korob.sandbox import wire
from korob.store import campaigns, turns, waiting
from korob.store import worlds as store
from korob.store.database import Database
from korob.store.worlds import Notice, World, WorldOnFile

FIRST_MOMENT: Final = datetime(1970, 1, 1, tzinfo=UTC)
LOOK_AGAIN: Final = 0.05
"""Seconds between two looks for a notification that somebody waits for."""


async def create_world(
    database: Database,
    seed: int | None = None,
    now: datetime | None = None,
    limits: bool = True,
    *,
    frozen: bool = False,
) -> World:
    """Make a world whose clock runs, or stands, from `now`, else from the wall's time; its ids follow from the seed."""
    return await store.create(database, seed=seed, now=now, wall=WALL.now(), limits=limits, frozen=frozen)


async def create(call: Call) -> wire.NewWorldAnswer:
    """Make a world."""
    access.check_everything(call)
    now = call.body.now
    if now is not None and not FIRST_MOMENT <= now < LAST_MOMENT:
        raise errors.bad_request(f"now must be from {FIRST_MOMENT:%Y} to before {LAST_MOMENT:%Y}")
    world = await create_world(call.services.database, call.body.seed, now, call.body.limits, frozen=call.body.frozen)
    return wire.NewWorldAnswer(
        id=world.id,
        business_id=world.business_id,
        seed=world.seed,
        api_key=world.api_key,
        operator_token=world.operator_token,
        now=world.now.astimezone(UTC),
        campaigns=tuple(map(wire.campaign, world.campaigns)),
    )


async def get_all(call: Call) -> wire.WorldsAnswer:
    """Show all worlds that the caller can reach."""
    found = await store.every(call.services.database)
    return wire.WorldsAnswer(tuple(wire.WorldAnswer(**_facts(world)) for world in found if call.reach.covers(world.id)))


async def get(call: Call) -> wire.WorldInFull:
    """Show a world."""
    world = await store.get(call.services.database, world_id(call))
    its_campaigns = await campaigns.campaigns_of(call.services.database, world.id)
    return wire.WorldInFull(**_facts(world), campaigns=tuple(map(wire.campaign, its_campaigns)))


async def delete(call: Call) -> None:
    """Delete a world with all that is in it, after what is in flight there."""
    doomed = world_id(call)
    services = call.services
    async with turns.shared(services.database).of(turn(doomed)):
        await store.delete(services.database, doomed)
        services.keys.forget_business(doomed)
        services.orders.forget_business(doomed)
        services.ids.forget(doomed)


async def get_deadlines(call: Call) -> wire.DeadlinesAnswer:
    """Show all that the orders of a world wait for, soonest first."""
    world = await store.get(call.services.database, world_id(call))
    waits = [
        DeadlineAnswer(order.campaign_id, order.id, wait.kind, wait.actor, wait.due_at, wait.outcome)
        for order in await waiting.of_business(call.services.database, world.id)
        for wait in deadlines.running(order)
    ]
    return wire.DeadlinesAnswer(tuple(sorted(waits, key=lambda wait: wait.due_at)))


async def get_notifications(call: Call) -> wire.NotificationsAnswer:
    """Show what the seller was to be told, once what the caller waits for is among it or the wait is over."""
    world = await store.get(call.services.database, world_id(call))
    query: wire.NotificationsQuery = call.query
    end = time.monotonic() + query.wait_seconds
    while True:
        found = await store.notices(
            call.services.database, world.id, kind=query.type, order_id=query.order_id, after=query.after
        )
        if any(query.wait_for in (None, notice.type) for notice in found) or time.monotonic() >= end:
            return wire.NotificationsAnswer(tuple(map(_notification, found)))
        await asyncio.sleep(LOOK_AGAIN)


def world_id(call: Call) -> int:
    """The world of the path, if the caller can reach it; else 403, whether there is such a one or not."""
    access.check_business(call, call.ids["id"])
    return call.ids["id"]


def _facts(world: WorldOnFile) -> dict[str, Any]:
    return {
        "id": world.id,
        "business_id": world.id,
        "seed": world.seed,
        "limits": world.limits,
        "now": world.clock.now(),
        "frozen": world.clock.frozen_at is not None,
    }


def _notification(notice: Notice) -> wire.NotificationAnswer:
    return wire.NotificationAnswer(
        id=notice.id,
        type=notice.type,
        campaign_id=notice.campaign_id,
        at=notice.at,
        body=Raw(bodies.spelt(notice.body)),
        trace=notice.trace.hex,
        attempts=notice.attempts,
    )
