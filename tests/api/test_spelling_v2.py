"""Orders as the v2 methods show them."""

import json
from datetime import timedelta, timezone
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from korob.api import spell_v2
from korob.contract.wire import Answer
from korob.domain.campaign import Campaign, Key, Scope
from korob.domain.order import Buyer
from korob.domain.words import (
    ApiAvailability,
    BuyerType,
    DeliveryType,
    EacType,
    Model,
    Status,
    Substatus,
)
from tests.api.full_order import CIS, FULL_ORDER, LAMP
from tests.examples import a_delivery, an_item, an_order

ENCODER = msgspec.json.Encoder(decimal_format="number")
TAIL_LESS = "0104607000000019215Korob7"


def spelt(answer: Answer) -> Any:
    """An answer as a client reads it; amounts stay exact."""
    return json.loads(ENCODER.encode(answer), parse_float=Decimal)


def test_an_order_shows_all_that_it_has():
    assert spelt(spell_v2.order(FULL_ORDER)) == {
        "id": 50_000_000_007,
        "externalOrderId": "EXT-9",
        "status": "PROCESSING",
        "substatus": "STARTED",
        "creationDate": "02-03-2026 00:04:05",
        "updatedAt": "02-03-2026 13:11:12",
        "currency": "RUR",
        "itemsTotal": Decimal("219.9"),
        "deliveryTotal": Decimal(250),
        "buyerItemsTotal": Decimal("219.9"),
        "buyerTotal": Decimal("469.9"),
        "buyerItemsTotalBeforeDiscount": Decimal("267.9"),
        "buyerTotalBeforeDiscount": Decimal("517.9"),
        "paymentType": "PREPAID",
        "paymentMethod": "SBP",
        "fake": True,
        "items": [
            {
                "id": 11,
                "offerId": "LAMP-1",
                "offerName": "Лампа",
                "price": Decimal(40),
                "buyerPrice": Decimal(40),
                "buyerPriceBeforeDiscount": Decimal(56),
                "priceBeforeDiscount": Decimal(55),
                "count": 3,
                "vat": "VAT_10",
                "shopSku": "LAMP-1",
                "subsidy": Decimal(15),
                "partnerWarehouseId": "WH-5",
                "promos": [
                    {
                        "type": "MARKET_PROMOCODE",
                        "subsidy": Decimal("12.5"),
                        "discount": Decimal(16),
                        "shopPromoId": "SHOP-PROMO",
                        "marketPromoId": "MARKET-PROMO",
                    },
                    {"type": "CASHBACK", "subsidy": Decimal(0)},
                ],
                "instances": [
                    {"cis": TAIL_LESS, "cisFull": CIS},
                    {"uin": "1234567890123456", "rnpt": "1/2/3/4", "gtd": "5/6/7", "countryCode": "TR"},
                ],
                "subsidies": [
                    {"type": "SUBSIDY", "amount": Decimal("12.5")},
                    {"type": "YANDEX_CASHBACK", "amount": Decimal("2.5")},
                ],
                "requiredInstanceTypes": ["CIS_OPTIONAL", "GTD"],
                "tags": ["SAFE_TAG"],
            },
            {
                "id": 12,
                "offerId": "BULB-2",
                "offerName": "Лампочка",
                "price": Decimal("99.9"),
                "buyerPrice": Decimal("99.9"),
                "buyerPriceBeforeDiscount": Decimal("99.9"),
                "priceBeforeDiscount": Decimal("99.9"),
                "count": 1,
                "vat": "VAT_22",
                "shopSku": "BULB-2",
                "subsidy": Decimal(0),
            },
        ],
        "subsidies": [
            {"type": "SUBSIDY", "amount": Decimal("37.5")},
            {"type": "YANDEX_CASHBACK", "amount": Decimal("7.5")},
            {"type": "DELIVERY", "amount": Decimal(35)},
        ],
        "delivery": {
            "type": "PICKUP",
            "serviceName": "Самовывоз",
            "price": Decimal(250),
            "deliveryPartnerType": "SHOP",
            "courier": {
                "fullName": "Иван Ков",
                "phone": "+79990000010",
                "phoneExtension": "123",
                "vehicleNumber": "А001АА77",
                "vehicleDescription": "Синий фургон",
            },
            "dates": {
                "fromDate": "05-03-2026",
                "toDate": "06-03-2026",
                "fromTime": "10:00:00",
                "toTime": "18:30:00",
                "realDeliveryDate": "07-03-2026",
            },
            "region": {
                "id": 213,
                "name": "Москва",
                "type": "CITY",
                "parent": {"id": 225, "name": "Россия", "type": "COUNTRY"},
            },
            "address": {
                "country": "Россия",
                "postcode": "101000",
                "city": "Москва",
                "district": "Арбат",
                "subway": "Смоленская",
                "street": "Плотников",
                "house": "2",
                "estate": "3",
                "block": "4",
                "building": "5",
                "entrance": "6",
                "entryphone": "7К",
                "floor": "8",
                "apartment": "9",
                "phone": "+79990000009",
                "recipient": "Анна Ли",
                "gps": {"latitude": Decimal("55.75"), "longitude": Decimal("37.58")},
            },
            "vat": "VAT_05",
            "deliveryServiceId": 99,
            "liftType": "CARGO_ELEVATOR",
            "liftPrice": Decimal(70),
            "outletCode": "OUT-1",
            "outletStorageLimitDate": "12-03-2026",
            "dispatchType": "SHOP_OUTLET",
            "tracks": [{"deliveryServiceId": 98, "trackCode": "TRACK-1"}, {"deliveryServiceId": 97}],
            "shipments": [
                {
                    "id": 700_000_001,
                    "shipmentDate": "04-03-2026",
                    "shipmentTime": "15:30",
                    "tracks": [{"deliveryServiceId": 98, "trackCode": "TRACK-1"}, {"deliveryServiceId": 97}],
                    "boxes": [
                        {"id": 800_000_002, "fulfilmentId": "50000000007-1"},
                        {"id": 800_000_003, "fulfilmentId": "50000000007-2"},
                        {"id": 800_000_004, "fulfilmentId": "50000000007-3"},
                    ],
                }
            ],
            "estimated": True,
            "eacType": "MERCHANT_TO_COURIER",
            "eacCode": "4321",
            "receiveCode": "R-77",
        },
        "buyer": {
            "type": "PERSON",
            "id": "b-1",
            "lastName": "Ли",
            "firstName": "Анна",
            "middleName": "Павловна",
        },
        "notes": "Позвоните заранее",
        "taxSystem": "USN",
        "cancelRequested": True,
        "expiryDate": "09-03-2026 23:59:59",
    }


