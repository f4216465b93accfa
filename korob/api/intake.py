"""Bodies of requests: each is read whole, unless it is too big, breaks off, or takes too long to come."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from korob.api import errors
from korob.api.faults import BROKEN_OFF, Fault

BODY_MAX: Final = 512 * 1024
"""Bytes of a request body; the same for every method."""
BODY_SECONDS: Final = 10.0
"""How long a body may take to come. A call that is never sent whole would hold a place, and the end of the program."""

Receive = Callable[[], Awaitable[Any]]


def check_length(length: int | None) -> None:
    """Whether a body may be as long as its sender says. Raises AnswerError when not."""
    if length is not None and length > BODY_MAX:
        raise errors.too_big(length)


class Intake:
    """Reads the bodies of one front. One timer looks after all: one for each would cost ten times what reading does."""

    def __init__(self) -> None:
        self._coming: dict[asyncio.Task[Any], float] = {}
        """Who waits for a body and since when, the longest first."""
        self._given_up: set[asyncio.Task[Any]] = set()
        self._timer: asyncio.TimerHandle | None = None

    async def body(self, receive: Receive, *, length: int | None = None) -> bytes:
        """The whole body, of `length` by its sender's word.

        Raises AnswerError when it is over BODY_MAX, Fault when it breaks off or takes longer than BODY_SECONDS.
        """
        check_length(length)
        task = asyncio.current_task()
        assert task is not None  # noqa: S101
        loop = task.get_loop()
        self._coming[task] = loop.time()
        if self._timer is None:
            self._timer = loop.call_later(BODY_SECONDS, self._give_up)
        try:
            return await _whole(receive)
        except asyncio.CancelledError:
            if task in self._given_up and not task.uncancel():
                raise Fault(BROKEN_OFF) from None
            raise
        finally:
            del self._coming[task]
            self._given_up.discard(task)

    def _give_up(self) -> None:
        """Break off what took too long, and look again when the next one will have."""
        self._timer = None
        loop = asyncio.get_running_loop()
        for task, since in self._coming.items():
            if task in self._given_up:
                continue
            if loop.time() < since + BODY_SECONDS:
                self._timer = loop.call_at(since + BODY_SECONDS, self._give_up)
                return
            self._given_up.add(task)
            task.cancel()


async def _whole(receive: Receive) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise Fault(BROKEN_OFF)
        part: bytes = event.get("body", b"")
        size += len(part)
        if size > BODY_MAX:
            raise errors.too_big(size)
        if not event.get("more_body"):
            return b"".join((*parts, part)) if parts else part
        parts.append(part)
