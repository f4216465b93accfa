"""What the other commands do."""

import asyncio
import json
import signal
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from korob import config
from korob.running import commands
from korob.store import deliveries, embedded
from tests.patience import ENOUGH_SECONDS
from tests.running.installation import ROOT, eventually, run, surroundings


def said(*arguments: str, **environment: str) -> str:
    """What the command prints when all is well."""
    ended = run(*arguments, **environment)
    assert (ended.returncode, ended.stderr) == (0, ""), ended
    return ended.stdout


def test_migrations_are_applied_once(database_url, fresh_url):
    assert said("migrate", "--database-url", fresh_url) == "The schema is up to date\n"


def test_migrations_are_applied_to_a_new_data_folder_without_serving(new_data_dir):
    first = said("migrate", "--data-dir", str(new_data_dir)).splitlines()
    second = said("migrate", "--data-dir", str(new_data_dir)).splitlines()

    assert [line.partition(" to ")[0] for line in first] == ["The schema has now 0001_orders.sql"]
    assert second == ["The schema is up to date"]
    assert embedded.running(new_data_dir) is None


def test_a_running_installation_is_migrated_where_it_runs(serve, data_dir):
    serve().ready()

    assert said("migrate", "--data-dir", str(data_dir)) == "The schema is up to date\n"


def test_a_worker_of_its_own_works_on_the_running_installations_database(serve, data_dir):
    serve("--no-timers").ready()
    worker = subprocess.Popen(
        [sys.executable, "-m", "korob", "worker", "--data-dir", str(data_dir)], cwd=ROOT, env=surroundings()
    )
    try:
        eventually(lambda: at_work(data_dir))

        worker.send_signal(signal.SIGTERM)

        assert worker.wait(ENOUGH_SECONDS) == 0
    finally:
        worker.kill()


def test_a_worker_that_is_started_before_any_serve_brings_the_schema_up_to_date(fresh_url):
    asyncio.run(empty(fresh_url))

    worker = subprocess.Popen(
        [sys.executable, "-u", "-m", "korob", "worker", "--database-url", fresh_url],
        cwd=ROOT,
        env=surroundings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines = [worker.stdout.readline() for _ in range(2)]
    eventually(lambda: said("migrate", "--database-url", fresh_url) == "The schema is up to date\n")
    worker.send_signal(signal.SIGTERM)
    rest, _ = worker.communicate(timeout=ENOUGH_SECONDS)

    assert [line.partition(" to ")[0] for line in lines] == [
        "Korob 0.1.0, sandbox, worker\n", "The schema has now 0001_orders.sql"
    ]  # fmt: skip
    assert worker.returncode == 0
    assert "Traceback" not in rest


async def empty(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await connection.close()


def at_work(data_dir: Path) -> bool:
    """Whether a worker has told the running installation's database that it lives."""

    async def ask() -> bool:
        connection = await asyncpg.connect(embedded.running(data_dir))
        try:
            return await connection.fetchval(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = $1)",
                deliveries.HOLDERS,
            )
        finally:
            await connection.close()

    return asyncio.run(ask())


def test_worlds_are_made_listed_and_removed(serve):
    korob = serve().ready()
    ask = ("world", "--url", korob.base)

    made = json.loads(said(*ask, "create", "--now", "2026-02-01T00:00:00Z", "--no-limits"))
    listed = json.loads(said(*ask, "list"))["worlds"]
    removed = said(*ask, "delete", str(made["id"]))

    assert [campaign["placementType"] for campaign in made["campaigns"]] == ["DBS", "FBS", "FBS", "FBY", "LAAS"]
    assert made["now"].startswith("2026-02-01T")
    assert made["id"] in [world["id"] for world in listed]
    assert removed == ""
    assert not korob.has_world(made["id"])


def test_a_sandbox_on_this_machine_is_asked_without_the_proxy_of_the_surroundings(serve):
    korob = serve().ready()

    assert "worlds" in json.loads(said("world", "--url", korob.base, "list", http_proxy="http://127.0.0.1:9"))


def test_the_sandboxs_own_words_reach_the_command_line(serve):
    korob = serve().ready()

    ended = run("world", "--url", korob.base, "delete", "1")

    assert ended.returncode == 1
    assert ended.stderr.startswith(f"korob: {korob.base} says 404: ")
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("base", "token", "sent"),
    [
        ("http://127.0.0.1:8080", "", {}),
        ("http://[::1]:8080", "", {}),
        ("http://192.0.2.1:8080", "", {"Authorization": "Bearer the-folders"}),
        ("http://127.0.0.1:8080", "one-that-was-set", {"Authorization": "Bearer one-that-was-set"}),
    ],
)
def test_a_token_is_sent_where_one_is_needed(tmp_path, base, token, sent):
    (tmp_path / "operator-token").write_text("the-folders\n")
    settings = config.read({"KOROB_DATA_DIR": str(tmp_path), "KOROB_OPERATOR_TOKEN": token})

    assert commands.credentials(settings, base) == sent


def test_korob_and_python_m_korob_are_the_same():
    assert said("--version") == "korob 0.1.0\n"


@pytest.mark.parametrize("command", ["serve", "worker", "migrate", "world"])
def test_every_flag_says_what_it_is_for(command):
    lines = said(command, "--help").splitlines()

    flags = [line for line in lines if line.strip().startswith("--")]
    assert flags
    assert all(len(line.split()) > 2 or lines[lines.index(line) + 1].startswith(" " * 10) for line in flags)
