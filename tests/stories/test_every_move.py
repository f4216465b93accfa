"""Every stage of every model, come to by those it belongs to; what leads on from there, and why nothing else does."""

import re
from urllib.parse import unquote

import pytest

from korob.domain.words import Model
from tests.drawn import STATES, stages, ways
from tests.stories import paths
from tests.stories.paths import BY_THE_MARKET, FETCHED, bring, do, state_of, steps_to
from tests.world import errors_of, why_not

ALL = [(str(model), stage) for model in Model for stage in stages(model)]
SELLERS = ["SHOP_FAILED", "USER_CHANGED_MIND", "USER_UNREACHABLE", "INCORRECT_PERSONAL_DATA", "PICKUP_EXPIRED", "LOST"]
"""Reasons that a seller may have somewhere, and one that none ever has."""
ASKED_FOR = [*STATES, *(f"CANCELLED/{reason}" for reason in SELLERS)]
ACTS = {
    ("BUYER", "PROCESSING/STARTED"): "PAY",
    ("MARKET", "RESERVED/AWAIT_CONFIRMATION"): "RESERVE",
    ("MARKET", "UNPAID/WAITING_USER_INPUT"): "INVOICE",
    ("MARKET", "PENDING/AWAIT_CONFIRMATION"): "HOLD",
    ("MARKET", "PROCESSING/STARTED"): "CONFIRM",
    ("MARKET", "PROCESSING/PACKAGING"): "PACK",
    ("MARKET", "PROCESSING/READY_TO_SHIP"): "ASSEMBLE",
    ("MARKET", "PROCESSING/SHIPPED"): "SHIP",
    ("MARKET", "DELIVERY/DELIVERY_USER_NOT_RECEIVED"): "DISPUTE",
    ("MARKET", "DELIVERED/DELIVERED_USER_NOT_RECEIVED"): "DISPUTE",
    ("MARKET", "DELIVERED/DELIVERY_SERVICE_DELIVERED"): "DELIVER",
    ("MARKET", "PARTIALLY_RETURNED/DELIVERY_SERVICE_DELIVERED"): "RETURN_PART",
    ("MARKET", "RETURNED/DELIVERY_SERVICE_DELIVERED"): "RETURN",
    ("CARRIER", "PROCESSING/COURIER_SEARCH"): "SEARCH",
    ("CARRIER", "PROCESSING/COURIER_FOUND"): "FIND",
    ("CARRIER", "PROCESSING/COURIER_IN_TRANSIT_TO_SENDER"): "SET_OUT",
    ("CARRIER", "PROCESSING/COURIER_ARRIVED_TO_SENDER"): "REACH_SENDER",
    ("CARRIER", "DELIVERY/DELIVERY_SERVICE_RECEIVED"): "RECEIVE",
    ("CARRIER", "PICKUP/PICKUP_SERVICE_RECEIVED"): "ARRIVE",
    ("CARRIER", "DELIVERY/USER_RECEIVED"): "DELIVER",
    ("CARRIER", "DELIVERED/DELIVERY_SERVICE_DELIVERED"): "DELIVER",
}
"""Whose act leads where."""
SITUATIONS = {
    ("DBS", "DELIVERY/USER_RECEIVED"): "carried",
    **{(str(model), "UNPAID/WAITING_USER_INPUT"): "owing" for model in Model},
    ("LAAS", "PICKUP/PICKUP_SERVICE_RECEIVED"): "point",
}
"""What an order at such a stage is like, where that matters."""
OTHERWISE = [
    *[
        ("DBS", stage, "carried", BY_THE_MARKET)
        for stage in stages(Model.DBS)
        if stage.startswith(("PROC", "DELIVERY/D"))
    ],
    *[("DBS", "PICKUP/PICKUP_SERVICE_RECEIVED", "carried", BY_THE_MARKET)],
    ("DBS", "PROCESSING/STARTED", "mailed", {"delivery": {"digital": {"type": "EMAIL"}}}),
    ("DBS", "PROCESSING/STARTED", "given", {"delivery": {"digital": {"type": "CHAT"}}}),
    ("EXPRESS", "PROCESSING/READY_TO_SHIP", "fake", {"fake": True}),
    ("LAAS", "DELIVERY/DELIVERY_SERVICE_RECEIVED", "point", FETCHED),
]
"""The same stage, when the order is another one: the model, the stage, the situation, and how such a one is placed."""


def ends(model: str, stage: str, situation: str) -> set[tuple[str, str]]:
    """Who may go where from this stage, by the drawing."""
    return {(str(actor), end) for actor, source, end in ways(Model(model), situation) if source == stage}


def act_of(actor: str, end: str) -> str:
    """The act that leads there."""
    return ACTS.get((actor, end), "FAIL" if actor == "CARRIER" else "CANCEL")


def why(answer) -> dict[str, str]:
    return {name: unquote(text) for name, text in re.findall(r'(\w+)="([^"]*)"', answer.headers["X-Korob-Why"])}


