"""Moscow's calendar: the Market's dates are Moscow's days, whatever zone a moment is told in."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

MOSCOW: Final = timezone(timedelta(hours=3))
ONE_DAY: Final = timedelta(days=1)


def day_of(moment: datetime) -> date:
    """The day in Moscow at this moment."""
    return moment.astimezone(MOSCOW).date()


def end_of(day: date) -> datetime:
    """The moment a day in Moscow is over, in UTC: the first of the next day."""
    return datetime.combine(day + ONE_DAY, time(), MOSCOW).astimezone(UTC)
