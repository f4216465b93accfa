"""Requests that no HTTP client would send: in pieces, or broken off in the middle."""

import asyncio
import ssl
from urllib.parse import SplitResult, urlsplit

from korob.domain import target


async def is_reached(url: str, *, seconds: float) -> bool:
    """Whether anybody takes the call within so many seconds."""
    parts = urlsplit(url)
    try:
        async with asyncio.timeout(seconds):
            _, writer = await asyncio.open_connection(parts.hostname, _port(parts))
    except OSError:
        return False
    writer.close()
    return True


async def in_pieces(url: str, body: bytes, *, headers: dict[str, str], pieces: int, pause: float) -> bytes:
    """Post a body in pieces with pauses between them; the first line of the answer. Raises OSError, TimeoutError."""
    reader, writer = await _connected(url)
    try:
        writer.write(_head(url, len(body), headers))
        size = -(-len(body) // pieces)
        for start in range(0, len(body), size):
            writer.write(body[start : start + size])
            await writer.drain()
            await asyncio.sleep(pause)
        return (await reader.readline()).strip()
    finally:
        writer.close()


async def broken_off(url: str, body: bytes, *, headers: dict[str, str]) -> None:
    """Begin to post a body, and hang up in the middle of it. Raises OSError, TimeoutError."""
    _, writer = await _connected(url)
    writer.write(_head(url, len(body), headers) + body[: len(body) // 2])
    await writer.drain()
    writer.transport.abort()


async def _connected(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    return await asyncio.open_connection(
        parts.hostname, _port(parts), ssl=ssl.create_default_context() if secure else None
    )


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _head(url: str, length: int, headers: dict[str, str]) -> bytes:
    parts = urlsplit(target.endpoint(url))
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return (
        f"POST {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {length}\r\nConnection: close\r\n{more}\r\n"
    ).encode()
