"""Dates, track codes, storage, couriers and buyers: as sellers' programs ask."""

import pytest

from tests.world import errors_of

ADDRESSED = {"delivery": {"dates": {"fromDate": "05-03-2026", "toDate": "05-03-2026"}}}
OUTLET = {"delivery": {"type": "PICKUP", "outletStorageLimitDate": "12-03-2026"}}


class TestDate:
    """setOrderDeliveryDate."""

    async def move(self, world, order, day, reason="USER_MOVED_DELIVERY_DATES"):
        body = {"dates": {"toDate": day}, "reason": reason}
        return await world.seller("PUT", world.path(order, "/delivery/date"), body)

    async def test_a_delivery_is_put_off_and_the_change_is_told(self, world):
        order = await world.place(**ADDRESSED)

        answer = await self.move(world, order, "2026-03-09")

        assert (answer.status_code, answer.json()) == (200, {"status": "OK"})
        dates = (await world.read(order))["delivery"]["dates"]
        assert (dates["fromDate"], dates["toDate"]) == ("09-03-2026", "09-03-2026")
        told = await world.notifications(order)
        assert [(one["type"], one["body"].get("updateType")) for one in told] == [
            ("ORDER_CREATED", None),
            ("ORDER_UPDATED", "DELIVERY_DATE_UPDATED"),
        ]

    async def test_the_fourth_change_is_one_too_many(self, world):
        order = await world.place(**ADDRESSED)

        answers = [await self.move(world, order, f"2026-03-{day:02}") for day in (6, 7, 8, 9)]

        assert [answer.status_code for answer in answers] == [200, 200, 200, 400]
        assert errors_of(answers[3]) == [
            ("EDIT_COUNT_EXCEEDED", "Exceeded the number of edits of delivery dates! limit is: 3")
        ]
        assert (await world.read(order))["delivery"]["dates"]["toDate"] == "08-03-2026"

    @pytest.mark.parametrize(
        ("day", "code", "message"),
        [
            ("2026-03-05", "SAME_DELIVERY_DATES", "New delivery dates are the same as the current!"),
            (
                "2026-04-05",
                "DAYS_COUNT_EXCEEDED",
                "Exceeded the number of days to edit delivery dates! limit is: 30 days",
            ),
            ("2026-03-01", "BAD_REQUEST", "Delivery date 2026-03-01 can't be in the past"),
            ("31-03-2026", "BAD_REQUEST", "Illegal input at dates.toDate"),
        ],
    )
    async def test_not_every_day_will_do(self, world, day, code, message):
        answer = await self.move(world, await world.place(**ADDRESSED), day)

        assert (answer.status_code, errors_of(answer)) == (400, [(code, message)])

    async def test_a_reason_is_one_of_two(self, world):
        answer = await self.move(world, await world.place(), "2026-03-09", reason="ON_A_WHIM")

        assert (answer.status_code, errors_of(answer)) == (400, [("BAD_REQUEST", "Illegal input at reason")])

    async def test_what_is_at_the_point_has_arrived(self, world):
        order = await world.place(**OUTLET)
        await world.move(order, "DELIVERY")
        await world.move(order, "PICKUP")

        answer = await self.move(world, order, "2026-03-09")

        assert (answer.status_code, errors_of(answer)[0][0]) == (400, "ACTION_FORBIDDEN")


class TestTrack:
    """setOrderDeliveryTrackCode."""

    async def give(self, world, order, code="RR123", service=50):
        body = {"trackCode": code, "deliveryServiceId": service}
        return await world.seller("POST", world.path(order, "/delivery/track"), body)

    async def test_a_track_code_is_shown_and_corrected(self, world):
        order = await world.place()

        answer = await self.give(world, order)
        await self.give(world, order, "RR124")

        assert (answer.status_code, answer.json()) == (200, {"status": "OK"})
        delivery = (await world.read(order))["delivery"]
        assert delivery["tracks"] == [{"trackCode": "RR124", "deliveryServiceId": 50}]

    async def test_one_parcel_s_code_is_not_another_s(self, world):
        order = await world.place()
        await self.give(world, order)

        answer = await self.give(world, order, service=51)

        assert (answer.status_code, errors_of(answer)[0][0]) == (400, "TRACK_CODE_ALREADY_USED")

    async def test_a_delivered_order_is_not_tracked_any_more(self, world):
        order = await world.place()
        for status in ("DELIVERY", "DELIVERED"):
            await world.move(order, status)

        answer = await self.give(world, order)

        assert answer.status_code == 400
        assert errors_of(answer) == [
            (
                "ACTION_FORBIDDEN",
                f"Action is not allowed for order {order['id']} with status DELIVERED "
                "and substatus DELIVERY_SERVICE_DELIVERED",
            )
        ]

    async def test_an_order_of_another_campaign_is_unknown_here(self, world):
        order = await world.place("FBS") | {"campaignId": world.campaigns["DBS"]}

        answer = await self.give(world, order)

        assert answer.status_code == 404
        assert errors_of(answer) == [("NOT_FOUND", f"Campaign {order['campaignId']} has no order id {order['id']}")]


