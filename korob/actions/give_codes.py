"""Hand in the marking codes of an order's units."""

from collections.abc import Sequence
from datetime import datetime

from korob.actions.look_up_codes import look_up_codes
from korob.domain import identifiers
from korob.domain.authority import Authority
from korob.domain.identifiers import Identified
from korob.domain.order import Order
from korob.store.database import Database
from korob.store.orders import OrderKey, Orders


async def give_codes(
    orders: Orders,
    database: Database,
    key: OrderKey,
    identified: Sequence[Identified],
    *,
    authority: Authority,
    now: datetime,
) -> Order:
    """Set the codes of some positions (provideOrderItemIdentifiers).

    Raises what `identifiers.give` does, OrderNotFound.
    """
    informed = await look_up_codes(database, key, (unit for one in identified for unit in one.instances), authority)
    return await orders.change(
        key, lambda order, now: identifiers.give(order, identified, authority=informed, now=now), now=now
    )
