"""Quotas, as processes spend them together."""

import asyncio
import itertools
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from korob.contract.method import Method, Quota
from korob.store import outbox, quotas, shares
from korob.store.database import DatabaseGoneError
from korob.store.quotas import Exceeded, Quotas, Taken
from tests.patience import ENOUGH_SECONDS, enough

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
ONE_O_CLOCK = NOON + timedelta(hours=1)

_entities = itertools.count(1)


class Wall:
    """A clock on the wall that shows what it is told to show."""

    def __init__(self):
        self.shows = NOON

    def __call__(self):
        return self.shows.timestamp()


class Failing:
    """A database that is away for a while."""

    def __init__(self, database):
        self.away = True
        self._database = database

    @asynccontextmanager
    async def connection(self):
        if self.away:
            raise DatabaseGoneError("away")
        async with self._database.connection() as connection:
            yield connection


def a_method(amount=1000, per=timedelta(hours=1)):
    return Method(
        operation_id="pack",
        verb="PUT",
        path="/v2/campaigns/{campaignId}/pack",
        family="orders",
        summary="",
        models=frozenset(),
        scopes=frozenset(),
        quota=Quota(amount, per),
    )


async def spend(process, entity, method):
    """Take units until there are no more; how many there were."""
    taken = 0
    while isinstance(await process.take(entity, method), Taken):
        taken += 1
        await asyncio.sleep(0)
    return taken


@pytest.fixture
def entity():
    return ("campaignId", next(_entities))


@pytest.fixture
def wall():
    return Wall()


@pytest.fixture
async def process(shared_database, wall):
    """Makes processes, as far as quotas are concerned."""
    made = []

    def make():
        made.append(Quotas(shared_database, wall=wall))
        return made[-1]

    yield make
    for one in made:
        await one.stop()


async def test_what_is_left_is_told_with_each_unit(process, entity):
    ours = process()

    told = [await ours.take(entity, a_method(3)) for _ in range(3)]

    assert told == [Taken(3, 2, ONE_O_CLOCK), Taken(3, 1, ONE_O_CLOCK), Taken(3, 0, ONE_O_CLOCK)]


async def test_excess_is_refused_until_the_window_ends(process, entity, wall):
    ours, method = process(), a_method(1)
    await ours.take(entity, method)

    wall.shows = ONE_O_CLOCK - timedelta(milliseconds=1)
    refused = await ours.take(entity, method)
    wall.shows = ONE_O_CLOCK
    taken = await ours.take(entity, method)

    assert isinstance(refused, Exceeded)
    assert (refused.limit, refused.remaining, refused.until) == (1, 0, ONE_O_CLOCK)
    assert str(refused.refusal) == (
        "Hit rate limit of 1 requests per 1 hour for resource /campaigns/{campaignId}/pack.json "
        f"for campaignId {entity[1]}"
    )
    assert taken == Taken(1, 0, ONE_O_CLOCK + timedelta(hours=1))


async def test_entities_are_counted_apart(process, entity):
    ours, method = process(), a_method(1)

    assert isinstance(await ours.take(entity, method), Taken)
    assert isinstance(await ours.take(("businessId", entity[1]), method), Taken)
    assert isinstance(await ours.take(("campaignId", next(_entities)), method), Taken)
    assert isinstance(await ours.take(entity, method), Exceeded)


async def test_a_request_takes_all_its_units_or_none(process, entity):
    ours, method = process(), a_method(10)
    await ours.take(entity, method, 7)

    refused = await ours.take(entity, method, 4)
    taken = await ours.take(entity, method, 3)

    assert isinstance(refused, Exceeded)
    assert refused.remaining == 3
    assert taken == Taken(10, 0, ONE_O_CLOCK)


async def test_the_first_unit_of_a_request_that_gets_no_more_serves_the_next_one_at_once(process, entity):
    ours, method = process(), a_method(10)
    await ours.take(entity, method, 9)

    first = await ours.take(entity, method)
    refused = await ours.take(entity, method, 4, first=first)
    taken = await ours.take(entity, method)

    assert (first.remaining, refused.remaining, taken) == (0, 1, Taken(10, 0, ONE_O_CLOCK))


