"""Jumps of a world's clock: what falls due on the way, how often, in what order, and what comes back."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from korob.domain.change import Change, OrderPlaced
from korob.domain.order import CancellationRequest
from korob.domain.words import Actor, PaymentType, Status, Substatus
from korob.sandbox import clocks
from korob.store import jumps, worlds
from korob.store.orders import OrderKey
from tests.examples import an_order
from tests.operator import playground

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def minutes(count):
    return MONDAY + timedelta(minutes=count)


async def place(services, world, *, at=MONDAY, **more):
    """An order that nobody pays for, unless said otherwise."""
    (order_id,) = await services.ids.draw(world["id"])
    how = {"status": Status.UNPAID, "payment_type": PaymentType.PREPAID} | more
    order = an_order(
        id=order_id,
        business_id=world["id"],
        campaign_id=world["campaigns"][0]["id"],
        since=at,
        created_at=at,
        updated_at=at,
        **how,
    )
    await services.orders.place(Change(order, Actor.BUYER, "PLACE", at, (OrderPlaced(),)))
    return order


async def asked_to_cancel(services, world, *, at=MONDAY):
    """An order under way that the buyer wants to cancel."""
    return await place(
        services,
        world,
        at=at,
        status=Status.DELIVERY,
        cancellation=CancellationRequest(at, Substatus.USER_CHANGED_MIND),
    )


async def state_of(services, order):
    """How the order is stored, whatever is due."""
    key = OrderKey(order.business_id, order.campaign_id, order.id)
    now = order.updated_at
    return (await services.orders.read(key, now=now)).substatus


def clock_of(world):
    return f"/sandbox/v1/worlds/{world['id']}/clock"


async def test_an_order_nobody_pays_for_is_cancelled_when_half_an_hour_is_over(services, client, world):
    order = await place(services, world)

    jumped = await client.post(clock_of(world), json={"advance": "PT30M"})

    assert jumped.json() == {"now": "2026-03-02T09:30:00Z", "frozen": True, "ran": 1}
    assert await state_of(services, order) is Substatus.USER_NOT_PAID
    async with services.database.connection() as connection:
        stored = await connection.fetchval("SELECT substatus FROM orders WHERE order_id = $1", order.id)
    assert stored == "USER_NOT_PAID"


async def test_a_moment_before_a_deadline_nothing_has_happened(services, client, world):
    order = await place(services, world)

    jumped = await client.post(clock_of(world), json={"to": "2026-03-02T09:29:59.999999Z"})

    assert jumped.json() == {"now": "2026-03-02T09:29:59.999999Z", "frozen": True, "ran": 0}
    assert await state_of(services, order) is Substatus.WAITING_USER_INPUT


async def test_each_deadline_is_acted_on_at_its_own_moment_in_the_order_of_time(services, client, world):
    late = await asked_to_cancel(services, world, at=MONDAY)
    soon = await place(services, world, at=minutes(-5))
    at_the_same_time = await place(services, world, at=minutes(-5))
    in_between = await place(services, world, at=minutes(10))

    jumped = await client.post(clock_of(world), json={"advance": "P3D"})

    assert jumped.json() == {"now": "2026-03-05T09:00:00Z", "frozen": True, "ran": 4}
    told = (await client.get(f"/sandbox/v1/worlds/{world['id']}/notifications?type=ORDER_CANCELLED")).json()
    assert [(one["body"]["orderId"], one["at"]) for one in told["notifications"]] == [
        (soon.id, "2026-03-02T09:25:00Z"),
        (at_the_same_time.id, "2026-03-02T09:25:00Z"),
        (in_between.id, "2026-03-02T09:40:00Z"),
        (late.id, "2026-03-04T09:00:00Z"),
    ]


async def test_deadlines_a_breath_apart_are_met_at_their_own_moments_too(services, client, world):
    placed = [await place(services, world, at=MONDAY + timedelta(microseconds=count)) for count in (1, 0, 999_999)]

    jumped = await client.post(clock_of(world), json={"advance": "PT1H"})

    assert jumped.json()["ran"] == 3
    for order in placed:
        read = await services.orders.read(OrderKey(order.business_id, order.campaign_id, order.id), now=MONDAY)
        assert read.since == order.created_at + timedelta(minutes=30)


async def test_a_deadline_that_follows_from_another_is_met_on_the_same_way(services, client, world):
    order = await place(services, world, status=Status.DELIVERY, payment_type=PaymentType.PREPAID)
    order = await services.orders.change(
        OrderKey(order.business_id, order.campaign_id, order.id),
        lambda order, now: Change(
            replace(order, cancellation=CancellationRequest(now, Substatus.USER_CHANGED_MIND), updated_at=now),
            Actor.BUYER,
            "REQUEST_CANCELLATION",
            now,
        ),
        now=MONDAY,
    )

    # Cancelled after 48 hours, and two days later the money is back.
    jumped = await client.post(clock_of(world), json={"advance": "P4D"})

    assert jumped.json()["ran"] == 2
    read = await services.orders.read(OrderKey(order.business_id, order.campaign_id, order.id), now=MONDAY)
    assert [refund.paid_at for refund in read.refunds] == [MONDAY + timedelta(days=4)] * len(read.refunds)
    assert read.refunds


async def test_next_goes_to_the_next_deadline_and_no_further(services, client, world):
    await place(services, world, at=minutes(5))
    await place(services, world, at=minutes(1))

    first = (await client.post(clock_of(world), json={"next": True})).json()
    second = (await client.post(clock_of(world), json={"next": True})).json()
    third = await client.post(clock_of(world), json={"next": True})

    assert first == {"now": "2026-03-02T09:31:00Z", "frozen": True, "ran": 1}
    assert second == {"now": "2026-03-02T09:35:00Z", "frozen": True, "ran": 1}
    assert (third.status_code, third.json()) == (200, {"now": "2026-03-02T09:35:00Z", "frozen": True, "ran": 0})


async def test_a_running_clock_goes_on_from_where_it_was_set(client):
    world = (await client.post("/sandbox/v1/worlds", json={"now": "2026-03-02T09:00:00Z"})).json()

    jumped = (await client.post(clock_of(world), json={"to": "2026-03-02T12:00:00Z"})).json()
    shown = [(await client.get(clock_of(world))).json() for _ in range(2)]

    assert jumped == {"now": "2026-03-02T12:00:00Z", "frozen": False, "ran": 0}
    first, second = (datetime.fromisoformat(clock["now"]) for clock in shown)
    assert minutes(180) < first < second < minutes(181)


async def test_a_frozen_clock_stands_still_until_it_is_let_go(client, world):
    shown = [(await client.get(clock_of(world))).json()["now"] for _ in range(2)]

    thawed = (await client.post(clock_of(world), json={"frozen": False})).json()
    later = (await client.get(clock_of(world))).json()

    assert shown[0] == shown[1] == thawed["now"]
    assert (thawed["frozen"], thawed["ran"]) == (False, 0)
    assert MONDAY < datetime.fromisoformat(later["now"]) < minutes(1)


async def test_freezing_twice_is_freezing_once(client, world):
    before = (await client.get(clock_of(world))).json()

    again = await client.post(clock_of(world), json={"frozen": True})

    assert again.json() == before


@pytest.mark.parametrize(
    ("duration", "moment"),
    [
        ("PT48H", "2026-03-04T09:00:00Z"),
        ("P2D", "2026-03-04T09:00:00Z"),
        ("P1DT2H3M4.5S", "2026-03-03T11:03:04.500000Z"),
        ("P1W", "2026-03-09T09:00:00Z"),
        ("PT90M", "2026-03-02T10:30:00Z"),
        ("PT1.5H", "2026-03-02T10:30:00Z"),
        ("PT0,25S", "2026-03-02T09:00:00.250000Z"),
        ("+P1W1DT1H", "2026-03-10T10:00:00Z"),
        ("PT0S", "2026-03-02T09:00:00Z"),
        ("PT0.000001S", "2026-03-02T09:00:00.000001Z"),
        ("P3653D", "2036-03-02T09:00:00Z"),
    ],
)
async def test_durations_are_those_of_iso_8601(client, world, duration, moment):
    jumped = await client.post(clock_of(world), json={"advance": duration})

    assert jumped.json() == {"now": moment, "frozen": True, "ran": 0}


@pytest.mark.parametrize(
    "wish",
    [
        {"advance": "-PT1S"},
        {"advance": "P1Y"},
        {"advance": "P1M"},
        {"advance": "48h"},
        {"advance": "P"},
        {"advance": "PT"},
        {"advance": "P1DT"},
        {"advance": "P1H"},
        {"advance": "PT1D"},
        {"advance": "PT1H "},
        {"advance": "PT١H"},
        {"advance": ""},
        {"advance": 3600},
        {"advance": "P3654D"},
        {"advance": "P999999999999D"},
        {"to": "2026-03-02T08:59:59.999999Z"},
        {"to": "2036-03-03T09:00:01Z"},
        {"to": "9999-12-31T23:59:59Z"},
        {"to": "2026-03-03T09:00:00"},
        {"to": "tomorrow"},
        {"next": False},
        {"next": "true"},
        {"frozen": "yes"},
        {"advance": "PT1H", "to": "2026-03-03T09:00:00Z"},
        {"frozen": False, "next": True},
        {},
        [],
    ],
)
async def test_a_wish_that_makes_no_sense_moves_nothing(services, client, world, wish):
    order = await place(services, world, at=minutes(-29))
    before = (await client.get(clock_of(world))).json()

    answer = await client.post(clock_of(world), json=wish)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "BAD_REQUEST"
    assert (await client.get(clock_of(world))).json() == before
    assert await state_of(services, order) is Substatus.WAITING_USER_INPUT


async def test_a_world_that_is_not_there_has_no_clock(client):
    answers = [
        await client.get("/sandbox/v1/worlds/404/clock"),
        await client.post("/sandbox/v1/worlds/404/clock", json={"advance": "PT1H"}),
        await client.get("/sandbox/v1/worlds/404/deadlines"),
        await client.get("/sandbox/v1/worlds/404/notifications"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert answers[0].json() == {
        "status": "ERROR",
        "errors": [{"code": "NOT_FOUND", "message": "World not found 404"}],
    }


async def test_the_key_shows_the_new_time_at_once(services, client, world):
    await services.keys.find(world["apiKey"])

    await client.post(clock_of(world), json={"to": "2026-04-01T00:00:00Z"})

    found = services.keys.cached(world["apiKey"])
    assert found.clock.now() == datetime(2026, 4, 1, tzinfo=UTC)
    assert found.clock == await worlds.clock_of(services.database, world["id"])


async def test_other_worlds_stay_where_they_are(services, client, world):
    other = (await client.post("/sandbox/v1/worlds", json={"now": "2026-03-02T09:00:00Z"})).json()
    order = await place(services, other)

    await client.post(clock_of(world), json={"advance": "P1D"})

    assert datetime.fromisoformat((await client.get(clock_of(other))).json()["now"]) < minutes(1)
    assert await state_of(services, order) is Substatus.WAITING_USER_INPUT


async def test_two_jumps_at_once_follow_each_other(services, client, world):
    for second in range(5):
        await place(services, world, at=MONDAY + timedelta(seconds=second))
    start = (await client.get(clock_of(world))).json()["now"]

    answers = await asyncio.gather(*(client.post(clock_of(world), json={"advance": "PT1H"}) for _ in range(3)))

    jumps = sorted((answer.json() for answer in answers), key=lambda jump: jump["now"])
    assert [jump["ran"] for jump in jumps] == [5, 0, 0]
    hours = [datetime.fromisoformat(jump["now"]) - datetime.fromisoformat(start) for jump in jumps]
    assert hours == [timedelta(hours=hour) for hour in (1, 2, 3)]


async def test_two_processes_take_turns_at_a_clock(database, fresh_url):
    other = await type(database).open(fresh_url)
    async with (
        playground.services_on(database) as services,
        playground.client_of(services) as client,
        playground.services_on(other) as services_there,
        playground.client_of(services_there) as client_there,
    ):
        world = (await client.post("/sandbox/v1/worlds", json={"now": "2026-03-02T09:00:00Z", "frozen": True})).json()
        for second in range(5):
            await place(services, world, at=MONDAY + timedelta(seconds=second))

        answers = await asyncio.gather(
            *(one.post(clock_of(world), json={"advance": "PT1H"}) for one in (client, client_there, client))
        )

    assert sorted(answer.json()["ran"] for answer in answers) == [0, 0, 5]
    await other.close()


class TestTheSameRequestAgain:
    """With an Idempotency-Key a jump is made once."""

    async def test_is_answered_the_same_and_moves_nothing(self, services, client, world):
        await place(services, world)
        ask = {"json": {"advance": "PT1H"}, "headers": {"Idempotency-Key": "one"}}

        first = await client.post(clock_of(world), **ask)
        again = await client.post(clock_of(world), **ask)

        assert first.json()["ran"] == 1
        assert again.content == first.content
        assert (await client.get(clock_of(world))).json()["now"] == first.json()["now"]

    async def test_at_the_same_time_is_made_once_too(self, services, client, world):
        await place(services, world)
        ask = {"json": {"advance": "PT1H"}, "headers": {"Idempotency-Key": "one"}}

        answers = await asyncio.gather(*(client.post(clock_of(world), **ask) for _ in range(4)))

        assert {answer.content for answer in answers} == {answers[0].content}
        assert answers[0].json()["ran"] == 1

    async def test_with_another_body_is_refused(self, client, world):
        key = {"Idempotency-Key": "one"}
        first = await client.post(clock_of(world), json={"advance": "PT1H"}, headers=key)

        other = await client.post(clock_of(world), json={"advance": "PT2H"}, headers=key)

        assert (other.status_code, other.json()["status"]) == (409, "ERROR")
        assert (await client.get(clock_of(world))).json()["now"] == first.json()["now"]

    async def test_of_another_world_is_another_request(self, client, world):
        other = (await client.post("/sandbox/v1/worlds", json={})).json()
        ask = {"json": {"advance": "PT1H"}, "headers": {"Idempotency-Key": "one"}}

        answers = [await client.post(clock_of(one), **ask) for one in (world, other)]

        assert [answer.status_code for answer in answers] == [200, 200]

    async def test_after_a_refusal_is_looked_at_afresh(self, client, world):
        ask = {"json": {"to": "2026-03-02T08:00:00Z"}, "headers": {"Idempotency-Key": "one"}}

        answers = [(await client.post(clock_of(world), **ask)).status_code for _ in range(2)]

        assert answers == [400, 400]

    async def test_freezes_once(self, client, world):
        ask = {"json": {"frozen": False}, "headers": {"Idempotency-Key": "one"}}
        first = await client.post(clock_of(world), **ask)
        await client.post(clock_of(world), json={"frozen": True})

        again = await client.post(clock_of(world), **ask)

        assert again.content == first.content
        assert (await client.get(clock_of(world))).json()["frozen"] is True

    @pytest.mark.parametrize("key", ["", "k" * 201])
    async def test_needs_a_key_that_can_be_kept(self, client, world, key):
        answer = await client.post(clock_of(world), json={"advance": "PT1H"}, headers={"Idempotency-Key": key})

        assert answer.status_code == 400


class TestAJumpThatWasInterrupted:
    """The process died on the way: the target is written down, the clock is not there yet."""

    async def test_is_carried_on_by_the_next_one(self, services, client, world):
        order = await place(services, world)
        await jumps.begin(services.database, world["id"], to=minutes(60), key=None)

        jumped = (await client.post(clock_of(world), json={"advance": "PT10M"})).json()

        assert jumped == {"now": "2026-03-02T10:10:00Z", "frozen": True, "ran": 0}
        assert await state_of(services, order) is Substatus.USER_NOT_PAID

    async def test_is_carried_on_by_itself(self, services, world):
        order = await place(services, world)
        await jumps.begin(services.database, world["id"], to=minutes(60), key=None)
        assert world["id"] in await jumps.interrupted(services.database)

        await clocks.of_worlds(services).carry_on_all()

        assert world["id"] not in await jumps.interrupted(services.database)
        assert (await worlds.clock_of(services.database, world["id"])).now() == minutes(60)
        assert await state_of(services, order) is Substatus.USER_NOT_PAID

    async def test_answers_the_same_request_with_all_that_it_did(self, services, client, world):
        await place(services, world)
        await place(services, world, at=minutes(5))
        ask = {"json": {"advance": "PT1H"}, "headers": {"Idempotency-Key": "one"}}

        with pytest.MonkeyPatch.context() as patch:
            settle = services.orders.settle

            async def settle_once(key, *, now):
                patch.setattr(services.orders, "settle", died)
                return await settle(key, now=now)

            patch.setattr(services.orders, "settle", settle_once)
            died_on_the_way = await client.post(clock_of(world), **ask)
        carried_on = await client.post(clock_of(world), **ask)
        again = await client.post(clock_of(world), **ask)

        assert died_on_the_way.status_code == 503
        assert carried_on.json()["ran"] == 2
        assert again.content == carried_on.content


async def died(key, *, now):
    """What is seen of a process that dies."""
    from korob.store.database import DatabaseGoneError

    raise DatabaseGoneError("the connection broke off")


async def test_one_order_that_trips_over_a_bug_does_not_stop_the_others(services, client, world, monkeypatch):
    bad = await place(services, world)
    good = await place(services, world, at=minutes(1))
    settle = services.orders.settle

    async def trips(key, *, now):
        if key.order_id == bad.id:
            raise KeyError("a bug")
        return await settle(key, now=now)

    monkeypatch.setattr(services.orders, "settle", trips)

    jumped = (await client.post(clock_of(world), json={"advance": "PT1H"})).json()

    assert jumped["ran"] == 1
    assert jumped["failed"] == [bad.id]
    assert await state_of(services, good) is Substatus.USER_NOT_PAID


async def test_a_world_is_deleted_after_the_jump_that_is_under_way(services, client, world, monkeypatch):
    for second in range(20):
        await place(services, world, at=MONDAY + timedelta(seconds=second))

    under_way, settle, deleting = asyncio.Event(), services.orders.settle, None

    async def held(key, *, now):
        under_way.set()
        while deleting is None:
            await asyncio.sleep(0)
        return await settle(key, now=now)

    monkeypatch.setattr(services.orders, "settle", held)
    jump = asyncio.create_task(client.post(clock_of(world), json={"advance": "PT1H"}))
    await under_way.wait()
    deleting = asyncio.create_task(client.delete(f"/sandbox/v1/worlds/{world['id']}"))
    deleted = await deleting

    assert jump.done()
    assert (await jump).json()["ran"] == 20
    assert deleted.status_code == 200
    async with services.database.connection() as connection:
        left = await connection.fetchval(
            """
            SELECT (SELECT count(*) FROM orders WHERE business_id = $1)
                 + (SELECT count(*) FROM history WHERE business_id = $1)
                 + (SELECT count(*) FROM outbox WHERE business_id = $1)
            """,
            world["id"],
        )
    assert left == 0
