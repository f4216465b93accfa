"""A closed loop of keep-alive connections that asks as fast as it is answered, and how long each answer took."""

import errno
import gc
import re
import select
import socket
import time
from collections import Counter
from typing import Final, Protocol

from bench.measure import Load

_LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_READ: Final = 1 << 18
_SILENCE_SECONDS: Final = 20


class Requests(Protocol):
    """Where requests come from; a slot is one connection, and has one request under way at most."""

    def next(self, slot: int) -> bytes | None:
        """The whole next request of this connection; None if it shall rest."""

    def answered(self, slot: int, accepted: bool, answer: bytes) -> None:
        """Learn how the request under way on this connection was answered, with 200 (accepted) or otherwise."""


class NoAnswerError(Exception):
    """The program under test broke off or fell silent."""


def run(port: int, requests: Requests, *, connections: int, seconds: float) -> Load:
    """Ask for so many seconds over so many connections to a local port, then wait for what is under way.

    Everything is done by hand on one epoll: an event loop would cost the machine that is measured twice as much.
    Raises NoAnswerError when a connection breaks.
    """
    sockets = [_connect(port) for _ in range(connections)]
    gc.collect()
    gc.disable()
    try:
        return _ask(sockets, requests, seconds)
    finally:
        gc.enable()
        for connection in sockets:
            connection.close()


def fetch(port: int, request: bytes) -> tuple[int, bytes]:
    """One request on a connection of its own: status and body."""
    with socket.create_connection(("127.0.0.1", port), timeout=_SILENCE_SECONDS) as connection:
        connection.sendall(request)
        answer = b""
        while not _complete(answer):
            piece = connection.recv(_READ)
            if not piece:
                raise NoAnswerError(f"broke off after {answer[:200]!r}")
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head[9:12]), body


def request(verb: str, path: str, *, headers: dict[str, str], body: bytes = b"") -> bytes:
    """The bytes of a request."""
    lines = [f"{verb} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    elif verb != "GET":
        lines += ["Content-Length: 0"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _connect(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=_SILENCE_SECONDS)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setblocking(False)
    return connection


def _ask(sockets: list[socket.socket], requests: Requests, seconds: float) -> Load:
    clock = time.perf_counter
    poll = select.epoll()
    slots = {connection.fileno(): slot for slot, connection in enumerate(sockets)}
    sent_at = [0.0] * len(sockets)
    pieces: list[bytes | None] = [None] * len(sockets)
    latencies: list[float] = []
    refused: Counter[str] = Counter()
    received = 0
    under_way = len(sockets)
    processor_before = time.process_time()
    began = clock()
    until = began + seconds
    for slot, connection in enumerate(sockets):
        poll.register(connection.fileno(), select.EPOLLIN)
        if (asked := requests.next(slot)) is None:
            under_way -= 1
            continue
        sent_at[slot] = clock()
        _send(connection, asked)

    while under_way:
        ready = poll.poll(_SILENCE_SECONDS)
        if not ready:
            raise NoAnswerError(f"no answer for {_SILENCE_SECONDS} s")
        for descriptor, _ in ready:
            slot = slots[descriptor]
            connection = sockets[slot]
            try:
                answer = connection.recv(_READ)
            except BlockingIOError:
                continue
            if not answer:
                raise NoAnswerError("the connection was closed before the answer")
            if (begun := pieces[slot]) is not None:
                answer = begun + answer
            if not _complete(answer):
                pieces[slot] = answer
                continue
            pieces[slot] = None
            now = clock()
            latencies.append(now - sent_at[slot])
            received += len(answer)
            accepted = answer.startswith(b"HTTP/1.1 200")
            if not accepted:
                refused[answer[9:12].decode() + " " + _body_of(answer)] += 1
            requests.answered(slot, accepted, answer)
            if now < until and (asked := requests.next(slot)) is not None:
                sent_at[slot] = clock()
                _send(connection, asked)
            else:
                under_way -= 1
    ended = clock()
    poll.close()
    return Load(
        answers=len(latencies),
        seconds=ended - began,
        latencies=sorted(latencies),
        received=received,
        refused=dict(refused.most_common(5)),
        client_seconds=time.process_time() - processor_before,
    )


def _send(connection: socket.socket, asked: bytes) -> None:
    # Requests are far smaller than a socket's buffer and one is under way at a time, so they go out whole.
    try:
        sent = connection.send(asked)
    except OSError as trouble:
        raise NoAnswerError(errno.errorcode.get(trouble.errno or 0, str(trouble))) from trouble
    if sent != len(asked):
        raise NoAnswerError("the request did not fit into the socket's buffer")


def _complete(answer: bytes) -> bool:
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return False
    length = _LENGTH.search(answer, 0, end)
    if length is None:
        raise NoAnswerError(f"an answer of unknown length: {answer[:200]!r}")
    return len(answer) >= end + 4 + int(length[1])


def _body_of(answer: bytes) -> str:
    return answer.partition(b"\r\n\r\n")[2][:160].decode(errors="replace")
