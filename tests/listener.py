"""Somebody who listens on this machine, and can go away."""

import asyncio
import socket
import ssl


class Listener:
    """A server at a port of its own, which it keeps when it is stopped and started again; `serve` is one connection."""

    def __init__(self) -> None:
        self.tls: ssl.SSLContext | None = None
        # Bound and never listening, it keeps the port from everybody else while this one has stopped.
        self._place = socket.socket()
        self._place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._place.bind(("127.0.0.1", 0))
        self.port: int = self._place.getsockname()[1]
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(
            self._connected, "127.0.0.1", self.port, ssl=self.tls, reuse_address=True
        )

    async def stop(self) -> None:
        """Stop listening: from now on connections are refused."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in self._writers:
            writer.transport.abort()

    async def hang_up(self) -> None:
        """Close all connections, and go on listening."""
        for writer in list(self._writers):
            writer.close()
        await asyncio.sleep(0.05)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer requests until the other side hangs up."""
        raise NotImplementedError

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            await self.serve(reader, writer)
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()
