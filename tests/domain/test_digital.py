"""Keys of digital goods."""

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from korob.domain import deadlines, digital, items, lifecycle
from korob.domain.change import Change, Noted, StatusMoved
from korob.domain.composition import ItemNotFound
from korob.domain.digital import (
    MAILING_TAKES,
    HandedOverByTheShop,
    KeyBlank,
    KeysExpired,
    KeysMissing,
    NotDigital,
    NotInProcessing,
)
from korob.domain.items import ItemRepeated, Wanted
from korob.domain.lifecycle import TransitionNotAllowed
from korob.domain.order import Digital, Keys, Mailing, Order
from korob.domain.words import Actor, DeliveryPartner, DeliveryType, DigitalType, Status, Substatus
from tests.examples import NOW, a_delivery, an_order

TODAY = date(2026, 3, 2)
ARRIVED = NOW + MAILING_TAKES


def a_game(
    status: Status = Status.PROCESSING,
    substatus: Substatus | None = None,
    type: DigitalType = DigitalType.ACTIVATION_CODE,
    **more: Any,
) -> Order:
    delivery = a_delivery(type=DeliveryType.DIGITAL, shipment=None, digital=Digital(type))
    return an_order(status, substatus, delivery=delivery, **more)


def keys(item_id: int, *codes: str, until: date = date(9999, 12, 31)) -> Keys:
    return Keys(item_id, codes, "<p>Введите ключ</p>", until)


ALL = (keys(1, "AAAA", "BBBB"), keys(2, "CCCC"))


def give(order: Order, *given: Keys) -> Change:
    return digital.give_keys(order, given, now=NOW)


@pytest.mark.parametrize("type", [DigitalType.EMAIL, DigitalType.ACTIVATION_CODE])
def test_keys_are_taken_and_the_order_waits_for_the_mail(type: DigitalType) -> None:
    change = give(a_game(type=type), *ALL)

    assert (change.order.status, change.order.substatus) == (Status.PROCESSING, Substatus.STARTED)
    assert change.order.mailing == Mailing(ALL, ARRIVED)
    assert (change.actor, change.act, change.events) == (Actor.SELLER, "GIVE_KEYS", (Noted("DIGITAL_CODES"),))
    assert [(wait.kind, wait.actor, wait.due_at) for wait in deadlines.running(change.order)] == [
        ("MAILING", Actor.MARKET, ARRIVED)
    ]


def test_the_order_is_delivered_when_the_mail_has_arrived_and_not_before() -> None:
    order = give(a_game(), *ALL).order

    early = deadlines.settle(order, now=ARRIVED - timedelta(microseconds=1))
    change = deadlines.settle(order, now=ARRIVED)

    assert early is None
    assert change is not None
    assert (change.order.status, change.order.substatus) == (Status.DELIVERED, Substatus.DELIVERY_SERVICE_DELIVERED)
    assert (change.actor, change.at) == (Actor.MARKET, ARRIVED)
    assert change.events == (StatusMoved(Status.DELIVERED, Substatus.DELIVERY_SERVICE_DELIVERED),)
    assert deadlines.look_at(change.order) is None


def test_keys_of_what_was_taken_out_meanwhile_are_not_mailed() -> None:
    order = give(a_game(), *ALL).order
    left = items.reduce(order, [Wanted(1, 2)], reason=None, now=NOW).order

    change = deadlines.settle(left, now=ARRIVED)

    assert change is not None
    assert change.order.status is Status.DELIVERED
    assert change.order.mailing == Mailing(ALL[:1], ARRIVED)


@pytest.mark.parametrize("substatus", [Substatus.READY_TO_SHIP, Substatus.SHIPPED])
def test_keys_are_mailed_from_any_stage_of_the_work(substatus: Substatus) -> None:
    change = deadlines.settle(give(a_game(substatus=substatus), *ALL).order, now=ARRIVED)

    assert change is not None
    assert change.order.status is Status.DELIVERED


@pytest.mark.parametrize(
    ("type", "hours"), [(DigitalType.ACTIVATION_CODE, 0.5), (DigitalType.EMAIL, 0.5), (DigitalType.STEAM_GIFT, 3)]
)
def test_that_goods_are_late_is_noted_once_and_nothing_else_happens(type: DigitalType, hours: float) -> None:
    order = a_game(type=type)
    due_at = order.since + timedelta(hours=hours)

    change = deadlines.settle(order, now=due_at)

    assert deadlines.look_at(order) == due_at
    assert deadlines.settle(order, now=due_at - timedelta(microseconds=1)) is None
    assert change is not None
    assert (change.actor, change.at, change.events) == (Actor.CLOCK, due_at, (Noted("DIGITAL_GOODS_LATE"),))
    assert (change.order.status, change.order.substatus) == (Status.PROCESSING, Substatus.STARTED)
    assert (change.order.since, change.order.updated_at) == (order.since, due_at)
    assert deadlines.look_at(change.order) is None
    if type is not DigitalType.STEAM_GIFT:
        assert give(change.order, *ALL).order.mailing == Mailing(ALL, ARRIVED)


