"""How much of an offer there is."""

from datetime import timedelta

import pytest

from korob.domain import stock_level
from korob.domain.stock_level import Count, CountFromTheFuture, CountTooOld, OfferRepeated, StockLevel, Turnover
from tests.examples import NOW

SECOND = timedelta(seconds=1)


def a_level(counted: int | None = 10, *, gone: int = 0, held: int = 0, sold: int = 0) -> StockLevel:
    return StockLevel("TEA", counted, NOW, gone=gone, held=held, sold=sold)


def a_count(offer_id: str = "TEA", *, count: int | None = 1, at=NOW) -> Count:
    return Count(offer_id, count, at)


@pytest.mark.parametrize(
    ("level", "fit", "freeze", "available"),
    [
        (a_level(), 10, 0, 10),
        (a_level(held=3), 10, 3, 7),
        (a_level(gone=2, held=3), 8, 3, 5),
        (a_level(2, held=5), 2, 5, 0),
        (a_level(2, gone=5), 0, 0, 0),
        (a_level(held=-1), 10, 0, 10),
        (a_level(None, gone=2, held=3), 2_000_000_000, 3, 1_999_999_997),
    ],
)
def test_what_is_left_is_what_is_fit_and_not_held(level: StockLevel, fit: int, freeze: int, available: int) -> None:
    assert (level.fit, level.freeze, level.available) == (fit, freeze, available)


@pytest.mark.parametrize(
    ("level", "turnover", "days"),
    [
        (a_level(100, sold=100), Turnover.LOW, 120.0),
        (a_level(100, sold=101), Turnover.ALMOST_LOW, 118.81),
        (a_level(100, sold=120), Turnover.ALMOST_LOW, 100.0),
        (a_level(99, sold=120), Turnover.HIGH, 99.0),
        (a_level(45, sold=120), Turnover.HIGH, 45.0),
        (a_level(44, sold=120), Turnover.VERY_HIGH, 44.0),
        (a_level(0, sold=120), Turnover.VERY_HIGH, 0.0),
        (a_level(10), Turnover.NO_SALES, None),
        (a_level(None, sold=5), Turnover.FREE_STORE, None),
    ],
)
def test_a_shelf_lasts_for_so_many_days_of_its_sales(level: StockLevel, turnover: Turnover, days: float | None) -> None:
    assert (level.turnover, level.lasts_days) == (turnover, days)


def test_counts_of_this_moment_and_of_a_day_ago_may_be_told() -> None:
    counts = [a_count(), a_count("CUP", at=NOW - timedelta(hours=24))]

    stock_level.check(counts, warehouse_id=7, now=NOW)


def test_a_count_of_a_second_later_is_of_the_future() -> None:
    with pytest.raises(CountFromTheFuture, match=r"^Stock for CUP should not be in the future$"):
        stock_level.check([a_count(), a_count("CUP", at=NOW + SECOND)], warehouse_id=7, now=NOW)


def test_a_count_of_a_day_and_a_second_ago_is_too_old() -> None:
    with pytest.raises(CountTooOld, match=r"^Stock for TEA should not be older than a day$"):
        stock_level.check([a_count(at=NOW - timedelta(hours=24) - SECOND)], warehouse_id=7, now=NOW)


def test_every_offer_that_is_counted_twice_is_named() -> None:
    counts = [a_count(sku) for sku in ("TEA", "CUP", "POT", "CUP", "TEA")]

    with pytest.raises(OfferRepeated) as refused:
        stock_level.check(counts, warehouse_id=7, now=NOW)

    assert refused.value.sentences == (
        "Duplicate shop-sku TEA for warehouse 7",
        "Duplicate shop-sku CUP for warehouse 7",
    )
