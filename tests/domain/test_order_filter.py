"""Windows of the lists: defaults, bounds, Moscow's days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from korob.domain import order_filter
from korob.domain.order_filter import OrderFilter, WindowReversed, WindowTooLong

LATE_EVENING = datetime(2026, 8, 31, 21, 30, tzinfo=UTC)
"""Half an hour into the first of September in Moscow."""
TODAY = date(2026, 9, 1)
BOTH = pytest.mark.parametrize("method", [order_filter.of_campaign, order_filter.of_business])


def days_ago(days):
    return TODAY - timedelta(days=days)


def midnight(day):
    """The start of a Moscow day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=3)


@BOTH
def test_without_days_the_last_thirty_are_listed_until_now(method):
    wanted = method(now=LATE_EVENING)

    assert (wanted.created_from, wanted.created_to) == (midnight(days_ago(30)), None)


@BOTH
def test_orders_named_by_id_are_listed_whenever_they_were_placed(method):
    wanted = method(order_ids=(1, 2), now=LATE_EVENING)

    assert (wanted.order_ids, wanted.created_from, wanted.created_to) == ((1, 2), None, None)


def test_orders_named_by_the_seller_s_id_are_listed_whenever_they_were_placed():
    wanted = order_filter.of_business(external_ids=("a",), now=LATE_EVENING)

    assert wanted == OrderFilter(external_ids=("a",))


@BOTH
@pytest.mark.parametrize(
    ("start", "end", "created_from", "created_to"),
    [
        (days_ago(3), TODAY, days_ago(3), TODAY),
        (days_ago(3), days_ago(3), days_ago(3), days_ago(2)),
        (days_ago(70), days_ago(40), days_ago(70), days_ago(40)),
        (days_ago(30), None, days_ago(30), None),
        (None, days_ago(50), days_ago(80), days_ago(50)),
    ],
)
def test_days_of_placing_start_at_moscow_s_midnight_and_end_before_it(method, start, end, created_from, created_to):
    wanted = method(created_from=start, created_to=end, now=LATE_EVENING)

    assert wanted.created_from == midnight(created_from)
    assert wanted.created_to == (created_to and midnight(created_to))


@BOTH
@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        (days_ago(31), TODAY, "between 2026-08-01 and 2026-09-01"),
        (days_ago(31), None, "between 2026-08-01 and 2026-09-01"),
    ],
)
def test_more_than_thirty_days_of_placing_are_refused(method, start, end, told):
    with pytest.raises(WindowTooLong) as refusal:
        method(created_from=start, created_to=end, now=LATE_EVENING)

    assert str(refusal.value) == f"Invalid filters: interval {told} is more than 30 days."


@BOTH
@pytest.mark.parametrize(
    ("start", "end", "window"),
    [
        (days_ago(3), TODAY, (days_ago(3), TODAY)),
        (TODAY, TODAY, (TODAY, TODAY + timedelta(days=1))),
        (TODAY, None, (TODAY, TODAY + timedelta(days=30))),
        (None, TODAY, (days_ago(30), TODAY)),
    ],
)
def test_days_of_shipment_need_one_end_only(method, start, end, window):
    wanted = method(ships_from=start, ships_to=end, now=LATE_EVENING)

    assert (wanted.ships_from, wanted.ships_to) == window


@BOTH
def test_more_than_thirty_days_of_shipment_are_refused(method):
    with pytest.raises(WindowTooLong):
        method(ships_from=days_ago(20), ships_to=TODAY + timedelta(days=11), now=LATE_EVENING)


def test_a_reversed_window_is_one_day_in_the_old_list():
    wanted = order_filter.of_campaign(
        created_from=days_ago(5),
        created_to=days_ago(9),
        ships_from=days_ago(5),
        ships_to=days_ago(9),
        now=LATE_EVENING,
    )

    assert (wanted.created_from, wanted.created_to) == (midnight(days_ago(5)), midnight(days_ago(4)))
    assert (wanted.ships_from, wanted.ships_to) == (days_ago(5), days_ago(4))


@pytest.mark.parametrize(
    ("window", "told"),
    [
        ({"created_from": days_ago(5), "created_to": days_ago(6)}, "Order creation start date"),
        ({"ships_from": days_ago(5), "ships_to": days_ago(6)}, "Order shipment start date"),
    ],
)
def test_a_reversed_window_is_refused_in_the_new_list(window, told):
    with pytest.raises(WindowReversed, match=f"{told} is required to be less than end date"):
        order_filter.of_business(**window, now=LATE_EVENING)


@BOTH
@pytest.mark.parametrize("length", [timedelta(), -timedelta(seconds=1)])
def test_a_window_of_updates_that_is_over_when_it_starts_is_refused(method, length):
    with pytest.raises(WindowReversed, match="Order update start is required to be less than end date"):
        method(updated_from=LATE_EVENING, updated_to=LATE_EVENING + length, now=LATE_EVENING)


@BOTH
def test_a_window_of_updates_may_last_thirty_days_and_not_a_second_longer(method):
    thirty = timedelta(days=30)

    method(updated_from=LATE_EVENING, updated_to=LATE_EVENING + thirty, now=LATE_EVENING)
    with pytest.raises(WindowTooLong):
        method(updated_from=LATE_EVENING, updated_to=LATE_EVENING + thirty + timedelta(seconds=1), now=LATE_EVENING)


@BOTH
def test_a_window_of_updates_may_be_open(method):
    wanted = method(updated_from=LATE_EVENING - timedelta(days=90), now=LATE_EVENING)

    assert (wanted.updated_from, wanted.updated_to) == (LATE_EVENING - timedelta(days=90), None)


def test_the_old_list_leaves_out_what_ended_thirty_days_ago_and_the_new_one_does_not():
    assert order_filter.of_campaign(now=LATE_EVENING).ended_since == LATE_EVENING - timedelta(days=30)
    assert order_filter.of_business(now=LATE_EVENING).ended_since is None


@BOTH
@pytest.mark.parametrize("day", [date.min, date.max])
def test_days_at_the_ends_of_the_calendar_are_taken(method, day):
    assert method(created_from=day, created_to=day, ships_from=day, ships_to=day, now=LATE_EVENING).created_from


@BOTH
def test_empty_lists_ask_for_nothing(method):
    assert method(order_ids=(), statuses=(), substatuses=(), now=LATE_EVENING) == method(now=LATE_EVENING)
