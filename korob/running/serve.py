"""One installation from start to stop: its database, the HTTP server, the timers, in the order they need each other."""

import errno
import os
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from msgspec.structs import replace

from korob import __version__, config, logs
from korob.config import Mode, Settings
from korob.running import banner, folder, signals
from korob.running.banner import say
from korob.store import embedded
from korob.store.embedded_user import EmbeddedError

PORT_SECONDS_MAX: Final = 1.0
"""How long a taken port is waited for: the processes of a killed program need a moment to notice."""


class PortTakenError(Exception):
    """Somebody else listens there, or nobody can; the message says so in one line."""


def run(settings: Settings, *, demo: bool = False) -> int:
    """Serve until a signal ends it; the exit code.

    Raises PortTakenError, SettingsError, FolderError, EmbeddedError, DatabaseGoneError, SchemaError and UnfitError,
    each before anything is served and with everything stopped again.
    """
    began = time.monotonic()
    config.check_safe(settings)
    if demo and settings.mode is Mode.PRODUCTION:
        raise config.SettingsError("there is no demo world in production")
    place = free_place(settings.host, settings.port)
    address, port = place.getsockname()[:2]
    for wish in signals.to_end() - {signal.SIGINT}:
        signal.signal(wish, _end)
    logs.set_up(settings)
    say(f"Korob {__version__}, {settings.mode}, data in {settings.data_dir}")
    folder.prepare(settings.data_dir)
    own_token = "" if settings.operator_token else folder.operator_token(settings.data_dir)
    settings = replace(settings, port=port, operator_token=settings.operator_token or own_token)
    postgres = Postgres(settings)
    with place, _counted_together(settings.workers):
        try:
            settings = replace(settings, database_url=postgres.start(_preload))
            os.environ |= settings.as_environment()

            from korob.running import prepare  # noqa: PLC0415 (read by now, while PostgreSQL started)
            from korob.running.program import Program  # noqa: PLC0415

            banner.tell_schema(prepare.ready(settings))
            banner.introduce(settings, own_token, prepare.demo(settings) if demo else None)
            code = Program(settings, address, postgres, began).run()
        finally:
            postgres.stop()
    say("Stopped")
    return code


def free_place(host: str, port: int) -> socket.socket:
    """The address and the port to listen at, a free one for 0, kept from all who don't allow for sharing it.

    The socket itself never listens: what the HTTP server opens there does. Raises PortTakenError.
    """
    until = time.monotonic() + PORT_SECONDS_MAX
    while True:
        try:
            family, kind, protocol, _, target = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            place = socket.socket(family, kind, protocol)
            try:
                place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                place.bind(target)
            except OSError:
                place.close()
                raise
            return place
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
        self._server = embedded.start(self._settings.data_dir, say=say, meanwhile=meanwhile)
        return self._server.url

    def look_after(self) -> None:
        """Start it anew if it has ended."""
        if self._server is None or self._server.alive():
            return
        say("PostgreSQL has ended unasked, starting it again")
        self._server.stop()
        try:
            self._server = embedded.start(self._settings.data_dir, say=say)
        except EmbeddedError as trouble:
            self._server = None
            say(f"PostgreSQL can't be started again: {trouble}")
            os.kill(os.getpid(), signal.SIGTERM)

    def stop(self) -> None:
        """End it, if it is ours."""
        if self._server is not None:
            self._server.stop()
            self._server = None


@contextmanager
def _counted_together(workers: int) -> Iterator[None]:
    """A place where several processes count, so that any of them can tell the sum."""
    if workers == 1:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="korob-metrics-") as counts:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = counts
        yield


def _preload() -> None:
    """Read the program; all of it where the HTTP processes will be forks of this one."""
    from korob.running import child, prepare, program  # noqa: F401, PLC0415

    child.preload()


def _end(number: int, frame: Any) -> None:
    """A wish to end before anything is served."""
    raise SystemExit(0)
