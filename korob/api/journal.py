"""What every call leaves in the request log: noted while it is answered, masked and written down afterwards.

A call costs one small value. The rest is done in the background, in batches, and takes a fortieth of the process at
most: when more is asked than can be written down, calls are left out, reads that succeeded first, and counted.
"""

import asyncio
import logging
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from contextvars import Context
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct

from korob.api import faults
from korob.api.call import Call
from korob.domain import masking
from korob.store import request_log
from korob.store.database import Database, DatabaseGoneError
from korob.store.keys import Found
from korob.store.request_log import Logged

ROOM: Final = 2_000
"""Calls that wait to be written down, at most."""
ROOM_FOR_READS: Final = ROOM // 2
"""Reads that succeeded find room only below this."""
AT_ONCE: Final = 200
"""Calls in one statement."""
PAUSE_SECONDS: Final = 0.25
SHARE: Final = 40
"""The pause after a batch is at least so many times the work it took."""
KEPT: Final = 4_000
"""Bytes of a body that are kept."""
KEPT_OF_A_READ: Final = 1_000
"""Bytes of an answer that only tells how things are."""
INTEGRATION_MAX: Final = 100


class Noted(Struct, frozen=True):
    """A call, as it is when it was just answered: only what is small is kept of it."""

    found: Found
    campaign_id: int | None
    order_id: int | None
    operation: str
    rehearsed: bool
    verb: str
    path: str
    query: bytes
    status: int
    ended_at: float
    """In seconds since 1970."""
    seconds: float
    traceparent: bytes
    integration: bytes | None
    request: bytes
    request_length: int
    answer: bytes
    answer_length: int


class Journal:
    """Writes calls down for one process. The timers forget those that are old."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[Noted] = []
        self._writing: asyncio.Task[None] | None = None
        self._away = asyncio.Lock()
        self._ends = asyncio.Event()
        self.written = 0
        self.dropped = 0
        """Calls that nobody wrote down, because there was no room or no database."""
        self._told = 0
        """Those of them that the program's own log has."""

    def note(
        self,
        call: Call,
        scope: Mapping[str, Any],
        status: int,
        answer: bytes,
        seconds: float,
        traceparent: bytes,
        integration: bytes | None,
    ) -> None:
        """Have a call of a known key written down later."""
        waiting = self._waiting
        verb = scope["method"]
        only_told = status < 400 and verb == "GET"
        if len(waiting) >= (ROOM_FOR_READS if only_told else ROOM):
            self.dropped += 1
            return
        assert call.found is not None  # noqa: S101
        raw, length = call.raw, len(answer)
        kept = KEPT_OF_A_READ if only_told else KEPT
        waiting.append(
            Noted(
                call.found,
                None if call.campaign is None else call.campaign.id,
                call.order_id,
                call.name,
                call.rehearses,
                verb,
                scope["path"],
                scope["query_string"],
                status,
                time.time(),
                seconds,
                traceparent,
                integration,
                raw if len(raw) <= KEPT else raw[:KEPT],
                len(raw),
                answer if length <= kept else answer[:kept],
                length,
            )
        )
        if self._writing is None:
            self._writing = asyncio.get_running_loop().create_task(self._write_all(), context=Context())

    async def flush(self) -> None:
        """Write down at once what waits."""
        async with self._away:
            while self._waiting:
                await self._write_some()

    async def stop(self) -> None:
        """Write down what waits, as far as the database is there, and end."""
        self._ends.set()
        if self._writing is not None:
            await self._writing
        await self.flush()

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                await self._pause(PAUSE_SECONDS)
                async with self._away:
                    busy = await self._write_some()
                await self._pause_for_others(busy * SHARE)
        finally:
            self._writing = None

    async def _pause_for_others(self, seconds: float) -> None:
        """Let others of this process have so much of a processor: on a busy machine that takes longer."""
        enough = time.monotonic() - _kept_waiting() + seconds
        while (left := enough - time.monotonic() + _kept_waiting()) > 0 and not self._ends.is_set():
            await self._pause(left)

    async def _pause(self, seconds: float) -> None:
        """Let others work, unless this process ends."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._ends.wait()

    async def _write_some(self) -> float:
        """Write a batch down; the seconds of work that it took this process."""
        batch, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
        if not batch:
            return 0.0
        began = time.thread_time()
        calls = [_logged(noted) for noted in batch]
        busy = time.thread_time() - began
        try:
            await request_log.write(self._database, calls)
            self.written += len(calls)
        except DatabaseGoneError:
            self.dropped += len(calls)
        except Exception:
            self.dropped += len(calls)
            _LOG.exception("calls can't be written down")
        if self.dropped > self._told:
            _LOG.warning("%d calls were not written down", self.dropped - self._told)
            self._told = self.dropped
        return busy


def integration_of(header: bytes | None) -> str | None:
    """The name in X-Market-Integration; None if there is none, or one that can't be it: not ASCII, or too long."""
    if header is None or len(header) > INTEGRATION_MAX or not header.isascii():
        return None
    name = header.decode().strip()
    return masking.tokens(name) if name.isprintable() and name else None


