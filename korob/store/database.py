"""The connections to PostgreSQL, and the migrations."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib import resources
from typing import Any, Final

import asyncpg
import msgspec

MIGRATION_LOCK: Final = 0x6B6F726F62
"""The advisory lock under which nodes migrate one after another."""
STATEMENT_SECONDS_MAX: Final = 60
"""How long a statement may take before PostgreSQL counts as gone."""

BROKEN: Final = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
)
"""How it shows that PostgreSQL can't be reached or broke off; asyncpg itself may be confused by it."""


class DatabaseGoneError(Exception):
    """PostgreSQL can't be reached or broke off; the request may be tried again later."""

    @classmethod
    def of(cls, trouble: BaseException) -> "DatabaseGoneError":
        """As it showed, in the words of what went wrong."""
        return cls(str(trouble) or type(trouble).__name__)


class SchemaError(Exception):
    """The schema in the database is not one this program can work on."""


class Database:
    """A pool of connections. jsonb goes in and out as bytes of JSON, moments as aware datetimes in UTC."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool

    @classmethod
    async def open(cls, url: str, *, connections: int = 8, hasty: bool = False, patient: bool = False) -> "Database":
        """Connect. Raises DatabaseGoneError when nobody answers at the URL.

        A `hasty` one does not wait for the disk: a power cut takes the last moments' writes of it back, in their order.
        A `patient` one lets a statement take as long as it takes.
        """
        try:
            pool = await asyncpg.create_pool(
                url,
                min_size=1,
                max_size=connections,
                init=_teach_json,
                reset=_leave_as_it_is,
                command_timeout=None if patient else STATEMENT_SECONDS_MAX,
                max_cacheable_statement_size=_ANY_SIZE,
                server_settings=_SETTINGS | ({"synchronous_commit": "off"} if hasty else {}),
            )
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError, TimeoutError) as trouble:
            raise DatabaseGoneError.of(trouble) from trouble
        return cls(pool)

    async def close(self) -> None:
        """Wait for what is under way and close the connections."""
        try:
            async with asyncio.timeout(10):
                await self.pool.close()
        except TimeoutError:
            self.pool.terminate()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        """One connection for a while. Raises DatabaseGoneError when PostgreSQL is away."""
        try:
            async with self.pool.acquire() as connection:
                yield connection
        except BROKEN as trouble:
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
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
}


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
