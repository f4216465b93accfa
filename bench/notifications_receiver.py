"""The sellers of the bench of notifications: each has a port of its own; the dead accept and never answer."""

import asyncio
import json
import signal
import sys
import time
from datetime import datetime
from pathlib import Path

import uvloop

ANSWER = b'{"version":"1","name":"bench","time":"2026-01-01T00:00:00Z"}'
REPLY = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(ANSWER), ANSWER)


class Living(asyncio.Protocol):
    """Answers, and remembers when."""

    arrived: list[tuple[int, float]] = []  # noqa: RUF012

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        _, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found or not body.endswith(b"}"):
            return
        now = time.time()
        self._buffer = b""
        told = json.loads(body)
        self.arrived.append((told["orderId"], now - datetime.fromisoformat(told["createdAt"]).timestamp()))
        self._transport.write(REPLY)  # type: ignore[attr-defined]


async def main(living: int, hanging: int) -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    servers = [await loop.create_server(Living, "127.0.0.1", 0) for _ in range(living)]
    servers += [await loop.create_server(asyncio.Protocol, "127.0.0.1", 0) for _ in range(hanging)]
    print(json.dumps([server.sockets[0].getsockname()[1] for server in servers]), flush=True)
    await ended.wait()


uvloop.run(main(int(sys.argv[1]), int(sys.argv[2])))
Path(sys.argv[3]).write_text("".join(json.dumps(row) + "\n" for row in Living.arrived))
