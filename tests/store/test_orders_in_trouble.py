"""The door when something breaks: a bad neighbour, a lock, a connection. Nothing is lost and nothing happens twice."""

import asyncio
from collections import Counter
from contextlib import asynccontextmanager, suppress
from itertools import islice

import asyncpg
import pytest
from msgspec.structs import replace

from korob.domain.change import Change, Movement, OrderPlaced
from korob.domain.words import Actor
from korob.store.database import DatabaseGoneError
from korob.store.orders import OrderKey, Orders, TooBusyError
from tests.examples import NOW, PLACED_AT, an_order
from tests.patience import ENOUGH_SECONDS
from tests.store.door import a_business, a_process, note, place, tell_everything, versions, waiting


@pytest.fixture
def database(shared_database):
    return shared_database


def with_a_zero_character(order, now):
    return note("\0")(order, now)


def with_too_much_stock(order, now):
    change = note("a")(order, now)
    return replace(change, stock=(Movement("SKU-1", 2**40),))


def with_half_a_character(order, now):
    return note("\ud800")(order, now)


@pytest.mark.parametrize("bad", [with_a_zero_character, with_too_much_stock, with_half_a_character])
async def test_a_bad_row_fails_alone_and_its_neighbours_are_saved(orders, others, database, bad):
    keys = [await place(orders) for _ in range(9)]
    batches = []
    orders.saves.sizes = batches.append

    outcomes = await asyncio.gather(
        *(orders.change(key, bad if index == 4 else note("a"), now=NOW) for index, key in enumerate(keys)),
        return_exceptions=True,
    )

    assert batches == [9]
    assert [index for index, outcome in enumerate(outcomes) if isinstance(outcome, Exception)] == [4]
    assert [len(await versions(database, key)) for key in keys] == [2, 2, 2, 2, 1, 2, 2, 2, 2]
    assert [(await others.read(key, now=NOW)).notes for key in keys] == ["a"] * 4 + [None] + ["a"] * 4


async def test_a_bug_in_telling_of_one_change_spoils_no_other(shared_url, database):
    def news(change):
        if change.order.notes == "bug":
            raise KeyError(change.order.id)
        return tell_everything(change)

    async with a_process(shared_url, news=news) as orders:
        keys = [await place(orders) for _ in range(3)]

        outcomes = await asyncio.gather(
            *(orders.change(key, note(text), now=NOW) for key, text in zip(keys, ("a", "bug", "a"), strict=True)),
            return_exceptions=True,
        )

    assert [type(outcome).__name__ for outcome in outcomes] == ["Order", "KeyError", "Order"]
    assert [await versions(database, key) for key in keys] == [[1, 2], [1], [1, 2]]


async def test_an_order_that_cannot_be_placed_makes_nobodys_change_happen_twice(orders, database):
    key = await place(orders)
    of_nobody = an_order(business_id=a_business())

    changed, placed = await asyncio.gather(
        orders.change(key, note("a"), now=NOW),
        orders.place(Change(of_nobody, Actor.BUYER, "PLACE", PLACED_AT, (OrderPlaced(),))),
        return_exceptions=True,
    )

    assert isinstance(placed, asyncpg.ForeignKeyViolationError)
    assert changed.notes == "a"
    assert await versions(database, key) == [1, 2]


@asynccontextmanager
async def somebody_else(url):
    """A connection that holds locks."""
    connection = await asyncpg.connect(url)
    transaction = connection.transaction()
    await transaction.start()
    yield connection, transaction
    with suppress(asyncpg.InterfaceError):
        await transaction.rollback()
    await connection.close()


LOCK = "SELECT FROM orders WHERE business_id = $1 FOR UPDATE"
NEXT_VERSION = """
INSERT INTO history (business_id, order_id, version, change_id, at, actor, act, status, substatus, events)
SELECT business_id, order_id, version + 1, gen_random_uuid(), at, actor, act, status, substatus, events
FROM history
WHERE business_id = $1
"""
LOCK_ONCE_WAITED_FOR = """
DO $$ BEGIN
    WHILE NOT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))) LOOP
        PERFORM pg_sleep(0.001);
    END LOOP;
    PERFORM FROM orders WHERE business_id = {business_id} FOR UPDATE;
END $$
"""


async def test_a_deadlock_with_somebody_else_is_tried_again(orders, shared_url, database):
    key = await place(orders)

    async with somebody_else(shared_url) as (connection, transaction):
        await connection.execute(NEXT_VERSION, key.business_id)
        await connection.execute(f"SET LOCAL deadlock_timeout = '{ENOUGH_SECONDS}s'")
        # Each will wait for the other. Who has waited for a second looks why, and is the one to fail: not this one,
        # which begins to wait as soon as it is waited for.
        locking = asyncio.create_task(connection.execute(LOCK_ONCE_WAITED_FOR.format(business_id=key.business_id)))
        changing = asyncio.create_task(orders.change(key, note("a"), now=NOW))
        await locking
        await transaction.rollback()
        changed = await changing

    assert changed.notes == "a"
    assert await versions(database, key) == [1, 2]


