"""The processes over the database: those of the HTTP server, and the one of the timers."""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, Protocol

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels
from prometheus_client import multiprocess

from korob import logs
from korob.config import Settings
from korob.running import child, signals
from korob.running.banner import base_url, say

ANSWER_SECONDS_MAX: Final = 60
"""How long the HTTP server may take to answer first, before we say so."""
DRAIN_SECONDS_MAX: Final = 30
"""How long requests that are under way may take to end when the program is asked to stop."""
HEADERS_MILLISECONDS_MAX: Final = 10_000
"""How long the headers of a request may take to come."""
RESTART_SECONDS: Final = 1.0
"""How often it is looked whether everybody lives, and the pause before a child is started again."""
RESTART_SECONDS_MAX: Final = 30.0
"""The pause for a child that ends each time at once."""
LIVED_SECONDS: Final = 10.0
"""Who lived that long did not end at once."""


class Postgres(Protocol):
    """The database beneath."""

    def look_after(self) -> None:
        """Start it anew if it has ended."""


class Program:
    """One run of them, from the first answer to the last."""

    def __init__(self, settings: Settings, address: str, postgres: Postgres, began: float) -> None:
        self._settings = settings
        self._address = address
        self._postgres = postgres
        self._began = began
        self._timers: subprocess.Popen[bytes] | None = None
        self._timers_at = 0.0
        self._timers_pause = RESTART_SECONDS
        self._workers: dict[int, int] = {}
        self._is_ready = False
        self._ended = threading.Event()

    def run(self) -> int:
        """Serve until a signal; then let requests end, then the timers."""
        server = self._http_server()
        _end_when_asked(server, before=lambda: self._take_leave(server))
        watch = threading.Thread(target=self._look_after, args=(server,), daemon=True)
        server.on_startup(watch.start)
        code = 0
        try:
            server.serve(target_loader=child.http, wrap_loader=False)
        except SystemExit as end:
            code = int(end.code or 0)
        finally:
            self._ended.set()
            if watch.ident:
                watch.join()
            self._stop_timers()
        return code

    def _http_server(self) -> Any:
        return Granian(
            "korob.wiring:app",
            address=self._address,
            port=self._settings.port,
            interface=Interfaces.ASGI,
            workers=self._settings.workers,
            loop=Loops.uvloop,
            http=HTTPModes.auto,
            websockets=False,
            backlog=2048,
            log_access=False,
            log_level=LogLevels.warning,
            log_dictconfig=logs.for_granian(self._settings),
            respawn_failed_workers=True,
            respawn_interval=0.1,
            workers_kill_timeout=DRAIN_SECONDS_MAX,
            http1_settings=HTTP1Settings(header_read_timeout=HEADERS_MILLISECONDS_MAX),
        )

    def _look_after(self, server: Any) -> None:
        """Beside the HTTP server: say when it answers, then see to it that everybody lives."""
        time.sleep(0.02)
        if self._answers():
            self._is_ready = True
            say(f"Ready at {base_url(self._settings)} after {time.monotonic() - self._began:.1f} s. Ctrl-C ends it.")
        elif not self._ended.is_set():
            say(f"Nobody answers at {base_url(self._settings)} yet, see the lines above")
        while not self._ended.is_set():
            try:
                self._look_after_timers()
                self._postgres.look_after()
                self._tell_of_new_workers(server)
            except Exception:
                _LOG.exception("a bug in looking after the processes")
            self._ended.wait(RESTART_SECONDS)

    def _tell_of_new_workers(self, server: Any) -> None:
        """Granian has replaced them by then."""
        for worker in list(server.wrks):
            known = self._workers.setdefault(worker.idx, worker.inner.pid)
            if known != worker.inner.pid:
                say(f"HTTP process {known} has ended unasked, {worker.inner.pid} is in its place")
                _forget_figures(known)
                self._workers[worker.idx] = worker.inner.pid

    def _answers(self) -> bool:
        until = time.monotonic() + ANSWER_SECONDS_MAX
        family = socket.AF_INET6 if ":" in self._address else socket.AF_INET
        while time.monotonic() < until and not self._ended.is_set():
            with socket.socket(family) as asked:
                asked.settimeout(1)
                if not asked.connect_ex((self._address, self._settings.port)):
                    return True
            time.sleep(0.01)
        return False

    def _take_leave(self, server: Any) -> None:
        """Have callers go elsewhere first: a connection that we close may have a request on its way to us."""
        if not self._is_ready or not self._settings.leave_seconds:
            return
        for worker in list(server.wrks):
            with suppress(ProcessLookupError):
                os.kill(worker.inner.pid, child.LEAVE)
        time.sleep(self._settings.leave_seconds)

    def _look_after_timers(self) -> None:
        now = time.monotonic()
        if not self._settings.timers or self._ended.is_set() or now < self._timers_at:
            return
        if self._timers is None:
            self._start_timers(now)
        elif self._timers.poll() is not None:
            say(f"The timers (process {self._timers.pid}) have ended unasked, starting them again")
            self._start_timers(now)

    def _start_timers(self, now: float) -> None:
        lived_well = now - self._timers_at > LIVED_SECONDS
        self._timers_pause = RESTART_SECONDS if lived_well else min(2 * self._timers_pause, RESTART_SECONDS_MAX)
        self._timers_at = now + self._timers_pause
        self._timers = subprocess.Popen(
            [sys.executable, "-m", "korob", "worker"],
            stdin=subprocess.PIPE,
            env=os.environ | {child.PARENT_PIPE: "1"},
            start_new_session=True,
        )

    def _stop_timers(self) -> None:
        if self._timers is None or self._timers.poll() is not None:
            return
        self._timers.terminate()
        try:
            self._timers.wait(DRAIN_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            say("The timers don't end, ending them by force")
            self._timers.kill()
            self._timers.wait()


def _end_when_asked(server: Any, *, before: Callable[[], None]) -> None:
    """Have the HTTP server end at the first wish, after what is to be done before; who asks again changes nothing.

    A thread waits for the wish, and no other takes a signal: a handler runs in the main thread only, which does nothing
    but wait, and may wait on with the signal taken by another thread or come just before it began to. A hang-up, for
    Granian a wish to reload, is one to end: nobody is left to serve.
    """
    wishes = signals.to_end()
    child.hold_signals()

    def await_wish() -> None:
        signal.sigwait(wishes)
        try:
            before()
        finally:
            server.signal_handler_interrupt()

    threading.Thread(target=await_wish, daemon=True, name="end when asked").start()


def _forget_figures(pid: int) -> None:
    """What a process that has ended told of its state is true no more; what it counted stays counted."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]


_LOG: Final = logging.getLogger("korob")
