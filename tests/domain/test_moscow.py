"""Moscow's days."""

from datetime import UTC, date, datetime, timedelta

from korob.domain import moscow


def test_the_day_in_moscow_begins_three_hours_before_that_of_greenwich() -> None:
    midnight = datetime(2026, 3, 2, 21, tzinfo=UTC)

    assert moscow.day_of(midnight - timedelta(microseconds=1)) == date(2026, 3, 2)
    assert moscow.day_of(midnight) == date(2026, 3, 3)


def test_a_day_is_over_when_the_next_begins() -> None:
    assert moscow.end_of(date(2026, 12, 31)) == datetime(2026, 12, 31, 21, tzinfo=UTC)