async def test_a_lock_that_takes_too_long_is_waited_for_again(shared_url, database):
    async with a_process(with_setting(shared_url, "lock_timeout=20")) as orders, somebody_else(shared_url) as held:
        connection, transaction = held
        key = await place(orders)
        attempts = Counter()
        save_together = orders._save_together

        async def counted(name, saves, lane):
            attempts[name] += 1
            if attempts[name] == 3:
                await transaction.commit()
            return await save_together(name, saves, lane)

        orders._save_together = counted
        await connection.execute(LOCK, key.business_id)

        changed = await orders.change(key, note("a"), now=NOW)

    assert changed.notes == "a"
    assert attempts["save"] == 3
    assert await versions(database, key) == [1, 2]


async def test_an_order_that_somebody_else_keeps_locked_holds_up_no_other_one(shared_url, database):
    async with a_process(with_setting(shared_url, "lock_timeout=20")) as orders, somebody_else(shared_url) as held:
        connection, _ = held
        locked, *keys = [await place(orders) for _ in range(5)]
        await connection.execute(LOCK, locked.business_id)
        batches = []
        orders.saves.sizes = batches.append

        outcomes = await asyncio.gather(
            *(orders.change(key, note("a"), now=NOW) for key in (*keys[:2], locked, *keys[2:])), return_exceptions=True
        )

    assert batches == [5]
    assert [getattr(outcome, "notes", type(outcome)) for outcome in outcomes] == ["a", "a", TooBusyError, "a", "a"]
    assert await versions(database, locked) == [1]


async def test_a_disk_that_is_full_is_no_bug_of_ours_and_all_is_well_when_there_is_room(fresh_url):
    async with a_process(fresh_url) as orders:
        key = await place(orders)
        async with orders.database.connection() as connection:
            await connection.execute(FILL_THE_DISK)

        with pytest.raises(TooBusyError, match="no room"):
            await orders.change(key, note("a"), now=NOW)
        async with orders.database.connection() as connection:
            await connection.execute("DROP TRIGGER no_room ON history")

        assert (await orders.change(key, note("b"), now=NOW)).notes == "b"


