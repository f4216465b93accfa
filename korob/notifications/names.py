"""The addresses of names, remembered for a while."""

import asyncio
import errno
import socket
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from korob.domain import target

KEPT_SECONDS: Final = 10
"""How long the addresses of a name are remembered."""
KEPT_MAX: Final = 4096
AT_ONCE: Final = 64
"""Names looked up at once: servers of names that do not answer must not hold up the others."""

Address = tuple[Any, ...]
"""A row of `socket.getaddrinfo`."""


class PrivateAddressError(OSError):
    """There is no address that may be connected to."""

    def __init__(self, host: str) -> None:
        super().__init__(errno.EACCES, f"{host} leads to private addresses only")


class Names:
    """Looks names up, each once for all who ask at the same time."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="names")
        self._lookups: dict[tuple[str, int], tuple[float, asyncio.Future[Sequence[Address]]]] = {}

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def addresses(self, host: str, port: int, *, any_address: bool) -> list[Address]:
        """The addresses that may be connected to, of the open network only or any. Raises OSError if there is none."""
        found = [(_family(host), socket.SOCK_STREAM, 0, "", (host, port))] if target.is_address(host) else None
        rows = found or await self._look_up(host, port)
        allowed = [row for row in rows if any_address or target.is_open(str(row[4][0]))]
        if not allowed:
            raise PrivateAddressError(host)
        return allowed

    async def _look_up(self, host: str, port: int) -> Sequence[Address]:
        now = time.monotonic()
        until, lookup = self._lookups.get((host, port), (0.0, None))
        if lookup is None or (lookup.done() and (until <= now or lookup.exception() is not None)):
            if len(self._lookups) >= KEPT_MAX:
                self._lookups = {key: row for key, row in self._lookups.items() if row[0] > now or not row[1].done()}
            lookup = asyncio.get_running_loop().run_in_executor(self._threads, _addresses, host, port)
            lookup.add_done_callback(_heard)
            self._lookups[host, port] = now + KEPT_SECONDS, lookup
        # Whoever asked first may lose patience, and the others still want to know.
        return await asyncio.shield(lookup)


def _addresses(host: str, port: int) -> list[Address]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


def _heard(lookup: asyncio.Future[Sequence[Address]]) -> None:
    """A lookup may fail when nobody waits for it any more."""
    if not lookup.cancelled():
        lookup.exception()


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET
