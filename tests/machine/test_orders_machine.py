"""A machine plays seller, buyer, carrier and clock on several orders at once, and compares with a model of its own."""

import asyncio
import itertools
import os
import random
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from tests.examples import a_cis
from tests.machine import expected, moves
from tests.machine.expected import Expected, Position, Running
from tests.world import MONDAY, Loop, World, an_item

EXAMPLES = int(os.environ.get("KOROB_MACHINE_EXAMPLES", "30"))
STEPS = 60
ORDERS_MAX = 12
AT_ONCE = 3
MOSCOW = ZoneInfo("Europe/Moscow")
ONE = st.integers(0, 59)
"""Which of several: counted around."""
WANTED = st.tuples(st.sampled_from([5, 300, 500, 900, 40_000]), st.integers(1, 4))
"""Price and count of a position."""
TARGETS = [moves.READY, moves.SHIPPED, moves.ON_THE_WAY, moves.AT_THE_POINT, moves.DELIVERED]
ACTS = sorted({act for acts in moves.OTHERS_MOVES.values() for act in acts})
SHOWN = [
    *("DBS items", "DBS boxes", "DBS status", "DBS acts", "FBS boxes", "FBS status", "FBS acts"),
    *("LAAS status", "LAAS update", "LAAS acts", "FBY acts", "EXPRESS acts", "EXPRESS status", "EXPRESS verifyEac"),
    *("date", "track", "storage-limit", "identifiers", "external-id", "deliverDigitalGoods"),
]
"""Last words of paths, with models or for all, of requests that must have succeeded a few times at least."""
BROUGHT = {
    "DBS": [moves.ON_THE_WAY, moves.AT_THE_POINT],
    "FBS": [moves.READY],
    "EXPRESS": [moves.READY, ("CARRIER", "SEARCH"), ("CARRIER", "FIND")],
    "DIGITAL": [],
    "FBY": [],
    "LAAS": [("MARKET", "PACK")],
}
"""Orders that have come some way before the play begins."""
KEPT_UNTIL = date(2026, 3, 20)
"""How long a point keeps what comes there, if nobody changes that."""
WAITS = {
    "PT1S": timedelta(seconds=1),
    "PT2.999S": timedelta(seconds=2.999),
    "PT3S": timedelta(seconds=3),
    "PT5S": timedelta(seconds=5),
    "PT30M": timedelta(minutes=30),
    "PT47H59M59.999S": timedelta(hours=47, minutes=59, seconds=59.999),
    "PT0.001S": timedelta(seconds=0.001),
    "PT48H": timedelta(hours=48),
}


SEED = 1
"""Of what is played, each time the same."""


