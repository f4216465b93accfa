"""What an outlet has to be."""

from datetime import timedelta
from typing import Any

import pytest

from korob.domain import geography, outlet
from korob.domain.outlet import (
    DeliveryRule,
    InvalidOutlet,
    InvalidPhone,
    LongWaitTooUncertain,
    Outlet,
    OutletAddress,
    OutletStatus,
    OutletType,
    SpreadAtHomeTooBig,
    SpreadElsewhereTooBig,
    WorkingSchedule,
    WrongCoordinates,
    WrongRegion,
)
from tests.examples import NOW

MOSCOW, KAZAN = geography.region(213), geography.region(43)


def an_outlet(*rules: DeliveryRule, **more: Any) -> Outlet:
    usual: dict[str, Any] = {
        "id": 1,
        "name": "На углу",
        "type": OutletType.DEPOT,
        "address": OutletAddress(213),
        "phones": ("+7 (999) 000-00-01",),
        "working_schedule": WorkingSchedule(()),
        "changed_at": NOW,
        "delivery_rules": rules or (DeliveryRule(1, 2),),
    }
    return Outlet(**usual | more)


@pytest.mark.parametrize(("first", "last"), [(0, 0), (0, 2), (58, 60)])
def test_at_home_delivery_is_uncertain_by_two_days_at_most(first: int, last: int) -> None:
    outlet.check(an_outlet(DeliveryRule(first, last)), MOSCOW, home=MOSCOW)

    with pytest.raises(SpreadAtHomeTooBig, match=r"^datediff-is-to-big-local$"):
        outlet.check(an_outlet(DeliveryRule(first, first + 3)), MOSCOW, home=MOSCOW)


@pytest.mark.parametrize("first", [0, 18])
def test_elsewhere_delivery_is_uncertain_by_four_days_at_most(first: int) -> None:
    outlet.check(an_outlet(DeliveryRule(first, first + 4)), KAZAN, home=MOSCOW)

    with pytest.raises(SpreadElsewhereTooBig, match=r"^datediff-is-to-big-remote$"):
        outlet.check(an_outlet(DeliveryRule(first, first + 5)), KAZAN, home=MOSCOW)


def test_on_a_long_way_delivery_may_be_as_uncertain_as_it_is_long() -> None:
    outlet.check(an_outlet(DeliveryRule(19, 38)), KAZAN, home=MOSCOW)

    with pytest.raises(LongWaitTooUncertain, match=r"^datediff-is-to-big-long-period$"):
        outlet.check(an_outlet(DeliveryRule(19, 39)), KAZAN, home=MOSCOW)


def test_home_is_the_campaigns_region_with_all_its_parts() -> None:
    spread = an_outlet(DeliveryRule(1, 4))
    moscow_and_around = geography.region(1)

    with pytest.raises(SpreadAtHomeTooBig):
        outlet.check(spread, geography.region(10758), home=moscow_and_around)
    outlet.check(spread, geography.region(10758), home=MOSCOW)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (DeliveryRule(), "deliveryRules[0] needs minDeliveryDays and maxDeliveryDays"),
        (DeliveryRule(1), "deliveryRules[0] needs minDeliveryDays and maxDeliveryDays"),
        (DeliveryRule(2, 1), "deliveryRules[0].minDeliveryDays must be less than or equal to maxDeliveryDays"),
        *(
            (
                DeliveryRule(first, last, unspecified_delivery_interval=True),
                "deliveryRules[0] has days although unspecifiedDeliveryInterval is true",
            )
            for first, last in ((1, 2), (1, None), (None, 2))
        ),
        (
            DeliveryRule(1, 2, unspecified_delivery_interval=False),
            "deliveryRules[0].unspecifiedDeliveryInterval can only be true",
        ),
    ],
)
def test_a_rule_has_days_or_says_that_nobody_knows_them(rule: DeliveryRule, message: str) -> None:
    outlet.check(an_outlet(DeliveryRule(unspecified_delivery_interval=True)), MOSCOW, home=MOSCOW)

    with pytest.raises(InvalidOutlet) as refused:
        outlet.check(an_outlet(rule), MOSCOW, home=MOSCOW)

    assert str(refused.value) == f"Not valid outlet info: {message}"


@pytest.mark.parametrize("type", OutletType)
def test_only_where_parcels_are_picked_up_rules_are_needed(type: OutletType) -> None:
    without = an_outlet(type=type, delivery_rules=None)

    if type in {OutletType.DEPOT, OutletType.MIXED}:
        with pytest.raises(InvalidOutlet, match=f"required for an outlet of type {type}"):
            outlet.check(without, MOSCOW, home=MOSCOW)
    else:
        outlet.check(without, MOSCOW, home=MOSCOW)


@pytest.mark.parametrize("region_id", [213, 10758])
def test_an_outlet_is_in_a_city_or_a_town(region_id: int) -> None:
    outlet.check(an_outlet(), geography.region(region_id), home=MOSCOW)


@pytest.mark.parametrize("region_id", [225, 3, 1])
def test_an_outlet_is_not_just_anywhere(region_id: int) -> None:
    region = geography.region(region_id)

    with pytest.raises(WrongRegion, match=f"^Region {region.name} cannot be used as outlet region$"):
        outlet.check(an_outlet(), region, home=MOSCOW)


@pytest.mark.parametrize("coords", ["37.6173, 55.7558", "37,55", "-180.0 , -90", " 20.4522144,54.7104264 "])
def test_coordinates_are_longitude_and_latitude(coords: str) -> None:
    outlet.check(an_outlet(coords=coords), MOSCOW, home=MOSCOW)


@pytest.mark.parametrize("coords", ["", "37.6", "55.7; 37.6", "180.1, 0", "0, 90.1", "a, b", "1,2,3", "1e1, 2", "1, ²"])
def test_other_text_is_no_coordinates(coords: str) -> None:
    with pytest.raises(WrongCoordinates, match=r"^Wrong outlet gps coordinates$"):
        outlet.check(an_outlet(coords=coords), MOSCOW, home=MOSCOW)


@pytest.mark.parametrize("phone", ["+7 (999) 999-99-99#1234", "8 800 000 00 00", "+375 29 000-00-00"])
def test_phones_are_written_in_many_ways(phone: str) -> None:
    outlet.check(an_outlet(phones=(phone,)), MOSCOW, home=MOSCOW)


@pytest.mark.parametrize("phone", ["112", "phone", "+7 999 000 00 00 ext 5", "+7999000000 1234567", "#1"])
def test_not_everything_is_a_phone(phone: str) -> None:
    with pytest.raises(InvalidPhone):
        outlet.check(an_outlet(phones=("+79990000001", phone)), MOSCOW, home=MOSCOW)


@pytest.mark.parametrize("wrong", [{"name": "  "}, {"storage_period": -1}])
def test_an_outlet_has_a_name_and_keeps_no_parcel_for_less_than_no_time(wrong: dict[str, Any]) -> None:
    outlet.check(an_outlet(storage_period=0), MOSCOW, home=MOSCOW)

    with pytest.raises(InvalidOutlet):
        outlet.check(an_outlet(**wrong), MOSCOW, home=MOSCOW)


def test_the_market_is_content_after_ten_minutes() -> None:
    moments = [NOW, NOW + timedelta(minutes=10) - timedelta(microseconds=1), NOW + timedelta(minutes=10)]

    assert [outlet.status(an_outlet(), now=now) for now in moments] == [
        OutletStatus.AT_MODERATION,
        OutletStatus.AT_MODERATION,
        OutletStatus.MODERATED,
    ]
