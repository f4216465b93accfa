"""A seller, a buyer and a clock play on several orders; after each step Korob is compared with a small model."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    multiple,
    rule,
    run_state_machine_as_test,
)

from tests.machine.small_model import FINAL, MOVES, TAKES, Modelled, Started
from tests.world import Loop, World, an_item

BEGINS = datetime(2026, 3, 2, 9, tzinfo=UTC)
ORDERS_MAX = 4
DAYS_MAX = timedelta(days=9)
"""No longer than a parcel may wait at a pickup point."""
COUNTS = st.integers(1, 4)
PRICES = st.sampled_from([1, 50, 100, 999, 10_000])
PASSING = [
    timedelta(milliseconds=1),
    timedelta(seconds=1),
    TAKES,
    timedelta(hours=1),
    timedelta(hours=48) - timedelta(milliseconds=1),
    timedelta(hours=48),
]


class OrdersMachine(RuleBasedStateMachine):
    """Everything that may happen to a handful of orders in one world."""

    loop: Loop
    orders: Bundle[Modelled] = Bundle("orders")

    @initialize()
    def a_world(self) -> None:
        self.world: World = self.loop.run(World.make(self.loop.http, limits=False))
        self.now = BEGINS
        self.known: list[Modelled] = []

    # What happens

    @rule(target=orders, goods=st.lists(st.tuples(PRICES, COUNTS), min_size=1, max_size=3), prepaid=st.booleans())
    def a_buyer_orders(self, goods: list[tuple[int, int]], prepaid: bool):
        if len(self.known) == ORDERS_MAX:
            return multiple()
        payment = {"paymentType": "PREPAID", "paymentMethod": "YANDEX", "paid": True} if prepaid else {}
        return self._placed("DBS", goods, payment)

    @rule(target=orders, goods=st.lists(st.tuples(PRICES, COUNTS), min_size=1, max_size=2))
    def a_shop_orders_from_the_markets_warehouse(self, goods: list[tuple[int, int]]):
        if len(self.known) == ORDERS_MAX:
            return multiple()
        return self._placed("LAAS", goods, {})

    @rule(order=orders, data=st.data())
    def the_seller_keeps_some_units(self, order: Modelled, data: st.DataObject) -> None:
        wanted = {item: data.draw(st.integers(0, count + 1)) for item, count in order.counts.items()}
        gone = {item: count - wanted[item] for item, count in order.counts.items() if wanted[item] < count}
        grows = any(wanted[item] > count for item, count in order.counts.items())

        answer = self.loop.run(self.world.keep(order.placed, wanted))

        may = order.model == "DBS" and order.substatus == "STARTED" and not grows and order.may_lose(gone)
        assert answer.status_code == (200 if may else 400), answer.text
        if may and gone:
            order.lose(gone)
            order.boxes = []
        self._compare(order)

    @rule(order=orders, data=st.data(), allow_remove=st.booleans())
    def the_seller_packs(self, order: Modelled, data: st.DataObject, allow_remove: bool) -> None:
        packed = {item: data.draw(st.integers(0, count)) for item, count in order.counts.items()}
        first = {item: data.draw(st.integers(0, count)) for item, count in packed.items()}
        second = {item: count - first[item] for item, count in packed.items()}
        boxes = [{item: count for item, count in box.items() if count} for box in (first, second)]
        boxes = [box for box in boxes if box]
        gone = {item: count - packed[item] for item, count in order.counts.items() if packed[item] < count}

        answer = self.loop.run(
            self.world.pack(
                order.placed,
                *([{"id": item, "fullCount": count} for item, count in box.items()] for box in boxes),
                allowRemove=allow_remove,
            )
        )

        open_for_it = order.model == "DBS" and order.substatus == "STARTED" and bool(boxes)
        may = open_for_it and (not gone or (allow_remove and order.may_lose(gone)))
        assert answer.status_code == (200 if may else 400), answer.text
        if may:
            assert len({box["boxId"] for box in answer.json()["result"]["boxes"]}) == len(boxes)
            order.lose(gone)
            order.boxes = boxes
        self._compare(order)

    @rule(
        order=orders,
        wanted=st.sampled_from(sorted({state for states in MOVES.values() for state in states})),
    )
    def the_seller_moves_the_order(self, order: Modelled, wanted: tuple[str, str]) -> None:
        answer = self.loop.run(self.world.move(order.placed, *wanted))

        may = order.model == "DBS" and wanted in MOVES.get((order.status, order.substatus), set())
        assert answer.status_code == (200 if may else 400), answer.text
        if may:
            order.move(*wanted)
        self._compare(order)

    @rule(order=orders)
    def the_seller_cancels(self, order: Modelled) -> None:
        answer = self.loop.run(self.world.move(order.placed, "CANCELLED", "SHOP_FAILED"))

        cancelling = any(one.type == "ORDER_STATUS_UPDATE" and not one.ended for one in order.started)
        may = order.status not in FINAL and not cancelling
        assert answer.status_code == (200 if may else 400), answer.text
        if may and order.model == "LAAS":
            operation = answer.json()["operation"]
            order.started.append(Started(operation["id"], operation["type"], self.now + TAKES))
        elif may:
            order.move("CANCELLED", "SHOP_FAILED")
        self._compare(order)

    @rule(order=orders)
    def the_buyer_wants_to_cancel(self, order: Modelled) -> None:
        answer = self.loop.run(self.world.act(order.placed, "BUYER", "CANCEL"))

        may = order.ask(self.now)
        assert answer.status_code == (200 if may else 400), answer.text
        self._compare(order)

    @rule(order=orders, accepted=st.booleans())
    def the_seller_answers(self, order: Modelled, accepted: bool) -> None:
        reason = None if accepted else "ORDER_IN_DELIVERY"

        answer = self.loop.run(self.world.answer_cancellation(order.placed, accepted=accepted, reason=reason))

        may = order.asked_at is not None
        assert answer.status_code == (200 if may else 400), answer.text
        if may:
            order.asked_at = None
            if accepted:
                order.move("CANCELLED", "USER_CHANGED_MIND")
        self._compare(order)

    @rule(
        order=orders, name=st.sampled_from(["Ольга", "Пётр", None]), hours=st.sampled_from([("10:00", "14:00"), None])
    )
    def the_shop_updates_a_market_order(self, order: Modelled, name: str | None, hours: tuple[str, str] | None) -> None:
        wanted: dict = {"id": order.placed["id"]}
        kinds = []
        if name:
            wanted["customer"] = {"firstName": name, "lastName": "Иванов", "phone": "+79990001122"}
            kinds.append("ORDER_RECIPIENT_UPDATE")
        if hours:
            day = f"{self.now + timedelta(days=10):%Y-%m-%d}"
            wanted["deliveryInterval"] = {
                "deliveryDateInterval": {"fromDate": day, "toDate": day},
                "deliveryTimeInterval": {"fromTime": hours[0], "toTime": hours[1]},
            }
            kinds.append("ORDER_DELIVERY_INTERVAL_UPDATE")
        path = f"/v1/campaigns/{order.placed['campaignId']}/orders/update"

        answer = self.loop.run(self.world.seller("POST", path, {"order": wanted}))

        cancelling = any(one.type == "ORDER_STATUS_UPDATE" and not one.ended for one in order.started)
        may = order.model == "LAAS" and order.status not in FINAL and not cancelling and bool(kinds)
        assert answer.status_code == (200 if may else 400), answer.text
        if may:
            begun = answer.json()["result"]["operations"]
            assert [one["type"] for one in begun] == kinds
            order.started += [Started(one["id"], one["type"], self.now + TAKES) for one in begun]
        self._compare(order)

    @rule(passing=st.sampled_from(PASSING))
    def time_passes(self, passing: timedelta) -> None:
        if self.now + passing > BEGINS + DAYS_MAX:
            return
        self.now += passing

        clock = self.loop.run(self.world.clock(to=self.now.isoformat()))

        assert datetime.fromisoformat(clock["now"]) == self.now
        for order in self.known:
            order.let_pass(self.now)
            self._compare(order)

    @rule(order=consumes(orders))
    def an_order_is_left_alone_from_now_on(self, order: Modelled) -> None:
        self._compare(order)

    # What must hold

    def teardown(self) -> None:
        if not hasattr(self, "known"):
            return
        told = self.loop.run(self.world.notifications())
        for order in self.known:
            self._compare(order)
            self._compare_in_full(order)
            assert [one["type"] for one in told if one["body"]["orderId"] == order.placed["id"]] == order.told

    def _placed(self, model: str, goods: list[tuple[int, int]], more: dict) -> Modelled:
        items = [an_item(f"SKU-{place}", price=price, count=count) for place, (price, count) in enumerate(goods)]
        placed = self.loop.run(self.world.place(model, *items, **more))
        prices = {item["id"]: price for item, (price, _) in zip(placed["items"], goods, strict=True)}
        counts = {item["id"]: count for item, (_, count) in zip(placed["items"], goods, strict=True)}
        order = Modelled(placed, model, prices, counts)
        self.known.append(order)
        self._compare(order)
        return order

    def _compare(self, order: Modelled) -> None:
        seen = self.loop.run(self.world.read(order.placed))
        assert (seen["status"], seen["substatus"]) == (order.status, order.substatus)
        assert {item["id"]: item["count"] for item in seen["items"]} == order.counts
        assert seen["itemsTotal"] == order.total
        assert seen["buyerTotal"] == seen["itemsTotal"] + seen["deliveryTotal"]
        assert seen["cancelRequested"] is (order.asked_at is not None)
        assert len(seen["delivery"]["shipments"][0]["boxes"]) == max(1, len(order.boxes))

    def _compare_in_full(self, order: Modelled) -> None:
        known = self.loop.run(self.world.know(order.placed))
        versions = [row["version"] for row in known["history"]]
        assert versions == list(range(1, len(versions) + 1))
        assert all(refund["amount"] > 0 for refund in known["refunds"])
        ended = {one["id"]: one["status"] for one in known["operations"]}
        assert ended == {one.id: one.ended or "IN_PROGRESS" for one in order.started}
        finals = [
            event["id"] for row in known["history"] for event in row["events"] if event["event"] == "OperationEnded"
        ]
        assert sorted(finals) == sorted(one.id for one in order.started if one.ended)


@pytest.fixture
def loop(shared_url):
    korob = Loop(shared_url)
    yield korob
    korob.close()


def test_whatever_seller_buyer_and_clock_do_korob_and_the_model_agree(loop):
    played = type("Played", (OrdersMachine,), {"loop": loop})

    run_state_machine_as_test(
        played,
        settings=settings(
            max_examples=25,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )
