"""A PostgreSQL that is frozen says not even no: who waits for it is told so, and served again when it thaws."""

import asyncio
from contextlib import asynccontextmanager, suppress

import asyncpg
import pytest

from korob.store.database import Database, DatabaseGoneError, UnclearError
from korob.store.orders import Orders
from tests.examples import NOW
from tests.store.door import note, place, versions

PATIENCE = 5.0


class Way:
    """The way to a PostgreSQL. While it is shut nothing comes through; what was sent arrives once it is open."""

    def __init__(self, address):
        self._address = address
        self._is_open = asyncio.Event()
        self._under_way = set()
        self.open()

    def open(self):
        self._is_open.set()

    def shut(self):
        self._is_open.clear()

    async def carry(self, reader, writer):
        if isinstance(self._address, str):
            there = await asyncio.open_unix_connection(self._address)
        else:
            there = await asyncio.open_connection(*self._address)
        pumps = [asyncio.create_task(self._pump(*ends)) for ends in ((reader, there[1]), (there[0], writer))]
        self._under_way.update(pumps)

    async def _pump(self, reader, writer):
        with suppress(OSError):
            while data := await reader.read(2**16):
                await self._is_open.wait()
                writer.write(data)
                await writer.drain()
            await self._is_open.wait()
        writer.close()

    def close(self):
        for pump in self._under_way:
            pump.cancel()


@asynccontextmanager
async def a_way(url):
    """A way to the database, and its URL at the other end."""
    direct = await asyncpg.connect(url)
    params, way = direct._params, Way(direct._addr)
    await direct.close()
    server = await asyncio.start_server(way.carry, "127.0.0.1", 0)
    password = f":{params.password}" if params.password else ""
    port = server.sockets[0].getsockname()[1]
    yield way, f"postgresql://{params.user}{password}@127.0.0.1:{port}/{params.database}?sslmode=disable"
    server.close()
    way.close()


async def until_served(ask):
    """What is answered when it is."""
    while True:
        with suppress(DatabaseGoneError):
            return await ask()
        await asyncio.sleep(0.05)


async def test_nobody_waits_for_a_frozen_database_for_good_and_all_are_served_when_it_thaws(fresh_url, database):
    async with a_way(fresh_url) as (way, url):
        opened = await Database.open(url, connections=6, silence=PATIENCE)
        orders = Orders(opened, news=lambda _: ())
        changed, *others = [await place(orders) for _ in range(4)]
        await orders.change(changed, note("a"), now=NOW)

        way.shut()
        outcomes = await asyncio.gather(
            orders.change(changed, note("b"), now=NOW),
            *(orders.read(key, now=NOW) for key in others * 20),
            *(fetch_one(opened) for _ in range(20)),
            return_exceptions=True,
        )
        begun_later = await asyncio.gather(orders.read(changed, now=NOW), fetch_one(opened), return_exceptions=True)
        way.open()
        served = await until_served(lambda: orders.change(changed, note("c"), now=NOW))

        assert isinstance(outcomes[0], UnclearError)
        assert {isinstance(outcome, DatabaseGoneError) for outcome in outcomes} == {True}
        assert [str(outcome) for outcome in begun_later] == ["the database does not answer"] * 2
        assert [await fetch_one(opened) for _ in range(7)] == [1] * 7
        # What was on its way when nobody knew any more came first, or never.
        assert served.notes in {"abc", "ac"}
        assert await versions(database, changed) == list(range(1, len(served.notes) + 2))
        await orders.close()
        await opened.close()


async def test_who_opens_a_frozen_database_is_told(fresh_url):
    async with a_way(fresh_url) as (way, url):
        way.shut()

        with pytest.raises(DatabaseGoneError, match="does not answer"):
            await Database.open(url, silence=0.5)


async def fetch_one(database):
    async with database.connection() as connection:
        return await connection.fetchval("SELECT 1")
