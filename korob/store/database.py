"""The connections to PostgreSQL, and the migrations."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from contextvars import Context
from importlib import resources
from typing import Any, Final, Self

import asyncpg
import msgspec

from korob.store.pulse import Pulse

MIGRATION_LOCK: Final = 0x6B6F726F62
"""The advisory lock under which nodes migrate one after another."""
STATEMENT_SECONDS_MAX: Final = 60
"""How long a statement may take before PostgreSQL counts as gone."""
LOCK_TIMEOUT: Final = "5s"
"""How long a statement waits for a row that somebody else has: who holds one for long must not hold up everybody."""

BROKEN: Final = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)
"""How it shows that PostgreSQL can't be reached or broke off; asyncpg itself may be confused by it."""
PASSING: Final = (
    asyncpg.TransactionRollbackError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.InsufficientResourcesError,
    asyncpg.PostgresSystemError,
    asyncpg.ReadOnlySQLTransactionError,
)
"""Troubles of PostgreSQL's in which it did nothing: deadlocks, locks had for too long, time-outs, a full disk."""


class DatabaseGoneError(Exception):
    """PostgreSQL can't be reached or broke off; the request may be tried again later."""

    @classmethod
    def of(cls, trouble: BaseException) -> Self:
        """As it showed, in the words of what went wrong."""
        return cls(str(trouble) or type(trouble).__name__)


class UnclearError(DatabaseGoneError):
    """PostgreSQL broke off amid something: it may or may not have been done, and nobody can tell by now."""


class SchemaError(Exception):
    """The schema in the database is not one this program can work on."""


class Database:
    """A pool of connections. jsonb goes in and out as bytes of JSON, moments as aware datetimes in UTC."""

    def __init__(self, pool: asyncpg.Pool, feeling: asyncio.Task[None] | None = None) -> None:
        self.pool = pool
        self._feeling = feeling

    @classmethod
    async def open(
        cls, url: str, *, connections: int = 8, hasty: bool = False, patient: bool = False, silence: float | None = None
    ) -> "Database":
        """Connect. Raises DatabaseGoneError when nobody answers at the URL.

        A `hasty` one does not wait for the disk: a power cut takes the last moments' writes of it back, in their order.
        A `patient` one lets a statement take as long as it takes. After so many seconds of `silence`, no answer at all
        to anybody, PostgreSQL is gone.
        """
        pulse = Pulse(url, patience=silence) if silence else None
        feeling = asyncio.create_task(pulse.feel(), context=Context()) if pulse else None
        try:
            pool = await asyncpg.create_pool(
                url,
                connect=pulse.connect if pulse else None,
                min_size=1,
                max_size=connections,
                init=_teach_json,
                reset=_leave_as_it_is,
                command_timeout=None if patient else STATEMENT_SECONDS_MAX,
                max_cacheable_statement_size=_ANY_SIZE,
                server_settings=_settings(url, hasty=hasty),
            )
        except BaseException as trouble:
            if feeling:
                feeling.cancel()
            if isinstance(trouble, (*BROKEN, asyncpg.PostgresError, ValueError)):
                raise DatabaseGoneError.of(trouble) from trouble
            raise
        return cls(pool, feeling)

    async def close(self) -> None:
        """Wait for what is under way and close the connections."""
        try:
            async with asyncio.timeout(10):
                await self.pool.close()
        except TimeoutError:
            self.pool.terminate()
        if self._feeling:
            self._feeling.cancel()
            await asyncio.wait({self._feeling})

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        """One connection for a while. Raises DatabaseGoneError when PostgreSQL is away, or had trouble and did nothing.

        UnclearError is raised if it broke off: what was asked of it may have been done.
        """
        had = False
        try:
            async with self.pool.acquire() as connection:
                had = True
                yield connection
        except BROKEN as trouble:
            raise (UnclearError if had else DatabaseGoneError).of(trouble) from trouble
        except PASSING as trouble:
            raise DatabaseGoneError.of(trouble) from trouble

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        """One connection in a transaction: all or nothing."""
        async with self.connection() as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def search(self) -> AsyncIterator[Any]:
        """One connection for questions whose wishes may be left out (NULL): planned for those that are there."""
        async with self.transaction() as connection:
            # A plan for all wishes at once must do without the index of any of them.
            await connection.execute("SET LOCAL plan_cache_mode = force_custom_plan")
            yield connection


async def migrate(database: Database) -> tuple[str, ...]:
    """Apply the migrations that are not there yet, in order, each once; the names of those applied.

    Raises SchemaError when the database is newer than this program or a migration was altered.
    """
    wanted = dict(_migrations())
    async with database.transaction() as connection:
        await connection.execute("SET LOCAL lock_timeout = 0")
        await connection.execute("SELECT pg_advisory_xact_lock($1)", MIGRATION_LOCK)
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS migrations "
            "(name text PRIMARY KEY, digest bytea NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
        )
        rows = await connection.fetch("SELECT name, digest FROM migrations")
        applied = {row["name"]: row["digest"] for row in rows}
        for name, digest in applied.items():
            if name not in wanted:
                raise SchemaError(f"the database has migration {name}, which this version of korob does not know")
            if digest != _digest(wanted[name]):
                raise SchemaError(f"migration {name} was applied in another form than this version of korob has")
        missing = tuple(name for name in wanted if name not in applied)
        for name in missing:
            await connection.execute(wanted[name])
            await connection.execute(
                "INSERT INTO migrations (name, digest) VALUES ($1, $2)", name, _digest(wanted[name])
            )
    return missing


def _migrations() -> list[tuple[str, str]]:
    folder = resources.files("korob.store") / "migrations"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    return [(file.name, file.read_text(encoding="utf-8")) for file in files]


# Left to itself asyncpg forgets a statement of more than 15 KiB at once, and planning that of a list takes ten times as
# long as the list.
_ANY_SIZE: Final = 0

# Every statement is the same each time and goes by keys, so it is planned once. A plan that was made while a table was
# small must not walk over the whole of it when it has grown.
_SETTINGS: Final = {
    "application_name": "korob",
    "timezone": "UTC",
    # Whoever has begun something and is stopped, or cut off, must not keep what it has locked.
    "idle_in_transaction_session_timeout": "15s",
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
}


def _settings(url: str, *, hasty: bool) -> dict[str, str]:
    own = _SETTINGS | ({"synchronous_commit": "off"} if hasty else {})
    # asyncpg would have it win over what the URL says.
    return own if "lock_timeout" in url else own | {"lock_timeout": LOCK_TIMEOUT}


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


async def _leave_as_it_is(connection: Any) -> None:
    """Nobody leaves anything behind in a session; asking PostgreSQL to tidy it up costs as much as many a statement."""


async def _teach_json(connection: Any) -> None:
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", format="binary", encoder=_to_jsonb, decoder=_from_jsonb
    )


def _to_jsonb(json: bytes) -> bytes:
    return b"\x01" + json


def _from_jsonb(binary: bytes) -> bytes:
    return binary[1:]


def as_json(value: Any) -> bytes:
    """JSON for a jsonb parameter."""
    return _ENCODER.encode(value)


def as_array(numbers: Sequence[int | None]) -> str:
    """Numbers for a parameter that is cast from text to an array.

    For what every request asks: asyncpg looks at each element of an array for so long that it is most of the question.
    """
    return f"{{{_ENCODER.encode(numbers)[1:-1].decode()}}}"


_ENCODER: Final = msgspec.json.Encoder()
