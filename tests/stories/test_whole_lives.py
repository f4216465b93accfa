"""One order of each model from the checkout to its end, and what its seller, its buyer and its shelf see of that."""

import pytest

from tests.stories.paths import BY_THE_MARKET, do, state_of
from tests.world import an_item

DAY = "DELIVERED/DELIVERY_SERVICE_DELIVERED"
CHECKOUT = """
MARKET RESERVE > RESERVED/AWAIT_CONFIRMATION
MARKET INVOICE > UNPAID/WAITING_USER_INPUT
BUYER PAY > PROCESSING/STARTED
"""
AHEAD = {"status": "PLACING", "paymentType": "PREPAID"}
LIVES = {
    "DBS with a courier of its own": (
        "DBS",
        AHEAD,
        f"""{CHECKOUT}
SELLER PROCESSING/READY_TO_SHIP > PROCESSING/READY_TO_SHIP
SELLER PROCESSING/SHIPPED > PROCESSING/SHIPPED
SELLER DELIVERY > DELIVERY/DELIVERY_SERVICE_RECEIVED
SELLER DELIVERED > {DAY}
MARKET RETURN > RETURNED/DELIVERY_SERVICE_DELIVERED""",
    ),
    "DBS at its own outlet": (
        "DBS",
        AHEAD | {"delivery": {"type": "PICKUP"}},
        f"""{CHECKOUT}
SELLER DELIVERY > DELIVERY/DELIVERY_SERVICE_RECEIVED
SELLER PICKUP > PICKUP/PICKUP_SERVICE_RECEIVED
SELLER DELIVERED > {DAY}""",
    ),
    "DBS that the Market carries": (
        "DBS",
        AHEAD | BY_THE_MARKET,
        f"""{CHECKOUT}
SELLER PROCESSING/READY_TO_SHIP > PROCESSING/READY_TO_SHIP
CARRIER RECEIVE > DELIVERY/DELIVERY_SERVICE_RECEIVED
CARRIER DELIVER > DELIVERY/USER_RECEIVED
CLOCK PT1H > {DAY}""",
    ),
    "DBS that the arbiter takes back": (
        "DBS",
        AHEAD,
        f"""{CHECKOUT}
SELLER DELIVERY > DELIVERY/DELIVERY_SERVICE_RECEIVED
MARKET DISPUTE > DELIVERY/DELIVERY_USER_NOT_RECEIVED
MARKET DELIVER > {DAY}
MARKET DISPUTE > DELIVERED/DELIVERED_USER_NOT_RECEIVED
MARKET CANCEL > CANCELLED/DELIVERY_SERVICE_UNDELIVERED""",
    ),
    "DBS that its buyer cancels on the way": (
        "DBS",
        AHEAD,
        f"""{CHECKOUT}
SELLER DELIVERY > DELIVERY/DELIVERY_SERVICE_RECEIVED
BUYER CANCEL > DELIVERY/DELIVERY_SERVICE_RECEIVED
CLOCK PT48H > CANCELLED/USER_CHANGED_MIND""",
    ),
    "DBS in the chat": (
        "DBS",
        AHEAD | {"delivery": {"digital": {"type": "CHAT"}}},
        f"""{CHECKOUT}
SELLER DELIVERED > {DAY}""",
    ),
    "FBS": (
        "FBS",
        AHEAD,
        f"""{CHECKOUT}
SELLER PROCESSING/READY_TO_SHIP > PROCESSING/READY_TO_SHIP
SELLER PROCESSING/SHIPPED > PROCESSING/SHIPPED
CARRIER RECEIVE > DELIVERY/DELIVERY_SERVICE_RECEIVED
CARRIER ARRIVE > PICKUP/PICKUP_SERVICE_RECEIVED
CARRIER DELIVER > {DAY}
MARKET RETURN_PART > PARTIALLY_RETURNED/DELIVERY_SERVICE_DELIVERED
MARKET RETURN > RETURNED/DELIVERY_SERVICE_DELIVERED""",
    ),
    "FBS that nobody fetches": (
        "FBS",
        AHEAD,
        f"""{CHECKOUT}
CARRIER RECEIVE > DELIVERY/DELIVERY_SERVICE_RECEIVED
CARRIER ARRIVE > PICKUP/PICKUP_SERVICE_RECEIVED
CLOCK P15D > CANCELLED/PICKUP_EXPIRED""",
    ),
    "FBY": (
        "FBY",
        AHEAD,
        f"""{CHECKOUT}
MARKET PACK > PROCESSING/PACKAGING
MARKET ASSEMBLE > PROCESSING/READY_TO_SHIP
MARKET SHIP > PROCESSING/SHIPPED
CARRIER RECEIVE > DELIVERY/DELIVERY_SERVICE_RECEIVED
CARRIER DELIVER > {DAY}""",
    ),
    "Express": (
        "EXPRESS",
        AHEAD,
        f"""{CHECKOUT}
SELLER PROCESSING/READY_TO_SHIP > PROCESSING/READY_TO_SHIP
CARRIER SEARCH > PROCESSING/COURIER_SEARCH
CARRIER FIND > PROCESSING/COURIER_FOUND
CARRIER SET_OUT > PROCESSING/COURIER_IN_TRANSIT_TO_SENDER
CARRIER REACH_SENDER > PROCESSING/COURIER_ARRIVED_TO_SENDER
CARRIER RECEIVE > DELIVERY/DELIVERY_SERVICE_RECEIVED
CARRIER DELIVER > {DAY}""",
    ),
    "Express that nobody comes for": (
        "EXPRESS",
        AHEAD,
        f"""{CHECKOUT}
SELLER PROCESSING/READY_TO_SHIP > PROCESSING/READY_TO_SHIP
CARRIER SEARCH > PROCESSING/COURIER_SEARCH
CARRIER FAIL > CANCELLED/CANCELLED_COURIER_NOT_FOUND""",
    ),
    "LaaS from a draft": (
        "LAAS",
        {"draft": True},
        f"""
SELLER PROCESSING/STARTED > PROCESSING/STARTED
MARKET PACK > PROCESSING/PACKAGING
MARKET ASSEMBLE > PROCESSING/READY_TO_SHIP
MARKET SHIP > PROCESSING/SHIPPED
CARRIER RECEIVE > DELIVERY/DELIVERY_SERVICE_RECEIVED
CARRIER DELIVER > {DAY}
MARKET RETURN > RETURNED/DELIVERY_SERVICE_DELIVERED""",
    ),
    "a test order": (
        "FBS",
        {"fake": True},
        """
SELLER PROCESSING/READY_TO_SHIP > PROCESSING/READY_TO_SHIP
SELLER PROCESSING/SHIPPED > PROCESSING/SHIPPED""",
    ),
}
"""A model, what is said when the order is placed, and who does what, with the state it leads to."""


