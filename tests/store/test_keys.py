"""Finding what a token opens."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest

from korob.clock import WALL, Clock
from korob.domain import api_key
from korob.domain.campaign import Scope
from korob.domain.words import ApiAvailability, Model
from korob.store import campaigns, keys
from korob.store.database import DatabaseGoneError
from korob.store.keys import KEY_TTL, Keys
from tests.patience import enough

ORDERS = (Scope.INVENTORY_AND_ORDER_PROCESSING,)
FIVE_DAYS_ON = Clock(timedelta(days=5), None, 2)


@pytest.fixture
async def shop(database):
    """A business with one campaign and one key."""
    business_id = await campaigns.create_business(database, "Лавка")
    await campaigns.create_campaign(database, business_id, "Лавка", Model.DBS)
    return business_id


async def make_world(database, business_id, *, limits=True):
    async with database.connection() as connection:
        await connection.execute(
            "INSERT INTO worlds (business_id, seed, limits, token_hash) VALUES ($1, 1, $2, sha256($3::text::bytea))",
            business_id,
            limits,
            str(business_id),
        )


class Counting:
    """A database that counts its connections' uses."""

    def __init__(self, database):
        self.database = database
        self.uses = 0

    def connection(self):
        self.uses += 1
        return self.database.connection()


class Interrupted(Counting):
    """A database in front of which something happens between a question and its answer."""

    def __init__(self, database):
        super().__init__(database)
        self.first = lambda: None

    def connection(self):
        self.first()
        return super().connection()


class Failing(Counting):
    """A database that can be away."""

    away = False

    def connection(self):
        if self.away:
            raise DatabaseGoneError("away")
        return super().connection()


class Hanging(Counting):
    """A database that never answers when it is used for the third time."""

    def __init__(self, database):
        super().__init__(database)
        self.hangs = asyncio.Event()

    @asynccontextmanager
    async def connection(self):
        async with super().connection() as connection:
            if self.uses == 3:
                self.hangs.set()
                await asyncio.Event().wait()
            yield connection


async def test_a_token_opens_its_business_with_all_campaigns(database, shop):
    made = await campaigns.create_key(database, shop, "Касса", ORDERS)
    second = await campaigns.create_campaign(database, shop, "Вторая", Model.FBS)

    found = await Keys(database).find(made.token)

    assert (found.key.id, found.key.business_id, found.key.scopes) == (made.id, shop, set(ORDERS))
    assert found.campaigns[second.id] == second
    assert len(found.campaigns) == 2
    assert found.clock == WALL
    assert found.key.limits is True
    assert found.revoked is False


async def test_a_world_s_token_comes_with_the_world_s_clock(database, shop):
    await make_world(database, shop, limits=False)
    made = await campaigns.create_key(database, shop, "Касса", ORDERS)

    found = await Keys(database).find(made.token)

    assert found.clock == Clock(timedelta(), None, 1)
    assert found.key.limits is False


async def test_what_was_found_is_known_without_asking_again(database, shop):
    made = await campaigns.create_key(database, shop, "Касса", ORDERS)
    counted = Counting(database)
    book = Keys(counted)

    assert book.cached(made.token) is None
    found = await book.find(made.token)
    asked = counted.uses

    assert book.cached(made.token) is found
    assert await book.find(made.token) is found
    assert counted.uses == asked


async def test_a_hundred_requests_with_two_new_tokens_ask_twice_at_most(database, shop):
    first = await campaigns.create_key(database, shop, "Касса", ORDERS)
    second = await campaigns.create_key(database, shop, "Склад", ORDERS)
    counted = Counting(database)
    book = Keys(counted)
    await book.find(api_key.token_of("0" * 40))
    asked = counted.uses

    found = await asyncio.gather(*(book.find(made.token) for made in (first, second) * 50))

    assert {one.key.name for one in found} == {"Касса", "Склад"}
    assert counted.uses == asked + 1


@pytest.mark.parametrize("token", ["", "ACMA:short:00000000", api_key.token_of("0" * 40)[:-8] + "00000000"])
async def test_a_token_that_cannot_be_ours_is_unknown_without_asking(database, token):
    counted = Counting(database)

    assert await Keys(counted).find(token) is None

    assert counted.uses == 0


