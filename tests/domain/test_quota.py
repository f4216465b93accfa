"""Windows of the clock, and what excess is told."""

from datetime import UTC, datetime, timedelta

import pytest

from korob.domain import quota
from korob.domain.quota import QuotaExceeded

HALF_PAST = datetime(2026, 9, 1, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "per", "end"),
    [
        (HALF_PAST, timedelta(hours=1), HALF_PAST.replace(hour=13, minute=0)),
        (HALF_PAST.replace(minute=0), timedelta(hours=1), HALF_PAST.replace(hour=13, minute=0)),
        (
            HALF_PAST.replace(minute=59, second=59, microsecond=999_999),
            timedelta(hours=1),
            HALF_PAST.replace(hour=13, minute=0),
        ),
        (HALF_PAST.replace(minute=31), timedelta(minutes=2), HALF_PAST.replace(minute=32)),
        (HALF_PAST.replace(minute=31), timedelta(minutes=10), HALF_PAST.replace(minute=40)),
    ],
)
def test_windows_follow_the_clock(moment, per, end):
    assert quota.window_end(moment, per) == end


def test_excess_is_told_with_the_period_the_path_without_version_and_whose_it_is():
    refusal = QuotaExceeded(
        amount=1,
        period=quota.period(timedelta(minutes=2)),
        resource=quota.resource("/v2/reports/jewels"),
        entity="businessId",
        entity_id=77,
    )

    assert str(refusal) == (
        "Hit rate limit of 1 requests per 2 minutes for resource /reports/jewels.json for businessId 77"
    )


@pytest.mark.parametrize(
    ("per", "words"),
    [
        (timedelta(hours=1), "1 hour"),
        (timedelta(minutes=60), "1 hour"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(seconds=3), "3 seconds"),
        (timedelta(days=1), "1 day"),
    ],
)
def test_a_period_is_told_in_its_largest_whole_unit(per, words):
    assert quota.period(per) == words