async def test_a_request_for_more_than_the_whole_quota_is_refused(process, entity):
    ours, method = process(), a_method(10)

    assert isinstance(await ours.take(entity, method, 11), Exceeded)
    assert isinstance(await ours.take(entity, method, 10), Taken)


async def test_a_busy_process_seldom_asks(shared_database, entity, wall):
    class Counting:
        asked = 0

        def connection(self):
            self.asked += 1
            return shared_database.connection()

    counted = Counting()
    ours = Quotas(counted, wall=wall)
    for _ in range(5000):
        await ours.take(entity, a_method(10_000))
    asked = counted.asked
    await ours.stop()

    assert asked < 50


async def test_what_is_asked_in_the_background_is_no_part_of_a_call_s_trace(shared_database, entity, wall):
    class Listening:
        def __init__(self):
            self.traces = set()

        def connection(self):
            self.traces.add(outbox.trace_id())
            return shared_database.connection()

    listening = Listening()
    ours = Quotas(listening, wall=wall)
    outbox.TRACEPARENT.set(b"00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01")

    await ours.take(entity, a_method())
    await ours.stop()

    assert (outbox.trace_id(), listening.traces) == ("0af7651916cd43dd8448eb211c80319c", {None})


async def test_two_processes_pass_exactly_the_quota_every_time(process):
    ours, theirs = process(), process()

    for _ in range(10):
        entity = ("campaignId", next(_entities))
        spent = await asyncio.gather(*(spend(one, entity, a_method()) for one in (ours, theirs) * 2))
        assert sum(spent) == 1000


async def test_what_an_idle_process_holds_is_not_refused_to_a_busy_one(process, entity, monkeypatch):
    # Time alone brings nothing back here.
    monkeypatch.setattr(shares, "SHARE_LIVES", ENOUGH_SECONDS)
    monkeypatch.setattr(quotas, "LOST_AFTER", timedelta(seconds=ENOUGH_SECONDS))
    idle, busy = process(), process()
    for _ in range(100):
        await idle.take(entity, a_method())
    assert idle.try_take(entity, a_method()) is not None

    spent = await spend(busy, entity, a_method())

    assert spent == 899


async def test_what_a_stopped_process_had_left_serves_the_next_one_at_once(shared_database, process, entity, wall):
    before = Quotas(shared_database, wall=wall)
    for _ in range(100):
        await before.take(entity, a_method())
    await before.stop()

    after = process()
    first = await after.take(entity, a_method())
    rest = await spend(after, entity, a_method())

    assert first.remaining == 899
    assert rest == 899


async def test_an_idle_process_gives_its_share_back_by_itself(shared_database, process, entity, monkeypatch):
    monkeypatch.setattr(shares, "SHARE_LIVES", 0.05)
    monkeypatch.setattr(quotas, "TENDED_EVERY", 0.01)
    idle = process()
    for _ in range(100):
        await idle.take(entity, a_method())

    async with enough(), shared_database.connection() as connection:
        while await connection.fetchrow("SELECT given, held FROM quotas WHERE entity_id = $1", entity[1]) != (100, 0):
            pass

    assert idle.try_take(entity, a_method()) is None


async def test_a_request_that_we_failed_is_free(process, entity):
    ours, theirs, method = process(), process(), a_method(2)
    await ours.take(entity, method)
    failed = await ours.take(entity, method)

    ours.give_back(entity, method, failed)
    again = await ours.take(entity, method)
    refused = await theirs.take(entity, method)

    assert isinstance(again, Taken)
    assert isinstance(refused, Exceeded)


async def test_units_of_the_last_window_that_come_back_add_nothing_to_this_one(process, entity, wall):
    ours, method = process(), a_method(1)
    failed = await ours.take(entity, method)
    wall.shows = ONE_O_CLOCK
    await ours.take(entity, method)

    ours.give_back(entity, method, failed)

    assert isinstance(await ours.take(entity, method), Exceeded)


