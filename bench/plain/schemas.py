"""The bodies of requests and answers, as pydantic models."""

from datetime import date, datetime, timedelta, timezone
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, model_validator
from pydantic.alias_generators import to_camel

MOSCOW = timezone(timedelta(hours=3))
MAX_INT64 = 2**63 - 1

Moment = Annotated[datetime, PlainSerializer(lambda moment: moment.astimezone(MOSCOW).strftime("%d-%m-%Y %H:%M:%S"))]
Day = Annotated[date, PlainSerializer(lambda day: day.strftime("%d-%m-%Y"))]
Id = Annotated[int, Field(ge=0, le=MAX_INT64)]


class Model(BaseModel):
    """What all bodies share: camelCase outside."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, from_attributes=True)


class Item(Model):
    """A position of an order."""

    id: int
    offer_id: str
    offer_name: str
    price: float
    buyer_price: float
    buyer_price_before_discount: float
    price_before_discount: float
    count: int
    vat: str | None = None
    shop_sku: str
    subsidy: float
    promos: list[dict[str, Any]] | None = None
    instances: list[dict[str, Any]] | None = None
    subsidies: list[dict[str, Any]] | None = None
    required_instance_types: list[str] | None = None


class Region(Model):
    """A region and its parents."""

    id: int
    name: str
    type: str
    parent: "Region | None" = None


class Gps(Model):
    """A point on the map."""

    latitude: float
    longitude: float


class Address(Model):
    """Where a parcel goes."""

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


class Dates(Model):
    """When the parcel is brought."""

    from_date: Day
    to_date: Day | None = None
    from_time: str | None = None
    to_time: str | None = None


class ShownBox(Model):
    """A box as an order shows it."""

    id: int
    fulfilment_id: str


class Shipment(Model):
    """A shipment of an order."""

    id: int | None = None
    shipment_date: Day | None = None
    boxes: list[ShownBox] | None = None


class Delivery(Model):
    """How an order reaches the buyer."""

    type: str
    service_name: str
    price: float
    delivery_partner_type: str
    dates: Dates
    region: Region | None = None
    address: Address | None = None
    vat: str | None = None
    delivery_service_id: int
    lift_type: str | None = None
    lift_price: float | None = None
    dispatch_type: str | None = None
    shipments: list[Shipment] | None = None
    estimated: bool | None = None


class Buyer(Model):
    """Who gets the parcel."""

    id: str | None = None
    last_name: str | None = None
    first_name: str | None = None
    middle_name: str | None = None
    type: str


class Subsidy(Model):
    """A reward of the Market."""

    type: str
    amount: float


class Order(Model):
    """An order."""

    id: int
    external_order_id: str | None = None
    status: str
    substatus: str
    creation_date: Moment
    updated_at: Moment
    currency: str
    items_total: float
    delivery_total: float
    buyer_items_total: float
    buyer_total: float
    buyer_items_total_before_discount: float
    buyer_total_before_discount: float
    payment_type: str
    payment_method: str
    fake: bool
    items: list[Item]
    subsidies: list[Subsidy] | None = None
    delivery: Delivery
    buyer: Buyer
    notes: str | None = None
    tax_system: str
    cancel_requested: bool | None = None
    expiry_date: Moment | None = None


class OneOrder(Model):
    """The answer of getOrder."""

    order: Order


class Paging(Model):
    """Where the next page begins."""

    next_page_token: str | None = None


class Orders(Model):
    """The answer of getOrders."""

    orders: list[Order]
    paging: Paging


class Instance(Model):
    """The marking codes of one unit."""

    cis: Annotated[str | None, Field(min_length=1, max_length=256)] = None
    uin: Annotated[str | None, Field(pattern=r"^\d{16}$")] = None
    rnpt: Annotated[str | None, Field(pattern=r"^\d+/\d+/\d+/\d+$")] = None
    gtd: Annotated[str | None, Field(pattern=r"^\d+/\d+/\d+$")] = None
    country_code: Annotated[str | None, Field(pattern="^[A-Z]{2}$")] = None


class WantedItem(Model):
    """How many units of a position shall stay."""

    id: Id
    count: Annotated[int, Field(ge=0, le=2**31 - 1)]
    instances: list[Instance] | None = None


class ItemsRequest(Model):
    """The composition that an order shall have."""

    items: Annotated[list[WantedItem], Field(min_length=1)]
    reason: str | None = Field(default=None, pattern="^(PARTNER|USER)_REQUESTED_REMOVE$")


class Part(Model):
    """One part of a unit that travels in several boxes."""

    current: Annotated[int, Field(ge=1)]
    total: Annotated[int, Field(ge=2)]


class BoxItem(Model):
    """What a box holds of one position: whole units or a part."""

    id: Id
    full_count: Annotated[int | None, Field(ge=1)] = None
    partial_count: Part | None = None
    instances: list[Instance] | None = None

    @model_validator(mode="after")
    def _either_whole_or_part(self) -> Self:
        if (self.full_count is None) == (self.partial_count is None):
            raise ValueError("either fullCount or partialCount")
        return self


class WantedBox(Model):
    """A box of the layout."""

    items: Annotated[list[BoxItem], Field(min_length=1)]


class BoxesRequest(Model):
    """The layout that an order shall have."""

    boxes: Annotated[list[WantedBox], Field(min_length=1)]
    allow_remove: bool = False


class PackedBox(Model):
    """A box of the layout with its id."""

    box_id: int
    items: list[BoxItem]


class Layout(Model):
    """A layout of boxes."""

    boxes: list[PackedBox]


class BoxesAnswer(Model):
    """The answer of setOrderBoxLayout."""

    status: str = "OK"
    result: Layout
