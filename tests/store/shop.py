"""A business whose orders are listed."""

import itertools
from datetime import timedelta

from korob.domain.change import Change, OrderPlaced
from korob.domain.order_filter import OrderFilter
from korob.domain.words import Actor, Model, Status
from korob.store import campaigns, order_lists
from tests.examples import NOW, an_order


class Shop:
    """A business with campaigns whose orders are listed."""

    def __init__(self, database, orders, business_id, by_courier, by_market):
        self.database = database
        self.orders = orders
        self.business_id = business_id
        self.by_courier = by_courier
        self.by_market = by_market
        self.numbers = itertools.count(business_id * 10_000)

    async def place(self, status=Status.PROCESSING, substatus=None, *, campaign=None, hours_ago=1, **more):
        campaign = campaign or self.by_courier
        placed_at = NOW - timedelta(hours=hours_ago)
        usual = {
            "id": next(self.numbers),
            "business_id": self.business_id,
            "campaign_id": campaign.id,
            "model": campaign.model,
            "created_at": placed_at,
            "updated_at": placed_at,
            "since": placed_at,
        }
        order = an_order(status, substatus, **(usual | more))
        return await self.orders.place(Change(order, Actor.BUYER, "PLACE", order.updated_at, (OrderPlaced(),)))

    async def page(self, filters=OrderFilter(), *, limit=50, after=None, campaign_ids=None, now=NOW):
        return await order_lists.newest(
            self.orders,
            business_id=self.business_id,
            campaign_ids=campaign_ids,
            filters=filters,
            limit=limit,
            after=after,
            now=now,
        )

    async def ids(self, filters=OrderFilter(), **more):
        """The ids of all pages."""
        page = await self.page(filters, **more)
        ids = [order.id for order in page.orders]
        while page.following:
            page = await self.page(filters, **(more | {"after": page.following}))
            ids += [order.id for order in page.orders]
        return ids


async def open_shop(database, orders):
    business_id = await campaigns.create_business(database, "Лавка")
    by_courier = await campaigns.create_campaign(database, business_id, "Курьером", Model.DBS)
    by_market = await campaigns.create_campaign(database, business_id, "Маркетом", Model.FBS)
    return Shop(database, orders, business_id, by_courier, by_market)
