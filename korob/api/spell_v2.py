"""What the v2 methods answer, spelt from the domain's values.

The wide structs are filled by position: with as many fields as an order has, keywords take five times as long,
and an order is what is read most. `tests/api/test_spelling_v2.py` spells an order with every field different.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from korob.api import units
from korob.api.formats import day_first, day_first_moment, hour_minute, hour_minute_second
from korob.contract.auth import ApiKeyDTO, GetTokenInfoResponse, TokenDTO
from korob.contract.boxes import (
    BriefOrderItemInstanceDTO,
    EnrichedOrderBoxLayoutDTO,
    OrderBoxesLayoutDTO,
    OrderBoxLayoutItemDTO,
    OrderBoxLayoutPartialCountDTO,
    SetOrderBoxLayoutResponse,
)
from korob.contract.campaigns import BusinessDTO, CampaignDTO, PlacementType
from korob.contract.order_v1 import UnitStatus
from korob.contract.order_v2 import (
    OrderBuyerDTO,
    OrderCourierDTO,
    OrderDeliveryDatesDTO,
    OrderDeliveryDTO,
    OrderDTO,
    OrderItemDetailDTO,
    OrderItemDTO,
    OrderItemInstanceDTO,
    OrderItemPromoDTO,
    OrderItemSubsidyDTO,
    OrderParcelBoxDTO,
    OrderShipmentDTO,
    OrderSubsidyDTO,
    OrderTrackDTO,
    UnitFate,
)
from korob.domain import cancellation, counting, marking, totals
from korob.domain.campaign import Campaign, Key, Scope
from korob.domain.moscow import day_of
from korob.domain.order import Box, BoxItem, Buyer, Courier, Delivery, Instance, Interval, Item, Order
from korob.domain.words import BuyerType, DeliveryType, EacType, Model

NOUGHT: Final = Decimal("0.00")
"""Added to an amount, it writes the kopecks out: money on the wire has a fraction even when it is whole."""

PLACEMENT: Final = {model: PlacementType(model) for model in Model if model is not Model.EXPRESS} | {
    Model.EXPRESS: PlacementType.FBS
}
FATES: Final[dict[UnitStatus | None, UnitFate]] = {
    UnitStatus.REJECTED: UnitFate.REJECTED,
    UnitStatus.RETURNED: UnitFate.RETURNED,
}
"""Units that the buyer does not have any more, or never took."""
ONLY_THE_TYPE: Final = {kind: OrderBuyerDTO(kind) for kind in BuyerType}


def order(order: Order) -> OrderDTO:
    """Spell an order in full (getOrder, getOrders, updateOrderStatus)."""
    sums = totals.of(order)
    fate = FATES.get(units.where(order))
    return OrderDTO(
        order.id,
        order.status,
        order.substatus,
        day_first_moment(order.created_at),
        order.currency,
        sums.items_total,
        sums.delivery_total,
        sums.buyer_items_total_before_discount,
        order.payment_type,
        order.payment_method,
        order.fake,
        tuple([_item(item, None if fate is None else (_fate(item, fate, order),)) for item in order.items]),
        _delivery(order),
        _buyer(order),
        order.tax_system,
        order.external_id,
        day_first_moment(order.updated_at),
        sums.buyer_items_total,
        sums.buyer_total,
        sums.buyer_total_before_discount,
        tuple([OrderSubsidyDTO(reward.type, reward.amount) for reward in sums.subsidies]) or None,
        order.notes,
        cancellation.is_wished(order),
        None if order.expires_at is None else day_first_moment(order.expires_at),
    )


def instances(given: Iterable[Instance]) -> tuple[OrderItemInstanceDTO, ...] | None:
    """Spell the units' codes as reads of an order show them; None if none were given."""
    return tuple([_instance(instance) for instance in given]) or None


def courier(courier: Courier | None) -> OrderCourierDTO | None:
    """Spell who brings the parcel."""
    if courier is None:
        return None
    return OrderCourierDTO(
        courier.full_name,
        courier.phone,
        courier.phone_extension,
        courier.vehicle_number,
        courier.vehicle_description,
    )


def tracks(delivery: Delivery) -> tuple[OrderTrackDTO, ...] | None:
    """Spell the track codes; None if there are none."""
    return tuple([OrderTrackDTO(track.service_id, track.code) for track in delivery.tracks]) or None


def eac_code(delivery: Delivery) -> str | None:
    """The acceptance code, if it is the seller who tells it; what he has to be told is not for him to read."""
    return delivery.eac_code if delivery.eac_type is EacType.MERCHANT_TO_COURIER else None


def barcode(order_id: int, place: int) -> str:
    """What the barcode of the box at this place says, counted from 1."""
    return f"{order_id}-{place}"


def layout(order: Order) -> SetOrderBoxLayoutResponse:
    """Spell the layout that now holds, codes as they were given (setOrderBoxLayout)."""
    return SetOrderBoxLayoutResponse(OrderBoxesLayoutDTO(tuple([_box(box) for box in order.boxes])))


def brief(given: Iterable[Instance]) -> tuple[BriefOrderItemInstanceDTO, ...] | None:
    """Spell the units' codes as they came in; None if none were given."""
    return (
        tuple([BriefOrderItemInstanceDTO(unit.cis, unit.uin, unit.rnpt, unit.gtd, unit.country_code) for unit in given])
        or None
    )


