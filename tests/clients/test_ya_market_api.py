"""A seller's day with ya-market-api: what it asks for it gets, and it can read all of that with its own models."""

from datetime import time
from decimal import Decimal
from enum import Enum

import arrow
import pytest
from pydantic import BaseModel
from ya_market_api.async_api import AsyncAPI
from ya_market_api.base.const import AuthScope, SellingProgramType
from ya_market_api.campaign.dataclass import CampaignListRequest
from ya_market_api.exception import AuthorizationError, InvalidResponseError, NotFoundError
from ya_market_api.guide.region.dataclass import RegionChildrenRequest, RegionInfoRequest, RegionSearchRequest
from ya_market_api.order.const import OrderDeliveryEacType, OrderLiftType, OrderStatus, OrderSubstatus
from ya_market_api.order.dataclass import OrderGetRequest, OrderListRequest
from ya_market_api.order.dataclass.list import Dates

from tests.contract.reality import KINDS
from tests.world import MONDAY, an_item

pytestmark = pytest.mark.filterwarnings("ignore:Function Async:DeprecationWarning")

NOW = arrow.get(MONDAY)
NEWER = {".program_type", ".vat"}
"""Where words stand that came after the client: LAAS and VAT_22."""
UNREAD = "EXPRESS with a courier"
"""In the list of a business the client looks for the courier's code under a name that the contract does not have."""
WISHES = {
    "notes": "Позвоните заранее",
    "externalOrderId": "EXT-9",
    "expiryDate": "09-03-2026 23:59:59",
    "delivery": {
        "dates": {"fromDate": "05-03-2026", "toDate": "06-03-2026", "fromTime": "10:00", "toTime": "18:30"},
        "price": 250.5,
        "liftType": "CARGO_ELEVATOR",
        "liftPrice": 70.25,
        "region": {"id": 213, "name": "Москва", "type": "CITY"},
        "address": {"city": "Москва", "street": "Плотников", "gps": {"latitude": 55.75, "longitude": 37.58}},
        "courier": {"fullName": "Иван Ков", "vehicleNumber": "А001АА77"},
        "shipments": [{"shipmentDate": "04-03-2026", "shipmentTime": "15:30"}],
    },
}
LAMP = an_item(
    "LAMP",
    price=999.9,
    count=2,
    buyerPriceBeforeDiscount=1200.55,
    subsidies=[{"type": "SUBSIDY", "amount": 12.5}],
    promos=[{"type": "MARKET_PROMOCODE", "subsidy": 12.5, "discount": 16}],
    instances=[{"gtd": "1/2/3", "countryCode": "TR"}],
)


@pytest.fixture
async def program(base, world):
    """Starts the program with the key of the world, or another, for a campaign."""
    started = []

    async def start(model="DBS", *, base_url=base, **more):
        usual = {"api_key": world.api_key, "business_id": world.id, "campaign_id": world.campaigns[model]}
        started.append(await AsyncAPI.build(**(usual | more), base_url=base_url))
        return started[-1]

    yield start
    for one in started:
        await one.close()


def unknown(value, path=""):
    """Where the client met a word that it does not know."""
    if isinstance(value, BaseModel):
        return {found for name, one in value for found in unknown(one, f".{name}")}
    if isinstance(value, list):
        return {found for one in value for found in unknown(one, path)}
    return {path} if isinstance(value, Enum) and value.name == "UNKNOWN" else set()


def summary(order):
    """What is the same in both spellings of an order."""
    return order.status, order.substatus, order.created_at, order.updated_at, [item.count for item in order.items]


async def listed(api, **filters):
    """The orders of the business, newest first."""
    return (await api.order.get_order_list(OrderListRequest(**filters))).orders


async def ids_of(api, **filters):
    return [order.order_id for order in await listed(api, **filters)]


async def test_it_learns_what_its_key_opens_and_which_shops_there_are(world, program):
    api = await program()

    token = await api.guide.get_token_info()
    shops = await api.campaign.get_campaign_list()
    page = await api.campaign.get_campaign_list(CampaignListRequest(page=2, page_size=2))

    ids = list(world.campaigns.values())
    assert token.result.api_key.auth_scopes == {AuthScope.ALL_METHODS}
    assert [shop.id for shop in shops.campaigns] == ids
    assert {shop.business.id for shop in shops.campaigns} == {world.id}
    assert [shop.id for shop in page.campaigns] == ids[2:4]
    assert (page.pager.from_, page.pager.to, page.pager.total) == (3, 4, 5)


async def test_it_reads_orders_of_every_kind_by_themselves_and_in_the_list_of_the_business(world, program):
    placed = [(await make(world))["id"] for kind, make in KINDS.items() if kind != UNREAD]
    one_of_each = {order.order_id: order for order in await listed(await program(), order_ids=set(placed))}

    for kind, order_id in zip([kind for kind in KINDS if kind != UNREAD], placed, strict=True):
        api = await program(kind.split()[0])
        read, in_the_list = (await api.order.get_order(OrderGetRequest(order_id=order_id))).order, one_of_each[order_id]
        assert unknown(read) | unknown(in_the_list) <= NEWER, kind
        assert summary(read) == summary(in_the_list), kind
        assert read.created_at == NOW, kind


async def test_it_reads_an_order_whose_courier_brings_a_code(world, program):
    order = await KINDS[UNREAD](world)
    api = await program("EXPRESS")

    read = (await api.order.get_order(OrderGetRequest(order_id=order["id"]))).order

    assert (read.substatus, read.delivery.eac_type) == (
        OrderSubstatus.COURIER_FOUND,
        OrderDeliveryEacType.COURIER_TO_MERCHANT,
    )


