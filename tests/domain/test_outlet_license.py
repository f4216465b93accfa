"""Licences of outlets."""

from datetime import UTC, date, datetime, timedelta

import pytest

from korob.domain import outlet_license
from korob.domain.outlet_license import (
    CheckStatus,
    DatesReversed,
    LicenseNotFound,
    LicenseRepeated,
    LicenseType,
    NumberMissing,
    OutletLicense,
)
from tests.examples import NOW

TODAY = date(2026, 3, 2)


def a_license(*, number: str = "77-AA-1", issued_on: date = TODAY, expires_on: date = TODAY) -> OutletLicense:
    return OutletLicense(1, 5, LicenseType.ALCOHOL, number, issued_on, expires_on, NOW)


def test_a_licence_may_hold_for_a_day() -> None:
    outlet_license.check([a_license()], known=[], told=[])


def test_a_licence_does_not_expire_before_it_is_issued() -> None:
    reversed_ = a_license(expires_on=TODAY - timedelta(days=1))

    with pytest.raises(
        DatesReversed, match=r"^License 77-AA-1 expires on 2026-03-01, before it is issued on 2026-03-02$"
    ):
        outlet_license.check([a_license(), reversed_], known=[], told=[])


def test_a_licence_has_a_number() -> None:
    with pytest.raises(NumberMissing):
        outlet_license.check([a_license(number=" ")], known=[], told=[])


def test_only_a_known_licence_is_told_anew_and_once() -> None:
    outlet_license.check([], known=[1, 2], told=[2])

    with pytest.raises(LicenseNotFound, match=r"^License not found: 3$"):
        outlet_license.check([], known=[1, 2], told=[2, 3])
    with pytest.raises(LicenseRepeated, match=r"^Duplicate license 2$"):
        outlet_license.check([], known=[1, 2], told=[2, 2])


def test_a_moment_is_another_day_elsewhere() -> None:
    evening = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)

    assert [outlet_license.day_there(evening, ahead) for ahead in (3, 4, 10)] == [
        TODAY - timedelta(days=1),
        TODAY,
        TODAY,
    ]


def test_a_licence_that_had_expired_when_the_market_looked_fails() -> None:
    looked_at = NOW + timedelta(minutes=10)
    expired = a_license(issued_on=date(2020, 1, 1), expires_on=TODAY - timedelta(days=1))

    assert outlet_license.status(expired, 3, now=looked_at - timedelta(seconds=1)) is CheckStatus.NEW
    assert outlet_license.status(expired, 3, now=looked_at) is CheckStatus.FAIL
    assert outlet_license.status(a_license(), 3, now=looked_at) is CheckStatus.SUCCESS
    assert outlet_license.status(a_license(), 3, now=NOW + timedelta(days=900)) is CheckStatus.SUCCESS


def test_a_licence_expires_by_the_calendar_of_its_outlet() -> None:
    looked_at = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
    told = OutletLicense(1, 5, LicenseType.ALCOHOL, "77-AA-1", TODAY, TODAY, looked_at - timedelta(minutes=10))

    in_moscow, in_samara = (outlet_license.status(told, ahead, now=looked_at) for ahead in (3, 4))

    assert (in_moscow, in_samara) == (CheckStatus.SUCCESS, CheckStatus.FAIL)
