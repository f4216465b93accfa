"""What two servers on one database make of keys and quotas: each is a `korob serve`, called over sockets."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit

import psutil
import pytest

from korob.store import embedded, quotas
from korob.store.keys import KEY_TTL
from tests.patience import enough
from tests.running.installation import Installation, eventually

QUOTA = 1000
"""Calls of getCampaigns in an hour."""
AT_ONCE = 4
"""Calls of one business that one server lets in at the same time."""


class Servers:
    """Two of them; the database is the first one's, and so are the worlds."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.first = Installation(folder / "first").ready()
        self.second = self.start_second()

    def start_second(self) -> Installation:
        """Start it, or start it anew."""
        url = embedded.running(self.first.data_dir)
        token = {"KOROB_OPERATOR_TOKEN": self.first.told("Operator token")}
        self.second = Installation(self._folder / "second", "--database-url", str(url), environment=token).ready()
        return self.second

    def __iter__(self) -> Iterator[Installation]:
        return iter((self.first, self.second))


@pytest.fixture(scope="module")
def pair() -> Iterator[Servers]:
    with tempfile.TemporaryDirectory(prefix="korob-two-") as folder:
        servers = Servers(Path(folder))
        yield servers
        for server in (servers.second, servers.first):
            assert server.stop() == 0


@pytest.fixture
def servers(pair: Servers) -> Servers:
    """Both, whatever the last test did to the second."""
    if pair.second.process.poll() is not None:
        pair.start_second()
    return pair


class Client:
    """A program that calls one server as fast as it can, and counts what passed."""

    def __init__(self, server: Installation, api_key: str) -> None:
        self.passed = 0
        self.windows: set[bytes] = set()
        self._url = urlsplit(server.base)
        self._request = f"GET /v2/campaigns HTTP/1.1\r\nHost: korob\r\nApi-Key: {api_key}\r\n\r\n".encode()

    async def spend(self) -> None:
        """Call until nothing is left, or nobody answers any more."""
        await asyncio.gather(*(self._spend() for _ in range(AT_ONCE)))

    async def _spend(self) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            reader, writer = await asyncio.open_connection(self._url.hostname, self._url.port)
            try:
                while await self._passes(reader, writer):
                    self.passed += 1
            finally:
                writer.close()

    async def _passes(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        writer.write(self._request)
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        headers = dict(line.lower().split(b": ", 1) for line in lines if line)
        await reader.readexactly(int(headers[b"content-length"]))
        status = int(first.split()[1])
        assert status in {200, 420}, first
        self.windows.add(headers[b"x-ratelimit-resource-until"])
        return status == 200


async def spent(clients: list[Client]) -> int:
    """How much all of them together could spend."""
    await asyncio.gather(*(client.spend() for client in clients))
    return sum(client.passed for client in clients)


def in_one_hour(clients: list[Client]) -> bool:
    """Whether all calls count against the same quota; a story that an hour's end came into is told once more."""
    return len(set().union(*(client.windows for client in clients))) == 1


async def test_in_twenty_runs_of_twenty_two_servers_let_exactly_the_quota_pass(servers: Servers) -> None:
    runs: list[int] = []

    while len(runs) < 20:
        api_key = new_key(servers.first)
        clients = [Client(server, api_key) for server in servers]
        passed = await spent(clients)
        if in_one_hour(clients):
            runs.append(passed)

    assert runs == [QUOTA] * 20


async def test_a_server_that_is_killed_costs_its_share_at_most(servers: Servers) -> None:
    while True:
        api_key = new_key(servers.first)
        clients = [Client(server, api_key) for server in servers]

        spending = asyncio.create_task(spent(clients))
        await half_spent(clients)
        kill(servers.second)
        passed = await spending
        servers.start_second()

        if in_one_hour(clients):
            break

    assert QUOTA - QUOTA // quotas.PARTS - AT_ONCE <= passed <= QUOTA


async def test_what_a_server_had_left_serves_it_again_after_a_restart(servers: Servers) -> None:
    while True:
        api_key = new_key(servers.first)
        before = Client(servers.second, api_key)

        spending = asyncio.create_task(before.spend())
        await half_spent([before])
        assert await asyncio.to_thread(servers.second.stop) == 0
        await spending
        after = Client(servers.start_second(), api_key)
        await after.spend()

        if in_one_hour([before, after]):
            break

    assert before.passed + after.passed == QUOTA


def test_what_becomes_of_keys_at_one_holds_at_the_other_within_the_documented_time(servers: Servers) -> None:
    world = servers.first.ask("POST", "/sandbox/v1/worlds", {})
    operator = {"Authorization": f"Bearer {world['operatorToken']}"}
    keys = f"/operator/v1/businesses/{world['businessId']}/api-keys"
    campaign = world["campaigns"][0]["id"]
    deleted, edited = (
        servers.first.ask("POST", keys, {"name": name, "scopes": ["all-methods"]}, headers=operator)
        for name in ("deleted", "edited")
    )

    def status(token: str) -> int:
        try:
            servers.second.ask("GET", f"/v2/campaigns/{campaign}/outlets", headers={"Api-Key": token})
        except HTTPError as refusal:
            return refusal.code
        return 200

    tokens = [deleted["token"], edited["token"], world["apiKey"]]
    assert [status(token) for token in tokens] == [200, 200, 200]

    servers.first.ask("DELETE", f"{keys}/{deleted['id']}", headers=operator)
    servers.first.ask("PATCH", f"{keys}/{edited['id']}", {"scopes": ["pricing"]}, headers=operator)
    known_from = time.monotonic() + KEY_TTL
    asked_at = time.monotonic()
    while (seen := [status(token) for token in tokens]) != [401, 403, 200]:
        assert asked_at < known_from, seen
        asked_at = time.monotonic()
    off = {"apiAvailability": "MANUALLY_DISABLED"}
    servers.first.ask("PATCH", f"/operator/v1/campaigns/{campaign}", off, headers=operator)
    eventually(lambda: status(world["apiKey"]) == 403)


def new_key(server: Installation) -> str:
    """The key of a business that has not called yet."""
    return str(server.ask("POST", "/sandbox/v1/worlds", {})["apiKey"])


async def half_spent(clients: list[Client]) -> None:
    async with enough():
        while sum(client.passed for client in clients) < QUOTA // 2:
            await asyncio.sleep(0)


def kill(server: Installation) -> None:
    """As a power cut would, but for the database, which is another one's."""
    for process in (psutil.Process(server.process.pid), *server.children()):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    server.process.wait()
