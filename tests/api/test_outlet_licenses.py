"""Licences of outlets to sell alcohol."""

import pytest

from tests.api.test_outlets import LITTLE, created
from tests.world import errors_of

LICENSE = {
    "licenseType": "ALCOHOL",
    "number": "77-AA-1",
    "dateOfIssue": "2025-03-01T00:00:00+03:00",
    "dateOfExpiry": "2030-03-01T00:00:00+03:00",
}


def path(world):
    return f"/v2/campaigns/{world.campaigns['DBS']}/outlets/licenses"


async def tell(world, *licenses):
    return await world.seller("POST", path(world), {"licenses": list(licenses)})


async def read(world, **query):
    answer = await world.seller("GET", path(world), params=query)
    return answer.raise_for_status().json()["result"]["licenses"]


@pytest.fixture
async def outlet_id(world):
    return await created(world, LITTLE, address={"regionId": 213})


async def test_a_licence_is_shown_as_it_was_told(world, outlet_id):
    answer = await tell(world, LICENSE | {"outletId": outlet_id})

    assert (answer.status_code, answer.json()) == (200, {"status": "OK"})
    (found,) = await read(world, outletIds=outlet_id)
    assert found == LICENSE | {"id": found["id"], "outletId": outlet_id, "checkStatus": "NEW"}
    assert await read(world, ids=found["id"]) == [found]


async def test_days_of_a_licence_are_those_of_the_outlet_s_own_calendar(world):
    far_east = await created(world, LITTLE, address={"regionId": 75})

    await tell(
        world,
        LICENSE
        | {
            "outletId": far_east,
            "dateOfIssue": "2025-03-01T00:00:00+10:00",
            "dateOfExpiry": "2030-02-28T14:00:00Z",
        },
    )

    (found,) = await read(world, outletIds=far_east)
    assert (found["dateOfIssue"], found["dateOfExpiry"]) == ("2025-03-01T00:00:00+10:00", "2030-03-01T00:00:00+10:00")


async def test_the_market_looks_at_a_licence_for_a_while(world, outlet_id):
    await tell(
        world,
        LICENSE | {"outletId": outlet_id},
        LICENSE | {"outletId": outlet_id, "dateOfExpiry": "2026-03-01T00:00:00+03:00"},
    )

    await world.clock(advance="PT10M")

    good, expired = await read(world, outletIds=outlet_id)
    assert (good["checkStatus"], "checkComment" in good) == ("SUCCESS", False)
    assert (expired["checkStatus"], expired["checkComment"]) == ("FAIL", "Срок действия лицензии истёк")


async def test_a_known_licence_is_told_anew_by_its_id(world, outlet_id):
    await tell(world, LICENSE | {"outletId": outlet_id})
    (known,) = await read(world, outletIds=outlet_id)

    await tell(world, LICENSE | {"outletId": outlet_id, "id": known["id"], "number": "77-BB-2"})

    assert [(each["id"], each["number"]) for each in await read(world, outletIds=outlet_id)] == [
        (known["id"], "77-BB-2")
    ]


async def test_licences_go_one_by_one_or_with_their_outlet(world, outlet_id):
    await tell(world, *[LICENSE | {"outletId": outlet_id}] * 3)
    first, second, third = await read(world, outletIds=outlet_id)

    answer = await world.seller("DELETE", path(world), params={"ids": f"{first['id']},{second['id']}"})

    assert (answer.status_code, answer.json()) == (200, {"status": "OK"})
    assert await read(world, outletIds=outlet_id) == [third]
    again = await world.seller("DELETE", path(world), params={"ids": first["id"]})
    assert again.status_code == 200
    await world.seller("DELETE", f"/v2/campaigns/{world.campaigns['DBS']}/outlets/{outlet_id}")
    assert await read(world, ids=third["id"]) == []


@pytest.mark.parametrize("query", [{}, {"ids": 1, "outletIds": 1}])
async def test_licences_are_asked_for_in_one_way(world, query):
    answer = await world.seller("GET", path(world), params=query)

    assert (answer.status_code, errors_of(answer)) == (
        400,
        [("BAD_REQUEST", "Exactly one of the parameters outletIds, ids must be present")],
    )


async def test_nothing_is_deleted_that_is_not_named(world):
    answer = await world.seller("DELETE", path(world))

    assert (answer.status_code, errors_of(answer)) == (
        400,
        [("BAD_REQUEST", "Required request parameter ids is not present")],
    )


async def test_at_most_five_hundred_are_asked_for_at_once(world):
    answer = await world.seller("GET", path(world), params={"ids": ",".join(map(str, range(1, 502)))})

    assert errors_of(answer) == [("BAD_REQUEST", "ids size must be between 1 and 500 (rejected size: 501)")]


async def test_a_licence_that_can_not_be_is_not_written_down(world, outlet_id):
    mine = LICENSE | {"outletId": outlet_id}
    unknown_outlet = await tell(world, mine, mine | {"outletId": 7})
    unknown = await tell(world, mine, mine | {"id": 7})
    twice = await tell(world, mine | {"id": 7}, mine | {"id": 7})
    nameless = await tell(world, mine, mine | {"number": " "})
    reversed_ = await tell(world, mine, mine | {"dateOfExpiry": "2025-02-28T00:00:00+03:00"})

    assert (unknown_outlet.status_code, errors_of(unknown_outlet)) == (404, [("NOT_FOUND", "Outlet not found: 7")])
    assert (unknown.status_code, errors_of(unknown)) == (404, [("NOT_FOUND", "License not found: 7")])
    assert errors_of(twice) == [("BAD_REQUEST", "Duplicate license 7")]
    assert errors_of(nameless) == [("BAD_REQUEST", "License number must not be empty")]
    assert errors_of(reversed_) == [
        ("BAD_REQUEST", "License 77-AA-1 expires on 2025-02-28, before it is issued on 2025-03-01")
    ]
    assert await read(world, outletIds=outlet_id) == []
