"""Notifications of a world whose clock jumps: each attempt is made at its own moment of that clock."""

import asyncio
from datetime import datetime
from typing import Final

from korob.domain import notification
from korob.notifications import knock
from korob.notifications.dispatch import dispatch
from korob.notifications.knock import Wall
from korob.notifications.sender import Sender
from korob.store import deliveries, jumps, subscriptions, turns
from korob.store.database import Database
from korob.store.deliveries import Due, Knocked, Taken

ATTEMPT_SECONDS: Final = 1.0
"""How long an attempt waits for an answer."""
OTHERS_SECONDS: Final = 2.0
"""How long attempts are waited for that began before the jump."""
AT_ONCE: Final = 64
"""Attempts under way at one target, once there is no order left to keep."""
LISTED: Final = 500
ROUNDS: Final = 100
"""How often at one moment what receivers set off by being told is told in turn."""


class Knocks:
    """The notifications of one jump of one world's clock."""

    def __init__(self, database: Database, world_id: int, *, wall: Wall) -> None:
        self._database = database
        self._world_id = world_id
        self._wall = wall
        self._sender: Sender | None = None
        self._any = False

    async def begin(self) -> None:
        """Take the world's subscriptions, once attempts that are under way have come to an end."""
        self._any = bool(await deliveries.enabled(self._database, self._world_id))
        if not self._any:
            return
        until = asyncio.get_running_loop().time() + OTHERS_SECONDS
        force = False
        while not await deliveries.seize(self._database, self._world_id, force=force):
            force = asyncio.get_running_loop().time() > until
            await asyncio.sleep(0.02)

    async def soonest(self, after: datetime) -> datetime | None:
        """The moment of the next attempt; None if none is waited for."""
        return await deliveries.soonest(self._database, self._world_id, after=after) if self._any else None

    async def make(self, now: datetime) -> None:
        """Make all attempts that are due at a moment of the world's clock."""
        if not self._any:
            return
        for _ in range(ROUNDS):
            while await dispatch(self._database, business_id=self._world_id):
                pass
            places = await deliveries.enabled(self._database, self._world_id)
            found = await deliveries.due(self._database, [(*place, LISTED) for place in places], in_jump=True)
            if not any(due.taken for due in found):
                return
            async with turns.shared(self._database).of(jumps.telling(self._world_id)):
                await asyncio.gather(*(self._tell(due, now) for due in found if due.taken))

    async def end(self) -> None:
        """Give the subscriptions back."""
        if self._sender is not None:
            self._sender.close()
            self._sender = None
        if self._any:
            await deliveries.hand_back(self._database, self._world_id)

    async def _tell(self, due: Due, now: datetime) -> None:
        if self._sender is None:
            self._sender = Sender()
        sender = self._sender
        lines = asyncio.Semaphore(AT_ONCE)

        async def tell(taken: Taken) -> Knocked:
            async with lines:
                return await knock.deliver(
                    sender, due.subscription, taken, at=now, wall=self._wall, seconds=ATTEMPT_SECONDS
                )

        again = asyncio.gather(*(tell(taken) for taken in due.taken if taken.attempts))
        new = [taken for taken in due.taken if not taken.attempts]
        knocked: list[Knocked] = []
        while new and all(one.alive for one in knocked):
            knocked.append(await tell(new.pop(0)))
        knocked += await asyncio.gather(*map(tell, new))
        knocked += await again
        failing = await deliveries.settle(self._database, knocked)
        for (business_id, subscription_id), since in failing.items():
            if since is not None and notification.is_given_up(since, at=now):
                await subscriptions.switch_off(self._database, business_id, subscription_id, failing_since=since)
