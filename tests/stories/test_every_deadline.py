"""Every wait, in every state in which it runs: one tick before its end, at it, and after it when no timer has run."""

from datetime import datetime, timedelta
from typing import NamedTuple

import pytest

from korob.domain.deadlines import DEADLINES
from korob.domain.moves import STAGES
from tests.examples import a_cis
from tests.stories.paths import LINES, bring, do, state_of
from tests.world import MONDAY, Json, World, an_item

TICK = timedelta(microseconds=1)
SOLD = ("DBS", "FBS", "FBY", "EXPRESS")
CARRIED = ("FBS", "FBY", "EXPRESS", "LAAS")
MARKED = [an_item("A", id=1, count=1), an_item("B", id=2, price=1400)]


class Story(NamedTuple):
    """A wait: where, for how long, what comes of it by whom, and who ends it in time."""

    kind: str
    model: str
    stage: str
    wait: timedelta
    end: str
    by: str
    in_time: str | None
    wish: Json | None = None
    first: str | None = None
    """What begins it, if not the state."""


def _stories():
    minutes = {name: timedelta(minutes=count) for name, count in (("ten", 10), ("thirty", 30), ("hour", 60))}
    for model in SOLD:
        for stage in ("PLACING/ASYNC_PROCESSING", "RESERVED/AWAIT_CONFIRMATION"):
            end = "CANCELLED/RESERVATION_EXPIRED"
            yield Story("RESERVATION", model, stage, minutes["ten"], end, "CLOCK", "MARKET CONFIRM")
        stage, end = "UNPAID/WAITING_USER_INPUT", "CANCELLED/USER_NOT_PAID"
        yield Story("PAYMENT", model, stage, minutes["thirty"], end, "CLOCK", "BUYER PAY")
        stage, end = "PENDING/AWAIT_CONFIRMATION", "CANCELLED/PENDING_EXPIRED"
        yield Story("CONFIRMATION", model, stage, minutes["hour"], end, "CLOCK", "MARKET CONFIRM")
        tomorrow, end = {"expiryDate": "03-03-2026 12:00:00"}, "CANCELLED/PROCESSING_EXPIRED"
        for stage in (stage for its, stage in LINES if its == model and stage.startswith("PROCESSING")):
            yield Story("PROCESSING", model, stage, timedelta(days=1), end, "CLOCK", "BUYER CANCEL", tomorrow)
    stage, end = "RESERVED/AWAIT_CONFIRMATION", "CANCELLED/RESERVATION_EXPIRED"
    yield Story("DRAFT", "LAAS", stage, minutes["hour"], end, "CLOCK", "SELLER PROCESSING/STARTED")
    stage, end = "DELIVERY/USER_RECEIVED", "DELIVERED/DELIVERY_SERVICE_DELIVERED"
    yield Story("RECEIPT", "DBS", stage, minutes["hour"], end, "MARKET", "MARKET DELIVER")
    kept = {"delivery": {"type": "PICKUP", "outletStorageLimitDate": "09-03-2026"}}
    week = timedelta(days=7, hours=12)
    stage, end = "PICKUP/PICKUP_SERVICE_RECEIVED", "CANCELLED/PICKUP_EXPIRED"
    yield Story("PICKUP_STORAGE", "DBS", stage, week, end, "CLOCK", "SELLER DELIVERED", kept)
    for model in CARRIED:
        yield Story("PICKUP_STORAGE", model, stage, week, end, "CLOCK", "CARRIER DELIVER", kept)
    two_days, end = timedelta(hours=48), "CANCELLED/USER_CHANGED_MIND"
    for stage in ("DELIVERY/DELIVERY_SERVICE_RECEIVED", "DELIVERY/DELIVERY_USER_NOT_RECEIVED"):
        yield Story("CANCELLATION_ANSWER", "DBS", stage, two_days, end, "CLOCK", "SELLER NO", None, "BUYER CANCEL")
    stage = "PICKUP/PICKUP_SERVICE_RECEIVED"
    yield Story("CANCELLATION_ANSWER", "DBS", stage, two_days, end, "CLOCK", "SELLER NO", None, "BUYER CANCEL")
    for kind, within in (("EMAIL", 0.5), ("ACTIVATION_CODE", 0.5), ("STEAM_GIFT", 3)):
        goods = {"delivery": {"digital": {"type": kind}}}
        for stage in ("PROCESSING/STARTED", "PROCESSING/READY_TO_SHIP", "PROCESSING/SHIPPED"):
            yield Story("HANDOVER", "DBS", stage, timedelta(hours=within), stage, "CLOCK", "BUYER CANCEL", goods)
    soon, end = timedelta(seconds=5), "DELIVERED/DELIVERY_SERVICE_DELIVERED"
    keys = {"delivery": {"digital": {"type": "EMAIL"}}}
    for stage in ("PROCESSING/STARTED", "PROCESSING/READY_TO_SHIP", "PROCESSING/SHIPPED"):
        yield Story("MAILING", "DBS", stage, soon, end, "MARKET", "BUYER CANCEL", keys, "SELLER KEYS")
    stage = "PROCESSING/STARTED"
    yield Story("CODE_CHECK", "FBS", stage, soon, stage, "AUTHORITY", "AUTHORITY ANSWER", None, "SELLER CODES")
    yield Story(
        "OPERATION", "LAAS", stage, timedelta(seconds=3), stage, "MARKET", "MARKET CANCEL", None, "SELLER UPDATE"
    )
    end = "CANCELLED/USER_CHANGED_MIND"
    yield Story("REFUND", "FBS", stage, two_days, end, "MARKET", None, None, "BUYER CANCEL")


