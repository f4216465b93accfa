"""Many asking at once, one statement: what was asked for while the last batch was away goes out together."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import perf_counter
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answered = TypeVar("Answered")


class Batches(Generic[Asked, Answered]):
    """Collects questions into batches and gives each asker the answer, or the exception, that is his.

    `run` takes a batch and a lane's number and returns an answer or an exception for each question, in their order.
    At most `lanes` batches are away at once, each of at most `most` questions.
    """

    def __init__(
        self,
        run: Callable[[Sequence[Asked], int], Awaitable[Sequence[Answered | BaseException]]],
        *,
        lanes: int = 2,
        most: int = 64,
    ) -> None:
        self._run = run
        self._most = most
        self._free = list(range(lanes))
        self._waiting: list[tuple[Asked, asyncio.Future[Answered]]] = []
        self._scheduled = False
        self._away: set[asyncio.Task[None]] = set()
        self.sizes: Callable[[int], None] | None = None
        """Told the size of each batch, for the metrics."""
        self.waits: Callable[[float], None] | None = None
        """Told how many seconds the first of each batch waited for it to go."""
        self._since = 0.0

    def ask(self, question: Asked) -> asyncio.Future[Answered]:
        """The future of the answer."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answered] = loop.create_future()
        if not self._waiting:
            self._since = perf_counter()
        self._waiting.append((question, future))
        if self._free and not self._scheduled:
            # Not at once: whoever asks in this turn of the loop still joins.
            self._scheduled = True
            loop.call_soon(self._send)
        return future

    def _send(self) -> None:
        self._scheduled = False
        # Who gave up before it was sent wants nothing any more.
        self._waiting = [asked for asked in self._waiting if not asked[1].done()]
        while self._free and self._waiting:
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            if self.waits:
                now = perf_counter()
                self.waits(now - self._since)
                self._since = now
            task = asyncio.get_running_loop().create_task(self._bring(batch, self._free.pop()))
            self._away.add(task)
            task.add_done_callback(self._away.discard)

    async def _bring(self, batch: list[tuple[Asked, asyncio.Future[Answered]]], lane: int) -> None:
        if self.sizes:
            self.sizes(len(batch))
        try:
            answers = await self._run([question for question, _ in batch], lane)
        except BaseException as trouble:
            answers = [trouble] * len(batch)
            if isinstance(trouble, asyncio.CancelledError):
                raise
        finally:
            self._free.append(lane)
            for (_, future), answer in zip(batch, answers, strict=True):
                if future.done():
                    continue
                if isinstance(answer, BaseException):
                    future.set_exception(answer)
                else:
                    future.set_result(answer)
            self._send()
