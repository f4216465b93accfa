"""Orders of all kinds on request: every word that an order may have, in every model that has it, as sellers read it."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from korob.domain.placing import PREPAID
from korob.domain.words import (
    BuyerType,
    Currency,
    DeliveryType,
    DigitalType,
    DispatchType,
    InstanceType,
    ItemTag,
    LiftType,
    Model,
    PaymentMethod,
    PromoType,
    RegionType,
    SourcePlatform,
    SubsidyType,
    TaxSystem,
    Vat,
)
from tests.contract.answered import Answers
from tests.world import Json, World, an_application

SOLD = [model for model in Model if model is not Model.LAAS]
ITEM: Json = {"offerId": "КРУЖКА-1", "price": 1234.56, "count": 3}
LARGE = 2**63 - 1


Said = tuple[Model, Json, str, str]
"""A model, what is said when the order is placed, where that is read, and what is read there."""


def said(models: Iterable[Model], words: Iterable[str], say: Callable[[str], Json], path: str) -> list[Said]:
    return [(model, say(word), path, word) for model in models for word in words]


def of_item(name: str, wrap: Callable[[str], Any]) -> Callable[[str], Json]:
    return lambda word: {"items": [ITEM | {name: wrap(word)}]}


def of_delivery(name: str) -> Callable[[str], Json]:
    return lambda word: {"delivery": {name: word}}


def listed(word: str) -> list[str]:
    return [word]


CARRIED_AS = [one for one in DeliveryType if one is not DeliveryType.DIGITAL]
OF_UNITS = [one for one in SubsidyType if one is not SubsidyType.DELIVERY]
FBS, DBS, LAAS = [Model.FBS], [Model.DBS], [Model.LAAS]
WORDS: list[Said] = [
    *said(SOLD, PaymentMethod, lambda word: {"paymentMethod": word}, "paymentMethod"),
    *said(LAAS, sorted(PREPAID), lambda word: {"paymentMethod": word}, "paymentMethod"),
    *said(Model, BuyerType, lambda word: {"buyer": {"type": word}}, "buyer.type"),
    *said(Model, CARRIED_AS, of_delivery("type"), "delivery.type"),
    *said(DBS, DigitalType, lambda word: {"delivery": {"digital": {"type": word}}}, "v1 delivery.digitalGoods.type"),
    *said(FBS, TaxSystem, lambda word: {"taxSystem": word}, "taxSystem"),
    *said(DBS, Currency, lambda word: {"currency": word}, "currency"),
    *said(LAAS, SourcePlatform, lambda word: {"sourcePlatform": word}, "v1 sourcePlatform"),
    *said(FBS, Vat, of_item("vat", str), "items.0.vat"),
    *said(FBS, ItemTag, of_item("tags", listed), "items.0.tags.0"),
    *said(Model, InstanceType, of_item("requiredInstanceTypes", listed), "items.0.requiredInstanceTypes.0"),
    *said(FBS, PromoType, of_item("promos", lambda word: [{"type": word, "subsidy": 7.5}]), "items.0.promos.0.type"),
    *said(FBS, OF_UNITS, of_item("subsidies", lambda word: [{"type": word, "amount": 5}]), "items.0.subsidies.0.type"),
    *said(DBS, LiftType, of_delivery("liftType"), "delivery.liftType"),
    *said(FBS, DispatchType, of_delivery("dispatchType"), "delivery.dispatchType"),
    *said(
        DBS,
        RegionType,
        lambda word: {"delivery": {"region": {"id": 77, "name": "Где-то", "type": word}}},
        "delivery.region.type",
    ),
]
RARE: Json = {
    "items": [
        {
            "id": LARGE,
            "offerId": "Ц" * 255,
            "offerName": "Набор «Всё»",
            "price": 0.01,
            "count": 2**31 - 1,
            "buyerPriceBeforeDiscount": 99.99,
            "vat": "VAT_10_110",
            "promos": [
                {"type": "BLUE_SET", "subsidy": 1, "discount": 2, "shopPromoId": "S", "marketPromoId": "M"},
                {"type": "MARKET_COUPON", "subsidy": 3.33},
            ],
            "requiredInstanceTypes": ["CIS_OPTIONAL", "UIN", "RNPT", "GTD"],
            "tags": ["ULTIMA", "SAFE_TAG"],
            "partnerWarehouseId": "склад-7",
        },
        ITEM,
    ],
    "buyer": {"id": "9" * 30, "lastName": "Ли", "firstName": "Ян", "middleName": "О", "phone": "+70", "trusted": True},
    "notes": "Домофон сломан",
    "externalOrderId": "Заказ №7",
    "expiryDate": "31-12-2026 23:59:59",
    "delivery": {
        "type": "PICKUP",
        "deliveryPartnerType": "SHOP",
        "deliveryServiceId": LARGE,
        "serviceName": "Голубь",
        "dates": {"fromDate": "05-03-2026", "toDate": "06-03-2026", "fromTime": "00:00", "toTime": "23:59"},
        "price": 350.5,
        "subsidy": 100,
        "vat": "NO_VAT",
        "region": {
            "id": LARGE,
            "name": "Остров",
            "type": "OTHER",
            "parent": {"id": 1, "name": "Мир", "type": "CONTINENT"},
        },
        "address": {
            **dict.fromkeys(("country", "postcode", "city", "district", "subway", "street", "house", "estate"), "Я"),
            **dict.fromkeys(("block", "building", "entrance", "entryphone", "floor", "apartment"), "1"),
            "phone": "+71",
            "recipient": "Ли Ян",
            "gps": {"latitude": -0.000001, "longitude": 179.999999},
        },
        "courier": {
            **{"fullName": "Ким", "phone": "+72", "phoneExtension": "1"},
            **{"vehicleNumber": "А001АА", "vehicleDescription": "велосипед"},
        },
        "liftType": "CARGO_ELEVATOR",
        "liftPrice": 150,
        "outletCode": "точка",
        "outletStorageLimitDate": "20-03-2026",
        "logisticPointId": LARGE,
        "dispatchType": "SHOP_OUTLET",
        "shipments": [{"shipmentDate": "04-03-2026", "shipmentTime": "15:30"}],
        "estimated": True,
        "receiveCode": "007",
    },
}
"""All that may be said of an order."""


@pytest.fixture
async def http(shared_url: str):
    async with an_application(shared_url) as http:
        yield http


async def place(world: World, model: Model, wish: Json) -> Json:
    """An order of the usual item, unless the wish has others."""
    more = {name: one for name, one in wish.items() if name != "items"}
    return await world.place(str(model), *wish.get("items", [ITEM]), **more)


async def read(world: World, order: Json, answers: Answers) -> tuple[Json, Json]:
    """The order as v2 and v1 have it, both as the contract has them."""
    newer = await world.seller("POST", f"/v1/businesses/{world.id}/orders", {"orderIds": [order["id"]]})
    fakes = await world.seller("GET", world.path(order))
    answers.check("getBusinessOrders", newer)
    answers.check("getOrder", fakes)
    return fakes.json()["order"], newer.json()["orders"][0]


def at(order: Json, path: str) -> Any:
    found: Any = order
    for name in path.split("."):
        found = found[int(name) if name.isdigit() else name]
    return found


async def test_every_word_is_taken_and_read_again(http, answers: Answers) -> None:
    world = await World.make(http, limits=False)

    for model, wish, path, word in WORDS:
        v2, v1 = await read(world, await place(world, model, wish), answers)

        version, _, where = path.rpartition(" ")
        assert at(v1 if version else v2, where) == word, (model, wish)


@pytest.mark.parametrize("model", Model)
async def test_all_that_may_be_said_at_once_is_read_again(http, answers: Answers, model: Model) -> None:
    world = await World.make(http, limits=False)

    v2, v1 = await read(world, await place(world, model, RARE), answers)

    assert (v2["items"][0]["id"], v2["items"][0]["count"], v2["delivery"]["deliveryServiceId"]) == (
        LARGE,
        2**31 - 1,
        LARGE,
    )
    assert (v1["delivery"]["pickup"]["logisticPointId"], v1["externalOrderId"]) == (LARGE, "Заказ №7")
    assert (v2["notes"], v2["expiryDate"]) == ("Домофон сломан", "31-12-2026 23:59:59")
    assert v2["delivery"]["courier"]["vehicleDescription"] == "велосипед"


async def test_what_was_not_said_is_the_same_for_the_same_seed(http) -> None:
    wishes = [
        {},
        {"buyer": {"type": "BUSINESS"}},
        {"paymentType": "PREPAID", "paid": True},
        {"delivery": {"type": "PICKUP"}},
    ]
    seen = []
    for _ in range(2):
        world = await World.make(http, seed=20_261_122, limits=False)
        seen.append([await place(world, model, wish) for model in Model for wish in wishes])
        await http.delete(f"/sandbox/v1/worlds/{world.id}")

    assert seen[0] == seen[1]
    assert len({order["id"] for order in seen[0]}) == len(Model) * len(wishes)
