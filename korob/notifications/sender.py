"""Knocks at sellers' doors: a notification is posted, and what was answered is put in words."""

import ssl
import time
from functools import lru_cache
from random import getrandbits
from types import TracebackType
from typing import Final

import aiohttp
from yarl import URL

from korob.domain import notification, target
from korob.domain.notification import Attempt, ErrorSubtype
from korob.http_client import HttpClient, NotConnectedError

ANSWER_MAX: Final = 64 * 1024
"""Bytes of an answer that are read; what is longer can't be one of ours."""
KEPT_MAX: Final = 1000
"""Characters of an answer that are written down."""


class Sender:
    """Posts notifications. Connections to any address are kept apart from those to the open network."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, only_open: bool = False) -> None:
        """With `only_open` nothing goes to private addresses, whatever a subscription says."""
        self._open = HttpClient(answer_max=ANSWER_MAX, tls=tls, only_open=True)
        self._any = self._open if only_open else HttpClient(answer_max=ANSWER_MAX, tls=tls)

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
        client = self._any if any_address else self._open
        sent = {"traceparent": traceparent} | (headers or {})
        began = time.perf_counter()
        try:
            status, content_type, content, is_cut = await client.post(
                _endpoint(url), body, seconds=seconds, headers=sent
            )
        except Exception as trouble:
            return Attempt(
                seconds=time.perf_counter() - began,
                traceparent=traceparent,
                error=_error(trouble),
                answer=_storable(_said(trouble)),
            )
        fault, receipt, why = notification.read(status, content_type, content, is_cut=is_cut)
        return Attempt(
            seconds=time.perf_counter() - began,
            traceparent=traceparent,
            status=status,
            error=fault,
            answer=_storable(content.decode(errors="replace")),
            integration=_storable(receipt.name) if receipt else None,
            version=_storable(receipt.version) if receipt else None,
            why=_storable(why),
        )


@lru_cache(maxsize=4096)
def _endpoint(url: str) -> URL:
    return URL(target.endpoint(url), encoded=True)


def _error(trouble: Exception) -> ErrorSubtype:
    match trouble:
        case NotConnectedError():
            return ErrorSubtype.CONNECTION_TIMED_OUT
        case TimeoutError():
            return ErrorSubtype.READ_TIMED_OUT
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return ErrorSubtype.SSL_ERROR
        case aiohttp.ClientPayloadError() | aiohttp.ClientResponseError():
            return ErrorSubtype.CANT_PARSE_RESPONSE
        case _:
            # Broken off before there was an answer, too: the documentation has no word of its own for that.
            return ErrorSubtype.CONNECTION_REFUSED


def _said(trouble: Exception) -> str:
    match trouble:
        case aiohttp.ClientConnectorCertificateError():
            fault = trouble.certificate_error
            return f"the certificate does not hold: {getattr(fault, 'verify_message', fault)}"
        case aiohttp.ClientConnectorError():
            said = trouble.os_error.strerror or "the other side hung up"
            return f"no connection to {trouble.host}:{trouble.port}: {said}"
        case aiohttp.ServerDisconnectedError():
            return "the other side hung up before it answered"
        case aiohttp.ClientPayloadError():
            return "the other side hung up in the middle of its answer"
        case aiohttp.ClientResponseError():
            return f"no HTTP: {trouble.message}"
        case _:
            return str(trouble) or type(trouble).__name__


def _storable(text: str) -> str:
    """PostgreSQL's text can't hold U+0000."""
    return text.replace("\0", "\ufffd")[:KEPT_MAX]
