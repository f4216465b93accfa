"""What a new order is to be like: whoever asks fills in what matters, placing gives all else a default."""

from datetime import date, datetime, time
from decimal import Decimal

from korob.domain.money import ZERO
from korob.domain.order import Address, Buyer, Courier, Digital, Instance, Interval, Promo, Region, Subsidy
from korob.domain.value import Value
from korob.domain.words import (
    Currency,
    DeliveryPartner,
    DeliveryType,
    DispatchType,
    InstanceType,
    ItemTag,
    LiftType,
    PaymentMethod,
    PaymentType,
    SourcePlatform,
    Status,
    TaxSystem,
    Vat,
)


class WishedItem(Value, frozen=True):
    """A position to be; amounts are for one unit."""

    offer_id: str
    price: Decimal
    count: int = 1
    id: int | None = None
    offer_name: str | None = None
    buyer_price_before_discount: Decimal | None = None
    vat: Vat | None = None
    subsidies: tuple[Subsidy, ...] = ()
    promos: tuple[Promo, ...] = ()
    required_instance_types: tuple[InstanceType, ...] = ()
    tags: tuple[ItemTag, ...] = ()
    warehouse_id: str | None = None
    instances: tuple[Instance, ...] = ()
    """Codes that the units have from the beginning: goods in a warehouse of the Market are marked there."""


class WishedDelivery(Value, frozen=True):
    """The parts of the delivery that matter to whoever wishes."""

    type: DeliveryType | None = None
    partner: DeliveryPartner | None = None
    service_id: int | None = None
    service_name: str | None = None
    interval: Interval | None = None
    price: Decimal = ZERO
    subsidy: Decimal = ZERO
    vat: Vat | None = None
    region: Region | None = None
    address: Address | None = None
    courier: Courier | None = None
    lift_type: LiftType | None = None
    lift_price: Decimal | None = None
    outlet_code: str | None = None
    outlet_storage_limit_on: date | None = None
    storage_days: int | None = None
    logistic_point_id: int | None = None
    dispatch: DispatchType | None = None
    ships_on: date | None = None
    ships_at_time: time | None = None
    estimated: bool = False
    receive_code: str | None = None
    digital: Digital | None = None
    eac_code: str | None = None


class Wish(Value, frozen=True):
    """An order to be; all but the items has a default."""

    items: tuple[WishedItem, ...]
    delivery: WishedDelivery = WishedDelivery()
    buyer: Buyer | None = None
    payment_type: PaymentType | None = None
    payment_method: PaymentMethod | None = None
    paid: bool | None = None
    status: Status | None = None
    """Where it begins, if not where its payment says: a stage of the checkout."""
    draft: bool = False
    """A LaaS order that its seller is still to confirm."""
    fake: bool = False
    notes: str | None = None
    external_id: str | None = None
    source_platform: SourcePlatform | None = None
    currency: Currency = Currency.RUR
    tax_system: TaxSystem = TaxSystem.OSN
    expires_at: datetime | None = None