def test_what_an_order_does_not_have_is_not_there():
    order = spelt(spell_v2.order(an_order(items=(an_item(),), delivery=a_delivery(shipment=None), first_box_id=None)))

    assert order.keys().isdisjoint({"externalOrderId", "subsidies", "notes", "expiryDate"})
    assert order["items"][0].keys().isdisjoint({"promos", "instances", "subsidies", "requiredInstanceTypes", "tags"})
    assert order["delivery"].keys() == {
        "type",
        "serviceName",
        "price",
        "deliveryPartnerType",
        "dates",
        "deliveryServiceId",
    }
    assert order["delivery"]["dates"] == {"fromDate": "05-03-2026"}
    assert order["cancelRequested"] is False


def test_nothing_that_goes_out_is_null_or_an_empty_list():
    body = ENCODER.encode(spell_v2.order(an_order(items=(an_item(),))))

    assert b"null" not in body
    assert b"[]" not in body


def test_money_has_a_fraction_even_when_it_is_whole():
    body = ENCODER.encode(spell_v2.order(an_order(items=(an_item(count=2, price=20),))))

    assert b'"itemsTotal":40.00,"deliveryTotal":0.00' in body
    assert b'"price":20.00,' in body
    assert b'"subsidy":0.00' in body


def test_before_a_layout_was_sent_an_order_shows_one_box():
    order = spelt(spell_v2.order(an_order(id=50_000_000_001, first_box_id=800_000_001)))

    assert order["delivery"]["shipments"][0]["boxes"] == [{"id": 800_000_001, "fulfilmentId": "50000000001-1"}]


@pytest.mark.parametrize("model", [model for model in Model if model is not Model.DBS])
def test_only_in_dbs_the_buyer_has_a_name(model):
    company = Buyer(BuyerType.BUSINESS, id="b-2", last_name="Ли", first_name="Анна", phone="+79990000001")

    assert spelt(spell_v2.order(an_order(model=model, buyer=company)))["buyer"] == {"type": "BUSINESS"}


@pytest.mark.parametrize("kind", [EacType.COURIER_TO_MERCHANT, EacType.CHECKING_BY_MERCHANT])
def test_a_code_that_the_seller_is_to_be_told_is_not_for_him_to_read(kind):
    order = an_order(delivery=a_delivery(eac_type=kind, eac_code="4321"))

    delivery = spelt(spell_v2.order(order))["delivery"]

    assert delivery["eacType"] == kind
    assert "eacCode" not in delivery


