"""The body of an order to place: the v2 order's own field names, nearly all of them optional."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from korob.api import errors, order_changes
from korob.contract.boxes import BriefOrderItemInstanceDTO
from korob.contract.wire import INT32_MAX, Int64, Positive, Request
from korob.domain import money, operation, placing
from korob.domain.moscow import MOSCOW
from korob.domain.order import Address, Buyer, Company, Courier, Digital, Gps, Interval, Promo, Region, Subsidy
from korob.domain.wish import Wish, WishedDelivery, WishedItem
from korob.domain.words import (
    BuyerType,
    Currency,
    DeliveryPartner,
    DeliveryType,
    DigitalType,
    DispatchType,
    InstanceType,
    ItemTag,
    LiftType,
    PaymentMethod,
    PaymentType,
    PromoType,
    SourcePlatform,
    Status,
    SubsidyType,
    TaxSystem,
    Vat,
)

Money = Annotated[float, Meta(ge=0, le=1e12)]
"""An amount coming in; it is rounded to the kopeck."""
Text = Annotated[str, Meta(max_length=1000)]
Day = Annotated[str, Meta(pattern=r"^(\d{2}-\d{2}-\d{4}|\d{4}-\d{2}-\d{2})$")]
"""`DD-MM-YYYY` as in v2, or `YYYY-MM-DD`."""
Hours = Annotated[str, Meta(pattern=r"^\d{2}:\d{2}(:\d{2})?$")]


class OrderPromo(Request, frozen=True):
    """A promotion of an item; amounts are for one unit."""

    type: PromoType
    subsidy: Money = 0
    discount: Money | None = None
    shop_promo_id: Text | None = None
    market_promo_id: Text | None = None


class OrderSubsidy(Request, frozen=True):
    """The Market's reward for one unit."""

    type: SubsidyType
    amount: Money


class OrderItem(Request, frozen=True):
    """A position; `id` is unique in the order, amounts are for one unit."""

    offer_id: Annotated[str, Meta(min_length=1, max_length=255)]
    price: Money
    count: Annotated[int, Meta(ge=1, le=INT32_MAX)]
    id: Positive | None = None
    offer_name: Text | None = None
    buyer_price_before_discount: Money | None = None
    vat: Vat | None = None
    subsidies: tuple[OrderSubsidy, ...] | None = None
    promos: tuple[OrderPromo, ...] | None = None
    required_instance_types: tuple[InstanceType, ...] | None = None
    tags: tuple[ItemTag, ...] | None = None
    partner_warehouse_id: Text | None = None
    instances: tuple[BriefOrderItemInstanceDTO, ...] | None = None


class OrderCompany(Request, frozen=True):
    """A buyer that is a business."""

    inn: Text
    organization_name: Text
    kpp: Text | None = None
    legal_address: Text | None = None


class OrderBuyer(Request, frozen=True):
    """Who buys."""

    type: BuyerType | None = None
    id: Text | None = None
    last_name: Text | None = None
    first_name: Text | None = None
    middle_name: Text | None = None
    phone: Text | None = None
    trusted: bool | None = None
    company: OrderCompany | None = None


class OrderDates(Request, frozen=True):
    """When the parcel is to be there."""

    from_date: Day
    to_date: Day | None = None
    from_time: Hours | None = None
    to_time: Hours | None = None


class OrderGps(Request, frozen=True):
    """A point on the map."""

    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]


class OrderAddress(Request, frozen=True):
    """Where the parcel goes."""

    country: Text | None = None
    postcode: Text | None = None
    city: Text | None = None
    district: Text | None = None
    subway: Text | None = None
    street: Text | None = None
    house: Text | None = None
    estate: Text | None = None
    block: Text | None = None
    building: Text | None = None
    entrance: Text | None = None
    entryphone: Text | None = None
    floor: Text | None = None
    apartment: Text | None = None
    phone: Text | None = None
    recipient: Text | None = None
    gps: OrderGps | None = None


class OrderCourier(Request, frozen=True):
    """The person who brings the parcel, and the vehicle."""

    full_name: Text | None = None
    phone: Text | None = None
    phone_extension: Text | None = None
    vehicle_number: Text | None = None
    vehicle_description: Text | None = None


class OrderShipment(Request, frozen=True):
    """When the seller hands the parcel over."""

    shipment_date: Day | None = None
    shipment_time: Hours | None = None


class OrderDigital(Request, frozen=True):
    """How digital goods are handed over."""

    type: DigitalType
    steam_link: Text | None = None


class OrderDelivery(Request, frozen=True):
    """How, when and where the parcel reaches the buyer."""

    type: DeliveryType | None = None
    delivery_partner_type: DeliveryPartner | None = None
    delivery_service_id: Int64 | None = None
    service_name: Text | None = None
    dates: OrderDates | None = None
    price: Money = 0
    subsidy: Money = 0
    vat: Vat | None = None
    region: Region | None = None
    address: OrderAddress | None = None
    courier: OrderCourier | None = None
    lift_type: LiftType | None = None
    lift_price: Money | None = None
    outlet_code: Text | None = None
    outlet_storage_limit_date: Day | None = None
    logistic_point_id: Positive | None = None
    dispatch_type: DispatchType | None = None
    shipments: Annotated[tuple[OrderShipment, ...], Meta(max_length=1)] | None = None
    estimated: bool = False
    receive_code: Text | None = None
    digital: OrderDigital | None = None
    eac_code: Annotated[str, Meta(min_length=1, max_length=20)] | None = None


