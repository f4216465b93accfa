"""The methods of asynchronous changes."""

from datetime import date, time
from typing import Any

from korob.actions.read_operations import read_operations
from korob.actions.update_order import update_order
from korob.api.call import Call
from korob.contract.operations import (
    CustomerDTO,
    DeliveryDateIntervalDTO,
    DeliveryIntervalsUpdateOptionDTO,
    DeliveryIntervalsUpdateOptionsDTO,
    GetOperationsResponse,
    GetOperationsResultDTO,
    GetOrderUpdateOptionsResponse,
    OperationDTO,
    OperationResultDTO,
    OrderUpdateOptionsDTO,
    TimeIntervalDTO,
    UpdateOrderResponse,
    UpdateOrderResultDTO,
)
from korob.domain import operation
from korob.domain.order import Buyer, Interval


async def update_order_asynchronously(call: Call) -> UpdateOrderResponse:
    """updateOrder: the operations that were begun; the order changes when they end."""
    wanted = call.body.order
    started = await update_order(
        call.services.orders,
        call.services.ids,
        call.order_key(wanted.id),
        recipient=_recipient(wanted.customer) if wanted.customer else None,
        interval=_interval(wanted.delivery_interval) if wanted.delivery_interval else None,
        delay=call.services.operation_delay,
        now=call.now,
    )
    return UpdateOrderResponse(UpdateOrderResultDTO(tuple(OperationDTO(one.id, one.type) for one in started)))


async def get_order_update_options(call: Call) -> GetOrderUpdateOptionsResponse:
    """getOrderUpdateOptions: the intervals on offer, none for an order that no courier brings."""
    order = await call.services.orders.read(call.order_key(call.body.id), now=call.now)
    intervals = operation.available_intervals(order, now=call.now)
    return GetOrderUpdateOptionsResponse(
        OrderUpdateOptionsDTO(DeliveryIntervalsUpdateOptionsDTO(tuple(_option(interval) for interval in intervals)))
    )


async def get_operations(call: Call) -> GetOperationsResponse:
    """getOperations. Ids that are unknown, or of another type, are left out."""
    rows = await read_operations(
        call.services.database,
        call.services.orders,
        call.business_id,
        call.body.operation_type,
        call.body.operation_ids,
        epoch=call.epoch,
        now=call.now,
    )
    return GetOperationsResponse(
        GetOperationsResultDTO(tuple(OperationResultDTO(row.id, row.type, row.status) for row in rows))
    )


def _recipient(customer: CustomerDTO) -> Buyer:
    return Buyer(
        last_name=customer.last_name,
        first_name=customer.first_name,
        middle_name=customer.middle_name,
        phone=customer.phone,
    )


def _interval(sent: DeliveryIntervalsUpdateOptionDTO) -> Interval:
    days, hours = sent.delivery_date_interval, sent.delivery_time_interval
    return Interval(
        days.from_date, days.to_date, time.fromisoformat(hours.from_time), time.fromisoformat(hours.to_time)
    )


def _option(interval: Interval) -> DeliveryIntervalsUpdateOptionDTO:
    to_on: date = interval.to_on or interval.from_on
    return DeliveryIntervalsUpdateOptionDTO(
        DeliveryDateIntervalDTO(interval.from_on, to_on),
        TimeIntervalDTO(f"{interval.from_time:%H:%M}", f"{interval.to_time:%H:%M}"),
    )


HANDLERS: dict[str, Any] = {
    "updateOrder": update_order_asynchronously,
    "getOrderUpdateOptions": get_order_update_options,
    "getOperations": get_operations,
}
