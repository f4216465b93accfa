"""What getBusinessOrders answers, spelt from the domain's values. Wide structs are filled by position, as in v2."""

from decimal import Decimal
from typing import Final

from korob.api import spell_v2, units
from korob.api.formats import hour_minute, iso_day, iso_moment
from korob.contract.order_v1 import (
    BusinessOrderBoxLayoutDTO,
    BusinessOrderBoxLayoutItemDTO,
    BusinessOrderBoxLayoutPartialCountDTO,
    BusinessOrderCourierDeliveryDTO,
    BusinessOrderDeliveryAddressDTO,
    BusinessOrderDeliveryDatesDTO,
    BusinessOrderDeliveryDTO,
    BusinessOrderDTO,
    BusinessOrderEacDTO,
    BusinessOrderItemDTO,
    BusinessOrderPickupDeliveryDTO,
    BusinessOrderServicesDTO,
    BusinessOrderShipmentDTO,
    BusinessOrderTransferDTO,
    CurrencyValueDTO,
    DeliveryPriceDTO,
    DigitalGoodsDeliveryDetailsDTO,
    ItemPriceDTO,
    OrderItemUnitStatusDTO,
    OrderPriceDTO,
    UnitStatus,
)
from korob.domain import cancellation, totals
from korob.domain.order import Address, Box, BoxItem, Delivery, Digital, Item, Order
from korob.domain.totals import ItemTotals, Totals
from korob.domain.words import Currency, DeliveryType

NOUGHT: Final = spell_v2.NOUGHT


def order(order: Order) -> BusinessOrderDTO:
    """Spell an order in full (getBusinessOrders)."""
    sums = totals.of(order)
    currency = order.currency
    where = units.where(order)
    return BusinessOrderDTO(
        order.id,
        order.campaign_id,
        order.status,
        order.substatus,
        iso_moment(order.created_at),
        order.payment_type,
        order.payment_method,
        order.fake,
        tuple([_item(item, its, currency, where) for item, its in zip(order.items, sums.items, strict=True)]),
        _delivery(order),
        order.model,
        order.external_id,
        iso_moment(order.updated_at),
        _prices(order, sums),
        None if order.delivery.lift_type is None else BusinessOrderServicesDTO(order.delivery.lift_type),
        order.buyer.type,
        order.notes,
        cancellation.is_wished(order),
        order.source_platform,
    )


def _item(item: Item, sums: ItemTotals, currency: Currency, where: UnitStatus | None) -> BusinessOrderItemDTO:
    return BusinessOrderItemDTO(
        item.id,
        item.offer_id,
        item.offer_name,
        item.count,
        ItemPriceDTO(
            _value(sums.payment, currency),
            _value(sums.subsidy, currency),
            _value(sums.cashback, currency),
            item.vat,
        ),
        spell_v2.instances(item.instances) if item.instances else None,
        item.required_instance_types or None,
        _statuses(item, where),
        item.tags or None,
    )


def _statuses(item: Item, where: UnitStatus | None) -> tuple[OrderItemUnitStatusDTO, ...] | None:
    if where is None:
        return None
    removed = item.ordered - item.count
    if not removed:
        return (OrderItemUnitStatusDTO(where, item.count),)
    if where is UnitStatus.CANCELLED:
        return (OrderItemUnitStatusDTO(where, item.ordered),)
    return (OrderItemUnitStatusDTO(where, item.count), OrderItemUnitStatusDTO(UnitStatus.CANCELLED, removed))


def _prices(order: Order, sums: Totals) -> OrderPriceDTO:
    currency = order.currency
    return OrderPriceDTO(
        _value(sums.items_total, currency),
        _value(sums.subsidy, currency),
        _value(sums.cashback, currency),
        DeliveryPriceDTO(
            _value(sums.delivery_total, currency),
            _value(sums.delivery_subsidy, currency),
            order.delivery.vat,
        ),
    )


def _value(amount: Decimal, currency: Currency) -> CurrencyValueDTO:
    return CurrencyValueDTO(amount + NOUGHT, currency)


