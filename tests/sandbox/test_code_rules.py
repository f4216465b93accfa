"""The rules of a world's code authority: set, seen, kept, taken away, and refused when they make no sense."""

import pytest

from tests.operator import playground

RULE = {"type": "CIS", "prefix": "0104", "offerId": "MUG", "status": "INVALID", "substatus": "ITEM_SOLD"}


def authority_of(world):
    return f"/sandbox/v1/worlds/{world['id']}/authority"


async def test_a_world_has_no_rules_until_some_are_set(client, world):
    assert (await client.get(authority_of(world))).json() == {"rules": []}


async def test_rules_are_shown_as_they_will_be_kept(client, world):
    rules = [RULE | {"delay": "PT1H30M"}, {"value": "010460"}, {"type": "UIN", "delay": "never"}]

    answer = await client.put(authority_of(world), json={"rules": rules})

    kept = [rules[0] | {"delay": "PT5400S"}, rules[1] | {"delay": "PT5S"}, rules[2]]
    assert answer.json() == {"rules": kept}
    assert (await client.get(authority_of(world))).json() == {"rules": kept}


async def test_a_code_left_in_progress_is_never_answered(client, world):
    answer = await client.put(authority_of(world), json={"rules": [{"status": "IN_PROGRESS"}]})

    assert answer.json() == {"rules": [{"status": "IN_PROGRESS", "delay": "never"}]}


async def test_rules_replace_those_before(client, world):
    await client.put(authority_of(world), json={"rules": [RULE, RULE]})

    await client.put(authority_of(world), json={"rules": [{"type": "UIN", "delay": "PT0S"}]})

    assert (await client.get(authority_of(world))).json() == {"rules": [{"type": "UIN", "delay": "PT0S"}]}


async def test_rules_taken_away_are_gone(client, world):
    await client.put(authority_of(world), json={"rules": [RULE]})

    gone = await client.delete(authority_of(world))

    assert (gone.status_code, gone.json()) == (200, {"rules": []})
    assert (await client.get(authority_of(world))).json() == {"rules": []}


async def test_rules_outlive_the_process(client, world, shared_database):
    await client.put(authority_of(world), json={"rules": [RULE]})

    async with playground.services_on(shared_database) as after, playground.client_of(after) as client_after:
        kept = (await client_after.get(authority_of(world))).json()["rules"]
        found = await after.keys.find(world["apiKey"])

    assert kept == [RULE | {"delay": "PT5S"}]
    assert [rule.offer_id for rule in found.authority.rules] == ["MUG"]


async def test_rules_are_of_one_world(client, world):
    other = (await client.post("/sandbox/v1/worlds", json={})).json()

    await client.put(authority_of(world), json={"rules": [RULE]})

    assert (await client.get(authority_of(other))).json() == {"rules": []}


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ([RULE, {"type": "GTD"}], "$.rules[1].type"),
        ([RULE, {"status": "MAYBE"}], "$.rules[1].status"),
        ([RULE, {"type": "CIS", "status": "INVALID", "substatus": "TOO_OLD"}], "$.rules[1].substatus"),
        ([RULE, {"prefix": ""}], "$.rules[1].prefix"),
        ([RULE, {"offerID": "MUG"}], "unknown field `offerID`"),
        ([RULE, {"type": "UIN", "status": "INVALID"}], "rules[1]: The authority never answers INVALID about a UIN"),
        ([RULE, {"delay": "five minutes"}], "rules[1].delay must be an ISO 8601 duration"),
        ([RULE, {"delay": "-PT1S"}], "rules[1]: delay must be from PT0S"),
        ([RULE, {"delay": "P1M"}], "say days instead"),
        ([RULE] * 1001, "There can be 1000 rules at most, 1001 were given"),
        (RULE, "$.rules"),
        (None, "rules"),
    ],
)
async def test_a_rule_that_can_not_be_kept_is_refused_and_those_before_stay(client, world, rules, why):
    await client.put(authority_of(world), json={"rules": [RULE]})

    answer = await client.put(authority_of(world), json={"rules": rules})

    assert answer.status_code == 400
    assert why in answer.json()["errors"][0]["message"]
    assert len((await client.get(authority_of(world))).json()["rules"]) == 1


@pytest.mark.parametrize("verb", ["GET", "PUT", "DELETE"])
async def test_there_are_no_rules_where_there_is_no_world(client, verb):
    answer = await client.request(verb, "/sandbox/v1/worlds/404/authority", json={"rules": []})

    assert answer.status_code == 404


async def test_another_world_s_token_does_not_reach_them(client, services, world):
    other = (await client.post("/sandbox/v1/worlds", json={})).json()
    async with playground.client_of(services, token=other["operatorToken"]) as stranger:
        answer = await stranger.put(authority_of(world), json={"rules": [RULE]})

    assert answer.status_code == 403
    assert (await client.get(authority_of(world))).json() == {"rules": []}
