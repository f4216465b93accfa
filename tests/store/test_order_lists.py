"""Pages of orders: their order, their bounds, and what keeps a page from being shown."""

from datetime import UTC, date, datetime, time, timedelta

from korob.domain import order_filter
from korob.domain.order import CancellationRequest, Shipment
from korob.domain.order_filter import OrderFilter
from korob.domain.words import Model, Status, Substatus
from korob.store import order_lists
from korob.store.order_lists import Position
from tests.examples import NOW, a_delivery
from tests.store.shop import open_shop

TODAY = date(2026, 3, 2)


async def test_orders_come_newest_first_in_pages_that_join_up(shop):
    placed = [await shop.place(hours_ago=hours) for hours in (5, 1, 3, 3, 9)]

    first = await shop.page(limit=2)
    second = await shop.page(limit=2, after=first.following)
    third = await shop.page(limit=2, after=second.following)

    by_age = sorted(placed, key=lambda order: (order.created_at, order.id), reverse=True)
    assert [*first.orders, *second.orders, *third.orders] == by_age
    assert first.following == Position(first.orders[1].created_at, first.orders[1].id)
    assert third.following is None


async def test_a_last_page_that_is_full_has_none_after_it(shop):
    for _ in range(2):
        await shop.place()

    assert (await shop.page(limit=2)).following is None
    assert (await shop.page(limit=1)).following is not None


async def test_orders_placed_meanwhile_neither_repeat_nor_hide_others(shop):
    old = [(await shop.place(hours_ago=hours)).id for hours in (2, 3, 4, 5)]

    first = await shop.page(limit=2)
    await shop.place(hours_ago=1)
    second = await shop.page(limit=2, after=first.following)

    assert [order.id for order in (*first.orders, *second.orders)] == old


async def test_a_business_sees_its_own_orders_only(shop):
    stranger = await open_shop(shop.database, shop.orders)
    theirs = await stranger.place()
    ours = await shop.place()

    assert await shop.ids() == [ours.id]
    assert await shop.ids(campaign_ids=[stranger.by_courier.id]) == []
    assert await shop.ids(OrderFilter(order_ids=(theirs.id, ours.id))) == [ours.id]


async def test_a_list_of_some_campaigns_leaves_the_others_out(shop):
    ours = await shop.place(campaign=shop.by_courier)
    other = await shop.place(campaign=shop.by_market)

    assert await shop.ids(campaign_ids=[shop.by_courier.id]) == [ours.id]
    assert await shop.ids(OrderFilter(models=(Model.FBS,))) == [other.id]
    assert await shop.ids(OrderFilter(order_ids=(ours.id,)), campaign_ids=[shop.by_market.id]) == []
    assert await shop.ids(campaign_ids=[]) == []


async def test_real_orders_are_listed_without_test_orders_and_test_orders_without_real_ones(shop):
    real = await shop.place()
    fake = await shop.place(fake=True)

    assert await shop.ids() == [real.id]
    assert await shop.ids(OrderFilter(fake=True)) == [fake.id]


async def test_a_start_belongs_to_its_window_and_an_end_does_not(shop):
    midnight = datetime.combine(TODAY, time(), UTC) - timedelta(hours=3)
    first = await shop.place(created_at=midnight, updated_at=midnight)
    last = await shop.place(created_at=midnight + timedelta(days=1) - timedelta(microseconds=1))
    await shop.place(created_at=midnight + timedelta(days=1))
    await shop.place(created_at=midnight - timedelta(microseconds=1))

    today = order_filter.of_campaign(now=NOW, created_from=TODAY, created_to=TODAY)

    assert await shop.ids(today) == [last.id, first.id]


async def test_orders_shipped_on_days_are_listed_without_the_day_the_window_ends(shop):
    days = [TODAY + timedelta(days=n) for n in range(4)]
    placed = [
        await shop.place(hours_ago=n, delivery=a_delivery(shipment=Shipment(1, day))) for n, day in enumerate(days)
    ]
    await shop.place(delivery=a_delivery(shipment=None))

    window = order_filter.of_campaign(now=NOW, ships_from=days[1], ships_to=days[3])

    assert await shop.ids(window) == [placed[1].id, placed[2].id]


