"""The tables, mapped the usual way. Addresses and regions are snapshots of what the buyer chose, so they are JSON."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Identity, Index, Numeric, String, Text
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """What all tables share."""

    type_annotation_map = {  # noqa: RUF012
        int: BigInteger,
        datetime: TIMESTAMP(timezone=True),
        Decimal: Numeric(14, 2),
        dict[str, Any]: JSONB,
        list[dict[str, Any]]: JSONB,
        list[str]: ARRAY(Text),
        bytes: BYTEA,
    }


class Campaign(Base):
    """A store of a business."""

    __tablename__ = "campaigns"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    business_id: Mapped[int] = mapped_column(index=True)
    model: Mapped[str] = mapped_column(String(10))
    available: Mapped[bool] = mapped_column(default=True)


class ApiKey(Base):
    """A key of a business, known by the hash of its token."""

    __tablename__ = "api_keys"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    hash: Mapped[bytes] = mapped_column(unique=True)
    business_id: Mapped[int]
    scopes: Mapped[list[str]]
    revoked_at: Mapped[datetime | None]


class Order(Base):
    """An order, with its delivery and buyer."""

    __tablename__ = "orders"
    __table_args__ = (Index("orders_newest", "campaign_id", "created_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    external_id: Mapped[str | None]
    status: Mapped[str] = mapped_column(String(32))
    substatus: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    currency: Mapped[str] = mapped_column(String(3))
    payment_type: Mapped[str] = mapped_column(String(16))
    payment_method: Mapped[str] = mapped_column(String(32))
    tax_system: Mapped[str] = mapped_column(String(32))
    fake: Mapped[bool]
    notes: Mapped[str | None]
    cancel_requested: Mapped[bool]

    buyer_type: Mapped[str] = mapped_column(String(16))
    buyer_id: Mapped[str | None]
    buyer_last_name: Mapped[str | None]
    buyer_first_name: Mapped[str | None]
    buyer_middle_name: Mapped[str | None]

    delivery_type: Mapped[str] = mapped_column(String(16))
    delivery_partner_type: Mapped[str] = mapped_column(String(16))
    delivery_service_id: Mapped[int]
    delivery_service_name: Mapped[str]
    delivery_price: Mapped[Decimal]
    delivery_vat: Mapped[str | None]
    dispatch_type: Mapped[str | None]
    delivery_from_on: Mapped[date]
    delivery_to_on: Mapped[date | None]
    delivery_from_time: Mapped[str | None]
    delivery_to_time: Mapped[str | None]
    lift_type: Mapped[str | None]
    lift_price: Mapped[Decimal | None]
    estimated: Mapped[bool | None]
    region: Mapped[dict[str, Any] | None]
    address: Mapped[dict[str, Any] | None]
    shipment_id: Mapped[int | None]
    ships_on: Mapped[date | None]

    items: Mapped[list["OrderItem"]] = relationship(order_by="OrderItem.position", cascade="all, delete-orphan")
    boxes: Mapped[list["Box"]] = relationship(order_by="Box.position", cascade="all, delete-orphan")


class OrderItem(Base):
    """A position of an order; amounts are for one unit."""

    __tablename__ = "order_items"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    offer_id: Mapped[str]
    offer_name: Mapped[str]
    price: Mapped[Decimal]
    buyer_price: Mapped[Decimal]
    buyer_price_before_discount: Mapped[Decimal]
    count: Mapped[int]
    vat: Mapped[str | None]
    promos: Mapped[list[dict[str, Any]] | None]
    subsidies: Mapped[list[dict[str, Any]] | None]
    instances: Mapped[list[dict[str, Any]] | None]
    required_instance_types: Mapped[list[str] | None]


class Box(Base):
    """A box of an order; the one that is shown before a layout was sent holds no items."""

    __tablename__ = "boxes"

    id: Mapped[int] = mapped_column(Identity(start=1_000_000_000), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    position: Mapped[int]

    items: Mapped[list["BoxItem"]] = relationship(cascade="all, delete-orphan", passive_deletes=True)


class BoxItem(Base):
    """What a box holds of one position."""

    __tablename__ = "box_items"
    __table_args__ = (ForeignKeyConstraint(["box_id"], ["boxes.id"], ondelete="CASCADE"),)

    box_id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(primary_key=True)
    full_count: Mapped[int | None]
    part: Mapped[int | None]
    parts: Mapped[int | None]


class Audit(Base):
    """Who changed which order, when and how."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    order_id: Mapped[int] = mapped_column(index=True)
    key_id: Mapped[int]
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(32))
    details: Mapped[dict[str, Any]]
