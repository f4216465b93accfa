"""How an order comes into being: what was wished for, and a sane default for all that was not said."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from korob.domain import arranging, codes, instances, invented, stock
from korob.domain.authority import OWN, Authority
from korob.domain.campaign import Campaign
from korob.domain.change import Change, Event, OrderPlaced
from korob.domain.invented import City, Lots
from korob.domain.lifecycle import USUAL
from korob.domain.money import ZERO, rounded
from korob.domain.moves import CHECKOUT, STAGES, STARTED
from korob.domain.order import Buyer, Item, Order, Subsidy
from korob.domain.refusal import Refusal
from korob.domain.wish import Wish, WishedItem
from korob.domain.words import (
    Actor,
    BuyerType,
    DeliveryType,
    Model,
    PaymentMethod,
    PaymentType,
    SourcePlatform,
    Status,
    SubsidyType,
    Vat,
)

PREPAID: Final = frozenset(
    {
        PaymentMethod.YANDEX,
        PaymentMethod.APPLE_PAY,
        PaymentMethod.GOOGLE_PAY,
        PaymentMethod.CREDIT,
        PaymentMethod.TINKOFF_CREDIT,
        PaymentMethod.TINKOFF_INSTALLMENTS,
        PaymentMethod.EXTERNAL_CERTIFICATE,
        PaymentMethod.SBP,
        PaymentMethod.B2B_ACCOUNT_PREPAYMENT,
        PaymentMethod.MICROCREDIT,
    }
)
"""The methods of paying ahead; all others pay on receipt (OrderPaymentMethodType)."""
USUAL_METHODS: Final = {
    (PaymentType.PREPAID, BuyerType.PERSON): PaymentMethod.YANDEX,
    (PaymentType.PREPAID, BuyerType.BUSINESS): PaymentMethod.B2B_ACCOUNT_PREPAYMENT,
    (PaymentType.POSTPAID, BuyerType.PERSON): PaymentMethod.CASH_ON_DELIVERY,
    (PaymentType.POSTPAID, BuyerType.BUSINESS): PaymentMethod.B2B_ACCOUNT_POSTPAYMENT,
}
OF_BUSINESSES: Final = frozenset({PaymentMethod.B2B_ACCOUNT_PREPAYMENT, PaymentMethod.B2B_ACCOUNT_POSTPAYMENT})
BEGINNINGS: Final = {
    model: frozenset(stage.status for stage in (*CHECKOUT, STARTED) if stage in STAGES[model]) for model in Model
}
"""The statuses an order may be placed in."""
CONFIRMED: Final = frozenset({Status.PENDING, Status.PROCESSING})
"""The statuses that an order to be paid ahead comes to only when it is paid."""
COUNT_MAX: Final = 2**31 - 1
"""The wire counts units in 32 bits."""


def place(
    wish: Wish,
    *,
    order_id: int,
    campaign: Campaign,
    ids: Sequence[int],
    seed_material: str,
    authority: Authority = OWN,
    now: datetime,
) -> Change:
    """Place the order that was wished for, holding its goods; the same arguments give the same order.

    `ids` are fresh: `ids_needed(wish)` of them. For wishes that make no sense it raises the refusals below, and
    those of `instances`.
    """
    model = campaign.model
    _check_items(wish)
    _check_model(wish, model)
    lots = Lots(f"{seed_material}/{order_id}")
    city = arranging.city(wish.delivery, lots)
    fresh = _without(ids, {item.id for item in wish.items})
    buyer = _buyer(wish, lots, city)
    method = _method(wish, model, buyer.type)
    status = _beginning(wish, model, owes=method in PREPAID and not _is_paid(wish, model))
    order = Order(
        id=order_id,
        business_id=campaign.business_id,
        campaign_id=campaign.id,
        model=model,
        status=status,
        substatus=USUAL[status],
        since=now,
        created_at=now,
        updated_at=now,
        items=tuple(_item(item, fresh, campaign) for item in wish.items),
        delivery=arranging.delivery(
            wish.delivery, model, buyer, lots=lots, city=city, shipment_id=next(fresh), now=now
        ),
        buyer=buyer,
        payment_type=PaymentType.PREPAID if method in PREPAID else PaymentType.POSTPAID,
        payment_method=method,
        paid=method in PREPAID and _is_paid(wish, model),
        currency=wish.currency,
        tax_system=wish.tax_system,
        fake=wish.fake,
        notes=wish.notes,
        external_id=wish.external_id,
        source_platform=wish.source_platform or _platform(model),
        expires_at=wish.expires_at,
        first_box_id=next(fresh),
    )
    checks = codes.given(order, by=authority, now=now)
    actor = Actor.SELLER if model is Model.LAAS else Actor.BUYER
    told: tuple[Event, ...] = (OrderPlaced(), *codes.asked(order, checks, authority))
    return Change(replace(order, codes=checks), actor, "PLACE", now, told, stock.held(order))


def ids_needed(wish: Wish) -> int:
    """How many fresh ids suffice, whatever ids the wish brings along: for positions, the shipment, the first box."""
    return 2 * len(wish.items) + 2


class NoItems(Refusal):
    """An order of nothing."""

    template = "items must not be empty (rejected value: [])"


class ItemIdTwice(Refusal):
    """Two positions under one id."""

    template = "Item with id = {item_id} is in the order twice"


class CountWrong(Refusal):
    """A position of no units, or of more than can be counted."""

    template = "items[{index}].count must be greater than or equal to 1 (rejected value: {count})"


class PriceWrong(Refusal):
    """A price below nothing, or none at all."""

    template = "items[{index}].price must be greater than or equal to 0 (rejected value: {price})"


class PaymentWrong(Refusal):
    """A method, a type and a model that do not go together, or paid what is to be paid later."""

    template = "Payment method {method} does not fit payment type {type} (model {model}, paid: {paid})"


class BeginningWrong(Refusal):
    """An order does not begin there."""

    template = (
        "An order of model {model} can't begin in status {status} (draft: {draft}, still to be paid ahead: {owes})"
    )


class DraftWrong(Refusal):
    """Only a LaaS seller makes drafts."""

    template = "An order of model {model} can't be a draft"


class DigitalWrong(Refusal):
    """Digital goods are sold in DBS only, and are delivered digitally."""

    template = "Digital goods can't be delivered by {type} in model {model}"


def _check_items(wish: Wish) -> None:
    if not wish.items:
        raise NoItems
    seen: set[int] = set()
    for index, item in enumerate(wish.items):
        if item.id in seen:
            raise ItemIdTwice(item_id=item.id)
        if item.id is not None:
            seen.add(item.id)
        if not 1 <= item.count <= COUNT_MAX:
            raise CountWrong(index=index, count=item.count)
        if not item.price.is_finite() or item.price < 0:
            raise PriceWrong(index=index, price=item.price)
        if item.instances:
            instances.check(item.id or index + 1, item.instances, units=item.count)
            instances.must_differ(item.id or index + 1, item.instances)


def _check_model(wish: Wish, model: Model) -> None:
    if wish.draft and model is not Model.LAAS:
        raise DraftWrong(model=model)
    type = arranging.delivery_type(wish.delivery)
    is_digital = type is DeliveryType.DIGITAL
    if (is_digital and model is not Model.DBS) or (wish.delivery.digital and not is_digital):
        raise DigitalWrong(type=type, model=model)


def _without(ids: Sequence[int], taken: set[int | None]) -> Iterator[int]:
    return (id for id in ids if id not in taken)


def _buyer(wish: Wish, lots: Lots, city: City) -> Buyer:
    """The buyer, named by us if nobody did."""
    somebody = invented.person(lots)
    is_business = wish.payment_method in OF_BUSINESSES
    buyer = wish.buyer or Buyer(type=BuyerType.BUSINESS if is_business else BuyerType.PERSON)
    if not (buyer.last_name or buyer.first_name):
        buyer = replace(
            buyer,
            last_name=somebody.last_name,
            first_name=somebody.first_name,
            middle_name=buyer.middle_name or somebody.middle_name,
        )
    if buyer.type is BuyerType.BUSINESS and buyer.company is None:
        buyer = replace(buyer, company=invented.company(lots, city))
    return replace(
        buyer,
        id=buyer.id or lots.digits(12),
        phone=buyer.phone or somebody.phone,
        trusted=lots.number(2) == 1 if buyer.trusted is None else buyer.trusted,
    )


def _method(wish: Wish, model: Model, buyer_type: BuyerType) -> PaymentMethod:
    type = wish.payment_type or _usual_type(wish, model)
    method = wish.payment_method or USUAL_METHODS.get((type, buyer_type), PaymentMethod.UNKNOWN)
    fits = type is (PaymentType.PREPAID if method in PREPAID else PaymentType.POSTPAID)
    wrong_for_laas = model is Model.LAAS and (type is not PaymentType.PREPAID or wish.paid is False)
    if not fits or wrong_for_laas or (wish.paid and type is not PaymentType.PREPAID):
        raise PaymentWrong(method=method, type=type, model=model, paid=wish.paid)
    return method


def _usual_type(wish: Wish, model: Model) -> PaymentType:
    if wish.payment_method:
        ahead = wish.payment_method in PREPAID
    else:
        ahead = bool(wish.paid) or model is Model.LAAS or wish.status is Status.UNPAID
    return PaymentType.PREPAID if ahead else PaymentType.POSTPAID


def _is_paid(wish: Wish, model: Model) -> bool:
    """Whether an order paid ahead is paid: as was said, else as the status says that it begins in.

    A LaaS order comes to the Market when somebody else had the money.
    """
    return model is Model.LAAS or (wish.status in CONFIRMED if wish.paid is None else wish.paid)


def _beginning(wish: Wish, model: Model, *, owes: bool) -> Status:
    usual = Status.RESERVED if wish.draft else Status.UNPAID if owes else Status.PROCESSING
    status = wish.status or usual
    early = status in {Status.PLACING, Status.RESERVED}
    fits = status in BEGINNINGS[model] and (early or owes == (status is Status.UNPAID))
    if not fits or (wish.draft and status is not Status.RESERVED):
        raise BeginningWrong(model=model, status=status, draft=wish.draft, owes=owes)
    return status


def _item(wished: WishedItem, fresh: Iterator[int], campaign: Campaign) -> Item:
    subsidies = wished.subsidies or _of_promos(wished)
    price = rounded(wished.price)
    rewarded = sum((one.amount for one in subsidies if one.type is SubsidyType.SUBSIDY), ZERO)
    before = wished.buyer_price_before_discount
    stored = str(campaign.warehouse_id) if campaign.model in {Model.FBY, Model.LAAS} else None
    return Item(
        id=next(fresh) if wished.id is None else wished.id,
        offer_id=wished.offer_id,
        offer_name=wished.offer_name or f"Товар {wished.offer_id}",
        count=wished.count,
        price=price,
        buyer_price_before_discount=price + rewarded if before is None else before,
        ordered=wished.count,
        vat=wished.vat or Vat.VAT_22,
        subsidies=subsidies,
        promos=wished.promos,
        required_instance_types=wished.required_instance_types,
        tags=wished.tags,
        warehouse_id=wished.warehouse_id or stored,
        instances=wished.instances,
    )


def _of_promos(wished: WishedItem) -> tuple[Subsidy, ...]:
    """The Market's reward for the promotions, told once for all of them."""
    amount = sum((promo.subsidy for promo in wished.promos), ZERO)
    return (Subsidy(SubsidyType.SUBSIDY, amount),) if amount else ()


def _platform(model: Model) -> SourcePlatform:
    return SourcePlatform.OTHER if model is Model.LAAS else SourcePlatform.MARKET
