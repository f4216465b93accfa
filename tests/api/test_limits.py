"""Limits that the operator set for one business: what its programs feel of them."""

import asyncio

import pytest

from korob.store import campaigns
from tests.world import OPERATOR, World, errors_of


async def set_quotas(world, *quotas, **more):
    return await world.operator("PUT", f"/businesses/{world.id}/quotas", {"quotas": list(quotas)} | more)


async def ask(world, times=1):
    """Statuses and what was left after each."""
    answers = [await world.seller("GET", "/v2/campaigns") for _ in range(times)]
    return [(answer.status_code, int(answer.headers["X-RateLimit-Resource-Remaining"])) for answer in answers]


@pytest.fixture
async def limited(http):
    """A world whose limits hold."""
    return await World.make(http)


async def test_a_lower_limit_is_reached_sooner_and_told_in_the_published_words(limited):
    await set_quotas(limited, {"operation": "getCampaigns", "amount": 2})

    assert await ask(limited, 3) == [(200, 1), (200, 0), (420, 0)]
    refused = await limited.seller("GET", "/v2/campaigns")

    assert refused.headers["X-RateLimit-Resource-Limit"] == "2"
    message = f"Hit rate limit of 2 requests per 1 hour for resource /campaigns.json for businessId {limited.id}"
    assert errors_of(refused) == [("METHOD_FAILURE", message)]


async def test_what_was_asked_before_counts_against_a_limit_that_is_lowered(limited):
    await ask(limited, 3)

    await set_quotas(limited, {"operation": "getCampaigns", "amount": 5})

    assert await ask(limited, 3) == [(200, 1), (200, 0), (420, 0)]


async def test_a_limit_that_is_raised_again_goes_on_from_where_it_was(limited):
    await set_quotas(limited, {"operation": "getCampaigns", "amount": 1})
    await ask(limited, 2)

    await set_quotas(limited)

    assert (await ask(limited))[0][0] == 200
    assert 900 < (await ask(limited))[0][1] < 1000


async def test_a_shorter_window_is_told_and_counted_by_itself(limited):
    await ask(limited, 3)
    await set_quotas(limited, {"operation": "getCampaigns", "amount": 1, "seconds": 86_400})

    assert await ask(limited, 2) == [(200, 0), (420, 0)]
    (_, message), *_ = errors_of(await limited.seller("GET", "/v2/campaigns"))
    assert message.startswith("Hit rate limit of 1 requests per 1 day for")


async def test_an_oauth_token_spends_what_its_business_has(limited):
    token = (await limited.operator("POST", f"/businesses/{limited.id}/oauth-tokens", {"name": "old"})).json()["token"]
    await set_quotas(limited, {"operation": "getCampaigns", "amount": 2})

    await limited.http.get("/v2/campaigns", headers={"Authorization": f"Bearer {token}"})

    assert await ask(limited, 2) == [(200, 0), (420, 0)]


async def test_fewer_requests_at_once_may_be_allowed(limited, korob):
    await set_quotas(limited, {"operation": "getCampaigns", "parallel": 1})

    answers = await asyncio.gather(*(limited.seller("GET", "/v2/campaigns") for _ in range(5)))
    await set_quotas(limited, {"operation": "getCampaigns", "parallel": 0})
    (refusal,) = errors_of(await limited.seller("GET", "/v2/campaigns"))

    assert {answer.status_code for answer in answers} <= {200, 420}
    assert refusal == ("METHOD_FAILURE", f"Hit rate limit of 0 parallel requests for businessId {limited.id}")


async def test_other_methods_and_other_businesses_are_as_usual(limited, http):
    neighbour = await World.make(http)
    await set_quotas(limited, {"operation": "getCampaigns", "amount": 0})

    own = await limited.seller("GET", f"/v2/campaigns/{limited.campaigns['DBS']}")

    assert own.status_code == 200
    assert await ask(neighbour) == [(200, 999)]


async def test_in_a_world_limits_are_switched_off_and_on(limited):
    await set_quotas(limited, {"operation": "getCampaigns", "amount": 0}, limits=False)
    off = await ask(limited, 2)
    await set_quotas(limited, {"operation": "getCampaigns", "amount": 0})

    assert [status for status, _ in off] == [200, 200]
    assert await ask(limited) == [(420, 0)]


async def test_outside_of_worlds_limits_stay(korob, http):
    business_id = await campaigns.create_business(korob._services.database, "Лавка")

    answer = await http.put(
        f"/operator/v1/businesses/{business_id}/quotas",
        json={"limits": False},
        headers={"Authorization": f"Bearer {OPERATOR}"},
    )

    message = f"Business {business_id} is no world: its limits can be changed, not switched off"
    assert (answer.status_code, errors_of(answer)) == (400, [("BAD_REQUEST", message)])


async def test_the_list_of_limits_says_which_are_not_as_usual(limited):
    before = (await limited.operator("GET", f"/businesses/{limited.id}/quotas")).json()
    after = (await set_quotas(limited, {"operation": "getOrder", "seconds": 60})).json()

    assert before["limits"] is True
    assert all(quota["usual"] for quota in before["quotas"])
    assert [quota for quota in after["quotas"] if not quota["usual"]] == [
        {"operation": "getOrder", "amount": 10_000, "seconds": 60, "parallel": 6, "counts": "request", "usual": False}
    ]


@pytest.mark.parametrize(
    "quotas",
    [
        [{"operation": "getEverything", "amount": 1}],
        [{"operation": "getOrder", "amount": -1}],
        [{"operation": "getOrder", "seconds": 0}],
        [{"operation": "getOrder", "amount": 1}, {"operation": "getOrder", "amount": 2}],
    ],
)
async def test_limits_that_make_no_sense_are_refused_and_none_is_set(limited, quotas):
    answer = await set_quotas(limited, *quotas)

    assert answer.status_code == 400
    assert all(
        quota["usual"] for quota in (await limited.operator("GET", f"/businesses/{limited.id}/quotas")).json()["quotas"]
    )


async def test_a_strangers_limits_are_out_of_reach(limited, http):
    stranger = await World.make(http)

    answer = await stranger.operator("PUT", f"/businesses/{limited.id}/quotas", {"limits": False})

    assert answer.status_code == 403
    assert await ask(limited) == [(200, 999)]