class Play(RuleBasedStateMachine):
    """A world, some orders in it, and what they must be."""

    loop: Loop
    succeeded: Counter

    def __init__(self):
        super().__init__()
        self.world = self.loop.run(World.make(self.loop.http, limits=False))
        self.now = datetime.fromisoformat(MONDAY)
        self.orders: list[Expected] = []
        self.numbers = itertools.count(1)
        self.chance = random.Random(7)  # noqa: S311

    # What happens

    @initialize(wanted=st.lists(WANTED, min_size=2, max_size=3))
    def there_are_orders(self, wanted):
        for model, payment in (("DBS", "later"), ("DBS", "now"), ("FBS", "later")):
            self.somebody_orders(model, payment, wanted)
        for model, goals in BROUGHT.items():
            self.somebody_orders(model, "now", wanted)
            for goal in goals:
                self.is_brought(self.orders[-1], goal)

    def is_brought(self, order, goal):
        """The next step of an order that is brought somewhere before the play begins."""
        if goal in ACTS:
            answer, done = self.loop.run(self.world.act(wire(order), *goal)), order.is_acted_on(*goal, self.now)
        else:
            answer, done = self.loop.run(self.world.move(wire(order), *goal)), order.moves(goal, self.now)
        self.is_done(order, answer, 200 if done else 400)
        assert done

    @precondition(lambda self: len(self.orders) < ORDERS_MAX)
    @rule(
        model=st.sampled_from(list(moves.SELLERS_MOVES)),
        payment=st.sampled_from(["later", "now", "not yet"]),
        wanted=st.lists(WANTED, min_size=1, max_size=3),
    )
    def somebody_orders(self, model, payment, wanted):
        how = {} if payment == "later" else {"paymentType": "PREPAID", "paid": payment == "now"}
        if model == "LAAS":
            how = {}
        delivery = {"digital": {"type": "EMAIL"}} if model == "DIGITAL" else {"outletStorageLimitDate": f"{KEPT_UNTIL}"}
        items = [an_item(f"SKU-{place}", price=price, count=count) for place, (price, count) in enumerate(wanted)]
        placed = self.loop.run(self.world.place(campaign_of(model), *items, delivery=delivery, **how))
        prepaid = placed["paymentType"] == "PREPAID"
        order = Expected(
            id=placed["id"],
            campaign_id=placed["campaignId"],
            model=model,
            state=moves.UNPAID if how.get("paid") is False else moves.STARTED,
            positions={
                item["id"]: Position(price, count) for item, (price, count) in zip(placed["items"], wanted, strict=True)
            },
            prepaid=prepaid,
            placed_at=self.now,
            recipient=placed["delivery"].get("address", {}).get("recipient", ""),
            since=self.now,
            day=datetime.strptime(placed["delivery"]["dates"]["fromDate"], "%d-%m-%Y").date(),
            kept_until=KEPT_UNTIL,
            paid=prepaid and how.get("paid") is not False,
        )
        self.orders.append(order)
        self.agree(order)

    @rule(which=ONE, place=ONE, fewer=st.integers(1, 3), named=st.booleans(), more=st.sampled_from([0, 0, 0, 1]))
    def the_seller_takes_units_out(self, which, place, fewer, named, more):
        order = self.one(which, lambda order: order.is_dbs and order.state == moves.STARTED)
        counts = {item_id: position.count + more for item_id, position in order.positions.items()}
        item_id = list(counts)[place % len(counts)]
        counts[item_id] = max(0, counts[item_id] - fewer)
        if not named:
            counts = {item_id: count for item_id, count in counts.items() if count} or counts
        answer = self.loop.run(self.world.keep(wire(order), counts))

        self.is_done(order, answer, 200 if order.reduces(counts) else 400)

    @rule(which=ONE, together=st.booleans(), short=st.integers(0, 3), allow_remove=st.booleans())
    def the_seller_packs(self, which, together, short, allow_remove):
        order = self.one(which, lambda order: order.model not in {"LAAS", "FBY"} and order.state == moves.STARTED)
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
        order = self.one(which, lambda order: (order.state, goal) in moves.SELLERS_MOVES[order.model])
        answer = self.loop.run(self.world.move(wire(order), goal[0], goal[1] if goal[0] == "PROCESSING" else None))

        self.is_done(order, answer, 200 if order.moves(goal, self.now) else 400)

    @rule(which=ONE)
    def the_seller_cancels(self, which):
        order = self.one(which, lambda order: order.state != moves.STARTED)
        answer = self.loop.run(self.world.move(wire(order), "CANCELLED", "SHOP_FAILED"))

        operation = answer.json().get("operation", {}).get("id")
        done = order.is_cancelled_by_the_seller("SHOP_FAILED", operation, self.now)
        self.is_done(order, answer, 200 if done else 400)

    @rule(which=ONE, what=ONE)
    def others_move(self, which, what):
        act = self.any_of(ACTS, what)
        order = self.one(which, lambda order: order.state in moves.OTHERS_MOVES[order.model].get(act, {}))
        answer = self.loop.run(self.world.act(wire(order), *act))

        self.is_done(order, answer, 200 if order.is_acted_on(*act, self.now) else 400)

    @precondition(lambda self: any(order.state == moves.UNPAID for order in self.orders))
    @rule(which=ONE)
    def the_buyer_pays(self, which):
        order = self.one(which, lambda order: order.state == moves.UNPAID)
        answer = self.loop.run(self.world.act(wire(order), "BUYER", "PAY"))

        self.is_done(order, answer, 200 if order.pays(self.now) else 400)

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
        assert len(took) == order.is_answered(self.now, accepted=accepted)
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
                Running(one["id"], one["type"], self.now + expected.OPERATION_TAKES, f"{recipient} Анна", day)
                for one in begun
            ]
        )
        assert [one["type"] for one in begun] == (kinds if done else [])
        self.is_done(order, answer, 200 if done else 400)

    @rule(what=ONE, which=ONE, how=ONE)
    def the_seller_does_something_else(self, what, which, how):
        """One rule for many requests, a few at a time, so that there are enough of each."""
        for _ in range(AT_ONCE):
            self.any_of(OTHER_REQUESTS, what)(self, which, how)

    def _puts_off(self, which, how):
        days = self.any_of([-3, -1, 0, 1, 2, 30, 31], how)
        order = self.one(which, lambda order: order.is_dbs and order.status in {"PROCESSING", "DELIVERY"})
        to = order.day + timedelta(days=days)
        body = {"dates": {"toDate": f"{to}"}, "reason": "USER_MOVED_DELIVERY_DATES"}
        answer = self.loop.run(self.world.seller("PUT", self.world.path(wire(order), "/delivery/date"), body))

        today = self.now.astimezone(MOSCOW).date()
        self.is_done(order, answer, 200 if order.is_put_off(to, today) else 400)

    def _keeps(self, which, how):
        days = self.any_of([1, 7, 30, 0, 31], how)
        order = self.one(which, lambda order: order.status == "PICKUP" and order.is_dbs and not order.kept_longer)
        body = {"newDate": f"{order.kept_until + timedelta(days=days)}"}
        answer = self.loop.run(self.world.seller("PUT", self.world.path(wire(order), "/delivery/storage-limit"), body))

        self.is_done(order, answer, 200 if order.is_kept_longer(days) else 400)

    def _tracks(self, which, how):
        service, code = how % 2 + 1, "AB"[how // 2 % 2]
        order = self.one(which, lambda order: order.is_dbs and not order.is_over)
        body = {"trackCode": code, "deliveryServiceId": service}
        answer = self.loop.run(self.world.seller("POST", self.world.path(wire(order), "/delivery/track"), body))

        self.is_done(order, answer, 200 if order.is_tracked(service, code) else 400)

    def _names(self, which, how):
        name = f"Б-{how}"
        order = self.one(
            which,
            lambda order: order.name is None and order.model in {"DBS", "FBS"} and order.state == moves.STARTED,
        )
        answer = self.loop.run(
            self.world.seller("POST", self.world.path(wire(order), "/external-id"), {"externalOrderId": name})
        )

        self.is_done(order, answer, 200 if order.is_named(name) else 400)

    def _marks(self, which, how):
        order = self.one(which, lambda order: order.is_dbs and order.state == moves.STARTED)
        item_id = list(order.positions)[how % len(order.positions)]
        instances = [{"cis": a_cis(next(self.numbers))} for _ in range(order.positions[item_id].count)]
        body = {"items": [{"id": item_id, "instances": instances}]}
        answer = self.loop.run(self.world.seller("PUT", self.world.path(wire(order), "/identifiers"), body))

        self.is_done(order, answer, 200 if order.is_coded(item_id) else 400)

    def _gives_keys(self, which, how):
        order = self.one(which, lambda order: order.model == "DIGITAL" and order.status == "PROCESSING")
        keys = [
            {
                "id": item_id,
                "codes": [f"K{next(self.numbers)}" for _ in range(position.count)],
                "slip": "Так",
                "activate_till": "9999-12-31",
            }
            for item_id, position in order.positions.items()
        ]
        path = self.world.path(wire(order), "/deliverDigitalGoods")
        answer = self.loop.run(self.world.seller("POST", path, {"items": keys}))

        self.is_done(order, answer, 200 if order.has_keys(self.now) else 400)

    def _asks(self, which, how):
        right = how % 3 == 0
        order = self.one(which, lambda order: order.model == "EXPRESS" and order.state[1].startswith("COURIER_"))
        known = self.loop.run(self.world.know(wire(order))).get("courierCode", {"code": "1234"})
        code = known["code"] if right else f"{known['code']}0"
        answer = self.loop.run(self.world.seller("PUT", self.world.path(wire(order), "/verifyEac"), {"code": code}))

        verdict = order.verdict_on(right=right)
        if verdict:
            assert answer.json()["result"]["verificationResult"] == verdict
        self.is_done(order, answer, 200 if verdict else 400)

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
        return self.any_of(among or self.orders, which)

    def any_of(self, options, number: int):
        """One of these. What is drawn is mostly small, and would mostly be the first."""
        return options[(number + self.chance.randrange(1000)) % len(options)]

    async def _answers(self, order, accepted, times):
        reason = None if accepted else "ORDER_IN_DELIVERY"
        work = [self.world.answer_cancellation(wire(order), accepted=accepted, reason=reason) for _ in range(times)]
        return await asyncio.gather(*work)

    def is_done(self, order, answer, status):
        assert answer.status_code == status, answer.text
        if status == 200:
            what = answer.request.url.path.rsplit("/", 1)[1]
            self.succeeded.update([what, f"{order.model} {what}"])
        # What came to its point too late is not kept there at all.
        order.time_passes(self.now)
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
        assert read["cancelRequested"] == order.is_wished_away
        boxes = read["delivery"]["shipments"][0]["boxes"]
        assert [box["fulfilmentId"] for box in boxes] == [
            f"{order.id}-{place}" for place in range(1, 1 + max(1, len(order.boxes)))
        ]
        if order.model == "LAAS":
            assert read["delivery"]["address"]["recipient"] == order.recipient
        assert read["delivery"]["dates"]["fromDate"] == f"{order.day:%d-%m-%Y}"
        assert {
            one["deliveryServiceId"]: one["trackCode"] for one in read["delivery"].get("tracks", ())
        } == order.tracks
        assert read.get("externalOrderId") == order.name
        assert {item["id"] for item in read["items"] if "instances" in item} == order.coded
        if order.is_dbs and order.model != "DIGITAL":
            assert read["delivery"]["outletStorageLimitDate"] == f"{order.kept_until:%d-%m-%Y}"

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


def campaign_of(model: str) -> str:
    return "DBS" if model == "DIGITAL" else model


OTHER_REQUESTS = [Play._puts_off, Play._keeps, Play._tracks, Play._names, Play._marks, Play._gives_keys, Play._asks]


def wire(order: Expected) -> dict:
    return {"id": order.id, "campaignId": order.campaign_id}


@pytest.fixture
def loop(shared_url):
    loop = Loop(shared_url)
    yield loop
    loop.close()


def test_whatever_is_played_orders_are_what_they_must_be(loop):
    succeeded = Counter()
    # Not derandomized by Hypothesis: it draws from the text of the machine, and each edit would be another play.
    machine = seed(SEED)(type("Play", (Play,), {"loop": loop, "succeeded": succeeded}))

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate] if "CI" in os.environ else [Phase.generate, Phase.shrink],
        ),
    )

    # A machine that is always refused shows nothing.
    assert [what for what in SHOWN if succeeded[what] < EXAMPLES // 10] == [], succeeded
