"""Hand in the keys of digital goods."""

from collections.abc import Sequence
from datetime import datetime

from korob.domain import digital
from korob.domain.order import Keys, Order
from korob.store.orders import OrderKey, Orders


async def give_keys(orders: Orders, key: OrderKey, keys: Sequence[Keys], *, now: datetime) -> Order:
    """Give the Market what it is to mail (provideOrderDigitalCodes).

    Raises what `digital.give_keys` does, OrderNotFound.
    """
    return await orders.change(key, lambda order, now: digital.give_keys(order, keys, now=now), now=now)
