"""The seller's own id of an order: written once, before the order is assembled."""

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from korob.domain import composition
from korob.domain.change import Change, Noted
from korob.domain.order import Order
from korob.domain.refusal import Refusal
from korob.domain.words import Actor


def write(order: Order, external_id: str, *, now: datetime) -> Change:
    """Write it on the order (updateExternalOrderId). Raises NotWhenAssembled and WrittenBefore, for the same id too."""
    if not composition.is_open(order):
        raise NotWhenAssembled(**_names(order), status=order.status, substatus=order.substatus)
    if order.external_id is not None:
        raise WrittenBefore(**_names(order), external_id=order.external_id)
    written = replace(order, external_id=external_id, updated_at=now)
    return Change(written, Actor.SELLER, "WRITE_EXTERNAL_ID", now, (Noted("EXTERNAL_ID"),))


class NotWhenAssembled(Refusal):
    """The order is assembled, or not confirmed yet."""

    template = (
        "Cannot do operation for order with status {status}, and substatus {substatus} "
        "(partnerId = {campaign}, orderId = {order})"
    )


class WrittenBefore(Refusal):
    """An order is named once."""

    template = (
        "Cannot do operation, external ID already set for order "
        "(partnerId = {campaign}, orderId = {order}, externalId = {external_id})"
    )


def _names(order: Order) -> dict[str, Any]:
    return {"campaign": order.campaign_id, "order": order.id}
