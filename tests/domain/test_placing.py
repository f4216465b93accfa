"""Orders as they come into the world."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from korob.domain import deadlines, placing
from korob.domain.campaign import Campaign
from korob.domain.change import Change, Movement, OrderPlaced
from korob.domain.instances import CisRepeated, InvalidCis, TooManyCises
from korob.domain.moscow import day_of
from korob.domain.order import Buyer, Digital, Instance, Interval, Order, Promo, Region, Subsidy
from korob.domain.placing import (
    BeginningWrong,
    CountWrong,
    DigitalWrong,
    DraftWrong,
    ItemIdTwice,
    NoItems,
    PaymentWrong,
    PriceWrong,
)
from korob.domain.wish import Wish, WishedDelivery, WishedItem
from korob.domain.words import (
    Actor,
    BuyerType,
    CodeStatus,
    DeliveryPartner,
    DeliveryType,
    DigitalType,
    DispatchType,
    Model,
    PaymentMethod,
    PaymentType,
    PromoType,
    RegionType,
    SourcePlatform,
    Status,
    SubsidyType,
    Substatus,
    Vat,
)
from tests.examples import NOW, a_cis

IDS = range(900_000_001, 900_000_101)
ORDER_ID = 50_000_000_123
TEA = WishedItem("TEA-1", Decimal("349.90"), 2)
SOLD = [Model.DBS, Model.FBS, Model.FBY, Model.EXPRESS]


def placed(model: Model = Model.DBS, *, now: datetime = NOW, seed: str = "seed", **wish: Any) -> Change:
    campaign = Campaign(id=1001, business_id=101, business_name="Чай", name="Лавка", model=model, warehouse_id=77)
    asked = Wish(**({"items": (TEA,)} | wish))
    return placing.place(asked, order_id=ORDER_ID, campaign=campaign, ids=IDS, seed_material=seed, now=now)


def an_order_of(model: Model = Model.DBS, **wish: Any) -> Order:
    return placed(model, **wish).order


@pytest.mark.parametrize("model", Model)
def test_an_order_of_nothing_but_items_is_whole_and_can_be_worked_on(model: Model) -> None:
    order = an_order_of(model)

    assert (order.id, order.business_id, order.campaign_id, order.model) == (ORDER_ID, 101, 1001, model)
    assert (order.status, order.substatus) == (Status.PROCESSING, Substatus.STARTED)
    assert (order.since, order.created_at, order.updated_at) == (NOW, NOW, NOW)
    assert order.first_box_id in IDS
    assert order.delivery.type is DeliveryType.DELIVERY
    assert order.delivery.dispatch is DispatchType.BUYER
    assert order.delivery.region is not None
    assert order.delivery.address is not None
    assert order.delivery.address.city == order.delivery.region.name
    assert order.delivery.shipment is not None
    assert order.delivery.shipment.ships_on is not None
    assert order.delivery.shipment.ships_on <= order.delivery.interval.from_on
    assert all((order.buyer.id, order.buyer.first_name, order.buyer.last_name, order.buyer.phone))
    assert order.buyer.type is BuyerType.PERSON
    assert deadlines.look_at(order) is None


def test_a_region_has_its_chain_up_to_the_country() -> None:
    region = an_order_of().delivery.region

    types = []
    while region is not None:
        types.append(region.type)
        region = region.parent

    assert types == [RegionType.CITY, RegionType.REPUBLIC, RegionType.COUNTRY_DISTRICT, RegionType.COUNTRY]


def test_placing_holds_the_goods_and_is_told_once() -> None:
    change = placed(items=(TEA, WishedItem("CUP-2", Decimal(500))))

    assert (change.actor, change.act, change.at) == (Actor.BUYER, "PLACE", NOW)
    assert change.events == (OrderPlaced(),)
    assert change.stock == (Movement("TEA-1", 2), Movement("CUP-2", 1))


def test_a_test_order_holds_nothing() -> None:
    change = placed(fake=True)

    assert change.order.fake
    assert change.stock == ()


def test_the_same_calls_give_the_same_order_and_another_seed_another_buyer() -> None:
    once, again, other = an_order_of(), an_order_of(), an_order_of(seed="another")

    assert once == again
    assert (once.buyer, once.delivery.address) != (other.buyer, other.delivery.address)


def test_a_position_keeps_its_own_id_and_others_get_fresh_ones() -> None:
    items = (WishedItem("A", Decimal(1), id=IDS[0]), WishedItem("B", Decimal(1)), WishedItem("C", Decimal(1), id=7))

    order = an_order_of(items=items)

    ids = [item.id for item in order.items]
    assert ids == [IDS[0], IDS[1], 7]
    assert order.delivery.shipment is not None
    assert order.delivery.shipment.id == IDS[2]
    assert order.first_box_id == IDS[3]


def test_the_ids_it_asks_for_suffice_even_if_the_wish_brings_them_along() -> None:
    items = (WishedItem("A", Decimal(1), id=1), WishedItem("B", Decimal(1), id=2))
    wish = Wish(items=items)
    campaign = Campaign(id=1, business_id=1, business_name="", name="", model=Model.FBS)
    ids = range(1, placing.ids_needed(wish) + 1)

    order = placing.place(wish, order_id=1, campaign=campaign, ids=ids, seed_material="", now=NOW).order

    assert order.first_box_id is not None
    assert order.first_box_id not in {1, 2}


def test_amounts_follow_from_the_price() -> None:
    (item,) = an_order_of().items

    assert (item.count, item.ordered) == (2, 2)
    assert (item.price, item.buyer_price_before_discount) == (Decimal("349.90"), Decimal("349.90"))
    assert item.vat is Vat.VAT_22
    assert item.offer_name == "Товар TEA-1"


def test_a_price_is_money_to_the_kopeck() -> None:
    (item,) = an_order_of(items=(WishedItem("A", Decimal("10.005")),)).items

    assert item.price == Decimal("10.01")


def test_what_the_market_adds_makes_the_price_before_the_discount() -> None:
    promos = (Promo(PromoType.MARKET_PROMOCODE, Decimal(15)), Promo(PromoType.DIRECT_DISCOUNT, Decimal(5)))

    (item,) = an_order_of(items=(WishedItem("A", Decimal(40), promos=promos),)).items

    assert item.subsidies == (Subsidy(SubsidyType.SUBSIDY, Decimal(20)),)
    assert item.buyer_price_before_discount == Decimal(60)


def test_what_is_said_about_subsidies_and_prices_holds() -> None:
    cashback = (Subsidy(SubsidyType.YANDEX_CASHBACK, Decimal(10)),)
    wished = WishedItem("A", Decimal(40), subsidies=cashback, buyer_price_before_discount=Decimal(70))

    (item,) = an_order_of(items=(wished,)).items

    assert item.subsidies == cashback
    assert item.buyer_price_before_discount == Decimal(70)


@pytest.mark.parametrize("model", SOLD)
def test_payment_on_delivery_is_usual(model: Model) -> None:
    order = an_order_of(model)

    assert (order.payment_type, order.payment_method, order.paid) == ("POSTPAID", "CASH_ON_DELIVERY", False)


@pytest.mark.parametrize("model", SOLD)
def test_who_pays_ahead_has_half_an_hour(model: Model) -> None:
    order = an_order_of(model, payment_type=PaymentType.PREPAID)

    assert (order.status, order.substatus) == (Status.UNPAID, Substatus.WAITING_USER_INPUT)
    assert (order.payment_method, order.paid) == (PaymentMethod.YANDEX, False)
    assert deadlines.look_at(order) == NOW + timedelta(minutes=30)


def test_who_has_paid_ahead_waits_for_the_seller() -> None:
    order = an_order_of(payment_type=PaymentType.PREPAID, paid=True)

    assert (order.status, order.paid) == (Status.PROCESSING, True)


@pytest.mark.parametrize(
    ("wish", "type"),
    [
        ({"payment_method": PaymentMethod.SBP}, "PREPAID"),
        ({"payment_method": PaymentMethod.CARD_ON_DELIVERY}, "POSTPAID"),
        ({"paid": True}, "PREPAID"),
    ],
)
def test_the_type_of_payment_follows_from_what_is_said(wish: dict[str, Any], type: str) -> None:
    assert an_order_of(**wish).payment_type == type


@pytest.mark.parametrize("status", [Status.PLACING, Status.RESERVED, Status.PENDING, Status.PROCESSING])
def test_an_order_may_begin_anywhere_in_the_checkout(status: Status) -> None:
    assert an_order_of(status=status).status is status


@pytest.mark.parametrize("status", [Status.PENDING, Status.PROCESSING])
def test_an_order_to_be_paid_ahead_that_begins_confirmed_is_paid(status: Status) -> None:
    order = an_order_of(status=status, payment_type=PaymentType.PREPAID)

    assert (order.status, order.paid) == (status, True)


def test_an_order_that_begins_unpaid_is_to_be_paid_ahead() -> None:
    order = an_order_of(status=Status.UNPAID)

    assert (order.payment_type, order.payment_method, order.paid) == (PaymentType.PREPAID, PaymentMethod.YANDEX, False)


@pytest.mark.parametrize(
    ("model", "wish"),
    [
        (Model.DBS, {"status": Status.DELIVERY}),
        (Model.DBS, {"status": Status.UNPAID, "payment_type": PaymentType.POSTPAID}),
        (Model.DBS, {"status": Status.UNPAID, "paid": True}),
        (Model.DBS, {"status": Status.PROCESSING, "payment_type": PaymentType.PREPAID, "paid": False}),
        (Model.LAAS, {"status": Status.PENDING}),
        (Model.LAAS, {"status": Status.PROCESSING, "draft": True}),
    ],
)
def test_an_order_does_not_begin_just_anywhere(model: Model, wish: dict[str, Any]) -> None:
    with pytest.raises(BeginningWrong):
        placed(model, **wish)


@pytest.mark.parametrize(
    ("model", "wish"),
    [
        (Model.DBS, {"payment_type": PaymentType.PREPAID, "payment_method": PaymentMethod.CASH_ON_DELIVERY}),
        (Model.DBS, {"payment_type": PaymentType.POSTPAID, "payment_method": PaymentMethod.YANDEX}),
        (Model.DBS, {"payment_type": PaymentType.POSTPAID, "paid": True}),
        (Model.DBS, {"payment_type": PaymentType.UNKNOWN}),
        (Model.LAAS, {"payment_type": PaymentType.POSTPAID}),
        (Model.LAAS, {"paid": False}),
    ],
)
def test_payments_that_do_not_go_together_are_refused(model: Model, wish: dict[str, Any]) -> None:
    with pytest.raises(PaymentWrong):
        placed(model, **wish)


def test_a_company_that_buys_has_papers_and_no_shipment_day_yet() -> None:
    order = an_order_of(Model.FBS, buyer=Buyer(type=BuyerType.BUSINESS))

    assert order.payment_method is PaymentMethod.B2B_ACCOUNT_POSTPAYMENT
    assert order.buyer.company is not None
    assert len(order.buyer.company.inn) == 10
    assert order.delivery.shipment is not None
    assert order.delivery.shipment.ships_on is None


def test_a_companys_method_of_payment_makes_the_buyer_a_company() -> None:
    order = an_order_of(payment_method=PaymentMethod.B2B_ACCOUNT_PREPAYMENT, paid=True)

    assert order.buyer.type is BuyerType.BUSINESS
    assert order.buyer.company is not None


def test_a_buyer_with_a_name_keeps_it() -> None:
    order = an_order_of(buyer=Buyer(first_name="Зоя", last_name="Ким"))

    assert (order.buyer.last_name, order.buyer.first_name, order.buyer.middle_name) == ("Ким", "Зоя", None)
    assert order.buyer.phone is not None
    assert order.delivery.address is not None
    assert order.delivery.address.recipient == "Ким Зоя"


def test_a_dbs_seller_delivers_himself() -> None:
    delivery = an_order_of(Model.DBS).delivery

    assert (delivery.partner, delivery.service_id) == (DeliveryPartner.SHOP, 99)
    assert delivery.interval == Interval(date(2026, 3, 4), date(2026, 3, 4), time(10), time(18))
    assert delivery.shipment is not None
    assert (delivery.shipment.ships_on, delivery.shipment.ships_at_time) == (date(2026, 3, 3), None)


@pytest.mark.parametrize("model", [Model.FBS, Model.FBY, Model.EXPRESS, Model.LAAS])
def test_in_other_models_the_market_delivers(model: Model) -> None:
    delivery = an_order_of(model).delivery

    assert (delivery.partner, delivery.service_name) == (DeliveryPartner.YANDEX_MARKET, "Доставка")


@pytest.mark.parametrize(
    ("now", "ships_on", "ships_at", "interval"),
    [
        (NOW, date(2026, 3, 2), time(12, 30), Interval(date(2026, 3, 2), date(2026, 3, 2), time(13), time(14))),
        (
            NOW.replace(hour=19, minute=20),
            date(2026, 3, 2),
            time(22, 50),
            Interval(date(2026, 3, 2), date(2026, 3, 2), time(23), time(23, 59)),
        ),
        (
            NOW.replace(hour=20, minute=45),
            date(2026, 3, 3),
            time(0, 15),
            Interval(date(2026, 3, 3), date(2026, 3, 3), time(1), time(2)),
        ),
    ],
    ids=["at noon", "late", "around midnight"],
)
def test_express_is_packed_in_half_an_hour_and_brought_in_the_next_whole_one(
    now: datetime, ships_on: date, ships_at: time, interval: Interval
) -> None:
    delivery = placed(Model.EXPRESS, now=now).order.delivery

    assert delivery.shipment is not None
    assert (delivery.shipment.ships_on, delivery.shipment.ships_at_time) == (ships_on, ships_at)
    assert delivery.interval == interval
    assert delivery.eac_code is not None
    assert delivery.eac_type is None


def test_a_dbs_pickup_goes_to_the_sellers_outlet() -> None:
    delivery = an_order_of(delivery=WishedDelivery(type=DeliveryType.PICKUP)).delivery

    assert (delivery.dispatch, delivery.outlet_code) == (DispatchType.SHOP_OUTLET, "outlet-1")
    assert delivery.address is not None
    assert delivery.address.street is not None
    assert delivery.address.apartment is None
    assert delivery.interval.from_time is None


def test_another_models_pickup_goes_to_a_point_of_the_market() -> None:
    delivery = an_order_of(Model.FBS, delivery=WishedDelivery(type=DeliveryType.PICKUP)).delivery

    assert (delivery.dispatch, delivery.service_name) == (DispatchType.MARKET_BRANDED_OUTLET, "Самовывоз")
    assert delivery.address is None


def test_a_laas_order_is_paid_elsewhere_and_may_be_a_draft() -> None:
    draft = placed(Model.LAAS, draft=True, external_id="ext-1", delivery=WishedDelivery(logistic_point_id=5))

    assert draft.order.status is Status.RESERVED
    assert (draft.order.payment_type, draft.order.paid) == (PaymentType.PREPAID, True)
    assert draft.order.source_platform is SourcePlatform.OTHER
    assert draft.actor is Actor.SELLER
    assert deadlines.look_at(draft.order) == NOW + timedelta(minutes=60)
    assert (draft.order.delivery.type, draft.order.delivery.logistic_point_id) == (DeliveryType.PICKUP, 5)
    assert draft.order.delivery.receive_code is not None
    assert draft.order.items[0].warehouse_id == "77"


def test_only_laas_has_drafts() -> None:
    with pytest.raises(DraftWrong):
        placed(Model.FBS, draft=True)


def test_digital_goods_travel_without_a_parcel() -> None:
    delivery = an_order_of(delivery=WishedDelivery(digital=Digital(DigitalType.STEAM_GIFT, "steam"))).delivery

    assert delivery.type is DeliveryType.DIGITAL
    assert delivery.digital == Digital(DigitalType.STEAM_GIFT, "steam")
    assert (delivery.shipment, delivery.address, delivery.dispatch) == (None, None, None)
    assert delivery.interval == Interval(day_of(NOW))


@pytest.mark.parametrize(
    ("model", "wished"),
    [
        (Model.FBS, WishedDelivery(type=DeliveryType.DIGITAL)),
        (Model.EXPRESS, WishedDelivery(digital=Digital(DigitalType.CHAT))),
        (Model.DBS, WishedDelivery(type=DeliveryType.PICKUP, digital=Digital(DigitalType.CHAT))),
    ],
)
def test_digital_goods_are_for_dbs_and_no_courier(model: Model, wished: WishedDelivery) -> None:
    with pytest.raises(DigitalWrong):
        placed(model, delivery=wished)


def test_a_known_region_brings_a_fitting_address() -> None:
    kazan = Region(43, "Казань", RegionType.CITY)

    delivery = an_order_of(delivery=WishedDelivery(region=kazan)).delivery

    assert delivery.region == kazan
    assert delivery.address is not None
    assert delivery.address.city == "Казань"
    assert (delivery.address.postcode or "").startswith("420")


def test_an_unknown_region_brings_no_street_of_another_city() -> None:
    tver = Region(14, "Тверь", RegionType.CITY)

    delivery = an_order_of(delivery=WishedDelivery(region=tver)).delivery

    assert delivery.address is not None
    assert (delivery.address.city, delivery.address.street) == ("Тверь", None)


def test_what_is_wished_for_the_delivery_holds() -> None:
    wished = WishedDelivery(
        service_id=5,
        service_name="Голубь",
        partner=DeliveryPartner.YANDEX_MARKET,
        price=Decimal(199),
        interval=Interval(date(2026, 4, 1)),
        ships_on=date(2026, 3, 30),
        estimated=True,
    )

    delivery = an_order_of(delivery=wished).delivery

    assert (delivery.service_id, delivery.service_name, delivery.partner) == (5, "Голубь", "YANDEX_MARKET")
    assert (delivery.price, delivery.interval, delivery.estimated) == (199, Interval(date(2026, 4, 1)), True)
    assert delivery.shipment is not None
    assert delivery.shipment.ships_on == date(2026, 3, 30)


def test_an_order_comes_from_the_market_unless_another_platform_is_named() -> None:
    assert an_order_of().source_platform is SourcePlatform.MARKET
    assert an_order_of(source_platform=SourcePlatform.OZON).source_platform is SourcePlatform.OZON


def test_an_order_of_nothing_is_refused() -> None:
    with pytest.raises(NoItems):
        placed(items=())


def test_an_id_stands_for_one_position() -> None:
    with pytest.raises(ItemIdTwice) as no:
        placed(items=(WishedItem("A", Decimal(1), id=7), WishedItem("B", Decimal(1), id=7)))

    assert str(no.value) == "Item with id = 7 is in the order twice"


@pytest.mark.parametrize("count", [0, -1, 2**31])
def test_a_position_has_a_countable_number_of_units(count: int) -> None:
    with pytest.raises(CountWrong):
        placed(items=(WishedItem("A", Decimal(1), count),))


@pytest.mark.parametrize("price", ["-0.01", "NaN", "Infinity"])
def test_a_price_is_not_below_nothing(price: str) -> None:
    with pytest.raises(PriceWrong):
        placed(items=(TEA, WishedItem("A", Decimal(price))))


def test_a_gift_may_cost_nothing() -> None:
    assert an_order_of(items=(WishedItem("A", Decimal(0)),)).items[0].price == 0


def test_goods_may_be_marked_from_the_beginning_and_the_authority_is_asked() -> None:
    marked = replace(TEA, count=2, instances=(Instance(cis=a_cis(1)), Instance(cis=a_cis(2))))

    order = an_order_of(Model.LAAS, items=(marked,))

    assert order.items[0].instances == marked.instances
    assert [(check.value, check.status, check.asked_at) for check in order.codes] == [
        (a_cis(1), CodeStatus.IN_PROGRESS, NOW),
        (a_cis(2), CodeStatus.IN_PROGRESS, NOW),
    ]


@pytest.mark.parametrize(
    ("codes", "refusal"),
    [
        ([a_cis(1), a_cis(2)], TooManyCises),
        (["01bad"], InvalidCis),
    ],
)
def test_codes_of_a_wish_must_fit_its_units(codes: list[str], refusal: type[Exception]) -> None:
    marked = replace(TEA, count=1, instances=tuple(Instance(cis=code) for code in codes))

    with pytest.raises(refusal):
        placed(Model.LAAS, items=(marked,))


def test_two_units_of_a_wish_have_two_codes() -> None:
    with pytest.raises(CisRepeated):
        placed(items=(replace(TEA, count=2, instances=(Instance(cis=a_cis(1)), Instance(cis=a_cis(1)))),))


def test_an_express_courier_has_a_code_the_one_that_was_wished_for_or_any() -> None:
    wished = an_order_of(Model.EXPRESS, delivery=WishedDelivery(eac_code="4321")).delivery
    drawn = an_order_of(Model.EXPRESS).delivery

    assert wished.eac_code == "4321"
    assert drawn.eac_code is not None
    assert len(drawn.eac_code) == 4
    assert replace(wished, eac_code=drawn.eac_code) == drawn


def test_others_meet_no_courier_with_a_code() -> None:
    assert an_order_of(Model.FBS, delivery=WishedDelivery(eac_code="4321")).delivery.eac_code is None