def _delivery(order: Order) -> BusinessOrderDeliveryDTO:
    delivery = order.delivery
    return BusinessOrderDeliveryDTO(
        delivery.type,
        delivery.service_name,
        delivery.service_id,
        delivery.partner,
        _dates(delivery),
        next((item.warehouse_id for item in order.items if item.warehouse_id), None),
        delivery.dispatch,
        _shipment(delivery),
        _courier(delivery),
        _pickup(delivery),
        _transfer(delivery),
        _boxes(order) if order.boxes else None,
        spell_v2.tracks(delivery) if delivery.tracks else None,
        delivery.estimated or None,
        None if delivery.receive_code is None else f"{order.id}-{delivery.receive_code}",
        delivery.receive_code,
        _digital(delivery.digital) if delivery.digital else None,
    )


def _dates(delivery: Delivery) -> BusinessOrderDeliveryDatesDTO:
    interval = delivery.interval
    return BusinessOrderDeliveryDatesDTO(
        iso_day(interval.from_on),
        None if interval.to_on is None else iso_day(interval.to_on),
        None if interval.from_time is None else hour_minute(interval.from_time),
        None if interval.to_time is None else hour_minute(interval.to_time),
        None if delivery.real_on is None else iso_day(delivery.real_on),
    )


def _shipment(delivery: Delivery) -> BusinessOrderShipmentDTO | None:
    shipment = delivery.shipment
    if shipment is None or shipment.ships_on is None:
        return None
    return BusinessOrderShipmentDTO(
        iso_day(shipment.ships_on),
        shipment.id,
        None if shipment.ships_at_time is None else hour_minute(shipment.ships_at_time),
    )


def _courier(delivery: Delivery) -> BusinessOrderCourierDeliveryDTO | None:
    to_the_door = delivery.type in {DeliveryType.DELIVERY, DeliveryType.POST}
    if not to_the_door or (delivery.address is None and delivery.region is None):
        return None
    return BusinessOrderCourierDeliveryDTO(_address(delivery.address), delivery.region)


def _pickup(delivery: Delivery) -> BusinessOrderPickupDeliveryDTO | None:
    if delivery.type is not DeliveryType.PICKUP:
        return None
    limit = delivery.outlet_storage_limit_on
    place = BusinessOrderPickupDeliveryDTO(
        _address(delivery.address),
        delivery.region,
        delivery.logistic_point_id,
        delivery.outlet_code,
        None if limit is None else iso_day(limit),
    )
    return None if place == BusinessOrderPickupDeliveryDTO() else place


def _address(address: Address | None) -> BusinessOrderDeliveryAddressDTO | None:
    if address is None:
        return None
    return BusinessOrderDeliveryAddressDTO(
        address.country,
        address.postcode,
        address.city,
        address.district,
        address.subway,
        address.street,
        address.house,
        address.block,
        address.entrance,
        address.entryphone,
        address.floor,
        address.apartment,
        address.gps,
    )


def _transfer(delivery: Delivery) -> BusinessOrderTransferDTO | None:
    if delivery.courier is None and delivery.eac_type is None:
        return None
    return BusinessOrderTransferDTO(
        spell_v2.courier(delivery.courier),
        None if delivery.eac_type is None else BusinessOrderEacDTO(delivery.eac_type, spell_v2.eac_code(delivery)),
    )


def _digital(digital: Digital) -> DigitalGoodsDeliveryDetailsDTO:
    return DigitalGoodsDeliveryDetailsDTO(digital.type, digital.steam_link)


def _boxes(order: Order) -> tuple[BusinessOrderBoxLayoutDTO, ...]:
    return tuple([_box(order, place, box) for place, box in enumerate(order.boxes, 1)])


def _box(order: Order, place: int, box: Box) -> BusinessOrderBoxLayoutDTO:
    items = tuple([_box_item(item) for item in box.items])
    return BusinessOrderBoxLayoutDTO(box.id, spell_v2.barcode(order.id, place), items)


def _box_item(item: BoxItem) -> BusinessOrderBoxLayoutItemDTO:
    part = item.part
    partial = None if part is None else BusinessOrderBoxLayoutPartialCountDTO(part.current, part.total)
    return BusinessOrderBoxLayoutItemDTO(item.id, item.full_count, partial, spell_v2.brief(item.instances))
