"""Requests that no well-made program sends: odd headers, bodies where none belong, callers who hang up."""

import base64
import binascii
import time

import msgspec
import pytest

from korob.domain.quota import Limit
from korob.store import quota_limits
from tests.world import BASE, OPERATOR, World, errors_of

BROKEN_OFF = ("BAD_REQUEST", "Unexpected end of content")


@pytest.fixture
async def limited(http):
    """A world whose limits hold."""
    return await World.make(http)


async def hang_up(application, verb, path, *headers):
    """Send the head and go; the status and the first error that would be answered."""
    sent = []

    async def receive():
        return {"type": "http.disconnect"}

    async def send(event):
        sent.append(event)

    scope = {
        "type": "http", "method": verb, "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": [(b"content-type", b"application/json"), *headers],
        "http_version": "1.1", "scheme": "http", "root_path": "", "server": ("127.0.0.1", 8080),
        "client": ("127.0.0.1", 50_000),
    }  # fmt: skip
    await application(scope, receive, send)
    error = msgspec.json.decode(sent[1]["body"])["errors"][0]
    return sent[0]["status"], (error["code"], error["message"])


async def test_a_business_of_five_thousand_digits_is_none(world):
    many = "9" * 5_000

    answer = await world.seller("GET", "/v2/campaigns", headers={"X-Business-Id": many})

    ((code, message),) = errors_of(answer)
    assert (answer.status_code, code) == (400, "BAD_REQUEST")
    assert message == f"Incorrect X-Business-Id header value: {many[:200]}…"


async def test_a_campaign_of_five_thousand_digits_is_none_beside_another_business_either(world):
    many = "9" * 5_000

    answer = await world.seller("GET", f"/v2/campaigns/{many}", headers={"X-Business-Id": "5"})

    assert errors_of(answer) == [("BAD_REQUEST", f"Type mismatch: {many[:200]}…")]


async def test_a_business_with_a_zero_before_it_is_the_same_one(world):
    answer = await world.seller(
        "POST", f"/v2/businesses/{world.id}/settings", headers={"X-Business-Id": f"0{world.id}"}
    )

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("", "Credentials are not specified"),
        ("bearer", "OAuth token is not specified"),
        ("OAuth", "OAuth credentials are not specified"),
        ('OAuth oauth_token="", oauth_client_id="a"', "OAuth token is not specified"),
        ('OAuth oauth_token="a", oauth_client_id=""', "OAuth client id is not specified"),
        ('oauth oauth_token="a"', "OAuth client id is not specified"),
        ("Basic YTpi", "Authorization header has invalid syntax"),
    ],
)
async def test_what_an_authorization_lacks_is_told(http, header, message):
    answer = await http.get("/v2/campaigns", headers={"Authorization": header})

    assert (answer.status_code, errors_of(answer)) == (401, [("UNAUTHORIZED", message)])


async def test_the_kind_of_an_authorization_may_be_spelt_in_small_letters(world):
    token = (await world.operator("POST", f"/businesses/{world.id}/oauth-tokens", {"name": "old"})).json()["token"]

    for header in (f"bearer {token}", f'oauth oauth_client_id="a", oauth_token="{token}"'):
        assert (await world.http.get("/v2/campaigns", headers={"Authorization": header})).status_code == 200


async def test_an_authorization_of_one_endless_word_is_read_at_once(http):
    async def seconds(length):
        began = time.process_time()
        answer = await http.get("/v2/campaigns", headers={"Authorization": f"OAuth {'a' * length}"})
        assert errors_of(answer) == [("UNAUTHORIZED", "OAuth token is not specified")]
        return time.process_time() - began

    # A word ten times as long takes ten times as long at most, and not a hundred times.
    one, ten = [min([await seconds(length) for _ in range(5)]) for length in (100_000, 1_000_000)]

    assert ten < 40 * one


async def test_what_is_wrong_with_the_query_is_told_together_with_what_is_wrong_with_the_body(world):
    path = f"/v2/campaigns/{world.campaigns['FBS']}/offers/stocks?limit=0"

    answer = await world.seller("POST", path, {"offerIds": []})

    assert errors_of(answer) == [
        ("BAD_REQUEST", "offerIds size must be between 1 and 500 (rejected size: 0)"),
        ("BAD_REQUEST", "limit must be greater than or equal to 1 (rejected value: 0)"),
    ]


