"""What a socket can do to a running server: it answers or hangs up, keeps its memory, and goes on serving."""

import json
import socket
import tempfile
import urllib.parse
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from korob.store import embedded
from tests.patience import ENOUGH_SECONDS
from tests.running.installation import Installation

MEGABYTE = 2**20


@pytest.fixture(scope="module")
def korob():
    with tempfile.TemporaryDirectory(prefix="korob-wire-") as folder:
        installation = Installation(Path(folder) / "data", "--no-timers").ready()
        yield installation
        installation.stop()
        embedded.stop(Path(folder) / "data")


@pytest.fixture(scope="module")
def seller(korob):
    """Path and key of an order's items."""
    world = korob.ask("POST", "/sandbox/v1/worlds", {"limits": False})
    campaign = world["campaigns"][0]["id"]
    order = korob.ask(
        "POST",
        f"/operator/v1/campaigns/{campaign}/orders",
        {"items": [{"offerId": "CUP", "price": 500, "count": 2}, {"offerId": "POT", "price": 900, "count": 1}]},
        headers={"Authorization": f"Bearer {world['operatorToken']}"},
    )["order"]
    return f"/v2/campaigns/{campaign}/orders/{order['id']}", world["apiKey"]


@pytest.fixture(autouse=True)
def goes_on_serving(korob, seller):
    """After each story."""
    path, key = seller
    yield
    assert korob.ask("GET", path, headers={"Api-Key": key})["order"]["status"] == "PROCESSING"


class Line:
    """A connection to the server."""

    def __init__(self, korob):
        address = urllib.parse.urlsplit(korob.base)
        self.socket = socket.create_connection((address.hostname, address.port), timeout=ENOUGH_SECONDS)

    def send(self, *pieces):
        """Send until all is sent or the server has heard enough; whether it wanted all."""
        try:
            for piece in pieces:
                self.socket.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            return False
        return True

    def answer(self):
        """Status and body of the answer; 0 if the server hung up without one."""
        heard = b""
        try:
            while not _is_whole(heard) and (piece := self.socket.recv(65536)):
                heard += piece
        except ConnectionResetError:
            pass
        head, _, body = heard.partition(b"\r\n\r\n")
        return (int(head.split()[1]) if head else 0), body


def _is_whole(heard):
    head, _, body = heard.partition(b"\r\n\r\n")
    length = [line.partition(b":")[2] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return bool(length) and len(body) >= int(length[0])


@pytest.fixture
def line(korob):
    line = Line(korob)
    yield line
    line.socket.close()


def head_of(seller, *fields, verb="PUT", what="/items"):
    path, key = seller
    lines = [f"{verb} {path}{what} HTTP/1.1", "Host: 127.0.0.1", f"Api-Key: {key}", *fields]
    return "\r\n".join([*lines, "", ""]).encode()


def memory_of(korob):
    return sum(process.memory_info().rss for process in korob.https())


def test_a_body_in_pieces_without_end_is_cut_off_and_not_kept(korob, seller, line):
    before = memory_of(korob)
    piece = b"10000\r\n" + b" " * 0x10000 + b"\r\n"

    line.send(head_of(seller, "Content-Type: application/json", "Transfer-Encoding: chunked"), *[piece] * 1000)
    status, body = line.answer()

    assert status in {0, 400}
    if status:
        assert json.loads(body)["errors"][0]["message"].startswith("The request is too big: ")
    assert memory_of(korob) - before < 40 * MEGABYTE


def test_a_body_that_says_it_is_large_is_not_waited_for(seller, line):
    line.send(head_of(seller, "Content-Type: application/json", f"Content-Length: {2**40}"))
    status, body = line.answer()

    assert status == 400
    assert json.loads(body)["errors"][0]["message"].startswith("The request is too big: ")


@pytest.mark.parametrize(
    "sent",
    [
        b"\x00\x01\x02\x03\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /" + b"a" * 2**20 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: " + b"a" * 2**20 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 5000 + b"\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
    ids=[
        *("zeros", "no path", "another HTTP", "a long path", "a long header", "many headers", "a zero in the path"),
        *("two lengths", "a length below zero", "a TLS greeting"),
    ],
)
def test_what_is_no_request_is_refused_or_hung_up_on(line, sent):
    line.send(sent)
    with suppress(OSError):
        line.socket.shutdown(socket.SHUT_WR)
    status, body = line.answer()

    assert status == 0 or 400 <= status < 500 or status == 505
    assert b"Traceback" not in body


def test_whoever_hangs_up_in_the_middle_of_a_body_changes_nothing(korob, seller, line):
    path, key = seller
    before = korob.ask("GET", path, headers={"Api-Key": key})

    line.send(head_of(seller, "Content-Type: application/json", "Content-Length: 100"), b'{"items": [')
    line.socket.close()

    assert korob.ask("GET", path, headers={"Api-Key": key}) == before


def test_two_hundred_silent_callers_keep_nobody_waiting(korob, seller):
    path, key = seller
    silent = [Line(korob) for _ in range(200)]
    for one in silent:
        one.send(b"PUT /v2/camp")

    assert korob.ask("GET", path, headers={"Api-Key": key})["order"]["status"] == "PROCESSING"

    for one in silent:
        one.socket.close()
    assert all(psutil.pid_exists(process.pid) for process in korob.https())
