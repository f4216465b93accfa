"""A world with orders of every kind."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

from korob.contract.method import Method
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
    "DBS at the point": _kind("DBS", CARRIED, ("PICKUP",), delivery={"type": "PICKUP"}),
    "DBS digital": _kind("DBS", delivery={"type": "DIGITAL"}, paymentType="PREPAID", paid=True),
    "DBS delivered to a company": _kind("DBS", CARRIED, ("DELIVERED",), buyer=COMPANY),
    "DBS delivered": _kind("DBS", CARRIED, ("DELIVERED",)),
    "DBS cancelled": _kind("DBS", ("CANCELLED", "SHOP_FAILED")),
    "FBS": _kind("FBS", items=ALL_KINDS),
    "FBS marked": _kind("FBS", items=MARKED),
    "FBS jewellery": _kind("FBS", items=JEWELLERY),
    "FBS on its way": _kind("FBS", ("PROCESSING", "READY_TO_SHIP"), ("CARRIER", "RECEIVE")),
    "FBS of a company": _kind("FBS", buyer=COMPANY),
    "EXPRESS": _kind("EXPRESS", items=ALL_KINDS),
    "EXPRESS with a courier": _kind(
        *("EXPRESS", ("PROCESSING", "READY_TO_SHIP"), ("CARRIER", "SEARCH"), ("CARRIER", "FIND"))
    ),
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
    "provideOrderDigitalCodes": ["DBS digital", "DBS digital", "DBS digital", "DBS"],
    "updateOrderStorageLimit": ["DBS at the point", "DBS on its way"],
    "setOrderDeliveryDate": ["DBS", "DBS on its way", "DBS delivered"],
    "getOrderBusinessBuyerInfo": ["DBS of a company", "FBS of a company", "DBS delivered to a company", "FBS"],
    "getOrderBusinessDocumentsInfo": ["DBS of a company", "FBS of a company", "DBS delivered to a company", "FBS"],
    "verifyOrderEac": ["EXPRESS with a courier", "EXPRESS"],
    "updateOrder": ["LAAS", "LAAS draft"],
    "getOrderUpdateOptions": ["LAAS", "LAAS draft"],
}
"""Orders that a method is made for, by method."""

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


def fitting(method: Method) -> list[str]:
    """The kinds to try a method with; all of its models if nothing else is known."""
    return FITTING.get(method.operation_id, [kind for kind in KINDS if kind.split()[0] in method.models])


class Reality:
    """Orders at hand, by kind; one that a request changed is not used again."""

    def __init__(self, world: World, run: Callable[[Any], Any]) -> None:
        self.world = world
        self._run = run
        self._unused: dict[str, list[Json]] = defaultdict(list)
        self.operations: list[str] = ["1"]
        self._outlet: int | None = None

    def order(self, kind: str) -> Json:
        """An order of that kind."""
        unused = self._unused[kind]
        return unused.pop() if unused else self._run(KINDS[kind](self.world))

    def outlet(self) -> int:
        """An outlet of the DBS campaign."""
        if self._outlet is None:
            path = f"/v2/campaigns/{self.world.campaigns['DBS']}/outlets"
            made = self._run(self.world.seller("POST", path, OUTLET))
            self._outlet = int(made.raise_for_status().json()["result"]["id"])
        return self._outlet

    def license(self) -> int:
        """A licence of this outlet, issued anew if it has none."""
        path = f"/v2/campaigns/{self.world.campaigns['DBS']}/outlets/licenses"
        sound = {
            "outletId": self.outlet(), "licenseType": "ALCOHOL", "number": "77",
            "dateOfIssue": "2026-01-01T00:00:00+03:00", "dateOfExpiry": "2027-01-01T00:00:00+03:00",
        }  # fmt: skip
        found: list[Json] = []
        while not found:
            read = self._run(self.world.seller("GET", f"{path}?outletIds={self.outlet()}"))
            found = read.raise_for_status().json()["result"]["licenses"]
            if not found:
                self._run(self.world.seller("POST", path, {"licenses": [sound]})).raise_for_status()
        return int(found[0]["id"])

    def forget_outlet(self) -> None:
        """It is closed; the next one is another."""
        self._outlet = None

    def give_back(self, kind: str, order: Json) -> None:
        """Nothing happened to it."""
        self._unused[kind].append(order)