async def test_the_content_type_is_looked_at_before_the_query(world):
    path = f"/v2/campaigns/{world.campaigns['FBS']}/offers/stocks?limit=0"

    answer = await world.http.post(
        path, headers={"Api-Key": world.api_key, "Content-Type": "text/xml"}, content=b"<stocks/>"
    )

    assert errors_of(answer) == [("UNSUPPORTED_MEDIA_TYPE", "Content type text/xml not supported")]


@pytest.mark.parametrize("name", [b"\xff", b"TEA\0POT"])
async def test_a_page_after_a_name_that_is_none_is_refused(world, name):
    forged = b"\x04" + name
    token = base64.urlsafe_b64encode(forged + (binascii.crc32(forged) & 0xFFFF).to_bytes(2, "big")).decode().rstrip("=")

    answer = await world.seller("POST", f"/v2/campaigns/{world.campaigns['FBS']}/offers/stocks?pageToken={token}")

    assert (answer.status_code, errors_of(answer)) == (400, [("BAD_REQUEST", "Bad page token")])


async def test_a_method_without_a_body_takes_no_big_one(world):
    answer = await world.http.post("/v2/auth/token", headers={"Api-Key": world.api_key}, content=b" " * 600_000)

    ((code, message),) = errors_of(answer)
    assert (answer.status_code, code, message[:22]) == (400, "BAD_REQUEST", "The request is too big")


async def test_who_hangs_up_before_the_body_has_asked_for_nothing(korob, world):
    key = (b"api-key", world.api_key.encode())

    answer = await hang_up(korob, "POST", f"/v1/businesses/{world.id}/orders", key)

    assert answer == (400, BROKEN_OFF)


async def test_an_operator_who_hangs_up_is_no_bug(korob):
    token = (b"authorization", f"Bearer {OPERATOR}".encode())

    assert await hang_up(korob, "POST", "/operator/v1/businesses", token) == (400, BROKEN_OFF)


async def test_what_is_refused_before_it_is_counted_tells_what_is_left_too(limited, korob):
    path = f"/v2/campaigns/{limited.campaigns['DBS']}/orders"
    await limited.seller("GET", path)
    await quota_limits.replace(korob._services.database, limited.id, {"getOrders": Limit(parallel=0)}, on=True)
    korob._services.keys.forget_business(limited.id)

    answer = await limited.seller("GET", path)

    assert errors_of(answer)[0][1].startswith("Hit rate limit of 0 parallel requests for campaignId")
    assert answer.headers["X-RateLimit-Resource-Limit"] == "10000"
    assert answer.headers["X-RateLimit-Resource-Remaining"] == "9999"
    assert answer.headers["X-RateLimit-Resource-Until"].endswith(" GMT")


@pytest.mark.parametrize(
    "path", ["/operator/v1/businesses/", "/sandbox/v1/worlds/", "/healthz/", "/docs/", "/v2//campaigns"]
)
async def test_a_slash_too_many_leads_nowhere(http, path):
    answer = await http.get(path, headers={"Authorization": f"Bearer {OPERATOR}"})

    assert (answer.status_code, errors_of(answer)) == (404, [("NOT_FOUND", "Resource not found")])


@pytest.mark.parametrize("path", ["/v2/campaigns", "/campaigns.json?limit=1"])
async def test_a_base_url_may_end_with_a_slash(http, world, path):
    said = {"Api-Key": world.api_key}
    usual = await http.get(path, headers=said)

    answer = await http.get(f"{BASE}/{path}", headers=said)

    assert answer.raise_for_status().json() == usual.raise_for_status().json()
    assert (await http.get(f"{BASE}///healthz")).status_code == 200


@pytest.mark.parametrize(("path", "status"), [("/v2/campaigns", 405), ("/healthz", 200), ("/operator/v1/nothing", 404)])
async def test_an_answer_to_head_has_no_body(http, path, status):
    answer = await http.head(path)

    assert (answer.status_code, answer.content) == (status, b"")
    assert int(answer.headers["Content-Length"]) > 0
