"""Between an order and its row: the stored form, and the columns beside it."""

from datetime import date, datetime
from typing import Any, Final

import msgspec
from msgspec import Struct

from korob.domain import deadlines
from korob.domain.order import FORMAT, Order


class Row(Struct, frozen=True):
    """What is written of an order. `expected` is the version it was decided on, 0 for a new one."""

    business_id: int
    order_id: int
    expected: int
    version: int
    status: str
    substatus: str
    updated_at: datetime
    look_at: datetime | None
    ships_on: date | None
    external_id: str | None
    has_cis: bool
    cancel_requested: bool
    estimated: bool
    format: int
    body: Order


class ChangedRow(Row, frozen=True, kw_only=True):
    """What is written of an order that was there. Another one of the same id has another birth."""

    birth: int
    epoch: int | None
    """The setting of the world's clock that must still hold, None if it may have changed."""


class NewRow(Row, frozen=True, kw_only=True):
    """What is written when the order is placed: also what never changes after that."""

    campaign_id: int
    model: str
    created_at: datetime
    buyer_type: str
    dispatch: str | None
    source_platform: str
    fake: bool


def read(body: bytes) -> Order:
    """The order in its stored form."""
    return _DECODER.decode(body)


def row(order: Order, expected: int, version: int, birth: int, epoch: int | None) -> ChangedRow:
    """What is to be written of a changed order."""
    return ChangedRow(*_changing(order, expected, version), birth=birth, epoch=epoch)


def new_row(order: Order, version: int) -> NewRow:
    """What is to be written of a new order."""
    return NewRow(
        *_changing(order, 0, version),
        campaign_id=order.campaign_id,
        model=order.model,
        created_at=order.created_at,
        buyer_type=order.buyer.type,
        dispatch=order.delivery.dispatch,
        source_platform=order.source_platform,
        fake=order.fake,
    )


def _changing(order: Order, expected: int, version: int) -> tuple[Any, ...]:
    shipment = order.delivery.shipment
    return (
        order.business_id,
        order.id,
        expected,
        version,
        order.status,
        order.substatus,
        order.updated_at,
        deadlines.look_at(order),
        shipment.ships_on if shipment else None,
        order.external_id,
        any(instance.cis for item in order.items for instance in item.instances),
        order.cancellation is not None,
        order.delivery.estimated,
        FORMAT,
        order,
    )


_DECODER: Final = msgspec.json.Decoder(Order)
