"""Where orders go and where they don't, model by model, and what follows from each step."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from korob.domain import deadlines, lifecycle
from korob.domain.change import Change, Movement, OperationEnded, OrderCancelled, StatusMoved
from korob.domain.lifecycle import (
    AlreadyThere,
    NoPermission,
    NoTransition,
    OrderIsFinal,
    RealDeliveryInFuture,
    RealDeliveryMisplaced,
    RealDeliveryOutOfRange,
    ReasonNotAvailable,
    RoleForbidden,
    StatusNotAllowed,
    TransitionNotAllowed,
)
from korob.domain.moscow import day_of
from korob.domain.order import CancellationRequest, Digital, Instance, Operation, Order, Refund
from korob.domain.refusal import Refusal
from korob.domain.words import (
    Actor,
    DeliveryPartner,
    DeliveryType,
    DigitalType,
    DispatchType,
    EacType,
    InstanceType,
    Model,
    OperationStatus,
    OperationType,
    PaymentMethod,
    PaymentType,
    Status,
    Substatus,
)
from tests.drawn import STATES, stages, ways
from tests.examples import NOW, a_delivery, an_item, an_order

SITUATIONS: dict[str, dict[str, Any]] = {
    "usual": {},
    "owing": {"payment_type": PaymentType.PREPAID, "payment_method": PaymentMethod.YANDEX, "paid": False},
    "carried": {"delivery": a_delivery(partner=DeliveryPartner.YANDEX_MARKET)},
    "mailed": {"delivery": a_delivery(type=DeliveryType.DIGITAL, digital=Digital(DigitalType.EMAIL))},
    "given": {"delivery": a_delivery(type=DeliveryType.DIGITAL, digital=Digital(DigitalType.STEAM_GIFT))},
    "asked": {"cancellation": CancellationRequest(NOW, Substatus.USER_CHANGED_MIND)},
    "fake": {"fake": True},
    "point": {"delivery": a_delivery(type=DeliveryType.PICKUP)},
    "uncoded": {"items": (an_item(1, required_instance_types=(InstanceType.UIN,)), an_item(2))},
}


def _order_at(stage: str, model: Model, situation: str = "usual", **more: Any) -> Order:
    status, substatus = stage.split("/")
    return an_order(Status(status), Substatus(substatus), model=model, **(SITUATIONS[situation] | more))


def _may(order: Order, end: str, actor: Actor) -> bool:
    status, substatus = end.split("/")
    try:
        moved = lifecycle.move(order, Status(status), Substatus(substatus), actor=actor, now=NOW).order
    except Refusal:
        return False
    return (moved.status, moved.substatus, moved.since, moved.updated_at) == (status, substatus, NOW, NOW)


def _refusal(order: Order, end: str, actor: Actor) -> Refusal | None:
    status, substatus = end.split("/")
    try:
        lifecycle.move(order, Status(status), Substatus(substatus), actor=actor, now=NOW)
    except Refusal as refusal:
        return refusal
    return None


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("model", Model)
def test_an_order_moves_along_the_arrows_and_no_other_way(model: Model, situation: str) -> None:
    drawn = set(ways(model, situation))
    reasons = [f"CANCELLED/{reason}" for reason in Substatus]
    ends = [*STATES, *reasons]
    sources = [*stages(model), "CANCELLED/SHOP_FAILED"]

    found = {
        (actor, source, end)
        for source in sources
        for order in [_order_at(source, model, situation)]
        for actor, end in product(Actor, ends)
        if _may(order, end, actor)
    }

    assert found == drawn


WHY_NOT = {
    AlreadyThere,
    NoPermission,
    NoTransition,
    OrderIsFinal,
    ReasonNotAvailable,
    RoleForbidden,
    StatusNotAllowed,
    TransitionNotAllowed,
}
"""Each tells in its text what was asked for, or who may not ask."""
ASKED_FOR = [*STATES, "CANCELLED/SHOP_FAILED", "CANCELLED/USER_CHANGED_MIND", "CANCELLED/LOST"]


@pytest.mark.parametrize("model", Model)
def test_every_refused_move_says_who_may_not_or_what_can_not_be(model: Model) -> None:
    allowed = set(ways(model, "usual"))

    refused = {
        (actor, source, end): _refusal(_order_at(source, model), end, actor)
        for source, actor, end in product(stages(model), Actor, ASKED_FOR)
        if (actor, source, end) not in allowed
    }

    for (actor, _, end), refusal in refused.items():
        role = lifecycle.ROLES.get(actor, "SYSTEM")
        assert type(refusal) in WHY_NOT
        assert any(word in str(refusal) for word in (*end.split("/"), f"role = {role}"))


@pytest.mark.parametrize("model", Model)
def test_nobody_leaves_a_cancelled_order_whatever_the_reason(model: Model) -> None:
    ends = {end for _, _, end in ways(model, "usual")} | {end for _, _, end in ways(model, "asked")}
    cancelled = [_order_at(end, model) for end in ends if end.startswith("CANCELLED/")]

    left = [
        (order.substatus, actor, end)
        for order, actor, end in product(cancelled, Actor, ASKED_FOR)
        if _may(order, end, actor)
    ]

    assert cancelled
    assert left == []


def _seller_moves(
    order: Order, status: Status, substatus: Substatus | None = None, *, on: date | None = None, now: datetime = NOW
) -> Change:
    return lifecycle.move(order, status, substatus, actor=Actor.SELLER, now=now, real_delivery_on=on)


@pytest.mark.parametrize("status", [Status.PLACING, Status.RESERVED, Status.UNPAID, Status.PENDING, Status.RETURNED])
def test_a_seller_may_not_even_ask_for_a_status_of_the_market(status: Status) -> None:
    with pytest.raises(StatusNotAllowed) as no:
        _seller_moves(an_order(), status)

    assert str(no.value) == f"Status not allowed: {status}"


def test_a_stage_that_was_skipped_is_no_transition() -> None:
    with pytest.raises(NoTransition) as no:
        _seller_moves(an_order(), Status.PICKUP)

    assert str(no.value) == "No transition found: PROCESSING -> PICKUP"


@pytest.mark.parametrize("substatus", [Substatus.USER_RECEIVED, Substatus.SHOP_FAILED])
def test_a_stage_that_the_seller_may_not_name_is_named_back_to_him(substatus: Substatus) -> None:
    with pytest.raises(NoTransition) as no:
        _seller_moves(an_order(), Status.DELIVERY, substatus)

    assert str(no.value) == f"No transition found: PROCESSING/STARTED -> DELIVERY/{substatus}"


def test_a_step_back_within_a_status_names_the_substatuses() -> None:
    ready = an_order(substatus=Substatus.READY_TO_SHIP)

    with pytest.raises(NoTransition) as no:
        _seller_moves(ready, Status.PROCESSING, Substatus.STARTED)

    assert str(no.value) == "No transition found: PROCESSING/READY_TO_SHIP -> PROCESSING/STARTED"


def test_a_transition_that_only_other_substatuses_have_is_denied_with_the_substatuses() -> None:
    disputed = an_order(Status.DELIVERY, Substatus.DELIVERY_USER_NOT_RECEIVED)

    with pytest.raises(NoTransition) as of_a_target:
        _seller_moves(an_order(), Status.DELIVERY, Substatus.USER_RECEIVED)
    with pytest.raises(NoTransition) as of_a_source:
        _seller_moves(disputed, Status.PICKUP)

    assert str(of_a_target.value) == "No transition found: PROCESSING/STARTED -> DELIVERY/USER_RECEIVED"
    assert str(of_a_source.value) == (
        "No transition found: DELIVERY/DELIVERY_USER_NOT_RECEIVED -> PICKUP/PICKUP_SERVICE_RECEIVED"
    )


def test_a_stage_of_the_markets_work_is_named_in_full() -> None:
    with pytest.raises(NoPermission) as no:
        _seller_moves(an_order(model=Model.LAAS), Status.PROCESSING, Substatus.PACKAGING)

    assert str(no.value) == (
        "No permission to set status PROCESSING/PACKAGING for order 50000000001 with status PROCESSING/STARTED"
    )


def test_what_a_carrier_says_is_not_for_the_seller_to_say() -> None:
    shipped = an_order(substatus=Substatus.SHIPPED, model=Model.FBS)

    with pytest.raises(NoPermission) as no:
        _seller_moves(shipped, Status.DELIVERY)

    assert str(no.value) == "No permission to set status DELIVERY for order 50000000001 with status PROCESSING"


def test_a_shipped_order_is_not_cancelled_by_its_seller_any_more() -> None:
    shipped = an_order(substatus=Substatus.SHIPPED, model=Model.FBS)

    with pytest.raises(NoPermission):
        _seller_moves(shipped, Status.CANCELLED, Substatus.SHOP_FAILED)


def test_a_reason_that_is_not_the_sellers_is_named() -> None:
    with pytest.raises(ReasonNotAvailable) as no:
        _seller_moves(an_order(), Status.CANCELLED, Substatus.PICKUP_EXPIRED)

    assert str(no.value) == (
        "Cancellation request substatus PICKUP_EXPIRED is not available for status PROCESSING and role SHOP "
        "for order 50000000001"
    )


def test_a_cancellation_without_a_reason_is_the_shops_failure() -> None:
    change = _seller_moves(an_order(), Status.CANCELLED)

    assert change.order.substatus is Substatus.SHOP_FAILED
    assert change.act == "CANCEL"
    assert change.events == (OrderCancelled(Substatus.SHOP_FAILED),)


@pytest.mark.parametrize(
    ("actor", "reason"),
    [(Actor.CARRIER, Substatus.DELIVERY_SERVICE_UNDELIVERED), (Actor.MARKET, Substatus.TECHNICAL_ERROR)],
)
def test_whoever_cancels_without_a_reason_means_the_first_of_his_own(actor: Actor, reason: Substatus) -> None:
    under_way = an_order(Status.DELIVERY, Substatus.DELIVERY_SERVICE_RECEIVED, model=Model.FBS)

    change = lifecycle.move(under_way, Status.CANCELLED, actor=actor, now=NOW)

    assert change.order.substatus is reason


@pytest.mark.parametrize(
    ("status", "substatus"),
    [
        (Status.DELIVERY, Substatus.DELIVERY_SERVICE_RECEIVED),
        (Status.PROCESSING, Substatus.STARTED),
    ],
)
def test_asking_for_what_is_already_so_is_refused(status: Status, substatus: Substatus) -> None:
    order = an_order(status, substatus)

    with pytest.raises(AlreadyThere) as no:
        _seller_moves(order, status)

    state = f"{status}/{substatus}"
    reason = "order 50000000001 already has this status"
    assert str(no.value) == f"Transition {state} -> {state} is not allowed. Reason: {reason}"


@pytest.mark.parametrize("status", [Status.DELIVERED, Status.CANCELLED])
def test_a_delivered_or_cancelled_order_is_over_for_its_seller(status: Status) -> None:
    order = an_order(status)

    with pytest.raises(OrderIsFinal) as no:
        _seller_moves(order, Status.PICKUP)

    reason = "order 50000000001 is in terminal state"
    assert str(no.value) == f"Transition {status} -> PICKUP is not allowed. Reason: {reason}"


def test_a_seller_of_fby_moves_nothing() -> None:
    with pytest.raises(RoleForbidden) as no:
        _seller_moves(an_order(model=Model.FBY), Status.CANCELLED)

    assert str(no.value) == "Status change was forbidden for client role = SHOP"


@pytest.mark.parametrize(
    ("status", "target", "substatus"),
    [
        (Status.PROCESSING, Status.DELIVERY, Substatus.DELIVERY_SERVICE_RECEIVED),
        (Status.DELIVERY, Status.PICKUP, Substatus.PICKUP_SERVICE_RECEIVED),
        (Status.PICKUP, Status.DELIVERED, Substatus.DELIVERY_SERVICE_DELIVERED),
    ],
)
def test_the_usual_substatus_is_meant_when_only_a_status_is_named(
    status: Status, target: Status, substatus: Substatus
) -> None:
    change = _seller_moves(an_order(status), target)

    assert change.order.substatus is substatus
    assert (change.actor, change.act, change.at) == (Actor.SELLER, "MOVE", NOW)
    assert change.events == (StatusMoved(target, substatus),)


def _jewellery(*uins: str) -> Order:
    rings = an_item(1, count=2, required_instance_types=(InstanceType.UIN,), instances=tuple(map(_uin, uins)))
    return an_order(model=Model.FBS, items=(rings, an_item(2)))


def _uin(value: str) -> Instance:
    return Instance(uin=value)


def test_jewellery_without_its_uins_is_not_ready_to_ship() -> None:
    with pytest.raises(TransitionNotAllowed) as no:
        _seller_moves(_jewellery(), Status.PROCESSING, Substatus.READY_TO_SHIP)

    assert str(no.value) == (
        "Transition PROCESSING/STARTED -> PROCESSING/READY_TO_SHIP is not allowed. "
        "Reason: Order requires valid UIN: 2 UIN of item 1 not given"
    )


def _prepaid(status: Status = Status.PROCESSING, substatus: Substatus | None = None, **more: Any) -> Order:
    return an_order(status, substatus, payment_type=PaymentType.PREPAID, payment_method=PaymentMethod.YANDEX, **more)


def _waiting_refund() -> Refund:
    return Refund(1, 1, Decimal(500), "REMOVED", made_at=NOW - timedelta(minutes=5))


def test_paying_makes_an_order_paid() -> None:
    unpaid = _prepaid(Status.UNPAID)

    change = lifecycle.move(unpaid, Status.PROCESSING, actor=Actor.BUYER, now=NOW)

    assert change.order.paid


def test_money_for_removed_units_is_due_two_days_after_shipping() -> None:
    ready = _prepaid(substatus=Substatus.READY_TO_SHIP, refunds=(_waiting_refund(),))

    shipped = _seller_moves(ready, Status.PROCESSING, Substatus.SHIPPED).order

    assert [refund.due_at for refund in shipped.refunds] == [NOW + timedelta(days=2)]


def test_being_ready_to_ship_makes_no_money_due() -> None:
    started = _prepaid(refunds=(_waiting_refund(),))

    ready = _seller_moves(started, Status.PROCESSING, Substatus.READY_TO_SHIP).order

    assert [refund.due_at for refund in ready.refunds] == [None]


def test_leaving_processing_counts_as_shipping_when_that_was_skipped() -> None:
    started = _prepaid(refunds=(_waiting_refund(),))

    moved = _seller_moves(started, Status.DELIVERY).order

    assert [refund.due_at for refund in moved.refunds] == [NOW + timedelta(days=2)]


def test_a_paid_order_that_is_cancelled_goes_back_to_the_buyers_purse() -> None:
    cancelled = _seller_moves(_prepaid(), Status.CANCELLED).order

    assert [(refund.item_id, refund.amount, refund.due_at) for refund in cancelled.refunds] == [
        (1, Decimal(1000), NOW + timedelta(days=2)),
        (2, Decimal(900), NOW + timedelta(days=2)),
    ]


def test_a_cancelled_order_gives_its_goods_back_to_the_shelf() -> None:
    change = _seller_moves(an_order(), Status.CANCELLED)

    assert change.stock == (Movement("SKU-1", -2), Movement("SKU-2", -1))


@pytest.mark.parametrize(
    "order",
    [an_order(Status.DELIVERY), an_order(substatus=Substatus.SHIPPED), an_order(fake=True)],
    ids=["on its way", "shipped", "test order"],
)
def test_goods_that_left_the_shelf_or_never_were_on_it_do_not_come_back_by_themselves(order: Order) -> None:
    assert _seller_moves(order, Status.CANCELLED).stock == ()


def test_goods_on_their_way_to_the_buyer_have_left_the_shelf() -> None:
    left = (Movement("SKU-1", -2, gone=2), Movement("SKU-2", -1, gone=1))

    assert _seller_moves(an_order(), Status.DELIVERY).stock == left
    assert _seller_moves(an_order(Status.DELIVERY), Status.DELIVERED).stock == ()


@pytest.mark.parametrize("target", [Status.DELIVERED, Status.CANCELLED])
def test_the_end_closes_the_buyers_request_and_fails_what_was_still_to_be_changed(target: Status) -> None:
    update = Operation("op-1", OperationType.ORDER_RECIPIENT_UPDATE, NOW + timedelta(minutes=2))
    request = CancellationRequest(NOW, Substatus.USER_CHANGED_MIND)
    order = an_order(Status.DELIVERY, cancellation=request, operations=(update,))

    change = _seller_moves(order, target)

    assert change.order.cancellation is None
    assert change.order.operations == ()
    assert change.events[1:] == (OperationEnded("op-1", update.type, OperationStatus.FAILED),)


def test_arriving_at_the_point_leaves_the_buyers_request_open() -> None:
    request = CancellationRequest(NOW, Substatus.USER_CHANGED_MIND)
    order = an_order(Status.DELIVERY, cancellation=request)

    change = _seller_moves(order, Status.PICKUP)

    assert change.order.cancellation == request


def test_a_buyer_who_has_the_parcel_has_no_open_request() -> None:
    request = CancellationRequest(NOW, Substatus.USER_CHANGED_MIND)
    order = _order_at("DELIVERY/DELIVERY_SERVICE_RECEIVED", Model.DBS, "carried", cancellation=request)

    change = lifecycle.move(order, Status.DELIVERY, Substatus.USER_RECEIVED, actor=Actor.CARRIER, now=NOW)

    assert change.order.cancellation is None


def test_the_day_of_delivery_is_moscows_day() -> None:
    late_evening = NOW.replace(hour=21, minute=30)

    change = lifecycle.move(an_order(Status.DELIVERY), Status.DELIVERED, actor=Actor.SELLER, now=late_evening)

    assert change.order.delivery.real_on == date(2026, 3, 3)


def test_a_seller_may_tell_that_the_parcel_arrived_on_an_earlier_day() -> None:
    order = an_order(Status.DELIVERY, created_at=NOW - timedelta(days=3))

    change = _seller_moves(order, Status.DELIVERED, on=date(2026, 2, 27))

    assert change.order.delivery.real_on == date(2026, 2, 27)


def test_a_parcel_can_not_have_arrived_tomorrow() -> None:
    with pytest.raises(RealDeliveryInFuture) as no:
        _seller_moves(an_order(Status.DELIVERY), Status.DELIVERED, on=date(2026, 3, 3))

    assert str(no.value) == "Delivery date 2026-03-03 can't be in the future"


def test_a_parcel_can_not_have_arrived_before_it_was_ordered() -> None:
    with pytest.raises(RealDeliveryOutOfRange):
        _seller_moves(an_order(Status.DELIVERY), Status.DELIVERED, on=date(2026, 3, 1))


def test_a_day_of_delivery_is_out_of_place_before_the_delivery() -> None:
    with pytest.raises(RealDeliveryMisplaced):
        _seller_moves(an_order(), Status.DELIVERY, on=date(2026, 3, 2))


@pytest.mark.parametrize(
    ("dispatch", "kept_until"),
    [(DispatchType.MARKET_BRANDED_OUTLET, date(2026, 3, 9)), (DispatchType.SHOP_OUTLET, date(2026, 3, 16))],
)
def test_a_point_keeps_the_parcel_for_one_or_two_weeks(dispatch: DispatchType, kept_until: date) -> None:
    order = an_order(Status.DELIVERY, delivery=a_delivery(dispatch=dispatch))

    change = _seller_moves(order, Status.PICKUP)

    assert change.order.delivery.outlet_storage_limit_on == kept_until


@pytest.mark.parametrize(("days", "kept_until"), [(0, date(2026, 3, 2)), (5, date(2026, 3, 7))])
def test_an_outlet_that_says_how_long_it_keeps_a_parcel_keeps_it_so_long(days: int, kept_until: date) -> None:
    order = an_order(Status.DELIVERY, delivery=a_delivery(dispatch=DispatchType.SHOP_OUTLET, storage_days=days))

    change = _seller_moves(order, Status.PICKUP)

    assert change.order.delivery.outlet_storage_limit_on == kept_until


def test_a_parcel_told_of_late_is_kept_as_long_from_the_day_it_is_told_of() -> None:
    today = NOW + timedelta(days=25)

    change = _seller_moves(an_order(Status.DELIVERY), Status.PICKUP, on=day_of(NOW), now=today)

    assert change.order.delivery.real_on == day_of(NOW)
    assert change.order.delivery.outlet_storage_limit_on == day_of(today) + timedelta(days=14)
    assert deadlines.settle(change.order, now=today) is None


def test_a_storage_limit_that_was_agreed_stays() -> None:
    order = an_order(Status.DELIVERY, delivery=a_delivery(outlet_storage_limit_on=date(2026, 3, 30)))

    change = _seller_moves(order, Status.PICKUP)

    assert change.order.delivery.outlet_storage_limit_on == date(2026, 3, 30)


def test_a_dispute_does_not_change_the_day_of_delivery() -> None:
    delivered = an_order(Status.DELIVERED, delivery=a_delivery(real_on=date(2026, 2, 20)))

    disputed = lifecycle.move(
        delivered, Status.DELIVERED, Substatus.DELIVERED_USER_NOT_RECEIVED, actor=Actor.MARKET, now=NOW
    ).order

    assert disputed.delivery.real_on == date(2026, 2, 20)


def test_a_courier_who_was_found_has_a_code_to_tell() -> None:
    searching = an_order(substatus=Substatus.COURIER_SEARCH, model=Model.EXPRESS)

    found = lifecycle.move(searching, Status.PROCESSING, Substatus.COURIER_FOUND, actor=Actor.CARRIER, now=NOW).order

    assert found.delivery.eac_type is EacType.COURIER_TO_MERCHANT
