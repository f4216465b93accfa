"""Turns: one at a time, here and in other processes, whatever happens to those who have them."""

import asyncio

import pytest

from korob.store import turns
from korob.store.database import Database
from korob.store.turns import Turns
from tests.patience import enough

# The locks of all databases of a PostgreSQL stand in one list, and other tests hold some in theirs.
HELD_HERE = """
FROM pg_locks
WHERE locktype = 'advisory' AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@pytest.fixture
async def elsewhere(database, fresh_url):
    """The turns of another process."""
    other = await Database.open(fresh_url)
    yield Turns(other)
    await other.close()


async def test_one_at_a_time_has_a_turn(shared_database):
    here = Turns(shared_database)
    inside, most = 0, 0

    async def take():
        nonlocal inside, most
        async with here.of("one at a time"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.001)
            inside -= 1

    await asyncio.gather(*(take() for _ in range(20)))

    assert most == 1


async def test_turns_of_different_names_do_not_wait_for_each_other(shared_database):
    here = Turns(shared_database)

    async with enough(), here.of("red"), here.of("green"):
        pass


async def asked_in_vain(some, monkeypatch):
    """Until a process has asked for a turn that another one has."""
    refused, ask = asyncio.Event(), some._ask

    async def noted(*question):
        granted = await ask(*question)
        if not granted:
            refused.set()
        return granted

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(some, "_ask", noted)
        async with enough():
            await refused.wait()


async def test_another_process_waits_too(database, elsewhere, monkeypatch):
    here, order = Turns(database), []

    async def there():
        async with elsewhere.of("it"):
            order.append("there")

    async with here.of("it"):
        waiting = asyncio.create_task(there())
        await asked_in_vain(elsewhere, monkeypatch)
        order.append("here")
    async with enough():
        await waiting

    assert order == ["here", "there"]


async def test_waiting_takes_one_connection_only(fresh_url):
    database = await Database.open(fresh_url, connections=2)
    here = Turns(database)

    async def take():
        async with here.of("it"), database.connection() as connection:
            return await connection.fetchval("SELECT 1")

    async with enough():
        assert await asyncio.gather(*(take() for _ in range(10))) == [1] * 10
    await database.close()


async def test_nobody_s_turn_holds_no_connection(fresh_url):
    database = await Database.open(fresh_url, connections=1)

    async with Turns(database).of("it"):
        pass

    async with enough(), database.connection() as connection:
        assert await connection.fetchval(f"SELECT count(*) {HELD_HERE}") == 0
    await database.close()


async def test_a_process_that_dies_loses_its_turn(database, elsewhere):
    here = Turns(database)

    async with here.of("it"):
        waiting = asyncio.create_task(anext_of(elsewhere, "it"))
        async with database.connection() as connection:
            await connection.execute(f"SELECT pg_terminate_backend(pid) {HELD_HERE}")
        async with enough():
            assert await waiting == "had it"


async def test_a_turn_lost_with_its_connection_can_be_had_again(database):
    here = Turns(database)
    async with here.of("it"):
        async with database.connection() as connection:
            await connection.execute(f"SELECT pg_terminate_backend(pid) {HELD_HERE}")
        await asyncio.sleep(0.05)

    async with enough():
        assert await anext_of(here, "it") == "had it"


async def test_who_gives_up_waiting_leaves_the_turn_to_the_others(database, elsewhere, monkeypatch):
    here = Turns(database)
    async with elsewhere.of("it"):
        waiting = [asyncio.create_task(anext_of(here, "it")) for _ in range(3)]
        await asked_in_vain(here, monkeypatch)
        waiting[0].cancel()
        waiting[1].cancel()
        await asyncio.gather(*waiting[:2], return_exceptions=True)

    async with enough():
        assert await waiting[2] == "had it"
        assert await anext_of(elsewhere, "it") == "had it"


async def test_a_fault_inside_ends_the_turn(shared_database):
    here = Turns(shared_database)
    with pytest.raises(KeyError):
        async with here.of("it"):
            raise KeyError("it")

    async with enough():
        assert await anext_of(here, "it") == "had it"


async def test_a_process_shares_its_turns(shared_database):
    assert turns.shared(shared_database) is turns.shared(shared_database)


async def anext_of(some: Turns, name: str) -> str:
    async with some.of(name):
        return "had it"


async def test_whether_a_turn_is_taken_can_be_asked_here_and_elsewhere(database, elsewhere):
    here = Turns(database)

    async with here.of("taken"):
        during = [await one.is_taken("taken") for one in (here, elsewhere)]
        other = [await one.is_taken("free") for one in (here, elsewhere)]
    after = [await one.is_taken("taken") for one in (here, elsewhere)]

    assert (during, other, after) == ([True, True], [False, False], [False, False])
