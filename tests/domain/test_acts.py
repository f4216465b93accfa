"""What everybody but the seller can do to an order."""

from typing import Any

import pytest

from korob.domain import acts, conditions
from korob.domain.acts import ActNotPossible, FactNotUnderstood
from korob.domain.change import CancellationRequested, CodesChecked
from korob.domain.moves import MOVES, Move
from korob.domain.order import CodeCheck, Digital, Order
from korob.domain.words import (
    Actor,
    CodeStatus,
    CodeSubstatus,
    DeliveryPartner,
    DeliveryType,
    DigitalType,
    InstanceType,
    Model,
    PaymentMethod,
    PaymentType,
    Status,
    Substatus,
)
from tests.examples import NOW, a_delivery, an_order

OTHERS = {Actor.BUYER, Actor.MARKET, Actor.CARRIER, Actor.AUTHORITY}
OWING: dict[str, Any] = {"payment_type": PaymentType.PREPAID, "payment_method": PaymentMethod.YANDEX, "paid": False}
MAILED = a_delivery(type=DeliveryType.DIGITAL, digital=Digital(DigitalType.EMAIL))
CARRIED = a_delivery(partner=DeliveryPartner.YANDEX_MARKET, type=DeliveryType.PICKUP)


def an_order_that_fits(move: Move, model: Model) -> Order:
    """An order at the move's beginning, such that nothing is in its way."""
    candidates: list[dict[str, Any]] = [{}, OWING, {"delivery": MAILED}, {"delivery": CARRIED}]
    orders = [an_order(*move.source, model=model, **more) for more in candidates]
    return next(order for order in orders if move.only_if is None or move.only_if(order) is None)


def outcomes(order: Order, actor: Actor, substatus: Substatus) -> set[tuple[Status, Substatus]]:
    """Where the actor's acts bring the order."""
    reached = set()
    for act in (row for row in acts.ACTS if row.actor is actor):
        facts = {"substatus": substatus} if "substatus" in act.facts else {}
        try:
            moved = acts.perform(order, actor, act.name, facts, now=NOW).order
        except ActNotPossible:
            continue
        reached.add((moved.status, moved.substatus))
    return reached


@pytest.mark.parametrize("model", Model)
def test_every_arrow_that_is_not_the_sellers_is_somebodys_act(model: Model) -> None:
    # What the buyer asks for while a DBS parcel travels is granted by the seller or the clock: no act of its own.
    by_leave = conditions.cancellation_was_asked_for
    arrows = [
        (row, actor)
        for row in MOVES
        if model in row.models and row.only_if is not by_leave
        for actor in OTHERS.intersection(row.actors)
    ]

    missed = [
        (actor, str(row.source), str(row.target))
        for row, actor in arrows
        if tuple(row.target) not in outcomes(an_order_that_fits(row, model), actor, row.target.substatus)
    ]

    assert arrows
    assert missed == []


def test_a_buyer_pays() -> None:
    change = acts.perform(an_order(Status.UNPAID, **OWING), Actor.BUYER, "PAY", now=NOW)

    assert (change.order.status, change.order.substatus, change.order.paid) == ("PROCESSING", "STARTED", True)
    assert (change.actor, change.act) == (Actor.BUYER, "PAY")


def test_nobody_pays_twice() -> None:
    with pytest.raises(ActNotPossible) as no:
        acts.perform(an_order(), Actor.BUYER, "PAY", now=NOW)

    assert str(no.value).startswith(
        "BUYER can't PAY order 50000000001 with status PROCESSING and substatus STARTED. Reason: "
    )
    assert no.value.facts["possible"] == ((Actor.BUYER, "CANCEL"), (Actor.MARKET, "CANCEL"))


def test_a_parcel_travels_to_the_point_and_to_the_buyer() -> None:
    order = an_order(substatus=Substatus.READY_TO_SHIP, model=Model.FBS)

    received = acts.perform(order, Actor.CARRIER, "RECEIVE", now=NOW).order
    arrived = acts.perform(received, Actor.CARRIER, "ARRIVE", now=NOW).order
    delivered = acts.perform(arrived, Actor.CARRIER, "DELIVER", now=NOW).order

    assert [one.status for one in (received, arrived, delivered)] == ["DELIVERY", "PICKUP", "DELIVERED"]


