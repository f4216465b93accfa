"""What the command line does beside serving, one function a command."""

import asyncio
import json
import signal
import urllib.error
import urllib.request
from collections.abc import Awaitable
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlsplit

import uvloop
from msgspec.structs import replace

from korob import __version__, config, logs
from korob.config import Settings, SettingsError
from korob.running import banner, child, folder, prepare
from korob.store import embedded

ANSWER_SECONDS_MAX: Final = 60
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class SandboxError(Exception):
    """The sandbox does not answer, or says no; the message says which in one line."""


class SandboxGoneError(SandboxError):
    """Nobody answers."""


def work(settings: Settings) -> None:
    """Settle deadlines and deliver notifications until a signal ends it.

    Raises SettingsError, EmbeddedError and what `prepare.ready` raises.
    """
    from korob.timers import runner  # noqa: PLC0415 (read only what the command needs)

    is_child = child.supervised()
    child.collect_seldom()
    logs.set_up(settings)
    url = settings.database_url or embedded.running(settings.data_dir)
    if not url:
        raise SettingsError(f"no database: give a --database-url, or start korob serve on {settings.data_dir} first")
    settings = replace(settings, database_url=url)
    if not is_child:
        _make_ready(settings)
    uvloop.run(_until_signal(runner.run(settings)))


def migrate(settings: Settings, *, change_mode: bool = False) -> tuple[str, ...]:
    """Bring the schema up to date, and on wish the mode of the database; what was applied.

    Raises what `prepare.migrated` raises.
    """
    prepared = prepare.moved if change_mode else prepare.migrated
    url = settings.database_url or embedded.running(settings.data_dir)
    if url:
        return prepared(replace(settings, database_url=url))
    folder.prepare(settings.data_dir)
    server = embedded.start(settings.data_dir)
    try:
        return prepared(replace(settings, database_url=server.url))
    finally:
        server.stop()


def ask_sandbox(settings: Settings, base: str, verb: str, path: str, body: Any = None) -> Any:
    """What the sandbox API of a running korob answers, None for nothing. Raises SandboxError."""
    request = urllib.request.Request(  # noqa: S310 (the user's own URL)
        f"{base}/sandbox/v1{path}",
        method=verb,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"} | credentials(settings, base),
    )
    try:
        with _way_to(base).open(request, timeout=ANSWER_SECONDS_MAX) as answer:
            said = answer.read()
    except urllib.error.HTTPError as refusal:
        raise SandboxError(f"{base} says {refusal.code}: {refusal.read().decode(errors='replace')[:500]}") from refusal
    except OSError as trouble:
        reason = getattr(trouble, "reason", trouble)
        raise SandboxGoneError(f"nobody answers at {base}: {reason}. Start it with: korob serve") from trouble
    return json.loads(said) if said else None


def _way_to(base: str) -> urllib.request.OpenerDirector:
    """Straight to this machine, through the proxy of the surroundings, if there is one, to others."""
    straight = urlsplit(base).hostname in LOOPBACK
    return urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if straight else []))


def credentials(settings: Settings, base: str) -> dict[str, str]:
    """The operator's token, if one was set; else the data folder's, but not over loopback, where none is needed."""
    token = settings.operator_token
    if not token and urlsplit(base).hostname not in LOOPBACK:
        token = folder.known_operator_token(settings.data_dir)
    return {"Authorization": f"Bearer {token}"} if token else {}


def _make_ready(settings: Settings) -> None:
    """What `serve` has seen to already where it starts the worker itself."""

    def end(number: int, frame: Any) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, end)
    config.check_safe(settings, lets_in=False)
    banner.say(f"Korob {__version__}, {settings.mode}, worker")
    banner.tell_schema(prepare.ready(settings))


async def _until_signal(work: Awaitable[None]) -> None:
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()

    def end() -> None:
        # Whoever asks once more must not break off what is being put in order.
        if not task.cancelling():
            task.cancel()

    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, end)
    with suppress(asyncio.CancelledError):
        await task
