"""Requests that a machine drew, made to be about an order that is there."""

import random
from collections.abc import Callable
from typing import Any

from tests.contract.reality import OUTLET, Reality
from tests.world import Json

MOVES = [
    *[("PROCESSING", "READY_TO_SHIP"), ("PROCESSING", "SHIPPED"), ("DELIVERY", None), ("PICKUP", None)],
    *[("DELIVERED", None), ("CANCELLED", "SHOP_FAILED"), ("CANCELLED", "USER_UNREACHABLE"), ("PROCESSING", "STARTED")],
]
CODES = [
    {"cis": "010465012345678921Ab12Cd"},
    {"cis": "0104650123456789215Zr4!k(x0Kp7q\u001d91EE07\u001d92dGVzdA=="},
    {"uin": "1234567890123456"},
    {"gtd": "10702030/110226/0012345", "countryCode": "TR"},
    {"rnpt": "10702030/110226/0012345/001"},
]
CUSTOMER = {"firstName": "Анна", "lastName": "Петрова", "phone": "+79990000001"}
INTERVAL = {
    "deliveryDateInterval": {"fromDate": "2026-03-05", "toDate": "2026-03-05"},
    "deliveryTimeInterval": {"fromTime": "10:00", "toTime": "18:00"},
}
NEEDED = {"name"}
"""Parameters of queries without which nothing is answered."""

Ground = Callable[[Reality, Json, Json, random.Random], Json]


def path(drawn: Json, order: Json, reality: Reality, chance: random.Random) -> Json:
    """The ids of a path, mostly of this order and its world."""
    shipments = order["delivery"].get("shipments", [{}])
    real = {
        "campaignId": order["campaignId"],
        "orderId": order["id"],
        "businessId": reality.world.id,
        "shipmentId": shipments[0].get("id", 1),
        "regionId": chance.choice([225, 1, 213]),
        "outletId": reality.outlet() if "outletId" in drawn else None,
    }
    return {name: real[name] if chance.random() < 0.95 else value for name, value in drawn.items()}


def query(operation_id: str, drawn: Json, order: Json, reality: Reality, chance: random.Random, *, kept: float) -> Json:
    """A query, mostly with few parameters, and about this order or a licence that is there if it can be about them."""
    if operation_id.endswith("OutletLicenses") and chance.random() < kept:
        whose = chance.random() < 0.5 and operation_id.startswith("get")
        return {"outletIds": reality.outlet()} if whose else {"ids": reality.license()}
    about = {"getOrders": {"orderIds": order["id"]}, "getFulfillmentWarehouses": {"campaignId": order["campaignId"]}}
    real = about.get(operation_id, {})
    return {
        name: real[name] if name in real and chance.random() < 0.5 else value
        for name, value in drawn.items()
        if name in NEEDED or chance.random() < kept
    }


def body(operation_id: str, drawn: Any, order: Json, reality: Reality, chance: random.Random) -> Any:
    """A body, mostly about this order and not about nothing at all."""
    if not isinstance(drawn, dict) or chance.random() < 0.1:
        return drawn
    ground = _GROUNDED.get(operation_id)
    return ground(reality, drawn, order, chance) if ground else drawn


def _ids(entries: list[Any], order: Json, chance: random.Random) -> list[Json]:
    """As many entries as the order has positions, each about one of them."""
    positions = chance.sample(order["items"], chance.randint(1, len(order["items"])))
    drawn = [entry if isinstance(entry, dict) else {} for entry in entries] or [{}]
    return [drawn[place % len(drawn)] | {"id": position["id"]} for place, position in enumerate(positions)]


def _codes(entry: Json, units: int, chance: random.Random) -> Json:
    if chance.random() < 0.6:
        return {name: value for name, value in entry.items() if name != "instances"}
    if chance.random() < 0.7:
        return entry | {"instances": [chance.choice(CODES) for _ in range(max(1, units))]}
    return entry


def _items(reality: Reality, body: Json, order: Json, chance: random.Random) -> Json:
    wanted = body.get("items")
    if not isinstance(wanted, list):
        return body
    counts = {item["id"]: item["count"] for item in order["items"]}
    entries = []
    for entry in _ids(wanted, order, chance):
        count = chance.randint(0, counts[entry["id"]])
        entries.append(_codes(entry | {"count": count}, count, chance))
    return body | {"items": entries}


def _boxes(reality: Reality, body: Json, order: Json, chance: random.Random) -> Json:
    boxes = body.get("boxes")
    if not isinstance(boxes, list) or not boxes or not isinstance(boxes[0], dict):
        return body
    wanted = boxes[0].get("items")
    if not isinstance(wanted, list):
        return body
    counts = {item["id"]: item["count"] for item in order["items"]}
    if chance.random() < 0.2:
        total = chance.randint(2, 3)
        item_id = order["items"][0]["id"]
        parts = [
            {"items": [{"id": item_id, "partialCount": {"current": n, "total": total}}]} for n in range(1, total + 1)
        ]
        return body | {"boxes": parts, "allowRemove": True}
    entries = []
    for entry in _ids(wanted, order, chance):
        count = counts[entry["id"]] if chance.random() < 0.7 else chance.randint(1, 4)
        whole = {name: value for name, value in entry.items() if name != "partialCount"} | {"fullCount": count}
        entries.append(_codes(whole, count, chance))
    if chance.random() < 0.5:
        return body | {"boxes": [{"items": entries}]}
    return body | {"boxes": [{"items": [entry]} for entry in entries]}


