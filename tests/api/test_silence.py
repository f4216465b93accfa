"""What the program's own log says of calls, and what sellers send that stays out of it."""

import io
import logging

from korob import logs


async def test_nothing_that_sellers_send_gets_into_the_log(world, korob, monkeypatch):
    spoken = io.StringIO()
    handler = logging.StreamHandler(spoken)
    handler.setFormatter(logs.Console())
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [handler])
    monkeypatch.setattr(root, "level", logging.DEBUG)
    order = await world.place("LAAS")
    customer = {"firstName": "Аннушка", "lastName": "Ивановская", "phone": "+79991234567"}
    path = f"/v1/campaigns/{order['campaignId']}/orders/update"

    async def bug(call):
        assert call.body.order.customer is None, f"{call.body} {call.raw.decode()} {call.raw!r}"

    desk = korob._partner._desks["updateOrder"]
    await world.seller("POST", path, {"order": {"id": order["id"], "customer": customer}})
    monkeypatch.setattr(desk, "handler", bug)
    failed = await world.seller("POST", path, {"order": {"id": order["id"], "customer": customer}})
    await world.seller("POST", path, {"order": {"id": "x", "customer": customer}})

    said = spoken.getvalue()
    assert failed.status_code == 500
    assert "a bug in updateOrder" in said
    assert "AssertionError" in said
    for secret in ("Аннушка", "Ивановская", "79991234567", world.api_key, world.api_key[10:40], world.operator_token):
        assert secret not in said


async def test_a_refusal_is_one_line_that_names_method_and_rule(world, caplog):
    caplog.set_level(logging.INFO, "korob.api")
    order = await world.place("DBS")

    await world.seller("GET", world.path(order))
    await world.seller("GET", f"/v2/campaigns/{order['campaignId']}/orders/1")
    await world.seller("GET", "/v2/campaigns?limit=0")
    await world.seller("GET", "/v2/nowhere")

    assert [record.getMessage() for record in caplog.records] == [
        "getOrder refused with 404: orders.OrderNotFound",
        "getCampaigns refused with 400: unreadable",
        "unknown refused with 404: no_resource",
    ]
    assert {record.levelname for record in caplog.records} == {"INFO"}
