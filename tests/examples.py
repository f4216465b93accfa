"""Orders to tell stories about: a test names what matters to it, all else is as usual."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from korob.domain import lifecycle
from korob.domain.order import Buyer, Company, Delivery, Interval, Item, Order, Promo, Shipment, Subsidy
from korob.domain.words import (
    BuyerType,
    DeliveryPartner,
    DeliveryType,
    Model,
    PaymentMethod,
    PaymentType,
    PromoType,
    Status,
    SubsidyType,
    Substatus,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""The moment most stories happen: a Monday, noon in Moscow. Orders were placed an hour before."""
PLACED_AT = NOW - timedelta(hours=1)

USUAL_SUBSTATUS = lifecycle.USUAL | {Status.CANCELLED: Substatus.SHOP_FAILED}


def an_item(item_id: int = 1, *, count: int = 1, price: str | int = 500, **more: Any) -> Item:
    """A position; `price` is what the buyer pays for a unit."""
    usual = {
        "offer_id": f"SKU-{item_id}",
        "offer_name": f"Offer {item_id}",
        "buyer_price_before_discount": Decimal(price),
        "ordered": count,
    }
    return Item(id=item_id, count=count, price=Decimal(price), **(usual | more))


def a_gift(item_id: int = 9, **more: Any) -> Item:
    """A position that was added by a promotion."""
    promo = Promo(type=PromoType.CHEAPEST_AS_GIFT, subsidy=Decimal(0), discount=Decimal(100))
    return an_item(item_id, promos=(promo,), **more)


def a_subsidy(amount: str | int, kind: SubsidyType = SubsidyType.SUBSIDY) -> Subsidy:
    """A reward of the Market to the seller."""
    return Subsidy(kind, Decimal(amount))


def a_cis(number: int = 1, *, tail: str = "\x1d93dGVz") -> str:
    """A code that is right in every way, another one for each number."""
    return f"0104600012345678215{number:05d}{tail}"


def a_uin(number: int = 1) -> str:
    """A number of a piece of jewellery, another one for each number."""
    return f"{4_600_000_000_000_000 + number}"


def a_delivery(**more: Any) -> Delivery:
    """Brought by the seller's own courier three days later, for free."""
    usual: dict[str, Any] = {
        "type": DeliveryType.DELIVERY,
        "service_id": 99,
        "service_name": "Доставка",
        "partner": DeliveryPartner.SHOP,
        "interval": Interval(date(2026, 3, 5)),
        "shipment": Shipment(id=700_000_001, ships_on=date(2026, 3, 4)),
    }
    return Delivery(**(usual | more))


def a_business_buyer() -> Buyer:
    """A company that buys."""
    return Buyer(type=BuyerType.BUSINESS, company=Company(inn="7700000016", organization_name="Ромашка"))


def an_order(status: Status = Status.PROCESSING, substatus: Substatus | None = None, **more: Any) -> Order:
    """An order of two positions (two units at 500, one at 900), DBS and paid on delivery unless said otherwise.

    With `payment_type=PREPAID` it has been paid, except when RESERVED or UNPAID.
    """
    model = more.get("model", Model.DBS)
    prepaid = more.get("payment_type") is PaymentType.PREPAID
    partner = DeliveryPartner.SHOP if model is Model.DBS else DeliveryPartner.YANDEX_MARKET
    usual: dict[str, Any] = {
        "id": 50_000_000_001,
        "business_id": 101,
        "campaign_id": 1001,
        "model": model,
        "since": PLACED_AT,
        "created_at": PLACED_AT,
        "updated_at": PLACED_AT,
        "items": (an_item(1, count=2, price=500), an_item(2, count=1, price=900)),
        "delivery": a_delivery(partner=partner),
        "buyer": Buyer(id="b-1", last_name="Петрова", first_name="Анна", phone="+79990000001"),
        "payment_type": PaymentType.POSTPAID,
        "payment_method": PaymentMethod.YANDEX if prepaid else PaymentMethod.CASH_ON_DELIVERY,
        "paid": prepaid and status not in {Status.RESERVED, Status.UNPAID},
        "first_box_id": 800_000_001,
    }
    return Order(status=status, substatus=substatus or USUAL_SUBSTATUS[status], **(usual | more))