class TestStorage:
    """updateOrderStorageLimit."""

    async def keep(self, world, order, day):
        return await world.seller("PUT", world.path(order, "/delivery/storage-limit"), {"newDate": day})

    @pytest.fixture
    async def stored(self, world):
        order = await world.place(**OUTLET)
        await world.move(order, "DELIVERY")
        await world.move(order, "PICKUP")
        return order

    async def test_a_parcel_is_kept_longer_and_its_deadline_moves(self, world, stored):
        answer = await self.keep(world, stored, "2026-04-11")

        assert (answer.status_code, answer.json()) == (200, {"status": "OK"})
        assert (await world.read(stored))["delivery"]["outletStorageLimitDate"] == "11-04-2026"
        (deadline,) = await world.deadlines()
        assert (deadline["kind"], deadline["dueAt"]) == ("PICKUP_STORAGE", "2026-04-11T21:00:00Z")

    async def test_once_is_enough(self, world, stored):
        await self.keep(world, stored, "2026-03-13")

        answer = await self.keep(world, stored, "2026-03-14")

        assert (answer.status_code, errors_of(answer)[0][0]) == (400, "EDIT_COUNT_EXCEEDED")
        assert (await world.read(stored))["delivery"]["outletStorageLimitDate"] == "13-03-2026"

    @pytest.mark.parametrize("day", ["2026-03-12", "2026-03-01", "2026-04-12"])
    async def test_thirty_days_more_are_the_most(self, world, stored, day):
        answer = await self.keep(world, stored, day)

        assert (answer.status_code, errors_of(answer)[0][0]) == (400, "DAYS_COUNT_EXCEEDED")

    async def test_what_is_not_at_the_point_is_not_kept_there(self, world):
        answer = await self.keep(world, await world.place(**OUTLET), "2026-03-13")

        assert (answer.status_code, errors_of(answer)[0][0]) == (400, "ACTION_FORBIDDEN")

    async def test_an_unknown_order_is_not_kept(self, world):
        answer = await self.keep(world, await world.place() | {"id": 404}, "2026-03-13")

        assert (answer.status_code, errors_of(answer)) == (404, [("NOT_FOUND", "Order not found: 404")])


class TestCourier:
    """verifyOrderEac."""

    async def verify(self, world, order, code):
        return await world.seller("PUT", world.path(order, "/verifyEac"), {"code": code})

    async def told(self, world, order, code):
        return (await self.verify(world, order, code)).raise_for_status().json()["result"]

    @pytest.fixture
    async def met(self, world):
        """An order with the courier at the door."""
        order = await world.place("EXPRESS", delivery={"eacCode": "4321"})
        await world.move(order, "PROCESSING", "READY_TO_SHIP")
        for act in ("SEARCH", "FIND", "SET_OUT", "REACH_SENDER"):
            (await world.act(order, "CARRIER", act)).raise_for_status()
        return order

    async def test_the_code_that_the_courier_tells_is_accepted(self, world, met):
        assert await self.told(world, met, "4321") == {"verificationResult": "ACCEPTED"}
        order = await world.read(met)
        assert (order["substatus"], order["delivery"]["eacType"]) == (
            "COURIER_ARRIVED_TO_SENDER",
            "COURIER_TO_MERCHANT",
        )
        assert "eacCode" not in order["delivery"]
        (await world.act(met, "CARRIER", "RECEIVE")).raise_for_status()
        assert (await world.read(met))["status"] == "DELIVERY"

    async def test_wrong_codes_are_counted_until_there_is_a_new_one(self, world, met):
        told = [await self.told(world, met, code) for code in ("0000", "1111", "2222")]

        assert told == [
            {"verificationResult": "REJECTED", "attemptsLeft": 2},
            {"verificationResult": "REJECTED", "attemptsLeft": 1},
            {"verificationResult": "NEED_UPDATE", "attemptsLeft": 0},
        ]
        issued = (await world.know(met))["courierCode"]
        assert issued["code"] != "4321"
        assert (issued["attemptsLeft"], issued["accepted"]) == (3, False)
        assert await self.told(world, met, issued["code"]) == {"verificationResult": "ACCEPTED"}
        assert (await world.know(met))["courierCode"]["accepted"] is True

    async def test_a_code_is_accepted_once(self, world, met):
        await self.verify(world, met, "4321")

        answer = await self.verify(world, met, "4321")

        assert (answer.status_code, errors_of(answer)[0][0]) == (400, "CODE_ALREADY_ACCEPTED")

    async def test_before_there_is_a_courier_there_is_no_code(self, world):
        order = await world.place("EXPRESS", delivery={"eacCode": "4321"})

        answer = await self.verify(world, order, "4321")

        assert (answer.status_code, errors_of(answer)[0][0]) == (400, "ACTION_FORBIDDEN")

    async def test_an_unknown_order_has_no_courier(self, world):
        answer = await self.verify(world, await world.place("EXPRESS") | {"id": 404}, "4321")

        assert (answer.status_code, errors_of(answer)) == (404, [("NOT_FOUND", "Failed to find [order] with id [404]")])


class TestBuyer:
    """getOrderBuyerInfo."""

    async def ask(self, world, order):
        return await world.seller("GET", world.path(order, "/buyer"))

    async def test_a_buyer_can_be_reached(self, world):
        buyer = {"id": "b-7", "lastName": "Громова", "firstName": "Вера", "phone": "+79990000007", "trusted": True}
        order = await world.place(buyer=buyer)

        answer = await self.ask(world, order)

        assert answer.status_code == 200
        assert answer.json()["status"] == "OK"
        result = answer.json()["result"]
        assert result.pop("middleName", None) is None
        assert result == {"type": "PERSON"} | buyer

    async def test_once_the_order_is_delivered_nobody_calls(self, world):
        order = await world.place()
        for status in ("DELIVERY", "DELIVERED"):
            await world.move(order, status)

        answer = await self.ask(world, order)

        assert (answer.status_code, errors_of(answer)) == (
            400,
            [("INVALID_ORDER_STATUS", "Order is not in shop-processing status (actual: DELIVERED).")],
        )

    async def test_an_unknown_order_has_no_buyer(self, world):
        answer = await self.ask(world, await world.place() | {"id": 404})

        assert (answer.status_code, errors_of(answer)[0][0]) == (404, "NOT_FOUND")
