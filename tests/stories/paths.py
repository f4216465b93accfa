"""How an order comes to each stage of its model: what it is placed like, and who does what on the way."""

from typing import Any, NamedTuple

import httpx

from tests.world import Json, World

SOLD = "DBS FBS FBY EXPRESS"
STEPS = f"""
PLACING/ASYNC_PROCESSING | {SOLD} | placing
RESERVED/AWAIT_CONFIRMATION | LAAS | draft
RESERVED/AWAIT_CONFIRMATION | {SOLD} | PLACING/ASYNC_PROCESSING | MARKET RESERVE
UNPAID/WAITING_USER_INPUT | {SOLD} | unpaid
PENDING/AWAIT_CONFIRMATION | {SOLD} | RESERVED/AWAIT_CONFIRMATION | MARKET HOLD
PROCESSING/STARTED | {SOLD} LAAS | paid
PROCESSING/PACKAGING | FBY LAAS | PROCESSING/STARTED | MARKET PACK
PROCESSING/READY_TO_SHIP | DBS FBS EXPRESS | PROCESSING/STARTED | SELLER PROCESSING/READY_TO_SHIP
PROCESSING/READY_TO_SHIP | FBY LAAS | PROCESSING/PACKAGING | MARKET ASSEMBLE
PROCESSING/SHIPPED | DBS FBS | PROCESSING/READY_TO_SHIP | SELLER PROCESSING/SHIPPED
PROCESSING/SHIPPED | FBY LAAS | PROCESSING/READY_TO_SHIP | MARKET SHIP
PROCESSING/COURIER_SEARCH | EXPRESS | PROCESSING/READY_TO_SHIP | CARRIER SEARCH
PROCESSING/COURIER_FOUND | EXPRESS | PROCESSING/COURIER_SEARCH | CARRIER FIND
PROCESSING/COURIER_IN_TRANSIT_TO_SENDER | EXPRESS | PROCESSING/COURIER_FOUND | CARRIER SET_OUT
PROCESSING/COURIER_ARRIVED_TO_SENDER | EXPRESS | PROCESSING/COURIER_IN_TRANSIT_TO_SENDER | CARRIER REACH_SENDER
DELIVERY/DELIVERY_SERVICE_RECEIVED | DBS | PROCESSING/SHIPPED | SELLER DELIVERY
DELIVERY/DELIVERY_SERVICE_RECEIVED | FBS FBY LAAS | PROCESSING/SHIPPED | CARRIER RECEIVE
DELIVERY/DELIVERY_SERVICE_RECEIVED | EXPRESS | PROCESSING/COURIER_ARRIVED_TO_SENDER | CARRIER RECEIVE
DELIVERY/USER_RECEIVED | DBS | DELIVERY/DELIVERY_SERVICE_RECEIVED | CARRIER DELIVER
DELIVERY/DELIVERY_USER_NOT_RECEIVED | DBS | DELIVERY/DELIVERY_SERVICE_RECEIVED | MARKET DISPUTE
PICKUP/PICKUP_SERVICE_RECEIVED | DBS | DELIVERY/DELIVERY_SERVICE_RECEIVED | SELLER PICKUP
PICKUP/PICKUP_SERVICE_RECEIVED | FBS FBY EXPRESS LAAS | DELIVERY/DELIVERY_SERVICE_RECEIVED | CARRIER ARRIVE
DELIVERED/DELIVERY_SERVICE_DELIVERED | DBS | PICKUP/PICKUP_SERVICE_RECEIVED | SELLER DELIVERED
DELIVERED/DELIVERY_SERVICE_DELIVERED | FBS FBY EXPRESS LAAS | PICKUP/PICKUP_SERVICE_RECEIVED | CARRIER DELIVER
DELIVERED/DELIVERED_USER_NOT_RECEIVED | DBS | DELIVERED/DELIVERY_SERVICE_DELIVERED | MARKET DISPUTE
PARTIALLY_RETURNED/DELIVERY_SERVICE_DELIVERED | {SOLD} LAAS | DELIVERED/DELIVERY_SERVICE_DELIVERED | MARKET RETURN_PART
RETURNED/DELIVERY_SERVICE_DELIVERED | {SOLD} LAAS | PARTIALLY_RETURNED/DELIVERY_SERVICE_DELIVERED | MARKET RETURN
"""
"""A stage, its models, the stage before or a way of placing, and what leads from there."""
PLACED: dict[str, Json] = {
    "placing": {"status": "PLACING"},
    "unpaid": {"paymentType": "PREPAID"},
    "paid": {"paymentType": "PREPAID", "paid": True},
    "draft": {"draft": True},
}
BY_THE_MARKET: Json = {"delivery": {"deliveryPartnerType": "YANDEX_MARKET"}}
FETCHED: Json = {"delivery": {"type": "PICKUP"}}


class Step(NamedTuple):
    """Somebody's move, and where it leads."""

    actor: str
    what: str
    stage: str


def steps_to(model: str, stage: str) -> tuple[Json, list[Step]]:
    """What is to be said when the order is placed, and the steps from there."""
    before, *step = LINES[model, stage]
    if before in PLACED:
        return PLACED[before], []
    wish, steps = steps_to(model, before)
    if (model, stage) == ("DBS", "DELIVERY/USER_RECEIVED"):
        wish = wish | BY_THE_MARKET
    if (model, stage) == ("LAAS", "PICKUP/PICKUP_SERVICE_RECEIVED"):
        wish = wish | FETCHED
    actor, what = step[0].split()
    return wish, [*steps, Step(actor, what, stage)]


async def bring(world: World, model: str, stage: str, **more: Any) -> Json:
    """A new order at that stage."""
    wish, steps = steps_to(model, stage)
    order = await world.place(model, **(wish | more))
    for step in steps:
        (await do(world, order, step.actor, step.what)).raise_for_status()
    return order


async def do(world: World, order: Json, actor: str, what: str, **facts: Any) -> httpx.Response:
    """The seller's move to a status, with or without its substatus; or an act of somebody else."""
    if actor == "SELLER":
        return await world.move(order, *what.split("/"))
    return await world.act(order, actor, what, **facts)


async def state_of(world: World, order: Json) -> str:
    """Where the order is, as its seller reads it."""
    read = await world.read(order)
    return f"{read['status']}/{read['substatus']}"


def _lines() -> dict[tuple[str, str], list[str]]:
    lines = (line.split(" | ") for line in STEPS.split("\n") if line)
    return {(model, stage): before for stage, models, *before in lines for model in models.split()}


LINES = _lines()
