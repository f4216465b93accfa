"""Whatever a program sends, it is told what is wrong in the published words, and nothing is done."""

import json

import pytest

from tests.world import World, errors_of

HALF_A_MEGABYTE = 512 * 1024
TOKEN = "ACMA:0000000000000000000000000000000000000000:00000000"


@pytest.fixture
async def order(world):
    return await world.place()


@pytest.fixture
async def everything(shared_database, world):
    """Asks for all that is stored of the world's orders."""

    async def ask():
        counts = {}
        async with shared_database.connection() as connection:
            for table in ("orders", "history", "outbox", "operations", "stock_movements"):
                counts[table] = await connection.fetchval(
                    f"SELECT count(*) FROM {table} WHERE business_id = $1",  # noqa: S608
                    world.id,
                )
            bodies = await connection.fetch(
                "SELECT body FROM orders WHERE business_id = $1 ORDER BY order_id", world.id
            )
        return counts, [row["body"] for row in bodies]

    return ask


def told(answer, status, code, *messages):
    """The answer is this error in the standard form, and says nothing of our insides."""
    assert "Traceback" not in answer.text
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"
    assert (answer.status_code, errors_of(answer)) == (status, [(code, message) for message in messages])


def a_layout_of(order, **more):
    return {"items": [{"id": item["id"], "count": item["count"]} for item in order["items"]]} | more


# Who asks


@pytest.mark.parametrize(
    ("headers", "status", "code", "message"),
    [
        ({}, 401, "UNAUTHORIZED", "Credentials are not specified"),
        ({"Api-Key": ""}, 401, "UNAUTHORIZED", "Api-Key token is not specified"),
        ({"Api-Key": "hello"}, 401, "UNAUTHORIZED", "Api-Key token prefix invalid"),
        ({"Api-Key": "ACMA:hello"}, 401, "UNAUTHORIZED", "Api-Key token length invalid"),
        ({"Api-Key": TOKEN.replace(":0000000", ":0000?00")}, 401, "UNAUTHORIZED", "Api-Key token format invalid"),
        ({"Api-Key": TOKEN}, 401, "UNAUTHORIZED", "Api-Key token is invalid"),
        (
            {"Authorization": "Basic c2VsbGVyOnNlbGxlcg=="},
            401,
            "UNAUTHORIZED",
            "Authorization header has invalid syntax",
        ),
        ({"Authorization": f"Bearer {TOKEN}"}, 403, "FORBIDDEN", "OAuth token is invalid"),
        ({"Authorization": "Bearer"}, 401, "UNAUTHORIZED", "OAuth token is not specified"),
    ],
)
async def test_a_wrong_key_opens_nothing(world, korob, order, headers, status, code, message):
    answer = await korob.get(world.path(order), headers=headers)

    told(answer, status, code, message)


async def test_an_operators_token_is_no_sellers_key(world, korob, order):
    answer = await korob.get(world.path(order), headers={"Api-Key": world.operator_token})

    assert (answer.status_code, errors_of(answer)[0][0]) == (401, "UNAUTHORIZED")


async def test_a_foreign_campaign_and_one_that_does_not_exist_look_alike(world, korob, order):
    neighbours = await World.make(korob)
    theirs = await neighbours.place()

    for path in (
        neighbours.path(theirs),
        f"/v2/campaigns/999999999/orders/{order['id']}",
        f"/v2/campaigns/0/orders/{order['id']}",
        f"/v2/campaigns/-1/orders/{order['id']}",
    ):
        told(await world.seller("GET", path), 403, "FORBIDDEN", "Access denied")
    beyond = await world.seller("GET", f"/v2/campaigns/{2**63}/orders/{order['id']}")
    told(beyond, 400, "BAD_REQUEST", f"Type mismatch: {2**63}")


async def test_a_foreign_business_is_closed(world, korob):
    neighbours = await World.make(korob)

    answer = await world.seller("POST", f"/v1/businesses/{neighbours.id}/orders", {})

    told(answer, 403, "FORBIDDEN", "Access denied")


async def test_a_wrong_business_in_the_header_is_noticed(world, korob, order):
    neighbours = await World.make(korob)

    for said, status in (("abc", 400), ("-5", 400), ("0", 400), (str(2**64), 400), (str(neighbours.id), 403)):
        answer = await world.seller("GET", world.path(order), headers={"X-Business-Id": said})
        assert answer.status_code == status, said
    right = await world.seller("GET", world.path(order), headers={"X-Business-Id": str(world.id)})
    assert right.status_code == 200


# What is asked about