def campaign(campaign: Campaign) -> CampaignDTO:
    """Spell a campaign (getCampaigns, getCampaign)."""
    return CampaignDTO(
        domain=campaign.name,
        id=campaign.id,
        business=BusinessDTO(campaign.business_id, campaign.business_name),
        placement_type=PLACEMENT[campaign.model],
        api_availability=campaign.availability,
    )


def key(key: Key) -> GetTokenInfoResponse:
    """Spell a key, its accesses in the order of the reference (getAuthTokenInfo)."""
    scopes = tuple(scope.wire for scope in Scope if scope in key.scopes)
    return GetTokenInfoResponse(TokenDTO(ApiKeyDTO(key.name, scopes)))


def _fate(item: Item, fate: UnitFate, order: Order) -> OrderItemDetailDTO:
    return OrderItemDetailDTO(item.count, fate, day_first(day_of(order.since)))


def _item(item: Item, details: tuple[OrderItemDetailDTO, ...] | None) -> OrderItemDTO:
    price = item.price + NOUGHT
    reward = sum([subsidy.amount for subsidy in item.subsidies], NOUGHT)
    return OrderItemDTO(
        item.id,
        item.offer_id,
        item.offer_name,
        price,
        price,
        item.buyer_price_before_discount + NOUGHT,
        item.count,
        price + reward,
        item.vat,
        item.offer_id,
        reward,
        item.warehouse_id,
        _promos(item) if item.promos else None,
        instances(item.instances) if item.instances else None,
        details,
        tuple([OrderItemSubsidyDTO(subsidy.type, subsidy.amount + NOUGHT) for subsidy in item.subsidies]) or None,
        item.required_instance_types or None,
        item.tags or None,
    )


def _promos(item: Item) -> tuple[OrderItemPromoDTO, ...]:
    return tuple(
        [
            OrderItemPromoDTO(
                promo.type,
                promo.subsidy + NOUGHT,
                None if promo.discount is None else promo.discount + NOUGHT,
                promo.shop_promo_id,
                promo.market_promo_id,
            )
            for promo in item.promos
        ]
    )


def _instance(instance: Instance) -> OrderItemInstanceDTO:
    cis = instance.cis
    return OrderItemInstanceDTO(
        None if cis is None else marking.short_cis(cis),
        None if cis is None else marking.full_cis(cis),
        instance.uin,
        instance.rnpt,
        instance.gtd,
        instance.country_code,
    )


def _delivery(order: Order) -> OrderDeliveryDTO:
    delivery = order.delivery
    return OrderDeliveryDTO(
        delivery.type,
        delivery.service_name,
        delivery.partner,
        _dates(delivery.interval, delivery),
        delivery.service_id,
        None,
        delivery.price + NOUGHT,
        courier(delivery.courier),
        delivery.region,
        # A Market's pickup point has no address here, a seller's own does.
        None if delivery.type is DeliveryType.PICKUP and order.model is not Model.DBS else delivery.address,
        delivery.vat,
        delivery.lift_type,
        None if delivery.lift_price is None else delivery.lift_price + NOUGHT,
        delivery.outlet_code,
        None if delivery.outlet_storage_limit_on is None else day_first(delivery.outlet_storage_limit_on),
        delivery.dispatch,
        tracks(delivery) if delivery.tracks else None,
        _shipments(order),
        delivery.estimated or None,
        delivery.eac_type,
        eac_code(delivery),
        delivery.receive_code,
    )


def _dates(interval: Interval, delivery: Delivery) -> OrderDeliveryDatesDTO:
    return OrderDeliveryDatesDTO(
        day_first(interval.from_on),
        None if interval.to_on is None else day_first(interval.to_on),
        None if interval.from_time is None else hour_minute_second(interval.from_time),
        None if interval.to_time is None else hour_minute_second(interval.to_time),
        None if delivery.real_on is None else day_first(delivery.real_on),
    )


def _shipments(order: Order) -> tuple[OrderShipmentDTO, ...] | None:
    delivery = order.delivery
    shipment, boxes = delivery.shipment, _parcel_boxes(order)
    if shipment is None:
        return None if boxes is None else (OrderShipmentDTO(boxes=boxes),)
    return (
        OrderShipmentDTO(
            shipment.id,
            None if shipment.ships_on is None else day_first(shipment.ships_on),
            None if shipment.ships_at_time is None else hour_minute(shipment.ships_at_time),
            tracks(delivery) if delivery.tracks else None,
            boxes,
        ),
    )


def _parcel_boxes(order: Order) -> tuple[OrderParcelBoxDTO, ...] | None:
    boxes = enumerate(counting.ids(order), 1)
    return tuple([OrderParcelBoxDTO(id, barcode(order.id, place)) for place, id in boxes]) or None


def _buyer(order: Order) -> OrderBuyerDTO:
    buyer: Buyer = order.buyer
    if order.model is not Model.DBS:
        return ONLY_THE_TYPE[buyer.type]
    return OrderBuyerDTO(buyer.type, buyer.id, buyer.last_name, buyer.first_name, buyer.middle_name)


def _box(box: Box) -> EnrichedOrderBoxLayoutDTO:
    return EnrichedOrderBoxLayoutDTO(tuple([_box_item(item) for item in box.items]), box.id)


def _box_item(item: BoxItem) -> OrderBoxLayoutItemDTO:
    part = None if item.part is None else OrderBoxLayoutPartialCountDTO(item.part.current, item.part.total)
    return OrderBoxLayoutItemDTO(item.id, item.full_count, part, brief(item.instances))
