"""Each of the ten commonest mixes lists, page by page, exactly the orders that it asks for."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bench.list_mixes import MIXES
from korob.domain.words import Model, Status, Substatus
from korob.notifications import bodies
from korob.store.orders import OrderKey, Orders
from tests.bench.shop import NOW, a_year
from tests.world import an_application

DAY = timedelta(days=1)
ENDED = {Status.DELIVERED, Status.CANCELLED}
TODAY = datetime(2026, 3, 1, 21, tzinfo=UTC)
"""Midnight in Moscow."""
SINCE = TODAY - 30 * DAY
"""Where a list begins when nobody says."""


def of_campaign(order):
    """Whether getOrders of the FBS campaign shows it, whatever else is asked for."""
    late = order.status in ENDED and order.since < NOW - 30 * DAY
    return order.model is Model.FBS and order.created_at >= SINCE and not order.fake and not late


def of_business(order):
    return order.created_at >= SINCE and not order.fake


def ships(order, first, last):
    shipment = order.delivery.shipment
    return bool(shipment and shipment.ships_on and first <= shipment.ships_on.isoformat() <= last)


FITS = {
    "orders, nothing asked for": of_campaign,
    "orders at work": lambda order: of_campaign(order) and order.status is Status.PROCESSING,
    "orders to be packed": lambda order: of_campaign(order) and order.substatus is Substatus.STARTED,
    "orders at work or on their way": lambda order: (
        of_campaign(order) and order.status in {Status.PROCESSING, Status.DELIVERY}
    ),
    "orders changed in the last day": lambda order: of_campaign(order) and order.updated_at >= NOW - DAY,
    "orders of a month's shipments": lambda order: of_campaign(order) and ships(order, "2026-02-01", "2026-03-02"),
    "business: nothing asked for": of_business,
    "business: new orders of all stores": lambda order: (
        of_business(order) and order.status is Status.PROCESSING and order.model not in {Model.FBY, Model.LAAS}
    ),
    "business: delivered in the last day": lambda order: (
        of_business(order) and order.status is Status.DELIVERED and order.updated_at >= NOW - DAY
    ),
    "business: changed on a day that is over": lambda order: (
        of_business(order) and TODAY - DAY <= order.updated_at < TODAY
    ),
}
"""What the mixes ask for, in other words."""


@pytest.fixture
async def orders_and_world(database, monkeypatch):
    world = await a_year(database, monkeypatch, count=6_000)
    door = Orders(database, news=bodies.news)
    async with database.connection() as connection:
        rows = await connection.fetch("SELECT campaign_id, order_id FROM orders")
    orders = [await door.read(OrderKey(world.id, *row), now=NOW) for row in rows]
    await door.close()
    return orders, world


async def pages(http, world, mix, limit):
    """The ids of all pages, each page a list."""
    found, token = [], None
    while True:
        asked = mix.request(world, limit=limit, token=token)
        headers = {"Api-Key": world.api_key, "Content-Type": "application/json"}
        answer = await http.request(asked.verb, asked.path, content=asked.body, headers=headers)
        page = json.loads(answer.content)
        assert answer.status_code == 200, page
        found.append([order.get("id") or order["orderId"] for order in page["orders"]])
        token = page["paging"].get("nextPageToken")
        if token is None:
            return found


async def test_all_pages_of_a_mix_show_each_order_that_fits_once_newest_first(orders_and_world, fresh_url):
    orders, world = orders_and_world
    newest_first = sorted(orders, key=lambda order: (order.created_at, order.id), reverse=True)

    async with an_application(fresh_url) as http:
        for mix in MIXES:
            wanted = [order.id for order in newest_first if FITS[mix.name](order)]
            assert wanted, mix.name
            for limit in (3, 50):
                found = await pages(http, world, mix, limit)
                assert [order_id for page in found for order_id in page] == wanted, mix.name
                assert {len(page) for page in found[:-1]} <= {limit}


def test_there_are_ten_mixes():
    assert len(MIXES) == len(FITS) == 10
