"""Regions, as sellers' programs look for them."""

import pytest

from tests.world import errors_of

MOSCOW = {
    "id": 213,
    "name": "Москва",
    "type": "CITY",
    "parent": {
        "id": 1,
        "name": "Москва и Московская область",
        "type": "REPUBLIC",
        "parent": {
            "id": 3,
            "name": "Центральный федеральный округ",
            "type": "COUNTRY_DISTRICT",
            "parent": {"id": 225, "name": "Россия", "type": "COUNTRY"},
        },
    },
}


async def search(world, **query):
    return await world.seller("GET", "/v2/regions", params=query)


async def test_a_region_is_found_by_its_number_with_all_that_it_lies_in(world):
    answer = await world.seller("GET", "/v2/regions/213")

    assert (answer.status_code, answer.json()) == (200, {"region": MOSCOW, "regions": [MOSCOW]})


@pytest.mark.parametrize("number", [0, -1, 999_999, 2**63 - 1])
async def test_there_is_no_region_of_an_unknown_number(world, number):
    for path in (f"/v2/regions/{number}", f"/v2/regions/{number}/children"):
        answer = await world.seller("GET", path)

        assert (answer.status_code, errors_of(answer)) == (404, [("NOT_FOUND", f"Region {number} not found.")])


async def test_a_name_leads_first_to_the_region_that_has_exactly_this_name(world):
    answer = await search(world, name="Москва")

    assert [region["id"] for region in answer.json()["regions"]] == [213, 1]
    assert answer.json()["regions"][0] == MOSCOW
    assert answer.json()["paging"] == {}


@pytest.mark.parametrize(("name", "found"), [("Татар", [11119]), ("Челны", [236]), ("Ростов-на-Дону", [39])])
async def test_any_word_of_a_name_leads_to_the_region(world, name, found):
    answer = await search(world, name=name)

    assert [region["id"] for region in answer.json()["regions"]] == found


@pytest.mark.parametrize("name", ["москва", "МОСКВА", "осква", "%", "_осква"])
async def test_a_name_is_taken_as_it_is_spelt(world, name):
    answer = await search(world, name=name)

    assert (answer.status_code, answer.json()) == (200, {"regions": [], "paging": {}})


async def test_a_search_without_a_name_is_refused(world):
    for query in ({}, {"name": ""}, {"limit": 5}):
        answer = await search(world, **query)

        assert errors_of(answer) == [("BAD_REQUEST", "Required request parameter name is not present")]


async def test_many_regions_of_a_name_come_in_pages_of_ten(world):
    seen, query = [], {"name": "Республика"}
    while True:
        page = (await search(world, **query)).json()
        seen.append([region["id"] for region in page["regions"]])
        if not page["paging"]:
            break
        query = {"name": "Республика", "pageToken": page["paging"]["nextPageToken"]}

    assert [len(ids) for ids in seen] == [10, 10, 3]
    assert len({number for ids in seen for number in ids}) == 23


async def test_a_page_of_regions_has_at_most_twenty(world):
    assert len((await search(world, name="Республика", limit=20)).json()["regions"]) == 20

    answer = await search(world, name="Республика", limit=21)

    assert errors_of(answer) == [
        ("BAD_REQUEST", "Parameter limit must be less than or equal to 20 (rejected value: 21)")
    ]


async def test_a_made_up_token_of_a_page_is_refused(world):
    for path in ("/v2/regions?name=A&pageToken=abc", "/v2/regions/225/children?page_token=abc"):
        answer = await world.seller("GET", path)

        assert errors_of(answer) == [("BAD_REQUEST", "Bad page token")]


async def test_a_region_shows_what_lies_right_within_it(world):
    region = (await world.seller("GET", "/v2/regions/1/children")).json()

    assert region["regions"] | {"children": region["regions"]["children"][:2]} == {
        **MOSCOW["parent"],
        "children": [
            {"id": 213, "name": "Москва", "type": "CITY"},
            {"id": 214, "name": "Долгопрудный", "type": "VILLAGE"},
        ],
    }
    assert region["pager"] == {"total": 9, "from": 1, "to": 9, "currentPage": 1, "pagesCount": 1, "pageSize": 50}
    assert "paging" not in region


async def test_a_region_that_is_not_divided_has_no_children(world):
    region = (await world.seller("GET", "/v2/regions/213/children")).json()

    assert region["regions"] == MOSCOW
    assert region["pager"]["total"] == 0


async def test_children_come_in_pages_by_token_when_there_is_a_limit(world):
    first = (await world.seller("GET", "/v2/regions/225/children?limit=5&page=2")).json()
    rest = await world.seller("GET", f"/v2/regions/225/children?limit=5&pageToken={first['paging']['nextPageToken']}")

    assert [len(page["regions"]["children"]) for page in (first, rest.json())] == [5, 3]
    assert rest.json()["paging"] == {}
    assert "pager" not in first


async def test_children_come_in_pages_by_number_too(world):
    page = (await world.seller("GET", "/v2/regions/225/children?page=3&pageSize=3")).json()

    assert [child["id"] for child in page["regions"]["children"]] == [73, 102444]
    assert page["pager"] == {"total": 8, "from": 7, "to": 8, "currentPage": 3, "pagesCount": 3, "pageSize": 3}


async def test_a_page_of_children_is_cut_to_fifty(world):
    answer = await world.seller("GET", "/v2/regions/225/children?limit=500")

    assert (answer.status_code, len(answer.json()["regions"]["children"])) == (200, 8)


@pytest.mark.parametrize("body", [None, {}, ""])
async def test_every_country_has_a_code_and_a_number(world, body):
    answer = await world.seller("POST", "/v2/regions/countries", body)

    countries = {country["countryCode"]: country["region"] for country in answer.json()["countries"]}
    assert len(countries) == len({region["id"] for region in countries.values()}) == 249
    assert countries["RU"] == {"id": 225, "name": "Россия", "type": "COUNTRY"}
    assert countries["KZ"] == {"id": 159, "name": "Казахстан", "type": "COUNTRY"}


@pytest.mark.parametrize(
    ("path", "cost"),
    [
        ("/v2/regions?name=Республика", 10),
        ("/v2/regions?name=москва", 1),
        ("/v2/regions/225/children", 8),
        ("/v2/regions/213", 1),
    ],
)
async def test_regions_cost_as_many_units_as_are_shown(world, path, cost):
    before = await left_after(world, path)

    assert before - await left_after(world, path) == cost


async def left_after(world, path):
    return int((await world.seller("GET", path)).headers["X-RateLimit-Resource-Remaining"])
