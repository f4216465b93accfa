"""Where and when a new order goes: a delivery with every part filled in, as wished or as is usual for the model."""

from datetime import datetime, time, timedelta
from typing import Any, Final

from msgspec.structs import replace

from korob.domain import acceptance, delivery_services, invented
from korob.domain.delivery_services import DeliveryService
from korob.domain.invented import City, Lots
from korob.domain.moscow import MOSCOW, ONE_DAY, day_of
from korob.domain.order import Address, Buyer, Delivery, Digital, Interval, Shipment
from korob.domain.wish import WishedDelivery
from korob.domain.words import (
    BuyerType,
    DeliveryPartner,
    DeliveryType,
    DigitalType,
    DispatchType,
    LiftType,
    Model,
    Vat,
)

ON_THE_WAY: Final = {Model.DBS: 1, Model.FBS: 2, Model.FBY: 1, Model.LAAS: 1}
"""Days from the shipment, which is the day after the order, to the arrival."""
DAYTIME: Final = (time(10), time(18))
"""The hours in which a courier comes when none are agreed."""
PACKING: Final = timedelta(minutes=30)
"""How long an Express seller has before the courier comes."""
CARRYING: Final = timedelta(hours=1)
"""How long an Express courier has for his round."""
LAST_MINUTE: Final = time(23, 59)
OUTLET: Final = "outlet-1"
LOGISTIC_POINT: Final = 20_001
"""Points of a pickup when nobody says which: the seller's own, the Market's."""


def delivery(
    wished: WishedDelivery, model: Model, buyer: Buyer, *, lots: Lots, city: City, shipment_id: int, now: datetime
) -> Delivery:
    """Fill in what was not wished for."""
    type = delivery_type(wished)
    partner = wished.partner or (DeliveryPartner.SHOP if model is Model.DBS else DeliveryPartner.YANDEX_MARKET)
    service = _service(type, partner)
    is_pickup, is_carried = type is DeliveryType.PICKUP, type is not DeliveryType.DIGITAL
    return Delivery(
        type=type,
        service_id=service.id if wished.service_id is None else wished.service_id,
        service_name=wished.service_name or service.name,
        partner=partner,
        interval=wished.interval or _interval(type, model, now=now),
        price=wished.price,
        subsidy=wished.subsidy,
        vat=wished.vat or (Vat.VAT_22 if partner is DeliveryPartner.SHOP else Vat.NO_VAT),
        region=wished.region or city.region,
        address=wished.address or _address(wished, model, buyer, lots, city),
        courier=wished.courier,
        lift_type=wished.lift_type or (LiftType.NOT_NEEDED if type is DeliveryType.DELIVERY else None),
        lift_price=wished.lift_price,
        outlet_code=wished.outlet_code or (OUTLET if is_pickup and model is Model.DBS else None),
        outlet_storage_limit_on=wished.outlet_storage_limit_on,
        storage_days=wished.storage_days,
        logistic_point_id=wished.logistic_point_id or (LOGISTIC_POINT if is_pickup and model is Model.LAAS else None),
        dispatch=wished.dispatch or _dispatch(type, partner),
        shipment=_shipment(wished, model, buyer, shipment_id, now=now) if is_carried else None,
        estimated=wished.estimated,
        eac_code=_eac_code(wished, lots) if model is Model.EXPRESS else None,
        receive_code=wished.receive_code or (lots.digits(6) if is_pickup and model is Model.LAAS else None),
        digital=None if is_carried else wished.digital or Digital(DigitalType.ACTIVATION_CODE),
    )


def delivery_type(wished: WishedDelivery) -> DeliveryType:
    """The type wished for, or what the other parts of the wish make of it; a courier's round otherwise."""
    if wished.type is not None:
        return wished.type
    if wished.digital is not None:
        return DeliveryType.DIGITAL
    to_a_point = wished.outlet_code or wished.logistic_point_id
    return DeliveryType.PICKUP if to_a_point else DeliveryType.DELIVERY


def city(wished: WishedDelivery, lots: Lots) -> City:
    """The city of the region that was wished for, if we know it; else any."""
    drawn = lots.one_of(invented.CITIES)
    return next((known for known in invented.CITIES if wished.region and known.region.id == wished.region.id), drawn)


def _eac_code(wished: WishedDelivery, lots: Lots) -> str:
    drawn = lots.digits(acceptance.DIGITS)
    return drawn if wished.eac_code is None else wished.eac_code


def _service(type: DeliveryType, partner: DeliveryPartner) -> DeliveryService:
    if partner is DeliveryPartner.SHOP:
        return delivery_services.OWN
    by_type = delivery_services.OF_THE_MARKET
    return by_type.get(type, by_type[DeliveryType.DELIVERY])


def _interval(type: DeliveryType, model: Model, *, now: datetime) -> Interval:
    if type is DeliveryType.DIGITAL:
        return Interval(day_of(now))
    if model is Model.EXPRESS:
        return _next_hour(now + PACKING)
    first = day_of(now) + ONE_DAY * (1 + ON_THE_WAY[model])
    return Interval(first, first, *DAYTIME) if type is DeliveryType.DELIVERY else Interval(first, first + ONE_DAY)


def _next_hour(moment: datetime) -> Interval:
    """The first whole hour after the moment, and the one that follows, or what of it is left of the day."""
    start = (moment.astimezone(MOSCOW) + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    end = start + CARRYING
    same_day = end.date() == start.date()
    return Interval(start.date(), start.date(), start.time(), end.time() if same_day else LAST_MINUTE)


def _address(wished: WishedDelivery, model: Model, buyer: Buyer, lots: Lots, city: City) -> Address | None:
    """The buyer's door, or the seller's own outlet; the Market's points are not told."""
    type = delivery_type(wished)
    if type is DeliveryType.DIGITAL or (type is DeliveryType.PICKUP and model is not Model.DBS):
        return None
    if wished.region is not None and wished.region.id != city.region.id:
        return Address(city=wished.region.name)
    somewhere = invented.address(lots, city)
    if type is DeliveryType.PICKUP:
        outlet: dict[str, Any] = dict.fromkeys(("entrance", "entryphone", "floor", "apartment"))
        return replace(somewhere, **outlet)
    return replace(somewhere, recipient=buyer.full_name, phone=buyer.phone)


def _dispatch(type: DeliveryType, partner: DeliveryPartner) -> DispatchType | None:
    if type is DeliveryType.DIGITAL:
        return None
    if type is not DeliveryType.PICKUP:
        return DispatchType.BUYER
    return DispatchType.SHOP_OUTLET if partner is DeliveryPartner.SHOP else DispatchType.MARKET_BRANDED_OUTLET


def _shipment(wished: WishedDelivery, model: Model, buyer: Buyer, id: int, *, now: datetime) -> Shipment:
    """When the parcel is handed over: tomorrow; Express, soon. For a company only once its delivery date is agreed."""
    if buyer.type is BuyerType.BUSINESS:
        return Shipment(id, wished.ships_on, wished.ships_at_time)
    if model is not Model.EXPRESS:
        return Shipment(id, wished.ships_on or day_of(now) + ONE_DAY, wished.ships_at_time)
    ready = (now + PACKING).astimezone(MOSCOW)
    return Shipment(id, wished.ships_on or ready.date(), wished.ships_at_time or time(ready.hour, ready.minute))