@pytest.mark.parametrize("stages", [["READY_TO_SHIP"], ["READY_TO_SHIP", "SHIPPED"]])
def test_whoever_moves_digital_goods_on_has_no_more_time_for_handing_them_over(stages: list[str]) -> None:
    order = a_game()
    due_at = deadlines.look_at(order)
    for minute, stage in enumerate(stages, 5):
        moment = order.created_at + timedelta(minutes=minute)
        order = lifecycle.move(order, Status.PROCESSING, Substatus(stage), actor=Actor.SELLER, now=moment).order

    assert deadlines.look_at(order) == due_at
    assert [wait.kind for wait in deadlines.running(order)] == ["HANDOVER"]
    assert give(order, *ALL).order.mailing is not None


def test_no_courier_takes_digital_goods_whoever_delivers_for_the_seller() -> None:
    order = a_game()
    order = replace(order, delivery=replace(order.delivery, partner=DeliveryPartner.YANDEX_MARKET))

    with pytest.raises(TransitionNotAllowed, match="digital goods are not carried"):
        lifecycle.move(order, Status.DELIVERY, actor=Actor.CARRIER, now=NOW)


def test_nobody_says_how_long_a_chat_may_take() -> None:
    assert deadlines.look_at(a_game(type=DigitalType.CHAT)) is None


def test_the_same_keys_again_change_nothing_and_others_take_their_place() -> None:
    order = give(a_game(), *ALL).order
    later = NOW + timedelta(seconds=3)

    again = digital.give_keys(order, ALL, now=later)
    corrected = digital.give_keys(order, (keys(1, "AAAA", "DDDD"), keys(2, "CCCC")), now=later)

    assert again.order is order
    assert corrected.order.mailing is not None
    assert corrected.order.mailing.keys[0].codes == ("AAAA", "DDDD")
    assert corrected.order.mailing.due_at == later + MAILING_TAKES


def test_more_keys_than_units_are_fine() -> None:
    assert give(a_game(), keys(1, "AAAA", "BBBB", "EXTRA"), keys(2, "CCCC")).order.mailing is not None


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ((keys(1, "AAAA", "BBBB"),), KeysMissing),
        ((keys(1, "AAAA"), keys(2, "CCCC")), KeysMissing),
        ((keys(1, "AAAA", "BBBB"), keys(2)), KeysMissing),
        ((*ALL, keys(1, "DDDD")), ItemRepeated),
        ((*ALL, keys(3, "DDDD")), ItemNotFound),
        ((keys(1, "AAAA", " "), keys(2, "CCCC")), KeyBlank),
        ((keys(1, "AAAA", "BBBB", until=TODAY - timedelta(days=1)), keys(2, "CCCC")), KeysExpired),
    ],
)
def test_keys_come_all_at_once_and_every_one_can_be_used(given: tuple[Keys, ...], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        give(a_game(), *given)


def test_a_key_of_today_can_still_be_used() -> None:
    assert give(a_game(), keys(1, "AAAA", "BBBB", until=TODAY), keys(2, "CCCC")).order.mailing is not None


def test_things_have_no_keys() -> None:
    with pytest.raises(NotDigital) as no:
        give(an_order(), *ALL)

    assert str(no.value) == "Order.id=50000000001 is not digital."


@pytest.mark.parametrize("status", [Status.UNPAID, Status.DELIVERED, Status.CANCELLED])
def test_keys_are_for_orders_in_processing(status: Status) -> None:
    with pytest.raises(NotInProcessing) as no:
        give(a_game(status), *ALL)

    assert str(no.value) == f"Invalid status for order 50000000001: {status}, PROCESSING expected"


@pytest.mark.parametrize("type", [DigitalType.STEAM_GIFT, DigitalType.CHAT])
def test_what_the_seller_hands_over_himself_is_not_mailed(type: DigitalType) -> None:
    with pytest.raises(HandedOverByTheShop):
        give(a_game(type=type), *ALL)
