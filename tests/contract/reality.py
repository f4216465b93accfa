"""A world with orders of every kind, and requests that are about them although a machine drew them."""

import random
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

from tests.world import Json, World, an_item

Make = Callable[[World], Awaitable[Json]]


async def _placed(world: World, model: str, *steps: tuple[str, ...], **more: Any) -> Json:
    """An order of a model after these steps: of the seller (two words), or of others (an actor and an act)."""
    items = more.pop("items", ())
    order = await world.place(model, *items, **more)
    for step in steps:
        if step[0] in {"PROCESSING", "DELIVERY", "PICKUP", "DELIVERED", "CANCELLED"}:
            await world.move(order, *step)
        else:
            await world.act(order, *step)
    return order


def _kind(model: str, *steps: tuple[str, ...], **more: Any) -> Make:
    return lambda world: _placed(world, model, *steps, **more)


ALL_KINDS = [an_item("SKU-1", count=2), an_item("SKU-2", price=900, count=3), an_item("SKU-3", price=70)]
MARKED = [an_item("SKU-1", count=2, requiredInstanceTypes=["CIS"]), an_item("SKU-2", price=900)]
JEWELLERY = [an_item("RING", count=2, requiredInstanceTypes=["UIN"]), an_item("SKU-2", price=900)]
COMPANY = {"type": "BUSINESS", "company": {"inn": "7700000016", "organizationName": "Ромашка"}}
CARRIED = ("DELIVERY",)

KINDS: dict[str, Make] = {
    "DBS": _kind("DBS", items=ALL_KINDS),
    "DBS prepaid": _kind("DBS", paymentType="PREPAID", paid=True, paymentMethod="APPLE_PAY"),
    "DBS unpaid": _kind("DBS", paymentType="PREPAID"),
    "DBS of a company": _kind("DBS", items=MARKED, buyer=COMPANY),
    "DBS ready": _kind("DBS", ("PROCESSING", "READY_TO_SHIP")),
    "DBS on its way": _kind("DBS", CARRIED),
    "DBS to be cancelled": _kind("DBS", CARRIED, ("BUYER", "CANCEL")),
    "DBS to be cancelled at the point": _kind("DBS", CARRIED, ("PICKUP",), ("BUYER", "CANCEL")),
    "DBS delivered": _kind("DBS", CARRIED, ("DELIVERED",)),
    "DBS cancelled": _kind("DBS", ("CANCELLED", "SHOP_FAILED")),
    "FBS": _kind("FBS", items=ALL_KINDS),
    "FBS marked": _kind("FBS", items=MARKED),
    "FBS jewellery": _kind("FBS", items=JEWELLERY),
    "FBS on its way": _kind("FBS", ("PROCESSING", "READY_TO_SHIP"), ("CARRIER", "RECEIVE")),
    "EXPRESS": _kind("EXPRESS", items=ALL_KINDS),
    "FBY": _kind("FBY"),
    "LAAS": _kind("LAAS"),
    "LAAS draft": _kind("LAAS", draft=True),
}

FITTING = {
    "updateOrderItems": ["DBS", "DBS prepaid", "DBS of a company", "DBS ready", "DBS unpaid", "FBS"],
    "setOrderBoxLayout": ["FBS", "FBS marked", "FBS jewellery", "EXPRESS", "DBS", "FBS on its way"],
    "acceptOrderCancellation": ["DBS to be cancelled", "DBS to be cancelled at the point", "DBS on its way"],
    "updateOrderStatus": [
        *("DBS", "DBS ready", "DBS on its way", "DBS to be cancelled", "DBS delivered", "FBS", "FBS marked"),
        *("FBS jewellery", "EXPRESS", "LAAS", "LAAS draft"),
    ],
    "updateOrderStatuses": ["DBS", "FBS", "EXPRESS", "DBS on its way", "LAAS"],
    **{name: ["DBS"] for name in ("createOutlet", "getOutlets", "getOutlet", "updateOutlet", "deleteOutlet")},
    **{name: ["DBS", "FBS", "EXPRESS"] for name in ("updateStocks", "updateWarehouseStatus")},
    "updateOrder": ["LAAS", "LAAS draft"],
    "getOrderUpdateOptions": ["LAAS", "LAAS draft"],
}
"""Orders that a method is made for, by method; all kinds for a method that is not here."""

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


