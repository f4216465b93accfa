"""Buyers who change their minds, and sellers who answer."""

from datetime import timedelta

import pytest

from korob.domain import cancellation, deadlines, lifecycle
from korob.domain.cancellation import AlreadyRequested, DeclineReasonMissing, NothingRequested
from korob.domain.change import CancellationDeclined, CancellationRequested, OrderCancelled
from korob.domain.lifecycle import NoTransition, OrderIsFinal, ReasonNotAvailable, RoleForbidden
from korob.domain.order import CancellationRequest, Order
from korob.domain.words import Actor, DeclineReason, Model, Status, Substatus
from tests.examples import NOW, an_order

TWO_DAYS_LATER = NOW + timedelta(hours=48)


def an_order_to_be_cancelled(status: Status = Status.DELIVERY, substatus: Substatus | None = None) -> Order:
    return cancellation.request(an_order(status), substatus, now=NOW).order


@pytest.mark.parametrize("model", [Model.DBS, Model.FBS, Model.FBY, Model.EXPRESS])
@pytest.mark.parametrize("status", [Status.RESERVED, Status.UNPAID, Status.PENDING, Status.PROCESSING])
def test_a_buyer_cancels_at_once_what_is_not_on_its_way(model: Model, status: Status) -> None:
    change = cancellation.request(an_order(status, model=model), now=NOW)

    assert (change.order.status, change.order.substatus) == (Status.CANCELLED, Substatus.USER_CHANGED_MIND)
    assert change.actor is Actor.BUYER
    assert change.events == (OrderCancelled(Substatus.USER_CHANGED_MIND),)


@pytest.mark.parametrize("substatus", [Substatus.USER_CHANGED_MIND, Substatus.CUSTOM])
def test_what_was_cancelled_for_a_buyer_stays_marked_as_wished(substatus: Substatus) -> None:
    order = cancellation.request(an_order(model=Model.FBS), substatus, now=NOW).order

    assert cancellation.is_wished(order)


def test_only_what_the_buyer_wants_or_wanted_cancelled_is_marked_as_wished() -> None:
    asked = an_order_to_be_cancelled()
    declined = cancellation.answer(asked, accepted=False, reason=DeclineReason.ORDER_DELIVERED, now=NOW).order
    failed = cancellation.cancel(an_order(), Substatus.SHOP_FAILED, actor=Actor.SELLER, now=NOW).order

    assert cancellation.is_wished(asked)
    assert not any(map(cancellation.is_wished, (an_order(), declined, failed)))


def test_a_buyers_own_reason_becomes_the_substatus() -> None:
    change = cancellation.request(an_order(), Substatus.REPLACING_ORDER, now=NOW)

    assert change.order.substatus is Substatus.REPLACING_ORDER


def test_a_sellers_reason_is_not_a_buyers() -> None:
    with pytest.raises(ReasonNotAvailable) as no:
        cancellation.request(an_order(), Substatus.SHOP_FAILED, now=NOW)

    assert no.value.facts["role"] == "USER"


@pytest.mark.parametrize("status", [Status.DELIVERY, Status.PICKUP])
def test_a_dbs_order_on_its_way_waits_for_the_sellers_answer(status: Status) -> None:
    change = cancellation.request(an_order(status), Substatus.USER_REFUSED_DELIVERY, now=NOW)

    assert change.order.status is status
    assert change.order.cancellation == CancellationRequest(NOW, Substatus.USER_REFUSED_DELIVERY)
    assert change.order.updated_at == NOW
    assert change.events == (CancellationRequested(Substatus.USER_REFUSED_DELIVERY),)


def test_not_even_a_request_is_opened_for_a_reason_that_is_not_a_buyers() -> None:
    with pytest.raises(ReasonNotAvailable):
        cancellation.request(an_order(Status.DELIVERY), Substatus.SHOP_FAILED, now=NOW)


@pytest.mark.parametrize("model", [Model.FBS, Model.FBY, Model.EXPRESS])
@pytest.mark.parametrize("status", [Status.DELIVERY, Status.PICKUP])
def test_in_other_models_the_market_cancels_at_once_what_is_on_its_way(model: Model, status: Status) -> None:
    change = cancellation.request(an_order(status, model=model), now=NOW)

    assert (change.order.status, change.order.substatus) == (Status.CANCELLED, Substatus.USER_CHANGED_MIND)
    assert change.actor is Actor.MARKET


@pytest.mark.parametrize("reason", [Substatus.TECHNICAL_ERROR, Substatus.TOO_LONG_DELIVERY])
def test_nor_does_the_market_cancel_for_a_buyer_who_gives_a_reason_of_its_own(reason: Substatus) -> None:
    with pytest.raises(ReasonNotAvailable) as no:
        cancellation.request(an_order(Status.DELIVERY, model=Model.FBS), reason, now=NOW)

    assert no.value.facts["role"] == "USER"


