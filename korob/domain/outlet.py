"""Outlets of DBS campaigns: where buyers pick up their parcels, in which days, until when."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from korob.domain.order import Region
from korob.domain.refusal import Refusal
from korob.domain.value import Value
from korob.domain.words import RegionType

MODERATION_TAKES: Final = timedelta(minutes=10)
"""How long the Market looks at an outlet that is new or was changed; ours, the Market's time is not published."""
REGION_TYPES: Final = frozenset({RegionType.CITY, RegionType.VILLAGE, RegionType.REPUBLIC_AREA})
"""Where an outlet may be."""
SPREAD_AT_HOME_MAX: Final = 2
SPREAD_ELSEWHERE_MAX: Final = 4
"""Days from the first to the last that a delivery may take, in the campaign's own region and out of it."""
LONG_WAIT: Final = 18
"""Days from which on a delivery may be as uncertain as it is long."""
STORAGE_DAYS_MAX: Final = 3_650
"""No parcel is kept for longer, whatever its outlet says: the last day must be in the calendar."""
MIDNIGHT: Final = 24
"""The hour until which an order counts for its day, if none is told."""


class OutletType(StrEnum):
    """What buyers find there (OutletType)."""

    DEPOT = "DEPOT"
    """A point of pickup."""
    MIXED = "MIXED"
    """A shop that is a point of pickup too."""
    RETAIL = "RETAIL"
    """A shop only."""
    NOT_DEFINED = "NOT_DEFINED"


class Visibility(StrEnum):
    """Whether buyers see it (OutletVisibilityType)."""

    HIDDEN = "HIDDEN"
    VISIBLE = "VISIBLE"
    UNKNOWN = "UNKNOWN"


class OutletStatus(StrEnum):
    """What the Market thinks of it (OutletStatusType)."""

    AT_MODERATION = "AT_MODERATION"
    FAILED = "FAILED"
    MODERATED = "MODERATED"
    NONMODERATED = "NONMODERATED"
    UNKNOWN = "UNKNOWN"


class Weekday(StrEnum):
    """A day of the week (DayOfWeekType)."""

    MONDAY = "MONDAY"
    TUESDAY = "TUESDAY"
    WEDNESDAY = "WEDNESDAY"
    THURSDAY = "THURSDAY"
    FRIDAY = "FRIDAY"
    SATURDAY = "SATURDAY"
    SUNDAY = "SUNDAY"


class OutletAddress(Value, frozen=True):
    """Where it is."""

    region_id: int
    city: str | None = None
    street: str | None = None
    number: str | None = None
    building: str | None = None
    estate: str | None = None
    block: str | None = None
    additional: str | None = None
    km: int | None = None


class ScheduleItem(Value, frozen=True):
    """Hours, as HH:MM, of the days from one to another."""

    start_day: Weekday
    end_day: Weekday
    start_time: str
    end_time: str


class WorkingSchedule(Value, frozen=True):
    """When it is open."""

    schedule_items: tuple[ScheduleItem, ...]
    work_in_holiday: bool | None = None


class DeliveryRule(Value, frozen=True):
    """In how many working days a parcel comes there."""

    min_delivery_days: int | None = None
    max_delivery_days: int | None = None
    delivery_service_id: int | None = None
    order_before: int = MIDNIGHT
    price_free_pickup: Decimal | None = None
    unspecified_delivery_interval: bool | None = None


class Outlet(Value, frozen=True):
    """An outlet, as its seller describes it. The fields are the API's."""

    id: int
    name: str
    type: OutletType
    address: OutletAddress
    phones: tuple[str, ...]
    working_schedule: WorkingSchedule
    changed_at: datetime
    coords: str | None = None
    """Longitude and latitude."""
    is_main: bool | None = None
    shop_outlet_code: str | None = None
    visibility: Visibility | None = None
    delivery_rules: tuple[DeliveryRule, ...] | None = None
    storage_period: int | None = None
    """Days that a parcel is kept."""

    @property
    def storage_days(self) -> int | None:
        """The days that orders are kept for, at most as many as the calendar has room for."""
        return None if self.storage_period is None else min(self.storage_period, STORAGE_DAYS_MAX)


class OutletNotFound(Refusal):
    """The campaign has no such outlet."""

    template = "Outlet not found: {outlet_id}"


class CodeTaken(Refusal):
    """The campaign calls another outlet by this code."""

    template = "Outlet with code {code} already exists for campaign {campaign_id}"


