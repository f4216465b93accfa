"""The countries of ISO 3166-1, by their Russian names."""

import gettext
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

import pycountry

OWN_NUMBERS: Final = 1_000_000_000
"""A country whose number at the Market is not common knowledge has its ISO number, counted from here."""

_KNOWN: Final = {
    "AE": 210, "AM": 168, "AR": 93, "AT": 113, "AU": 211, "AZ": 167, "BE": 114, "BG": 115, "BR": 94, "BY": 149,
    "CA": 95, "CH": 126, "CN": 134, "CZ": 125, "DE": 96, "DK": 203, "EE": 179, "EG": 1056, "ES": 204, "FI": 123,
    "FR": 124, "GB": 102, "GE": 169, "GR": 246, "HU": 116, "IL": 181, "IN": 994, "IT": 205, "JP": 137, "KG": 207,
    "KR": 135, "KZ": 159, "LT": 117, "LV": 206, "MD": 208, "NL": 118, "NO": 119, "PL": 120, "RU": 225, "SE": 127,
    "TH": 995, "TJ": 209, "TM": 170, "TR": 983, "UA": 187, "US": 84, "UZ": 171,
}  # fmt: skip
_NAMED_OTHERWISE: Final = {
    "AE": "ОАЭ", "CF": "Центральноафриканская Республика",
    "GB": "Великобритания", "MD": "Молдова", "RU": "Россия", "US": "США", "VA": "Ватикан",
}  # fmt: skip
"""Where everyday Russian is not what the library says."""


class Country(NamedTuple):
    """A country; `code` has two letters."""

    id: int
    code: str
    name: str


@cache
def every() -> tuple[Country, ...]:
    """All countries, by their codes."""
    return tuple(sorted(_read(), key=lambda country: country.code))


def _read() -> Iterator[Country]:
    russian = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=["ru"])
    for found in pycountry.countries:
        code: str = found.alpha_2
        name = _NAMED_OTHERWISE.get(code) or russian.gettext(getattr(found, "common_name", found.name))
        yield Country(_KNOWN.get(code, OWN_NUMBERS + int(found.numeric)), code, name)
