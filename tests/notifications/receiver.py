"""A seller's program that is told: a tiny HTTP server that answers as a story wants, and remembers what came."""

import asyncio
import json
import ssl
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager

from tests.listener import Listener
from tests.patience import enough

Behaviour = Callable[[asyncio.StreamWriter], Awaitable[None]]

RECEIPT = {"version": "1.0.0", "name": "shop", "time": "2026-03-02T09:00:00.123456789Z"}


def answer(status: int = 200, body: object = RECEIPT, *, kind: str = "application/json") -> Behaviour:
    """Answer; a body that is not text already is JSON."""

    async def behave(writer: asyncio.StreamWriter) -> None:
        content = (body if isinstance(body, str) else json.dumps(body)).encode()
        head = f"HTTP/1.1 {status} Said\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n\r\n"
        writer.write(head.encode() + content)
        await writer.drain()

    return behave


def late(seconds: float) -> Behaviour:
    """Accept, but only after a while."""

    async def behave(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(seconds)
        await answer()(writer)

    return behave


def held(let: asyncio.Event) -> Behaviour:
    """Accept, but only once that is let."""

    async def behave(writer: asyncio.StreamWriter) -> None:
        await let.wait()
        await answer()(writer)

    return behave


def refer(url: str) -> Behaviour:
    """Answer that it is somewhere else."""

    async def behave(writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 307 Elsewhere\r\nLocation: {url}\r\nContent-Length: 0\r\n\r\n".encode())

    return behave


async def reset(writer: asyncio.StreamWriter) -> None:
    """Break off without a word."""
    writer.transport.abort()


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close the connection instead of answering."""
    writer.close()


async def cut_off(writer: asyncio.StreamWriter) -> None:
    """Break off in the middle of the answer."""
    writer.write(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"version":')
    await writer.drain()
    writer.close()


async def babble(writer: asyncio.StreamWriter) -> None:
    """Answer something that is no HTTP."""
    writer.write(b"what?\r\n\r\n")
    writer.close()


class Received:
    """A request that came in."""

    def __init__(self, line: str, headers: dict[str, str], raw: bytes) -> None:
        self.at = time.time()
        self.method, self.path, _ = line.split(" ", 2)
        self.headers = headers
        self.raw = raw
        self.body = json.loads(raw)

    @property
    def type(self) -> str:
        return self.body["notificationType"]


class Receiver(Listener):
    """Answers with the behaviours it is given, one after the other; then as `always`."""

    def __init__(self) -> None:
        super().__init__()
        self.received: list[Received] = []
        self.next: list[Behaviour] = []
        self.always: Behaviour = answer()
        self.when_broken: Behaviour = answer(400, {"error": {"type": "WRONG_EVENT_FORMAT"}})
        self.when_told: Callable[[Received], Awaitable[None]] | None = None
        self.connections = 0
        self.answered = 0

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://localhost:{self.port}/shop"

    @property
    def told(self) -> list[Received]:
        """What came, without checks of the connection."""
        return [one for one in self.received if one.type != "PING"]

    @property
    def types(self) -> list[str]:
        return [one.type for one in self.received]

    async def until(self, count: int) -> None:
        """Wait until so many notifications came."""
        async with enough():
            while len(self.told) < count:
                await asyncio.sleep(0.01)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
            raw = await reader.readexactly(int(headers.get("content-length", 0)))
            try:
                received = Received(head[0], headers, raw)
            except json.JSONDecodeError:
                await self.when_broken(writer)
                continue
            self.received.append(received)
            if self.when_told:
                await self.when_told(received)
            await (self.next.pop(0) if self.next else self.always)(writer)
            self.answered += received.type != "PING"


@asynccontextmanager
async def listening(*, tls: ssl.SSLContext | None = None):
    receiver = Receiver()
    receiver.tls = tls
    await receiver.start()
    yield receiver
    await receiver.stop()
