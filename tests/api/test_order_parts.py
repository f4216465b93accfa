"""A number of boxes, keys of digital goods, the seller's own id: as sellers' programs send them."""

import pytest

from tests.world import a_long_name, an_item, errors_of

GAME = an_item("GAME", price=1990, id=1, count=2)
ALL = [{"id": 1, "codes": ["AAAA", "BBBB"], "slip": "<p>Так</p>", "activate_till": "9999-12-31"}]


class TestBoxes:
    """setOrderShipmentBoxes: only how many there are counts."""

    async def count(self, world, order, boxes, shipment=1):
        return await world.seller("PUT", world.path(order, f"/delivery/shipments/{shipment}/boxes"), {"boxes": boxes})

    async def test_an_order_shows_as_many_boxes_as_were_counted(self, world):
        order = await world.place()

        answer = await self.count(world, order, [{}, {"fulfilmentId": f"{order['id']}-2", "weight": 500}, {}])

        assert answer.status_code == 200
        boxes = answer.json()["result"]["boxes"]
        assert answer.json()["status"] == "OK"
        assert [box["fulfilmentId"] for box in boxes] == [f"{order['id']}-{place}" for place in (1, 2, 3)]
        assert len({box["id"] for box in boxes}) == 3
        (shipment,) = (await world.read(order))["delivery"]["shipments"]
        assert shipment["boxes"] == boxes

    async def test_the_shipment_may_be_any(self, world):
        order = await world.place()

        assert (await self.count(world, order, [{}, {}], shipment=0)).status_code == 200

    async def test_an_order_that_is_ready_has_the_boxes_it_has(self, world):
        order = await world.place()
        await world.move(order, "PROCESSING", "READY_TO_SHIP")

        answer = await self.count(world, order, [{}, {}])

        assert answer.status_code == 400
        assert errors_of(answer) == [
            (
                "BAD_REQUEST",
                f"You could not change boxes for order {order['id']} in this status PROCESSING (READY_TO_SHIP)",
            )
        ]
        (shipment,) = (await world.read(order))["delivery"]["shipments"]
        assert len(shipment["boxes"]) == 1

    async def test_an_order_travels_in_a_box_at_least(self, world):
        answer = await self.count(world, await world.place(), [])

        assert answer.status_code == 400
        assert errors_of(answer) == [("BAD_REQUEST", "boxes must not be empty (rejected value: [])")]


class TestDigitalGoods:
    """provideOrderDigitalCodes: the Market mails what the seller hands in."""

    async def place(self, world, **digital):
        return await world.place("DBS", GAME, delivery={"digital": {"type": "ACTIVATION_CODE"} | digital})

    async def give(self, world, order, items):
        return await world.seller("POST", world.path(order, "/deliverDigitalGoods"), {"items": items})

    async def test_the_order_is_delivered_when_the_keys_are_mailed(self, world):
        order = await self.place(world)

        answer = await self.give(world, order, ALL)

        assert (answer.status_code, answer.json()) == (200, {"status": "OK"})
        assert (await world.read(order))["status"] == "PROCESSING"
        (deadline,) = (await world.know(order))["deadlines"]
        assert (deadline["kind"], deadline["actor"], deadline["dueAt"]) == (
            "MAILING",
            "MARKET",
            "2026-03-02T09:00:05Z",
        )
        assert await world.clock(advance="PT5S") == {"now": "2026-03-02T09:00:05Z", "frozen": True, "ran": 1}
        delivered = await world.read(order)
        assert (delivered["status"], delivered["substatus"]) == ("DELIVERED", "DELIVERY_SERVICE_DELIVERED")
        assert [one["type"] for one in await world.notifications(order)] == ["ORDER_CREATED", "ORDER_STATUS_UPDATED"]

    async def test_the_marketplace_sees_what_is_mailed(self, world):
        order = await self.place(world)
        before = await world.know(order)
        await self.give(world, order, ALL)

        after = await world.know(order)

        assert "mailing" not in before
        assert after["mailing"] == {
            "dueAt": "2026-03-02T09:00:05Z",
            "keys": [{"itemId": 1, "codes": ["AAAA", "BBBB"], "slip": "<p>Так</p>", "activateTill": "9999-12-31"}],
        }

    @pytest.mark.parametrize("few", [[], None, ["AAAA"]])
    async def test_too_few_keys_are_refused_and_nothing_is_mailed(self, world, few):
        order = await self.place(world)

        answer = await self.give(world, order, [ALL[0] | {"codes": few}])

        assert answer.status_code == 400
        assert [one["kind"] for one in (await world.know(order))["deadlines"]] == ["HANDOVER"]

    async def test_a_thing_is_not_digital(self, world):
        order = await world.place("DBS", GAME)

        answer = await self.give(world, order, ALL)

        assert answer.status_code == 400
        assert errors_of(answer) == [("BAD_REQUEST", f"Order.id={order['id']} is not digital.")]

    async def test_keys_are_for_an_order_in_processing(self, world):
        order = await self.place(world)
        await world.act(order, "BUYER", "CANCEL")

        answer = await self.give(world, order, ALL)

        assert answer.status_code == 400
        assert errors_of(answer) == [
            ("INVALID_ORDER_STATUS", f"Invalid status for order {order['id']}: CANCELLED, PROCESSING expected")
        ]

    async def test_a_steam_gift_is_handed_over_by_the_seller(self, world):
        order = await self.place(world, type="STEAM_GIFT", steamLink="https://steam.example/1")

        refused = await self.give(world, order, ALL)
        moved = await world.move(order, "DELIVERED")

        assert (refused.status_code, errors_of(refused)[0][0]) == (400, "ACTION_FORBIDDEN")
        assert moved.json()["order"]["status"] == "DELIVERED"

    async def test_an_unknown_order_gets_no_keys(self, world):
        answer = await self.give(world, await self.place(world) | {"id": 404}, ALL)

        assert (answer.status_code, errors_of(answer)[0][0]) == (404, "NOT_FOUND")


