"""The settings of one installation: from flags, else from the environment, else as is sensible."""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

TOKEN_LENGTH_MIN: Final = 16
"""Shorter operator tokens can be guessed, and are refused in production."""
TOKEN_CHARACTERS_MIN: Final = 6
"""So can those of fewer different characters."""
ACCEPT: Final = "accept"
"""In the place of an authority's URL: none is asked."""
DELAY_MIN: Final = timedelta(milliseconds=1)

LOG_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")
LOG_FORMATS: Final = ("console", "json")


class Mode(StrEnum):
    """Whether there are worlds, clocks and faults, or only what a marketplace has."""

    SANDBOX = "sandbox"
    PRODUCTION = "production"


class SettingsError(Exception):
    """A setting is missing or can't be used; the message says which, in one line."""


class Settings(Struct, frozen=True, kw_only=True):
    """What an installation is told from outside. What is empty was not said, and `serve` sees to it."""

    mode: Mode
    host: str
    port: int
    data_dir: Path
    database_url: str = ""
    operator_token: str = ""
    workers: int = 1
    timers: bool = True
    leave_seconds: int = 0
    """How long callers are sent elsewhere before the HTTP server ends."""
    operation_delay: timedelta = timedelta(seconds=3)
    """How long an asynchronous operation takes."""
    database_seconds: int = 10
    """How long a PostgreSQL that does not answer at all is waited for."""
    log_level: str = "INFO"
    log_format: str = "console"
    request_log_days: int = 10
    """How long it is kept what sellers' programs asked; 0: nothing is written down."""
    notification_log_days: int = 30
    """How long attempts to tell sellers are kept, and what was told."""
    code_authority: str = ACCEPT
    """The URL of the code authority; `accept`: none is asked, what is well formed is good."""
    traces_url: str = ""
    """Where spans are sent to, as OTLP over HTTP; empty: there are none."""

    def as_environment(self) -> dict[str, str]:
        """The variables from which another process reads the same settings."""
        seconds = f"{self.operation_delay.total_seconds():f}"
        values = {VARIABLES[field]: str(getattr(self, field)) for field in VARIABLES}
        return values | {VARIABLES["operation_delay"]: seconds}


class Setting(Struct, frozen=True):
    """What can be set, as the documentation tells it. `flag` is that of `korob serve`, if it has one."""

    field: str
    variable: str
    flag: str
    default: str
    meaning: str


