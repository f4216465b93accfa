"""Orders placed by the operator, looked at in full, and acted on."""

import asyncio
from datetime import UTC, datetime

import pytest

from tests.operator import playground

MUGS = {"items": [{"offerId": "MUG", "price": 500, "count": 2}]}


def orders_of(world, place=0):
    return f"/operator/v1/campaigns/{world['campaigns'][place]['id']}/orders"


async def count(services, table, business_id):
    async with services.database.connection() as connection:
        return await connection.fetchval(f"SELECT count(*) FROM {table} WHERE business_id = $1", business_id)  # noqa: S608


@pytest.fixture
async def order(client, world):
    return (await client.post(orders_of(world), json=MUGS)).json()["order"]


class TestPlacing:
    """An order needs its items; all else has a default."""

    async def test_an_order_of_mugs_is_paid_on_delivery_and_in_work(self, client, world):
        answer = await client.post(orders_of(world), json=MUGS)

        order = answer.json()["order"]
        assert answer.status_code == 200
        assert (order["status"], order["substatus"], order["paymentType"]) == ("PROCESSING", "STARTED", "POSTPAID")
        assert [(item["offerId"], item["price"], item["count"]) for item in order["items"]] == [("MUG", 500, 2)]
        assert (order["itemsTotal"], order["fake"]) == (1000, False)
        assert order["creationDate"] == "02-03-2026 12:00:00"
        assert order["id"] > 10**9

    @pytest.mark.parametrize("place", range(5))
    async def test_every_model_takes_orders(self, client, world, place):
        answer = await client.post(orders_of(world, place), json=MUGS)

        assert answer.status_code == 200

    async def test_the_seller_is_told_of_it(self, client, world, order):
        told = (await client.get(f"/sandbox/v1/worlds/{world['id']}/notifications")).json()["notifications"]

        assert [(one["type"], one["campaignId"], one["attempts"]) for one in told] == [
            ("ORDER_CREATED", world["campaigns"][0]["id"], 0)
        ]
        assert told[0]["body"]["orderId"] == order["id"]

    async def test_prepaid_it_waits_for_the_money_unless_it_is_paid(self, client, world):
        waiting = await client.post(orders_of(world), json=MUGS | {"paymentType": "PREPAID"})
        paid = await client.post(orders_of(world), json=MUGS | {"paymentType": "PREPAID", "paid": True})

        assert [answer.json()["order"]["status"] for answer in (waiting, paid)] == ["UNPAID", "PROCESSING"]

    async def test_who_pays_as_a_company_is_one(self, client, world):
        body = MUGS | {"paymentMethod": "B2B_ACCOUNT_PREPAYMENT", "buyer": {"lastName": "Ли"}}

        answer = await client.post(orders_of(world), json=body)

        assert answer.json()["order"]["buyer"]["type"] == "BUSINESS"

    @pytest.mark.parametrize(
        ("more", "fault"),
        [
            ({"delivery": {"dates": {"fromDate": "10-03-2026", "toDate": "09-03-2026"}}}, "end before they begin"),
            (
                {"delivery": {"dates": {"fromDate": "10-03-2026", "fromTime": "18:00", "toTime": "10:00"}}},
                "end before they begin",
            ),
            ({"externalOrderId": ""}, "externalOrderId"),
            ({"delivery": {"digital": {"type": "EMAIL", "steamLink": "https://store.example/gift"}}}, "steamLink"),
        ],
    )
    async def test_what_no_order_can_show_is_not_taken(self, client, world, more, fault):
        answer = await client.post(orders_of(world), json=MUGS | more)

        assert answer.status_code == 400
        assert fault in answer.json()["errors"][0]["message"]

    async def test_what_is_said_is_kept(self, client, world):
        body = {
            "items": [
                {
                    "id": 77,
                    "offerId": "RING",
                    "offerName": "Кольцо",
                    "price": 15000.5,
                    "count": 1,
                    "buyerPriceBeforeDiscount": 16000,
                    "vat": "VAT_10",
                    "promos": [{"type": "MARKET_PROMOCODE", "subsidy": 100.25, "marketPromoId": "P-1"}],
                    "requiredInstanceTypes": ["UIN"],
                    "tags": ["ULTIMA"],
                },
                {"offerId": "BOX", "price": 0, "count": 3},
            ],
            "paymentType": "PREPAID",
            "paymentMethod": "APPLE_PAY",
            "paid": True,
            "fake": True,
            "notes": "Позвоните за час",
            "buyer": {"lastName": "Громова", "firstName": "Вера"},
            "delivery": {
                "type": "PICKUP",
                "dates": {"fromDate": "05-03-2026", "toDate": "2026-03-06", "fromTime": "10:00", "toTime": "18:30:00"},
                "region": {"id": 54, "name": "Екатеринбург", "type": "CITY"},
                "address": {"street": "улица Малышева", "gps": {"latitude": 56.83, "longitude": 60.6}},
                "outletCode": "55",
                "outletStorageLimitDate": "12-03-2026",
                "shipments": [{"shipmentDate": "04-03-2026"}],
                "price": 199.9,
            },
        }

        answer = await client.post(orders_of(world), json=body)

        order = answer.json()["order"]
        ring, box = order["items"]
        assert (ring["id"], ring["offerName"], ring["price"], ring["vat"]) == (77, "Кольцо", 15000.5, "VAT_10")
        assert ring["promos"] == [{"type": "MARKET_PROMOCODE", "subsidy": 100.25, "marketPromoId": "P-1"}]
        assert (ring["requiredInstanceTypes"], ring["tags"]) == (["UIN"], ["ULTIMA"])
        assert (box["price"], box["count"]) == (0, 3)
        assert box["id"] not in (77, order["id"])
        assert (order["paymentMethod"], order["fake"], order["notes"]) == ("APPLE_PAY", True, "Позвоните за час")
        assert (order["buyer"]["lastName"], order["buyer"]["firstName"]) == ("Громова", "Вера")
        delivery = order["delivery"]
        assert (delivery["type"], delivery["outletCode"]) == ("PICKUP", "55")
        assert delivery["dates"]["fromDate"] == "05-03-2026"
        assert (delivery["dates"]["toDate"], delivery["dates"]["toTime"]) == ("06-03-2026", "18:30:00")
        assert delivery["address"]["street"] == "улица Малышева"
        assert delivery["address"]["gps"] == {"latitude": 56.83, "longitude": 60.6}
        assert delivery["outletStorageLimitDate"] == "12-03-2026"
        assert delivery["shipments"][0]["shipmentDate"] == "04-03-2026"

    async def test_a_business_buys_too(self, client, world):
        buyer = {"type": "BUSINESS", "company": {"inn": "7700000016", "organizationName": "Ромашка"}}

        order = (await client.post(orders_of(world), json=MUGS | {"buyer": buyer})).json()["order"]

        assert order["buyer"]["type"] == "BUSINESS"

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"items": []},
            {"items": [{"price": 1, "count": 1}]},
            {"items": [{"offerId": "MUG", "count": 1}]},
            {"items": [{"offerId": "MUG", "price": 1}]},
            {"items": [{"offerId": "MUG", "price": "1", "count": 1}]},
            {"items": [{"offerId": "MUG", "price": -1, "count": 1}]},
            {"items": [{"offerId": "MUG", "price": 1e400, "count": 1}]},
            {"items": [{"offerId": "MUG", "price": 1, "count": 0}]},
            {"items": [{"offerId": "MUG", "price": 1, "count": 2**31}]},
            {"items": [{"offerId": "MUG", "price": 1, "count": 1.5}]},
            {"items": [{"offerId": "", "price": 1, "count": 1}]},
            {"items": [{"offerId": "M" * 256, "price": 1, "count": 1}]},
            {"items": [{"offerId": "M\0", "price": 1, "count": 1}]},
            {"items": [{"id": 1, "offerId": "MUG", "price": 1, "count": 1}] * 2},
            {"items": [{"id": 0, "offerId": "MUG", "price": 1, "count": 1}]},
            {"items": [{"id": 2**63, "offerId": "MUG", "price": 1, "count": 1}]},
            MUGS | {"paymentType": "LATER"},
            MUGS | {"paymentType": "POSTPAID", "paid": True},
            MUGS | {"paymentType": "POSTPAID", "paymentMethod": "APPLE_PAY"},
            MUGS | {"status": "DELIVERED"},
            MUGS | {"delivery": {"dates": {"fromDate": "31-02-2026"}}},
            MUGS | {"delivery": {"dates": {"fromDate": "31-12-9999"}}},
            MUGS | {"delivery": {"dates": {"fromDate": "01-03-2026", "fromTime": "25:00"}}},
            MUGS | {"expiryDate": "31-02-2026 10:00:00"},
        ],
    )
    async def test_an_order_that_makes_no_sense_is_not_placed(self, services, client, world, body):
        import json

        answer = await client.post(
            orders_of(world),
            content=json.dumps(body).replace("Infinity", "1e400"),
            headers={"Content-Type": "application/json"},
        )

        assert answer.status_code == 400
        assert answer.json()["status"] == "ERROR"
        assert await count(services, "orders", world["id"]) == 0
        assert await count(services, "stock", world["id"]) == 0

    async def test_the_same_calls_give_the_same_orders(self, client):
        seen = []
        for _ in range(2):
            world = (
                await client.post(
                    "/sandbox/v1/worlds", json={"seed": 41, "now": "2026-03-02T09:00:00Z", "frozen": True}
                )
            ).json()
            seen.append([(await client.post(orders_of(world, place), json=MUGS)).json() for place in range(5)])
            await client.delete(f"/sandbox/v1/worlds/{world['id']}")

        assert seen[0] == seen[1]

    async def test_in_a_world_an_unknown_offer_is_made_on_the_way(self, services, client, world, order):
        async with services.database.connection() as connection:
            stock = await connection.fetch(
                "SELECT campaign_id, offer_id, count FROM stock WHERE business_id = $1", world["id"]
            )

        assert [tuple(row) for row in stock] == [(world["campaigns"][0]["id"], "MUG", None)]

    async def test_elsewhere_an_unknown_offer_is_refused(self, services, client, campaign):
        path = f"/operator/v1/campaigns/{campaign['id']}/orders"
        body = {"items": [{"offerId": name, "price": 1, "count": 1} for name in ("PLATE", "MUG", "CUP")]}
        async with services.database.connection() as connection:
            await connection.execute(
                "INSERT INTO stock (business_id, campaign_id, offer_id, count) VALUES ($1, $2, 'CUP', 5)",
                campaign["businessId"],
                campaign["id"],
            )

        refused = await client.post(path, json=body)
        placed = await client.post(path, json={"items": body["items"][2:]})

        assert (refused.status_code, placed.status_code) == (400, 200)
        assert refused.json()["errors"] == [{"code": "OFFER_NOT_FOUND", "message": "Offers not found: MUG, PLATE"}]
        assert await count(services, "orders", campaign["businessId"]) == 1

    async def test_many_orders_at_once_are_all_there(self, services, client, world):
        body = {"items": [{"offerId": f"SKU-{number}", "price": 1, "count": 1} for number in range(5)]}

        answers = await asyncio.gather(*(client.post(orders_of(world), json=body) for _ in range(40)))

        assert len({answer.json()["order"]["id"] for answer in answers}) == 40
        assert await count(services, "orders", world["id"]) == 40

    async def test_an_order_for_a_world_that_is_being_deleted_leaves_nothing_behind(self, services, client):
        for number in range(8):
            world = (await client.post("/sandbox/v1/worlds", json={})).json()

            async def post(wait, place=orders_of(world), number=number):
                await asyncio.sleep(wait / 1000)
                key = {"Idempotency-Key": str(wait)} if number % 2 else {}
                return await client.post(place, json=MUGS, headers=key)

            answers = await asyncio.gather(
                *(post(wait) for wait in range(10)),
                client.delete(f"/sandbox/v1/worlds/{world['id']}"),
                *(post(wait) for wait in range(10, 20)),
            )

            assert {answer.status_code for answer in answers} <= {200, 404}
            assert answers[10].status_code == 200
            for table in ("orders", "history", "outbox", "stock", "stock_movements", "idempotency"):
                assert await count(services, table, world["id"]) == 0


