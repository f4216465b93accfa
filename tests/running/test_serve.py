"""What somebody sees who starts Korob, stops it, starts it again, or kills it."""

import asyncio
import http.client
import json
import re
import signal
import stat
import subprocess
import sys
import threading
import time
import urllib.error
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import psutil
import pytest

from korob.running.serve import free_place
from korob.store import embedded
from tests.patience import ENOUGH_SECONDS
from tests.running.installation import ROOT, WORKER, eventually, gone, surroundings


def test_the_first_start_says_what_a_caller_needs_and_answers(serve, new_data_dir):
    korob = serve("--demo", on=new_data_dir).ready()

    assert korob.ask("GET", "/healthz") == {"status": "OK"}
    assert korob.told("Operator token")
    assert korob.told("API key")
    assert korob.told("Business").isdigit()
    assert sum(line.startswith("  Campaign ") for line in korob.lines) == 5
    assert "Making a database (once)" in korob.lines


def test_a_second_start_keeps_the_data_and_says_the_same(serve):
    first = serve("--demo").ready()
    world = first.make_world()
    assert first.stop() == 0

    second = serve("--demo").ready()

    assert second.has_world(world)
    for name in ("Operator token", "API key", "Business", "Campaign"):
        assert second.told(name) == first.told(name)
    assert "Making a database (once)" not in second.lines


def test_secrets_in_the_data_folder_are_for_its_owner_only(serve, data_dir):
    korob = serve("--demo").ready()

    modes = {name: stat.S_IMODE((data_dir / name).stat().st_mode) for name in ("operator-token", "demo.json")}

    assert modes == {"operator-token": 0o600, "demo.json": 0o600}
    assert (data_dir / "operator-token").read_text().strip() == korob.told("Operator token")
    assert json.loads((data_dir / "demo.json").read_text())["apiKey"] == korob.told("API key")


