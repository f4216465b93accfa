"""What becomes of a wish to end, while the processes of the HTTP server are only just begun."""

import os
import subprocess
import sys
from types import SimpleNamespace

from korob import config
from korob.running import child, program
from korob.running.program import Program
from tests.running.installation import ROOT, surroundings


def test_a_process_that_answers_before_it_is_listed_is_told_too_that_it_will_end(monkeypatch):
    server, told = SimpleNamespace(wrks=[]), []

    def sleep(seconds):
        server.wrks = [SimpleNamespace(inner=SimpleNamespace(pid=7))]

    monkeypatch.setattr(program, "time", SimpleNamespace(sleep=sleep))
    monkeypatch.setattr(os, "kill", lambda *whom: told.append(whom))
    running = Program(config.read({"KOROB_LEAVE_SECONDS": "5"}), "127.0.0.1", SimpleNamespace(), 0.0)
    running._is_ready = True

    running._take_leave(server)

    assert told == [(7, child.LEAVE)]


def test_a_process_that_cannot_listen_yet_is_not_ended_by_being_told():
    begun = "import os; from korob.running import child; child.hold_signals(); os.kill(os.getpid(), child.LEAVE)"

    ended = subprocess.run([sys.executable, "-c", begun], cwd=ROOT, env=surroundings(), check=False)

    assert ended.returncode == 0
