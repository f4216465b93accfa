"""The loop that delivers: it takes what is due, knocks, and writes down what came of it."""

import asyncio
import contextlib
import logging
import secrets
import time
from collections import deque
from datetime import datetime
from typing import Any, Final

from korob.clock import Clock
from korob.domain import notification
from korob.notifications import knock
from korob.notifications.dispatch import dispatch
from korob.notifications.knock import Wall
from korob.notifications.sender import Sender
from korob.store import deliveries, subscriptions
from korob.store.database import BROKEN, Database, DatabaseGoneError
from korob.store.deliveries import Due, Knocked, Place, Taken

AT_ONCE: Final = 8
"""Attempts under way at one target."""
AT_ONCE_FAILING: Final = 2
"""Attempts under way at a target that failed last."""
LISTED: Final = 16
"""Deliveries of one target that are held in memory."""
TARGETS: Final = 2000
"""Targets taken in one go."""
NEXT_SECONDS: Final = 0.5
"""How long the next notification waits for the answer to the one before; then it goes out without."""
TICK_SECONDS: Final = 0.1
"""How long the loop sleeps when there is nothing to do, and how long at most when there is."""
BREATH_SECONDS: Final = 0.05
"""What is asked of PostgreSQL gathers for so long."""
CARE_SECONDS: Final = 1.0
"""How often the leases of those who are gone are looked for, and one's own are renewed."""
GRACE_SECONDS: Final = 2.0
"""How long attempts that are under way may take to end when the loop is asked to stop."""


class Target:
    """A subscription on lease, what is to be sent to it and what is under way.

    Notifications go out one after another; one that is slow to be answered holds the next one up for NEXT_SECONDS.
    """

    def __init__(self, due: Due, deliverer: "Deliverer") -> None:
        self.subscription = due.subscription
        self.clock = due.clock
        self.more = False
        """Whether there may be more due than is listed."""
        self._deliverer = deliverer
        self._failing = due.subscription.failing_since is not None
        self._queue: deque[Taken] = deque()
        self._listed: set[int] = set()
        self._under_way: set[asyncio.Task[None]] = set()
        self._next: asyncio.TimerHandle | None = None
        self._started_at = 0.0
        self._looked_at = 0.0

    @property
    def is_stale(self) -> bool:
        """Whether it is time to see if all that is listed is still wanted."""
        return time.monotonic() - self._looked_at > CARE_SECONDS

    @property
    def room(self) -> int:
        """How many more may be listed."""
        return LISTED - len(self._listed)

    @property
    def is_done(self) -> bool:
        """Whether nothing is listed, nor known to wait."""
        return not self._listed and not self.more

    def put(self, due: Due) -> None:
        """List what is due, and go on."""
        self.subscription = due.subscription
        self.clock = due.clock
        self._looked_at = time.monotonic()
        for taken in due.taken:
            if taken.outbox_id not in self._listed and self.room > 0:
                self._listed.add(taken.outbox_id)
                self._queue.append(taken)
        self.more = len(due.taken) >= LISTED
        self._go_on()

    def forget(self, outbox_id: int) -> None:
        """An attempt was written down: the delivery may be listed again when it is due again."""
        self._listed.discard(outbox_id)

    def empty(self) -> None:
        """Take everything off the list that is not under way: it is not wanted any more."""
        for taken in self._queue:
            self._listed.discard(taken.outbox_id)
        self._queue.clear()
        self.more = False

    async def stop(self) -> None:
        """Break off what is under way."""
        if self._next:
            self._next.cancel()
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _go_on(self) -> None:
        """Send the next one, unless the one before may still be answered soon."""
        while self._queue and len(self._under_way) < (AT_ONCE_FAILING if self._failing else AT_ONCE):
            waits = self._started_at + NEXT_SECONDS - time.monotonic()
            if self._under_way and waits > 0:
                if self._next is None:
                    self._next = asyncio.get_running_loop().call_later(waits, self._woken)
                return
            self._started_at = time.monotonic()
            task = asyncio.create_task(self._send(self._queue.popleft()))
            self._under_way.add(task)

    def _woken(self) -> None:
        self._next = None
        self._go_on()

    async def _send(self, taken: Taken) -> None:
        deliverer = self._deliverer
        try:
            knocked = await knock.deliver(
                deliverer.sender, self.subscription, taken, at=_now(self.clock, deliverer.wall), wall=deliverer.wall
            )
            self._failing = not knocked.alive
            deliverer.note(knocked)
        except Exception:
            # One notification that trips over a bug must not stop the line behind it.
            _LOG.exception("notification %s can't be delivered", taken.outbox_id)
            deliverer.put_aside(self, taken.outbox_id)
        finally:
            task = asyncio.current_task()
            if task is not None:
                self._under_way.discard(task)
        self._go_on()