async def test_an_unknown_order_and_another_campaigns_order_are_not_found_alike(world, order):
    elsewhere = await world.place("FBS")
    campaign = order["campaignId"]

    for number in (elsewhere["id"], 1, 2**63 - 1):
        answer = await world.seller("GET", f"/v2/campaigns/{campaign}/orders/{number}")
        told(answer, 404, "NOT_FOUND", f"Order not found: partnerId = {campaign}, orderId = {number}")


@pytest.mark.parametrize(
    "number", ["abc", "1.5", "1.xml", "99999999999999999999", "0x10", "1e3", "-99999999999999999999"]
)
async def test_an_order_id_that_is_no_number_is_a_mismatch(world, order, number):
    answer = await world.seller("GET", f"/v2/campaigns/{order['campaignId']}/orders/{number}")

    told(answer, 400, "BAD_REQUEST", f"Type mismatch: {number}")


async def test_an_unknown_order_is_not_found_by_the_methods_that_write(world, order):
    campaign = order["campaignId"]
    path = f"/v2/campaigns/{campaign}/orders/1"

    answers = {
        "items": await world.seller("PUT", f"{path}/items", {"items": [{"id": 1, "count": 1}]}),
        "boxes": await world.seller("PUT", f"{path}/boxes", {"boxes": [{"items": [{"id": 1, "fullCount": 1}]}]}),
        "status": await world.seller("PUT", f"{path}/status", {"order": {"status": "DELIVERY"}}),
        "cancellation": await world.seller("PUT", f"{path}/cancellation/accept", {"accepted": True}),
    }

    said = f"Order not found: partnerId = {campaign}, orderId = 1"
    told(answers["items"], 404, "NOT_FOUND", said)
    told(answers["boxes"], 404, "NOT_FOUND", "Failed to find order with id 1")
    told(answers["status"], 404, "NOT_FOUND", said)
    told(answers["cancellation"], 404, "NOT_FOUND", said)


async def test_an_unknown_order_of_a_method_that_declares_no_404_is_a_bad_request(world):
    campaign = world.campaigns["LAAS"]

    answer = await world.seller("POST", f"/v1/campaigns/{campaign}/orders/update-options", {"id": 1})

    assert (answer.status_code, errors_of(answer)[0][0]) == (400, "BAD_REQUEST")


async def test_a_method_of_another_model_says_which_models_have_it(world):
    carried = await world.place("FBS")

    answer = await world.keep(carried, {item["id"]: item["count"] for item in carried["items"]})

    told(answer, 400, "CAMPAIGN_TYPE_NOT_SUPPORTED", "Campaign type is not allowed. Allowed campaign types: DBS")


async def test_a_wrong_state_is_named(world, order, everything):
    await world.move(order, "PROCESSING", "READY_TO_SHIP")
    before = await everything()

    answer = await world.keep(order, {order["items"][0]["id"]: 1})

    assert answer.status_code == 400
    assert await everything() == before


async def test_an_order_of_a_newer_korob_is_left_to_it(world, order, everything, shared_database):
    async with shared_database.connection() as connection:
        await connection.execute("UPDATE orders SET format = format + 1 WHERE business_id = $1", world.id)
    before = await everything()

    answer = await world.move(order, "DELIVERY")

    told(answer, 503, "SERVICE_UNAVAILABLE", "Service temporarily unavailable. Please, try again later")
    assert await everything() == before


# Paths and verbs


@pytest.mark.parametrize(
    "path",
    [
        "/V2/campaigns/{campaign}/orders/{order}",
        "/v3/campaigns/{campaign}/orders/{order}",
        "/v0/campaigns/{campaign}/orders/{order}",
        "/v1/campaigns/{campaign}/orders/{order}",
        "/v2/campaigns/{campaign}/orders/{order}/dance",
        "/v2/campaigns/{campaign}/order/{order}",
        "/v2//campaigns/{campaign}/orders/{order}",
        "/v2",
        "/",
        "//",
        "/../etc/passwd",
    ],
)
async def test_a_path_that_is_not_there_is_not_found(world, order, path):
    answer = await world.seller("GET", path.format(campaign=order["campaignId"], order=order["id"]))

    told(answer, 404, "NOT_FOUND", "Resource not found")


@pytest.mark.parametrize("path", ["/v2{}", "/v2{}.json", "{}", "{}.json"])
async def test_the_version_may_be_left_out_and_the_format_named(world, order, path):
    answer = await world.seller("GET", path.format(f"/campaigns/{order['campaignId']}/orders/{order['id']}"))

    assert answer.json()["order"]["id"] == order["id"]


