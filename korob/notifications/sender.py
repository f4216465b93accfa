"""The HTTP client that knocks at sellers' doors."""

import asyncio
import errno
import socket
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from random import getrandbits
from types import SimpleNamespace, TracebackType
from typing import Any, Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from korob import __version__
from korob.domain import notification, target
from korob.domain.notification import Attempt, ErrorSubtype

ANSWER_MAX: Final = 64 * 1024
"""Bytes of an answer that are read; what is longer can't be one of ours."""
KEPT_MAX: Final = 1000
"""Characters of an answer that are written down."""
IDLE_SECONDS: Final = 2.0
"""How long a connection is kept for the next notification: shorter than servers keep theirs."""
NAME_SECONDS: Final = 10
"""How long the addresses of a name are remembered."""
LOOKUPS_MAX: Final = 64
"""Names looked up at once: servers of names that do not answer must not hold up the others."""


class PrivateAddressError(OSError):
    """There is no address that may be connected to."""

    def __init__(self, host: str) -> None:
        super().__init__(errno.EACCES, f"{host} leads to private addresses only")


class Sender:
    """Posts notifications. Redirects are not followed; a connection goes to the very addresses that were checked."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self._lookups = ThreadPoolExecutor(LOOKUPS_MAX, thread_name_prefix="names")
        self._tls = tls or _usual_tls()
        self._open = self._session(_Resolver(self._lookups, any_address=False))
        self._any = self._session(_Resolver(self._lookups, any_address=True))

    async def __aenter__(self) -> "Sender":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, trouble: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections."""
        await self._open.close()
        await self._any.close()
        self._lookups.shutdown(wait=False, cancel_futures=True)

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
        sent = {"Content-Type": "application/json", "traceparent": traceparent, "User-Agent": _USER_AGENT}
        connection = SimpleNamespace(made=False, reused=False, answering=False)
        began = time.perf_counter()
        try:
            async with asyncio.timeout(seconds):
                try:
                    answer = await self._exchange(url, body, sent | (headers or {}), connection, any_address)
                except (aiohttp.ServerDisconnectedError, ConnectionResetError, BrokenPipeError):
                    # A kept connection that the other side had closed meanwhile says nothing about the target.
                    if not connection.reused or connection.answering:
                        raise
                    connection = SimpleNamespace(made=False, reused=False, answering=False)
                    answer = await self._exchange(url, body, sent | (headers or {}), connection, any_address)
        except Exception as trouble:
            return Attempt(
                seconds=time.perf_counter() - began,
                traceparent=traceparent,
                error=_error(trouble, connection),
                answer=_said(trouble, seconds),
            )
        status, content_type, content = answer
        fault, receipt = notification.fault_of(status, content_type, content)
        return Attempt(
            seconds=time.perf_counter() - began,
            traceparent=traceparent,
            status=status,
            error=fault,
            answer=_storable(content.decode(errors="replace")),
            integration=_storable(receipt.name) if receipt else None,
            version=_storable(receipt.version) if receipt else None,
        )

    async def _exchange(
        self, url: str, body: bytes, headers: dict[str, str], connection: SimpleNamespace, any_address: bool
    ) -> tuple[int, str, bytes]:
        where, is_open = _endpoint(url)
        if not (any_address or is_open):
            raise PrivateAddressError(where.host or "")
        session = self._any if any_address else self._open
        async with session.post(
            where, data=body, headers=headers, allow_redirects=False, trace_request_ctx=connection
        ) as answer:
            connection.answering = True
            content = bytearray()
            async for part in answer.content.iter_any():
                content += part
                if len(content) > ANSWER_MAX:
                    del content[ANSWER_MAX:]
                    answer.close()
                    break
            return answer.status, answer.headers.get("Content-Type", ""), bytes(content)

    def _session(self, resolver: AbstractResolver) -> aiohttp.ClientSession:
        watch = aiohttp.TraceConfig()
        watch.on_connection_create_end.append(_made)
        watch.on_connection_reuseconn.append(_reused)
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0,
                resolver=resolver,
                ttl_dns_cache=NAME_SECONDS,
                keepalive_timeout=IDLE_SECONDS,
                ssl=self._tls,
            ),
            timeout=aiohttp.ClientTimeout(total=None),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            trace_configs=[watch],
            max_line_size=16 * 1024,
        )


class _Resolver(AbstractResolver):
    """Addresses of names; only open ones, unless any will do."""

    def __init__(self, lookups: ThreadPoolExecutor, *, any_address: bool) -> None:
        self._lookups = lookups
        self._any_address = any_address

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses that may be connected to. Raises OSError if there is none."""
        loop = asyncio.get_running_loop()
        rows = await loop.run_in_executor(self._lookups, _addresses, host, port, family)
        allowed = [row for row in rows if self._any_address or target.is_open(str(row[4][0]))]
        if not allowed:
            raise PrivateAddressError(host)
        return [
            ResolveResult(
                hostname=host,
                host=str(row[4][0]),
                port=port,
                family=row[0],
                proto=row[2],
                flags=socket.AI_NUMERICHOST,
            )
            for row in allowed
        ]

    async def close(self) -> None:
        """Nothing is held."""


@lru_cache(maxsize=4096)
def _endpoint(url: str) -> tuple[URL, bool]:
    """Where to post to, and whether the link itself is open; of a name only its addresses can tell."""
    where = URL(target.endpoint(url), encoded=True)
    host = where.host or ""
    return where, not target.is_address(host) or target.is_open(host)


@cache
def _usual_tls() -> ssl.SSLContext:
    """What the machine trusts; reading that anew takes as long as dozens of knocks."""
    return ssl.create_default_context()


def _addresses(host: str, port: int, family: int) -> list[Any]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)


async def _made(session: Any, context: SimpleNamespace, facts: Any) -> None:
    context.trace_request_ctx.made = True


async def _reused(session: Any, context: SimpleNamespace, facts: Any) -> None:
    context.trace_request_ctx.made = context.trace_request_ctx.reused = True


def _error(trouble: Exception, connection: SimpleNamespace) -> ErrorSubtype:
    match trouble:
        case TimeoutError():
            return ErrorSubtype.READ_TIMED_OUT if connection.made else ErrorSubtype.CONNECTION_TIMED_OUT
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return ErrorSubtype.SSL_ERROR
        case aiohttp.ClientPayloadError() | aiohttp.ClientResponseError():
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