def _kept_waiting() -> float:
    """Seconds in which this thread could have run and other programs did; 0 where the system does not tell."""
    try:
        return int(_SCHEDULED.read_bytes().split()[1]) / 1e9
    except OSError:
        return 0.0


def _logged(noted: Noted) -> Logged:
    asked, broken = _text(noted.request), len(noted.request) < noted.request_length
    if noted.status >= 400:
        asked, broken = _readable(asked, broken=broken)
    request, secrets = masking.body(asked, sent=True)
    answer, _ = masking.body(_text(noted.answer))
    if noted.status >= 400:
        answer = masking.without(answer, secrets)
    path = f"{noted.path}?{noted.query.decode(errors='replace')}" if noted.query else noted.path
    key = noted.found.key
    return Logged(
        business_id=key.business_id,
        at=datetime.fromtimestamp(noted.ended_at - noted.seconds, UTC),
        campaign_id=noted.campaign_id,
        order_id=noted.order_id,
        operation=noted.operation,
        verb=noted.verb,
        path=masking.tokens(path).replace("\0", "")[:KEPT],
        status=noted.status,
        milliseconds=noted.seconds * 1000,
        trace=msgspec.convert(noted.traceparent[3:35].decode(), UUID),
        key_name=key.name,
        integration=integration_of(noted.integration),
        rehearsed=noted.rehearsed,
        request=_marked(request, noted.request_length, broken=broken),
        answer=_marked(answer, noted.answer_length, broken=len(noted.answer) < noted.answer_length),
    )


def _text(raw: bytes) -> str:
    """A body for people: every one that says something is an object."""
    told = raw.removeprefix(faults.BYTE_ORDER_MARK).lstrip()
    if told and not told.startswith(b"{"):
        return f"({len(raw)} bytes that are no JSON object)"
    return told.decode("utf-8", "replace").replace("\0", "")


def _readable(text: str, *, broken: bool) -> tuple[str, bool]:
    """A body up to where it is no JSON any more: what follows has no names by which it could be masked."""
    try:
        msgspec.json.decode(text)
    except RecursionError:
        return "", True
    except msgspec.DecodeError as error:
        if text.startswith("{") and (at := _BROKEN_AT.search(str(error))):
            return text.encode()[: int(at[1])].decode("utf-8", "replace"), True
    return text, broken


def _marked(text: str, length: int, *, broken: bool) -> str:
    return f"{text}… ({length} bytes)" if broken else text


_BROKEN_AT: Final = re.compile(r"\(byte (\d+)\)\Z")
_SCHEDULED: Final = Path("/proc/thread-self/schedstat")
_LOG: Final = logging.getLogger("korob.api")
