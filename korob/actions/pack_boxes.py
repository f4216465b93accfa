"""Set the layout of an order's boxes, hand in codes, remove what is not there."""

from collections.abc import Sequence
from datetime import datetime

from korob.actions.look_up_codes import look_up_codes
from korob.domain import boxes
from korob.domain.authority import Authority
from korob.domain.boxes import WantedBox
from korob.domain.order import Order
from korob.store.database import Database
from korob.store.ids import Ids
from korob.store.orders import OrderKey, Orders


async def pack_boxes(
    orders: Orders,
    ids: Ids,
    database: Database,
    key: OrderKey,
    wanted: Sequence[WantedBox],
    *,
    allow_remove: bool,
    authority: Authority,
    now: datetime,
) -> Order:
    """Replace the layout of boxes (setOrderBoxLayout). Raises what `boxes.pack` does, OrderNotFound."""
    box_ids = await ids.draw(key.business_id, len(wanted))
    given = (instance for box in wanted for entry in box.items for instance in entry.instances)
    informed = await look_up_codes(database, key, given, authority)
    return await orders.change(
        key,
        lambda order, now: boxes.pack(
            order, wanted, allow_remove=allow_remove, box_ids=box_ids, authority=informed, now=now
        ),
        now=now,
    )
