"""What is settled about a campaign outside of the API: its home, its tax; when it delivers."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from korob.domain.moscow import day_of
from korob.domain.order import Region
from korob.domain.value import Value

DAYS_TOLD: Final = 30
"""For how many days, from today on, the calendar of deliveries is told; ours, the Market's number is not published."""


class VatRate(StrEnum):
    """The rate of value added tax that a campaign applies (VatRateType)."""

    VAT_22 = "VAT_22"
    NO_VAT = "NO_VAT"
    VAT_12 = "VAT_12"
    VAT_10 = "VAT_10"
    VAT_05 = "VAT_05"
    VAT_07 = "VAT_07"


class Period(NamedTuple):
    """From one day to another, both included."""

    first: date
    last: date


class CampaignSettings(Value, frozen=True):
    """How a campaign is set up."""

    name: str
    local_region: Region
    vat: VatRate

    @property
    def country(self) -> Region:
        """The country that the campaign is at home in."""
        region = self.local_region
        while region.parent is not None:
            region = region.parent
        return region


def told(now: datetime) -> Period:
    """The days for which the calendar of deliveries is told."""
    today = day_of(now)
    return Period(today, today + timedelta(days=DAYS_TOLD - 1))