@pytest.mark.parametrize("status", [Status.PROCESSING, Status.DELIVERY, Status.PICKUP])
def test_an_order_of_laas_was_sold_elsewhere_and_has_no_buyer_here(status: Status) -> None:
    with pytest.raises(RoleForbidden):
        cancellation.request(an_order(status, model=Model.LAAS), Substatus.LOST, now=NOW)


def test_who_has_the_parcel_in_hand_returns_it_instead_of_cancelling() -> None:
    with pytest.raises(NoTransition):
        cancellation.request(an_order(Status.DELIVERY, Substatus.USER_RECEIVED), now=NOW)


def test_a_buyer_asks_once() -> None:
    with pytest.raises(AlreadyRequested):
        cancellation.request(an_order_to_be_cancelled(), now=NOW)


def test_the_recipient_of_a_laas_parcel_did_not_buy_it_from_the_market() -> None:
    with pytest.raises(lifecycle.RoleForbidden):
        cancellation.request(an_order(model=Model.LAAS), now=NOW)


def test_a_seller_grants_the_buyers_wish() -> None:
    order = an_order_to_be_cancelled(substatus=Substatus.USER_REFUSED_PRODUCT)

    change = cancellation.answer(order, accepted=True, now=NOW)

    assert (change.order.status, change.order.substatus) == (Status.CANCELLED, Substatus.USER_REFUSED_PRODUCT)
    assert change.order.cancellation is None
    assert (change.actor, change.act) == (Actor.SELLER, "ACCEPT_CANCELLATION")


def test_a_seller_declines_and_the_order_goes_on() -> None:
    order = an_order_to_be_cancelled(Status.PICKUP)

    change = cancellation.answer(order, accepted=False, reason=DeclineReason.ORDER_DELIVERED, now=NOW)

    assert change.order.status is Status.PICKUP
    assert change.order.cancellation is None
    assert change.events == (CancellationDeclined("ORDER_DELIVERED"),)
    assert deadlines.settle(change.order, now=TWO_DAYS_LATER) is None


def test_a_buyer_who_was_declined_may_ask_again() -> None:
    declined = cancellation.answer(
        an_order_to_be_cancelled(), accepted=False, reason=DeclineReason.ORDER_IN_DELIVERY, now=NOW
    ).order

    assert cancellation.request(declined, now=NOW).order.cancellation is not None


def test_declining_needs_a_reason() -> None:
    with pytest.raises(DeclineReasonMissing):
        cancellation.answer(an_order_to_be_cancelled(), accepted=False, now=NOW)


def test_there_is_nothing_to_answer_when_nobody_asked() -> None:
    with pytest.raises(NothingRequested) as no:
        cancellation.answer(an_order(Status.DELIVERY), accepted=True, now=NOW)

    assert str(no.value) == (
        "Action is not allowed for order 50000000001 with status DELIVERY and substatus DELIVERY_SERVICE_RECEIVED"
    )


def test_a_second_answer_is_refused() -> None:
    answered = cancellation.answer(
        an_order_to_be_cancelled(), accepted=False, reason=DeclineReason.ORDER_IN_DELIVERY, now=NOW
    ).order

    with pytest.raises(NothingRequested):
        cancellation.answer(answered, accepted=True, now=NOW)


def test_a_seller_who_does_not_answer_has_48_hours_to_the_millisecond() -> None:
    order = an_order_to_be_cancelled(substatus=Substatus.USER_BOUGHT_CHEAPER)

    in_time = deadlines.settle(order, now=TWO_DAYS_LATER - timedelta(milliseconds=1))
    too_late = deadlines.settle(order, now=TWO_DAYS_LATER)

    assert in_time is None
    assert too_late is not None
    assert (too_late.order.status, too_late.order.substatus) == (Status.CANCELLED, Substatus.USER_BOUGHT_CHEAPER)
    assert (too_late.actor, too_late.at, too_late.order.updated_at) == (Actor.CLOCK, TWO_DAYS_LATER, TWO_DAYS_LATER)


def test_a_seller_may_still_deliver_what_is_to_be_cancelled() -> None:
    order = an_order_to_be_cancelled()

    delivered = lifecycle.move(order, Status.DELIVERED, actor=Actor.SELLER, now=NOW).order

    assert delivered.cancellation is None
    assert deadlines.settle(delivered, now=TWO_DAYS_LATER) is None


def test_a_dispute_does_not_forget_the_buyers_wish() -> None:
    order = an_order_to_be_cancelled()

    disputed = lifecycle.move(
        order, Status.DELIVERY, Substatus.DELIVERY_USER_NOT_RECEIVED, actor=Actor.MARKET, now=NOW
    ).order

    lapsed = deadlines.settle(disputed, now=TWO_DAYS_LATER)
    assert lapsed is not None
    assert lapsed.order.status is Status.CANCELLED


def test_cancelling_twice_is_refused() -> None:
    cancelled = cancellation.cancel(an_order(), actor=Actor.SELLER, now=NOW).order

    with pytest.raises(OrderIsFinal):
        cancellation.cancel(cancelled, Substatus.USER_CHANGED_MIND, actor=Actor.SELLER, now=NOW)
