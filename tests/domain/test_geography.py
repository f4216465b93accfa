"""The regions that we know."""

from collections import Counter

from korob.domain import countries, geography, invented
from korob.domain.words import RegionType


def test_every_region_lies_in_regions_that_we_know_up_to_a_country() -> None:
    for place in geography.places().values():
        region = place.region
        while region.parent is not None:
            assert geography.region(region.parent.id) == region.parent
            region = region.parent
        assert region.type is RegionType.COUNTRY


def test_a_parent_comes_before_its_children() -> None:
    seen: set[int] = set()
    for id, place in geography.places().items():
        assert place.region.parent is None or place.region.parent.id in seen
        seen.add(id)


def test_no_number_is_given_twice() -> None:
    numbers = Counter([country.id for country in countries.every()])
    for district in geography.RUSSIA:
        numbers.update([district.id])
        for subject in district.subjects:
            numbers.update([subject.id, *(city.id for city in subject.cities)])

    assert numbers.most_common(1)[0][1] == 1
    assert len(numbers) == len(geography.places())


def test_countries_have_russian_names_and_codes_of_two_letters() -> None:
    by_code = {country.code: country for country in countries.every()}

    assert len(by_code) == 249
    assert by_code["RU"] == (225, "RU", "Россия")
    assert by_code["TR"] == (983, "TR", "Турция")
    assert by_code["MZ"] == (1_000_000_508, "MZ", "Мозамбик")
    assert all(any("а" <= letter.lower() <= "я" for letter in country.name) for country in by_code.values())


def test_clocks_go_by_the_subjects_of_the_federation() -> None:
    ahead = {place.region.name: place.ahead for place in geography.places().values()}

    assert (ahead["Калининград"], ahead["Москва"], ahead["Омск"], ahead["Анадырь"]) == (2, 3, 6, 12)
    assert ahead["Россия"] is None


def test_invented_buyers_live_in_regions_that_can_be_looked_up() -> None:
    assert all(geography.region(city.region.id) == city.region for city in invented.CITIES)
