"""The regions that we know: all countries, and Russia with its districts, their subjects and the larger cities.

A small set of our own, not the Market's geobase. Where a region's number there is common knowledge it is this number,
so that programs which have such numbers in their settings find what they look for.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple

from korob.domain import countries
from korob.domain.order import Region
from korob.domain.words import RegionType

MOSCOW_AHEAD: Final = 3


class City(NamedTuple):
    """A city; a lesser one is a town."""

    id: int
    name: str
    type: RegionType = RegionType.CITY


class Subject(NamedTuple):
    """A subject of the federation; `ahead` are the hours that its clocks are ahead of UTC."""

    id: int
    name: str
    cities: tuple[City, ...] = ()
    ahead: int = MOSCOW_AHEAD


class District(NamedTuple):
    """A federal district."""

    id: int
    name: str
    subjects: tuple[Subject, ...]


class Place(NamedTuple):
    """A region, and what else is known of it: the code of a country, the hours its clocks are ahead of UTC."""

    region: Region
    country_code: str | None
    ahead: int | None


def _town(id: int, name: str) -> City:
    return City(id, name, RegionType.VILLAGE)


RUSSIA: Final = (
    District(
        3,
        "Центральный федеральный округ",
        (
            Subject(
                1,
                "Москва и Московская область",
                (
                    City(213, "Москва"),
                    _town(214, "Долгопрудный"),
                    _town(215, "Дубна"),
                    _town(10716, "Балашиха"),
                    _town(10738, "Люберцы"),
                    _town(10740, "Мытищи"),
                    _town(10743, "Одинцово"),
                    _town(10747, "Подольск"),
                    _town(10758, "Химки"),
                ),
            ),
            Subject(10645, "Белгородская область", (City(4, "Белгород"),)),
            Subject(10650, "Брянская область", (City(191, "Брянск"),)),
            Subject(10658, "Владимирская область", (City(192, "Владимир"),)),
            Subject(10672, "Воронежская область", (City(193, "Воронеж"),)),
            Subject(10687, "Ивановская область", (City(5, "Иваново"),)),
            Subject(10693, "Калужская область", (City(6, "Калуга"), _town(967, "Обнинск"))),
            Subject(10699, "Костромская область", (City(7, "Кострома"),)),
            Subject(10705, "Курская область", (City(8, "Курск"),)),
            Subject(10712, "Липецкая область", (City(9, "Липецк"),)),
            Subject(10772, "Орловская область", (City(10, "Орёл"),)),
            Subject(10776, "Рязанская область", (City(11, "Рязань"),)),
            Subject(10795, "Смоленская область", (City(12, "Смоленск"),)),
            Subject(10802, "Тамбовская область", (City(13, "Тамбов"),)),
            Subject(10819, "Тверская область", (City(14, "Тверь"),)),
            Subject(10832, "Тульская область", (City(15, "Тула"),)),
            Subject(10841, "Ярославская область", (City(16, "Ярославль"),)),
        ),
    ),
    District(
        17,
        "Северо-Западный федеральный округ",
        (
            Subject(10174, "Санкт-Петербург и Ленинградская область", (City(2, "Санкт-Петербург"),)),
            Subject(10176, "Ненецкий автономный округ"),
            Subject(10842, "Архангельская область", (City(20, "Архангельск"),)),
            Subject(10853, "Вологодская область", (City(21, "Вологда"), City(968, "Череповец"))),
            Subject(10857, "Калининградская область", (City(22, "Калининград"),), 2),
            Subject(10897, "Мурманская область", (City(23, "Мурманск"),)),
            Subject(10904, "Новгородская область", (City(24, "Великий Новгород"),)),
            Subject(10926, "Псковская область", (City(25, "Псков"),)),
            Subject(10933, "Республика Карелия", (City(18, "Петрозаводск"),)),
            Subject(10939, "Республика Коми", (City(19, "Сыктывкар"),)),
        ),
    ),
    District(
        26,
        "Южный федеральный округ",
        (
            Subject(10946, "Астраханская область", (City(37, "Астрахань"),), 4),
            Subject(10950, "Волгоградская область", (City(38, "Волгоград"),)),
            Subject(
                10995,
                "Краснодарский край",
                (City(35, "Краснодар"), City(239, "Сочи"), City(970, "Новороссийск")),
            ),
            Subject(11004, "Республика Адыгея", (City(1093, "Майкоп"),)),
            Subject(11015, "Республика Калмыкия", (City(1094, "Элиста"),)),
            Subject(11029, "Ростовская область", (City(39, "Ростов-на-Дону"), City(971, "Таганрог"))),
        ),
    ),
    District(
        102444,
        "Северо-Кавказский федеральный округ",
        (
            Subject(11010, "Республика Дагестан", (City(28, "Махачкала"),)),
            Subject(11012, "Республика Ингушетия", (City(1092, "Назрань"),)),
            Subject(11013, "Кабардино-Балкарская Республика", (City(30, "Нальчик"),)),
            Subject(11020, "Карачаево-Черкесская Республика", (City(1104, "Черкесск"),)),
            Subject(11021, "Республика Северная Осетия — Алания", (City(33, "Владикавказ"),)),
            Subject(11024, "Чеченская Республика", (City(1106, "Грозный"),)),
            Subject(11069, "Ставропольский край", (City(36, "Ставрополь"),)),
        ),
    ),
    District(
        40,
        "Приволжский федеральный округ",
        (
            Subject(11070, "Кировская область", (City(46, "Киров"),)),
            Subject(11077, "Республика Марий Эл", (City(41, "Йошкар-Ола"),)),
            Subject(11079, "Нижегородская область", (City(47, "Нижний Новгород"),)),
            Subject(11084, "Оренбургская область", (City(48, "Оренбург"),), 5),
            Subject(11095, "Пензенская область", (City(49, "Пенза"),)),
            Subject(11108, "Пермский край", (City(50, "Пермь"),), 5),
            Subject(11111, "Республика Башкортостан", (City(172, "Уфа"),), 5),
            Subject(11117, "Республика Мордовия", (City(42, "Саранск"),)),
            Subject(11119, "Республика Татарстан", (City(43, "Казань"), City(236, "Набережные Челны"))),
            Subject(11131, "Самарская область", (City(51, "Самара"), City(240, "Тольятти")), 4),
            Subject(11146, "Саратовская область", (City(194, "Саратов"),), 4),
            Subject(11148, "Удмуртская Республика", (City(44, "Ижевск"),), 4),
            Subject(11153, "Ульяновская область", (City(195, "Ульяновск"),), 4),
            Subject(11156, "Чувашская Республика", (City(45, "Чебоксары"),)),
        ),
    ),
    District(
        52,
        "Уральский федеральный округ",
        (
            Subject(11158, "Курганская область", (City(53, "Курган"),), 5),
            Subject(11162, "Свердловская область", (City(54, "Екатеринбург"), City(11168, "Нижний Тагил")), 5),
            Subject(11176, "Тюменская область", (City(55, "Тюмень"),), 5),
            Subject(
                11193,
                "Ханты-Мансийский автономный округ — Югра",
                (City(57, "Ханты-Мансийск"), City(973, "Сургут"), City(1091, "Нижневартовск")),
                5,
            ),
            Subject(11225, "Челябинская область", (City(56, "Челябинск"), City(235, "Магнитогорск")), 5),
            Subject(11232, "Ямало-Ненецкий автономный округ", (City(58, "Салехард"),), 5),
        ),
    ),
    District(
        59,
        "Сибирский федеральный округ",
        (
            Subject(10231, "Республика Алтай", (City(11319, "Горно-Алтайск"),), 7),
            Subject(10233, "Республика Тыва", (City(11333, "Кызыл"),), 7),
            Subject(11235, "Алтайский край", (City(197, "Барнаул"),), 7),
            Subject(11266, "Иркутская область", (City(63, "Иркутск"),), 8),
            Subject(11282, "Кемеровская область — Кузбасс", (City(64, "Кемерово"), City(237, "Новокузнецк")), 7),
            Subject(11309, "Красноярский край", (City(62, "Красноярск"),), 7),
            Subject(11316, "Новосибирская область", (City(65, "Новосибирск"),), 7),
            Subject(11318, "Омская область", (City(66, "Омск"),), 6),
            Subject(11340, "Республика Хакасия", (City(1095, "Абакан"),), 7),
            Subject(11353, "Томская область", (City(67, "Томск"),), 7),
        ),
    ),
    District(
        73,
        "Дальневосточный федеральный округ",
        (
            Subject(10243, "Еврейская автономная область", (City(11393, "Биробиджан"),), 10),
            Subject(10251, "Чукотский автономный округ", (City(11458, "Анадырь"),), 12),
            Subject(11330, "Республика Бурятия", (City(198, "Улан-Удэ"),), 8),
            Subject(11375, "Амурская область", (City(77, "Благовещенск"),), 9),
            Subject(11398, "Камчатский край", (City(78, "Петропавловск-Камчатский"),), 12),
            Subject(11403, "Магаданская область", (City(79, "Магадан"),), 11),
            Subject(11409, "Приморский край", (City(75, "Владивосток"),), 10),
            Subject(11443, "Республика Саха (Якутия)", (City(74, "Якутск"),), 9),
            Subject(11450, "Сахалинская область", (City(80, "Южно-Сахалинск"),), 11),
            Subject(11457, "Хабаровский край", (City(76, "Хабаровск"),), 10),
            Subject(21949, "Забайкальский край", (City(68, "Чита"),), 9),
        ),
    ),
)


def region(id: int) -> Region:
    """A region that we know, with its chain of parents."""
    return places()[id].region


@cache
def places() -> Mapping[int, Place]:
    """All regions by number, a parent before its children."""
    return MappingProxyType({place.region.id: place for place in (*_countries(), *_russian())})


def _countries() -> Iterator[Place]:
    for country in countries.every():
        yield Place(Region(country.id, country.name, RegionType.COUNTRY), country.code, None)


def _russian() -> Iterator[Place]:
    russia = next(place.region for place in _countries() if place.country_code == "RU")
    for district in RUSSIA:
        wide = Region(district.id, district.name, RegionType.COUNTRY_DISTRICT, russia)
        yield Place(wide, None, None)
        for subject in district.subjects:
            whole = Region(subject.id, subject.name, RegionType.REPUBLIC, wide)
            yield Place(whole, None, subject.ahead)
            for city in subject.cities:
                yield Place(Region(city.id, city.name, city.type, whole), None, subject.ahead)