def _move(chance: random.Random) -> Json:
    status, substatus = chance.choice(MOVES)
    return {"status": status} | ({"substatus": substatus} if substatus else {})


def _status(reality: Reality, body: Json, order: Json, chance: random.Random) -> Json:
    return {"order": _move(chance)} if chance.random() < 0.8 else body


def _statuses(reality: Reality, body: Json, order: Json, chance: random.Random) -> Json:
    wanted = body.get("orders")
    if not isinstance(wanted, list):
        return body
    real = [{"id": order["id"]} | _move(chance) for _ in range(chance.randint(1, 3))]
    return body | {"orders": (real + wanted)[:30]}


def _answer(reality: Reality, body: Json, order: Json, chance: random.Random) -> Json:
    if chance.random() < 0.5:
        return {"accepted": True}
    return {"accepted": False, "reason": chance.choice(["ORDER_DELIVERED", "ORDER_IN_DELIVERY"])}


def _update(reality: Reality, body: Json, order: Json, chance: random.Random) -> Json:
    wanted = body.get("order") if isinstance(body.get("order"), dict) else {}
    if chance.random() < 0.7:
        wanted = chance.choice([{"customer": CUSTOMER}, {"deliveryInterval": INTERVAL}, wanted])
    return {"order": wanted | {"id": order["id"]}}


def _options(reality: Reality, body: Json, order: Json, chance: random.Random) -> Json:
    return body | {"id": order["id"]}


def _operations(reality: Reality, body: Json, order: Json, chance: random.Random) -> Json:
    return body | {"operationIds": chance.sample(reality.operations, min(3, len(reality.operations)))}


def _filter(reality: Reality, body: Json, order: Json, chance: random.Random) -> Json:
    kept = {name: value for name, value in body.items() if chance.random() < 0.3}
    if chance.random() < 0.3:
        kept["orderIds"] = [order["id"]]
    return kept


def _identifiers(reality: Reality, body: Json, order: Json, chance: random.Random) -> Json:
    wanted = body.get("items")
    if not isinstance(wanted, list):
        return body
    counts = {item["id"]: item["count"] for item in order["items"]}
    entries = _ids(wanted, order, chance)
    units = [chance.randint(1, counts[entry["id"]]) for entry in entries]
    given = [{"instances": [chance.choice(CODES) for _ in range(unit)]} for unit in units]
    return body | {
        "items": [entry | one if chance.random() < 0.8 else entry for entry, one in zip(entries, given, strict=True)]
    }


def _keys(reality: Reality, body: Json, order: Json, chance: random.Random) -> Json:
    entries = [
        {
            "id": item["id"],
            "codes": [f"AB-{n}" for n in range(item["count"])],
            "slip": "Read me",
            "activate_till": "2027-01-01",
        }
        for item in order["items"]
    ]
    return body | {"items": entries[: chance.randint(1, len(entries) + 1)]}


def _date(reality: Reality, body: Json, order: Json, chance: random.Random) -> Json:
    return body | {"dates": {"toDate": f"2026-03-{chance.randint(1, 31):02}"}}


def _storage(reality: Reality, body: Json, order: Json, chance: random.Random) -> Json:
    return body | {"newDate": f"2026-03-{chance.randint(1, 31):02}"}


def _outlet(reality: Reality, body: Json, order: Json, chance: random.Random) -> Json:
    """An outlet that is mostly sound, with some of what was drawn."""
    delicate = {"coords", "address", "phones", "shopOutletCode", "deliveryRules", "storagePeriod"}
    return OUTLET | {name: value for name, value in body.items() if name not in delicate or chance.random() < 0.1}


def _licenses(reality: Reality, body: Json, order: Json, chance: random.Random) -> Json:
    if chance.random() < 0.2:
        return body
    days = {"dateOfIssue": "2026-01-01T00:00:00+03:00", "dateOfExpiry": "2027-01-01T00:00:00+03:00"}
    return {"licenses": [{"outletId": reality.outlet(), "licenseType": "ALCOHOL", "number": "77", **days}]}


def _counts(reality: Reality, body: Json, order: Json, chance: random.Random) -> Json:
    sku = chance.choice(order["items"])["offerId"]
    return body if chance.random() < 0.3 else {"skus": [{"sku": sku, "items": [{"count": chance.randint(0, 9)}]}]}


def _warehouses(reality: Reality, body: Json, order: Json, chance: random.Random) -> Json:
    return body | ({"campaignIds": [order["campaignId"]]} if "campaignIds" in body else {})


_GROUNDED: dict[str, Ground] = {
    "provideOrderItemIdentifiers": _identifiers,
    "provideOrderDigitalCodes": _keys,
    "setOrderDeliveryDate": _date,
    "updateOrderStorageLimit": _storage,
    "updateOrderItems": _items,
    "setOrderBoxLayout": _boxes,
    "updateOrderStatus": _status,
    "updateOrderStatuses": _statuses,
    "acceptOrderCancellation": _answer,
    "updateOrder": _update,
    "getOrderUpdateOptions": _options,
    "getOperations": _operations,
    "getBusinessOrders": _filter,
    "createOutlet": _outlet,
    "updateOutlet": _outlet,
    "updateOutletLicenses": _licenses,
    "updateStocks": _counts,
    "getPagedWarehouses": _warehouses,
}
