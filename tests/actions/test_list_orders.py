"""Reading a list when orders on it are due."""

from datetime import timedelta

import pytest

from korob.actions.list_orders import list_orders
from korob.domain import deadlines
from korob.domain.order_filter import OrderFilter
from korob.domain.words import Status, Substatus
from korob.notifications import bodies
from korob.store import order_lists
from korob.store.orders import Orders
from tests.examples import NOW
from tests.store.shop import open_shop


@pytest.fixture
async def orders(shared_database):
    opened = Orders(shared_database, news=bodies.news)
    yield opened
    await opened.close()


async def shown(shop, orders):
    async def read(stuck):
        return await order_lists.newest(
            orders,
            business_id=shop.business_id,
            campaign_ids=None,
            filters=OrderFilter(),
            limit=50,
            stuck=stuck,
            now=NOW,
        )

    page = await list_orders(orders, read, epoch=None, now=NOW)
    return {order.id: (order.status, order.substatus) for order in page.orders}


async def test_what_is_due_is_settled_before_a_list_shows_it(shared_database, orders):
    shop = await open_shop(shared_database, orders)
    late = await shop.place(Status.UNPAID, since=NOW - timedelta(minutes=30))

    assert await shown(shop, orders) == {late.id: (Status.CANCELLED, Substatus.USER_NOT_PAID)}


async def test_an_order_that_trips_over_a_bug_is_shown_as_it_is_and_hides_nobody(shared_database, orders, monkeypatch):
    shop = await open_shop(shared_database, orders)
    broken = await shop.place(Status.UNPAID, since=NOW - timedelta(minutes=30))
    late = await shop.place(Status.UNPAID, since=NOW - timedelta(minutes=30))
    settle = deadlines.settle

    def trip(order, *, now):
        if order.id == broken.id:
            raise ZeroDivisionError
        return settle(order, now=now)

    monkeypatch.setattr(deadlines, "settle", trip)

    assert await shown(shop, orders) == {
        broken.id: (broken.status, broken.substatus),
        late.id: (Status.CANCELLED, Substatus.USER_NOT_PAID),
    }
