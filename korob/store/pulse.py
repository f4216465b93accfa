"""Whether PostgreSQL still answers at all, asked every second: one that is frozen, or cut off, says not even no."""

import asyncio
import logging
from contextlib import suppress
from typing import Any, Final
from weakref import WeakSet

import asyncpg

EVERY_SECONDS: Final = 1.0
LOOKS: Final = 10
"""In so many parts it is waited for an answer: if this process was stopped itself, that spends one of them only."""


WRITABLE: Final = "read-write"
"""What a server must be: after a failover a name may lead to a copy for a while, which lags and can only be read."""


class SilentError(ConnectionError):
    """PostgreSQL does not answer, and nobody waits for it any more."""

    def __init__(self) -> None:
        super().__init__("the database does not answer")


class Pulse:
    """Feels the pulse of a PostgreSQL over a connection of its own.

    When there was none for `patience` seconds, all connections made by `connect` are broken off at once, and no other
    is made: whoever waits for one, or begins now, hears of it. The first answer of any kind ends that.
    """

    def __init__(self, url: str, *, patience: float) -> None:
        self._url = url
        self._patience = patience
        self._own: asyncpg.Connection | None = None
        self._connections: WeakSet[asyncpg.Connection] = WeakSet()
        self._connecting: set[asyncio.Future[asyncpg.Connection]] = set()
        self._is_silent = False

    async def connect(self, *arguments: Any, **named: Any) -> Any:
        """A connection, as `asyncpg.connect` makes it. Raises SilentError, and what that does."""
        if self._is_silent:
            raise SilentError
        connecting = asyncio.ensure_future(asyncpg.connect(*arguments, target_session_attrs=WRITABLE, **named))
        self._connecting.add(connecting)
        try:
            await asyncio.wait({connecting})
        finally:
            self._connecting.discard(connecting)
            connecting.cancel()
        if connecting.cancelled():
            raise SilentError
        connection = connecting.result()
        self._connections.add(connection)
        return connection

    async def feel(self) -> None:
        """Ask again and again, until cancelled."""
        try:
            while True:
                asked = asyncio.ensure_future(self._ask())
                try:
                    is_silent = await self._goes_unanswered(asked)
                    if is_silent:
                        self._break_off()
                finally:
                    asked.cancel()
                    await asyncio.wait({asked})
                if self._is_silent and not is_silent:
                    _LOG.warning("the database answers again")
                self._is_silent = is_silent
                await asyncio.sleep(EVERY_SECONDS)
        finally:
            self._drop_own()

    async def _ask(self) -> None:
        # A no is an answer, too: whoever asks for more hears it in his turn.
        try:
            if self._own is None or self._own.is_closed():
                self._own = await asyncpg.connect(self._url, server_settings={"application_name": "korob"})
            await self._own.execute("SELECT 1")
        except Exception:
            self._drop_own()

    async def _goes_unanswered(self, asked: asyncio.Future[None]) -> bool:
        for _ in range(LOOKS):
            await asyncio.wait({asked}, timeout=self._patience / LOOKS)
            if asked.done():
                return False
        return True

    def _break_off(self) -> None:
        if not self._is_silent:
            _LOG.warning("the database has not answered for %g s: what waits for it is given up", self._patience)
        self._is_silent = True
        self._drop_own()
        for connecting in self._connecting:
            connecting.cancel()
        for connection in tuple(self._connections):
            connection.terminate()

    def _drop_own(self) -> None:
        own, self._own = self._own, None
        if own is not None:
            with suppress(Exception):
                own.terminate()


_LOG: Final = logging.getLogger("korob.database")