async def test_an_unknown_token_is_asked_for_once(database):
    counted = Counting(database)
    book = Keys(counted)
    token = campaigns.new_token()

    assert await book.find(token) is None
    asked = counted.uses
    assert await book.find(token) is None

    assert counted.uses == asked


async def test_a_deleted_key_stops_working_in_another_process_within_the_documented_time(database, shop, monkeypatch):
    made = await campaigns.create_key(database, shop, "Касса", ORDERS)
    elsewhere = Keys(database)
    seen_at = monotonic()
    await elsewhere.find(made.token)

    await campaigns.revoke_key(database, shop, made.id)
    monkeypatch.setattr(keys, "monotonic", lambda: seen_at + KEY_TTL - 0.001)
    still = elsewhere.cached(made.token)
    monkeypatch.setattr(keys, "monotonic", lambda: monotonic() + KEY_TTL)
    gone = elsewhere.cached(made.token)

    assert still is not None
    assert gone is None
    assert (await elsewhere.find(made.token)).revoked
    assert elsewhere.cached(made.token) is None


async def test_a_deleted_key_stops_working_at_once_where_it_was_deleted(database, shop):
    made = await campaigns.create_key(database, shop, "Касса", ORDERS)
    book = Keys(database)
    await book.find(made.token)

    await campaigns.revoke_key(database, shop, made.id)
    book.forget_business(shop)

    assert book.cached(made.token) is None
    assert (await book.find(made.token)).revoked


async def test_a_key_deleted_while_it_is_being_looked_up_is_not_remembered(database, shop):
    made = await campaigns.create_key(database, shop, "Касса", ORDERS)
    slow = Interrupted(database)
    book = Keys(slow)
    slow.first = lambda: book.forget_business(shop)

    await book.find(made.token)

    assert book.cached(made.token) is None


async def test_edits_and_switched_campaigns_show_after_a_fresh_look(database, shop):
    made = await campaigns.create_key(database, shop, "Касса", ORDERS)
    book = Keys(database)
    (campaign_id,) = (await book.find(made.token)).campaigns

    await campaigns.edit_key(database, shop, made.id, name="Цены", scopes=("pricing",))
    await campaigns.edit_campaign(database, shop, campaign_id, availability=ApiAvailability.MANUALLY_DISABLED)
    found = await book.refresh(made.token)

    assert found.key.scopes == {Scope.PRICING}
    assert found.campaigns[campaign_id].availability is ApiAvailability.MANUALLY_DISABLED
    assert book.cached(made.token) is found


async def test_a_clock_that_was_set_shows_on_every_token_of_the_business(database, shop):
    await make_world(database, shop)
    tokens = [(await campaigns.create_key(database, shop, name, ORDERS)).token for name in ("Касса", "Склад")]
    book = Keys(database)
    for token in tokens:
        await book.find(token)

    book.put_clock(shop, FIVE_DAYS_ON)
    book.put_clock(shop, Clock(timedelta(), None, 1))

    assert [book.cached(token).clock for token in tokens] == [FIVE_DAYS_ON, FIVE_DAYS_ON]


async def test_a_clock_set_while_its_token_is_being_looked_up_is_not_lost(database, shop):
    await make_world(database, shop)
    made = await campaigns.create_key(database, shop, "Касса", ORDERS)
    slow = Interrupted(database)
    book = Keys(slow)
    slow.first = lambda: book.put_clock(shop, FIVE_DAYS_ON)

    found = await book.find(made.token)

    assert found.clock == FIVE_DAYS_ON
    assert book.cached(made.token).clock == FIVE_DAYS_ON


async def test_a_clock_set_by_another_process_is_seen_by_a_refresh(database, shop):
    await make_world(database, shop)
    made = await campaigns.create_key(database, shop, "Касса", ORDERS)
    book = Keys(database)
    await book.find(made.token)
    frozen_at = datetime(2027, 3, 1, tzinfo=UTC)
    async with database.connection() as connection:
        await connection.execute("UPDATE worlds SET frozen_at = $2, epoch = 2 WHERE business_id = $1", shop, frozen_at)

    found = await book.refresh(made.token)

    assert found.clock == Clock(timedelta(), frozen_at, 2)
    assert book.cached(made.token).clock.now() == frozen_at