class UnknownRegion(Refusal):
    """There is no region of this number."""

    template = "Unknown region {region_id}"


class WrongRegion(Refusal):
    """An outlet is in a city, a town or a district, not anywhere in a whole country."""

    template = "Region {name} cannot be used as outlet region"


class WrongCoordinates(Refusal):
    """That is no longitude with a latitude."""

    template = "Wrong outlet gps coordinates"


class InvalidOutlet(Refusal):
    """The description contradicts itself, or lacks something."""

    template = "Not valid outlet info: {errors}"


class InvalidPhone(Refusal):
    """Not a phone number."""

    template = "Invalid phone format: phones[{place}] {phone}"


class SpreadAtHomeTooBig(Refusal):
    """At home the first and the last day of a delivery may be two days apart."""

    template = "datediff-is-to-big-local"


class SpreadElsewhereTooBig(Refusal):
    """Elsewhere they may be four days apart."""

    template = "datediff-is-to-big-remote"


class LongWaitTooUncertain(Refusal):
    """On a long way they may be as far apart as the first is away."""

    template = "datediff-is-to-big-long-period"


def check(outlet: Outlet, region: Region, *, home: Region) -> None:
    """See that an outlet in this region may be, for a campaign at home in another. Raises the refusals above."""
    if region.type not in REGION_TYPES:
        raise WrongRegion(name=region.name)
    if outlet.coords is not None and not _is_on_earth(outlet.coords):
        raise WrongCoordinates
    for place, phone in enumerate(outlet.phones):
        if not _PHONE.fullmatch(_SEPARATORS.sub("", phone)):
            raise InvalidPhone(place=place, phone=phone)
    if not outlet.name.strip():
        raise InvalidOutlet(errors="name must not be empty")
    if outlet.storage_period is not None and outlet.storage_period < 0:
        raise InvalidOutlet(errors="storagePeriod must be greater than or equal to 0")
    if outlet.type in {OutletType.DEPOT, OutletType.MIXED} and not outlet.delivery_rules:
        raise InvalidOutlet(errors=f"deliveryRules are required for an outlet of type {outlet.type}")
    at_home = lies_in(region, home)
    for place, rule in enumerate(outlet.delivery_rules or ()):
        _check_rule(rule, f"deliveryRules[{place}]", at_home=at_home)


def status(outlet: Outlet, *, now: datetime) -> OutletStatus:
    """What the Market thinks of an outlet by now: after a while it is content."""
    looking = now < outlet.changed_at + MODERATION_TAKES
    return OutletStatus.AT_MODERATION if looking else OutletStatus.MODERATED


def lies_in(region: Region | None, other: Region) -> bool:
    """Whether a region is another one, or a part of it."""
    return region is not None and (region.id == other.id or lies_in(region.parent, other))


def _check_rule(rule: DeliveryRule, where: str, *, at_home: bool) -> None:
    first, last = rule.min_delivery_days, rule.max_delivery_days
    if rule.unspecified_delivery_interval:
        if first is not None or last is not None:
            raise InvalidOutlet(errors=f"{where} has days although unspecifiedDeliveryInterval is true")
        return
    if rule.unspecified_delivery_interval is False:
        raise InvalidOutlet(errors=f"{where}.unspecifiedDeliveryInterval can only be true")
    if first is None or last is None:
        raise InvalidOutlet(errors=f"{where} needs minDeliveryDays and maxDeliveryDays")
    if first > last:
        raise InvalidOutlet(errors=f"{where}.minDeliveryDays must be less than or equal to maxDeliveryDays")
    spread = last - first
    if at_home:
        if spread > SPREAD_AT_HOME_MAX:
            raise SpreadAtHomeTooBig
    elif first > LONG_WAIT:
        if spread > first:
            raise LongWaitTooUncertain
    elif spread > SPREAD_ELSEWHERE_MAX:
        raise SpreadElsewhereTooBig


def _is_on_earth(coords: str) -> bool:
    found = _COORDS.fullmatch(coords.strip())
    return found is not None and abs(float(found[1])) <= 180 and abs(float(found[2])) <= 90


_COORDS: Final = re.compile(r"(-?\d{1,3}(?:\.\d{1,20})?)\s*,\s*(-?\d{1,3}(?:\.\d{1,20})?)", re.ASCII)
_SEPARATORS: Final = re.compile(r"[ ()\-]")
_PHONE: Final = re.compile(r"\+?\d{10,15}(?:#\d{1,10})?", re.ASCII)