def test_a_pickup_point_of_the_market_has_no_address_here():
    order = replace(FULL_ORDER, model=Model.FBS)

    assert "address" not in spelt(spell_v2.order(order))["delivery"]


def test_a_code_without_a_tail_has_no_full_form():
    order = an_order(items=(replace(LAMP, instances=(replace(LAMP.instances[0], cis=TAIL_LESS),)),))

    assert spelt(spell_v2.order(order))["items"][0]["instances"] == [{"cis": TAIL_LESS}]


@pytest.mark.parametrize(
    ("status", "substatus", "fate"),
    [
        (Status.CANCELLED, Substatus.PICKUP_EXPIRED, "REJECTED"),
        (Status.CANCELLED, Substatus.DELIVERY_SERVICE_UNDELIVERED, "REJECTED"),
        (Status.RETURNED, Substatus.DELIVERY_SERVICE_DELIVERED, "RETURNED"),
    ],
)
def test_units_that_came_back_are_told_with_the_day(status, substatus, fate):
    order = spelt(spell_v2.order(an_order(status, substatus)))

    assert [item["details"] for item in order["items"]] == [
        [{"itemCount": count, "itemStatus": fate, "updateDate": "02-03-2026"}] for count in (2, 1)
    ]


@pytest.mark.parametrize(
    ("status", "substatus"),
    [
        (Status.DELIVERED, Substatus.DELIVERY_SERVICE_DELIVERED),
        (Status.PARTIALLY_RETURNED, Substatus.DELIVERY_SERVICE_DELIVERED),
        (Status.CANCELLED, Substatus.SHOP_FAILED),
    ],
)
def test_nothing_is_told_of_units_that_did_not_come_back_or_may_not_have(status, substatus):
    order = spelt(spell_v2.order(an_order(status, substatus)))

    assert all("details" not in item for item in order["items"])


def test_a_layout_goes_out_as_it_came_in_with_the_ids_of_its_boxes():
    assert spelt(spell_v2.layout(FULL_ORDER)) == {
        "status": "OK",
        "result": {
            "boxes": [
                {"boxId": 800_000_002, "items": [{"id": 11, "fullCount": 3, "instances": [{"cis": CIS}]}]},
                {"boxId": 800_000_003, "items": [{"id": 12, "partialCount": {"current": 1, "total": 2}}]},
                {"boxId": 800_000_004, "items": [{"id": 12, "partialCount": {"current": 2, "total": 2}}]},
            ]
        },
    }


@pytest.mark.parametrize(("model", "placement"), [(Model.DBS, "DBS"), (Model.EXPRESS, "FBS"), (Model.LAAS, "LAAS")])
def test_a_campaign_says_whose_it_is_and_what_for(model, placement):
    campaign = Campaign(1001, 101, "Ромашка", "Ромашка на Арбате", model, ApiAvailability.MANUALLY_DISABLED)

    assert spelt(spell_v2.campaign(campaign)) == {
        "id": 1001,
        "domain": "Ромашка на Арбате",
        "business": {"id": 101, "name": "Ромашка"},
        "placementType": placement,
        "apiAvailability": "MANUALLY_DISABLED",
    }


def test_a_key_names_its_accesses_in_the_order_of_the_reference():
    key = Key(1, 101, "Склад", frozenset({Scope.PRICING_READ_ONLY, Scope.INVENTORY_AND_ORDER_PROCESSING}))

    assert spelt(spell_v2.key(key)) == {
        "status": "OK",
        "result": {"apiKey": {"name": "Склад", "authScopes": ["INVENTORY_AND_ORDER_PROCESSING", "PRICING_READ_ONLY"]}},
    }


def test_midnight_in_moscow_is_the_next_day():
    order = an_order(Status.DELIVERED, Substatus.DELIVERY_SERVICE_DELIVERED, created_at=FULL_ORDER.since)

    assert spelt(spell_v2.order(order))["creationDate"] == "02-03-2026 00:00:00"


def test_a_moment_told_in_another_zone_is_the_same_moment_in_moscow():
    there = FULL_ORDER.created_at.astimezone(timezone(timedelta(hours=5)))

    assert spell_v2.order(replace(FULL_ORDER, created_at=there)) == spell_v2.order(FULL_ORDER)


def test_a_delivery_to_the_door_shows_the_address_in_every_model():
    to_the_door = replace(FULL_ORDER.delivery, type=DeliveryType.DELIVERY)

    order = spelt(spell_v2.order(replace(FULL_ORDER, model=Model.FBS, delivery=to_the_door)))

    assert order["delivery"]["address"]["postcode"] == "101000"