async def test_it_reads_amounts_days_and_hours_as_they_were_placed(world, program):
    order = await world.place("DBS", LAMP, **WISHES)
    api = await program()

    by_itself = (await api.order.get_order(OrderGetRequest(order_id=order["id"]))).order
    (in_the_list,) = await listed(api, external_order_ids={"EXT-9"})

    (lamp,) = by_itself.items
    delivery = by_itself.delivery
    (shipment,) = delivery.shipments
    assert (lamp.price, lamp.buyer_price_before_discount) == (Decimal("999.9"), Decimal("1200.55"))
    assert (lamp.subsidies[0].amount, lamp.promos[0].discount) == (Decimal("12.5"), Decimal(16))
    assert (by_itself.items_total, by_itself.delivery_total) == (Decimal("1999.8"), Decimal("250.5"))
    assert (delivery.lift_type, delivery.lift_price) == (OrderLiftType.CARGO_ELEVATOR, Decimal("70.25"))
    assert (delivery.dates.from_date, delivery.dates.from_time) == (arrow.get("2026-03-05"), time(10))
    assert (shipment.shipment_date, shipment.shipment_time) == (arrow.get("2026-03-04"), time(15, 30))
    assert delivery.courier.full_name == "Иван Ков"
    assert by_itself.expired_at.date() == arrow.get("2026-03-09").date()
    assert by_itself.notes == in_the_list.notes == "Позвоните заранее"
    assert in_the_list.order_id == order["id"]
    assert in_the_list.delivery.dates.to_date == arrow.get("2026-03-06")
    assert in_the_list.delivery.courier.address.gps.latitude == 55.75
    assert in_the_list.items[0].prices.payment.value == 1999.8
    assert in_the_list.items[0].instances[0].gtd == "1/2/3"


async def test_it_sees_a_buyer_cancel_and_the_market_decide_after_two_days(world, program):
    quiet, order = await world.place(), await world.place()
    await world.move(order, "DELIVERY")
    api = await program()
    assert await ids_of(api, statuses={OrderStatus.PROCESSING}) == [quiet["id"]]
    assert await ids_of(api, waiting_for_cancellation_approve=True) == []

    await world.act(order, "BUYER", "CANCEL")

    assert await ids_of(api, waiting_for_cancellation_approve=True) == [order["id"]]
    await world.clock(advance="PT48H")
    since = Dates(update_date_from=NOW.shift(hours=1), update_date_to=NOW.shift(hours=49))
    (changed,) = await listed(api, dates=since)
    assert (changed.order_id, changed.status) == (order["id"], OrderStatus.CANCELLED)
    assert changed.substatus is OrderSubstatus.USER_CHANGED_MIND
    assert changed.updated_at == NOW.shift(hours=48)


async def test_it_filters_by_models_and_days(world, program):
    placed = {model: (await world.place(model))["id"] for model in ("DBS", "FBS", "EXPRESS", "FBY")}
    api = await program()

    found = {model: await ids_of(api, program_types={SellingProgramType[model]}) for model in placed}

    assert found == {model: [order_id] for model, order_id in placed.items()}
    today = Dates(creation_date_from=NOW, creation_date_to=NOW)
    yesterday = Dates(creation_date_from=NOW.shift(days=-1), creation_date_to=NOW.shift(days=-1))
    assert await ids_of(api, dates=today) == list(reversed(placed.values()))
    assert await ids_of(api, dates=yesterday) == []


async def test_it_leafs_through_all_orders(world, program):
    placed = [(await world.place())["id"] for _ in range(5)]
    api = await program()

    pages, token = [], None
    while not pages or token:
        page = await api.order.get_order_list(OrderListRequest(limit=2, page_token=token))
        pages.append([order.order_id for order in page.orders])
        token = page.paging.next_page_token

    newest_first = placed[::-1]
    assert pages == [newest_first[:2], newest_first[2:4], newest_first[4:]]


async def test_it_looks_up_regions_countries_and_delivery_services(program):
    guide = (await program()).guide

    found = await guide.region.search_region(RegionSearchRequest(name="Москва", limit=1))
    moscow = await guide.region.get_region_info(RegionInfoRequest(region_id=213))
    children = await guide.region.get_region_children(RegionChildrenRequest(region_id=225, page=1, page_size=2))
    countries = await guide.region.get_region_countries()
    services = await guide.get_delivery_services()

    assert found.regions == moscow.regions
    assert moscow.regions[0].name == "Москва"
    assert len(children.region.children) == children.pager.to == 2
    assert "RU" in {country.code for country in countries.countries}
    assert 99 in {service.id for service in services.result.delivery_services}


async def test_its_base_url_may_end_with_a_slash(base, world, program):
    api = await program(base_url=f"{base}/")

    assert [shop.id for shop in (await api.campaign.get_campaign_list()).campaigns] == list(world.campaigns.values())


async def test_it_tells_one_refusal_from_another(program):
    api = await program()

    with pytest.raises(AuthorizationError):
        await (await program(api_key="ACMA:nobody")).guide.get_token_info()
    with pytest.raises(AuthorizationError):
        await (await program(campaign_id=1)).order.get_order(OrderGetRequest(order_id=1))
    with pytest.raises(NotFoundError):
        await api.order.get_order(OrderGetRequest(order_id=1))
    with pytest.raises(InvalidResponseError) as refused:
        await api.order.get_order_list(OrderListRequest(page_token="none"))
    assert refused.type is InvalidResponseError