class Deliverer:
    """Delivers what is due, a turn at a time. Several may, in as many processes."""

    def __init__(self, database: Database, sender: Sender, *, wall: Wall) -> None:
        self.sender = sender
        self.wall = wall
        self.holder = secrets.randbelow(2**31 - 2) + 1
        self._database = database
        self._targets: dict[Place, Target] = {}
        self._knocked: list[Knocked] = []
        self._aside: list[tuple[float, Target, int]] = []
        self._stirred = asyncio.Event()
        self._cared_at = 0.0

    async def run(self) -> None:
        """Deliver until cancelled. Raises DatabaseGoneError."""
        async with self._database.connection() as connection:
            await deliveries.announce(connection, self.holder)
            try:
                while True:
                    await self._turn_safely()
                    await self._pause()
                    await self._care(connection)
            finally:
                await asyncio.shield(self._stop(connection))

    async def turn(self) -> int:
        """Write down what came of attempts, take what is due, and begin with it; how many targets there are."""
        await self._settle()
        await dispatch(self._database)
        full = [place for place, target in self._targets.items() if target.room <= 0]
        leased = await deliveries.lease(self._database, self.holder, limit=TARGETS, full=full)
        again = [
            place for place, target in self._targets.items() if (target.more and target.room > 0) or target.is_stale
        ]
        await self._take({*leased, *again})
        await self._release()
        return len(self._targets)

    async def _turn_safely(self) -> None:
        try:
            await self.turn()
        except DatabaseGoneError:
            raise
        except Exception:
            _LOG.exception("a turn of deliveries failed")
            await asyncio.sleep(CARE_SECONDS)

    async def drain(self) -> None:
        """Take turns until nothing is due and nothing is under way."""
        while await self.turn() or self._knocked:
            await self._pause()

    def note(self, knocked: Knocked) -> None:
        """Have an attempt written down in the next turn."""
        self._knocked.append(knocked)
        self._stirred.set()

    def put_aside(self, target: Target, outbox_id: int) -> None:
        """Leave a delivery alone for as long as a lease lasts."""
        self._aside.append((time.monotonic() + deliveries.LEASE.total_seconds(), target, outbox_id))

    async def _settle(self) -> None:
        while self._knocked:
            some, self._knocked = self._knocked[:_ROWS], self._knocked[_ROWS:]
            try:
                failing = await self._write_down(some)
            except BaseException:
                self._knocked = some + self._knocked
                raise
            for one in some:
                place = one.business_id, one.subscription_id
                if place in self._targets:
                    self._targets[place].forget(one.outbox_id)
                since = failing.get(place)
                if since is not None and notification.is_given_up(since, at=one.at):
                    await subscriptions.switch_off(self._database, *place, failing_since=since)
                    _LOG.warning("subscription %s is switched off: its target failed since %s", place[1], since)

    async def _write_down(self, knocked: list[Knocked]) -> dict[Place, datetime | None]:
        """Write attempts down; in halves when a row spoils it, until the bad row stands alone and is left out."""
        try:
            return await deliveries.settle(self._database, knocked)
        except DatabaseGoneError:
            raise
        except Exception:
            if len(knocked) == 1:
                _LOG.exception("an attempt for notification %s can't be written down", knocked[0].outbox_id)
                return {}
            half = len(knocked) // 2
            return await self._write_down(knocked[:half]) | await self._write_down(knocked[half:])

    async def _take(self, places: set[Place]) -> None:
        if not places:
            return
        wanted = [(*place, LISTED) for place in sorted(places)]
        found = {
            (due.subscription.business_id, due.subscription.id): due
            for due in await deliveries.due(self._database, wanted)
        }
        for place in places:
            due = found.get(place)
            if due is not None:
                target = self._targets.get(place)
                if target is None:
                    target = self._targets[place] = Target(due, self)
                target.put(due)
            elif place in self._targets:
                self._targets[place].empty()
            else:
                await deliveries.release(self._database, self.holder, [place])

    async def _release(self) -> None:
        now = time.monotonic()
        for until, target, outbox_id in self._aside:
            if until <= now:
                target.forget(outbox_id)
        self._aside = [row for row in self._aside if row[0] > now]
        done = [place for place, target in self._targets.items() if target.is_done]
        if done:
            await deliveries.release(self._database, self.holder, done)
            for place in done:
                del self._targets[place]

    async def _pause(self) -> None:
        """Until an attempt has come to an end, or a tick is over; not without gathering for a moment."""
        await asyncio.sleep(BREATH_SECONDS)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TICK_SECONDS - BREATH_SECONDS):
                await self._stirred.wait()
        self._stirred.clear()

    async def _care(self, connection: Any) -> None:
        if time.monotonic() - self._cared_at < CARE_SECONDS:
            return
        self._cared_at = time.monotonic()
        await deliveries.is_announced(connection)
        await deliveries.recover(self._database, self.holder)
        await deliveries.renew(self._database, self.holder)

    async def _stop(self, connection: Any) -> None:
        """Let attempts that are under way come to an end, for a moment, and give everything back."""
        until = time.monotonic() + GRACE_SECONDS
        for target in self._targets.values():
            target.empty()
        with contextlib.suppress(DatabaseGoneError):
            while self._targets and time.monotonic() < until:
                await self._settle()
                await self._release()
                await asyncio.sleep(BREATH_SECONDS)
        for target in self._targets.values():
            await target.stop()
        with contextlib.suppress(DatabaseGoneError):
            await self._settle()
            await deliveries.release_all(self._database, self.holder)
        with contextlib.suppress(*BROKEN):
            await deliveries.retract(connection, self.holder)


def _now(clock: Clock, wall: Wall) -> datetime:
    return clock.frozen_at or wall() + clock.offset


_ROWS: Final = 500
_LOG: Final = logging.getLogger("korob.notifications")