@pytest.mark.parametrize("verb", ["GET", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS", "BREW"])
async def test_a_verb_that_a_path_does_not_have_is_not_allowed(world, order, everything, verb):
    before = await everything()

    answer = await world.seller(verb, world.path(order, "/items"), a_layout_of(order))

    assert answer.status_code == 405
    assert answer.headers["allow"] == "PUT"
    if verb != "HEAD":
        told(answer, 405, "METHOD_NOT_ALLOWED", f"Request method {verb} not supported")
    assert await everything() == before


# Bodies


async def raw(world, order, content, *, what="/items", kind="application/json", verb="PUT"):
    headers = {"Api-Key": world.api_key} | ({"Content-Type": kind} if kind else {})
    return await world.http.request(verb, world.path(order, what), content=content, headers=headers)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "Required request body is missing"),
        (b"null", "Required request body is missing"),
        (b"   ", "Required request body is missing"),
        (b'{"items": [', "Unexpected end of content"),
        (b'{"items": [{"id": 1, "count": 1}]', "Unexpected end of content"),
        (b"[]", "Illegal input at $"),
        (b"1", "Illegal input at $"),
        (b'"items"', "Illegal input at $"),
        (b"{}", "items must not be null (rejected value: null)"),
        (b'{"items": null}', "items must not be null (rejected value: null)"),
        (b'{"items": []}', "items must not be empty (rejected value: [])"),
        (b'{"items": {}}', "Illegal input at items"),
        (b'{"items": [null]}', "items elements must be not null (rejected value: null)"),
        (b'{"items": [1]}', "Illegal input at items[0]"),
        (b'{"items": [{"id": 1}]}', "items[0].count must not be null (rejected value: null)"),
        (b'{"items": [{"id": "1", "count": 1}]}', "Illegal input at items[0].id"),
        (b'{"items": [{"id": 1, "count": "1"}]}', "Illegal input at items[0].count"),
        (b'{"items": [{"id": 1, "count": 1.5}]}', "Illegal input at items[0].count"),
        (b'{"items": [{"id": 1, "count": true}]}', "Illegal input at items[0].count"),
        (b'{"items": [{"id": 1, "count": 1e400}]}', "Illegal input at items[0].count"),
        (b'{"items": [{"id": 1, "count": 2147483648}]}', "Illegal input at items[0].count"),
        (b'{"items": [{"id": 9223372036854775808, "count": 1}]}', "Illegal input at items[0].id"),
        (b'{"items": [{"id": -9223372036854775809, "count": 1}]}', "Illegal input at items[0].id"),
        (b'{"items": [{"id": 1%s, "count": 1}]}' % (b"0" * 400), "Illegal input at items[0].id"),
        (
            b'{"items": [{"id": 1, "count": -1}]}',
            "items[0].count must be greater than or equal to 0 (rejected value: -1)",
        ),
        (b'{"items": [{"id": 1, "count": 1}], "reason": "BORED"}', "Illegal input at reason"),
        (b'{"items": [{"id": 1, "count": 1}], "reason": "\\u0000"}', "Illegal input at reason"),
        (b'{"items": [{"id": 1, "count": 1}], "\\u0000": 1}', "Illegal input at $"),
        (b'{"items": [{"id": 1, "count": 1}], "reason": "\xff"}', "JSON: invalid UTF-8 (byte 46)"),
        ('{"items": [{"id": 1, "count": 1}]}'.encode("utf-16"), "JSON: invalid UTF-8 (byte 0)"),
        (b"[" * 100_000, "Illegal input at $"),
        (b'{"items": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "Illegal input at items[0]"),
        (b'{"items": [{"id": 1, "count": 1}], "x": ' + b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"}", None),
    ],
)
async def test_a_body_that_cannot_be_meant_is_refused_in_the_published_words(world, order, everything, body, message):
    before = await everything()

    answer = await raw(world, order, body)

    assert answer.status_code == 400
    if message is not None:
        told(answer, 400, "BAD_REQUEST", message)
    assert await everything() == before


async def test_every_fault_of_a_body_is_told_at_once(world, order):
    answer = await raw(world, order, b'{"items": [{"count": -1}, {"id": "a", "count": 1}], "reason": 7}')

    assert (answer.status_code, {message for _, message in errors_of(answer)}) == (
        400,
        {
            "items[0].count must be greater than or equal to 0 (rejected value: -1)",
            "items[0].id must not be null (rejected value: null)",
            "Illegal input at items[1].id",
            "Illegal input at reason",
        },
    )


async def test_fields_that_nobody_knows_are_passed_over(world, order):
    counts = {item["id"]: item["count"] for item in order["items"]} | {order["items"][0]["id"]: 1}

    answer = await world.keep(order, counts, colour="red", nested={"a": [1, {"b": None}]})

    assert answer.status_code == 200
    assert [item["count"] for item in (await world.read(order))["items"]] == [1, 1]


