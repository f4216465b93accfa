"""Root and ordinary users get the same program, each with data of their own."""

import contextlib
import os
import pwd
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from korob.store import embedded_user
from tests.running.installation import ROOT, surroundings

NOBODY = 65534
AS_ROOT = os.geteuid() == 0
LIBRARIES = sysconfig.get_path("purelib")


def test_postgresql_runs_as_who_started_it_and_for_root_as_the_system_user(serve):
    korob = serve().ready()

    expected = embedded_user.SYSTEM_USER if AS_ROOT else pwd.getpwuid(os.geteuid()).pw_name
    assert korob.postgres().username() == expected


@pytest.mark.skipif(not AS_ROOT, reason="the whole suite runs as an ordinary user here")
def test_an_ordinary_user_starts_stops_and_finds_the_data_again(serve, others_data_dir, others_python):
    how = {"on": others_data_dir, "user": NOBODY, "python": others_python, "environment": {"PYTHONPATH": _paths()}}
    first = serve("--demo", **how).ready()
    world = first.make_world()
    assert set(_users(first)) == {NOBODY}
    assert first.stop() == 0

    second = serve("--demo", **how).ready()

    assert second.has_world(world)
    assert second.told("API key") == first.told("API key")


def _users(serving) -> Iterator[int]:
    """Who the processes belong to; those that have ended meanwhile belong to nobody."""
    for process in serving.everybody():
        with contextlib.suppress(psutil.NoSuchProcess):
            yield process.uids().real


def test_the_default_data_folder_follows_the_user(monkeypatch):
    from korob import config

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert config.read({}).data_dir == Path("/var/lib/korob")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert config.read({"XDG_DATA_HOME": "/srv/share"}).data_dir == Path("/srv/share/korob")


@pytest.fixture
def others_data_dir(folders: contextlib.ExitStack) -> Path:
    folder = folders.enter_context(tempfile.TemporaryDirectory(prefix="korob-nobody-"))
    os.chown(folder, NOBODY, NOBODY)
    return Path(folder) / "data"


@pytest.fixture
def others_python() -> str:
    """A Python that another user can run with this one's libraries; skips, and says so, where there is none."""
    own = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    candidates = [sys.executable, *(f"{folder}/{own}" for folder in ("/usr/local/bin", "/usr/bin"))]
    for candidate in candidates:
        try:
            subprocess.run(
                [candidate, "-c", "import korob.running.serve, granian, asyncpg"],
                cwd="/",
                env=surroundings() | {"PYTHONPATH": _paths()},
                user=NOBODY,
                group=NOBODY,
                extra_groups=[],
                check=True,
                capture_output=True,
            )
        except (OSError, subprocess.CalledProcessError):
            continue
        return candidate
    pytest.skip(f"an ordinary user can reach neither {sys.executable} nor another {own} with {LIBRARIES} and {ROOT}")


def _paths() -> str:
    return os.pathsep.join([os.environ.get("PYTHONPATH", ""), str(ROOT), LIBRARIES])