SETTINGS: Final = (
    Setting("mode", "KOROB_MODE", "--mode", "`sandbox`", "`sandbox`, with worlds, clocks and faults, or `production`"),
    Setting("host", "KOROB_HOST", "--host", "`127.0.0.1`", "The address to listen at"),
    Setting("port", "KOROB_PORT", "--port", "`8080`", "The port to listen at; 0 takes a free one"),
    Setting(
        "data_dir",
        "KOROB_DATA_DIR",
        "--data-dir",
        "for root `/var/lib/korob`, else `~/.local/share/korob`",
        "The data folder: PostgreSQL of korob's own, the operator's token, the demo world",
    ),
    Setting(
        "database_url",
        "KOROB_DATABASE_URL",
        "--database-url",
        "a PostgreSQL in the data folder",
        "A PostgreSQL 15 or newer of your own, `postgresql://…`",
    ),
    Setting(
        "database_seconds",
        "KOROB_DATABASE_SECONDS",
        "",
        "`10`",
        "Seconds after which a PostgreSQL that does not answer at all is given up: who waits for it is answered 503 "
        "then, and everybody after him at once, until it answers again",
    ),
    Setting(
        "operator_token",
        "KOROB_OPERATOR_TOKEN",
        "",
        "a sandbox makes one and keeps it in the data folder; production does not start without",
        "Opens the operator's API",
    ),
    Setting("workers", "KOROB_WORKERS", "--workers", "`1`", "Processes that answer"),
    Setting(
        "leave_seconds",
        "KOROB_LEAVE_SECONDS",
        "",
        "`0`",
        "Seconds from the wish to end to the end, in which `/readyz` answers 503 and each answer closes its "
        "connection, so that a load balancer goes elsewhere",
    ),
    Setting(
        "operation_delay",
        "KOROB_OPERATION_DELAY",
        "",
        "`3`",
        "Seconds that an asynchronous operation takes, by the clock of the business",
    ),
    Setting(
        "request_log_days",
        "KOROB_REQUEST_LOG_DAYS",
        "",
        "`10`",
        "Days for which it is kept what sellers' programs asked and were answered; 0 writes nothing down",
    ),
    Setting(
        "notification_log_days",
        "KOROB_NOTIFICATION_LOG_DAYS",
        "",
        "`30`",
        "Days for which notifications and all attempts to deliver them are kept, to be looked at and sent again",
    ),
    Setting(
        "code_authority",
        "KOROB_CODE_AUTHORITY",
        "",
        "`accept`",
        "Who checks marking codes outside of worlds: `https://…`, asked as [code-authority.md](code-authority.md) "
        "says, or `accept`: what is well formed is good",
    ),
    Setting("log_level", "KOROB_LOG_LEVEL", "", "`info`", "`debug`, `info`, `warning` or `error`"),
    Setting("log_format", "KOROB_LOG_FORMAT", "", "`console`", "`console`, or `json`: an object a line"),
    Setting(
        "traces_url",
        "KOROB_TRACES_URL",
        "",
        "no traces",
        "Where OpenTelemetry spans go, as OTLP over HTTP: `http://localhost:4318/v1/traces`. Needs the extra "
        "`korob[traces]`",
    ),
)
"""All that can be set; docs/settings.md is drawn from it."""
SAFE: Final = (
    f"`KOROB_OPERATOR_TOKEN` is set: at least {TOKEN_LENGTH_MIN} characters, {TOKEN_CHARACTERS_MIN} different ones",
    "`KOROB_LOG_LEVEL` is not `debug`",
    "`KOROB_OPERATION_DELAY` is more than 0",
    "`KOROB_CODE_AUTHORITY` is `accept`, begins with `https://`, or leads to this machine",
    "there is no demo world (`--demo`), and no world at all in the database",
    "the database was served in production before, or never: [running.md](running.md) tells how its mode is changed",
    "the database keeps what it acknowledges: `fsync`, `full_page_writes` and `synchronous_commit` are on",
)
"""What holds in production, as the documentation tells it; see `check_safe` and `korob.store.fitness`."""
VARIABLES: Final[Mapping[str, str]] = {setting.field: setting.variable for setting in SETTINGS}


def from_environment() -> Settings:
    """The settings of a process that `serve` has started. Raises SettingsError when it was somebody else."""
    settings = read(os.environ)
    for value, name in ((settings.database_url, "database_url"), (settings.operator_token, "operator_token")):
        if not value:
            raise SettingsError(f"{VARIABLES[name]} is not set")
    return settings


def read(
    environment: Mapping[str, str], flags: Mapping[str, str | None] | None = None, *, timers: bool = True
) -> Settings:
    """The settings; a flag that was given wins over its variable, an empty variable is none. Raises SettingsError."""
    given = {field: environment[name].strip() for field, name in VARIABLES.items() if environment.get(name, "").strip()}
    given |= {field: value for field, value in (flags or {}).items() if value is not None}
    return Settings(
        mode=_mode(given.get("mode", Mode.SANDBOX)),
        host=given.get("host", "127.0.0.1"),
        port=_number(given.get("port", "8080"), "port", 0, 65535),
        data_dir=Path(given["data_dir"]).expanduser().absolute() if "data_dir" in given else _data_dir(environment),
        database_url=_url(given.get("database_url", "")),
        operator_token=_token(given.get("operator_token", "")),
        workers=_number(given.get("workers", "1"), "number of workers", 1, 64),
        timers=timers,
        leave_seconds=_number(given.get("leave_seconds", "0"), "number of seconds", 0, 300),
        operation_delay=_seconds(given.get("operation_delay", "3")),
        database_seconds=_number(given.get("database_seconds", "10"), "number of seconds", 1, 300),
        log_level=_one_of(given.get("log_level", "INFO").upper(), LOG_LEVELS, "log level"),
        log_format=_one_of(given.get("log_format", "console").lower(), LOG_FORMATS, "log format"),
        request_log_days=_number(given.get("request_log_days", "10"), "number of days", 0, 3650),
        notification_log_days=_number(given.get("notification_log_days", "30"), "number of days", 1, 3650),
        code_authority=_code_authority(given.get("code_authority", ACCEPT)),
        traces_url=_traces_url(given.get("traces_url", "")),
    )