async def test_a_byte_order_mark_before_the_body_does_no_harm(world, order):
    body = json.dumps(a_layout_of(order)).encode()

    answer = await raw(world, order, b"\xef\xbb\xbf" + body)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("text/plain", 415),
        ("application/xml", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/json;charset=windows-1251", 415),
        ("nonsense", 415),
        ("application/json", 200),
        ("application/json; charset=UTF-8", 200),
        ("APPLICATION/JSON", 200),
        ("application/json;charset=utf8", 200),
        ("", 200),
        (None, 200),
    ],
)
async def test_a_body_of_another_type_is_not_read(world, order, everything, kind, status):
    before = await everything()

    answer = await raw(world, order, json.dumps(a_layout_of(order)).encode(), kind=kind)

    assert answer.status_code == status
    if status == 415:
        told(answer, 415, "UNSUPPORTED_MEDIA_TYPE", f"Content type {kind} not supported")
        assert await everything() == before


TOO_BIG = "The request is too big: Maximum allowed request size must be less than 512 KB, but passed {} MB"


async def test_a_body_of_512_kb_is_read_and_one_byte_more_is_not(world, order, everything):
    before = await everything()
    start = json.dumps(a_layout_of(order)).encode()
    most = start + b" " * (HALF_A_MEGABYTE - len(start))

    read = await raw(world, order, most)
    refused = await raw(world, order, most + b" ")

    assert read.status_code == 200
    told(refused, 400, "BAD_REQUEST", TOO_BIG.format("0.50"))
    assert await everything() == before


async def test_a_body_that_comes_in_pieces_without_end_is_cut_off(world, order):
    sent = 0

    async def pieces():
        nonlocal sent
        while sent < 64 * 2**20:
            sent += 2**16
            yield b" " * 2**16

    answer = await raw(world, order, pieces())

    assert answer.status_code == 400
    assert errors_of(answer)[0][1].startswith("The request is too big: ")
    assert sent < 2 * 2**20


async def test_many_faults_are_told_briefly(world, order):
    answer = await raw(world, order, b'{"items": [' + b",".join([b'{"id": "x"}'] * 20_000) + b"]}")

    assert answer.status_code == 400
    assert len(errors_of(answer)) <= 50


async def test_a_rejected_value_is_not_repeated_at_any_length(world, order):
    answer = await raw(world, order, b'{"items": [{"id": 1, "count": 1}], "reason": "%s"}' % (b"x" * 300_000))

    assert answer.status_code == 400
    assert len(answer.content) < 2_000


# Queries


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("page=abc", "Type mismatch: abc"),
        ("page=99999999999999999999", "Type mismatch: 99999999999999999999"),
        ("fake=maybe", "Type mismatch: maybe"),
        ("status=DANCING", "Type mismatch: DANCING"),
        ("fromDate=31-02-2026", "Type mismatch: 31-02-2026"),
        ("fromDate=yesterday", "Type mismatch: yesterday"),
        ("orderIds=1,x", "Type mismatch: x"),
        ("page_token=garbage", "Bad page token"),
        ("pageToken=%00", "Bad page token"),
        ("pageToken=%FF%FE", "Type mismatch: pageToken=%FF%FE"),
    ],
)
async def test_a_query_that_cannot_be_meant_is_refused(world, query, message):
    answer = await world.seller("GET", f"/v2/campaigns/{world.campaigns['DBS']}/orders?{query}")

    told(answer, 400, "BAD_REQUEST", message)


# Strings


@pytest.mark.parametrize(
    ("text", "ok"),
    [("Обычная", True), ("😀" * 50, True), ("\u202edrow", True), ("'; DROP TABLE orders; --", True), ("a\0b", False)],
)
async def test_odd_characters_come_back_as_they_were_or_are_refused(world, everything, text, ok):
    before = await everything()

    answer = await world.operator(
        "POST",
        f"/campaigns/{world.campaigns['DBS']}/orders",
        {"items": [{"offerId": "SKU-1", "price": 500, "count": 1}], "notes": text},
    )

    assert answer.status_code == (200 if ok else 400)
    if ok:
        order = answer.json()["order"] | {"campaignId": world.campaigns["DBS"]}
        assert (await world.read(order))["notes"] == text
    else:
        assert await everything() == before


async def test_half_a_character_is_refused(world, order, everything):
    before = await everything()

    answer = await raw(world, order, b'{"items": [{"id": 1, "count": 1, "instances": [{"uin": "\\ud800"}]}]}')

    assert (answer.status_code, errors_of(answer)[0][0]) == (400, "BAD_REQUEST")
    assert await everything() == before
