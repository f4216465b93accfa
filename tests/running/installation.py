"""A `korob serve` as somebody starts it: a process of its own, seen from outside only."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from tests.patience import ENOUGH_SECONDS

ROOT = Path(__file__).parents[2]
NONE: Mapping[str, str] = {}
WORKER = ["korob", "worker"]
STRAIGHT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Installation:
    """A running program on a data folder; `data_dir` outlives it."""

    def __init__(
        self,
        data_dir: Path,
        *flags: str,
        python: str = sys.executable,
        environment: Mapping[str, str] | None = None,
        user: int | None = None,
        under: Sequence[str] = (),
    ) -> None:
        self.data_dir = data_dir
        self.lines: list[str] = []
        self._children: list[psutil.Process] = []
        self.process = subprocess.Popen(
            [*under, python, "-u", "-m", "korob", "serve", "--port", "0", "--data-dir", str(data_dir), *flags],
            cwd=ROOT,
            env=surroundings() | dict(environment or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **({"user": user, "group": user, "extra_groups": []} if user is not None else {}),
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def ready(self) -> "Installation":
        self.wait_for("Ready at ")
        return self

    def wait_for(self, words: str) -> str:
        """The first line with these words."""
        until = time.monotonic() + ENOUGH_SECONDS
        while time.monotonic() < until:
            for line in list(self.lines):
                if words in line:
                    return line
            if self.process.poll() is not None and not self._reader.is_alive():
                break
            time.sleep(0.01)
        raise AssertionError(f"never said {words!r}, but: {self.lines}, exit code {self.process.poll()}")

    def told(self, name: str) -> str:
        """What stands behind a name in the introduction."""
        found = re.search(rf"^  {name} +(\S+)", "\n".join(self.lines), re.MULTILINE)
        assert found, f"no {name} in {self.lines}"
        return found[1]

    @property
    def base(self) -> str:
        return self.told("Base URL")

    def ask(self, verb: str, path: str, body: Any = None, *, headers: Mapping[str, str] = NONE) -> Any:
        """The answer's JSON; raises OSError when there is none, HTTPError included."""
        return json.loads(self._answer(verb, path, body, headers) or b"null")

    def page(self, path: str) -> str:
        """A page as it is."""
        return self._answer("GET", path, None, NONE).decode()

    def _answer(self, verb: str, path: str, body: Any, headers: Mapping[str, str]) -> bytes:
        sent = None if body is None else json.dumps(body).encode()
        sent_headers = {"Content-Type": "application/json", "Connection": "close"} | headers
        request = urllib.request.Request(self.base + path, sent, sent_headers, method=verb)
        with STRAIGHT.open(request, timeout=ENOUGH_SECONDS) as answer:
            return bytes(answer.read())

    def make_world(self) -> int:
        """The id of a world, acknowledged."""
        return int(self.ask("POST", "/sandbox/v1/worlds", {})["id"])

    def has_world(self, world_id: int) -> bool:
        try:
            self.ask("GET", f"/sandbox/v1/worlds/{world_id}/clock")
        except urllib.error.HTTPError as refusal:
            if refusal.code != 404:
                raise
            return False
        return True

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def postgres(self) -> psutil.Process:
        return psutil.Process(int((self.data_dir / "postgres" / "postmaster.pid").read_text().split()[0]))

    def own(self) -> dict[psutil.Process, list[str]]:
        """The processes that it started itself, and their command lines; without what has just ended."""
        found = {}
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess):
                found[child] = child.cmdline()
        return found

    def timers(self) -> psutil.Process:
        return next(child for child, command in self.own().items() if command[-2:] == WORKER)

    def http(self) -> psutil.Process:
        """The process that answers: a child that is neither the timers nor PostgreSQL."""
        return self.https()[0]

    def https(self) -> list[psutil.Process]:
        return [child for child, command in self.own().items() if command[-2:] != WORKER and "korob" in command]

    def everybody(self) -> list[psutil.Process]:
        postgres = self.postgres()
        return list({*self.children(), postgres, *postgres.children(), psutil.Process(self.process.pid)})

    def stop(self, by: int = signal.SIGTERM) -> int:
        """Ask it to end; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(by)
        code = self.process.wait(ENOUGH_SECONDS)
        self._reader.join(ENOUGH_SECONDS)
        return code

    def kill(self, *, everything: bool) -> None:
        """As a power cut would, or as somebody who sees the one process only."""
        victims = self.everybody() if everything else [psutil.Process(self.process.pid)]
        self._children = self.children()
        for victim in victims:
            with suppress(psutil.NoSuchProcess):
                victim.kill()
        self.process.wait()

    def alone(self) -> bool:
        """Whether no child of a killed program is left, PostgreSQL apart."""
        return all(gone(child) or child.name() == "postgres" for child in self._children)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command of Korob's that ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "korob", *arguments],
        cwd=ROOT,
        env=surroundings() | environment,
        capture_output=True,
        text=True,
        timeout=ENOUGH_SECONDS,
        check=False,
    )


def surroundings() -> dict[str, str]:
    """This process's environment without what would set Korob up, or have its callers ask a proxy."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("KOROB_", "XDG_")) and not name.lower().endswith("_proxy")
    }
    return kept | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}


def gone(process: psutil.Process) -> bool:
    """Whether it has ended, be it that nobody has buried it yet."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def eventually(condition: Callable[[], Any]) -> Any:
    """What the condition gives once it holds."""
    until = time.monotonic() + ENOUGH_SECONDS
    while True:
        try:
            if found := condition():
                return found
        except (OSError, psutil.Error, StopIteration):
            pass
        assert time.monotonic() < until, "it never came to be"
        time.sleep(0.02)
