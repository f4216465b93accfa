"""The clocks of worlds through the sandbox's API."""

from korob.actions.jump_clock import Advance, Clocks, Freeze, Next, To, Wish
from korob.api import errors
from korob.clock import WALL
from korob.notifications.jumps import Knocks
from korob.operator.endpoint import Call, Services
from korob.sandbox import durations, wire
from korob.sandbox.worlds import world_id
from korob.store import turns, worlds


async def get(call: Call) -> wire.ClockAnswer:
    """Show a clock."""
    world = await worlds.get(call.services.database, world_id(call))
    return wire.ClockAnswer(world.clock.now(), world.clock.frozen_at is not None, 0)


async def set_clock(call: Call) -> bytes:
    """Let time pass, or stop or start it; what falls due on the way has been done when this answers."""
    return await of_worlds(call.services).set(
        world_id(call), _wish(call.body), key=call.idempotency_key, request=call.request
    )


def of_worlds(services: Services) -> Clocks:
    """The clocks of all worlds."""
    return Clocks(
        services.database,
        services.orders,
        services.keys,
        turns.shared(services.database),
        wall=WALL.now,
        knocks=lambda world_id: Knocks(services.database, world_id, wall=WALL.now),
    )


def _wish(body: wire.ClockWish) -> Wish:
    wishes: list[Wish] = []
    if body.advance is not None:
        wishes.append(Advance(durations.parse(body.advance)))
    if body.to is not None:
        wishes.append(To(body.to))
    if body.next:
        wishes.append(Next())
    if body.frozen is not None:
        wishes.append(Freeze(body.frozen))
    if len(wishes) != 1:
        raise errors.bad_request('Exactly one of "advance", "to", "next": true and "frozen" must be given')
    return wishes[0]