def as_told(end: str, stage: str) -> str:
    """A move as the header names it: by the status alone if that says all."""
    status = end.split("/", maxsplit=1)[0]
    return end if status in {stage.split("/", maxsplit=1)[0], "CANCELLED"} else status


def test_there_is_a_way_to_every_stage_and_to_no_other():
    assert set(paths.LINES) == set(ALL)


@pytest.mark.parametrize(("model", "stage"), ALL)
async def test_a_stage_is_come_to_by_those_it_belongs_to(world, model, stage):
    _, steps = steps_to(model, stage)

    order = await bring(world, model, stage)

    assert await state_of(world, order) == stage
    _, *history = (await world.know(order))["history"]
    assert [(row["actor"], f"{row['status']}/{row['substatus']}") for row in history] == [
        (step.actor, step.stage) for step in steps
    ]
    told = [one["type"] for one in await world.notifications(order)]
    assert told == ["ORDER_CREATED"] + ["ORDER_STATUS_UPDATED"] * len(steps)


@pytest.mark.parametrize(("model", "stage"), ALL)
async def test_whatever_else_the_seller_asks_for_is_refused_and_told_why(world, model, stage):
    order = await bring(world, model, stage)
    may = {end for actor, end in ends(model, stage, SITUATIONS.get((model, stage), "usual")) if actor == "SELLER"}

    for end in ASKED_FOR:
        if end in may:
            continue
        answer = await do(world, order, "SELLER", end)
        told = why(answer)

        assert answer.status_code == 400, end
        assert all(message for _, message in errors_of(answer))
        if model == "FBY":
            assert told["rule"] == "wrong_model"
            continue
        assert told["because"]
        assert told["instead"]
        assert stage in told["state"]
        assert set(told["moves"].split(", ")) == ({as_told(one, stage) for one in may} or {"none"})
    assert await state_of(world, order) == stage


@pytest.mark.parametrize(("model", "stage"), ALL)
async def test_an_act_that_is_not_known_is_answered_with_all_that_are_possible(world, model, stage):
    order = await bring(world, model, stage)
    drawn = ends(model, stage, SITUATIONS.get((model, stage), "usual"))
    acts = {(actor, act_of(actor, end)) for actor, end in drawn if actor not in {"SELLER", "CLOCK"}}
    # A buyer may always ask to cancel what is under way, though somebody else does it then.
    if model != "LAAS" and stage.split("/")[0] in {"DELIVERY", "PICKUP"} and not stage.endswith("/USER_RECEIVED"):
        acts.add(("BUYER", "CANCEL"))

    answer = await world.act(order, "CARRIER", "JUGGLE")

    assert answer.status_code == 400
    assert {(one["actor"], one["act"]) for one in answer.json()["possible"]} == acts
    assert why_not(answer).startswith(f"CARRIER can't JUGGLE order {order['id']} with status ")


def usual_and_new(model: str, stage: str, situation: str) -> list[tuple[str, str]]:
    """What is drawn; of others' reasons only the usual one and those that no stage before had."""
    met = set()
    for before in stages(Model(model)):
        if before == stage:
            break
        met |= ends(model, before, SITUATIONS.get((model, before), "usual"))
    drawn = [(str(actor), end) for actor, source, end in ways(Model(model), situation) if source == stage]
    usual = {actor: end for actor, end in reversed(drawn) if end.startswith("CANCELLED/")}
    return [
        (actor, end)
        for actor, end in drawn
        if actor != "CLOCK" and (actor == "SELLER" or (actor, end) not in met or usual.get(actor) == end)
    ]


@pytest.mark.parametrize(
    ("model", "stage", "situation", "wish"),
    [*((model, stage, SITUATIONS.get((model, stage), "usual"), {}) for model, stage in ALL), *OTHERWISE],
)
async def test_every_way_on_leads_where_it_is_drawn(world, model, stage, situation, wish):
    for actor, end in usual_and_new(model, stage, situation):
        order = await bring(world, model, stage, **wish)
        paid = order["paymentType"] == "PREPAID" and model != "LAAS" and not stage.startswith("UNPAID")
        status, substatus = end.split("/")

        if actor == "SELLER":
            answer = await do(world, order, actor, end)
        else:
            facts = {"substatus": substatus} if status == "CANCELLED" else {}
            answer = await do(world, order, actor, act_of(actor, end), **facts)

        assert answer.status_code == 200, (actor, end, answer.text)
        if answer.json().get("operation"):
            await world.clock(advance="PT1M")
        known = await world.know(order)
        assert (known["order"]["status"], known["order"]["substatus"]) == (status, substatus)
        assert known["history"][-1]["actor"] == ("MARKET" if answer.json().get("operation") else actor)
        last = (await world.notifications(order))[-1]["type"]
        assert last == ("ORDER_CANCELLED" if status == "CANCELLED" else "ORDER_STATUS_UPDATED")
        if status == "CANCELLED":
            assert sum(one["amount"] for one in known["refunds"]) == (1900 if paid else 0)
