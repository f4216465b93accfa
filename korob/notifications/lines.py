"""Connections to targets: made anew, or kept from the knock before."""

import asyncio
import resource
import ssl
from collections import OrderedDict
from typing import Any, Final, NamedTuple

import aiohappyeyeballs

from korob.notifications.exchange import Line
from korob.notifications.names import Names

IDLE_SECONDS: Final = 15.0
"""How long a connection is kept for the next notification."""
IDLE_MAX: Final = 2000
"""Connections that are kept, if the machine lets a process have four times as many files."""
NEXT_ADDRESS_SECONDS: Final = 0.25
"""After this the next address of a name is tried besides."""


class Place(NamedTuple):
    """Where a connection leads to."""

    host: str
    port: int
    secure: bool
    any_address: bool


class Lines:
    """The connections of one process."""

    def __init__(self, *, tls: ssl.SSLContext) -> None:
        self._tls = tls
        self._names = Names()
        self._idle: OrderedDict[Line, tuple[Place, asyncio.TimerHandle]] = OrderedDict()
        self._by_place: dict[Place, list[Line]] = {}
        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        self._idle_max = IDLE_MAX if files == resource.RLIM_INFINITY else min(IDLE_MAX, files // 4)

    def close(self) -> None:
        """End all connections."""
        while self._idle:
            self._end(next(iter(self._idle)))
        self._names.close()

    def kept(self, place: Place) -> Line | None:
        """A connection that was kept; None if there is none."""
        while lines := self._by_place.get(place):
            line = lines[-1]
            self._forget(line)
            if line.is_fit:
                return line
        return None

    async def made(self, place: Place) -> Line:
        """A new connection. Raises OSError and ssl.SSLError."""
        addresses = await self._names.addresses(place.host, place.port, any_address=place.any_address)
        secured: dict[str, Any] = {"ssl": self._tls, "server_hostname": place.host} if place.secure else {}
        loop = asyncio.get_running_loop()
        if len(addresses) == 1:
            host, port = addresses[0][4][:2]
            _, line = await loop.create_connection(Line, host, port, **secured)
            return line
        found = await aiohappyeyeballs.start_connection(addresses, happy_eyeballs_delay=NEXT_ADDRESS_SECONDS)
        try:
            _, line = await loop.create_connection(Line, sock=found, **secured)
        except BaseException:
            found.close()
            raise
        return line

    def keep(self, place: Place, line: Line) -> None:
        """Keep a connection for the next knock, if it is fit for one."""
        if not line.is_fit:
            return
        timer = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._end, line)
        self._idle[line] = place, timer
        self._by_place.setdefault(place, []).append(line)
        if len(self._idle) > self._idle_max:
            self._end(next(iter(self._idle)))

    def _end(self, line: Line) -> None:
        self._forget(line)
        line.close()

    def _forget(self, line: Line) -> None:
        place, timer = self._idle.pop(line)
        timer.cancel()
        lines = self._by_place[place]
        lines.remove(line)
        if not lines:
            del self._by_place[place]
