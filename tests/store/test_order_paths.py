"""Every way to the orders of a filter leads to these orders, all of them, in their order."""

import asyncio
import json
import random
from datetime import date, timedelta
from itertools import combinations_with_replacement

import pytest

from korob.domain import order_filter
from korob.domain.order import CancellationRequest, Instance, Shipment
from korob.domain.order_filter import OrderFilter
from korob.domain.words import BuyerType, DispatchType, Model, SourcePlatform, Status, Substatus
from korob.store import order_paths
from tests.examples import NOW, a_business_buyer, a_cis, a_delivery, an_item, an_order

TODAY = date(2026, 3, 2)
MARKET, OTHER = SourcePlatform.MARKET, SourcePlatform.OTHER


def matches(order, wanted, models_of):
    """Whether an order is what the filter asks for, word by word."""
    ships_on = order.delivery.shipment.ships_on if order.delivery.shipment else None
    ended = order.status in order_filter.ENDED and wanted.ended_since and order.since < wanted.ended_since
    codes = [instance.cis for item in order.items for instance in item.instances if instance.cis]
    return all(
        (
            not wanted.order_ids or order.id in wanted.order_ids,
            not wanted.external_ids or order.external_id in wanted.external_ids,
            not wanted.models or models_of[order.campaign_id] in wanted.models,
            not wanted.statuses or order.status in wanted.statuses,
            not wanted.substatuses or order.substatus in wanted.substatuses,
            not wanted.created_from or order.created_at >= wanted.created_from,
            not wanted.created_to or order.created_at < wanted.created_to,
            not wanted.ships_from or (ships_on and wanted.ships_from <= ships_on < wanted.ships_to),
            not wanted.updated_from or order.updated_at >= wanted.updated_from,
            not wanted.updated_to or order.updated_at < wanted.updated_to,
            not wanted.dispatch or order.delivery.dispatch == wanted.dispatch,
            not wanted.buyer_type or order.buyer.type == wanted.buyer_type,
            not wanted.source_platforms or order.source_platform in wanted.source_platforms,
            order.fake is wanted.fake,
            not wanted.has_cis or codes,
            not wanted.waiting or (order.cancellation and order.status in {Status.DELIVERY, Status.PICKUP}),
            not wanted.estimated or order.delivery.estimated,
            not ended,
        )
    )


STATES = [
    (Status.PROCESSING, Substatus.STARTED),
    (Status.PROCESSING, Substatus.READY_TO_SHIP),
    (Status.DELIVERY, Substatus.DELIVERY_SERVICE_RECEIVED),
    (Status.PICKUP, Substatus.PICKUP_SERVICE_RECEIVED),
    (Status.DELIVERED, Substatus.DELIVERY_SERVICE_DELIVERED),
    (Status.CANCELLED, Substatus.SHOP_FAILED),
    (Status.CANCELLED, Substatus.USER_CHANGED_MIND),
]


async def place_any(shop, chance):
    status, substatus = chance.choice(STATES)
    hours_ago = chance.choice((chance.uniform(0, 72), chance.uniform(0, 24 * 60), 5))
    changed = NOW - timedelta(hours=chance.uniform(0, hours_ago))
    marked = chance.random() < 0.2
    return await shop.place(
        status,
        substatus,
        campaign=chance.choice((shop.by_courier, shop.by_courier, shop.by_market)),
        hours_ago=hours_ago,
        updated_at=changed,
        since=changed - (changed - NOW + timedelta(hours=hours_ago)) * chance.choice((0, 0.9)),
        external_id=chance.choice((None, f"ext-{chance.randrange(40)}")),
        items=(an_item(1, instances=(Instance(cis=a_cis()),) if marked else ()),),
        buyer=a_business_buyer() if chance.random() < 0.2 else an_order().buyer,
        fake=chance.random() < 0.1,
        source_platform=chance.choice((MARKET, MARKET, OTHER)),
        cancellation=CancellationRequest(changed, Substatus.USER_CHANGED_MIND) if chance.random() < 0.2 else None,
        delivery=a_delivery(
            dispatch=chance.choice((None, *DispatchType)),
            estimated=chance.random() < 0.1,
            shipment=Shipment(1, TODAY + timedelta(days=chance.randrange(-20, 5))) if chance.random() < 0.8 else None,
        ),
    )


def wishes(chance, placed):
    """One wish of each kind."""
    lately, long_ago = (NOW - timedelta(hours=chance.uniform(*bounds)) for bounds in ((0, 70), (80, 900)))
    day = TODAY - timedelta(days=chance.randrange(20))
    states = chance.sample(STATES, chance.randrange(1, 4))
    return (
        {"order_ids": tuple(order.id for order in chance.sample(placed, 30))},
        {"external_ids": ("ext-1", "ext-2", "ext-3", "nowhere")},
        {"models": (chance.choice((Model.DBS, Model.FBS)),)},
        {"statuses": tuple(dict.fromkeys((Status.PICKUP, *(status for status, _ in states))))},
        {"statuses": chance.choice((order_filter.ENDED, order_filter.ENDED[:1]))},
        {"substatuses": tuple(substatus for _, substatus in states)},
        {"created_from": long_ago, "created_to": lately},
        {"ships_from": day, "ships_to": day + timedelta(days=chance.randrange(1, 4))},
        {"ships_from": day, "ships_to": day + timedelta(days=chance.randrange(4, 20))},
        {"updated_from": NOW - timedelta(hours=chance.uniform(0, 7))},
        {"updated_from": lately},
        {"updated_from": long_ago, "updated_to": chance.choice((None, long_ago + timedelta(hours=30), lately))},
        {"dispatch": chance.choice(list(DispatchType))},
        {"dispatch": DispatchType.SHOP_OUTLET},
        {"buyer_type": BuyerType.BUSINESS},
        {"source_platforms": chance.choice(((MARKET,), (MARKET, OTHER)))},
        {"source_platforms": (OTHER,)},
        {"fake": True},
        {"has_cis": True},
        {"waiting": True},
        {"estimated": True},
        {"ended_since": NOW - timedelta(days=30)},
    )


