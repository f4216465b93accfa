"""Installations for a test, and an end to whatever a test has left of them."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from korob.store import embedded
from tests.running.installation import Installation, eventually


@pytest.fixture(scope="session")
def data_dir() -> Iterator[Path]:
    """A data folder that tests start on one after another: each finds what the last one left."""
    with tempfile.TemporaryDirectory(prefix="korob-serve-") as folder:
        yield Path(folder) / "data"


@pytest.fixture
def folders() -> Iterator[ExitStack]:
    """What a test's own folders are entered into: they go only after all that was served from them has ended."""
    with ExitStack() as folders:
        yield folders


@pytest.fixture
def new_data_dir(folders: ExitStack) -> Path:
    """A data folder that nobody has started on yet."""
    return Path(folders.enter_context(tempfile.TemporaryDirectory(prefix="korob-serve-"))) / "data"


@pytest.fixture
def serve(data_dir: Path, folders: ExitStack) -> Iterator[Callable[..., Installation]]:
    """Starts `korob serve` on a data folder, with flags."""
    started: list[Installation] = []

    def start(*flags: str, on: Path = data_dir, **how: object) -> Installation:
        started.append(Installation(on, *flags, **how))  # type: ignore[arg-type]
        return started[-1]

    yield start
    for installation in started:
        if installation.process.poll() is None:
            installation.kill(everything=False)
        eventually(installation.alone)
    for folder in {installation.data_dir for installation in started}:
        embedded.stop(folder)
