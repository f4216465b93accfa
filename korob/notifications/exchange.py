"""HTTP as far as a knock needs it: one request and its answer, over a connection that may serve for the next one.

A general client costs ten times the processor time (docs/decisions/0020).
"""

import asyncio
from typing import Any, Final, NamedTuple

import httptools

ANSWER_MAX: Final = 64 * 1024
"""Bytes of an answer's body that are read; what is longer can't be one of ours."""
HEAD_MAX: Final = 64 * 1024
"""Bytes that an answer may have besides."""


class Answer(NamedTuple):
    """What was answered; a body that is too long is cut."""

    status: int
    content_type: str
    content: bytes


class NoHttpError(Exception):
    """What came is no answer, or breaks off in the middle of one."""


class HungUpError(ConnectionError):
    """The other side closed the connection before any answer came."""


class Line(asyncio.Protocol):
    """A connection to a target, for one exchange after another."""

    def __init__(self) -> None:
        self.is_answering = False
        """Whether the answer of the exchange under way has begun to come."""
        self.is_fit = False
        """Whether another exchange may follow."""
        self._transport: Any = None
        self._answered: asyncio.Future[Answer] | None = None
        self._parser: Any = None
        self._received = 0
        self._headers: dict[bytes, bytes] = {}
        self._content = bytearray()

    async def ask(self, request: bytes) -> Answer:
        """Send a request; its answer. Raises HungUpError, NoHttpError, OSError, after which there is no other."""
        self.is_answering = False
        if self._transport is None or self._transport.is_closing():
            self.is_fit = False
            raise HungUpError("the connection was closed before an answer")
        self._answered = asyncio.get_running_loop().create_future()
        self._parser = httptools.HttpResponseParser(self)
        self._received = 0
        self._transport.write(request)
        try:
            return await self._answered
        finally:
            self._answered = None
            if not self.is_fit:
                self.close()

    def close(self) -> None:
        """End the connection."""
        self.is_fit = False
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection is there."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """A piece of an answer."""
        if self._answered is None or self._answered.done():
            # Nobody asked.
            self.close()
            return
        self.is_answering = True
        self.is_fit = False
        self._received += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._end()
        except httptools.HttpParserError as trouble:
            self._fail(NoHttpError(f"the answer is no HTTP: {trouble}"))
        else:
            if len(self._content) > ANSWER_MAX:
                self._end()
            elif self._received > HEAD_MAX + ANSWER_MAX:
                self._fail(NoHttpError("the answer does not end"))

    def connection_lost(self, trouble: Exception | None) -> None:
        """The connection is gone; an answer of no said length ends with it."""
        self.is_fit = False
        if self._answered is None:
            return
        if not self.is_answering:
            said = trouble or HungUpError("the connection was closed before an answer")
            self._fail(said)
        elif trouble is None and self._headers and not self._headers.keys() & _LENGTHS:
            self._end()
        else:
            self._fail(NoHttpError("the connection was closed in the middle of the answer"))

    def on_message_begin(self) -> None:
        """An answer begins."""
        if self._answered is None or self._answered.done():
            # A second one, which nobody asked for.
            self.is_fit = False
            return
        self._headers = {}
        self._content = bytearray()

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header of the answer."""
        self._headers[name.lower()] = value

    def on_body(self, content: bytes) -> None:
        """A piece of the answer's body."""
        self._content += content

    def on_message_complete(self) -> None:
        """The end of an answer; one with a status below 200 only says that another one follows."""
        if self._parser.get_status_code() < 200 or self._answered is None:
            return
        self.is_fit = self._parser.should_keep_alive()
        self._end()

    def _end(self) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_result(
                Answer(
                    self._parser.get_status_code(),
                    self._headers.get(b"content-type", b"").decode("latin-1"),
                    bytes(self._content[:ANSWER_MAX]),
                )
            )

    def _fail(self, trouble: Exception) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(trouble)


_LENGTHS: Final = frozenset({b"content-length", b"transfer-encoding"})
