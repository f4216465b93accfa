"""The order: one aggregate, stored as one row, changed only as a whole."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from korob.domain.money import ZERO
from korob.domain.value import Value
from korob.domain.words import (
    BuyerType,
    CodeStatus,
    CodeSubstatus,
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
    OperationType,
    PaymentMethod,
    PaymentType,
    PromoType,
    RegionType,
    RemovalReason,
    SourcePlatform,
    Status,
    SubsidyType,
    Substatus,
    TaxSystem,
    Vat,
)

FORMAT: Final = 1
"""The number of the stored form. A node refuses to write over an order of a higher one."""


class Subsidy(Value, frozen=True):
    """A reward of the Market to the seller; of an item it is for one unit."""

    type: SubsidyType
    amount: Decimal


class Promo(Value, frozen=True):
    """A promotion an item was sold under; amounts are for one unit."""

    type: PromoType
    subsidy: Decimal
    discount: Decimal | None = None
    shop_promo_id: str | None = None
    market_promo_id: str | None = None


class Instance(Value, frozen=True):
    """The identification of one unit, as the seller gave it; any combination of fields may be filled."""

    cis: str | None = None
    uin: str | None = None
    rnpt: str | None = None
    gtd: str | None = None
    country_code: str | None = None


class Item(Value, frozen=True):
    """A position of the order. All amounts are for one unit, VAT included, in the order's currency."""

    id: int
    offer_id: str
    offer_name: str
    count: int
    price: Decimal
    """What the buyer pays for a unit, after every discount, without the Market's reward."""
    buyer_price_before_discount: Decimal
    ordered: int
    """Units when the order was placed; `count` only ever falls below it."""
    vat: Vat = Vat.VAT_22
    subsidies: tuple[Subsidy, ...] = ()
    promos: tuple[Promo, ...] = ()
    instances: tuple[Instance, ...] = ()
    required_instance_types: tuple[InstanceType, ...] = ()
    tags: tuple[ItemTag, ...] = ()
    warehouse_id: str | None = None


class Region(Value, frozen=True):
    """A region with its chain of parents, up to the country."""

    id: int
    name: str
    type: RegionType
    parent: "Region | None" = None


class Gps(Value, frozen=True):
    """A point on the map, in degrees."""

    latitude: Decimal
    longitude: Decimal


class Address(Value, frozen=True):
    """Where a parcel goes; every field is text as the buyer gave it."""

    country: str | None = None
    postcode: str | None = None
    city: str | None = None
    district: str | None = None
    subway: str | None = None
    street: str | None = None
    house: str | None = None
    estate: str | None = None
    block: str | None = None
    building: str | None = None
    entrance: str | None = None
    entryphone: str | None = None
    floor: str | None = None
    apartment: str | None = None
    phone: str | None = None
    recipient: str | None = None
    gps: Gps | None = None


class Courier(Value, frozen=True):
    """The person who brings the parcel, and the vehicle."""

    full_name: str | None = None
    phone: str | None = None
    phone_extension: str | None = None
    vehicle_number: str | None = None
    vehicle_description: str | None = None


class Track(Value, frozen=True):
    """A track code of a delivery service."""

    service_id: int
    code: str | None = None


class Shipment(Value, frozen=True):
    """When the seller hands the parcel over; the time is for Express only, in Moscow."""

    id: int
    ships_on: date | None = None
    ships_at_time: time | None = None


class Interval(Value, frozen=True):
    """Days and hours between which the parcel is brought; the hours are absent for pickup."""

    from_on: date
    to_on: date | None = None
    from_time: time | None = None
    to_time: time | None = None


class Digital(Value, frozen=True):
    """How digital goods are handed over; the link is for STEAM_GIFT only."""

    type: DigitalType
    steam_link: str | None = None
    late: bool = False
    """Whether the seller has let the time for it pass."""
    since: datetime | None = None
    """When the seller's time for it began, once the order has moved on within its status."""


class Delivery(Value, frozen=True):
    """How, when and where the parcel reaches the buyer. `price` is for the whole delivery."""

    type: DeliveryType
    service_id: int
    service_name: str
    partner: DeliveryPartner
    interval: Interval
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
    storage_extended: bool = False
    storage_days: int | None = None
    """How long the outlet keeps a parcel, if it says."""
    logistic_point_id: int | None = None
    dispatch: DispatchType | None = None
    tracks: tuple[Track, ...] = ()
    shipment: Shipment | None = None
    estimated: bool = False
    real_on: date | None = None
    date_changes: int = 0
    eac_type: EacType | None = None
    eac_code: str | None = None
    receive_code: str | None = None
    digital: Digital | None = None
    eac_wrong: int = 0
    """How often a wrong code was told since this one was issued."""
    eac_accepted: bool = False


class Company(Value, frozen=True):
    """A buyer that is a business."""

    inn: str
    organization_name: str
    kpp: str | None = None
    legal_address: str | None = None


