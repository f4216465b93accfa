"""One installation from start to stop: its database, the HTTP server, the timers, in the order they need each other."""

import asyncio
import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Final

from korob import __version__, child, config, folder, logs
from korob.config import Mode, Settings
from korob.folder import Demo
from korob.store import embedded

ANSWER_SECONDS_MAX: Final = 60
"""How long the HTTP server may take to answer first, before we say so."""
DRAIN_SECONDS_MAX: Final = 30
"""How long requests that are under way may take to end when the program is asked to stop."""
PORT_SECONDS_MAX: Final = 2.0
"""How long a taken port is waited for: the processes of a killed program need a moment to notice."""
RESTART_SECONDS: Final = 1.0
"""Between the end of a child and its next start."""


class PortTakenError(Exception):
    """Somebody else listens there, or nobody can; the message says so in one line."""


def run(settings: Settings, *, demo: bool = False) -> int:
    """Serve until a signal ends it; the exit code.

    Raises PortTakenError, SettingsError, FolderError, EmbeddedError, DatabaseGoneError, SchemaError and UnfitError, each
    before anything is served and with everything stopped again.
    """
    began = time.monotonic()
    config.check_safe(settings)
    if demo and settings.mode is Mode.PRODUCTION:
        raise config.SettingsError("there is no demo world in production")
    address, port = free_port(settings.host, settings.port)
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _end)
    logs.set_up()
    _say(f"Korob {__version__}, {settings.mode}, data in {settings.data_dir}")
    folder.prepare(settings.data_dir)
    own_token = settings.operator_token is None
    token = settings.operator_token or folder.operator_token(settings.data_dir)
    postgres = Postgres(settings)
    try:
        settings = _replaced(settings, port=port, operator_token=token, database_url=postgres.start(_preload))
        os.environ |= settings.as_environment()
        shown = asyncio.run(_prepare(settings, demo=demo))
        _introduce(settings, token if own_token else None, shown)
        return Program(settings, address, postgres, began).run()
    finally:
        postgres.stop()
        _say("Stopped")


def free_port(host: str, port: int) -> tuple[str, int]:
    """The address to listen at, and the port, a free one for 0. Raises PortTakenError."""
    until = time.monotonic() + PORT_SECONDS_MAX
    while True:
        try:
            family, kind, protocol, _, target = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            with socket.socket(family, kind, protocol) as asked:
                asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                asked.bind(target)
                found = asked.getsockname()
            return str(found[0]), int(found[1])
        except OSError as trouble:
            if trouble.errno != errno.EADDRINUSE:
                raise PortTakenError(f"can't listen at {host}, port {port}: {trouble.strerror}") from trouble
            if time.monotonic() > until:
                raise PortTakenError(
                    f"port {port} of {host} is taken by another program: end it, or choose another --port"
                ) from trouble
            time.sleep(0.05)


