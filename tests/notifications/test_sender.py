"""One knock: where it goes, how long it waits, and in what words its failure is told."""

import asyncio
import json
import socket
import ssl
import threading

import pytest
import trustme

from korob import http_client
from korob.notifications.sender import Sender
from tests.notifications import receiver as receivers
from tests.patience import ENOUGH_SECONDS, enough

BODY = b'{"notificationType":"PING","time":"2026-03-02T09:00:00Z"}'


@pytest.fixture
async def knock():
    async with Sender() as sender:

        async def knock(url, *, seconds=ENOUGH_SECONDS, any_address=True, **more):
            return await sender.post(url, BODY, seconds=seconds, any_address=any_address, **more)

        yield knock


@pytest.fixture
def resolve(monkeypatch):
    """Decide what names lead to."""

    def resolve(*addresses):
        asked = []

        def answer(host, port):
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

        monkeypatch.setattr(http_client, "_addresses", answer)
        return asked

    return resolve


async def test_an_accepted_knock_tells_who_accepted(knock, receiver):
    attempt = await knock(receiver.url, trace="0af7651916cd43dd8448eb211c80319c")

    assert (attempt.error, attempt.status, attempt.integration, attempt.version) == (None, 200, "shop", "1.0.0")
    (received,) = receiver.received
    assert received.headers["traceparent"] == attempt.traceparent
    assert attempt.traceparent.startswith("00-0af7651916cd43dd8448eb211c80319c-")
    assert attempt.traceparent.endswith("-01")


async def test_each_knock_is_a_span_of_its_own(knock, receiver):
    first, second = await knock(receiver.url), await knock(receiver.url)

    assert len({first.traceparent, second.traceparent}) == 2
    assert receiver.connections == 1


@pytest.mark.parametrize(
    ("behaviour", "error", "status"),
    [
        (receivers.answer(500, {"error": {}}), "HTTP", 500),
        (receivers.answer(400, {"error": {"type": "DUPLICATED_EVENT"}}), "HTTP", 400),
        (receivers.answer(200, "OK", kind="text/plain"), "UNSUPPORTED_MEDIA_TYPE", 200),
        (receivers.answer(200, "OK"), "CANT_PARSE_RESPONSE", 200),
        (receivers.answer(200, {"name": "shop"}), "INVALID_DATA", 200),
        (receivers.answer(200, {"padding": "x" * 100_000}), "CANT_PARSE_RESPONSE", 200),
        (receivers.answer(200, json.dumps(receivers.RECEIPT) + " " * 100_000), "CANT_PARSE_RESPONSE", 200),
        (receivers.reset, "CONNECTION_REFUSED", None),
        (receivers.cut_off, "CANT_PARSE_RESPONSE", None),
        (receivers.babble, "CANT_PARSE_RESPONSE", None),
    ],
)
async def test_every_trouble_has_its_word(knock, receiver, behaviour, error, status):
    receiver.always = behaviour

    attempt = await knock(receiver.url)

    assert (attempt.error, attempt.status) == (error, status)
    assert len(attempt.answer) <= 1000
    assert attempt.seconds < ENOUGH_SECONDS


async def test_who_does_not_answer_in_time_is_not_waited_for(knock, receiver):
    receiver.always = receivers.held(asyncio.Event())

    attempt = await knock(receiver.url, seconds=0.5)

    assert (attempt.error, attempt.status) == ("READ_TIMED_OUT", None)


def raw(*pieces, close=False):
    """Answer exactly these bytes, one after another; `behave.done` is set when all of them have arrived."""

    async def behave(writer):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.01)
        if close:
            writer.close()
        behave.done.set()

    behave.done = asyncio.Event()
    return behave


ACCEPTED = b'{"version":"1.0.0","name":"shop","time":"2026-03-02T09:00:00Z"}'
JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    ("behaviour", "connections"),
    [
        (
            raw(
                JSON,
                b"Transfer-Encoding: chunked\r\n\r\n10\r\n",
                ACCEPTED[:16],
                b"\r\n2f\r\n",
                ACCEPTED[16:] + b"\r\n0\r\n\r\n",
            ),
            1,
        ),
        (raw(b"HTTP/1.1 100 Continue\r\n\r\n", JSON + b"Content-Length: 63\r\n\r\n" + ACCEPTED), 1),
        (raw(JSON + b"Connection: close\r\nContent-Length: 63\r\n\r\n" + ACCEPTED), 2),
        (raw(JSON + b"\r\n" + ACCEPTED, close=True), 2),
        (raw(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + ACCEPTED, close=True), 2),
        (raw(*(bytes([byte]) for byte in JSON + b"Content-Length: 63\r\n\r\n"), ACCEPTED), 1),
    ],
)
async def test_an_answer_is_understood_however_it_is_written(knock, receiver, behaviour, connections):
    receiver.always = behaviour

    first, second = await knock(receiver.url), await knock(receiver.url)

    assert (first.error, second.error) == (None, None)
    assert receiver.connections == connections