class TestTheSameRequestAgain:
    """With an Idempotency-Key an order is placed once."""

    async def test_is_answered_the_same(self, services, client, world):
        key = {"Idempotency-Key": "basket-1"}
        first = await client.post(orders_of(world), json=MUGS, headers=key)
        await client.post(
            f"{orders_of(world)}/{first.json()['order']['id']}/acts", json={"actor": "BUYER", "act": "CANCEL"}
        )

        again = await client.post(orders_of(world), json=MUGS, headers=key)

        assert again.content == first.content
        assert await count(services, "orders", world["id"]) == 1

    async def test_at_the_same_time_is_placed_once(self, services, client, world):
        key = {"Idempotency-Key": "basket-1"}

        answers = await asyncio.gather(*(client.post(orders_of(world), json=MUGS, headers=key) for _ in range(8)))

        assert {answer.content for answer in answers} == {answers[0].content}
        assert await count(services, "orders", world["id"]) == 1

    async def test_with_another_body_or_campaign_is_refused(self, services, client, world):
        key = {"Idempotency-Key": "basket-1"}
        await client.post(orders_of(world), json=MUGS, headers=key)

        other_body = await client.post(orders_of(world), json=MUGS | {"fake": True}, headers=key)
        other_campaign = await client.post(orders_of(world, 1), json=MUGS, headers=key)

        assert (other_body.status_code, other_campaign.status_code) == (409, 409)
        assert await count(services, "orders", world["id"]) == 1

    async def test_of_another_business_is_another_request(self, client, world):
        other = (await client.post("/sandbox/v1/worlds", json={})).json()
        key = {"Idempotency-Key": "basket-1"}

        answers = [await client.post(orders_of(one), json=MUGS, headers=key) for one in (world, other)]

        assert [answer.status_code for answer in answers] == [200, 200]

    async def test_after_a_day_is_a_new_request(self, services, client, world):
        key = {"Idempotency-Key": "basket-1"}
        first = await client.post(orders_of(world), json=MUGS, headers=key)
        async with services.database.connection() as connection:
            await connection.execute(
                "UPDATE idempotency SET made_at = now() - interval '24 hours' WHERE business_id = $1", world["id"]
            )

        second = await client.post(orders_of(world), json=MUGS | {"fake": True}, headers=key)

        assert second.status_code == 200
        assert second.json()["order"]["id"] != first.json()["order"]["id"]

    async def test_that_was_refused_may_be_put_right(self, client, world):
        key = {"Idempotency-Key": "basket-1"}
        wrong = MUGS | {"paymentType": "POSTPAID", "paid": True}

        refused = await client.post(orders_of(world), json=wrong, headers=key)
        placed = await client.post(orders_of(world), json=MUGS, headers=key)

        assert (refused.status_code, placed.status_code) == (400, 200)

    @pytest.mark.parametrize("saved", [True, False])
    async def test_that_broke_off_is_placed_once_all_the_same(self, services, client, world, monkeypatch, saved):
        from korob.store.database import DatabaseGoneError

        key = {"Idempotency-Key": "basket-1"}
        place = services.orders.place

        async def breaks_off(change):
            if saved:
                await place(change)
            raise DatabaseGoneError("the connection broke off")

        monkeypatch.setattr(services.orders, "place", breaks_off)
        broken = await client.post(orders_of(world), json=MUGS, headers=key)
        monkeypatch.setattr(services.orders, "place", place)

        answers = [await client.post(orders_of(world), json=MUGS, headers=key) for _ in range(2)]

        assert broken.status_code == 503
        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[0].content == answers[1].content
        assert await count(services, "orders", world["id"]) == 1

    async def test_whose_turn_was_lost_with_its_connection_is_placed_once_by_who_had_it_next(
        self, services, client, world, monkeypatch
    ):
        place = services.orders.place

        async def comes_second(change):
            await place(change)
            return await place(change)

        monkeypatch.setattr(services.orders, "place", comes_second)

        answer = await client.post(orders_of(world), json=MUGS, headers={"Idempotency-Key": "basket-1"})

        assert answer.status_code == 200
        assert (await client.get(f"{orders_of(world)}/{answer.json()['order']['id']}")).status_code == 200
        assert await count(services, "orders", world["id"]) == 1


