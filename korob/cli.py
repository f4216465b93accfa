"""The command line: `korob serve`, `worker`, `migrate`, `world`, `listen`, `check-handler`."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NoReturn

import click

from korob import __version__, config

Ask = Callable[..., None]

EXPECTED: Final = frozenset(
    {
        "SettingsError",
        "FolderError",
        "PortTakenError",
        "SandboxError",
        "SandboxGoneError",
        "HandlerError",
        "EmbeddedError",
        "DatabaseGoneError",
        "SchemaError",
        "UnfitError",
    }
)
"""By name, so that a command reads only the modules it needs."""


def main() -> NoReturn:
    """Run one command; what can't be done is told in one line, and the exit code is 1."""
    try:
        code = korob(prog_name="korob", standalone_mode=False)
    except click.ClickException as trouble:
        trouble.show()
        code = trouble.exit_code
    except (KeyboardInterrupt, click.Abort):
        code = 130
    except Exception as trouble:
        if not _expected(trouble):
            raise
        print(f"korob: {trouble}", file=sys.stderr, flush=True)
        code = 1
    sys.exit(code)


@click.group()
@click.version_option(__version__, message="korob %(version)s")
def korob() -> None:
    """The marketplace's side of the Yandex Market Partner API, for sellers' programs to call."""


def _data_dir(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--data-dir", help="Where the data lies. [KOROB_DATA_DIR; for root /var/lib/korob]")(command)


def _database_url(command: Callable[..., Any]) -> Callable[..., Any]:
    text = "A PostgreSQL of your own, instead of the one that korob brings. [KOROB_DATABASE_URL]"
    return click.option("--database-url", help=text)(command)


@korob.command()
@click.option("--host", help="The address to listen at. [KOROB_HOST; 127.0.0.1]")
@click.option("--port", help="The port to listen at, 0 for a free one. [KOROB_PORT; 8080]")
@_data_dir
@_database_url
@click.option("--mode", help="sandbox, with worlds, or production. [KOROB_MODE; sandbox]")
@click.option("--workers", help="Processes that answer. [KOROB_WORKERS; 1]")
@click.option("--no-timers", is_flag=True, help="Leave deadlines and notifications to `korob worker`.")
@click.option("--demo", is_flag=True, help="Make a world to look around in, once, and show its keys.")
def serve(*, no_timers: bool, demo: bool, **flags: str | None) -> int:
    """Serve until a signal ends it."""
    from korob.running import serve as serving  # noqa: PLC0415 (read only what the command needs)

    return serving.run(config.read(os.environ, flags, timers=not no_timers), demo=demo)


@korob.command()
@_data_dir
@_database_url
@click.option("--mode", help="sandbox or production, as that of serve. [KOROB_MODE; sandbox]")
def worker(**flags: str | None) -> None:
    """Settle deadlines and deliver notifications, for a `serve --no-timers`."""
    from korob.running import commands  # noqa: PLC0415

    commands.work(config.read(os.environ, flags))


@korob.command()
@_data_dir
@_database_url
@click.option("--mode", help="sandbox or production. [KOROB_MODE; sandbox]")
@click.option("--change-mode", is_flag=True, help="Let the database be served in this mode, whatever it was before.")
def migrate(*, change_mode: bool, **flags: str | None) -> None:
    """Bring the database's schema up to date."""
    from korob.running import banner, commands  # noqa: PLC0415

    settings = config.read(os.environ, flags)
    applied = commands.migrate(settings, change_mode=change_mode)
    banner.tell_schema(applied)
    if not applied:
        print("The schema is up to date")
    if change_mode:
        print(f"The database is one of {settings.mode}")


@korob.command()
@click.option("--forward", required=True, metavar="URL", help="Your program; /notification is put behind its path.")
@click.option("--world", "world_id", type=int, help="The world to listen to. [the only one, else the demo world]")
@click.option("--type", "types", multiple=True, help="Only notifications of this type; may be given several times.")
@click.option("--from-start", is_flag=True, help="What was told before, too.")
@click.option("--url", help="Where a sandbox is served. [http://127.0.0.1:8080, or by KOROB_HOST and KOROB_PORT]")
@_data_dir
def listen(
    *,
    forward: str,
    world_id: int | None,
    types: tuple[str, ...],
    from_start: bool,
    url: str | None,
    **flags: str | None,
) -> None:
    """Send a world's notifications on to a program on this machine, each once."""
    from korob.running import banner, knocking  # noqa: PLC0415

    settings = config.read(os.environ, flags)
    base = (url or banner.base_url(settings)).rstrip("/")
    knocking.listen(settings, base, forward, world_id=world_id, types=frozenset(types), from_start=from_start)


@korob.command("check-handler")
@click.argument("url")
@click.option("--secret", help="Sign what is sent with this secret of a subscription (whsec_…).")
@click.option("--junit", type=click.Path(dir_okay=False, path_type=Path), help="Write the report as JUnit's XML, too.")
def check_handler(*, url: str, secret: str | None, junit: Path | None) -> int:
    """Send your handler of notifications all documented ones and nasty ones; the exit code is 1 if one went badly."""
    from korob.running import knocking  # noqa: PLC0415

    return 0 if knocking.check_handler(url, secret=secret, junit_path=junit) else 1


@korob.group()
@click.option("--url", help="Where a sandbox is served. [http://127.0.0.1:8080, or by KOROB_HOST and KOROB_PORT]")
@_data_dir
@click.pass_context
def world(context: click.Context, /, url: str | None, **flags: str | None) -> None:
    """Worlds of a running sandbox: businesses made for a test, with a clock of their own."""
    from korob.running import banner, commands  # noqa: PLC0415

    settings = config.read(os.environ, flags)
    base = (url or banner.base_url(settings)).rstrip("/")
    context.obj = lambda *asked: _print(commands.ask_sandbox(settings, base, *asked))


@world.command()
@click.option("--seed", type=int, help="The same seed, the same ids.")
@click.option("--now", help="What time it is in the world, ISO 8601.")
@click.option("--no-limits", is_flag=True, help="Quotas too high to reach.")
@click.pass_obj
def create(ask: Ask, *, seed: int | None, now: str | None, no_limits: bool) -> None:
    """Make a world, and show its keys: once."""
    wished = {"seed": seed, "now": now, "limits": not no_limits}
    ask("POST", "/worlds", {name: value for name, value in wished.items() if value is not None})


@world.command("list")
@click.pass_obj
def list_worlds(ask: Ask) -> None:
    """Show the worlds there are."""
    ask("GET", "/worlds")


@world.command()
@click.argument("world_id", type=int)
@click.pass_obj
def delete(ask: Ask, world_id: int) -> None:
    """Remove a world and all that is in it."""
    ask("DELETE", f"/worlds/{world_id}")


def _print(answer: Any) -> None:
    if answer is not None:
        print(json.dumps(answer, ensure_ascii=False, indent=2))


def _expected(trouble: Exception) -> bool:
    """Whether it is one of the troubles that say in one line what is wrong; anything else is a bug of ours."""
    return type(trouble).__name__ in EXPECTED
