"""A code authority on this machine: a tiny HTTP server that answers as a story wants, and remembers the questions."""

import asyncio
import json
from typing import Any

from tests.listener import Listener
from tests.patience import enough

OK = {"status": "OK"}


class Authority(Listener):
    """Answers each code as `says` has it, else that it is good."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[list[dict[str, Any]]] = []
        self.says: dict[str, Any] = {}
        self.instead: tuple[int, str] | None = None
        """A status and a body to answer whatever was asked."""
        self.slow_seconds = 0.0
        self.answers = asyncio.Event()
        """Cleared, it keeps everybody waiting for an answer."""
        self.answers.set()
        self.at_once = self.at_once_most = 0
        self.headers: dict[str, str] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/checks"

    @property
    def values(self) -> list[str]:
        """Every code that it was asked about, as often as it was."""
        return [check["value"] for checks in self.asked for check in checks]

    async def until_asked(self, count: int) -> None:
        """Wait until so many requests came."""
        async with enough():
            while len(self.asked) < count:
                await asyncio.sleep(0.01)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            self.headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
            body = json.loads(await reader.readexactly(int(self.headers["content-length"])))
            self.asked.append(body["checks"])
            self.at_once += 1
            self.at_once_most = max(self.at_once, self.at_once_most)
            await asyncio.sleep(self.slow_seconds)
            await self.answers.wait()
            self.at_once -= 1
            status, text = self.instead or (200, json.dumps({"checks": self._answers(body["checks"])}))
            content = text.encode()
            writer.write(
                f"HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(content)}\r\n\r\n".encode()
                + content
            )
            await writer.drain()

    def _answers(self, checks: list[dict[str, Any]]) -> list[Any]:
        said = [(check["id"], self.says.get(check["value"], OK)) for check in checks]
        return [{"id": id} | what if isinstance(what, dict) else what for id, what in said if what is not None]
