"""The order as the v2 methods show it: dates with the day first, totals on the order, one currency for all."""

from enum import StrEnum
from typing import Annotated

from korob.contract.wire import Amount, Answer, ClockTime, DayFirst, Int64, MoscowMoment, one_of
from korob.domain.order import Address, Region
from korob.domain.words import (
    BuyerType,
    Currency,
    DeliveryPartner,
    DeliveryType,
    DispatchType,
    EacType,
    InstanceType,
    ItemTag,
    LiftType,
    PaymentMethod,
    PaymentType,
    PromoType,
    Status,
    SubsidyType,
    Substatus,
    TaxSystem,
    Vat,
)


class UnitFate(StrEnum):
    """What became of units that the buyer does not have (OrderItemStatusType)."""

    REJECTED = "REJECTED"
    RETURNED = "RETURNED"


class OrderItemInstanceDTO(Answer, frozen=True):
    """A marked unit; `cis` is without the crypto tail, `cisFull` with it."""

    cis: str | None = None
    cis_full: str | None = None
    uin: str | None = None
    rnpt: str | None = None
    gtd: str | None = None
    country_code: str | None = None


class OrderItemPromoDTO(Answer, frozen=True):
    """A promotion of an item; amounts are for one unit."""

    type: PromoType
    subsidy: Amount
    discount: Amount | None = None
    shop_promo_id: str | None = None
    market_promo_id: str | None = None


class OrderItemSubsidyDTO(Answer, frozen=True):
    """The Market's reward for one unit."""

    type: Annotated[str, one_of((SubsidyType.YANDEX_CASHBACK, SubsidyType.SUBSIDY))]
    amount: Amount


class OrderItemDetailDTO(Answer, frozen=True):
    """Units that the buyer did not take or brought back."""

    item_count: Int64
    item_status: UnitFate
    update_date: DayFirst


class OrderItemDTO(Answer, frozen=True):
    """A position of the order; amounts are for one unit."""

    id: Int64
    offer_id: str
    offer_name: str
    price: Amount
    buyer_price: Amount
    buyer_price_before_discount: Amount
    count: int
    price_before_discount: Amount | None = None
    vat: Vat | None = None
    shop_sku: str | None = None
    subsidy: Amount | None = None
    partner_warehouse_id: str | None = None
    promos: tuple[OrderItemPromoDTO, ...] | None = None
    instances: tuple[OrderItemInstanceDTO, ...] | None = None
    details: tuple[OrderItemDetailDTO, ...] | None = None
    subsidies: tuple[OrderItemSubsidyDTO, ...] | None = None
    required_instance_types: tuple[InstanceType, ...] | None = None
    tags: tuple[ItemTag, ...] | None = None


class OrderSubsidyDTO(Answer, frozen=True):
    """The Market's reward of one type for the whole order."""

    type: SubsidyType
    amount: Amount


class OrderCourierDTO(Answer, frozen=True):
    """The person who brings the parcel, and the vehicle."""

    full_name: str | None = None
    phone: str | None = None
    phone_extension: str | None = None
    vehicle_number: str | None = None
    vehicle_description: str | None = None


class OrderDeliveryDatesDTO(Answer, frozen=True):
    """When the parcel is to be there, and when it was."""

    from_date: DayFirst
    to_date: DayFirst | None = None
    from_time: ClockTime | None = None
    to_time: ClockTime | None = None
    real_delivery_date: DayFirst | None = None


class OrderTrackDTO(Answer, frozen=True):
    """A track code and whose it is."""

    delivery_service_id: Int64
    track_code: str | None = None


class OrderParcelBoxDTO(Answer, frozen=True):
    """A box; `fulfilmentId` is what its barcode says."""

    id: Int64
    fulfilment_id: str


class OrderShipmentDTO(Answer, frozen=True):
    """The parcel on its way from the seller."""

    id: Int64 | None = None
    shipment_date: DayFirst | None = None
    shipment_time: ClockTime | None = None
    tracks: tuple[OrderTrackDTO, ...] | None = None
    boxes: tuple[OrderParcelBoxDTO, ...] | None = None


class OrderDeliveryDTO(Answer, frozen=True):
    """How, when and where the parcel reaches the buyer."""

    type: DeliveryType
    service_name: str
    delivery_partner_type: DeliveryPartner
    dates: OrderDeliveryDatesDTO
    delivery_service_id: Int64
    id: str | None = None
    price: Amount | None = None
    courier: OrderCourierDTO | None = None
    region: Region | None = None
    address: Address | None = None
    vat: Vat | None = None
    lift_type: LiftType | None = None
    lift_price: Amount | None = None
    outlet_code: str | None = None
    outlet_storage_limit_date: DayFirst | None = None
    dispatch_type: DispatchType | None = None
    tracks: tuple[OrderTrackDTO, ...] | None = None
    shipments: tuple[OrderShipmentDTO, ...] | None = None
    estimated: bool | None = None
    eac_type: EacType | None = None
    eac_code: str | None = None
    receive_code: str | None = None


class OrderBuyerDTO(Answer, frozen=True):
    """Who ordered; more than the type is told in DBS only."""

    type: BuyerType
    id: str | None = None
    last_name: str | None = None
    first_name: str | None = None
    middle_name: str | None = None


class OrderDTO(Answer, frozen=True):
    """An order of a campaign."""

    id: Int64
    status: Status
    substatus: Substatus
    creation_date: MoscowMoment
    currency: Currency
    items_total: Amount
    delivery_total: Amount
    buyer_items_total_before_discount: Amount
    payment_type: PaymentType
    payment_method: PaymentMethod
    fake: bool
    items: tuple[OrderItemDTO, ...]
    delivery: OrderDeliveryDTO
    buyer: OrderBuyerDTO
    tax_system: TaxSystem
    external_order_id: str | None = None
    updated_at: MoscowMoment | None = None
    buyer_items_total: Amount | None = None
    buyer_total: Amount | None = None
    buyer_total_before_discount: Amount | None = None
    subsidies: tuple[OrderSubsidyDTO, ...] | None = None
    notes: str | None = None
    cancel_requested: bool | None = None
    expiry_date: MoscowMoment | None = None
