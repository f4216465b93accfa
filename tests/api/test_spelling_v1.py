"""Orders as getBusinessOrders shows them."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from korob.api import spell_v1
from korob.domain import cancellation, lifecycle
from korob.domain.words import Actor, DeliveryType, EacType, Model, Status, Substatus
from tests.api.full_order import CIS, FULL_ORDER
from tests.api.test_spelling_v2 import ENCODER, TAIL_LESS, spelt
from tests.examples import NOW, a_delivery, an_item, an_order

ADDRESS = {
    "country": "Россия",
    "postcode": "101000",
    "city": "Москва",
    "district": "Арбат",
    "subway": "Смоленская",
    "street": "Плотников",
    "house": "2",
    "block": "4",
    "entrance": "6",
    "entryphone": "7К",
    "floor": "8",
    "apartment": "9",
    "gps": {"latitude": Decimal("55.75"), "longitude": Decimal("37.58")},
}
REGION = {"id": 213, "name": "Москва", "type": "CITY", "parent": {"id": 225, "name": "Россия", "type": "COUNTRY"}}


def roubles(amount):
    return {"value": Decimal(amount), "currencyId": "RUR"}


def test_an_order_shows_all_that_it_has():
    assert spelt(spell_v1.order(FULL_ORDER)) == {
        "orderId": 50_000_000_007,
        "campaignId": 1001,
        "programType": "DBS",
        "externalOrderId": "EXT-9",
        "status": "PROCESSING",
        "substatus": "STARTED",
        "creationDate": "2026-03-02T00:04:05+03:00",
        "updateDate": "2026-03-02T13:11:12+03:00",
        "paymentType": "PREPAID",
        "paymentMethod": "SBP",
        "fake": True,
        "items": [
            {
                "id": 11,
                "offerId": "LAMP-1",
                "offerName": "Лампа",
                "count": 3,
                "prices": {
                    "payment": roubles(120),
                    "subsidy": roubles(45),
                    "cashback": roubles("7.5"),
                    "vat": "VAT_10",
                },
                "instances": [
                    {"cis": TAIL_LESS, "cisFull": CIS},
                    {"uin": "1234567890123456", "rnpt": "1/2/3/4", "gtd": "5/6/7", "countryCode": "TR"},
                ],
                "requiredInstanceTypes": ["CIS_OPTIONAL", "GTD"],
                "itemStatuses": [{"status": "CREATED", "count": 3}, {"status": "CANCELLED", "count": 1}],
                "tags": ["SAFE_TAG"],
            },
            {
                "id": 12,
                "offerId": "BULB-2",
                "offerName": "Лампочка",
                "count": 1,
                "prices": {
                    "payment": roubles("99.9"),
                    "subsidy": roubles(0),
                    "cashback": roubles(0),
                    "vat": "VAT_22",
                },
                "itemStatuses": [{"status": "CREATED", "count": 1}],
            },
        ],
        "prices": {
            "payment": roubles("219.9"),
            "subsidy": roubles(45),
            "cashback": roubles("7.5"),
            "delivery": {"payment": roubles(250), "subsidy": roubles(35), "vat": "VAT_05"},
        },
        "delivery": {
            "type": "PICKUP",
            "serviceName": "Самовывоз",
            "deliveryServiceId": 99,
            "deliveryPartnerType": "SHOP",
            "warehouseId": "WH-5",
            "dispatchType": "SHOP_OUTLET",
            "dates": {
                "fromDate": "2026-03-05",
                "toDate": "2026-03-06",
                "fromTime": "10:00",
                "toTime": "18:30",
                "realDeliveryDate": "2026-03-07",
            },
            "shipment": {"id": 700_000_001, "shipmentDate": "2026-03-04", "shipmentTime": "15:30"},
            "pickup": {
                "address": ADDRESS,
                "region": REGION,
                "logisticPointId": 777,
                "outletCode": "OUT-1",
                "outletStorageLimitDate": "2026-03-12",
            },
            "transfer": {
                "courier": {
                    "fullName": "Иван Ков",
                    "phone": "+79990000010",
                    "phoneExtension": "123",
                    "vehicleNumber": "А001АА77",
                    "vehicleDescription": "Синий фургон",
                },
                "eac": {"eacType": "MERCHANT_TO_COURIER", "eacCode": "4321"},
            },
            "boxesLayout": [
                {
                    "boxId": 800_000_002,
                    "barcode": "50000000007-1",
                    "items": [{"id": 11, "fullCount": 3, "instances": [{"cis": CIS}]}],
                },
                {
                    "boxId": 800_000_003,
                    "barcode": "50000000007-2",
                    "items": [{"id": 12, "partialCount": {"current": 1, "total": 2}}],
                },
                {
                    "boxId": 800_000_004,
                    "barcode": "50000000007-3",
                    "items": [{"id": 12, "partialCount": {"current": 2, "total": 2}}],
                },
            ],
            "tracks": [{"deliveryServiceId": 98, "trackCode": "TRACK-1"}, {"deliveryServiceId": 97}],
            "estimated": True,
            "receiveBarcode": "50000000007-R-77",
            "receiveCode": "R-77",
            "digitalGoods": {"type": "STEAM_GIFT", "steamLink": "https://steam.example/gift"},
        },
        "services": {"liftType": "CARGO_ELEVATOR"},
        "buyerType": "PERSON",
        "notes": "Позвоните заранее",
        "cancelRequested": True,
        "sourcePlatform": "OTHER",
    }


def test_what_an_order_does_not_have_is_not_there():
    delivery = a_delivery(shipment=None, type=DeliveryType.PICKUP)

    order = spelt(spell_v1.order(an_order(items=(an_item(),), delivery=delivery)))

    assert order.keys().isdisjoint({"externalOrderId", "services", "notes"})
    assert order["items"][0].keys() == {"id", "offerId", "offerName", "count", "prices", "itemStatuses"}
    assert order["delivery"].keys() == {
        "type",
        "serviceName",
        "deliveryServiceId",
        "deliveryPartnerType",
        "dates",
    }


def test_nothing_that_goes_out_is_null_or_an_empty_list():
    body = ENCODER.encode(spell_v1.order(an_order(items=(an_item(),))))

    assert b"null" not in body
    assert b"[]" not in body


@pytest.mark.parametrize("model", list(Model))
def test_an_order_names_its_model_and_never_its_buyer(model):
    order = spelt(spell_v1.order(replace(FULL_ORDER, model=model)))

    assert order["programType"] == model
    assert "buyer" not in order


@pytest.mark.parametrize("kind", [DeliveryType.DELIVERY, DeliveryType.POST])
def test_what_is_brought_to_the_buyer_has_its_place_under_courier(kind):
    delivery = replace(FULL_ORDER.delivery, type=kind)

    spelling = spelt(spell_v1.order(replace(FULL_ORDER, delivery=delivery)))["delivery"]

    assert spelling["courier"] == {"address": ADDRESS, "region": REGION}
    assert "pickup" not in spelling


def test_a_code_that_the_seller_is_to_be_told_is_not_for_him_to_read():
    order = an_order(delivery=a_delivery(eac_type=EacType.COURIER_TO_MERCHANT, eac_code="4321"))

    assert spelt(spell_v1.order(order))["delivery"]["transfer"] == {"eac": {"eacType": "COURIER_TO_MERCHANT"}}


@pytest.mark.parametrize(
    ("status", "substatus", "where"),
    [
        (Status.UNPAID, Substatus.WAITING_USER_INPUT, "CREATED"),
        (Status.PROCESSING, Substatus.READY_TO_SHIP, "CREATED"),
        (Status.PROCESSING, Substatus.SHIPPED, "SHIPPED"),
        (Status.DELIVERY, Substatus.DELIVERY_SERVICE_RECEIVED, "SHIPPED"),
        (Status.PICKUP, Substatus.PICKUP_SERVICE_RECEIVED, "SHIPPED"),
        (Status.DELIVERED, Substatus.DELIVERY_SERVICE_DELIVERED, "DELIVERED_TO_BUYER"),
        (Status.CANCELLED, Substatus.LOST, "LOST"),
        (Status.CANCELLED, Substatus.PICKUP_EXPIRED, "REJECTED"),
        (Status.RETURNED, Substatus.DELIVERY_SERVICE_DELIVERED, "RETURNED"),
    ],
)
def test_the_units_of_an_order_are_where_the_order_is(status, substatus, where):
    order = an_order(status, substatus, items=(an_item(count=2, ordered=3),))

    assert spelt(spell_v1.order(order))["items"][0]["itemStatuses"] == [
        {"status": where, "count": 2},
        {"status": "CANCELLED", "count": 1},
    ]


def test_units_of_a_cancelled_order_and_units_removed_before_are_counted_together():
    order = an_order(Status.CANCELLED, Substatus.SHOP_FAILED, items=(an_item(count=2, ordered=3),))

    assert spelt(spell_v1.order(order))["items"][0]["itemStatuses"] == [{"status": "CANCELLED", "count": 3}]


@pytest.mark.parametrize("way", [[], ["SHIPPED"], ["SHIPPED", "DELIVERY"], ["DELIVERY"]])
def test_units_of_an_order_cancelled_on_its_way_are_unredeemed_and_of_one_that_had_not_left_are_not(way):
    order = an_order(substatus=Substatus.READY_TO_SHIP, model=Model.FBS, items=(an_item(count=2, ordered=2),))
    for step in way:
        if step == "SHIPPED":
            order = lifecycle.move(order, Status.PROCESSING, Substatus.SHIPPED, actor=Actor.SELLER, now=NOW).order
        else:
            order = lifecycle.move(order, Status.DELIVERY, actor=Actor.CARRIER, now=NOW).order

    order = cancellation.request(order, Substatus.USER_REFUSED_QUALITY, now=NOW).order

    where = "REJECTED" if way else "CANCELLED"
    assert spelt(spell_v1.order(order))["items"][0]["itemStatuses"] == [{"status": where, "count": 2}]


def test_which_units_came_back_is_not_guessed():
    order = an_order(Status.PARTIALLY_RETURNED, Substatus.DELIVERY_SERVICE_DELIVERED)

    assert "itemStatuses" not in spelt(spell_v1.order(order))["items"][0]
