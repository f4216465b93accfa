"""The methods that change an order: items, boxes, status, the answer to a cancellation."""

import asyncio
from typing import Any

from korob.actions.answer_cancellation import answer_cancellation
from korob.actions.change_status import change_status
from korob.actions.pack_boxes import pack_boxes
from korob.actions.remove_items import remove_items
from korob.api import spell_v2
from korob.api.call import Call
from korob.contract.boxes import (
    BriefOrderItemInstanceDTO,
    OrderBoxLayoutItemDTO,
    SetOrderBoxLayoutResponse,
)
from korob.contract.envelope import OK, EmptyApiResponse
from korob.contract.operations import OperationDTO
from korob.contract.orders import (
    OrderStateDTO,
    UpdateOrderStatusDTO,
    UpdateOrderStatusesDTO,
    UpdateOrderStatusesResponse,
    UpdateOrderStatusResponse,
    UpdateOutcome,
)
from korob.domain.boxes import WantedBox
from korob.domain.items import Wanted
from korob.domain.order import BoxItem, Instance, Operation, Part
from korob.domain.refusal import Refusal


async def update_order_items(call: Call) -> None:
    """updateOrderItems: an empty 200."""
    wanted = [Wanted(item.id, item.count, instances(item.instances)) for item in call.body.items]
    await remove_items(
        call.services.orders,
        call.order_key(),
        wanted,
        reason=call.body.reason,
        authority=call.authority,
        now=call.now,
    )


async def set_order_box_layout(call: Call) -> SetOrderBoxLayoutResponse:
    """setOrderBoxLayout: the boxes with their ids, in their order."""
    wanted = [WantedBox(tuple([_box_item(item) for item in box.items])) for box in call.body.boxes]
    order = await pack_boxes(
        call.services.orders,
        call.services.ids,
        call.order_key(),
        wanted,
        allow_remove=bool(call.body.allow_remove),
        authority=call.authority,
        now=call.now,
    )
    return spell_v2.layout(order)


async def accept_order_cancellation(call: Call) -> EmptyApiResponse:
    """acceptOrderCancellation: OK, whether the seller agreed or not."""
    await answer_cancellation(
        call.services.orders, call.order_key(), accepted=call.body.accepted, reason=call.body.reason, now=call.now
    )
    return OK


async def update_order_status(call: Call) -> UpdateOrderStatusResponse:
    """updateOrderStatus: the order after the move, or as it is while a LaaS cancellation is under way."""
    wanted = call.body.order
    dates = wanted.delivery.dates if wanted.delivery else None
    moved = await change_status(
        call.services.orders,
        call.services.ids,
        call.order_key(),
        wanted.status,
        wanted.substatus,
        real_delivery_on=dates.real_delivery_date if dates else None,
        cis_gate=call.own_campaign.cis_gate,
        delay=call.services.operation_delay,
        now=call.now,
    )
    return UpdateOrderStatusResponse(spell_v2.order(moved.order), _operation(moved.operation))


async def update_order_statuses(call: Call) -> UpdateOrderStatusesResponse:
    """updateOrderStatuses: each order by itself, so that one that fails leaves the others be."""
    # The same order twice: one after the other, in the order of the request.
    rounds: list[dict[int, tuple[int, OrderStateDTO]]] = []
    for place, wanted in enumerate(call.body.orders):
        for together in rounds:
            if wanted.id not in together:
                together[wanted.id] = place, wanted
                break
        else:
            rounds.append({wanted.id: (place, wanted)})
    outcomes: dict[int, UpdateOrderStatusDTO] = {}
    for together in rounds:
        done = await asyncio.gather(*(_update_one(call, wanted) for _, wanted in together.values()))
        outcomes.update(zip((place for place, _ in together.values()), done, strict=True))
    return UpdateOrderStatusesResponse(
        UpdateOrderStatusesDTO(tuple(outcomes[place] for place in range(len(call.body.orders))))
    )


async def _update_one(call: Call, wanted: OrderStateDTO) -> UpdateOrderStatusDTO:
    try:
        moved = await change_status(
            call.services.orders,
            call.services.ids,
            call.order_key(wanted.id),
            wanted.status,
            wanted.substatus,
            cis_gate=call.own_campaign.cis_gate,
            delay=call.services.operation_delay,
            now=call.now,
        )
    except Refusal as refusal:
        return UpdateOrderStatusDTO(
            wanted.id, wanted.status, wanted.substatus, UpdateOutcome.ERROR, f"{wanted.id}: {refusal}"
        )
    return UpdateOrderStatusDTO(
        wanted.id,
        moved.order.status,
        moved.order.substatus,
        UpdateOutcome.OK,
        operation=_operation(moved.operation),
    )


def instances(sent: tuple[BriefOrderItemInstanceDTO, ...] | None) -> tuple[Instance, ...]:
    """The units' codes as they came in; none if none came."""
    if not sent:
        return ()
    return tuple(Instance(unit.cis, unit.uin, unit.rnpt, unit.gtd, unit.country_code) for unit in sent)


def _box_item(sent: OrderBoxLayoutItemDTO) -> BoxItem:
    part = sent.partial_count
    return BoxItem(
        sent.id, sent.full_count, Part(part.current, part.total) if part else None, instances(sent.instances)
    )


def _operation(started: Operation | None) -> OperationDTO | None:
    return OperationDTO(started.id, started.type) if started else None


HANDLERS: dict[str, Any] = {
    "updateOrderItems": update_order_items,
    "setOrderBoxLayout": set_order_box_layout,
    "acceptOrderCancellation": accept_order_cancellation,
    "updateOrderStatus": update_order_status,
    "updateOrderStatuses": update_order_statuses,
}