class TestExternalId:
    """updateExternalOrderId: once, and before the order is assembled."""

    async def write(self, world, order, external_id="A-17"):
        return await world.seller("POST", world.path(order, "/external-id"), {"externalOrderId": external_id})

    @pytest.mark.parametrize("model", ["DBS", "FBS", "EXPRESS"])
    async def test_an_order_is_named_and_found_by_that_name(self, world, model):
        order = await world.place(model)

        answer = await self.write(world, order, "А-17/Б")

        assert (answer.status_code, answer.json()) == (200, {"status": "OK"})
        assert (await world.read(order))["externalOrderId"] == "А-17/Б"
        listed = await world.seller("POST", f"/v1/businesses/{world.id}/orders", {"externalOrderIds": ["А-17/Б"]})
        assert [one["orderId"] for one in listed.json()["orders"]] == [order["id"]]

    async def test_a_name_may_be_longer_than_an_entry_of_an_index(self, world):
        order, name = await world.place(), a_long_name()

        answer = await self.write(world, order, name)

        assert (answer.status_code, answer.json()) == (200, {"status": "OK"})
        listed = await world.seller("POST", f"/v1/businesses/{world.id}/orders", {"externalOrderIds": [name]})
        assert [one["orderId"] for one in listed.json()["orders"]] == [order["id"]]

    async def test_two_orders_may_have_one_name(self, world):
        orders = [await world.place(), await world.place("FBS")]

        answers = [await self.write(world, order, "A-17") for order in orders]

        assert [answer.status_code for answer in answers] == [200, 200]
        listed = await world.seller("POST", f"/v1/businesses/{world.id}/orders", {"externalOrderIds": ["A-17"]})
        assert {one["orderId"] for one in listed.json()["orders"]} == {order["id"] for order in orders}

    async def test_a_second_name_is_refused_and_the_first_stays(self, world):
        order = await world.place()
        await self.write(world, order)

        answer = await self.write(world, order, "B-18")

        assert answer.status_code == 400
        assert errors_of(answer) == [
            (
                "EXTERNAL_ORDER_ID_UPDATE_ERROR",
                "Cannot do operation, external ID already set for order "
                f"(partnerId = {order['campaignId']}, orderId = {order['id']}, externalId = A-17)",
            )
        ]
        assert (await world.read(order))["externalOrderId"] == "A-17"

    async def test_an_assembled_order_is_not_named_any_more(self, world):
        order = await world.place()
        await world.move(order, "PROCESSING", "READY_TO_SHIP")

        answer = await self.write(world, order)

        assert answer.status_code == 400
        assert errors_of(answer) == [
            (
                "EXTERNAL_ORDER_ID_UPDATE_ERROR",
                "Cannot do operation for order with status PROCESSING, and substatus READY_TO_SHIP "
                f"(partnerId = {order['campaignId']}, orderId = {order['id']})",
            )
        ]

    async def test_a_name_has_letters(self, world):
        answer = await self.write(world, await world.place(), "")

        assert (answer.status_code, errors_of(answer)) == (
            400,
            [("BAD_REQUEST", "externalOrderId must not be empty (rejected value: )")],
        )
