"""The order as getBusinessOrders shows it: ISO dates, every amount with its currency, no buyer's name."""

from enum import StrEnum

from korob.contract.boxes import BriefOrderItemInstanceDTO
from korob.contract.order_v2 import OrderCourierDTO, OrderItemInstanceDTO, OrderTrackDTO
from korob.contract.wire import Amount, Answer, ClockTime, Int32, Int64, IsoDay, IsoMoment, Positive
from korob.domain.order import Gps, Region
from korob.domain.words import (
    BuyerType,
    Currency,
    DeliveryPartner,
    DeliveryType,
    DigitalType,
    DispatchType,
    EacType,
    InstanceType,
    ItemTag,
    LiftType,
    Model,
    PaymentMethod,
    PaymentType,
    SourcePlatform,
    Status,
    Substatus,
    Vat,
)


class UnitStatus(StrEnum):
    """Where units of a position are (OrderItemUnitStatusType)."""

    CREATED = "CREATED"
    SHIPPED = "SHIPPED"
    CANCELLED = "CANCELLED"
    DELIVERED_TO_BUYER = "DELIVERED_TO_BUYER"
    LOST = "LOST"
    REJECTED = "REJECTED"
    RETURNED = "RETURNED"


class CurrencyValueDTO(Answer, frozen=True):
    """An amount and its currency."""

    value: Amount
    currency_id: Currency


class ItemPriceDTO(Answer, frozen=True):
    """Money of a position, for all of its units together."""

    payment: CurrencyValueDTO | None = None
    subsidy: CurrencyValueDTO | None = None
    cashback: CurrencyValueDTO | None = None
    vat: Vat | None = None


class DeliveryPriceDTO(Answer, frozen=True):
    """Money of the delivery, the lift to the floor included."""

    payment: CurrencyValueDTO | None = None
    subsidy: CurrencyValueDTO | None = None
    vat: Vat | None = None


class OrderPriceDTO(Answer, frozen=True):
    """Money of the order: its items together, and the delivery."""

    payment: CurrencyValueDTO | None = None
    subsidy: CurrencyValueDTO | None = None
    cashback: CurrencyValueDTO | None = None
    delivery: DeliveryPriceDTO | None = None


class OrderItemUnitStatusDTO(Answer, frozen=True):
    """So many units are there."""

    status: UnitStatus
    count: Int64


class BusinessOrderItemDTO(Answer, frozen=True):
    """A position of the order."""

    id: Int64
    offer_id: str
    offer_name: str
    count: int
    prices: ItemPriceDTO | None = None
    instances: tuple[OrderItemInstanceDTO, ...] | None = None
    required_instance_types: tuple[InstanceType, ...] | None = None
    item_statuses: tuple[OrderItemUnitStatusDTO, ...] | None = None
    tags: tuple[ItemTag, ...] | None = None


class BusinessOrderDeliveryDatesDTO(Answer, frozen=True):
    """When the parcel is to be there, and when it was."""

    from_date: IsoDay
    to_date: IsoDay | None = None
    from_time: ClockTime | None = None
    to_time: ClockTime | None = None
    real_delivery_date: IsoDay | None = None


class BusinessOrderShipmentDTO(Answer, frozen=True):
    """When the seller hands the parcel over; the time is for Express only."""

    shipment_date: IsoDay
    id: Int64 | None = None
    shipment_time: ClockTime | None = None


class BusinessOrderDeliveryAddressDTO(Answer, frozen=True):
    """Where the parcel goes."""

    country: str | None = None
    postcode: str | None = None
    city: str | None = None
    district: str | None = None
    subway: str | None = None
    street: str | None = None
    house: str | None = None
    block: str | None = None
    entrance: str | None = None
    entryphone: str | None = None
    floor: str | None = None
    apartment: str | None = None
    gps: Gps | None = None


class BusinessOrderCourierDeliveryDTO(Answer, frozen=True):
    """The place a courier or the post brings the parcel to."""

    address: BusinessOrderDeliveryAddressDTO | None = None
    region: Region | None = None


class BusinessOrderPickupDeliveryDTO(Answer, frozen=True):
    """The pickup point that the buyer fetches the parcel from."""

    address: BusinessOrderDeliveryAddressDTO | None = None
    region: Region | None = None
    logistic_point_id: Positive | None = None
    outlet_code: str | None = None
    outlet_storage_limit_date: IsoDay | None = None


class BusinessOrderEacDTO(Answer, frozen=True):
    """Who tells the acceptance code to whom; the code itself only if the seller is the one to tell it."""

    eac_type: EacType
    eac_code: str | None = None


class BusinessOrderTransferDTO(Answer, frozen=True):
    """The courier who comes to the seller, and the code between them."""

    courier: OrderCourierDTO | None = None
    eac: BusinessOrderEacDTO | None = None


class BusinessOrderBoxLayoutPartialCountDTO(Answer, frozen=True):
    """Part `current` of `total` of one unit."""

    current: Int32
    total: Int32


class BusinessOrderBoxLayoutItemDTO(Answer, frozen=True):
    """What a box holds of one position; codes are as the seller gave them."""

    id: Int64
    full_count: Int32 | None = None
    partial_count: BusinessOrderBoxLayoutPartialCountDTO | None = None
    instances: tuple[BriefOrderItemInstanceDTO, ...] | None = None


class BusinessOrderBoxLayoutDTO(Answer, frozen=True):
    """A box of the layout that the seller sent."""

    box_id: Int64
    barcode: str
    items: tuple[BusinessOrderBoxLayoutItemDTO, ...]


class DigitalGoodsDeliveryDetailsDTO(Answer, frozen=True):
    """How digital goods are handed over."""

    type: DigitalType
    steam_link: str | None = None


class BusinessOrderDeliveryDTO(Answer, frozen=True):
    """How, when and where the parcel reaches the buyer."""

    type: DeliveryType
    service_name: str
    delivery_service_id: Int64
    delivery_partner_type: DeliveryPartner
    dates: BusinessOrderDeliveryDatesDTO
    warehouse_id: str | None = None
    dispatch_type: DispatchType | None = None
    shipment: BusinessOrderShipmentDTO | None = None
    courier: BusinessOrderCourierDeliveryDTO | None = None
    pickup: BusinessOrderPickupDeliveryDTO | None = None
    transfer: BusinessOrderTransferDTO | None = None
    boxes_layout: tuple[BusinessOrderBoxLayoutDTO, ...] | None = None
    tracks: tuple[OrderTrackDTO, ...] | None = None
    estimated: bool | None = None
    receive_barcode: str | None = None
    receive_code: str | None = None
    digital_goods: DigitalGoodsDeliveryDetailsDTO | None = None


class BusinessOrderServicesDTO(Answer, frozen=True):
    """What is done besides bringing the parcel."""

    lift_type: LiftType | None = None


class BusinessOrderDTO(Answer, frozen=True):
    """An order of a business."""

    order_id: Int64
    campaign_id: Positive
    status: Status
    substatus: Substatus
    creation_date: IsoMoment
    payment_type: PaymentType
    payment_method: PaymentMethod
    fake: bool
    items: tuple[BusinessOrderItemDTO, ...]
    delivery: BusinessOrderDeliveryDTO
    program_type: Model | None = None
    external_order_id: str | None = None
    update_date: IsoMoment | None = None
    prices: OrderPriceDTO | None = None
    services: BusinessOrderServicesDTO | None = None
    buyer_type: BuyerType | None = None
    notes: str | None = None
    cancel_requested: bool | None = None
    source_platform: SourcePlatform | None = None
