"""Set the layout of an order's boxes, hand in codes, remove what is not there."""

from collections.abc import Sequence
from datetime import datetime

from korob.actions.claim_codes import claim_codes
from korob.domain import boxes
from korob.domain.authority import Authority
from korob.domain.boxes import WantedBox
from korob.domain.order import Order
from korob.store.ids import Ids
from korob.store.orders import OrderKey, Orders


async def pack_boxes(
    orders: Orders,
    ids: Ids,
    key: OrderKey,
    wanted: Sequence[WantedBox],
    *,
    allow_remove: bool,
    authority: Authority,
    now: datetime,
) -> Order:
    """Replace the layout of boxes (setOrderBoxLayout). Raises what `boxes.pack` does, OrderNotFound."""
    box_ids = await ids.draw(key.business_id, len(wanted))
    return await claim_codes(
        orders,
        key,
        lambda by: (
            lambda order, now: boxes.pack(
                order, wanted, allow_remove=allow_remove, box_ids=box_ids, authority=by, now=now
            )
        ),
        authority=authority,
        now=now,
    )
