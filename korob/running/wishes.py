"""Work in an event loop that a wish to end does not break into."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

from korob.running import signals

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """What comes of it. A signal cancels it, and only then takes its course.

    A handler that raises would leave the driver of the database amid what it was doing, and it does not survive that.
    """
    wished: list[int] = []
    try:
        return asyncio.run(_until_wished(work, wished))
    except asyncio.CancelledError:
        if wished:
            signal.raise_signal(wished[0])
        raise


async def _until_wished(work: Coroutine[Any, Any, T], wished: list[int]) -> T:
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()

    def end(number: int, _frame: Any) -> None:
        wished.append(number)
        loop.call_soon_threadsafe(task.cancel)

    # With Ctrl-C asyncio does the same by itself.
    before = {name: signal.signal(name, end) for name in signals.to_end() - {signal.SIGINT}}
    try:
        return await task
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