class TestLooking:
    """All that is known of an order, in one place."""

    async def test_a_new_order_has_a_history_of_one(self, client, world, order):
        shown = (await client.get(f"{orders_of(world)}/{order['id']}")).json()

        assert shown["order"] == order
        assert shown["history"] == [
            {
                "version": 1,
                "at": "2026-03-02T09:00:00Z",
                "actor": "BUYER",
                "act": "PLACE",
                "status": "PROCESSING",
                "substatus": "STARTED",
                "events": [{"event": "OrderPlaced"}],
            }
        ]
        assert [shown[name] for name in ("deadlines", "refunds", "codes", "operations")] == [[], [], [], []]

    async def test_deadlines_are_shown_here_and_in_the_world(self, client, world):
        order = (await client.post(orders_of(world), json=MUGS | {"paymentType": "PREPAID"})).json()["order"]

        shown = (await client.get(f"{orders_of(world)}/{order['id']}")).json()["deadlines"]
        listed = (await client.get(f"/sandbox/v1/worlds/{world['id']}/deadlines")).json()["deadlines"]

        assert [(wait["kind"], wait["actor"], wait["dueAt"]) for wait in shown] == [
            ("PAYMENT", "BUYER", "2026-03-02T09:30:00Z")
        ]
        assert listed == [{"campaignId": world["campaigns"][0]["id"], "orderId": order["id"], **shown[0]}]

    async def test_deadlines_of_a_world_come_soonest_first(self, client, world):
        clock = f"/sandbox/v1/worlds/{world['id']}/clock"
        placed = []
        for _ in range(3):
            body = MUGS | {"paymentType": "PREPAID"}
            placed.append((await client.post(orders_of(world), json=body)).json()["order"]["id"])
            await client.post(clock, json={"advance": "PT1M"})

        listed = (await client.get(f"/sandbox/v1/worlds/{world['id']}/deadlines")).json()["deadlines"]

        assert [wait["orderId"] for wait in listed] == placed
        assert [wait["dueAt"][14:16] for wait in listed] == ["30", "31", "32"]

    async def test_refunds_are_scheduled_and_then_paid(self, client, world):
        body = MUGS | {"paymentType": "PREPAID", "paid": True}
        order = (await client.post(orders_of(world), json=body)).json()["order"]
        path = f"{orders_of(world)}/{order['id']}"
        await client.post(f"{path}/acts", json={"actor": "BUYER", "act": "CANCEL"})

        scheduled = (await client.get(path)).json()["refunds"]
        jumped = await client.post(f"/sandbox/v1/worlds/{world['id']}/clock", json={"advance": "P2D"})
        paid = (await client.get(path)).json()["refunds"]

        item = order["items"][0]["id"]
        refund = {"itemId": item, "count": 2, "amount": 1000, "currency": "RUR", "reason": "CANCELLED"}
        due = {"dueAt": "2026-03-04T09:00:00Z"}
        assert scheduled == [refund | due | {"state": "SCHEDULED"}]
        assert jumped.json()["ran"] == 1
        assert paid == [refund | due | {"state": "PAID", "paidAt": "2026-03-04T09:00:00Z"}]

    async def test_an_order_is_shown_with_all_that_is_due_settled(self, services, client, world):
        order = (await client.post(orders_of(world), json=MUGS | {"paymentType": "PREPAID"})).json()["order"]
        async with services.database.connection() as connection:
            await connection.execute(
                "UPDATE worlds SET frozen_at = $2, epoch = epoch + 1 WHERE business_id = $1",
                world["id"],
                datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
            )

        shown = (await client.get(f"{orders_of(world)}/{order['id']}")).json()

        assert shown["order"]["substatus"] == "USER_NOT_PAID"
        assert [(row["version"], row["actor"]) for row in shown["history"]] == [(1, "BUYER"), (2, "CLOCK")]

    async def test_an_order_of_another_campaign_is_not_found(self, client, world, order):
        elsewhere = await client.get(f"{orders_of(world, 1)}/{order['id']}")
        unknown = await client.get(f"{orders_of(world)}/404")

        assert (elsewhere.status_code, unknown.status_code) == (404, 404)

    async def test_a_world_s_token_sees_its_own_orders_only(self, services, client, world, order):
        other = (await client.post("/sandbox/v1/worlds", json={})).json()
        path = f"{orders_of(world)}/{order['id']}"

        async with playground.client_of(services, token=other["operatorToken"]) as them:
            answers = [
                await them.get(path),
                await them.post(orders_of(world), json=MUGS),
                await them.post(f"{path}/acts", json={"actor": "BUYER", "act": "CANCEL"}),
                await them.get("/operator/v1/campaigns/404/orders/1"),
            ]
        async with playground.client_of(services, token=world["operatorToken"]) as us:
            own = await us.get(path)

        assert [answer.status_code for answer in answers] == [403] * 4
        assert len({answer.content for answer in answers}) == 1
        assert own.json()["order"] == order

    async def test_an_unknown_campaign_is_not_found_by_the_operator(self, client):
        answers = [
            await client.get("/operator/v1/campaigns/404/orders/1"),
            await client.post("/operator/v1/campaigns/404/orders", json=MUGS),
        ]

        assert [answer.status_code for answer in answers] == [404, 404]


