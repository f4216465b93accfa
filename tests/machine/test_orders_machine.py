"""A machine plays seller, buyer, carrier and clock on several orders at once, and compares with a model of its own."""

import asyncio
import os
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from tests.machine import expected
from tests.machine.expected import Expected, Position, Running
from tests.world import MONDAY, Loop, World, an_item

EXAMPLES = int(os.environ.get("KOROB_MACHINE_EXAMPLES", "30"))
STEPS = 40
ORDERS_MAX = 8
MOSCOW = ZoneInfo("Europe/Moscow")
ONE = st.integers(0, 59)
"""Which of several: counted around."""
WANTED = st.tuples(st.sampled_from([5, 300, 500, 900, 40_000]), st.integers(1, 4))
"""Price and count of a position."""
TARGETS = [expected.READY, expected.SHIPPED, expected.ON_THE_WAY, expected.AT_THE_POINT, expected.DELIVERED]
ACTS = [
    *[("CARRIER", "RECEIVE"), ("CARRIER", "ARRIVE"), ("CARRIER", "DELIVER")],
    *[("MARKET", "PACK"), ("MARKET", "ASSEMBLE"), ("MARKET", "SHIP")],
]
SHOWN = [
    *("DBS items", "DBS boxes", "DBS status", "DBS acts", "FBS boxes", "FBS status", "FBS acts"),
    *("LAAS status", "LAAS update", "LAAS acts"),
]
"""Models, and last words of paths, of requests that must have succeeded a few times at least."""
WAITS = {
    "PT1S": timedelta(seconds=1),
    "PT2.999S": timedelta(seconds=2.999),
    "PT3S": timedelta(seconds=3),
    "PT30M": timedelta(minutes=30),
    "PT47H59M59.999S": timedelta(hours=47, minutes=59, seconds=59.999),
    "PT0.001S": timedelta(seconds=0.001),
    "PT48H": timedelta(hours=48),
}


