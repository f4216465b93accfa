"""The seller's own id of an order."""

import pytest

from korob.domain import external_id
from korob.domain.change import Noted
from korob.domain.external_id import NotWhenAssembled, WrittenBefore
from korob.domain.words import Actor, Status, Substatus
from tests.examples import NOW, an_order


def test_a_seller_names_an_order_he_works_on() -> None:
    change = external_id.write(an_order(), "A-17", now=NOW)

    assert (change.order.external_id, change.order.updated_at) == ("A-17", NOW)
    assert (change.actor, change.act, change.events) == (
        Actor.SELLER,
        "WRITE_EXTERNAL_ID",
        (Noted("EXTERNAL_ID"),),
    )


@pytest.mark.parametrize("again", ["A-17", "A-18"])
def test_an_order_is_named_once(again: str) -> None:
    order = external_id.write(an_order(), "A-17", now=NOW).order

    with pytest.raises(WrittenBefore) as no:
        external_id.write(order, again, now=NOW)

    assert str(no.value) == (
        f"Cannot do operation, external ID already set for order "
        f"(partnerId = {order.campaign_id}, orderId = {order.id}, externalId = A-17)"
    )


@pytest.mark.parametrize(
    ("status", "substatus"),
    [
        (Status.UNPAID, Substatus.WAITING_USER_INPUT),
        (Status.PROCESSING, Substatus.READY_TO_SHIP),
        (Status.DELIVERY, Substatus.DELIVERY_SERVICE_RECEIVED),
        (Status.CANCELLED, Substatus.SHOP_FAILED),
    ],
)
def test_an_order_is_named_before_it_is_assembled_or_never(status: Status, substatus: Substatus) -> None:
    order = an_order(status, substatus)

    with pytest.raises(NotWhenAssembled) as no:
        external_id.write(order, "A-17", now=NOW)

    assert str(no.value) == (
        f"Cannot do operation for order with status {status}, and substatus {substatus} "
        f"(partnerId = {order.campaign_id}, orderId = {order.id})"
    )