async def test_what_changed_in_a_window_is_listed_by_age_not_by_change(shop):
    old = await shop.place(hours_ago=500, updated_at=NOW - timedelta(minutes=1))
    young = await shop.place(hours_ago=2, updated_at=NOW - timedelta(minutes=59))
    await shop.place(hours_ago=1.5, updated_at=NOW - timedelta(minutes=61))

    assert await shop.ids(OrderFilter(updated_from=NOW - timedelta(hours=1))) == [young.id, old.id]
    assert await shop.ids(
        OrderFilter(updated_from=NOW - timedelta(minutes=59), updated_to=NOW - timedelta(minutes=1))
    ) == [young.id]


async def test_buyers_who_wait_for_an_answer_are_found_on_the_way_only(shop):
    wish = CancellationRequest(NOW, Substatus.USER_CHANGED_MIND)
    on_its_way = await shop.place(Status.DELIVERY, cancellation=wish)
    at_the_point = await shop.place(Status.PICKUP, cancellation=wish)
    await shop.place(Status.PROCESSING, cancellation=wish)
    await shop.place(Status.DELIVERY)

    assert await shop.ids(OrderFilter(waiting=True)) == [at_the_point.id, on_its_way.id]


async def test_the_old_list_forgets_what_ended_thirty_days_ago_and_the_new_one_does_not(shop):
    moved = {"hours_ago": 24 * 45, "updated_at": NOW - timedelta(hours=1)}
    thirty_days = timedelta(days=30)
    ended = await shop.place(Status.DELIVERED, since=NOW - thirty_days - timedelta(seconds=1), **moved)
    just_ended = await shop.place(Status.CANCELLED, since=NOW - thirty_days, **moved)
    at_work = await shop.place(Status.DELIVERY, since=NOW - timedelta(days=40), **moved)
    window = {"now": NOW, "created_from": TODAY - timedelta(days=50), "created_to": TODAY - timedelta(days=40)}

    assert await shop.ids(order_filter.of_campaign(**window)) == [at_work.id, just_ended.id]
    assert await shop.ids(order_filter.of_campaign(**window, statuses=(Status.DELIVERED,))) == []
    assert await shop.ids(order_filter.of_campaign(now=NOW, order_ids=(ended.id, at_work.id))) == [at_work.id]
    assert await shop.ids(order_filter.of_business(**window)) == [at_work.id, just_ended.id, ended.id]


async def test_an_order_that_is_due_is_named_instead_of_shown(shop):
    paid_at = NOW - timedelta(minutes=29)
    order = await shop.place(Status.UNPAID, created_at=paid_at, updated_at=paid_at, since=paid_at)

    before = await shop.page(now=NOW)
    due = await shop.page(OrderFilter(statuses=(Status.CANCELLED,)), now=NOW + timedelta(minutes=1))

    assert before.due == ()
    assert [shown.id for shown in before.orders] == [order.id]
    assert [(key.campaign_id, key.order_id) for key in due.due] == [(order.campaign_id, order.id)]
    assert due.orders == ()
    assert due.following is None


async def test_an_order_that_was_due_is_shown_settled(shop):
    paid_at = NOW - timedelta(minutes=30)
    order = await shop.place(Status.UNPAID, created_at=paid_at, updated_at=paid_at, since=paid_at)

    (key,) = (await shop.page()).due
    await shop.orders.settle(key, now=NOW)
    page = await shop.page(OrderFilter(statuses=(Status.CANCELLED,)))

    assert page.due == ()
    assert [shown.id for shown in page.orders] == [order.id]


async def test_a_page_tells_which_setting_of_the_world_s_clock_it_saw(shop):
    outside = await shop.page()
    async with shop.database.connection() as connection:
        await connection.execute(
            "INSERT INTO worlds (business_id, seed, epoch, token_hash) VALUES ($1, 1, 7, int8send($1))",
            shop.business_id,
        )

    assert outside.epoch == 0
    assert (await shop.page()).epoch == 7


async def test_numbered_pages_tell_the_total_even_beyond_the_last(shop):
    placed = [(await shop.place(hours_ago=hours)).id for hours in range(1, 6)]

    pages = [
        await order_lists.numbered(
            shop.orders,
            business_id=shop.business_id,
            campaign_ids=[shop.by_courier.id],
            filters=OrderFilter(),
            number=number,
            size=2,
            now=NOW,
        )
        for number in (1, 3, 4)
    ]

    assert [[order.id for order in page.orders] for page in pages] == [placed[:2], placed[4:], []]
    assert [page.total for page in pages] == [5, 5, 5]