@pytest.mark.parametrize("wish", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_everybody_in_order(serve, wish):
    korob = serve().ready()
    eventually(korob.timers)
    everybody = korob.everybody()

    assert korob.stop(wish) == 0

    assert [process for process in everybody if not gone(process)] == []
    assert not [line for line in korob.lines if "unasked" in line or "Traceback" in line]
    assert not ended_by_force(korob)


def test_who_asks_again_and_again_for_the_end_does_not_put_it_off(serve):
    korob = serve().ready()
    eventually(korob.timers)
    everybody = korob.everybody()

    until = time.monotonic() + 0.2
    while time.monotonic() < until and korob.process.poll() is None:
        korob.process.send_signal(signal.SIGTERM)
    korob.process.wait(ENOUGH_SECONDS)

    assert korob.wait_for("Stopped")
    assert not ended_by_force(korob)
    assert [process for process in everybody if not gone(process)] == []


def test_an_end_asked_for_while_it_starts_comes_as_soon(serve):
    korob = serve()
    korob.wait_for("Operator token")
    eventually(korob.https)

    assert korob.stop() == 0

    assert not ended_by_force(korob)


def test_an_http_process_that_is_asked_to_end_before_its_server_is_up_ends_by_itself():
    with free_place("127.0.0.1", 0) as place:
        program = [sys.executable, "-m", "tests.running.server_asked_to_end", str(place.getsockname()[1])]

        ended = subprocess.run(
            program, cwd=ROOT, env=surroundings(), capture_output=True, text=True, timeout=ENOUGH_SECONDS, check=False
        )

    assert "Unexpected exit from worker-1" in ended.stdout + ended.stderr


def test_wishes_to_end_go_to_the_one_thread_that_waits_for_them(serve):
    korob = serve().ready()

    hearing = [thread for thread in psutil.Process(korob.process.pid).threads() if hears(korob.process.pid, thread.id)]

    assert [thread.id == korob.process.pid for thread in hearing] == [False]
    assert korob.stop() == 0


def test_a_hang_up_that_is_to_be_survived_ends_nobody(serve):
    korob = serve(under=("nohup",)).ready()
    everybody = korob.everybody()

    korob.process.send_signal(signal.SIGHUP)

    assert korob.has_world(korob.make_world())
    assert [process for process in everybody if gone(process)] == []
    assert korob.stop() == 0


def test_a_first_start_that_is_broken_off_is_begun_anew(serve, new_data_dir):
    korob = serve(on=new_data_dir)
    korob.wait_for("Making a database")

    korob.stop()

    assert embedded.running(new_data_dir) is None
    assert serve(on=new_data_dir).ready().ask("GET", "/healthz") == {"status": "OK"}


def test_a_request_under_way_is_answered_before_the_program_ends(serve, data_dir):
    # Without timers, which would want the table too: who waits for it is the caller.
    korob = serve("--no-timers").ready()
    answers: list[int] = []
    caller = threading.Thread(target=lambda: answers.append(korob.make_world()))

    with held_up(embedded.running(data_dir), "businesses") as somebody_waits:
        caller.start()
        eventually(somebody_waits)
        korob.process.send_signal(signal.SIGTERM)
    assert korob.stop() == 0
    caller.join()

    assert serve().ready().has_world(answers[0])


def test_callers_can_be_sent_elsewhere_before_the_program_ends(serve):
    korob = serve(environment={"KOROB_LEAVE_SECONDS": "12"}).ready()
    address = urlsplit(korob.base).netloc
    caller = http.client.HTTPConnection(address)
    caller.request("GET", "/readyz")
    ready = caller.getresponse()
    assert (ready.status, ready.read(), ready.will_close) == (200, b'{"status":"OK"}', False)

    korob.process.send_signal(signal.SIGTERM)

    def leaves():
        asked = http.client.HTTPConnection(address)
        asked.request("GET", "/readyz")
        return asked.getresponse().status == 503

    eventually(leaves)
    caller.request("GET", "/v2/campaigns")
    answer = caller.getresponse()
    assert (answer.status, answer.will_close) == (401, True)
    assert korob.stop() == 0


@pytest.mark.parametrize("end", ["stop", "kill the program", "kill everything"])
def test_no_acknowledged_write_is_lost(serve, end):
    korob = serve().ready()
    eventually(korob.timers)
    writers = Writers(korob)
    eventually(lambda: len(writers.acknowledged) > 50)

    if end == "stop":
        assert korob.stop() == 0
    else:
        korob.kill(everything=end == "kill everything")
    writers.join()

    again = serve().ready()
    assert [world for world in writers.acknowledged if not again.has_world(world)] == []
    assert again.make_world() not in writers.acknowledged


def test_the_children_of_a_killed_program_end_by_themselves(serve):
    korob = serve().ready()
    eventually(korob.timers)
    children = [korob.http(), korob.timers()]

    korob.kill(everything=False)

    eventually(lambda: all(gone(child) for child in children))


def test_a_postgresql_that_outlived_its_program_is_taken_over(serve):
    korob = serve().ready()
    world = korob.make_world()
    postgres = korob.postgres()
    korob.kill(everything=False)

    again = serve().ready()

    assert again.postgres() == postgres
    assert again.has_world(world)
    assert again.stop() == 0
    assert gone(postgres)


def test_a_postgresql_that_ends_unasked_is_started_again(serve):
    korob = serve().ready()
    world = korob.make_world()

    korob.postgres().kill()

    korob.wait_for("PostgreSQL has ended unasked, starting it again")
    assert eventually(lambda: korob.has_world(world))
    assert eventually(korob.make_world)


def test_an_http_process_that_ends_unasked_is_replaced(serve):
    korob = serve().ready()
    eventually(korob.timers)
    world = korob.make_world()
    victim = korob.http()

    victim.kill()

    assert eventually(lambda: korob.has_world(world))
    assert korob.wait_for(f"HTTP process {victim.pid} has ended unasked")


def test_timers_that_end_unasked_are_started_again(serve):
    korob = serve().ready()
    victim = eventually(korob.timers)

    victim.kill()

    assert korob.wait_for(f"The timers (process {victim.pid}) have ended unasked, starting them again")
    assert eventually(lambda: korob.timers() != victim)


def test_without_timers_nobody_settles_what_is_due(serve):
    korob = serve("--no-timers").ready()
    eventually(lambda: korob.ask("GET", "/healthz"))

    assert WORKER not in [command[-2:] for command in korob.own().values()]


def test_several_processes_answer_at_one_port(serve):
    korob = serve("--workers", "2").ready()
    eventually(korob.timers)

    worlds = [korob.make_world() for _ in range(20)]

    assert len(korob.https()) == 2
    assert all(korob.has_world(world) for world in worlds)


def test_any_of_several_processes_tells_what_all_have_counted(serve):
    korob = serve("--workers", "2", "--demo").ready()

    for _ in range(20):
        korob.ask("GET", "/v2/campaigns", headers={"Api-Key": korob.told("API key")})

    def counted():
        found = re.search(
            r'korob_requests_total\{operation="getCampaigns",status="200"\} (\S+)', korob.page("/metrics")
        )
        return found and float(found[1]) == 20

    # Each tells once a second what it has counted.
    assert eventually(counted)
    families = re.findall(r"^# TYPE (\S+)", korob.page("/metrics"), re.MULTILINE)
    assert len(set(families)) == len(families)
    assert "pid=" not in korob.page("/metrics")


def hears(process: int, thread: int) -> bool:
    """Whether the kernel may give the thread a SIGTERM."""
    status = Path(f"/proc/{process}/task/{thread}/status").read_text()
    blocked = int(status.partition("SigBlk:")[2].split()[0], 16)
    return not blocked >> (signal.SIGTERM - 1) & 1


def ended_by_force(korob) -> list[str]:
    """What is said of processes that did not end by themselves."""
    return [line for line in korob.lines if "by force" in line or "refused to gracefully stop" in line]


@contextmanager
def held_up(url: str, table: str) -> Iterator[Callable[[], bool]]:
    """Nobody gets at the table for a while; says whether somebody wants to."""
    loop = asyncio.new_event_loop()
    connection = loop.run_until_complete(asyncpg.connect(url))
    lock = connection.transaction()
    loop.run_until_complete(lock.start())
    loop.run_until_complete(connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"))
    waiting = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"

    yield lambda: loop.run_until_complete(connection.fetchval(waiting))

    loop.run_until_complete(lock.rollback())
    loop.run_until_complete(connection.close())
    loop.close()


class Writers:
    """Eight callers who make world after world until nobody answers, and remember what was acknowledged."""

    def __init__(self, korob) -> None:
        self._korob = korob
        self.acknowledged: list[int] = []
        self._threads = [threading.Thread(target=self._write, daemon=True) for _ in range(8)]
        for thread in self._threads:
            thread.start()

    def _write(self) -> None:
        while True:
            try:
                self.acknowledged.append(self._korob.make_world())
            except urllib.error.HTTPError as trouble:
                if trouble.code < 500:
                    raise
            except (OSError, ValueError):
                return

    def join(self) -> None:
        for thread in self._threads:
            thread.join(ENOUGH_SECONDS)
            assert not thread.is_alive()
