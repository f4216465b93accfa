"""Counts and the ledger: what is told, what orders do at the same time, and what several warehouses share."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from korob.domain.stock_level import Count
from korob.domain.words import Model
from korob.store import offers, stocks, warehouses, worlds
from korob.store.campaigns import CampaignNotFound

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
async def world(shared_database):
    return await worlds.create(shared_database, seed=None, now=MONDAY, wall=MONDAY)


@pytest.fixture
def shelf(shared_database, world):
    return Shelf(shared_database, world, Model.FBS)


class Shelf:
    """The stock of a campaign, and parcels that come and go."""

    def __init__(self, database, world, model):
        self.database = database
        self.business_id = world.id
        self.campaign_id = next(campaign.id for campaign in world.campaigns if campaign.model is model)

    async def tell(self, *counts, at=MONDAY):
        told = [Count(offer_id, count, at) for offer_id, count in counts]
        await stocks.tell(self.database, self.business_id, self.campaign_id, told)

    async def move(self, offer_id, held, *, gone=0, at=MONDAY):
        async with self.database.connection() as connection:
            await connection.execute(
                """
                INSERT INTO stock_movements (business_id, campaign_id, offer_id, order_id, version, held, gone, at)
                VALUES ($1, $2, $3, 1, 1, $4, $5, $6)
                """,
                self.business_id,
                self.campaign_id,
                offer_id,
                held,
                gone,
                at,
            )

    async def level(self, offer_id, *, now=MONDAY):
        (found,) = await stocks.levels(self.database, self.business_id, self.campaign_id, now=now, offer_ids=[offer_id])
        return found.fit, found.freeze, found.available

    async def ledger(self):
        async with self.database.connection() as connection:
            return await connection.fetchval(
                "SELECT count(*) FROM stock_movements WHERE business_id = $1", self.business_id
            )


async def test_the_ledger_up_to_a_count_is_added_up_and_forgotten(shelf):
    await shelf.tell(("TEA", 10))
    for _ in range(5):
        await shelf.move("TEA", 1)
    await shelf.move("TEA", -1, gone=1)
    await shelf.move("CUP", 1)

    await shelf.tell(("TEA", 9))

    assert await shelf.level("TEA") == (9, 4, 5)
    assert await shelf.ledger() == 1


async def test_what_happens_after_the_moment_of_a_count_is_taken_off_it(shelf):
    await shelf.move("TEA", 3, at=MONDAY)
    await shelf.move("TEA", -3, gone=3, at=MONDAY + HOUR)

    await shelf.tell(("TEA", 10), at=MONDAY + HOUR / 2)

    assert await shelf.level("TEA") == (7, 0, 7)
    await shelf.tell(("TEA", 10), at=MONDAY + HOUR)
    assert await shelf.level("TEA") == (10, 0, 10)


async def test_a_count_that_comes_too_late_loses_nothing_that_orders_hold(shelf):
    await shelf.tell(("TEA", 10), at=MONDAY + HOUR)
    await shelf.move("TEA", 4, at=MONDAY)

    await shelf.tell(("TEA", 99), at=MONDAY)

    assert await shelf.level("TEA") == (10, 4, 6)


async def test_counts_told_at_once_add_the_ledger_up_once(shelf):
    for _ in range(20):
        await shelf.move("TEA", 1)
        await shelf.move("CUP", 1)

    await asyncio.gather(
        *(shelf.tell(*counts) for counts in [[("TEA", 30), ("CUP", 30)], [("CUP", 30), ("TEA", 30)]] * 6)
    )

    assert [await shelf.level("TEA"), await shelf.level("CUP")] == [(30, 20, 10), (30, 20, 10)]
    assert await shelf.ledger() == 0


async def test_an_endless_offer_has_an_end_once_it_was_counted(shelf, shared_database):
    await offers.make_endless(shared_database, shelf.business_id, shelf.campaign_id, ["TEA"])
    assert await shelf.level("TEA") == (2_000_000_000, 0, 2_000_000_000)

    await shelf.tell(("TEA", 3), at=MONDAY - HOUR)

    assert await shelf.level("TEA") == (3, 0, 3)


async def test_warehouses_of_a_group_have_one_stock(shared_database, world, shelf):
    other = Shelf(shared_database, world, Model.DBS)
    apart = Shelf(shared_database, world, Model.EXPRESS)
    ids = [each.warehouse_id for each in world.campaigns if each.id in {shelf.campaign_id, other.campaign_id}]
    await warehouses.unite(shared_database, world.id, "Одни полки", ids)

    await shelf.tell(("TEA", 10))
    await apart.tell(("TEA", 1))
    await other.move("TEA", 3)
    await shelf.move("TEA", -2, gone=2)

    assert await shelf.level("TEA") == await other.level("TEA") == (8, 1, 7)
    assert await apart.level("TEA") == (1, 0, 1)


async def test_only_offers_on_the_shelf_or_only_the_others_can_be_asked_for(shared_database, shelf):
    await shelf.tell(("CUP", 0), ("POT", 2), ("TEA", 1))
    await shelf.move("POT", -2, gone=2)

    async def listed(has_stocks):
        found = await stocks.levels(
            shared_database, shelf.business_id, shelf.campaign_id, now=MONDAY, has_stocks=has_stocks
        )
        return [level.offer_id for level in found]

    assert (await listed(True), await listed(False)) == (["TEA"], ["CUP", "POT"])
    assert await listed(None) == ["CUP", "POT", "TEA"]


async def test_sales_are_those_of_the_last_120_days(shared_database, shelf):
    await shelf.tell(("TEA", 10))
    await shelf.move("TEA", -2, gone=2, at=MONDAY)
    await shelf.move("TEA", -3, gone=3, at=MONDAY + HOUR)

    (level,) = await stocks.levels(
        shared_database, shelf.business_id, shelf.campaign_id, now=MONDAY + timedelta(days=120)
    )

    assert level.sold == 3


async def test_what_the_market_sold_before_a_count_is_sold_all_the_same_for_120_days(shared_database, world):
    shelf = Shelf(shared_database, world, Model.FBY)
    await shelf.move("TEA", 5)
    await shelf.move("TEA", -2, gone=2)

    async def sold_and_held(day):
        now = MONDAY + timedelta(days=day)
        (level,) = await stocks.levels(shared_database, shelf.business_id, shelf.campaign_id, now=now)
        return level.sold, level.fit, level.held

    for day, expected in ((0, (2, 10, 3)), (1, (2, 10, 3)), (120, (0, 10, 3))):
        await shelf.tell(("TEA", 10), at=MONDAY + timedelta(days=day))

        assert await sold_and_held(day) == expected
    assert await shelf.ledger() == 0


async def test_nothing_is_told_of_a_campaign_that_is_gone(shared_database, world, shelf):
    await worlds.delete(shared_database, world.id)

    with pytest.raises(CampaignNotFound):
        await shelf.tell(("TEA", 10))