@pytest.mark.parametrize(
    "behaviour",
    [
        raw(JSON, *[b"X-More: " + b"x" * 8000 + b"\r\n"] * 80),
        raw(JSON + b"X-More: " + b"x" * 9000),
        raw(JSON + b"Content-Length: 63\r\n\r\n" + ACCEPTED + JSON + b"Content-Length: 0\r\n\r\n"),
        raw(b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"),
    ],
)
async def test_an_answer_that_goes_on_is_cut_and_the_next_knock_is_on_a_new_connection(knock, receiver, behaviour):
    receiver.next = [behaviour]

    strange, after = await knock(receiver.url), await knock(receiver.url)

    assert strange.seconds < ENOUGH_SECONDS
    assert after.error is None
    assert receiver.connections == 2


async def test_what_nobody_asked_for_is_not_taken_for_the_next_answer(knock, receiver):
    refused = b"HTTP/1.1 408 Too late\r\nContent-Length: 0\r\n\r\n"
    accepted_and_more = raw(JSON + b"Content-Length: 63\r\n\r\n" + ACCEPTED, refused)
    receiver.next = [accepted_and_more]

    first = await knock(receiver.url)
    await accepted_and_more.done.wait()
    second = await knock(receiver.url)

    assert (first.error, second.error) == (None, None)
    assert receiver.connections == 2


async def test_where_only_the_open_network_is_told_a_subscription_has_no_say(receiver):
    async with Sender(only_open=True) as sender:
        attempt = await sender.post(receiver.url, BODY, seconds=ENOUGH_SECONDS, any_address=True)

    assert attempt.error == "CONNECTION_REFUSED"
    assert receiver.connections == 0


async def test_with_too_many_connections_open_no_more_are_kept(receiver, monkeypatch):
    monkeypatch.setattr(http_client, "KEPT_MAX", 1)
    others = [receivers.Receiver() for _ in range(3)]
    for other in others:
        await other.start()
    async with Sender() as sender:

        async def ask(whom):
            assert (await sender.post(whom.url, BODY, seconds=ENOUGH_SECONDS, any_address=True)).error is None
            return whom.received[-1].headers.get("connection")

        assert [await ask(one) for one in others] == [None, None, "close"]

        for other in others:
            await other.stop()
        async with enough():
            while sender._any._is_crowded():
                await asyncio.sleep(0.01)

        assert await ask(receiver) is None


async def test_nobody_there(knock, receiver):
    await receiver.stop()

    attempt = await knock(receiver.url)

    assert attempt.error == "CONNECTION_REFUSED"
    assert attempt.answer.startswith(f"no connection to localhost:{receiver.port}: ")


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        (receivers.hang_up, "the other side hung up before it answered"),
        (receivers.cut_off, "the other side hung up in the middle of its answer"),
        (receivers.babble, "no HTTP: Bad status line"),
    ],
)
async def test_who_hangs_up_or_babbles_is_told_of_in_plain_words(knock, receiver, behaviour, said):
    receiver.always = behaviour

    assert (await knock(receiver.url)).answer.startswith(said)


async def test_who_hangs_up_before_there_is_a_certificate_is_told_of_in_plain_words(knock):
    async def hang_up(reader, writer):
        await reader.read(10_000)
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    attempt = await knock(f"https://localhost:{port}/")

    server.close()
    assert attempt.answer == f"no connection to localhost:{port}: the other side hung up"


async def test_somebody_who_does_not_even_take_the_call(knock):
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        queue = [socket.socket() for _ in range(4)]
        for one in queue:
            one.setblocking(False)
            one.connect_ex(deaf.getsockname())

        attempt = await knock(f"http://127.0.0.1:{deaf.getsockname()[1]}", seconds=0.5)

        for one in queue:
            one.close()
    assert attempt.error == "CONNECTION_TIMED_OUT"


async def test_a_redirect_is_not_followed(knock, receiver):
    async with receivers.listening() as elsewhere:
        receiver.always = receivers.refer(f"{elsewhere.url}/notification")

        attempt = await knock(receiver.url)

        assert (attempt.error, attempt.status) == ("HTTP", 307)
        assert elsewhere.received == []