STORIES = list(_stories())
NAMES = [f"{one.kind} {one.model} {one.stage.split('/')[1]} {(one.wish or {}).get('delivery', '')}" for one in STORIES]
every_story = pytest.mark.parametrize("story", STORIES, ids=NAMES)


def test_there_is_a_story_of_every_wait_in_every_state_in_which_it_runs():
    told = {(story.kind, story.model, story.stage) for story in STORIES}
    kinds = {row.kind for row in DEADLINES if not row.states}

    assert {kind for kind, _, _ in told} == {row.kind for row in DEADLINES}
    assert {one for one in told if one[0] not in kinds} == {
        (row.kind, str(model), str(state))
        for row in DEADLINES
        for model in row.models
        for state in row.states
        if state in STAGES[model]
    }


async def begin(world: World, story: Story) -> Json:
    """An order that waits."""
    if story.first == "SELLER CODES":
        order = await world.place(story.model, *MARKED)
    else:
        order = await bring(world, story.model, story.stage, **(story.wish or {}))
    if story.first:
        (await ask(world, order, story.first)).raise_for_status()
    return order


async def ask(world: World, order: Json, step: str):
    """What begins or ends a wait: a move, an act, or one of the seller's other requests."""
    if step == "SELLER NO":
        return await world.answer_cancellation(order, accepted=False, reason="ORDER_IN_DELIVERY")
    if step == "SELLER CODES":
        marked = {"id": 1, "fullCount": 1, "instances": [{"cis": a_cis()}]}
        return await world.pack(order, [marked, {"id": 2, "fullCount": 1}])
    if step == "SELLER KEYS":
        keys = [
            {"id": item["id"], "codes": ["A1", "B2"], "slip": "Так", "activate_till": "9999-12-31"}
            for item in order["items"]
        ]
        return await world.seller("POST", world.path(order, "/deliverDigitalGoods"), {"items": keys})
    if step == "SELLER UPDATE":
        somebody = {"firstName": "Анна", "lastName": "Ли", "phone": "+79990000002"}
        path = f"/v1/campaigns/{order['campaignId']}/orders/update"
        return await world.seller("POST", path, {"order": {"id": order["id"], "customer": somebody}})
    return await do(world, order, *step.split())


def of_kind(deadlines: list[Json], kind: str) -> list[Json]:
    return [one for one in deadlines if one["kind"] == kind]


async def wait_of(world: World, order: Json, story: Story) -> tuple[Json, datetime]:
    """The wait as the order tells it, and when it ends."""
    (wait,) = of_kind((await world.know(order))["deadlines"], story.kind)
    return wait, datetime.fromisoformat(wait["dueAt"])


@every_story
async def test_a_wait_is_listed_for_order_campaign_and_world_until_it_ends_and_then_is_over(world, story):
    order = await begin(world, story)
    wait, due_at = await wait_of(world, order, story)
    before = await state_of(world, order)
    place = {"campaignId": order["campaignId"], "orderId": order["id"]}
    assert due_at == datetime.fromisoformat(MONDAY) + story.wait

    await world.clock(to=(due_at - TICK).isoformat())
    campaign = (await world.operator("GET", f"/campaigns/{order['campaignId']}/deadlines")).json()["deadlines"]

    assert of_kind(campaign, story.kind) == of_kind(await world.deadlines(), story.kind) == [place | wait]
    assert await state_of(world, order) == before

    ran = (await world.clock(to=due_at.isoformat()))["ran"]

    row = (await world.know(order))["history"][-1]
    assert ran >= 1
    assert await state_of(world, order) == story.end
    assert (row["actor"], datetime.fromisoformat(row["at"])) == (story.by, due_at)
    assert of_kind(await world.deadlines(), story.kind) == []


@every_story
async def test_a_wait_that_ended_a_tick_ago_is_over_though_no_timer_ran(world, set_clock, story):
    order = await begin(world, story)
    _, due_at = await wait_of(world, order, story)

    await set_clock(due_at + TICK)
    too_late = await ask(world, order, story.in_time) if story.in_time else None

    done = [row for row in (await world.know(order))["history"] if datetime.fromisoformat(row["at"]) == due_at]
    assert [row["actor"] for row in done] == [story.by]
    if story.end.startswith(("CANCELLED", "DELIVERED")) and too_late is not None:
        assert too_late.status_code == 400
        assert await state_of(world, order) == story.end


@pytest.mark.parametrize("story", [one for one in STORIES if one.in_time], ids=NAMES[:-1])
async def test_what_is_done_in_the_last_tick_is_in_time(world, set_clock, story):
    order = await begin(world, story)
    _, due_at = await wait_of(world, order, story)
    await set_clock(due_at - TICK)

    answer = await ask(world, order, story.in_time)
    after = await state_of(world, order)
    await world.clock(to=due_at.isoformat())

    assert answer.status_code == 200
    assert await state_of(world, order) == after
    assert story.by not in {
        row["actor"] for row in (await world.know(order))["history"] if datetime.fromisoformat(row["at"]) == due_at
    }
