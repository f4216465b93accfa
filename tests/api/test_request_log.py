"""What is written down of calls, who can read it, and what nobody ever reads there."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from korob.api import journal
from korob.api.journal import Journal, integration_of
from korob.clock import WALL
from korob.domain.campaign import Key
from korob.domain.words import ApiAvailability
from korob.store import request_log
from korob.store.database import DatabaseGoneError
from korob.store.keys import Found
from korob.store.request_log import Search
from tests.patience import enough
from tests.world import World, an_item, errors_of

TRACE = "8b05ba11f1d37f7cfce0eac1a5230600"


async def calls(world, **wanted):
    """The calls that fit, newest first."""
    params = {name.rstrip("_"): value for name, value in wanted.items()}
    answer = await world.operator("GET", f"/businesses/{world.id}/request-log", params=params)
    return answer.raise_for_status().json()["calls"]


async def full(world, call):
    answer = await world.operator("GET", f"/businesses/{world.id}/request-log/{call['id']}")
    return answer.raise_for_status().json()


async def test_a_call_is_found_with_all_that_was_asked_and_answered(world):
    order = await world.place("DBS", an_item("TEAPOT", id=1, count=2), an_item("CUP", id=2))
    body = {"items": [{"id": 1, "count": 3}, {"id": 2, "count": 1}]}
    headers = {"X-Market-Integration": "shop/2.1", "traceparent": f"00-{TRACE}-8b23fad39202f968-01"}
    before = datetime.now(UTC)
    answer = await world.seller("PUT", world.path(order, "/items"), body, headers=headers)
    after = datetime.now(UTC)

    (call,) = await calls(world)
    shown = await full(world, call)

    moment = timedelta(milliseconds=50)
    assert before - moment <= datetime.fromisoformat(call["at"]) <= after + moment
    assert 0 < call["milliseconds"] <= (after - before + moment) / timedelta(milliseconds=1)
    assert call == {
        "id": call["id"],
        "at": call["at"],
        "operation": "updateOrderItems",
        "verb": "PUT",
        "path": world.path(order, "/items"),
        "status": 400,
        "milliseconds": call["milliseconds"],
        "trace": TRACE,
        "key": "World",
        "integration": "shop/2.1",
        "campaignId": order["campaignId"],
        "orderId": order["id"],
    }
    assert shown == call | {
        "request": '{"items":[{"id":1,"count":3},{"id":2,"count":1}]}',
        "answer": answer.text,
    }


async def test_calls_are_searched_by_everything_they_have(world):
    order = await world.place("DBS")
    await world.read(order)
    await world.seller("GET", "/v2/campaigns", headers={"X-Market-Integration": "crm"})
    await world.seller("GET", "/v2/nowhere")
    await world.seller(
        "POST",
        world.path(order, "/external-id"),
        {"externalOrderId": "50%_off"},
        headers={"traceparent": f"00-{TRACE}-8b23fad39202f968-01", "X-Korob-Dry-Run": "true"},
    )

    async def found(**wanted):
        return [call["operation"] for call in await calls(world, **wanted)]

    assert await found() == ["updateExternalOrderId", "unknown", "getCampaigns", "getOrder"]
    assert await found(limit=1) == ["updateExternalOrderId"]
    assert await found(before=(await calls(world))[1]["id"]) == ["getCampaigns", "getOrder"]
    assert await found(operation="getOrder") == ["getOrder"]
    assert await found(status=404) == ["unknown"]
    assert await found(failed="true") == ["unknown"]
    assert await found(failed="false", integration="crm") == ["getCampaigns"]
    assert await found(orderId=order["id"]) == ["updateExternalOrderId", "getOrder"]
    assert await found(campaignId=order["campaignId"], text="SKU-1") == ["getOrder"]
    assert await found(trace=TRACE) == ["updateExternalOrderId"]
    assert await found(text="50%_off") == ["updateExternalOrderId"]
    assert await found(text="50__off") == []
    assert await found(text="nowhere") == ["unknown"]
    assert await found(key="World", since=(await calls(world))[1]["at"]) == ["updateExternalOrderId", "unknown"]
    assert await found(until=(await calls(world))[2]["at"]) == ["getOrder"]
    assert [call.get("dryRun", False) for call in await calls(world)] == [True, False, False, False]


@pytest.mark.parametrize(
    "query",
    [
        {"status": 99_999_999_999},
        {"since": "0001-01-01T00:00:00+14:00"},
        {"until": "9999-12-31T23:59:59-14:00"},
        {"before": 2**63},
        {"trace": "all"},
        {"text": "\0"},
    ],
)
async def test_a_search_that_makes_no_sense_is_refused(world, query):
    answer = await world.operator("GET", f"/businesses/{world.id}/request-log", params=query)

    assert (answer.status_code, errors_of(answer)[0][0]) == (400, "BAD_REQUEST")


async def test_only_who_may_act_for_a_business_reads_its_log(world, http):
    stranger = await World.make(http)
    await world.seller("GET", "/v2/campaigns")
    (call,) = await calls(world)

    listed = await stranger.operator("GET", f"/businesses/{world.id}/request-log")
    shown = await stranger.operator("GET", f"/businesses/{world.id}/request-log/{call['id']}")
    own = await stranger.operator("GET", f"/businesses/{stranger.id}/request-log/{call['id']}")

    assert [listed.status_code, shown.status_code, own.status_code] == [403, 403, 404]


async def test_what_nobody_knows_the_sender_of_is_in_no_log(world, http, shared_database):
    async def logged():
        async with shared_database.connection() as connection:
            return await connection.fetchval("SELECT count(*) FROM request_log")

    await calls(world)
    before = await logged()
    for headers in ({}, {"Api-Key": "mine"}, {"Authorization": "Bearer y0_mine"}):
        await http.get("/v2/campaigns", headers=headers)
    await calls(world)

    assert await logged() == before


async def test_calls_of_a_method_that_is_none_are_not_looked_for(world):
    await world.seller("GET", "/v2/nowhere")

    refused = await world.operator("GET", f"/businesses/{world.id}/request-log?operation=getOrderz")

    assert errors_of(refused) == [("BAD_REQUEST", "There is no method getOrderz")]
    assert [call["status"] for call in await calls(world, operation="unknown")] == [404]


async def test_a_call_that_leads_nowhere_is_written_down_though_its_key_was_not_seen_before(world, http):
    other = await World.make(http)

    await world.seller("GET", "/v2/campaigns/")
    await other.seller("POST", "/v2/campaigns")

    assert [(call["path"], call["status"]) for call in await calls(world)] == [("/v2/campaigns/", 404)]
    assert [(call["path"], call["status"]) for call in await calls(other)] == [("/v2/campaigns", 405)]


async def test_while_the_api_is_switched_off_nothing_is_written_down(world):
    campaign = world.campaigns["DBS"]
    off = {"apiAvailability": ApiAvailability.MANUALLY_DISABLED}
    await world.operator("PATCH", f"/campaigns/{campaign}", off)
    assert (await world.seller("GET", f"/v2/campaigns/{campaign}/orders")).status_code == 403

    await world.operator("PATCH", f"/campaigns/{campaign}", {"apiAvailability": "AVAILABLE"})
    assert (await world.seller("GET", f"/v2/campaigns/{campaign}/orders")).status_code == 200

    assert [call["status"] for call in await calls(world)] == [200]


SECRETS = (
    "Аннушка", "Ивановская", "Петровна", "79991234567", "0000017", "Тверская", "Иван Иванович", "127006", "домофон",
    "Позвоните заранее", "93dGVz", "55.7512",
)  # fmt: skip


async def test_people_addresses_and_tails_of_codes_are_masked_wherever_they_are(world, shared_database):
    cis = "010460043993125621JgXJ5.T\x1d93dGVz"
    buyer = {"firstName": "Аннушка", "lastName": "Ивановская", "middleName": "Петровна", "phone": "+79991234567"}
    address = {
        "country": "Россия", "city": "Москва", "street": "Тверская", "house": "0000017", "postcode": "127006",
        "entryphone": "домофон", "recipient": "Иван Иванович", "gps": {"latitude": 55.7512, "longitude": 37.6184},
    }  # fmt: skip
    orders = [
        await world.place(model, buyer=buyer, delivery={"address": address}, notes="Позвоните заранее")
        for model in ("DBS", "LAAS")
    ]
    dbs, laas = orders
    told = [
        await world.seller("GET", world.path(dbs)),
        await world.seller("GET", f"/v2/campaigns/{dbs['campaignId']}/orders"),
        await world.seller("POST", f"/v1/businesses/{world.id}/orders"),
        await world.seller("GET", world.path(dbs, "/buyer")),
    ]
    await world.seller("PUT", world.path(dbs, "/identifiers"), {"items": [{"id": 1, "instances": [{"cis": cis}]}]})
    update = f"/v1/campaigns/{laas['campaignId']}/orders/update"
    await world.seller("POST", update, {"order": {"id": laas["id"], "customer": buyer}})
    wrong = {"order": {"id": laas["id"], "customer": buyer | {"phone": "+79991234567" * 30, "firstName": ["Аннушка"]}}}
    refused = await world.seller("POST", update, wrong)
    await world.seller("POST", update, headers={"Content-Type": "application/json"}, content=b'{"firstName":"x')

    written = await calls(world)
    async with shared_database.connection() as connection:
        rows = await connection.fetch("SELECT l::text FROM request_log l WHERE business_id = $1", world.id)

    assert refused.status_code == 400
    assert "79991234567" in refused.text
    assert all(any(secret in answer.text for answer in told) for secret in SECRETS[:10] if secret != "Иван Иванович")
    assert len(written) == 8
    assert [(secret, row["l"]) for row in rows for secret in SECRETS if secret in row["l"]] == []
    assert any("0104600439931256" in row["l"] for row in rows), "what product a code is of stays"


async def test_the_courier_s_code_is_masked(world):
    order = await world.place("EXPRESS")
    await world.seller("PUT", world.path(order, "/verifyEac"), {"code": "77665544"})

    (call,) = await calls(world)

    assert (await full(world, call))["request"] == '{"code":"***"}'


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (b'{"firstName": "Anna", "x": 1', '{"firstName": "***", "x": 1'),
        (b"{'firstName': 'Anna'}", "{… (21 bytes)"),
        (b'{"lastName": "Anna", firstName: "Anna"}', '{"lastName": "***", … (39 bytes)'),
        (b'{"firstName": "Anna", "x": "\xff", y}', '{"firstName": "***", "x": "\ufffd", … (34 bytes)'),
        ('\ufeff\n {"offerName": "Чай"}'.encode(), '{"offerName": "Чай"}'),
        (b"firstName=Anna&phone=79991234567", "(32 bytes that are no JSON object)"),
        (b'["Anna"]', "(8 bytes that are no JSON object)"),
        (b'{"a":' + b"[" * 5_000, "… (5005 bytes)"),
    ],
)
async def test_of_what_is_no_json_only_as_much_is_kept_as_can_be_masked(world, sent, shown):
    path = f"/v1/campaigns/{world.campaigns['LAAS']}/orders/update"
    await world.http.post(path, headers={"Api-Key": world.api_key}, content=sent)

    (call,) = await calls(world)

    assert (call["status"], (await full(world, call))["request"]) == (400, shown)


async def test_what_a_program_escaped_is_found_as_people_read_it(world):
    body = b'{"externalOrderIds": ["\\u0427\\u0430\\u0439"]}'
    await world.http.post(f"/v1/businesses/{world.id}/orders", headers={"Api-Key": world.api_key}, content=body)

    assert [call["operation"] for call in await calls(world, text="Чай")] == ["getBusinessOrders"]


async def test_a_token_that_somebody_sends_in_the_wrong_place_is_masked(world):
    await world.seller("GET", f"/v2/campaigns?key={world.api_key}")
    await world.seller("POST", f"/v1/businesses/{world.id}/orders", {"externalOrderIds": [world.api_key]})

    shown = [await full(world, call) for call in await calls(world)]

    assert world.api_key not in str(shown)
    assert [one["path"] for one in shown][1] == f"/v2/campaigns?key={world.api_key[:9]}***"


async def test_long_bodies_are_cut_and_say_how_long_they_were(world):
    body = {"externalOrderIds": ["Ы" * 300 + str(number) for number in range(40)]}
    await world.seller("POST", f"/v1/businesses/{world.id}/orders", body)

    (call,) = await calls(world)
    request = (await full(world, call))["request"]

    assert len(request.encode()) < journal.KEPT + 100
    assert request.endswith("bytes)")


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (b"shop/2.1", "shop/2.1"),
        (b" 1C ", "1C"),
        (b"x" * 100, "x" * 100),
        (b"x" * 101, None),
        ("Лавка".encode(), None),
        (b"a\x00b", None),
        (b"", None),
        (None, None),
    ],
)
def test_an_integration_has_a_name_of_ascii_that_is_not_too_long(header, name):
    assert integration_of(header) == name


class Log:
    """A journal without an application, and calls to note in it."""

    def __init__(self, database, business_id):
        self.journal = Journal(database)
        key = Key(id=1, business_id=business_id, name="Касса", scopes=frozenset())
        self.found = Found(key=key, clock=WALL, campaigns={}, revoked=False, fresh_until=0)

    def note(self, status=200, verb="GET"):
        call = SimpleNamespace(
            found=self.found, campaign=None, order_id=None, name="getOrder", rehearses=False, raw=b"{}"
        )
        scope = {"method": verb, "path": "/", "query_string": b""}
        self.journal.note(call, scope, status, b"{}", 0.001, f"00-{TRACE}-8b23fad39202f968-01".encode(), None)


async def test_when_more_is_asked_than_can_be_written_the_reads_that_went_well_are_left_out(
    monkeypatch, world, shared_database, caplog
):
    monkeypatch.setattr(journal, "ROOM", 10)
    monkeypatch.setattr(journal, "ROOM_FOR_READS", 5)
    log = Log(shared_database, world.id)

    for _ in range(7):
        log.note()
    for _ in range(3):
        log.note(status=404)
    for _ in range(4):
        log.note(verb="PUT")
    await log.journal.stop()

    found = await request_log.search(shared_database, world.id, Search())
    assert [(call.verb, call.status) for call in found[::-1]] == [("GET", 200)] * 5 + [("GET", 404)] * 3 + [
        ("PUT", 200)
    ] * 2
    assert (log.journal.written, log.journal.dropped) == (10, 4)
    assert [record.getMessage() for record in caplog.records] == ["4 calls were not written down"]


async def test_calls_are_written_down_unasked(world, shared_database):
    log = Log(shared_database, world.id)

    log.note()
    async with enough():
        while not log.journal.written:
            await asyncio.sleep(0.02)

    assert len(await request_log.search(shared_database, world.id, Search())) == 1
    await log.journal.stop()


async def test_without_a_database_calls_are_dropped_and_counted(world):
    class Gone:
        def transaction(self):
            raise DatabaseGoneError("no")

    log = Log(Gone(), world.id)

    log.note()
    await log.journal.stop()

    assert (log.journal.written, log.journal.dropped) == (0, 1)


async def test_calls_of_a_business_that_is_gone_do_not_keep_others_from_being_written(world, shared_database):
    log, gone = Log(shared_database, world.id), Log(shared_database, 999)
    gone.journal = log.journal

    gone.note()
    log.note()
    await log.journal.stop()

    assert len(await request_log.search(shared_database, world.id, Search())) == 1
    assert await request_log.search(shared_database, 999, Search()) == ()


async def test_after_its_days_a_call_is_forgotten(world, shared_database):
    await world.seller("GET", "/v2/campaigns")
    await world.seller("GET", "/v2/nowhere")
    kept, old = await calls(world)
    async with shared_database.connection() as connection:
        await connection.execute("UPDATE request_log SET at = at - interval '10 days' WHERE id = $1", old["id"])

    await request_log.forget_old(shared_database, before=datetime.now(UTC) - timedelta(days=10))

    assert [call["id"] for call in await calls(world)] == [kept["id"]]


async def test_the_log_of_a_world_goes_with_it(world, http, shared_database):
    await world.seller("GET", "/v2/campaigns")
    await calls(world)

    await http.delete(f"/sandbox/v1/worlds/{world.id}")

    assert await request_log.search(shared_database, world.id, Search()) == ()
