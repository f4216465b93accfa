"""People, companies and addresses made up for orders."""

from korob.domain import invented
from korob.domain.invented import CITIES, Lots


def test_the_same_seed_draws_the_same_lots() -> None:
    first, second = Lots("world/1"), Lots("world/1")

    assert [first.number(1000) for _ in range(5)] == [second.number(1000) for _ in range(5)]
    assert Lots("world/1").number(10**9) != Lots("world/2").number(10**9)


def test_lots_of_one_seed_differ_from_draw_to_draw() -> None:
    lots = Lots("seed")

    assert len({lots.number(10**12) for _ in range(50)}) == 50


def test_many_orders_have_many_buyers() -> None:
    names = {invented.person(Lots(f"seed/{order}"))[:3] for order in range(200)}

    assert len(names) > 100


def test_a_persons_names_agree_in_gender() -> None:
    people = [invented.person(Lots(str(number))) for number in range(100)]

    assert all(person.last_name.endswith("а") == person.middle_name.endswith("на") for person in people)


def test_an_inn_has_the_check_digit_that_tax_offices_compute() -> None:
    for number in range(50):
        inn = invented.company(Lots(str(number)), CITIES[0]).inn

        weighted = sum(int(digit) * weight for digit, weight in zip(inn, (2, 4, 10, 3, 5, 9, 4, 6, 8), strict=False))
        assert len(inn) == 10
        assert int(inn[9]) == weighted % 11 % 10


def test_an_address_is_in_its_city() -> None:
    for city in CITIES:
        address = invented.address(Lots("seed"), city)

        assert address.city == city.region.name
        assert address.street in city.streets
        assert (address.postcode or "")[:3] == city.postcodes
        assert address.gps is not None
        assert abs(float(address.gps.latitude) - float(city.latitude)) <= 0.02
