"""A `korob serve` for programs that others wrote, and a world in it."""

import tempfile
from pathlib import Path

import httpx
import pytest

from tests.running.installation import Installation
from tests.world import World


@pytest.fixture(scope="session")
def base(shared_url):
    """The base URL of a server; the database is that of the session."""
    with tempfile.TemporaryDirectory(prefix="korob-clients-") as folder:
        server = Installation(Path(folder) / "data", "--no-timers", "--database-url", shared_url).ready()
        yield server.base
        assert server.stop() == 0


@pytest.fixture
async def world(base):
    """A world whose clock stands at Monday noon, Moscow time."""
    async with httpx.AsyncClient(base_url=base) as http:
        yield await World.make(http, limits=False)
