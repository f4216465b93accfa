"""What the orders of a campaign wait for."""

import pytest

PREPAID = {"items": [{"offerId": "MUG", "price": 500, "count": 2}], "paymentType": "PREPAID"}


def path(world, what, place=0):
    return f"/operator/v1/campaigns/{world['campaigns'][place]['id']}/{what}"


async def place(client, world, campaign=0, **more):
    answer = await client.post(path(world, "orders", campaign), json=PREPAID | more)
    return answer.raise_for_status().json()["order"]["id"]


async def advance(client, world, duration):
    await client.post(f"/sandbox/v1/worlds/{world['id']}/clock", json={"advance": duration})


@pytest.fixture
async def waiting(client, world):
    """Three orders of one campaign and one of another, placed a minute apart."""
    ids = []
    for campaign in (0, 0, 0, 1):
        ids.append(await place(client, world, campaign))
        await advance(client, world, "PT1M")
    return ids


async def test_a_campaign_s_deadlines_come_soonest_first_and_say_who_acts_and_what_else_happens(client, world, waiting):
    answer = await client.get(path(world, "deadlines"))

    assert answer.status_code == 200
    assert answer.json() == {
        "deadlines": [
            {
                "campaignId": world["campaigns"][0]["id"],
                "orderId": order_id,
                "kind": "PAYMENT",
                "actor": "BUYER",
                "dueAt": f"2026-03-02T09:{30 + minute}:00Z",
                "outcome": "the order moves to CANCELLED/USER_NOT_PAID",
            }
            for minute, order_id in enumerate(waiting[:3])
        ],
        "more": False,
    }


async def test_there_may_be_more_than_one_wants_to_see(client, world, waiting):
    two = (await client.get(path(world, "deadlines"), params={"limit": 2})).json()
    three = (await client.get(path(world, "deadlines"), params={"limit": 3})).json()

    assert [one["orderId"] for one in two["deadlines"]] == waiting[:2]
    assert (two["more"], three["more"]) == (True, False)


async def test_deadlines_up_to_a_moment_include_it(client, world, waiting):
    until = (await client.get(path(world, "deadlines"), params={"until": "2026-03-02T09:31:00Z"})).json()

    assert [one["orderId"] for one in until["deadlines"]] == waiting[:2]
    assert until["more"] is False


async def test_an_order_that_waits_for_several_things_is_there_several_times(client, world):
    order_id = await place(client, world, paid=True, expiryDate="02-03-2026 18:00:00")
    await client.post(f"{path(world, 'orders')}/{order_id}/acts", json={"actor": "BUYER", "act": "CANCEL"})
    other = await place(client, world, paid=True, expiryDate="03-03-2026 18:00:00")

    listed = (await client.get(path(world, "deadlines"))).json()["deadlines"]

    assert [(one["orderId"], one["kind"]) for one in listed] == [(other, "PROCESSING"), (order_id, "REFUND")]


async def test_what_is_over_is_not_waited_for_whether_a_timer_ran_or_not(client, services, world):
    await place(client, world)
    async with services.database.connection() as connection:
        await connection.execute(
            "UPDATE worlds SET frozen_at = frozen_at + interval '31 minutes', epoch = epoch + 1 WHERE business_id = $1",
            world["id"],
        )

    assert (await client.get(path(world, "deadlines"))).json() == {"deadlines": [], "more": False}


async def test_a_world_s_token_shows_its_own_campaigns_only(client, world):
    other = (await client.post("/sandbox/v1/worlds", json={})).json()

    answer = await client.get(path(other, "deadlines"), headers={"Authorization": f"Bearer {world['operatorToken']}"})

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": 1001},
        {"until": "2026-03-02T09:31:00"},
        {"until": "soon"},
        {"until": "9999-12-31T23:59:59-14:00"},
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(client, world, query):
    assert (await client.get(path(world, "deadlines"), params=query)).status_code == 400