def test_an_express_courier_is_looked_for_found_and_comes() -> None:
    order = an_order(substatus=Substatus.READY_TO_SHIP, model=Model.EXPRESS)

    stages = []
    for act in ("SEARCH", "FIND", "SET_OUT", "REACH_SENDER", "RECEIVE", "DELIVER"):
        order = acts.perform(order, Actor.CARRIER, act, now=NOW).order
        stages.append(order.substatus)

    assert stages == [
        "COURIER_SEARCH",
        "COURIER_FOUND",
        "COURIER_IN_TRANSIT_TO_SENDER",
        "COURIER_ARRIVED_TO_SENDER",
        "DELIVERY_SERVICE_RECEIVED",
        "DELIVERY_SERVICE_DELIVERED",
    ]


def test_no_courier_is_found() -> None:
    searching = an_order(substatus=Substatus.COURIER_SEARCH, model=Model.EXPRESS)

    change = acts.perform(searching, Actor.CARRIER, "FAIL", now=NOW)

    assert change.order.substatus is Substatus.CANCELLED_COURIER_NOT_FOUND


def test_yandex_delivery_hands_a_dbs_parcel_to_the_buyer_before_the_market_calls_it_delivered() -> None:
    order = an_order(Status.DELIVERY, delivery=a_delivery(partner=DeliveryPartner.YANDEX_MARKET))

    handed_over = acts.perform(order, Actor.CARRIER, "DELIVER", now=NOW).order
    closed = acts.perform(handed_over, Actor.MARKET, "DELIVER", now=NOW).order

    assert (handed_over.status, handed_over.substatus) == ("DELIVERY", "USER_RECEIVED")
    assert closed.status is Status.DELIVERED


@pytest.mark.parametrize(
    ("status", "substatus"),
    [
        (Status.PROCESSING, Substatus.STARTED),
        (Status.PROCESSING, Substatus.READY_TO_SHIP),
        (Status.PROCESSING, Substatus.SHIPPED),
        (Status.DELIVERY, Substatus.DELIVERY_SERVICE_RECEIVED),
        (Status.PICKUP, Substatus.PICKUP_SERVICE_RECEIVED),
    ],
)
def test_there_is_no_carrier_where_the_seller_delivers_himself(status: Status, substatus: Substatus) -> None:
    carriers = [act for actor, act in acts.possible(an_order(status, substatus)) if actor is Actor.CARRIER]

    assert carriers == []


def test_a_buyer_asks_to_cancel_what_is_on_its_way() -> None:
    change = acts.perform(
        an_order(Status.DELIVERY), Actor.BUYER, "CANCEL", {"substatus": "USER_REFUSED_QUALITY"}, now=NOW
    )

    assert change.events == (CancellationRequested(Substatus.USER_REFUSED_QUALITY),)
    assert change.order.cancellation is not None
    assert change.order.cancellation.substatus is Substatus.USER_REFUSED_QUALITY


def test_an_arbiter_takes_a_delivery_back() -> None:
    disputed = acts.perform(an_order(Status.DELIVERED), Actor.MARKET, "DISPUTE", now=NOW).order

    cancelled = acts.perform(disputed, Actor.MARKET, "CANCEL", now=NOW).order

    assert disputed.substatus is Substatus.DELIVERED_USER_NOT_RECEIVED
    assert (cancelled.status, cancelled.substatus) == ("CANCELLED", "DELIVERY_SERVICE_UNDELIVERED")


@pytest.mark.parametrize("facts", [{"substatus": "BECAUSE"}, {"colour": "red"}])
def test_a_fact_that_makes_no_sense_is_named(facts: dict[str, Any]) -> None:
    with pytest.raises(FactNotUnderstood) as no:
        acts.perform(an_order(), Actor.BUYER, "CANCEL", facts, now=NOW)

    assert no.value.facts["fact"] in facts