class Buyer(Value, frozen=True):
    """Who gets the parcel: the buyer, in LaaS the recipient."""

    type: BuyerType = BuyerType.PERSON
    id: str | None = None
    last_name: str | None = None
    first_name: str | None = None
    middle_name: str | None = None
    phone: str | None = None
    trusted: bool | None = None
    company: Company | None = None

    @property
    def full_name(self) -> str:
        """Last, first and middle name, as far as they are known."""
        return " ".join(filter(None, (self.last_name, self.first_name, self.middle_name)))


class Part(Value, frozen=True):
    """Part `current` of `total` of one unit that travels in several boxes; parts count from 1."""

    current: int
    total: int


class BoxItem(Value, frozen=True):
    """What a box holds of one position: whole units (`full_count`) or one part of a unit, never both."""

    id: int
    full_count: int | None = None
    part: Part | None = None
    instances: tuple[Instance, ...] = ()


class Box(Value, frozen=True):
    """A box of the layout that the seller sent. Its barcode is `<order id>-<place in the layout>`."""

    id: int
    items: tuple[BoxItem, ...]


class CancellationRequest(Value, frozen=True):
    """A buyer's wish to cancel an order that is on its way; the seller answers within 48 hours."""

    requested_at: datetime
    substatus: Substatus


class Refund(Value, frozen=True):
    """Money that goes back to the buyer for units of one position; `due_at` is unknown until the order ships."""

    item_id: int | None
    """The position, also when it is gone from the order; None is the delivery."""
    count: int
    amount: Decimal
    reason: str
    """REMOVED or CANCELLED."""
    made_at: datetime
    due_at: datetime | None = None
    paid_at: datetime | None = None


class Operation(Value, frozen=True):
    """An asynchronous change that was accepted and is not applied yet; what it will set is inside."""

    id: str
    type: OperationType
    due_at: datetime
    recipient: Buyer | None = None
    interval: Interval | None = None
    substatus: Substatus | None = None


class Verdict(Value, frozen=True):
    """What the code authority says of a code."""

    status: CodeStatus
    substatus: CodeSubstatus | None = None


class CodeCheck(Value, frozen=True):
    """One code of one position at the code authority. `value` is the code as given."""

    item_id: int
    type: InstanceType
    value: str
    status: CodeStatus
    substatus: CodeSubstatus | None = None
    due_at: datetime | None = None
    """When the authority answers, if it was asked, has not answered and lets that be known."""
    asked_at: datetime | None = None
    foretold: Verdict | None = None
    """What it is going to say, where a rule has settled that; else the code's structure does."""


class Removed(Value, frozen=True):
    """Units taken out of the order after it was placed."""

    item_id: int
    offer_id: str
    count: int
    at: datetime
    by: RemovalReason | None = None
    offer_name: str = ""
    price: Decimal = ZERO
    """What the buyer paid for a unit."""


class Keys(Value, frozen=True):
    """What a buyer of digital goods gets for one position, how to use it, and until when."""

    item_id: int
    codes: tuple[str, ...]
    slip: str
    activate_by_on: date


class Mailing(Value, frozen=True):
    """The keys of an order, and when the Market has mailed them."""

    keys: tuple[Keys, ...]
    due_at: datetime


class Order(Value, frozen=True):
    """An order of a campaign. Collections keep the order in which things were given."""

    id: int
    business_id: int
    campaign_id: int
    model: Model
    status: Status
    substatus: Substatus
    since: datetime
    """The moment it entered this status and substatus."""
    created_at: datetime
    updated_at: datetime
    items: tuple[Item, ...]
    delivery: Delivery
    buyer: Buyer
    payment_type: PaymentType
    payment_method: PaymentMethod
    paid: bool = False
    currency: Currency = Currency.RUR
    tax_system: TaxSystem = TaxSystem.OSN
    fake: bool = False
    notes: str | None = None
    external_id: str | None = None
    source_platform: SourcePlatform = SourcePlatform.MARKET
    expires_at: datetime | None = None
    first_box_id: int | None = None
    """The id of the one box that is shown before a layout was sent."""
    boxes: tuple[Box, ...] = ()
    cancellation: CancellationRequest | None = None
    refunds: tuple[Refund, ...] = ()
    operations: tuple[Operation, ...] = ()
    """Operations still in progress; finished ones live on as rows of their own."""
    codes: tuple[CodeCheck, ...] = ()
    removed: tuple[Removed, ...] = ()
    counted_boxes: tuple[int, ...] = ()
    """Ids of boxes that the seller counted without saying what is in them; a layout takes their place."""
    mailing: Mailing | None = None
    shipped_at: datetime | None = None
    """When the parcel left the seller or the warehouse: at SHIPPED, else when PROCESSING was left without it."""

    def item(self, item_id: int) -> Item | None:
        """The position with this id, None if there is none (any more)."""
        return next((item for item in self.items if item.id == item_id), None)