class NewOrder(Request, frozen=True):
    """An order to place; all but the items has a default."""

    items: Annotated[tuple[OrderItem, ...], Meta(min_length=1, max_length=1000)]
    payment_type: PaymentType | None = None
    payment_method: PaymentMethod | None = None
    paid: bool | None = None
    buyer: OrderBuyer | None = None
    delivery: OrderDelivery | None = None
    fake: bool = False
    notes: Text | None = None
    status: Status | None = None
    draft: bool = False
    external_order_id: Annotated[str, Meta(min_length=1, max_length=1000)] | None = None
    source_platform: SourcePlatform | None = None
    currency: Currency = Currency.RUR
    tax_system: TaxSystem = TaxSystem.OSN
    expiry_date: Annotated[str, Meta(pattern=r"^\d{2}-\d{2}-\d{4} \d{2}:\d{2}:\d{2}$")] | None = None


def wish(body: NewOrder) -> Wish:
    """What is wished for; 400 for days and hours that no calendar has."""
    try:
        return Wish(
            items=tuple(map(_item, body.items)),
            delivery=_delivery(body.delivery) if body.delivery else WishedDelivery(),
            buyer=_buyer(body.buyer, body.payment_method) if body.buyer else None,
            payment_type=body.payment_type,
            payment_method=body.payment_method,
            paid=body.paid,
            status=body.status,
            draft=body.draft,
            fake=body.fake,
            notes=body.notes,
            external_id=body.external_order_id,
            source_platform=body.source_platform,
            currency=body.currency,
            tax_system=body.tax_system,
            expires_at=_moment(body.expiry_date) if body.expiry_date else None,
        )
    except ValueError as fault:
        raise errors.bad_request(f"There is no such day or hour: {fault}") from None


def _item(body: OrderItem) -> WishedItem:
    before = body.buyer_price_before_discount
    return WishedItem(
        offer_id=body.offer_id,
        price=_amount(body.price),
        count=body.count,
        id=body.id,
        offer_name=body.offer_name,
        buyer_price_before_discount=None if before is None else _amount(before),
        vat=body.vat,
        subsidies=tuple(Subsidy(one.type, _amount(one.amount)) for one in body.subsidies or ()),
        promos=tuple(map(_promo, body.promos or ())),
        required_instance_types=body.required_instance_types or (),
        tags=body.tags or (),
        warehouse_id=body.partner_warehouse_id,
        instances=order_changes.instances(body.instances),
    )


def _promo(body: OrderPromo) -> Promo:
    discount = None if body.discount is None else _amount(body.discount)
    return Promo(body.type, _amount(body.subsidy), discount, body.shop_promo_id, body.market_promo_id)


def _buyer(body: OrderBuyer, method: PaymentMethod | None) -> Buyer:
    company = body.company
    usual = BuyerType.BUSINESS if company or method in placing.OF_BUSINESSES else BuyerType.PERSON
    return Buyer(
        type=body.type or usual,
        id=body.id,
        last_name=body.last_name,
        first_name=body.first_name,
        middle_name=body.middle_name,
        phone=body.phone,
        trusted=body.trusted,
        company=Company(company.inn, company.organization_name, company.kpp, company.legal_address)
        if company
        else None,
    )


def _delivery(body: OrderDelivery) -> WishedDelivery:
    shipment = body.shipments[0] if body.shipments else OrderShipment()
    return WishedDelivery(
        type=body.type,
        partner=body.delivery_partner_type,
        service_id=body.delivery_service_id,
        service_name=body.service_name,
        interval=_interval(body.dates) if body.dates else None,
        price=_amount(body.price),
        subsidy=_amount(body.subsidy),
        vat=body.vat,
        region=body.region,
        address=_address(body.address) if body.address else None,
        courier=Courier(**msgspec.structs.asdict(body.courier)) if body.courier else None,
        lift_type=body.lift_type,
        lift_price=None if body.lift_price is None else _amount(body.lift_price),
        outlet_code=body.outlet_code,
        outlet_storage_limit_on=_day(body.outlet_storage_limit_date),
        logistic_point_id=body.logistic_point_id,
        dispatch=body.dispatch_type,
        ships_on=_day(shipment.shipment_date),
        ships_at_time=_time(shipment.shipment_time),
        estimated=body.estimated,
        receive_code=body.receive_code,
        digital=_digital(body.digital) if body.digital else None,
        eac_code=body.eac_code,
    )


def _digital(body: OrderDigital) -> Digital:
    if body.steam_link is not None and body.type is not DigitalType.STEAM_GIFT:
        raise errors.bad_request("delivery.digital.steamLink is for STEAM_GIFT only")
    return Digital(body.type, body.steam_link)


def _interval(body: OrderDates) -> Interval:
    first = _day(body.from_date)
    assert first is not None  # noqa: S101
    interval = Interval(first, _day(body.to_date), _time(body.from_time), _time(body.to_time))
    if not operation.is_in_order(interval):
        raise errors.bad_request("delivery.dates end before they begin")
    return interval


def _address(body: OrderAddress) -> Address:
    fields = msgspec.structs.asdict(body)
    gps = body.gps and Gps(Decimal(repr(body.gps.latitude)), Decimal(repr(body.gps.longitude)))
    return Address(**(fields | {"gps": gps}))


def _amount(number: float) -> Decimal:
    return money.rounded(Decimal(repr(number)))


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    day = date.fromisoformat(text) if text[4] == "-" else datetime.strptime(text, _DAY_FIRST).date()
    return _near(day)


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


def _moment(text: str) -> datetime:
    moment = datetime.strptime(text, f"{_DAY_FIRST} %H:%M:%S").replace(tzinfo=MOSCOW)
    _near(moment.date())
    return moment.astimezone(UTC)


def _near(day: date) -> date:
    """The day, if clocks can come to it; a ValueError else."""
    if day.year not in _YEARS:
        raise ValueError(f"{day} is out of range")
    return day


_DAY_FIRST: Final = "%d-%m-%Y"
_YEARS: Final = range(1970, 2200)