class Play(RuleBasedStateMachine):
    """A world, some orders in it, and what they must be."""

    loop: Loop
    succeeded: Counter

    def __init__(self):
        super().__init__()
        self.world = self.loop.run(World.make(self.loop.http, limits=False))
        self.now = datetime.fromisoformat(MONDAY)
        self.orders: list[Expected] = []

    # What happens

    @initialize(wanted=st.lists(WANTED, min_size=2, max_size=3))
    def there_are_orders(self, wanted):
        for model, payment in (("DBS", "later"), ("DBS", "now"), ("FBS", "later"), ("LAAS", "now")):
            self.somebody_orders(model, payment, wanted)

    @precondition(lambda self: len(self.orders) < ORDERS_MAX)
    @rule(
        model=st.sampled_from(["DBS", "FBS", "LAAS"]),
        payment=st.sampled_from(["later", "now", "not yet"]),
        wanted=st.lists(WANTED, min_size=1, max_size=3),
    )
    def somebody_orders(self, model, payment, wanted):
        how = {} if payment == "later" else {"paymentType": "PREPAID", "paid": payment == "now"}
        if model == "LAAS":
            how = {}
        items = [an_item(f"SKU-{place}", price=price, count=count) for place, (price, count) in enumerate(wanted)]
        placed = self.loop.run(
            self.world.place(model, *items, delivery={"outletStorageLimitDate": "31-12-2027"}, **how)
        )
        prepaid = placed["paymentType"] == "PREPAID"
        order = Expected(
            id=placed["id"],
            campaign_id=placed["campaignId"],
            model=model,
            state=expected.UNPAID if how.get("paid") is False else expected.STARTED,
            positions={
                item["id"]: Position(price, count) for item, (price, count) in zip(placed["items"], wanted, strict=True)
            },
            prepaid=prepaid,
            placed_at=self.now,
            recipient=placed["delivery"]["address"]["recipient"],
            paid=prepaid and how.get("paid") is not False,
        )
        self.orders.append(order)
        self.agree(order)

    @rule(which=ONE, place=ONE, fewer=st.integers(1, 3), named=st.booleans(), more=st.sampled_from([0, 0, 0, 1]))
    def the_seller_takes_units_out(self, which, place, fewer, named, more):
        order = self.one(which, lambda order: order.model == "DBS" and order.state == expected.STARTED)
        counts = {item_id: position.count + more for item_id, position in order.positions.items()}
        item_id = list(counts)[place % len(counts)]
        counts[item_id] = max(0, counts[item_id] - fewer)
        if not named:
            counts = {item_id: count for item_id, count in counts.items() if count} or counts
        answer = self.loop.run(self.world.keep(wire(order), counts))

        self.is_done(order, answer, 200 if order.reduces(counts) else 400)

    @rule(which=ONE, together=st.booleans(), short=st.integers(0, 3), allow_remove=st.booleans())
    def the_seller_packs(self, which, together, short, allow_remove):
        order = self.one(which, lambda order: order.model != "LAAS" and order.state == expected.STARTED)
        counts = {item_id: position.count for item_id, position in order.positions.items()}
        # One of the units may be missing.
        if short < len(counts):
            counts[list(counts)[short]] -= 1
        counts = {item_id: count for item_id, count in counts.items() if count}
        boxes = [counts] if together or not counts else [{item_id: count} for item_id, count in counts.items()]
        layout = [[{"id": item_id, "fullCount": count} for item_id, count in box.items()] for box in boxes]
        answer = self.loop.run(self.world.pack(wire(order), *layout, allowRemove=allow_remove))

        self.is_done(order, answer, 200 if counts and order.packs(boxes, allow_remove=allow_remove) else 400)

    @rule(which=ONE, goal=st.sampled_from(TARGETS))
    def the_seller_moves(self, which, goal):
        order = self.one(which, lambda order: (order.state, goal) in expected.SELLERS_MOVES[order.model])
        answer = self.loop.run(self.world.move(wire(order), goal[0], goal[1] if goal[0] == "PROCESSING" else None))

        self.is_done(order, answer, 200 if order.moves(goal) else 400)

    @rule(which=ONE)
    def the_seller_cancels(self, which):
        order = self.one(which, lambda order: order.state != expected.STARTED)
        answer = self.loop.run(self.world.move(wire(order), "CANCELLED", "SHOP_FAILED"))

        operation = answer.json().get("operation", {}).get("id")
        done = order.is_cancelled_by_the_seller("SHOP_FAILED", operation, self.now)
        self.is_done(order, answer, 200 if done else 400)

    @rule(which=ONE, act=st.sampled_from(ACTS))
    def others_move(self, which, act):
        order = self.one(which, lambda order: order.state in expected.OTHERS_MOVES[order.model].get(act, {}))
        answer = self.loop.run(self.world.act(wire(order), *act))

        self.is_done(order, answer, 200 if order.is_acted_on(*act) else 400)

    @precondition(lambda self: any(order.state == expected.UNPAID for order in self.orders))
    @rule(which=ONE)
    def the_buyer_pays(self, which):
        order = self.one(which, lambda order: order.state == expected.UNPAID)
        answer = self.loop.run(self.world.act(wire(order), "BUYER", "PAY"))

        self.is_done(order, answer, 200 if order.pays() else 400)

    @rule(which=ONE)
    def the_buyer_cancels(self, which):
        order = self.one(which, lambda order: order.status in {"DELIVERY", "PICKUP"})
        answer = self.loop.run(self.world.act(wire(order), "BUYER", "CANCEL"))

        self.is_done(order, answer, 200 if order.buyer_cancels(self.now) else 400)

    @precondition(lambda self: any(order.asked_at for order in self.orders))
    @rule(which=ONE, accepted=st.booleans(), twice=st.booleans())
    def the_seller_answers(self, which, accepted, twice):
        """Only one answer counts, also when two are given at once."""
        order = self.one(which, lambda order: order.asked_at is not None)
        answers = self.loop.run(self._answers(order, accepted, 2 if twice else 1))

        took = [answer for answer in answers if answer.status_code == 200]
        assert len(took) == order.is_answered(accepted=accepted)
        assert {answer.status_code for answer in answers} <= {200, 400}
        self.agree(order)

    @rule(which=ONE, recipient=st.sampled_from(["", "Орлова", "Ким"]), ahead=st.integers(0, 3))
    def the_seller_updates(self, which, recipient, ahead):
        parcels = [order for order in self.orders if order.model == "LAAS"]
        order = parcels[which % len(parcels)]
        wanted: dict = {"id": order.id}
        kinds = []
        recipient = recipient or ("" if ahead else "Ли")
        if recipient:
            wanted["customer"] = {"firstName": "Анна", "lastName": recipient, "phone": "+79990000002"}
            kinds.append("ORDER_RECIPIENT_UPDATE")
        day = (self.now.astimezone(MOSCOW) + timedelta(days=ahead)).date()
        if ahead:
            wanted["deliveryInterval"] = {
                "deliveryDateInterval": {"fromDate": f"{day}", "toDate": f"{day}"},
                "deliveryTimeInterval": {"fromTime": "10:00", "toTime": "14:00"},
            }
            kinds.append("ORDER_DELIVERY_INTERVAL_UPDATE")
        answer = self.loop.run(
            self.world.seller("POST", f"/v1/campaigns/{order.campaign_id}/orders/update", {"order": wanted})
        )

        begun = answer.json()["result"]["operations"] if answer.status_code == 200 else []
        done = order.updates(
            [
                Running(
                    one["id"], one["type"], self.now + expected.OPERATION_TAKES, f"{recipient} Анна", f"{day:%d-%m-%Y}"
                )
                for one in begun
            ]
        )
        assert [one["type"] for one in begun] == (kinds if done else [])
        self.is_done(order, answer, 200 if done else 400)

    @rule(wait=st.sampled_from(list(WAITS)))
    def time_passes(self, wait):
        shown = self.loop.run(self.world.clock(advance=wait))

        self.now += WAITS[wait]
        assert datetime.fromisoformat(shown["now"]) == self.now
        for order in self.orders:
            order.time_passes(self.now)
            self.agree(order)

    # What must be so

    def one(self, which: int, likely: Callable[[Expected], bool] = bool) -> Expected:
        """One of those with which it should work; sometimes any."""
        among = [order for order in self.orders if likely(order)] if which % 5 else []
        among = among or self.orders
        return among[which % len(among)]

    async def _answers(self, order, accepted, times):
        reason = None if accepted else "ORDER_IN_DELIVERY"
        work = [self.world.answer_cancellation(wire(order), accepted=accepted, reason=reason) for _ in range(times)]
        return await asyncio.gather(*work)

    def is_done(self, order, answer, status):
        assert answer.status_code == status, answer.text
        if status == 200:
            self.succeeded[f"{order.model} {answer.request.url.path.rsplit('/', 1)[1]}"] += 1
        self.agree(order)

    def agree(self, order):
        """What the seller reads is what must be: state, amounts, counts, boxes."""
        read = self.loop.run(self.world.read(wire(order)))
        assert (read["status"], read["substatus"]) == order.state
        assert {item["id"]: item["count"] for item in read["items"]} == {
            item_id: position.count for item_id, position in order.positions.items()
        }
        assert (read["itemsTotal"], read["buyerItemsTotal"]) == (order.total, order.total)
        assert read["buyerTotal"] == order.total + read["deliveryTotal"]
        assert read["cancelRequested"] == (order.asked_at is not None)
        boxes = read["delivery"]["shipments"][0]["boxes"]
        assert [box["fulfilmentId"] for box in boxes] == [
            f"{order.id}-{place}" for place in range(1, 1 + max(1, len(order.boxes)))
        ]
        if order.model == "LAAS":
            assert read["delivery"]["address"]["recipient"] == order.recipient
        if order.day:
            assert read["delivery"]["dates"]["fromDate"] == order.day

    def teardown(self):
        for order in self.orders:
            self.loop.run(self._in_full(order))

    async def _in_full(self, order):
        """History without gaps, one end of each operation, money back, and a notice of each event."""
        known = await self.world.know(wire(order))
        history = known["history"]
        assert [row["version"] for row in history] == list(range(1, len(history) + 1))
        assert (history[-1]["status"], history[-1]["substatus"]) == order.state
        moments = [datetime.fromisoformat(row["at"]) for row in history]
        assert moments == sorted(moments)
        assert len([row for row in history if row["act"] != "PAY_REFUNDS"]) == order.versions
        assert sum(refund["amount"] for refund in known["refunds"] if "itemId" in refund) == order.refunded
        operations = {one["id"]: one["status"] for one in known["operations"]}
        assert operations == {one.id: "IN_PROGRESS" for one in order.running} | order.ended
        ends = Counter(event["id"] for row in history for event in row["events"] if event["event"] == "OperationEnded")
        assert ends == dict.fromkeys(order.ended, 1)
        notices = await self.world.notifications(wire(order))
        assert [one["type"] for one in notices] == order.told


def wire(order: Expected) -> dict:
    return {"id": order.id, "campaignId": order.campaign_id}


@pytest.fixture
def loop(shared_url):
    loop = Loop(shared_url)
    yield loop
    loop.close()


def test_whatever_is_played_orders_are_what_they_must_be(loop):
    succeeded = Counter()
    machine = type("Play", (Play,), {"loop": loop, "succeeded": succeeded})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate] if "CI" in os.environ else [Phase.generate, Phase.shrink],
        ),
    )

    # A machine that is always refused shows nothing.
    assert all(succeeded[what] >= EXAMPLES // 10 for what in SHOWN), succeeded
