"""Set the clock of a world, and do all that falls due on the way, deadline moment by deadline moment."""

import asyncio
import logging
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

import msgspec
from msgspec import Struct

from korob.domain.refusal import Refusal
from korob.domain.value import Value
from korob.store import idempotency, jumps, worlds
from korob.store.database import Database, DatabaseGoneError
from korob.store.jumps import Step
from korob.store.keys import Keys
from korob.store.orders import OrderKey, OrderNotFound, Orders, TooBusyError
from korob.store.turns import Turns
from korob.store.worlds import WorldNotFound, WorldOnFile

FARTHEST: Final = timedelta(days=3653)
"""Ten years: a longer jump is more likely a slip than a wish."""
LAST_MOMENT: Final = datetime(2200, 1, 1, tzinfo=UTC)
"""Clocks of worlds end here, far from where moments can't be counted any more."""


class Advance(Value, frozen=True):
    """Let so much time pass."""

    by: timedelta


class To(Value, frozen=True):
    """Let time pass until a moment."""

    at: datetime


class Next(Value, frozen=True):
    """Let time pass until the next deadline, which is acted on."""


class Freeze(Value, frozen=True):
    """Stop the clock where it is, or let it run from there."""

    frozen: bool


Wish = Advance | To | Next | Freeze


class Jumped(Struct, frozen=True, omit_defaults=True):
    """Where the clock is now, and how many deadlines were acted on; `failed` are orders that tripped over a bug."""

    now: datetime
    frozen: bool
    ran: int
    failed: tuple[int, ...] = ()


class Backwards(Refusal):
    """Time goes forward only."""

    template = "The clock shows {now} and can not go back to {to}"


class TooFar(Refusal):
    """A jump is of ten years at most, and clocks end with the year 2199."""

    template = "The clock can not go beyond {farthest} at once"


class ToldOnTheWay(Refusal):
    """Who sets a clock while somebody is being told may be the very one whose answer the jump waits for."""

    template = "The clock is on its way to {to} and waits for an answer to a notification: set it after that"


class Knocks(Protocol):
    """The notifications of a world, while its clock jumps."""

    async def begin(self) -> None:
        """Take them over from whoever delivers them otherwise."""

    async def soonest(self, after: datetime) -> datetime | None:
        """When the next attempt to deliver one is due after a moment; None if none is."""

    async def make(self, now: datetime) -> None:
        """Make the attempts that are due."""

    async def end(self) -> None:
        """Give them back."""