class TestActs:
    """What the others do to an order."""

    async def test_the_buyer_pays(self, client, world):
        order = (await client.post(orders_of(world), json=MUGS | {"paymentType": "PREPAID"})).json()["order"]

        answer = await client.post(f"{orders_of(world)}/{order['id']}/acts", json={"actor": "BUYER", "act": "PAY"})

        assert answer.status_code == 200
        assert (answer.json()["order"]["status"], answer.json()["order"]["substatus"]) == ("PROCESSING", "STARTED")
        assert answer.json()["events"] == [{"event": "StatusMoved", "status": "PROCESSING", "substatus": "STARTED"}]

    async def test_the_buyer_cancels_for_a_reason(self, client, world, order):
        answer = await client.post(
            f"{orders_of(world)}/{order['id']}/acts",
            json={"actor": "BUYER", "act": "CANCEL", "substatus": "REPLACING_ORDER"},
        )

        assert answer.json()["order"]["substatus"] == "REPLACING_ORDER"
        shown = (await client.get(f"{orders_of(world)}/{order['id']}")).json()
        assert (shown["history"][-1]["actor"], shown["history"][-1]["act"]) == ("BUYER", "CANCEL")

    async def test_what_is_not_possible_is_answered_with_what_is(self, client, world, order):
        path = f"{orders_of(world)}/{order['id']}"

        refused = await client.post(f"{path}/acts", json={"actor": "BUYER", "act": "PAY"})
        unknown = await client.post(f"{path}/acts", json={"actor": "SELLER", "act": "DANCE"})

        assert (refused.status_code, unknown.status_code) == (400, 400)
        assert refused.json()["status"] == "ERROR"
        assert refused.json()["errors"][0]["code"] == "ACTION_FORBIDDEN"
        assert {"actor": "BUYER", "act": "CANCEL"} in refused.json()["possible"]
        assert unknown.json()["possible"] == refused.json()["possible"]
        assert len((await client.get(path)).json()["history"]) == 1

    async def test_what_is_possible_is_possible(self, client, world):
        first = (await client.post(orders_of(world, 1), json=MUGS)).json()["order"]
        refused = await client.post(f"{orders_of(world, 1)}/{first['id']}/acts", json={"actor": "BUYER", "act": "PAY"})

        for act in refused.json()["possible"]:
            order = (await client.post(orders_of(world, 1), json=MUGS)).json()["order"]
            answer = await client.post(f"{orders_of(world, 1)}/{order['id']}/acts", json=act)

            assert answer.status_code == 200, act

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"actor": "BUYER"},
            {"actor": "NOBODY", "act": "CANCEL"},
            {"actor": "BUYER", "act": "CANCEL", "substatus": "NONSENSE"},
            {"actor": "BUYER", "act": "CANCEL", "status": "OK"},
            {"actor": "BUYER", "act": "CANCEL", "reason": "USER_CHANGED_MIND"},
        ],
    )
    async def test_an_act_that_makes_no_sense_does_nothing(self, client, world, order, body):
        path = f"{orders_of(world)}/{order['id']}"

        answer = await client.post(f"{path}/acts", json=body)

        assert answer.status_code == 400
        assert (await client.get(path)).json()["order"] == order

    async def test_a_clock_that_is_set_meanwhile_is_read_again(self, services, client, world, order, monkeypatch):
        change, path = services.orders.change, f"{orders_of(world)}/{order['id']}"

        async def after_a_jump(key, decide, *, now):
            monkeypatch.setattr(services.orders, "change", change)
            await client.post(f"/sandbox/v1/worlds/{world['id']}/clock", json={"advance": "PT1H"})
            return await change(key, decide, now=now)

        monkeypatch.setattr(services.orders, "change", after_a_jump)

        answer = await client.post(f"{path}/acts", json={"actor": "BUYER", "act": "CANCEL"})

        assert answer.status_code == 200
        assert (await client.get(path)).json()["history"][-1]["at"] == "2026-03-02T10:00:00Z"