def test_a_fact_without_a_value_is_as_good_as_none() -> None:
    change = acts.perform(an_order(), Actor.BUYER, "CANCEL", {"substatus": None, "value": None}, now=NOW)

    assert change.order.substatus is Substatus.USER_CHANGED_MIND


def test_an_act_of_somebody_else_is_none_of_theirs() -> None:
    with pytest.raises(ActNotPossible) as no:
        acts.perform(an_order(Status.UNPAID, **OWING), Actor.CARRIER, "PAY", now=NOW)

    assert (Actor.BUYER, "PAY") in no.value.facts["possible"]


def a_check(value: str, type: InstanceType = InstanceType.UIN, **more: Any) -> CodeCheck:
    return CodeCheck(1, type, value, **({"status": CodeStatus.IN_PROGRESS, "due_at": NOW} | more))


def test_the_authority_answers_all_it_was_asked() -> None:
    codes = (a_check("1" * 16), a_check("2" * 16, status=CodeStatus.FAILED, due_at=None))
    order = an_order(model=Model.FBS, codes=codes)

    change = acts.perform(order, Actor.AUTHORITY, "ANSWER", now=NOW)

    assert [(code.status, code.due_at) for code in change.order.codes] == [("OK", None), ("FAILED", None)]
    assert change.events == (CodesChecked(1),)
    assert (change.actor, change.act) == (Actor.AUTHORITY, "ANSWER")


def test_the_authority_answers_about_one_code_and_may_change_its_mind() -> None:
    codes = (a_check("1" * 16), a_check("2" * 16, status=CodeStatus.OK, due_at=None))
    order = an_order(model=Model.FBS, codes=codes)
    facts = {"value": "2" * 16, "status": "FAILED", "substatus": "UIN_MERCHANT_MISMATCH"}

    change = acts.perform(order, Actor.AUTHORITY, "ANSWER", facts, now=NOW)

    assert [(code.status, code.substatus) for code in change.order.codes] == [
        ("IN_PROGRESS", None),
        ("FAILED", "UIN_MERCHANT_MISMATCH"),
    ]


@pytest.mark.parametrize(
    ("type", "status", "substatus"),
    [
        (InstanceType.UIN, CodeStatus.FAILED, CodeSubstatus.UIN_NO_DATA),
        (InstanceType.CIS, CodeStatus.INVALID, CodeSubstatus.CIS_NOT_FOUND_IN_GIS_MT),
        (InstanceType.CIS, CodeStatus.FAILED, None),
    ],
)
def test_a_bad_answer_has_its_usual_reason(
    type: InstanceType, status: CodeStatus, substatus: CodeSubstatus | None
) -> None:
    order = an_order(model=Model.FBS, codes=(a_check("code", type),))

    change = acts.perform(order, Actor.AUTHORITY, "ANSWER", {"status": status}, now=NOW)

    assert [(code.status, code.substatus) for code in change.order.codes] == [(status, substatus)]


@pytest.mark.parametrize(
    ("type", "facts"),
    [
        (InstanceType.UIN, {"status": "INVALID"}),
        (InstanceType.UIN, {"status": "FAILED", "substatus": "ITEM_SOLD"}),
        (InstanceType.CIS, {"status": "OK", "substatus": "ITEM_SOLD"}),
        (InstanceType.CIS, {"value": "another"}),
    ],
)
def test_the_authority_never_says_such_things(type: InstanceType, facts: dict[str, Any]) -> None:
    order = an_order(model=Model.FBS, codes=(a_check("code", type),))

    with pytest.raises(ActNotPossible):
        acts.perform(order, Actor.AUTHORITY, "ANSWER", facts, now=NOW)


def test_an_authority_that_was_not_asked_has_nothing_to_say() -> None:
    with pytest.raises(ActNotPossible):
        acts.perform(an_order(), Actor.AUTHORITY, "ANSWER", now=NOW)
