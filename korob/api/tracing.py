"""Spans of calls for OpenTelemetry, if somebody wants them: the very spans that answers name in `traceparent`.

The library is read only where a place to send spans to is set; it comes with the extra `korob[traces]`.
"""

import asyncio
import logging
import time
from contextlib import suppress
from typing import Any, Final, NamedTuple

from korob import __version__
from korob.api.call import Call

ROOM: Final = 4_096
"""Spans that wait to be sent, at most; more are left out."""
AT_ONCE: Final = 512
SENT_EVERY: Final = 1.0
"""Seconds between two sendings."""


class Ended(NamedTuple):
    """A call that is over."""

    operation: str
    route: str
    verb: str
    status: int
    business_id: int | None
    ended_ns: int
    seconds: float
    traceparent: bytes
    parent: bytes | None


class Traces:
    """Sends spans to one place. Made in a running loop."""

    def __init__(self, url: str) -> None:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415

        self._exporter = OTLPSpanExporter(endpoint=url)
        self._waiting: list[Ended] = []
        self._sending = asyncio.create_task(self._send_on_and_on())
        self.dropped = 0

    def note(
        self, call: Call, verb: str, status: int, seconds: float, traceparent: bytes, parent: bytes | None
    ) -> None:
        """Have the span of a call sent later, unless the caller's own trace is not recorded."""
        if not int(traceparent[-2:], 16) & 1:
            return
        if len(self._waiting) >= ROOM:
            self.dropped += 1
            return
        business_id = call.found.key.business_id if call.found else None
        ended_ns = time.time_ns()
        self._waiting.append(
            Ended(call.name, call.method.path, verb, status, business_id, ended_ns, seconds, traceparent, parent)
        )

    async def stop(self) -> None:
        """Send what waits, and end."""
        self._sending.cancel()
        with suppress(asyncio.CancelledError):
            await self._sending
        await self._send()
        await asyncio.to_thread(self._exporter.shutdown)

    async def _send_on_and_on(self) -> None:
        while True:
            await asyncio.sleep(SENT_EVERY)
            await self._send()

    async def _send(self) -> None:
        while self._waiting:
            some, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
            try:
                result = await asyncio.to_thread(self._exporter.export, [_span(ended) for ended in some])
            except Exception:
                _LOG.exception("spans can't be sent")
                return
            if result.value:
                _LOG.warning("%d spans were not taken", len(some))
                return


def _span(ended: Ended) -> Any:
    from opentelemetry.sdk.trace import ReadableSpan  # noqa: PLC0415
    from opentelemetry.trace import SpanKind  # noqa: PLC0415
    from opentelemetry.trace.status import Status, StatusCode  # noqa: PLC0415

    attributes: dict[str, Any] = {
        "http.request.method": ended.verb,
        "http.response.status_code": ended.status,
        "korob.operation": ended.operation,
    }
    if ended.route:
        attributes["http.route"] = ended.route
    if ended.business_id is not None:
        attributes["korob.business_id"] = ended.business_id
    return ReadableSpan(
        name=ended.operation,
        context=_context(ended.traceparent),
        parent=None
        if ended.parent is None or ended.parent[3:35] != ended.traceparent[3:35]
        else _context(ended.parent),
        resource=_resource(),
        attributes=attributes,
        kind=SpanKind.SERVER,
        status=Status(StatusCode.ERROR if ended.status >= 500 else StatusCode.UNSET),
        start_time=ended.ended_ns - int(ended.seconds * 1e9),
        end_time=ended.ended_ns,
    )


def _context(traceparent: bytes) -> Any:
    from opentelemetry.trace import SpanContext, TraceFlags  # noqa: PLC0415

    _, trace_id, span_id, flags = traceparent.split(b"-")
    return SpanContext(int(trace_id, 16), int(span_id, 16), is_remote=False, trace_flags=TraceFlags(int(flags, 16)))


def _resource() -> Any:
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415

    return Resource.create({"service.name": "korob", "service.version": __version__})


_LOG: Final = logging.getLogger("korob.api")