async def test_a_connection_that_the_other_side_closed_meanwhile_is_no_failure(knock, receiver):
    await knock(receiver.url)
    receiver.next = [receivers.reset]

    attempt = await knock(receiver.url)

    assert attempt.error is None
    assert receiver.connections == 2


async def test_who_hangs_up_on_a_notification_gets_it_twice_at_most_however_many_connections_are_kept(knock, receiver):
    receiver.always = receivers.late(0.1)
    await asyncio.gather(*(knock(receiver.url) for _ in range(4)))
    receiver.received.clear()
    receiver.always = receivers.reset

    attempt = await knock(receiver.url)

    assert attempt.error == "CONNECTION_REFUSED"
    assert len(receiver.received) == 2


async def test_a_certificate_that_nobody_vouches_for_is_refused():
    authority = trustme.CA()
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(tls)
    known = ssl.create_default_context()
    authority.configure_trust(known)
    async with receivers.listening(tls=tls) as receiver, Sender() as stranger, Sender(tls=known) as friend:
        refused = await stranger.post(receiver.url, BODY, seconds=ENOUGH_SECONDS, any_address=True)
        accepted = await friend.post(receiver.url, BODY, seconds=ENOUGH_SECONDS, any_address=True)

        assert (refused.error, accepted.error) == ("SSL_ERROR", None)
        assert refused.answer == "the certificate does not hold: unable to get local issuer certificate"
        assert len(receiver.received) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"])
async def test_an_open_network_has_no_loopback(knock, receiver, host):
    attempt = await knock(f"http://{host}:{receiver.port}/", any_address=False)

    assert attempt.error == "CONNECTION_REFUSED"
    assert receiver.connections == 0


async def test_a_name_that_leads_inside_is_not_connected_to(knock, receiver, resolve):
    resolve("127.0.0.1")

    attempt = await knock(f"http://shop.example:{receiver.port}/", any_address=False)

    assert attempt.error == "CONNECTION_REFUSED"
    assert "private" in attempt.answer
    assert receiver.connections == 0


async def test_of_a_names_addresses_the_open_ones_are_connected_to(receiver, resolve, monkeypatch):
    monkeypatch.setattr(http_client.target, "is_open", lambda address: address == "127.0.0.1")
    resolve("127.0.0.2", "127.0.0.1")
    async with Sender(only_open=True) as sender:
        attempt = await sender.post(
            f"http://shop.example:{receiver.port}/", BODY, seconds=ENOUGH_SECONDS, any_address=False
        )

    assert attempt.error is None
    assert receiver.connections == 1


async def test_a_name_is_looked_up_once_and_that_very_address_is_used(knock, receiver, resolve):
    asked = resolve("127.0.0.1")

    attempt = await knock(f"http://shop.example:{receiver.port}/")

    assert attempt.error is None
    assert asked == ["shop.example"]


async def test_a_name_that_changes_its_mind_is_checked_again(receiver, resolve, monkeypatch):
    monkeypatch.setattr(http_client, "NAME_SECONDS", 0)
    monkeypatch.setattr(http_client.target, "is_open", lambda address: address == "127.0.0.1")
    async with Sender() as sender:
        url = f"http://shop.example:{receiver.port}/"
        resolve("127.0.0.1")
        before = await sender.post(url, BODY, seconds=ENOUGH_SECONDS, any_address=False)
        await receiver.hang_up()
        resolve("127.0.0.2")
        after = await sender.post(url, BODY, seconds=ENOUGH_SECONDS, any_address=False)

    assert (before.error, after.error) == (None, "CONNECTION_REFUSED")
    assert receiver.connections == 1


async def test_a_slow_name_holds_up_no_other(receiver, monkeypatch):
    found = threading.Event()

    def slow(host, port):
        if host != "quick.example":
            found.wait(ENOUGH_SECONDS)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(http_client, "_addresses", slow)
    async with Sender() as sender:
        slow_ones = [
            asyncio.create_task(
                sender.post(f"http://slow{number}.example:{receiver.port}", BODY, seconds=0.2, any_address=True)
            )
            for number in range(30)
        ]
        quick = await sender.post(f"http://quick.example:{receiver.port}", BODY, seconds=60, any_address=True)
        slow = await asyncio.gather(*slow_ones)
        found.set()

        assert quick.error is None
        assert {one.error for one in slow} == {"CONNECTION_TIMED_OUT"}


async def test_what_can_not_be_stored_is_replaced(knock, receiver):
    receiver.always = receivers.answer(200, receivers.RECEIPT | {"name": "sh\0p"})

    attempt = await knock(receiver.url)

    assert attempt.integration == "sh\ufffdp"
    assert "\0" not in attempt.answer
