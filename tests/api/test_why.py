"""What a refusal in a world says beside the standard body."""

import re
from urllib.parse import unquote

import pytest

from korob.api import refusals
from korob.domain.composition import ItemsAdded
from korob.store import campaigns
from tests.world import World, an_item


def why(answer):
    """The parts of the header, by name."""
    value = answer.headers["X-Korob-Why"]
    assert value.isascii()
    assert value.isprintable()
    return {name: unquote(text) for name, text in re.findall(r'(\w+)="([^"]*)"', value)}


async def test_a_rule_tells_its_name_the_state_and_what_would_succeed(world):
    order = await world.place("DBS", an_item("TEAPOT", id=1, count=2), an_item("CUP", id=2))

    told = why(await world.keep(order, {1: 3, 2: 1}))

    assert told == {
        "rule": "composition.ItemsAdded",
        "because": "An order only ever shrinks.",
        "state": (
            f"campaign {order['campaignId']} DBS AVAILABLE; order {order['id']} PROCESSING/STARTED; "
            "key World: all-methods"
        ),
        "instead": refusals.ANSWERS[ItemsAdded].remedy,
        "moves": told["moves"],
    }
    assert "DELIVERY" in told["moves"]
    assert "CANCELLED/SHOP_FAILED" in told["moves"]


async def test_every_move_that_is_told_is_one_that_succeeds(world):
    order = await world.place("DBS")
    moves = why(await world.move(order, "PROCESSING", "STARTED"))["moves"].split(", ")

    for move in moves:
        fresh = await world.place("DBS")
        assert (await world.move(fresh, *move.split("/"))).status_code == 200, move


async def test_an_order_that_is_over_has_no_moves(world):
    order = await world.place("DBS")
    await world.move(order, "CANCELLED", "SHOP_FAILED")

    assert why(await world.move(order, "DELIVERY"))["moves"] == "none"


async def test_a_method_of_another_model_names_the_campaigns_that_it_is_for(world):
    order = await world.place("FBS")

    told = why(await world.keep(order, {1: 1}))

    assert told["rule"] == "wrong_model"
    assert told["instead"].endswith(f"; of this business: {world.campaigns['DBS']}")


async def test_a_scope_that_lacks_is_told_with_those_that_are_there(world):
    path = f"/businesses/{world.id}/api-keys"
    made = (await world.operator("POST", path, {"name": "Цены", "scopes": ["pricing"]})).json()

    told = why(await world.seller("GET", "/v2/campaigns/1/orders", headers={"Api-Key": made["token"]}))
    own = why(
        await world.seller("GET", f"/v2/campaigns/{world.campaigns['DBS']}/orders", headers={"Api-Key": made["token"]})
    )

    assert told["rule"] == "foreign"
    assert (own["rule"], own["state"].rsplit("; ")[-1]) == ("no_scope", "key Цены: pricing")


@pytest.mark.parametrize(
    ("verb", "path", "body", "rule"),
    [
        ("GET", "/v2/nowhere", None, "no_resource"),
        ("DELETE", "/v2/campaigns", None, "wrong_verb"),
        ("GET", "/v2/campaigns?limit=x", None, "unreadable"),
        ("GET", "/v2/campaigns?pageToken=x", None, "tokens.BadPageToken"),
    ],
)
async def test_what_the_front_refuses_is_explained_too(world, verb, path, body, rule):
    told = why(await world.seller(verb, path, body))

    assert told["rule"] == rule
    assert told["because"]
    assert told["instead"]


async def test_who_sends_another_type_is_told_what_belongs_there(world):
    order = await world.place("DBS")
    dates = {"realDeliveryDate": "02-03-2026"}

    day = await world.seller(
        "PUT", world.path(order, "/status"), {"order": {"status": "DELIVERED", "delivery": {"dates": dates}}}
    )
    several = await world.seller(
        "PUT", world.path(order, "/cancellation/accept"), {"accepted": "yes", "reason": "BECAUSE"}
    )

    assert why(day)["instead"] == (
        "order.delivery.dates.realDeliveryDate takes a day, YYYY-MM-DD; see updateOrderStatus in /docs or /openapi.json"
    )
    assert why(several)["instead"] == (
        "accepted takes true or false; reason takes one of ORDER_DELIVERED, ORDER_IN_DELIVERY; "
        "see acceptOrderCancellation in /docs or /openapi.json"
    )


async def test_a_parameter_that_can_not_be_read_is_named_with_what_it_takes(world):
    answer = await world.seller(
        "GET", f"/v2/campaigns/{world.campaigns['DBS']}/orders?dispatchType=MAIL&limit=x&fromDate=02-03-2026"
    )

    assert why(answer)["instead"] == (
        "dispatchType takes one of BUYER, MARKET_BRANDED_OUTLET, SHOP_OUTLET, UNKNOWN; limit takes a whole number; "
        "see getOrders in /docs or /openapi.json"
    )


async def test_what_is_missing_is_named_by_the_error_itself(world):
    order = await world.place("DBS")

    answer = await world.seller("PUT", world.path(order, "/cancellation/accept"), {"reason": "ORDER_DELIVERED"})

    assert why(answer)["instead"] == "see acceptOrderCancellation in /docs or /openapi.json"


async def test_who_sends_no_key_is_told_where_it_goes(http):
    answer = await http.get("/v2/campaigns")

    assert why(answer)["instead"].startswith("Send the header Api-Key")


async def test_what_a_caller_sent_can_not_break_out_of_the_header(world):
    order = await world.place("DBS")

    answer = await world.seller("POST", world.path(order, "/external-id"), {"externalOrderId": '"; x="\r\nЯ%'})
    again = await world.seller("POST", world.path(order, "/external-id"), {"externalOrderId": "B"})

    assert answer.status_code == 200
    assert why(again)["rule"] == "external_id.WrittenBefore"


async def test_outside_of_worlds_nothing_is_explained(korob, http):
    database = korob._services.database
    business_id = await campaigns.create_business(database, "Лавка")
    key = await campaigns.create_key(database, business_id, "Касса", ["all-methods"])

    answer = await http.get("/v2/campaigns/1", headers={"Api-Key": key.token})

    assert answer.status_code == 403
    assert "X-Korob-Why" not in answer.headers


async def test_what_succeeds_needs_no_explanation(world: World):
    assert "X-Korob-Why" not in (await world.seller("GET", "/v2/campaigns")).headers
