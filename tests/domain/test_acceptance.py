"""The code that an Express courier tells."""

import pytest
from msgspec.structs import replace

from korob.domain import acceptance
from korob.domain.acceptance import CodeAcceptedBefore, NoCourierYet
from korob.domain.change import Change, CourierVerified
from korob.domain.order import Order
from korob.domain.words import Actor, EacVerdict, Model, Status, Substatus
from tests.examples import NOW, a_delivery, an_order

COURIER_STAGES = [
    Substatus.COURIER_FOUND,
    Substatus.COURIER_IN_TRANSIT_TO_SENDER,
    Substatus.COURIER_ARRIVED_TO_SENDER,
]


def waiting(substatus: Substatus = Substatus.COURIER_ARRIVED_TO_SENDER, **delivery: object) -> Order:
    facts = {"eac_code": "4321"} | delivery
    return an_order(Status.PROCESSING, substatus, model=Model.EXPRESS, delivery=a_delivery(**facts))


def verify(order: Order, code: str) -> Change:
    return acceptance.verify(order, code, now=NOW)


@pytest.mark.parametrize("substatus", COURIER_STAGES)
def test_the_right_code_is_accepted_and_the_order_stays_where_it_is(substatus: Substatus) -> None:
    order = waiting(substatus)

    change = verify(order, "4321")

    assert change.events == (CourierVerified(EacVerdict.ACCEPTED),)
    assert change.order == replace(order, delivery=replace(order.delivery, eac_accepted=True), updated_at=NOW)
    assert (change.actor, change.act, change.at) == (Actor.SELLER, "VERIFY_COURIER", NOW)


def test_two_wrong_codes_are_rejected_and_the_right_one_still_opens() -> None:
    first = verify(waiting(), "0000")
    second = verify(first.order, "1111")
    third = verify(second.order, "4321")

    assert [change.events[0] for change in (first, second, third)] == [
        CourierVerified(EacVerdict.REJECTED, 2),
        CourierVerified(EacVerdict.REJECTED, 1),
        CourierVerified(EacVerdict.ACCEPTED),
    ]


def test_the_third_wrong_code_makes_the_market_issue_another() -> None:
    order = waiting(eac_wrong=2)

    change = verify(order, "0000")

    another = change.order.delivery.eac_code
    assert change.events == (CourierVerified(EacVerdict.NEED_UPDATE, 0),)
    assert another is not None
    assert (len(another), another.isdigit(), another != "4321") == (4, True, True)
    assert verify(order, "0000").order.delivery.eac_code == another
    assert verify(change.order, "4321").events == (CourierVerified(EacVerdict.REJECTED, 2),)
    assert verify(change.order, another).events == (CourierVerified(EacVerdict.ACCEPTED),)


def test_no_code_is_ever_followed_by_itself() -> None:
    for number in range(10_000):
        change = verify(waiting(eac_wrong=2, eac_code=f"{number:04}"), "wrong")

        assert change.order.delivery.eac_code != f"{number:04}"


def test_a_code_is_accepted_once() -> None:
    order = verify(waiting(), "4321").order

    with pytest.raises(CodeAcceptedBefore):
        verify(order, "4321")


@pytest.mark.parametrize(
    ("status", "substatus"),
    [
        (Status.PROCESSING, Substatus.STARTED),
        (Status.PROCESSING, Substatus.READY_TO_SHIP),
        (Status.PROCESSING, Substatus.COURIER_SEARCH),
        (Status.DELIVERY, Substatus.DELIVERY_SERVICE_RECEIVED),
        (Status.CANCELLED, Substatus.CANCELLED_COURIER_NOT_FOUND),
    ],
)
def test_where_no_courier_is_coming_there_is_nothing_to_verify(status: Status, substatus: Substatus) -> None:
    order = an_order(status, substatus, model=Model.EXPRESS, delivery=a_delivery(eac_code="4321"))

    with pytest.raises(NoCourierYet) as no:
        verify(order, "4321")

    assert str(no.value) == f"Action is not allowed for order {order.id} with status {status} and substatus {substatus}"


def test_a_courier_without_a_code_can_not_be_verified() -> None:
    with pytest.raises(NoCourierYet):
        verify(waiting(eac_code=None), "4321")