OUTLETS = 1
OUTLET = {
    "name": "На углу",
    "type": "DEPOT",
    "address": {"regionId": 213},
    "phones": ["+7 (999) 000-00-01"],
    "workingSchedule": {
        "scheduleItems": [{"startDay": "MONDAY", "endDay": "SUNDAY", "startTime": "10:00", "endTime": "20:00"}]
    },
    "deliveryRules": [{"minDeliveryDays": 1, "maxDeliveryDays": 2}],
}


class Reality:
    """Orders at hand, by kind; one that a request changed is not used again."""

    def __init__(self, world: World, run: Callable[[Any], Any]) -> None:
        self.world = world
        self._run = run
        self._unused: dict[str, list[Json]] = defaultdict(list)
        self.operations: list[str] = ["1"]
        self._outlets: list[int] = []

    def order(self, kind: str) -> Json:
        """An order of that kind."""
        unused = self._unused[kind]
        return unused.pop() if unused else self._run(KINDS[kind](self.world))

    def outlet(self) -> int:
        """An outlet of the DBS campaign, at times a closed one."""
        if len(self._outlets) < OUTLETS:
            path = f"/v2/campaigns/{self.world.campaigns['DBS']}/outlets"
            made = self._run(self.world.seller("POST", path, OUTLET))
            self._outlets.append(made.raise_for_status().json()["result"]["id"])
        return self._outlets[-1]

    def outlet_is_gone(self) -> None:
        """The next call about an outlet is about another one."""
        if self._outlets:
            self._outlets.pop()

    def give_back(self, kind: str, order: Json) -> None:
        """Nothing happened to it."""
        self._unused[kind].append(order)

    def ground(self, operation_id: str, body: Any, order: Json, chance: random.Random) -> Any:
        """The body, mostly about this order and not about nothing at all."""
        if not isinstance(body, dict) or chance.random() < 0.1:
            return body
        return _GROUNDED.get(operation_id, lambda _, body, *__: body)(self, body, order, chance)


def _ids(entries: Any, order: Json, chance: random.Random) -> list[Json]:
    """As many entries as the order has positions, each about one of them."""
    if not isinstance(entries, list):
        return entries
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
    counts = {item["id"]: item["count"] for item in order["items"]}
    entries = []
    for entry in _ids(body.get("items"), order, chance) or []:
        count = chance.randint(0, counts[entry["id"]])
        entries.append(_codes(entry | {"count": count}, count, chance))
    return body | {"items": entries}


def _boxes(reality: Reality, body: Json, order: Json, chance: random.Random) -> Json:
    boxes = body.get("boxes")
    if not isinstance(boxes, list) or not boxes or not isinstance(boxes[0], dict):
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
    for entry in _ids(boxes[0].get("items"), order, chance) or []:
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


def _outlet(reality: Reality, body: Json, order: Json, chance: random.Random) -> Json:
    """An outlet that is mostly sound, with some of what was drawn."""
    free = {"coords", "address", "phones", "shopOutletCode", "deliveryRules", "storagePeriod"}
    kept = {name: value for name, value in body.items() if name not in free or chance.random() < 0.1}
    return OUTLET | kept


def _counts(reality: Reality, body: Json, order: Json, chance: random.Random) -> Json:
    sku = chance.choice(order["items"])["offerId"]
    return body if chance.random() < 0.3 else {"skus": [{"sku": sku, "items": [{"count": chance.randint(0, 9)}]}]}


def _warehouses(reality: Reality, body: Json, order: Json, chance: random.Random) -> Json:
    return body | {"campaignIds": [order["campaignId"]]} if "campaignIds" in body else body


_GROUNDED: dict[str, Callable[[Reality, Json, Json, random.Random], Json]] = {
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
    "updateStocks": _counts,
    "getPagedWarehouses": _warehouses,
}
