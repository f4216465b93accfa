"""What a seller's handler of notifications makes of the documented ones, and of nasty ones."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import count
from typing import Any, Final, NamedTuple

import msgspec

from korob.domain.notification import (
    ANSWER_SECONDS,
    CAMPAIGN_TYPES,
    PING_SECONDS,
    Attempt,
    ErrorSubtype,
    NotificationType,
)
from korob.domain.value import Value
from korob.notifications import raw_request, samples, signature
from korob.notifications.knock import Wall
from korob.notifications.sender import Sender

SLOW_SECONDS: Final = 1.0
"""An answer that takes longer is better given at once, with the work done afterwards."""
AT_ONCE: Final = 20


class Grade(StrEnum):
    """How well a case went."""

    GOOD = "GOOD"
    POOR = "POOR"
    """The Market would go on, but somebody should look at it."""
    BAD = "BAD"
    """Notifications would be lost or repeated."""


class Finding(NamedTuple):
    """What came of one case."""

    case: str
    grade: Grade
    said: str
    seconds: float


class Verdict(NamedTuple):
    """A grade, and why."""

    grade: Grade
    said: str


class Report(Value, frozen=True):
    """All findings; `mark` is a letter from A to F."""

    url: str
    findings: tuple[Finding, ...]

    @property
    def count(self) -> dict[Grade, int]:
        """How many findings have each grade."""
        return {grade: sum(one.grade is grade for one in self.findings) for grade in Grade}

    @property
    def mark(self) -> str:
        """A: all good; B: nothing bad; C, D: some bad; F: not usable."""
        count = self.count
        if count[Grade.BAD]:
            unusable = count[Grade.BAD] > _D_MAX or self.findings[0].grade is Grade.BAD
            return "F" if unusable else "C" if count[Grade.BAD] <= _C_MAX else "D"
        return "B" if count[Grade.POOR] else "A"

    @property
    def passed(self) -> bool:
        """Whether nothing is bad."""
        return not self.count[Grade.BAD]


class Handler:
    """The handler that is checked."""

    def __init__(self, sender: Sender, url: str, *, wall: Wall, secret: bytes | None) -> None:
        self.url = url
        self.now = wall()
        self._sender = sender
        self._wall = wall
        self._secret = secret
        # A handler that knows again what it was told must not take this check for the last one, nor a case for another.
        self._numbers = count(int(self.now.timestamp()) * 1000)

    def sample(
        self, kind: NotificationType, at: datetime | None = None, *, number: int | None = None, **more: Any
    ) -> dict[str, Any]:
        """A notification of a type, as of now and of a number that no check had before, unless otherwise given."""
        return samples.sample(kind, at or self.now, number=number or next(self._numbers), **more)

    async def tell(self, fields: dict[str, Any], *, seconds: float = ANSWER_SECONDS) -> Attempt:
        """Send a notification."""
        return await self.send(msgspec.json.encode(fields), seconds=seconds)

    async def send(self, body: bytes, *, seconds: float = ANSWER_SECONDS) -> Attempt:
        """Send a body, whatever it is."""
        return await self._sender.post(self.url, body, seconds=seconds, any_address=True, headers=self.signed(body))

    async def forge(self, fields: dict[str, Any]) -> Attempt:
        """Send a notification with the signature of another body."""
        headers = self.signed(b"{}")
        return await self._sender.post(
            self.url, msgspec.json.encode(fields), seconds=ANSWER_SECONDS, any_address=True, headers=headers
        )

    def signed(self, body: bytes) -> dict[str, str]:
        """The headers that sign a body, none without a secret."""
        if self._secret is None:
            return {}
        message_id = f"msg_check_{next(self._numbers)}"
        return signature.headers(
            self._secret, message_id=message_id, timestamp=int(self._wall().timestamp()), body=body
        )


Case = Callable[[Handler], Awaitable[Verdict]]


async def check(url: str, *, wall: Wall, secret: bytes | None, tell: Callable[[Finding], None]) -> Report:
    """Go through all cases, each told of as it ends; no further than the PING if nobody is there."""
    findings: list[Finding] = []
    async with Sender() as sender:
        handler = Handler(sender, url, wall=wall, secret=secret)
        for name, case in _cases(signed=secret is not None):
            began = time.perf_counter()
            grade, said = await case(handler)
            findings.append(Finding(name, grade, said, time.perf_counter() - began))
            tell(findings[-1])
            if said.startswith(_NOBODY):
                break
    return Report(url, tuple(findings))


def _cases(*, signed: bool) -> Iterator[tuple[str, Case]]:
    yield "PING is answered within a second", _ping
    for kind in sorted(CAMPAIGN_TYPES):
        yield f"{kind} is accepted", _accepts(kind)
    for kind in sorted(set(NotificationType) - CAMPAIGN_TYPES - {NotificationType.PING}):
        yield f"{kind}, which a business may get, does no harm", _survives(kind)
    yield from _NASTY
    if signed:
        yield "A signature that does not fit is refused", _forged


async def _ping(handler: Handler) -> Verdict:
    attempt = await handler.tell(handler.sample(NotificationType.PING), seconds=PING_SECONDS)
    if attempt.error in _NO_ANSWER and not await raw_request.is_reached(handler.url, seconds=PING_SECONDS):
        return Verdict(Grade.BAD, f"{_NOBODY}: {attempt.trouble}")
    return _accepted(attempt)


def _accepts(kind: NotificationType) -> Case:
    async def case(handler: Handler) -> Verdict:
        attempt = await handler.tell(handler.sample(kind))
        if attempt.status == 400 and "WRONG_EVENT_FORMAT" in attempt.answer:
            return Verdict(Grade.POOR, "refused as a type it does not know: one subscribed to would be lost here")
        return _accepted(attempt)

    return case


def _survives(kind: NotificationType) -> Case:
    async def case(handler: Handler) -> Verdict:
        return _survived(await handler.tell(handler.sample(kind)))

    return case


async def _twice(handler: Handler) -> Verdict:
    order = handler.sample(NotificationType.ORDER_CREATED)
    first, second = await handler.tell(order), await handler.tell(order)
    if first.error:
        return _accepted(first)
    if second.status == 400 and "DUPLICATED_EVENT" not in second.answer:
        return Verdict(Grade.POOR, f"the second one is 400 without DUPLICATED_EVENT: {second.trouble}")
    return _survived(second)


async def _late(handler: Handler) -> Verdict:
    at = handler.now - timedelta(days=13, hours=23)
    return _accepted(await handler.tell(handler.sample(NotificationType.ORDER_CREATED, at)))


async def _out_of_order(handler: Handler) -> Verdict:
    last = handler.sample(
        NotificationType.ORDER_STATUS_UPDATED, status="DELIVERY", substatus="DELIVERY_SERVICE_RECEIVED"
    )
    number = last["orderId"]
    told = [
        last,
        handler.sample(NotificationType.ORDER_STATUS_UPDATED, handler.now - timedelta(hours=5), number=number),
        handler.sample(NotificationType.ORDER_CREATED, handler.now - timedelta(hours=6), number=number),
    ]
    return _worst([_accepted(await handler.tell(one)) for one in told])


async def _unknown_type(handler: Handler) -> Verdict:
    fields = {**handler.sample(NotificationType.ORDER_CREATED), "notificationType": "ORDER_SANG_A_SONG"}
    return _survived(await handler.tell(fields))


async def _unknown_field(handler: Handler) -> Verdict:
    fields = handler.sample(
        NotificationType.ORDER_CREATED,
        giftWrap={"ribbon": ["red", "gold"]},
        items=[{"offerId": "MUG-BLUE", "count": 2, "shade": "azure"}],
    )
    return _accepted(await handler.tell(fields))


async def _unknown_status(handler: Handler) -> Verdict:
    fields = handler.sample(NotificationType.ORDER_STATUS_UPDATED, status="DANCING", substatus="ON_THE_TABLE")
    attempt = await handler.tell(fields)
    if attempt.status == 400:
        return Verdict(Grade.POOR, "400: a new status of the Market would never be seen here")
    return _accepted(attempt)


async def _long_ids(handler: Handler) -> Verdict:
    order = handler.sample(NotificationType.ORDER_CREATED)
    # Both are odd, so that a number with a floating point can't hold the first one either.
    longer, longest = 2**53 + 1 + 2 * order["orderId"], 2**63 - 1 - 2 * order["orderId"]
    return _worst([_accepted(await handler.tell({**order, "orderId": one})) for one in (longer, longest)])


async def _many_items(handler: Handler) -> Verdict:
    items = [{"offerId": f"Кружка «{number}» №\u00a0{number}", "count": number} for number in range(1, 501)]
    fields = handler.sample(NotificationType.ORDER_CREATED, items=items)
    return _accepted(await handler.tell(fields))


async def _other_order_of_fields(handler: Handler) -> Verdict:
    fields = handler.sample(NotificationType.ORDER_CREATED)
    return _accepted(await handler.tell(dict(reversed(fields.items()))))


async def _no_json(handler: Handler) -> Verdict:
    attempt = await handler.send(b'{"notificationType":"ORDER_CREATED","orderId":')
    if attempt.status == 400:
        return Verdict(Grade.GOOD, "400")
    if attempt.status is not None:
        return Verdict(Grade.POOR, f"{attempt.status}, where 400 says that the notification is wrong")
    grade, said = await _ping(handler)
    if grade is Grade.BAD:
        return Verdict(grade, f"{attempt.trouble}; afterwards PING: {said}")
    return Verdict(Grade.POOR, f"{attempt.trouble}, where 400 says that the notification is wrong")


async def _slowly(handler: Handler) -> Verdict:
    body = msgspec.json.encode(handler.sample(NotificationType.ORDER_CREATED))
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            line = await raw_request.in_pieces(handler.url, body, headers=handler.signed(body), pieces=5, pause=0.4)
    except (OSError, TimeoutError, ValueError) as trouble:
        return Verdict(Grade.BAD, f"no answer: {trouble or 'timed out'}")
    said = line.decode(errors="replace")
    if b" 200" in line:
        return Verdict(Grade.GOOD, said)
    return Verdict(Grade.POOR, said or "hung up")


async def _broken_off(handler: Handler) -> Verdict:
    body = msgspec.json.encode(handler.sample(NotificationType.ORDER_CREATED))
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            for _ in range(3):
                await raw_request.broken_off(handler.url, body, headers=handler.signed(body))
    except (OSError, TimeoutError) as trouble:
        return Verdict(Grade.BAD, f"can't connect any more: {trouble or 'timed out'}")
    grade, said = await _ping(handler)
    return Verdict(grade, f"afterwards PING: {said}")


async def _at_once(handler: Handler) -> Verdict:
    told = [handler.sample(NotificationType.ORDER_CREATED) for _ in range(AT_ONCE)]
    return _worst([_accepted(one) for one in await asyncio.gather(*map(handler.tell, told))])


async def _forged(handler: Handler) -> Verdict:
    attempt = await handler.forge(handler.sample(NotificationType.ORDER_CREATED))
    if attempt.status is not None and 400 <= attempt.status < 500:
        return Verdict(Grade.GOOD, f"refused with {attempt.status}")
    if attempt.error is None:
        return Verdict(Grade.BAD, "accepted: anybody who knows the link can tell this handler anything")
    return Verdict(Grade.POOR, f"{attempt.trouble}, where 400 or 401 says that the signature is wrong")


_NASTY: Final[tuple[tuple[str, Case], ...]] = (
    ("The same notification twice does no harm", _twice),
    ("A notification that is two weeks late is accepted", _late),
    ("Notifications in the wrong order are accepted", _out_of_order),
    ("A type that nobody knows yet does no harm", _unknown_type),
    ("Fields that nobody knows yet are passed over", _unknown_field),
    ("A status that nobody knows yet is accepted", _unknown_status),
    ("Ids of 64 bits are accepted", _long_ids),
    ("500 items with names in Russian are accepted", _many_items),
    ("Fields in another order are accepted", _other_order_of_fields),
    ("What is no JSON is answered with 400", _no_json),
    ("A request that comes in slowly is accepted", _slowly),
    ("Requests that break off leave the handler alive", _broken_off),
    (f"{AT_ONCE} notifications at once are accepted", _at_once),
)


def _accepted(attempt: Attempt) -> Verdict:
    if attempt.error:
        return Verdict(Grade.BAD, attempt.trouble)
    if attempt.seconds > SLOW_SECONDS:
        return Verdict(Grade.POOR, f"accepted, but only after {attempt.seconds:.1f} s: answer first, work later")
    return Verdict(Grade.GOOD, f"accepted by {attempt.integration} {attempt.version}")


def _survived(attempt: Attempt) -> Verdict:
    return Verdict(Grade.GOOD, "refused with 400") if attempt.status == 400 else _accepted(attempt)


def _worst(verdicts: list[Verdict]) -> Verdict:
    return max(verdicts, key=lambda verdict: list(Grade).index(verdict.grade))


_NO_ANSWER: Final = frozenset({ErrorSubtype.CONNECTION_REFUSED, ErrorSubtype.CONNECTION_TIMED_OUT})
_NOBODY: Final = "nobody is there"
_C_MAX: Final = 2
_D_MAX: Final = 6
