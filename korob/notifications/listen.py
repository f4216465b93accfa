"""A world's notifications for a local program: what the inbox gets is sent on, once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple

import msgspec

from korob.domain.notification import ANSWER_SECONDS, Attempt
from korob.notifications import bodies
from korob.notifications.sender import Sender

LOOK_SECONDS: Final = 0.2
"""Between two looks into the inbox."""
LOOK_BACK: Final = 200
"""Ids are not in the order of commits: so far behind the latest one others may still come."""

Ask = Callable[[int], Awaitable[list[dict[str, Any]]]]
"""The notifications of a world with ids above a number."""


class Passed(NamedTuple):
    """A notification that was sent on, and what came of it."""

    notification: dict[str, Any]
    attempt: Attempt


async def listen(
    ask: Ask, forward: str, *, tell: Callable[[Passed], None], types: frozenset[str], from_start: bool
) -> None:
    """Send on what comes, one after another, until cancelled; with `from_start` also what came before."""
    seen: set[int] = set() if from_start else {one["id"] for one in await ask(0)}
    last = max(seen, default=0)
    async with Sender() as sender:
        while True:
            seen = {one for one in seen if one > last - LOOK_BACK}
            for one in await ask(max(0, last - LOOK_BACK)):
                if one["id"] in seen:
                    continue
                seen.add(one["id"])
                last = max(last, one["id"])
                if not types or one["type"] in types:
                    body = bodies.spelt(msgspec.json.encode(one["body"]))
                    attempt = await sender.post(
                        forward, body, seconds=ANSWER_SECONDS, any_address=True, trace=one["trace"]
                    )
                    tell(Passed(one, attempt))
            await asyncio.sleep(LOOK_SECONDS)
