"""The bodies of notifications: what a seller is told of a change (spec: notifications, section 6)."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from korob.domain.change import CancellationRequested, Change, DeliveryChanged, OrderCancelled, OrderPlaced, StatusMoved
from korob.domain.order import Order
from korob.domain.words import DispatchType
from korob.store.order_saves import News


def news(change: Change) -> list[News]:
    """What the seller is told of a change, in the order it happened; often nothing."""
    told = []
    for event in change.events:
        tell = _TELLERS.get(type(event))
        if tell and (fields := tell(change.order, event, _moment(change.at))):
            told.append(News(fields["notificationType"], change.at, msgspec.json.encode(fields)))
    return told


def spelt(stored: bytes) -> bytes:
    """A stored body as it is sent: what it tells of first, then its fields in the order of the documentation."""
    fields: dict[str, Any] = msgspec.json.decode(stored)
    if "items" in fields:
        fields["items"] = [_in_order(item) for item in fields["items"]]
    return msgspec.json.encode(_in_order(fields))


def ping(at: datetime) -> bytes:
    """The body that checks a connection."""
    return msgspec.json.encode({"notificationType": "PING", "time": _moment(at)})


def _placed(order: Order, event: OrderPlaced, at: str) -> dict[str, Any]:
    return {**_named("ORDER_CREATED", order), "items": _items(order), "createdAt": at}


def _moved(order: Order, event: StatusMoved, at: str) -> dict[str, Any]:
    return {
        **_named("ORDER_STATUS_UPDATED", order),
        "status": event.status,
        "substatus": event.substatus,
        "updatedAt": at,
    }


def _cancelled(order: Order, event: OrderCancelled, at: str) -> dict[str, Any]:
    return {**_named("ORDER_CANCELLED", order), "items": _items(order), "cancelledAt": at}


def _cancellation_requested(order: Order, event: CancellationRequested, at: str) -> dict[str, Any] | None:
    # Orders on their way to a pickup point of the Market are not the seller's to call back.
    if order.delivery.dispatch is DispatchType.MARKET_BRANDED_OUTLET:
        return None
    return {**_named("ORDER_CANCELLATION_REQUEST", order), "requestedAt": at}


def _delivery_changed(order: Order, event: DeliveryChanged, at: str) -> dict[str, Any]:
    return {**_named("ORDER_UPDATED", order), "updateType": event.update, "updatedAt": at}


_TELLERS: Final[dict[type, Callable[[Order, Any, str], dict[str, Any] | None]]] = {
    OrderPlaced: _placed,
    StatusMoved: _moved,
    OrderCancelled: _cancelled,
    CancellationRequested: _cancellation_requested,
    DeliveryChanged: _delivery_changed,
}


def _named(kind: str, order: Order) -> dict[str, Any]:
    return {"notificationType": kind, "orderId": order.id, "campaignId": order.campaign_id}


def _items(order: Order) -> list[dict[str, Any]]:
    return [{"offerId": item.offer_id, "count": item.count} for item in order.items]


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _in_order(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: fields[name] for name in sorted(fields, key=_place)}


def _place(field: str) -> int:
    return _FIELDS.get(field, len(_FIELDS))


_FIELDS: Final = {
    field: place
    for place, field in enumerate(
        ("notificationType", "orderId", "returnId", "returnType", "campaignId", "businessId", "status", "substatus",
         "updateType", "items", "offerId", "count", "statuses", "createdAt", "updatedAt", "cancelledAt", "requestedAt")
    )
}  # fmt: skip
"""PostgreSQL keeps fields in an order of its own, and some readers want to know first what a body tells of."""