class Clocks:
    """The clocks of worlds. Whoever sets one has it alone, in all processes; the next one waits."""

    def __init__(
        self,
        database: Database,
        orders: Orders,
        keys: Keys,
        turns: Turns,
        *,
        wall: Callable[[], datetime],
        knocks: Callable[[int], Knocks],
    ) -> None:
        self._database = database
        self._orders = orders
        self._keys = keys
        self._turns = turns
        self._wall = wall
        self._knocks = knocks

    async def set(self, world_id: int, wish: Wish, *, key: str | None = None, request: bytes = b"") -> bytes:
        """Fulfil a wish, and a jump that was interrupted before it; the answer is a Jumped as JSON.

        With a key the same request is answered the same without setting anything again. Raises WorldNotFound,
        ToldOnTheWay, Backwards, TooFar, KeyReused.
        """
        if key is None or await idempotency.find(self._database, world_id, key, request) is None:
            await self._check_nobody_is_told(world_id)
        async with self._turns.of(turn(world_id)):
            world = await self._caught_up(world_id)
            if key is not None:
                claim = await idempotency.find(self._database, world_id, key, request)
                if claim and claim.answer is not None:
                    return claim.answer.encode()
            to = None if isinstance(wish, Freeze) else await self._target(world, wish)
            if key is not None:
                await idempotency.claim(self._database, world_id, key, request)
            if to is None:
                answer = await self._stay(world, frozen=wish.frozen if isinstance(wish, Freeze) else None)
                if key is not None:
                    await idempotency.keep(self._database, world_id, key, answer)
                return answer
            await jumps.begin(self._database, world_id, to=to, key=key)
            return await self._go(world_id, to, ran=0)

    async def carry_on(self, world_id: int) -> None:
        """Bring a jump to its end that somebody began and did not end; nothing if there is none."""
        async with self._turns.of(turn(world_id)):
            await self._caught_up(world_id)

    async def carry_on_all(self) -> None:
        """Carry on every jump that was interrupted; waits for those that are under way."""
        for world_id in await jumps.interrupted(self._database):
            with suppress(WorldNotFound):
                await self.carry_on(world_id)

    async def _check_nobody_is_told(self, world_id: int) -> None:
        if await self._turns.is_taken(jumps.telling(world_id)):
            world = await worlds.get(self._database, world_id)
            if world.jump_to is not None:
                raise ToldOnTheWay(to=world.jump_to.isoformat())

    async def _caught_up(self, world_id: int) -> WorldOnFile:
        world = await worlds.get(self._database, world_id)
        if world.jump_to is None:
            return world
        await self._go(world_id, world.jump_to, ran=world.ran)
        return await worlds.get(self._database, world_id)

    async def _target(self, world: WorldOnFile, wish: Advance | To | Next) -> datetime | None:
        """The moment to go to, None if there is nowhere to go."""
        now = world.clock.now()
        if isinstance(wish, Next):
            soonest = await worlds.soonest(self._database, world.id)
            return soonest and max(now, soonest)
        farthest = min(now + FARTHEST, LAST_MOMENT)
        if isinstance(wish, Advance):
            if wish.by > FARTHEST or now + wish.by > farthest:
                raise TooFar(farthest=farthest.isoformat())
            to = now + wish.by
        else:
            to = wish.at
        if to < now:
            raise Backwards(now=now.isoformat(), to=to.isoformat())
        if to > farthest:
            raise TooFar(farthest=farthest.isoformat())
        return to

    async def _stay(self, world: WorldOnFile, *, frozen: bool | None) -> bytes:
        """Freeze the clock or let it run; None leaves it as it is."""
        clock, now = world.clock, world.clock.now()
        if frozen is not None and frozen is not (clock.frozen_at is not None):
            offset = clock.offset if frozen else now - self._wall()
            clock = await worlds.set_clock(self._database, world.id, offset=offset, frozen_at=now if frozen else None)
            self._keys.put_clock(world.id, clock)
        return _ENCODER.encode(Jumped(now, clock.frozen_at is not None, 0))

    async def _go(self, world_id: int, to: datetime, *, ran: int) -> bytes:
        knocks = self._knocks(world_id)
        await knocks.begin()
        try:
            ran, stuck = await self._walk(world_id, to, knocks, ran=ran)
        finally:
            await knocks.end()
        clock = (await worlds.get(self._database, world_id)).clock
        answer = _ENCODER.encode(
            Jumped(max(to, clock.now()), clock.frozen_at is not None, ran, failed=tuple(sorted(stuck)))
        )
        clock = await jumps.end(self._database, world_id, to=to, wall=self._wall(), answer=answer)
        self._keys.put_clock(world_id, clock)
        return answer

    async def _walk(self, world_id: int, to: datetime, knocks: Knocks, *, ran: int) -> tuple[int, AbstractSet[int]]:
        """From moment to moment as far as `to`; how many deadlines were acted on, and the orders that would not."""
        idle: set[int] = set()
        stuck: set[int] = set()
        at = (await worlds.get(self._database, world_id)).clock.now()
        await knocks.make(at)
        while step := await jumps.step(
            self._database,
            world_id,
            until=to,
            ran=ran,
            wall=self._wall(),
            without=sorted(stuck),
            knock_at=await knocks.soonest(at),
        ):
            self._keys.put_clock(world_id, step.clock)
            counts = await self._settle(world_id, step)
            ran += sum(count or 0 for count in counts.values())
            # Settled by a timer at the same time is no fault; due and nothing to settle again and again is one.
            zero = {order_id for order_id, count in counts.items() if count == 0}
            stuck |= {order_id for order_id, count in counts.items() if count is None} | (zero & idle)
            idle = zero
            at = step.at
            await knocks.make(at)
        return ran, stuck

    async def _settle(self, world_id: int, step: Step) -> dict[int, int | None]:
        """Settle all orders of a moment at once: how many deadlines each had, None for one that tripped over a bug."""
        outcomes = await asyncio.gather(
            *(
                self._orders.settle(OrderKey(world_id, campaign_id, order_id), now=step.at)
                for campaign_id, order_id in step.orders
            ),
            return_exceptions=True,
        )
        counts: dict[int, int | None] = {}
        for (_, order_id), outcome in zip(step.orders, outcomes, strict=True):
            if isinstance(outcome, DatabaseGoneError | TooBusyError) or not isinstance(outcome, int | Exception):
                raise outcome
            if isinstance(outcome, OrderNotFound):
                continue
            if isinstance(outcome, Exception):
                # One order that trips over a bug must not stop the line behind it.
                _LOG.error("order %s of world %s could not be settled", order_id, world_id, exc_info=outcome)
            counts[order_id] = outcome if isinstance(outcome, int) else None
        return counts


def turn(world_id: int) -> str:
    """The name of the turn that one has while setting a world's clock or ending the world."""
    return f"clock of {world_id}"


_ENCODER: Final = msgspec.json.Encoder()
_LOG: Final = logging.getLogger("korob.clocks")
