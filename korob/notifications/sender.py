"""The HTTP client that knocks at sellers' doors."""

import asyncio
import ssl
import time
from functools import cache, lru_cache
from random import getrandbits
from types import TracebackType
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from korob import __version__
from korob.domain import notification, target
from korob.domain.notification import Attempt, ErrorSubtype
from korob.notifications.exchange import Answer, HungUpError, NoHttpError
from korob.notifications.lines import Lines, Place

KEPT_MAX: Final = 1000
"""Characters of an answer that are written down."""


class Sender:
    """Posts notifications. Redirects are not followed; a connection goes to the very addresses that were checked."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, only_open: bool = False) -> None:
        """With `only_open` nothing goes to private addresses, whatever a subscription says."""
        self._lines = Lines(tls=tls or _usual_tls())
        self._only_open = only_open

    async def __aenter__(self) -> "Sender":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, trouble: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._lines.close()

    async def post(
        self,
        url: str,
        body: bytes,
        *,
        seconds: float,
        any_address: bool,
        trace: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Attempt:
        """Knock once: post a body to the endpoint of a subscription's URL, and wait so long for the answer."""
        traceparent = f"00-{trace or f'{getrandbits(128) or 1:032x}'}-{getrandbits(64) or 1:016x}-01"
        knock = _Knock()
        began = time.perf_counter()
        try:
            endpoint = _endpoint(url, any_address and not self._only_open)
            lines = [endpoint.head, f"traceparent: {traceparent}", f"Content-Length: {len(body)}"]
            lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
            request = "\r\n".join([*lines, "\r\n"]).encode("latin-1") + body
            async with asyncio.timeout(seconds):
                answer = await self._exchange(endpoint.place, request, knock)
        except Exception as trouble:
            return Attempt(
                seconds=time.perf_counter() - began,
                traceparent=traceparent,
                error=_error(trouble, knock),
                answer=_said(trouble, seconds),
            )
        fault, receipt = notification.fault_of(*answer)
        return Attempt(
            seconds=time.perf_counter() - began,
            traceparent=traceparent,
            status=answer.status,
            error=fault,
            answer=_storable(answer.content.decode(errors="replace")),
            integration=_storable(receipt.name) if receipt else None,
            version=_storable(receipt.version) if receipt else None,
        )

    async def _exchange(self, place: Place, request: bytes, knock: "_Knock") -> Answer:
        line = self._lines.kept(place)
        if line is not None:
            knock.is_connected = True
            try:
                answer = await line.ask(request)
            except (HungUpError, ConnectionResetError, BrokenPipeError):
                # A kept connection that the other side had closed meanwhile says nothing about the target.
                if line.is_answering:
                    raise
                knock.is_connected = False
            else:
                self._lines.keep(place, line)
                return answer
        line = await self._lines.made(place)
        knock.is_connected = True
        answer = await line.ask(request)
        self._lines.keep(place, line)
        return answer


class _Knock:
    """How far an attempt has come."""

    is_connected = False


class _Endpoint(NamedTuple):
    """Where notifications for a URL go: the connection, and the request as far as it is always the same."""

    place: Place
    head: str


@lru_cache(maxsize=4096)
def _endpoint(url: str, any_address: bool) -> _Endpoint:
    parts = urlsplit(target.endpoint(url))
    host, secure = parts.hostname or "", parts.scheme == "https"
    usual = 443 if secure else 80
    port = parts.port or usual
    named = f"[{host}]" if ":" in host else host
    head = (
        f"POST {parts.path}{'?' if parts.query else ''}{parts.query} HTTP/1.1",
        f"Host: {named if port == usual else f'{named}:{port}'}",
        f"User-Agent: {_USER_AGENT}",
        "Content-Type: application/json",
    )
    return _Endpoint(Place(host, port, secure, any_address), "\r\n".join(head))


@cache
def _usual_tls() -> ssl.SSLContext:
    """What the machine trusts; reading that anew takes as long as dozens of knocks."""
    return ssl.create_default_context()


def _error(trouble: Exception, knock: _Knock) -> ErrorSubtype:
    match trouble:
        case TimeoutError():
            return ErrorSubtype.READ_TIMED_OUT if knock.is_connected else ErrorSubtype.CONNECTION_TIMED_OUT
        case ssl.SSLError():
            return ErrorSubtype.SSL_ERROR
        case NoHttpError():
            return ErrorSubtype.CANT_PARSE_RESPONSE
        case _:
            # Broken off before there was an answer, too: the documentation has no word of its own for that.
            return ErrorSubtype.CONNECTION_REFUSED


def _said(trouble: Exception, seconds: float) -> str:
    if isinstance(trouble, TimeoutError):
        return f"no answer within {seconds:g} s"
    return _storable(str(trouble) or type(trouble).__name__)


def _storable(text: str) -> str:
    """PostgreSQL's text can't hold U+0000."""
    return text.replace("\0", "\ufffd")[:KEPT_MAX]


_USER_AGENT: Final = f"korob/{__version__}"
