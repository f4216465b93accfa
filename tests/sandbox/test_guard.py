"""Who may play with worlds, and who may not."""

import pytest

from tests.operator import playground

WORLDS = "/sandbox/v1/worlds"


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:8080", "[::1]:8080", "LOCALHOST", "127.0.0.1", "[::1]"])
async def test_on_this_machine_no_token_is_needed(services, host):
    async with playground.client_of(services) as client:
        answer = await client.post(WORLDS, json={}, headers={"Host": host})

    assert answer.status_code == 200


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
async def test_every_loopback_address_is_this_machine(services, address):
    async with playground.client_of(services, client=(address, 50_000)) as client:
        assert (await client.get(WORLDS)).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.", ""])
async def test_a_page_whose_name_was_bent_to_this_machine_is_turned_away(services, host):
    before = await worlds_in(services)
    async with playground.client_of(services) as client:
        answer = await client.post(WORLDS, json={}, headers={"Host": host})
        read = await client.get(WORLDS, headers={"Host": host})

    assert (answer.status_code, read.status_code) == (403, 403)
    assert await worlds_in(services) == before


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None]
)
async def test_a_page_can_not_send_a_form(services, content_type):
    before = await worlds_in(services)
    headers = {"Content-Type": content_type} if content_type else {}
    async with playground.client_of(services) as client:
        with_body = await client.post(WORLDS, content=b"{}", headers=headers)
        without = await client.post(WORLDS, headers=headers)

    assert (with_body.status_code, without.status_code) == (415, 415)
    assert with_body.json()["errors"][0]["code"] == "UNSUPPORTED_MEDIA_TYPE"
    assert await worlds_in(services) == before


@pytest.mark.parametrize("address", ["192.0.2.7", "10.0.0.1", "2001:db8::1", "not an address"])
async def test_from_elsewhere_a_token_is_needed(services, address):
    before = await worlds_in(services)
    async with playground.client_of(services, client=(address, 50_000)) as client:
        without = await client.post(WORLDS, json={})
        wrong = await client.post(WORLDS, json={}, headers={"Authorization": "Bearer guessed"})
        right = await client.post(
            WORLDS, json={}, headers={"Authorization": f"Bearer {playground.TOKEN}", "Host": "korob.example"}
        )

    assert (without.status_code, wrong.status_code, right.status_code) == (401, 401, 200)
    assert without.headers["content-type"] == "application/json"
    assert await worlds_in(services) == before + 1


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
async def test_what_a_proxy_passes_on_is_from_elsewhere(services, header):
    async with playground.client_of(services) as client:
        answer = await client.post(WORLDS, json={}, headers={header: "192.0.2.7"})

    assert answer.status_code == 401


async def test_a_wrong_token_is_wrong_on_this_machine_too(services):
    async with playground.client_of(services, token="guessed") as client:
        assert (await client.get(WORLDS)).status_code == 401


async def worlds_in(services):
    async with services.database.connection() as connection:
        return await connection.fetchval("SELECT count(*) FROM worlds")
