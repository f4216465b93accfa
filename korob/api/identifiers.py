"""The methods of marking codes by themselves."""

from collections.abc import Iterable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from korob.actions.give_codes import give_codes
from korob.api import order_changes, spell_v2
from korob.api.call import Call
from korob.api.formats import iso_moment
from korob.contract.identifiers import (
    BriefOrderItemDTO,
    CisDTO,
    GetOrderIdentifiersStatusDTO,
    GetOrderIdentifiersStatusResponse,
    OrderItemsModificationResultDTO,
    OrderItemValidationStatusDTO,
    ProvideOrderItemIdentifiersResponse,
    UinDTO,
)
from korob.domain.identifiers import Identified
from korob.domain.order import CodeCheck, Item, Order
from korob.domain.words import InstanceType, Model


async def provide_order_item_identifiers(call: Call) -> ProvideOrderItemIdentifiersResponse:
    """provideOrderItemIdentifiers: the positions that were named, with their codes."""
    identified = [Identified(item.id, order_changes.instances(item.instances)) for item in call.body.items]
    order = await give_codes(
        call.services.orders,
        call.order_key(),
        identified,
        authority=call.authority,
        now=call.now,
    )
    named = {position.id for position in identified}
    return ProvideOrderItemIdentifiersResponse(
        OrderItemsModificationResultDTO(tuple(_brief(item) for item in order.items if item.id in named))
    )


async def get_order_identifiers_status(call: Call) -> GetOrderIdentifiersStatusResponse:
    """getOrderIdentifiersStatus: the positions that have codes to be checked."""
    order = await call.services.orders.read(call.order_key(), now=call.now)
    return GetOrderIdentifiersStatusResponse(
        GetOrderIdentifiersStatusDTO(
            tuple(
                _checks(order, item.id, checks)
                for item in order.items
                if (checks := [check for check in order.codes if check.item_id == item.id])
            )
        )
    )


def _brief(item: Item) -> BriefOrderItemDTO:
    return BriefOrderItemDTO(
        id=item.id,
        vat=item.vat,
        count=item.count,
        price=item.price + spell_v2.NOUGHT,
        offer_name=item.offer_name,
        offer_id=item.offer_id,
        instances=spell_v2.instances(item.instances),
    )


def _checks(order: Order, item_id: int, checks: Iterable[CodeCheck]) -> OrderItemValidationStatusDTO:
    uins, cises = [], []
    for check in checks:
        if check.type is InstanceType.UIN:
            uins.append(UinDTO(check.value, check.status, check.substatus))
        else:
            cises.append(_cis(order, check))
    return OrderItemValidationStatusDTO(item_id, tuple(uins) or None, tuple(cises) or None)


def _cis(order: Order, check: CodeCheck) -> CisDTO:
    if order.model is not Model.LAAS or check.asked_at is None:
        return CisDTO(check.value, check.status, check.substatus)
    request_id = uuid5(NAMESPACE_URL, f"{order.id}/{check.value}/{check.asked_at.timestamp()}")
    return CisDTO(check.value, check.status, check.substatus, str(request_id), iso_moment(check.asked_at))


HANDLERS: dict[str, Any] = {
    "provideOrderItemIdentifiers": provide_order_item_identifiers,
    "getOrderIdentifiersStatus": get_order_identifiers_status,
}