class Postgres:
    """The database of an installation, when it brings its own; otherwise only its URL."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._server: embedded.Server | None = None

    def start(self, meanwhile: Callable[[], None] = lambda: None) -> str:
        """The URL, once somebody answers there; `meanwhile` is done beside. Raises EmbeddedError."""
        if self._settings.database_url:
            meanwhile()
            return self._settings.database_url
        with ThreadPoolExecutor(1) as beside:
            coming: Future[embedded.Server] = beside.submit(embedded.start, self._settings.data_dir, say=_say)
            try:
                meanwhile()
            finally:
                with suppress(embedded.EmbeddedError):
                    self._server = coming.result()
        return coming.result().url

    def look_after(self) -> None:
        """Start it anew if it has ended."""
        if self._server is None or self._server.alive():
            return
        _say("PostgreSQL has ended unasked, starting it again")
        self._server.stop()
        try:
            self._server = embedded.start(self._settings.data_dir, say=_say)
        except embedded.EmbeddedError as trouble:
            self._server = None
            _say(f"PostgreSQL can't be started again: {trouble}")
            os.kill(os.getpid(), signal.SIGTERM)

    def stop(self) -> None:
        """End it, if it is ours."""
        if self._server is not None:
            self._server.stop()
            self._server = None


class Program:
    """The processes over the database: those of the HTTP server, and the one of the timers."""

    def __init__(self, settings: Settings, address: str, postgres: Postgres, began: float) -> None:
        self._settings = settings
        self._address = address
        self._postgres = postgres
        self._began = began
        self._timers: subprocess.Popen[bytes] | None = None
        self._ended = threading.Event()

    def run(self) -> int:
        """Serve until a signal; then let requests end, then the timers."""
        server = self._http_server()
        # Granian takes a hang-up for a wish to reload; we lose our terminal and have nobody to serve.
        server.on_startup(lambda: signal.signal(signal.SIGHUP, server.signal_handler_interrupt))
        server.on_startup(lambda: threading.Thread(target=self._look_after, args=(server,), daemon=True).start())
        code = 0
        try:
            server.serve(target_loader=child.http, wrap_loader=False)
        except SystemExit as end:
            code = int(end.code or 0)
        finally:
            self._ended.set()
            self._stop_timers()
        return code

    def _http_server(self) -> Any:
        from granian import Granian  # noqa: PLC0415 (only who serves waits for it)
        from granian.constants import HTTPModes, Interfaces, Loops  # noqa: PLC0415
        from granian.log import LogLevels  # noqa: PLC0415

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
            log_dictconfig=logs.for_granian(),
            respawn_failed_workers=True,
            respawn_interval=0.1,
            workers_kill_timeout=DRAIN_SECONDS_MAX,
        )

    def _look_after(self, server: Any) -> None:
        """Beside the HTTP server: say when it answers, then see to it that everybody lives."""
        time.sleep(0.02)
        if self._answers():
            _say(f"Ready at {base_url(self._settings)} after {time.monotonic() - self._began:.1f} s. Ctrl-C ends it.")
        elif not self._ended.is_set():
            _say(f"Nobody answers at {base_url(self._settings)} yet, see the lines above")
        known: dict[int, int] = {}
        while not self._ended.is_set():
            self._look_after_timers()
            self._postgres.look_after()
            for worker in list(server.wrks):
                if known.get(worker.idx, worker.inner.pid) != worker.inner.pid:
                    _say(f"HTTP process {known[worker.idx]} has ended unasked, {worker.inner.pid} is in its place")
                known[worker.idx] = worker.inner.pid
            self._ended.wait(RESTART_SECONDS)

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

    def _look_after_timers(self) -> None:
        if not self._settings.timers or (self._timers and self._timers.poll() is None):
            return
        if self._timers:
            _say(f"The timers (process {self._timers.pid}) have ended unasked, starting them again")
        if not self._ended.is_set():
            self._timers = subprocess.Popen(  # noqa: S603 (this very program)
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
            _say("The timers don't end, ending them by force")
            self._timers.kill()
            self._timers.wait()


def base_url(settings: Settings) -> str:
    """Where sellers' programs find the API."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104 (asked for)
    return f"http://{f'[{host}]' if ':' in host and not host.startswith('[') else host}:{settings.port}"


async def _prepare(settings: Settings, *, demo: bool) -> Demo | None:
    """Bring the schema up to date and see that the mode fits what is there; the demo world, if one is wanted."""
    from korob.store import database as databases  # noqa: PLC0415
    from korob.store import fitness  # noqa: PLC0415

    production = settings.mode is Mode.PRODUCTION
    database = await databases.reach(str(settings.database_url))
    try:
        await fitness.check_server(database, production=production)
        for name in await databases.migrate(database):
            _say(f"The schema has now {name}")
        if production:
            await fitness.check_no_worlds(database)
        return await _demo(database, settings) if demo else None
    finally:
        await database.close()