async def held(world, model) -> int:
    """Units that orders hold of the one offer, as the seller of the campaign reads it."""
    path = f"/v2/campaigns/{world.campaigns[model]}/offers/stocks"
    answer = (await world.seller("POST", path, {})).raise_for_status().json()
    counts = {
        stock["type"]: stock["count"]
        for warehouse in answer["result"]["warehouses"]
        for offer in warehouse["offers"]
        for stock in offer["stocks"]
    }
    return counts.get("FREEZE", 0)


def notice_of(state: str, before: str, step: str) -> list[str]:
    """What the seller is told of a step."""
    if step == "BUYER CANCEL" and state == before:
        return ["ORDER_CANCELLATION_REQUEST"]
    return ["ORDER_CANCELLED"] if state.startswith("CANCELLED") else ["ORDER_STATUS_UPDATED"]


@pytest.mark.parametrize("life", LIVES)
async def test_an_order_lives_its_whole_life(world, life):
    model, wish, story = LIVES[life]
    order = await world.place(model, an_item("SKU", price=700, count=3), **wish)
    told, before = ["ORDER_CREATED"], f"{order['status']}/{order['substatus']}"
    units = 0 if order["fake"] else 3
    assert await held(world, model) == units

    for line in filter(None, story.split("\n")):
        step, state = line.split(" > ")
        actor, what = step.split()
        if actor == "CLOCK":
            await world.clock(advance=what)
        else:
            assert (await do(world, order, actor, what)).status_code == 200, line
        assert await state_of(world, order) == state, line
        told += notice_of(state, before, step)
        before = state
        on_the_shelf = state.split("/")[0] in {"RESERVED", "UNPAID", "PROCESSING"} and not state.endswith("/SHIPPED")
        assert await held(world, model) == (units if on_the_shelf else 0), line

    assert [one["type"] for one in await world.notifications(order)] == told
    refunds = (await world.know(order))["refunds"]
    cancelled = before.startswith("CANCELLED")
    assert [(one["count"], one["amount"], one["reason"]) for one in refunds] == [(3, 2100, "CANCELLED")] * cancelled
    await world.clock(advance="P11D")
    assert {one["state"] for one in (await world.know(order))["refunds"]} == ({"PAID"} if cancelled else set())
    assert await state_of(world, order) == before
