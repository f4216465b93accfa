"""Keys that are edited or deleted while programs use them, and tokens of the old form."""

import pytest

from tests.world import errors_of


async def made(world, *scopes, name="Касса"):
    answer = await world.operator("POST", f"/businesses/{world.id}/api-keys", {"name": name, "scopes": scopes})
    return answer.raise_for_status().json()


async def edit(world, key, **wish):
    return await world.operator("PATCH", f"/businesses/{world.id}/api-keys/{key['id']}", wish)


async def status(world, token, path=None):
    path = path or f"/v2/campaigns/{world.campaigns['DBS']}/orders"
    return (await world.seller("GET", path, headers={"Api-Key": token})).status_code


async def test_an_edited_key_opens_what_it_is_edited_to(world):
    key = await made(world, "pricing")
    before = await status(world, key["token"])

    edited = await edit(world, key, scopes=["inventory-and-order-processing:read-only"])

    assert (before, await status(world, key["token"])) == (403, 200)
    assert edited.json()["name"] == "Касса"
    assert edited.json()["scopes"] == ["inventory-and-order-processing:read-only"]
    assert "token" not in edited.json()


async def test_a_renamed_key_is_the_same_key(world):
    key = await made(world, "all-methods")

    edited = await edit(world, key, name="Склад")
    told = await world.seller("POST", "/v2/auth/token", headers={"Api-Key": key["token"]})

    assert (edited.json()["name"], edited.json()["prefix"]) == ("Склад", key["token"][:9])
    assert told.json()["result"]["apiKey"] == {"name": "Склад", "authScopes": ["ALL_METHODS"]}


@pytest.mark.parametrize("wish", [{"name": ""}, {"name": "x" * 101}, {"scopes": []}, {"scopes": ["everything"]}])
async def test_what_a_key_can_not_be_it_is_not_edited_to(world, wish):
    key = await made(world, "all-methods")

    assert (await edit(world, key, **wish)).status_code == 400
    assert await status(world, key["token"]) == 200


async def test_two_live_keys_never_have_one_name(world):
    await made(world, "pricing", name="Склад")
    key = await made(world, "pricing")

    refused = await edit(world, key, name="Склад")

    assert errors_of(refused) == [("BAD_REQUEST", "The business has a token named Склад already")]


async def test_deleted_and_unknown_keys_are_not_edited(world):
    key = await made(world, "pricing")
    await world.operator("DELETE", f"/businesses/{world.id}/api-keys/{key['id']}")

    assert (await edit(world, key, name="Склад")).status_code == 404
    assert (await edit(world, {"id": 999_999}, name="Склад")).status_code == 404


async def test_an_oauth_token_opens_all_methods_of_its_business_until_it_is_deleted(world):
    path = f"/businesses/{world.id}/oauth-tokens"
    token = (await world.operator("POST", path, {"name": "Старая программа"})).json()
    headers = {"Authorization": f"Bearer {token['token']}"}
    order = await world.place("DBS")

    read = await world.http.get(world.path(order), headers=headers)
    moved = await world.http.put(world.path(order, "/status"), json={"order": {"status": "DELIVERY"}}, headers=headers)
    as_key = await world.http.get(world.path(order), headers={"Api-Key": token["token"]})
    listed = (await world.operator("GET", path)).json()["oauthTokens"]
    keys = (await world.operator("GET", f"/businesses/{world.id}/api-keys")).json()["apiKeys"]
    await world.operator("DELETE", f"{path}/{token['id']}")
    after = await world.http.get(world.path(order), headers=headers)

    assert token["token"].startswith("y0_")
    assert [read.status_code, moved.status_code, as_key.status_code, after.status_code] == [200, 200, 401, 403]
    assert errors_of(after) == [("FORBIDDEN", "OAuth token is invalid")]
    assert [(one["name"], one["prefix"]) for one in listed] == [("Старая программа", token["token"][:9])]
    assert [key["name"] for key in keys] == ["World"]


async def test_an_oauth_token_is_no_api_key_to_edit_or_delete(world):
    token = (await world.operator("POST", f"/businesses/{world.id}/oauth-tokens", {"name": "Старая"})).json()
    path = f"/businesses/{world.id}/api-keys/{token['id']}"

    assert (await world.operator("DELETE", path)).status_code == 404
    assert (await world.operator("PATCH", path, {"name": "Новая"})).status_code == 404


async def test_an_api_key_is_not_taken_as_a_bearer(world):
    answer = await world.http.get("/v2/campaigns", headers={"Authorization": f"Bearer {world.api_key}"})

    assert (answer.status_code, errors_of(answer)) == (403, [("FORBIDDEN", "OAuth token is invalid")])


async def test_where_both_are_sent_the_api_key_counts(world):
    headers = {"Api-Key": world.api_key, "Authorization": "Bearer y0_nobody"}

    assert (await world.http.get("/v2/campaigns", headers=headers)).status_code == 200


async def test_the_old_form_with_a_client_is_read_as_well(world):
    token = (await world.operator("POST", f"/businesses/{world.id}/oauth-tokens", {"name": "Старая"})).json()["token"]
    header = f'OAuth oauth_token="{token}", oauth_client_id="0123456789abcdef"'

    assert (await world.http.get("/v2/campaigns", headers={"Authorization": header})).status_code == 200
    lacking = await world.http.get("/v2/campaigns", headers={"Authorization": f'OAuth oauth_token="{token}"'})
    assert errors_of(lacking) == [("UNAUTHORIZED", "OAuth client id is not specified")]
