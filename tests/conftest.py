"""What tests share: one PostgreSQL a test session, and a fresh database a test."""

import asyncio
import fcntl
import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import hypothesis
import pytest

from korob.store import database as databases
from korob.store import embedded, reference
from korob.store.database import Database
from tests.patience import enough

FOLDER = "KOROB_TEST_FOLDER"
"""Names the folder that all processes of one test session share."""

SESSION = "KOROB_TEST_SESSION"
"""The process id of the first of them."""

NUMBERS = itertools.count(1)

# What is drawn is the same each time, and how long it takes says more of the machine than of the program.
hypothesis.settings.register_profile(
    "steady",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.filter_too_much],
)
hypothesis.settings.load_profile("steady")


def pytest_configure(config: pytest.Config) -> None:
    if not _is_worker(config):
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="korob-tests-")
        os.environ[SESSION] = str(os.getpid())


def pytest_unconfigure(config: pytest.Config) -> None:
    if not _is_worker(config):
        folder = Path(os.environ.pop(FOLDER))
        _drop_all(folder)
        embedded.stop(folder)
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def database_url() -> str:
    """A PostgreSQL to make databases on: KOROB_TEST_DATABASE_URL, or one started for this session on first use."""
    folder = Path(os.environ[FOLDER])
    return _once(folder, "url", lambda: os.environ.get("KOROB_TEST_DATABASE_URL") or _start(folder))


@pytest.fixture(scope="session")
def template(database_url: str) -> str:
    """The name of a migrated database that others are copied from."""
    folder = Path(os.environ[FOLDER])
    return _once(folder, "template", lambda: _outside(_make_template(database_url, _name(folder, "template"))))


@pytest.fixture
async def fresh_url(database_url: str, template: str) -> AsyncIterator[str]:
    """The URL of a migrated database that nobody else uses."""
    name = _name(Path(os.environ[FOLDER]), f"{os.getpid()}_{next(NUMBERS)}")
    await _execute(database_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    yield _url_of(database_url, name)
    await _execute(database_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
async def database(fresh_url: str) -> AsyncIterator[Database]:
    """A migrated database that nobody else uses, opened."""
    opened = await Database.open(fresh_url)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
async def shared_url(database_url: str, template: str) -> AsyncIterator[str]:
    """The URL of a migrated database for all tests of this process that keep to businesses of their own."""
    name = _name(Path(os.environ[FOLDER]), f"{os.getpid()}_shared")
    await _execute(database_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield _url_of(database_url, name)
    await _execute(database_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
async def shared_database(shared_url: str) -> AsyncIterator[Database]:
    """The database of `shared_url`, opened: it costs nothing."""
    opened = await Database.open(shared_url)
    yield opened
    await opened.close()


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _once(folder: Path, name: str, make: Callable[[], str]) -> str:
    """What the first process of the session made under that name."""
    with _held(folder):
        made = folder / f"made-{name}"
        if not made.exists():
            made.write_text(make())
        return made.read_text()


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    with (folder / "made.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _start(folder: Path) -> str:
    # It outlives the process that happens to start it: the session's first process ends it, or the watch over that one.
    server = embedded.start(folder, durable=False)
    watch = (
        'while kill -0 "$1"; do sleep 2; done; sleep 2; if [ -d "$3" ]; then kill -INT "$2"; sleep 2; rm -r "$3"; fi'
    )
    subprocess.Popen(
        ["sh", "-c", watch, "watch", os.environ[SESSION], str(server.pid), str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    return server.leave()


def _name(folder: Path, what: str) -> str:
    return f"{folder.name}-{what}".replace("-", "_").lower()


async def _make_template(url: str, name: str) -> str:
    await _execute(url, f'CREATE DATABASE "{name}"')
    opened = await Database.open(_url_of(url, name), connections=1)
    await databases.migrate(opened)
    await reference.fill(opened)
    await opened.close()
    return name


def _drop_all(folder: Path) -> None:
    """On a server that outlives the session nothing of it may stay."""
    if "KOROB_TEST_DATABASE_URL" in os.environ and (folder / "made-template").exists():
        _outside(_execute((folder / "made-url").read_text(), f'DROP DATABASE "{_name(folder, "template")}"'))


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        async with enough():
            while not await _is_done(connection, statement):
                pass
    finally:
        await connection.close()


async def _is_done(connection: asyncpg.Connection, statement: str) -> bool:
    """False where sessions are still to end: PostgreSQL waits five seconds for them, and a machine may be busier."""
    try:
        await connection.execute(statement)
    except asyncpg.ObjectInUseError:
        return False
    return True


def _url_of(url: str, name: str) -> str:
    before, _, options = url.partition("?")
    server = before.rsplit("/", 1)[0]
    return f"{server}/{name}?{options}" if options else f"{server}/{name}"


def _outside(work: Any) -> Any:
    """The result of something asynchronous, awaited beside the loop that the tests run in."""
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(asyncio.run, work).result()
