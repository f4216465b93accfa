"""One running Korob for all tests of the API that keep to businesses of their own."""

from pathlib import Path

import httpx
import pytest

from korob.config import Mode, Settings
from korob.wiring import Application
from tests.world import BASE, OPERATOR, World


@pytest.fixture(scope="session")
async def korob(shared_url):
    """The application, started."""
    application = Application(
        Settings(
            mode=Mode.SANDBOX,
            host="127.0.0.1",
            port=8080,
            data_dir=Path("/nonexistent"),
            database_url=shared_url,
            operator_token=OPERATOR,
        )
    )
    await application.start()
    yield application
    await application.stop()


@pytest.fixture(scope="session")
async def http(korob):
    """A client of it on the same machine."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(korob), base_url=BASE) as client:
        yield client


@pytest.fixture
async def world(http):
    """A world."""
    return await World.make(http)