def check_safe(settings: Settings, *, lets_in: bool = True) -> None:
    """Refuse what must not be in production, all of it at once. Raises SettingsError.

    Whoever lets nobody in needs no operator's token.
    """
    if settings.mode is not Mode.PRODUCTION:
        return
    unsafe = [*(_unsafe_token(settings.operator_token) if lets_in else ()), *_unsafe(settings)]
    if unsafe:
        raise SettingsError(f"not safe in production: {'; '.join(unsafe)}")


def _unsafe_token(token: str) -> Iterator[str]:
    if not token:
        yield "production needs an operator's token: set KOROB_OPERATOR_TOKEN"
    elif len(token) < TOKEN_LENGTH_MIN:
        yield f"the token in KOROB_OPERATOR_TOKEN is too short: at least {TOKEN_LENGTH_MIN} characters"
    elif len(set(token)) < TOKEN_CHARACTERS_MIN:
        yield "the token in KOROB_OPERATOR_TOKEN can be guessed: make one with `openssl rand -hex 32`"


def _unsafe(settings: Settings) -> Iterator[str]:
    """What is wrong with these settings in production, by the variables' names."""
    if settings.log_level == "DEBUG":
        yield "KOROB_LOG_LEVEL is debug, which tells more than a log should keep"
    if settings.operation_delay < DELAY_MIN:
        yield "KOROB_OPERATION_DELAY is 0, at which an operation is over before its caller knows of it"
    if _is_open(settings.code_authority):
        yield "KOROB_CODE_AUTHORITY is http://, over which anybody on the way can answer"


def _is_open(url: str) -> bool:
    """Whether others on the way could read and change what is said."""
    return url.startswith("http://") and urlsplit(url).hostname not in {"localhost", "127.0.0.1", "::1"}


def without_password(url: str) -> str:
    """The URL of a database as it may be shown."""
    return re.sub(r"(password=)[^&]*", r"\1***", re.sub(r"(//[^/@:]*):.*@", r"\1:***@", url))


def _mode(given: str) -> Mode:
    try:
        return Mode(given.lower())
    except ValueError:
        raise SettingsError(f"the mode {given} is unknown: sandbox or production") from None


def _number(given: str, name: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", given) or not least <= int(given) <= most:
        raise SettingsError(f"the {name} {given} can't be used: a number from {least} to {most}")
    return int(given)


def _seconds(given: str) -> timedelta:
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", given):
        raise SettingsError(f"the operation delay {given} can't be used: a number of seconds")
    return timedelta(seconds=float(given))


def _one_of(given: str, known: tuple[str, ...], name: str) -> str:
    if given not in known:
        raise SettingsError(f"the {name} {given.lower()} is unknown: {', '.join(known).lower()}")
    return given


def _code_authority(given: str) -> str:
    if given.lower() == ACCEPT:
        return ACCEPT
    try:
        named = urlsplit(given).hostname
    except ValueError:
        named = None
    if not named or not re.fullmatch(r"https?://[!-~]+", given):
        raise SettingsError(f"the code authority {without_password(given)} is unknown: https://… or {ACCEPT}")
    return given


def _traces_url(given: str) -> str:
    if not given:
        return given
    if not re.fullmatch(r"https?://[!-~]+", given):
        raise SettingsError(f"the address {given} for traces does not begin with http:// or https://")
    if not (find_spec("opentelemetry") and find_spec("opentelemetry.exporter")):
        raise SettingsError("traces need more than korob brings: pip install 'korob[traces]'")
    return given


def _url(given: str) -> str:
    if given and not re.match(r"postgres(ql)?://", given):
        raise SettingsError(f"the database URL {without_password(given)} does not begin with postgresql://")
    return given


def _token(given: str) -> str:
    if given and not re.fullmatch(r"[!-~]+", given):
        raise SettingsError("the token in KOROB_OPERATOR_TOKEN has other characters than a header can carry")
    return given


def _data_dir(environment: Mapping[str, str]) -> Path:
    """The system's folder for root, since PostgreSQL can't work as root in root's own; else the user's."""
    if os.geteuid() == 0:
        return Path("/var/lib/korob")
    if environment.get("XDG_DATA_HOME", "").startswith("/"):
        return Path(environment["XDG_DATA_HOME"]) / "korob"
    try:
        home = Path.home()
    except RuntimeError:
        raise SettingsError("this user has no home folder to keep data in: give a --data-dir") from None
    shares = {"darwin": "Library/Application Support"}
    return home / shares.get(sys.platform, ".local/share") / "korob"
