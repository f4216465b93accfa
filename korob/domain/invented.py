"""Invented buyers, companies and addresses in real cities: the same for the same seed, nobody in particular."""

from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Final, NamedTuple, TypeVar

from korob.domain import geography
from korob.domain.order import Address, Company, Gps, Region

T = TypeVar("T")


class Lots:
    """Draws that come out the same way for the same seed."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._drawn = 0

    def number(self, below: int) -> int:
        """A whole number from 0 on, below the limit."""
        digest = sha256(f"{self._seed}/{self._drawn}".encode()).digest()
        self._drawn += 1
        return int.from_bytes(digest[:8]) % below

    def one_of(self, choices: Sequence[T]) -> T:
        """One of these."""
        return choices[self.number(len(choices))]

    def digits(self, count: int) -> str:
        """So many digits."""
        return f"{self.number(10**count):0{count}}"


class Person(NamedTuple):
    """A name in three parts, and a phone that reaches nobody."""

    last_name: str
    first_name: str
    middle_name: str
    phone: str


class City(NamedTuple):
    """A city with its regions, its middle, and some of its streets."""

    region: Region
    postcodes: str
    """The first three digits of its postcodes."""
    latitude: str
    longitude: str
    streets: tuple[str, ...]


CITIES: Final = (
    City(
        geography.region(213),
        "125",
        "55.7558",
        "37.6173",
        ("улица Правды", "Ленинградский проспект", "улица Гиляровского", "улица Лесная"),
    ),
    City(
        geography.region(2),
        "191",
        "59.9343",
        "30.3351",
        ("Невский проспект", "улица Рубинштейна", "Лиговский проспект", "улица Марата"),
    ),
    City(
        geography.region(54),
        "620",
        "56.8389",
        "60.6057",
        ("улица Малышева", "проспект Ленина", "улица Белинского", "улица 8 Марта"),
    ),
    City(
        geography.region(43),
        "420",
        "55.7963",
        "49.1088",
        ("улица Баумана", "улица Пушкина", "улица Декабристов", "проспект Победы"),
    ),
    City(
        geography.region(65),
        "630",
        "55.0084",
        "82.9357",
        ("Красный проспект", "улица Гоголя", "улица Кирова", "улица Дуси Ковальчук"),
    ),
)

_WOMEN: Final = (
    ("Анна", "Ольга", "Мария", "Елена", "Татьяна", "Наталья", "Ирина", "Светлана"),
    ("Сергеевна", "Андреевна", "Ивановна", "Дмитриевна", "Павловна", "Олеговна"),
    ("Соколова", "Кузнецова", "Лебедева", "Морозова", "Волкова", "Зайцева", "Орлова", "Белова"),
)
_MEN: Final = (
    ("Иван", "Сергей", "Алексей", "Дмитрий", "Павел", "Олег", "Николай", "Михаил"),
    ("Сергеевич", "Андреевич", "Иванович", "Дмитриевич", "Павлович", "Олегович"),
    ("Соколов", "Кузнецов", "Лебедев", "Морозов", "Волков", "Зайцев", "Орлов", "Белов"),
)
_COMPANIES: Final = ("ООО «Берёза»", "ООО «Северный ветер»", "АО «Полдень»", "ООО «Три кита»", "ООО «Скворец»")
_INN_WEIGHTS: Final = (2, 4, 10, 3, 5, 9, 4, 6, 8)


def person(lots: Lots) -> Person:
    """Somebody."""
    first, middle, last = lots.one_of((_WOMEN, _MEN))
    names = (lots.one_of(last), lots.one_of(first), lots.one_of(middle))
    return Person(*names, f"+7000{lots.digits(7)}")


def company(lots: Lots, city: City) -> Company:
    """A company; its INN has a right check digit and belongs to no tax office."""
    digits = f"00{lots.digits(7)}"
    check = sum(int(digit) * weight for digit, weight in zip(digits, _INN_WEIGHTS, strict=True)) % 11 % 10
    street, house = lots.one_of(city.streets), lots.number(90) + 1
    return Company(
        inn=f"{digits}{check}",
        organization_name=lots.one_of(_COMPANIES),
        kpp=f"00{lots.digits(2)}01001",
        legal_address=f"{city.postcodes}{lots.digits(3)}, {city.region.name}, {street}, {house}",
    )


def address(lots: Lots, city: City) -> Address:
    """A flat, somewhere near the middle of the city."""
    return Address(
        country=_country(city.region),
        postcode=f"{city.postcodes}{lots.digits(3)}",
        city=city.region.name,
        street=lots.one_of(city.streets),
        house=str(lots.number(90) + 1),
        entrance=str(lots.number(6) + 1),
        entryphone=lots.digits(2),
        floor=str(lots.number(9) + 1),
        apartment=str(lots.number(150) + 1),
        gps=Gps(_near(lots, city.latitude), _near(lots, city.longitude)),
    )


def _country(region: Region) -> str:
    return _country(region.parent) if region.parent else region.name


def _near(lots: Lots, degrees: str) -> Decimal:
    return Decimal(degrees) + Decimal(lots.number(401) - 200) / 10_000
