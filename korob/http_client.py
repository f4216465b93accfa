"""Requests to programs outside, over HTTP: one way to make them, for all who do."""

import asyncio
import errno
import resource
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from typing import Any, Final, NamedTuple
from weakref import WeakSet

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from korob import __version__
from korob.domain import target

IDLE_SECONDS: Final = 15.0
"""How long a connection is kept for the next request."""
KEPT_MAX: Final = 2000
"""Connections that may be open before no more are kept, if the machine lets a process have four times as many files."""
NAME_SECONDS: Final = 10
"""How long the addresses of a name are remembered."""
NAMES_MAX: Final = 4096
LOOKUPS_MAX: Final = 64
"""Names looked up at once: servers of names that do not answer must not hold up the others."""
LINE_MAX: Final = 8190
"""Bytes of a header of an answer."""
HEADERS_MAX: Final = 64
"""Headers of an answer."""


class Answer(NamedTuple):
    """What was answered."""

    status: int
    content_type: str
    content: bytes
    is_cut: bool
    """Whether there was more content than was wanted."""


class NotConnectedError(TimeoutError):
    """The time was over before there was a connection."""


class PrivateAddressError(OSError):
    """An address does not belong to the open network."""

    def __init__(self, address: str) -> None:
        super().__init__(errno.EACCES, f"{address} is a private address")


class HttpClient:
    """Posts, and reads what is answered. No redirect is followed, no cookie kept, no proxy asked.

    With `only_open` it connects to addresses of the open network only, whatever a name leads to.
    """

    def __init__(self, *, answer_max: int, tls: ssl.SSLContext | None = None, only_open: bool = False) -> None:
        """Of an answer's content `answer_max` bytes are read."""
        self._answer_max = answer_max
        self._tls = tls
        self._only_open = only_open
        self._session: aiohttp.ClientSession | None = None
        self._sockets: WeakSet[socket.socket] = WeakSet()
        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        self._kept_max = KEPT_MAX if files == resource.RLIM_INFINITY else min(KEPT_MAX, files // 4)

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def post(self, url: URL, body: bytes, *, seconds: float, headers: dict[str, str] | None = None) -> Answer:
        """Post JSON, and wait so long for the answer. Raises aiohttp.ClientError, OSError, TimeoutError."""
        sent = _HEADERS | headers if headers else dict(_HEADERS)
        if self._is_crowded():
            sent["Connection"] = "close"
        call = _Call()
        _CALL.set(call)
        try:
            async with asyncio.timeout(seconds), await self._answered(url, body, sent, call) as answer:
                content = bytearray()
                while not answer.content.at_eof() and len(content) <= self._answer_max:
                    content += await answer.content.readany()
                if is_cut := len(content) > self._answer_max:
                    answer.close()
        except TimeoutError:
            said = f"no answer within {seconds:g} s"
            raise (TimeoutError if call.is_connected else NotConnectedError)(said) from None
        content_type = answer.headers.get("Content-Type", "")
        return Answer(answer.status, content_type, bytes(content[: self._answer_max]), is_cut)

    async def _answered(self, url: URL, body: bytes, headers: dict[str, str], call: "_Call") -> aiohttp.ClientResponse:
        session = self._session or self._begun()
        try:
            return await session.post(url, data=body, headers=headers, allow_redirects=False)
        except aiohttp.ClientConnectionError:
            # A kept connection that the other side had closed meanwhile says nothing about the other side. If it was
            # the request that made it hang up, it does not get that once more for each connection that is kept.
            if call.is_new or not call.is_connected:
                raise
        call.is_connected = False
        call.wants_new = True
        return await session.post(url, data=body, headers=headers, allow_redirects=False)

    def _is_crowded(self) -> bool:
        if len(self._sockets) > self._kept_max:
            self._sockets = WeakSet(one for one in self._sockets if one.fileno() >= 0)
        return len(self._sockets) > self._kept_max

    def _begun(self) -> aiohttp.ClientSession:
        self._session = aiohttp.ClientSession(
            connector=_Connector(
                limit=0,
                ssl=self._tls or True,
                resolver=_Resolver(),
                ttl_dns_cache=NAME_SECONDS,
                dns_cache_max_size=NAMES_MAX,
                keepalive_timeout=IDLE_SECONDS,
                socket_factory=self._socket,
            ),
            # One limit of time around it all costs less than the ones for each step.
            timeout=aiohttp.ClientTimeout(total=None),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            max_line_size=LINE_MAX,
            max_field_size=LINE_MAX,
            max_headers=HEADERS_MAX,
        )
        return self._session

    def _socket(self, address: aiohttp.AddrInfoType) -> socket.socket:
        """A socket for the very address that is connected to next: whatever led there, it is checked here."""
        _CALL.get().is_new = True
        family, kind, protocol, _, (host, *_) = address
        if self._only_open and not target.is_open(str(host)):
            raise PrivateAddressError(str(host))
        made = socket.socket(family, kind, protocol)
        self._sockets.add(made)
        return made


class _Call:
    """How far a request has come."""

    is_new = False
    """Whether a connection had to be made for it."""
    wants_new = False
    """Whether one that is kept will not do."""
    is_connected = False


class _Connector(aiohttp.TCPConnector):
    """Says when there is a connection. Tracing would tell the same, for a sixth more processor time a request."""

    async def connect(self, req: Any, traces: Any, timeout: Any) -> aiohttp.connector.Connection:  # noqa: ASYNC109
        """A connection from those that are kept, or a new one."""
        call = _CALL.get()
        connection = await super().connect(req, traces, timeout)
        while not call.is_new and (call.wants_new or connection.protocol is None or connection.protocol.should_close):
            # Something came on it that nobody had asked for, which would be taken for the answer to this request.
            connection.close()
            connection = await super().connect(req, traces, timeout)
        call.is_connected = True
        return connection


class _Resolver(AbstractResolver):
    """Looks names up in threads of its own; the connector remembers, and asks once for all who want to know."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """All addresses of a name. Raises OSError if there is none."""
        rows = await asyncio.get_running_loop().run_in_executor(_LOOKUPS, _addresses, host, port)
        return [
            ResolveResult(
                hostname=host, host=str(row[4][0]), port=port, family=row[0], proto=row[2], flags=socket.AI_NUMERICHOST
            )
            for row in rows
        ]

    async def close(self) -> None:
        """Nothing is held."""


def _addresses(host: str, port: int) -> list[Any]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


_HEADERS: Final = {
    "Content-Type": "application/json",
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "User-Agent": f"korob/{__version__}",
}
_CALL: Final[ContextVar[_Call]] = ContextVar("call")
_LOOKUPS: Final = ThreadPoolExecutor(LOOKUPS_MAX, thread_name_prefix="names")
