"""Every status, and every substatus whose meaning is documented, is come to by whom it belongs to, or says why not."""

import pytest

from korob.domain.moves import STAGES, STARTS
from korob.domain.words import Model, Status, Substatus
from tests.drawn import STATES, ways

DOCUMENTED = """
PROCESSING/STARTED MARKET SELLER
PROCESSING/PACKAGING MARKET
PROCESSING/READY_TO_SHIP SELLER MARKET
PROCESSING/SHIPPED SELLER MARKET
PROCESSING/COURIER_FOUND CARRIER
PROCESSING/COURIER_ARRIVED_TO_SENDER CARRIER
DELIVERY/DELIVERY_SERVICE_RECEIVED SELLER CARRIER
DELIVERY/USER_RECEIVED CARRIER
DELIVERY/DELIVERY_USER_NOT_RECEIVED MARKET
PICKUP/PICKUP_SERVICE_RECEIVED SELLER CARRIER
DELIVERED/DELIVERY_SERVICE_DELIVERED SELLER CARRIER MARKET
DELIVERED/DELIVERED_USER_NOT_RECEIVED MARKET
CANCELLED/RESERVATION_EXPIRED CLOCK
CANCELLED/USER_NOT_PAID CLOCK
CANCELLED/USER_UNREACHABLE SELLER
CANCELLED/USER_CHANGED_MIND BUYER SELLER
CANCELLED/USER_REFUSED_DELIVERY BUYER CARRIER
CANCELLED/USER_REFUSED_PRODUCT BUYER CARRIER
CANCELLED/USER_REFUSED_QUALITY BUYER CARRIER
CANCELLED/SHOP_FAILED SELLER
CANCELLED/REPLACING_ORDER BUYER
CANCELLED/USER_IDENTIFICATION_MISMATCH MARKET
CANCELLED/PURCHASE_GROUP_THRESHOLD_NOT_REACHED_CANCELLED MARKET
CANCELLED/PROCESSING_EXPIRED CLOCK
CANCELLED/PICKUP_EXPIRED SELLER CLOCK MARKET
CANCELLED/TOO_MANY_DELIVERY_DATE_CHANGES MARKET
CANCELLED/TOO_LONG_DELIVERY MARKET
CANCELLED/INCORRECT_PERSONAL_DATA SELLER
CANCELLED/DELIVERY_SERVICE_UNDELIVERED CARRIER MARKET
CANCELLED/CANCELLED_COURIER_NOT_FOUND CARRIER
CANCELLED/USER_WANTS_TO_CHANGE_DELIVERY_DATE BUYER
CANCELLED/RESERVATION_FAILED MARKET
CANCELLED/DELIVERY_PROBLEMS MARKET
CANCELLED/LOST MARKET
CANCELLED/TECHNICAL_ERROR MARKET
"""
"""The substatuses that OrderSubstatusType explains, with their status and those whom it names."""
NEVER = {Status.UNKNOWN: "what a newer marketplace may say to an older program; this one knows all its statuses"}
"""Statuses that no order of ours comes to, and why."""
BEFORE_ALL = {"PLACING/ASYNC_PROCESSING", "RESERVED/AWAIT_CONFIRMATION", "PROCESSING/STARTED"}
"""Where orders begin."""
EVERYBODY = [line.split() for line in DOCUMENTED.split("\n") if line]


def who_goes_to(end: str) -> set[str]:
    """All who may bring an order there, in any model and situation."""
    situations = ("usual", "owing", "carried", "mailed", "given", "asked", "point")
    return {str(actor) for model in Model for one in situations for actor, _, to in ways(model, one) if to == end}


@pytest.mark.parametrize(("end", "actors"), [(end, set(actors)) for end, *actors in EVERYBODY])
def test_a_documented_substatus_is_come_to_by_whom_it_belongs_to(end: str, actors: set[str]) -> None:
    assert actors <= who_goes_to(end)


def test_every_status_is_come_to_or_says_why_not() -> None:
    begun = {str(state) for model in Model for state in STARTS[model]}
    come_to = {end.split("/")[0] for end in STATES if end in begun or who_goes_to(end)} | {"CANCELLED"}

    assert begun == BEFORE_ALL
    assert {str(status) for status in Status} - come_to == set(NEVER)


def test_other_substatuses_are_used_only_where_a_status_needs_one_or_their_name_says_who() -> None:
    documented = {end.split("/")[1] for end, *_ in EVERYBODY}
    stages = {state.substatus for model in Model for state in STAGES[model]}
    reasons = {Substatus(end.split("/")[1]) for model in Model for _, _, end in ways(model, "usual")} - stages

    assert {str(one) for one in stages - documented} == {
        *("ASYNC_PROCESSING", "AWAIT_CONFIRMATION", "WAITING_USER_INPUT"),
        *("COURIER_SEARCH", "COURIER_IN_TRANSIT_TO_SENDER"),
    }
    assert {str(one) for one in reasons - documented} == {
        *("PENDING_EXPIRED", "PENDING_CANCELLED", "SHOP_PENDING_CANCELLED", "CUSTOM"),
        *("USER_WANTS_TO_CHANGE_ADDRESS", "USER_PLACED_OTHER_ORDER", "USER_BOUGHT_CHEAPER"),
        *("USER_WANTED_ANOTHER_PAYMENT_METHOD", "USER_FORGOT_TO_USE_BONUS"),
    }