async def test_every_filter_lists_what_it_asks_for_whichever_way_it_goes(shop):
    chance = random.Random(20260302)  # noqa: S311
    placed = await asyncio.gather(*(place_any(shop, chance) for _ in range(300)))
    newest_first = sorted(placed, key=lambda order: (order.created_at, order.id), reverse=True)
    models_of = {shop.by_courier.id: Model.DBS, shop.by_market.id: Model.FBS}
    async with shop.database.connection() as connection:
        # What is due would be named instead of shown.
        await connection.execute("UPDATE orders SET look_at = NULL WHERE business_id = $1", shop.business_id)

    gone = set()
    for one, other in combinations_with_replacement(range(len(wishes(chance, placed))), 2):
        kinds = wishes(chance, placed)
        wanted = OrderFilter(**(kinds[one] | kinds[other]))
        campaign_ids = chance.choice((None, None, [shop.by_market.id]))
        expected = [
            order.id
            for order in newest_first
            if matches(order, wanted, models_of) and (campaign_ids is None or order.campaign_id in campaign_ids)
        ]
        assert await shop.ids(wanted, campaign_ids=campaign_ids, limit=chance.choice((1, 7, 50))) == expected, wanted
        gone.add(order_paths.to(wanted, now=NOW))

    assert gone == {path.statement for path in order_paths.PATHS}


WAYS = {
    "orders_pkey": OrderFilter(order_ids=(1,)),
    "orders_by_external_id": OrderFilter(external_ids=("a",)),
    "orders_waiting": OrderFilter(waiting=True),
    "orders_estimated": OrderFilter(estimated=True),
    "orders_by_update": OrderFilter(updated_from=NOW),
    "orders_by_day_of_update": OrderFilter(updated_from=NOW - timedelta(days=1)),
    "orders_by_day_of_end": OrderFilter(statuses=order_filter.ENDED, updated_from=NOW - timedelta(days=1)),
    "orders_by_shipment": OrderFilter(ships_from=TODAY, ships_to=TODAY),
    "orders_by_state": OrderFilter(substatuses=(Substatus.STARTED,)),
    "orders_marked": OrderFilter(has_cis=True),
    "orders_of_companies": OrderFilter(buyer_type=BuyerType.BUSINESS),
    "orders_to_outlets": OrderFilter(dispatch=DispatchType.SHOP_OUTLET),
    "orders_from_elsewhere": OrderFilter(source_platforms=(OTHER,)),
    "orders_newest": OrderFilter(statuses=None),
}


@pytest.mark.parametrize("index", WAYS)
async def test_a_way_goes_along_its_index_in_its_order_even_if_it_was_planned_before_there_was_an_order(
    database, index
):
    async with database.connection() as connection:
        await connection.execute(f"PREPARE way AS {order_paths.to(WAYS[index], now=NOW)}")
        plan = await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE way ({', '.join(['NULL'] * 26)})")

    scans = [
        (node, above) for node, above in nodes(json.loads(plan)[0]["Plan"]) if node.get("Relation Name") == "orders"
    ]
    assert {node["Index Name"] for node, _ in scans} == {index, "orders_to_look_at"}
    assert "Sort" not in {above["Node Type"] for _, above in scans}


async def test_a_way_is_planned_once_for_a_connection_however_long_its_statement_is(database):
    async with database.connection() as connection:
        for path in order_paths.PATHS:
            await connection.fetch(path.statement, *[None] * 23, 1, 0, 1)
        kept = await connection.fetchval(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement = ANY($1)",
            [path.statement for path in order_paths.PATHS],
        )

    assert kept == len(order_paths.PATHS)


BY_STATUS = (
    ("orders_by_update", OrderFilter(statuses=(Status.PICKUP, Status.RETURNED), updated_from=NOW)),
    ("orders_by_day_of_update", OrderFilter(statuses=(Status.PICKUP,), updated_from=NOW - timedelta(days=1))),
    ("orders_by_day_of_update", OrderFilter(ended_since=NOW)),
    ("orders_by_shipment", OrderFilter(statuses=(Status.PICKUP,), ships_from=TODAY, ships_to=TODAY)),
)


@pytest.mark.parametrize(("index", "wanted"), BY_STATUS)
async def test_entries_of_other_statuses_are_passed_without_a_look_at_their_orders_on_postgresql_15_too(
    database, index, wanted
):
    async with database.connection() as connection:
        await connection.execute(f"PREPARE way AS {order_paths.to(wanted, now=NOW)}")
        plan = await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE way ({', '.join(['NULL'] * 26)})")

    # Only comparisons with one value are looked up in an index on 15.
    found = [node["Index Cond"] for node, _ in nodes(json.loads(plan)[0]["Plan"]) if node.get("Index Name") == index]
    assert found
    assert [condition for condition in found if "status >= " not in condition or "status <= " not in condition] == []


def nodes(plan, above=None):
    """The nodes of a plan, each with the one above it."""
    yield plan, above
    for below in plan.get("Plans", ()):
        yield from nodes(below, plan)