async def test_who_sets_a_clock_and_missed_what_another_process_set_looks_up_everything_again(database, shop):
    await make_world(database, shop)
    made = await campaigns.create_key(database, shop, "Касса", ORDERS)
    book = Keys(database)
    await book.find(made.token)

    book.put_clock(shop, Clock(timedelta(days=5), None, 3))

    assert book.cached(made.token) is None


async def test_a_token_looked_up_before_another_process_set_something_is_not_remembered(database, shop):
    await make_world(database, shop)
    made = await campaigns.create_key(database, shop, "Касса", ORDERS)
    slow = Interrupted(database)
    book = Keys(slow)
    slow.first = lambda: book.put_clock(shop, Clock(timedelta(days=5), None, 3))

    await book.find(made.token)

    assert book.cached(made.token) is None


async def test_an_api_key_is_no_bearer_token_and_a_bearer_token_no_api_key(database, shop):
    key = await campaigns.create_key(database, shop, "Касса", ORDERS)
    old = await campaigns.create_key(database, shop, "Старый", oauth=True)
    book = Keys(database)

    assert (await book.find(key.token)).key.oauth is False
    assert (await book.find(old.token, oauth=True)).key.oauth is True
    assert await book.find(key.token, oauth=True) is None
    assert await book.find(old.token) is None
    assert book.cached(key.token, oauth=True) is None
    assert book.cached(old.token) is None


async def test_a_key_s_last_use_is_on_file_after_the_process_stopped(database, shop):
    used = await campaigns.create_key(database, shop, "Касса", ORDERS)
    await campaigns.create_key(database, shop, "Забытая", ORDERS)
    book = Keys(database)
    before = datetime.now(UTC)
    await book.find(used.token)

    await book.stop()

    on_file = {key.name: key.last_used_at for key in await campaigns.keys_of(database, shop)}
    assert before <= on_file["Касса"] <= datetime.now(UTC)
    assert on_file["Забытая"] is None


async def test_a_key_s_last_use_is_on_file_a_minute_later(database, shop, monkeypatch):
    monkeypatch.setattr(keys, "USE_NOTED_EVERY", 0.01)
    used = await campaigns.create_key(database, shop, "Касса", ORDERS)
    await Keys(database).find(used.token)

    async with enough():
        while (on_file := (await campaigns.keys_of(database, shop))[0]).last_used_at is None:
            pass

    assert on_file.last_used_at <= datetime.now(UTC)


async def test_a_last_use_that_could_not_be_written_down_is_when_the_database_is_back(database, shop):
    used = await campaigns.create_key(database, shop, "Касса", ORDERS)
    failing = Failing(database)
    book = Keys(failing)
    await book.find(used.token)

    failing.away = True
    await book.stop()
    failing.away = False
    await book.stop()

    assert (await campaigns.keys_of(database, shop))[0].last_used_at is not None


async def test_who_stops_while_a_last_use_is_being_written_down_writes_it_down(database, shop, monkeypatch):
    monkeypatch.setattr(keys, "USE_NOTED_EVERY", 0.01)
    used = await campaigns.create_key(database, shop, "Касса", ORDERS)
    hanging = Hanging(database)
    book = Keys(hanging)
    await book.find(used.token)
    await hanging.hangs.wait()

    await book.stop()

    assert (await campaigns.keys_of(database, shop))[0].last_used_at is not None


async def test_the_memory_is_bounded_and_the_oldest_go_first(database, shop, monkeypatch):
    monkeypatch.setattr(keys, "CACHED_MAX", 10)
    tokens = [(await campaigns.create_key(database, shop, f"Касса {n}", ORDERS)).token for n in range(11)]
    book = Keys(database)

    for token in tokens:
        await book.find(token)

    assert book.cached(tokens[0]) is None
    assert all(book.cached(token) for token in tokens[1:])