FILL_THE_DISK = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER no_room BEFORE INSERT ON history EXECUTE FUNCTION no_room()
"""


def with_setting(url, setting):
    return f"{url}{'&' if '?' in url else '?'}{setting}"


class Breaking:
    """A statement whose connection breaks off: before the server did it, after, or before it does it all the same."""

    def __init__(self, orders: Orders, when: str) -> None:
        self._lanes = orders._lanes
        self._when = when
        self._statement = self._lanes.statement
        self.late: asyncio.Task | None = None
        self._lanes.statement = self.statement

    async def statement(self, name, lane):
        real = await self._statement(name, lane)
        if name == "load":
            return real
        self._lanes.statement = self._statement
        self._real = real
        return self

    async def fetch(self, *parameters):
        if self._when == "after it was done":
            await self._real.fetch(*parameters)
        if self._when == "and it is done all the same, later":
            connection = self._lanes._held.popitem()[1][0]
            self.late = asyncio.create_task(self._real.fetch(*parameters))
            self.connection = connection
        raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")


@pytest.mark.parametrize("when", ["before it was done", "after it was done"])
async def test_a_change_whose_connection_breaks_off_is_made_once(orders, others, database, when):
    key = await place(orders)
    Breaking(orders, when)

    changed = await orders.change(key, note("a"), now=NOW)

    assert changed.notes == "a"
    assert await others.read(key, now=NOW) == changed
    assert await versions(database, key) == [1, 2]


@pytest.mark.parametrize("when", ["before it was done", "after it was done"])
async def test_an_order_whose_connection_breaks_off_is_placed_once(orders, others, database, when):
    business = (await place(orders)).business_id
    Breaking(orders, when)

    key = await place(orders, business, id=50_000_000_002)

    assert (await others.read(key, now=NOW)).id == 50_000_000_002
    assert await versions(database, key) == [1]


async def test_a_change_that_arrives_after_it_was_looked_for_is_not_made_a_second_time(
    orders, others, shared_url, database
):
    key = await place(orders)

    async with somebody_else(shared_url) as (connection, transaction):
        # The server has the statement, waits for a lock, and does not know that nobody listens any more.
        await connection.execute(LOCK, key.business_id)
        broken = Breaking(orders, "and it is done all the same, later")
        changing = asyncio.create_task(orders.change(key, note("a"), now=NOW))
        await waiting(database, 2)
        await transaction.commit()
        changed = await changing
        await broken.late

    assert changed.notes == "a"
    assert await others.read(key, now=NOW) == changed
    assert await versions(database, key) == [1, 2]
    await orders.database.pool.release(broken.connection)


ROUNDS = 13
A_ROUND = 60


async def test_connections_that_are_ended_under_load_lose_nothing_and_do_nothing_twice(fresh_url):
    async with a_process(fresh_url) as orders, a_process(fresh_url) as others:
        keys = [await place(orders) for _ in range(12)]
        numbers = iter(range(ROUNDS * A_ROUND))
        done = 0
        ended = []

        async def work(number):
            nonlocal done
            door = (orders, others)[number % 2]
            await door.change(keys[number % 12], note(f"<{number}>"), now=NOW)
            await door.read(keys[number % 7], now=NOW)
            done += 1
            if done % A_ROUND == A_ROUND // 2:
                ended.append(await end_connections(fresh_url))

        for _ in range(ROUNDS):
            await asyncio.gather(*(work(number) for number in islice(numbers, A_ROUND)))

        assert len(ended) == ROUNDS
        assert all(ended)
        for index, key in enumerate(keys):
            notes = (await orders.read(key, now=NOW)).notes
            assert Counter(notes[1:-1].split("><")) == {str(number): 1 for number in range(index, done, 12)}
            assert await versions(others.database, key) == list(range(1, 2 + len(range(index, done, 12))))


async def end_connections(url):
    """End whatever anybody has to do with the database; how many connections there were."""
    connection = await asyncpg.connect(url)
    ended = await connection.fetchval(
        """
        SELECT count(pg_terminate_backend(pid))
        FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
        """
    )
    await connection.close()
    return ended


async def test_a_change_is_answered_with_gone_when_the_database_is(fresh_url):
    database = await opened_elsewhere(fresh_url)
    async with a_process(fresh_url) as orders:
        key = await place(orders)
        await shut(database, fresh_url)

        with pytest.raises(DatabaseGoneError):
            await orders.change(key, note("a"), now=NOW)
        with pytest.raises(DatabaseGoneError):
            await orders.read(key, now=NOW)

        await open_again(database, fresh_url)
        assert (await orders.read(key, now=NOW)).notes is None
        assert (await orders.change(key, note("b"), now=NOW)).notes == "b"
    await database.close()


async def opened_elsewhere(url):
    before, _, options = url.partition("?")
    return await asyncpg.connect(f"{before.rsplit('/', 1)[0]}/postgres?{options}")


def _name(url):
    return url.partition("?")[0].rsplit("/", 1)[1]


async def shut(connection, url):
    await connection.execute(f'ALTER DATABASE "{_name(url)}" ALLOW_CONNECTIONS false')
    await connection.fetch("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", _name(url))


async def open_again(connection, url):
    await connection.execute(f'ALTER DATABASE "{_name(url)}" ALLOW_CONNECTIONS true')


async def test_callers_of_one_order_go_in_the_order_in_which_they_came(orders):
    key = await place(orders)

    await asyncio.gather(*(orders.change(key, note(letter), now=NOW) for letter in "abcdefgh"))

    assert (await orders.read(key, now=NOW)).notes == "abcdefgh"


@pytest.mark.parametrize("turns", range(6))
async def test_callers_who_give_up_do_not_hold_up_the_line(orders, database, turns):
    key = await place(orders)
    callers = [asyncio.create_task(orders.change(key, note(letter), now=NOW)) for letter in "abcdef"]

    for _ in range(turns):
        await asyncio.sleep(0)
    for gives_up in (callers[0], callers[1], callers[3]):
        gives_up.cancel()
    outcomes = await asyncio.gather(*callers, return_exceptions=True)

    assert {type(outcome).__name__ for outcome in (outcomes[0], outcomes[1], outcomes[3])} == {"CancelledError"}
    notes = (await orders.read(key, now=NOW)).notes
    assert notes.replace("a", "") == "cef"
    assert len(await versions(database, key)) == 1 + len(notes)
    assert not orders._queues


async def test_a_refusal_of_one_caller_does_not_hold_up_the_next(orders):
    key = await place(orders)

    def fail(order, now):
        raise ZeroDivisionError

    outcomes = await asyncio.gather(
        orders.change(key, fail, now=NOW), orders.change(key, note("b"), now=NOW), return_exceptions=True
    )

    assert isinstance(outcomes[0], ZeroDivisionError)
    assert outcomes[1].notes == "b"


async def test_a_wrong_key_leaves_no_line_behind(orders):
    key = await place(orders)
    wrong = OrderKey(key.business_id, key.campaign_id, key.order_id + 1)

    await asyncio.gather(*(orders.change(wrong, note("a"), now=NOW) for _ in range(3)), return_exceptions=True)

    assert not orders._queues
