"""Those of one process who want the same thing, one after another in the order in which they came."""

import asyncio
from collections.abc import Hashable
from typing import Generic, TypeVar

Thing = TypeVar("Thing", bound=Hashable)


class Queues(Generic[Thing]):
    """A queue for each thing that somebody has. What waits here costs nothing."""

    def __init__(self) -> None:
        self._queues: dict[Thing, list[asyncio.Future[None]]] = {}

    async def wait(self, thing: Thing) -> None:
        """Until it is the caller's turn; he ends it with `end`."""
        queue = self._queues.get(thing)
        if queue is None:
            self._queues[thing] = []
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(future)
        try:
            await future
        except asyncio.CancelledError:
            if not future.cancelled():
                # It was this one's turn already when it gave up.
                self.end(thing)
            raise

    def end(self, thing: Thing) -> None:
        """Let the next one have it, of those who have not given up."""
        queue = self._queues[thing]
        while queue:
            future = queue.pop(0)
            if not future.done():
                future.set_result(None)
                return
        del self._queues[thing]

    def __len__(self) -> int:
        """How many things are had."""
        return len(self._queues)