async def test_a_cost_known_afterwards_is_counted_for_all_processes(process, entity):
    ours, theirs, method = process(), process(), a_method(100)
    await ours.take(entity, method)

    told = ours.charge(entity, method, 29)
    await ours.stop()

    assert told == Taken(100, 70, ONE_O_CLOCK)
    assert await theirs.take(entity, method) == Taken(100, 69, ONE_O_CLOCK)


async def test_a_cost_beyond_the_quota_is_forgiven_but_nothing_is_left(process, entity):
    ours, theirs, method = process(), process(), a_method(100)
    await ours.take(entity, method)

    told = ours.charge(entity, method, 500)
    refused = await ours.take(entity, method)

    assert told.remaining == 0
    assert isinstance(refused, Exceeded)
    assert isinstance(await theirs.take(entity, method), Exceeded)


async def test_a_world_without_limits_is_told_of_one_out_of_reach_and_nobody_is_asked(entity, wall):
    nowhere, method = Quotas(None, wall=wall), a_method(1)

    taken = nowhere.try_take(entity, method, unlimited=True)
    nowhere.give_back(entity, method, taken)

    assert taken == Taken(1_000_000_000, 999_999_999, ONE_O_CLOCK)
    assert nowhere.charge(entity, method, 9, unlimited=True).remaining == 999_999_991


async def test_a_database_that_is_gone_is_told_and_costs_nothing_when_it_is_back(shared_database, entity, wall):
    database, method = Failing(shared_database), a_method(1)
    ours = Quotas(database, wall=wall)

    with pytest.raises(DatabaseGoneError):
        await ours.take(entity, method)
    database.away = False
    taken = await ours.take(entity, method)
    await ours.stop()

    assert isinstance(taken, Taken)


async def test_a_cost_that_could_not_be_told_is_told_when_the_database_is_back(shared_database, entity, wall):
    database, method = Failing(shared_database), a_method(10)
    ours = Quotas(database, wall=wall)

    ours.charge(entity, method, 4)
    with pytest.raises(DatabaseGoneError):
        await ours.take(entity, method)
    database.away = False
    taken = await ours.take(entity, method)
    await ours.stop()

    assert taken.remaining == 5


async def test_a_limit_that_is_lowered_and_raised_again_gives_back_nothing_that_was_spent(process, entity):
    ours = process()
    await ours.take(entity, a_method(10), 5)

    refused = await ours.take(entity, a_method(3))
    told = await process().take(entity, a_method(10))

    assert (refused.limit, refused.remaining) == (3, 0)
    assert told.remaining == 4


async def test_units_that_a_killed_process_held_are_waited_for_no_longer_than_they_count_as_held(
    shared_database, process, entity
):
    ours, method = process(), a_method(10)
    await ours.take(entity, method, 10)
    async with shared_database.connection() as connection:
        await connection.execute(
            "UPDATE quotas SET held = 4, held_until = now() + interval '1 hour' WHERE entity_id = $1", entity[1]
        )

    waiting = asyncio.create_task(process().take(entity, method))
    async with asyncio.timeout(30), shared_database.connection() as connection:
        while not await connection.fetchval("SELECT short_until > now() FROM quotas WHERE entity_id = $1", entity[1]):
            await asyncio.sleep(0.01)
        too_many = await process().take(entity, method, 5)
        still_waits = not waiting.done()
        await connection.execute("UPDATE quotas SET held_until = now() WHERE entity_id = $1", entity[1])
        refused = await waiting

    assert still_waits
    assert isinstance(refused, Exceeded)
    assert isinstance(too_many, Exceeded), "more than is held anywhere is not waited for"


async def test_counts_of_long_past_windows_are_swept_away(shared_database, process, entity, wall):
    past, present, ours = entity, ("campaignId", next(_entities)), process()
    wall.shows = datetime.now(UTC) - timedelta(days=3)
    await ours.take(past, a_method())
    wall.shows = datetime.now(UTC)
    await ours.take(present, a_method())

    swept = await ours.sweep()

    async with shared_database.connection() as connection:
        left = await connection.fetch("SELECT entity_id FROM quotas WHERE entity_id IN ($1, $2)", past[1], present[1])
    assert swept >= 1
    assert [row["entity_id"] for row in left] == [present[1]]
