"""What a seller may say of an item's units: one instance a unit, its codes well written, no unit twice."""

import re
from collections.abc import Callable, Sequence
from typing import Final

import pycountry

from korob.domain import marking
from korob.domain.order import Instance
from korob.domain.refusal import Refusal

COUNTRIES: Final = frozenset(country.alpha_2 for country in pycountry.countries)
_UIN: Final = re.compile(r"\d{16}", re.ASCII)
_GTD: Final = re.compile(r"\d+/\d+/\d+", re.ASCII)
_RNPT: Final = re.compile(r"\d+/\d+/\d+/\d+", re.ASCII)

CisFault = Callable[[str], str | None]


class TooManyInstances(Refusal):
    """More instances than units."""

    template = "Item with id = {item} has {units} units but {given} instances"


class TooManyCises(TooManyInstances):
    """More instances than units, CIS among them."""


class TooManyUins(TooManyInstances):
    """More instances than units, UINs and no CIS among them."""


class TooFewCises(Refusal):
    """Marked goods for a business need a CIS for each unit."""

    template = "Item with id = {item} is marked and the buyer is a business: {units} cis required, {given} given"


class InstanceWithoutCode(Refusal):
    """An instance that identifies nothing."""

    template = "An instance of item with id = {item} has none of cis, uin, rnpt, gtd"


class InvalidCis(Refusal):
    """A CIS that can't be one."""

    template = "Invalid incoming cis for item with id = {item} for reason: {reason}"


class InvalidUin(Refusal):
    """A UIN that is not 16 digits."""

    template = "Invalid incoming uin for item with id = {item} for reason: it must be 16 digits"


class InvalidRnpt(Refusal):
    """An RNPT that is not four numbers."""

    template = "Invalid incoming rnpt for item with id = {item} for reason: it must be four numbers joined by slashes"


class InvalidGtd(Refusal):
    """A GTD that is not three numbers."""

    template = "Invalid incoming gtd for item with id = {item} for reason: it must be three numbers joined by slashes"


class UnknownCountry(Refusal):
    """A country code that ISO 3166-1 has not assigned."""

    template = "String {country_code} is not a valid country code according to ISO 3166-1 alpha-2"


class GtdWithoutCountry(Refusal):
    """A customs declaration says from where."""

    template = "An instance of item with id = {item} has gtd but no countryCode"


class CisRepeated(Refusal):
    """One CIS for two units."""

    template = "The same cis is given for several units of item with id = {item}"


class UinRepeated(Refusal):
    """One UIN for two units."""

    template = "The same uin is given for several units of item with id = {item}"


def check(item_id: int, instances: Sequence[Instance], *, units: int, cis_fault: CisFault = marking.fault) -> None:
    """Refuse codes badly written, or more instances than units; `cis_fault` tells how strict to be about a CIS."""
    if len(instances) > units:
        raise _too_many(instances)(item=item_id, units=units, given=len(instances))
    for instance in instances:
        _check_codes(item_id, instance, cis_fault)


def must_differ(item_id: int, instances: Sequence[Instance]) -> None:
    """Refuse one CIS or UIN for two units; RNPT and GTD name whole batches and may repeat."""
    cises = [marking.short_cis(instance.cis) for instance in instances if instance.cis is not None]
    if len(set(cises)) < len(cises):
        raise CisRepeated(item=item_id)
    uins = [instance.uin for instance in instances if instance.uin is not None]
    if len(set(uins)) < len(uins):
        raise UinRepeated(item=item_id)


def require_cis(item_id: int, instances: Sequence[Instance], *, units: int) -> None:
    """Refuse fewer CIS than units."""
    given = sum(instance.cis is not None for instance in instances)
    if given < units:
        raise TooFewCises(item=item_id, units=units, given=given)


def _too_many(instances: Sequence[Instance]) -> type[TooManyInstances]:
    if any(instance.cis is not None for instance in instances):
        return TooManyCises
    if any(instance.uin is not None for instance in instances):
        return TooManyUins
    return TooManyInstances


def _check_codes(item_id: int, instance: Instance, cis_fault: CisFault) -> None:
    cis, uin, rnpt, gtd, country_code = (
        instance.cis,
        instance.uin,
        instance.rnpt,
        instance.gtd,
        instance.country_code,
    )
    if cis is None and uin is None and rnpt is None and gtd is None:
        raise InstanceWithoutCode(item=item_id)
    if cis is not None and (reason := cis_fault(cis)):
        raise InvalidCis(item=item_id, reason=reason)
    if uin is not None and not _UIN.fullmatch(uin):
        raise InvalidUin(item=item_id)
    if rnpt is not None and not _RNPT.fullmatch(rnpt):
        raise InvalidRnpt(item=item_id)
    if country_code is not None and country_code not in COUNTRIES:
        raise UnknownCountry(country_code=country_code)
    if gtd is None:
        return
    if not _GTD.fullmatch(gtd):
        raise InvalidGtd(item=item_id)
    if country_code is None:
        raise GtdWithoutCountry(item=item_id)
