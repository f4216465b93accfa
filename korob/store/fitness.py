"""Whether a database is one to work on, asked before anything is served."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from korob.store.database import Database

VERSION_MIN: Final = 15

KEEPS_WRITES: Final = ("fsync", "full_page_writes", "synchronous_commit")
"""Settings of PostgreSQL; off, an acknowledged write may be lost."""
CLOCK_DIFFERS_MAX: Final = timedelta(seconds=30)


class UnfitError(Exception):
    """The database can't be worked on; the message says why in one line."""


async def check_answers(database: Database) -> None:
    """See that the database answers and has a schema. Raises DatabaseGoneError."""
    async with database.connection() as connection:
        await connection.fetchval("SELECT 1 FROM migrations LIMIT 1")


async def check_clock(database: Database, wall: Callable[[], datetime]) -> None:
    """Refuse to work by a clock that differs from the database's by more than CLOCK_DIFFERS_MAX. Raises UnfitError.

    Nodes with different clocks would act on deadlines too early, or show moments that are still to come.
    """
    async with database.connection() as connection:
        before = wall()
        there = await connection.fetchval("SELECT clock_timestamp()")
        differs = max(before - there, there - wall())
    if differs > CLOCK_DIFFERS_MAX:
        raise UnfitError(
            f"the clocks of this machine and of the database differ by {differs.total_seconds():.0f} s: "
            "set them by the same time server"
        )


async def check_server(database: Database, *, production: bool) -> None:
    """Refuse a PostgreSQL that is too old, not UTF8, a copy, or in production forgetful. Raises UnfitError."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT name, setting
            FROM pg_settings
            WHERE name IN ('server_version_num', 'server_encoding', 'fsync', 'full_page_writes', 'synchronous_commit')
            """
        )
        is_copy = await connection.fetchval("SELECT pg_is_in_recovery()")
    settings = {row["name"]: row["setting"] for row in rows}
    version = int(settings["server_version_num"]) // 10000
    if version < VERSION_MIN:
        raise UnfitError(f"the database is PostgreSQL {version}, korob needs {VERSION_MIN} or newer")
    if settings["server_encoding"] != "UTF8":
        raise UnfitError(f"the database's encoding is {settings['server_encoding']}, korob needs UTF8")
    if is_copy:
        raise UnfitError("the database is a copy that can only be read")
    forgetful = [name for name in KEEPS_WRITES if settings[name] == "off"]
    if production and forgetful:
        raise UnfitError(f"the database may lose acknowledged writes: {', '.join(forgetful)} is off")


async def check_no_worlds(database: Database) -> None:
    """Refuse a database that tests are made on. Raises UnfitError."""
    async with database.connection() as connection:
        worlds = await connection.fetchval("SELECT count(*) FROM worlds")
    if worlds:
        raise UnfitError(f"the database has worlds in it ({worlds}): it does not start in production")


async def check_mode(database: Database, mode: str) -> None:
    """Refuse a database that is worked on in another mode. Raises UnfitError."""
    async with database.connection() as connection:
        if await connection.fetchval("SELECT to_regclass('mode')") is None:
            return
        known = await connection.fetchval("SELECT mode FROM mode")
    if known not in {None, mode}:
        raise UnfitError(
            f"the database is one of {known}, and this is {mode}: set KOROB_MODE={known}, "
            f"or end all that runs on it and make it one of {mode} with: korob migrate --mode {mode} --change-mode"
        )


async def claim(database: Database, mode: str) -> None:
    """Have the database be one of this mode from now on, if it is of none. Raises UnfitError if it is of another."""
    async with database.connection() as connection:
        await connection.execute("INSERT INTO mode (mode) VALUES ($1) ON CONFLICT DO NOTHING", mode)
    await check_mode(database, mode)


async def change_mode(database: Database, mode: str) -> None:
    """Have the database be one of this mode, whatever it was."""
    async with database.connection() as connection:
        await connection.execute(
            "INSERT INTO mode (mode) VALUES ($1) ON CONFLICT (one) DO UPDATE SET mode = excluded.mode", mode
        )
