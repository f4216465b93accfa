"""The settings of one installation: from flags, else from the environment, else as is sensible."""

import os
import re
import sys
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from msgspec import Struct

TOKEN_LENGTH_MIN: Final = 16
"""Shorter operator tokens can be guessed, and are refused in production."""


LOG_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")


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
    operation_delay: timedelta = timedelta(seconds=3)
    """How long an asynchronous operation takes."""
    log_level: str = "INFO"

    def as_environment(self) -> dict[str, str]:
        """The variables from which another process reads the same settings."""
        seconds = f"{self.operation_delay.total_seconds():f}"
        values = {VARIABLES[field]: str(getattr(self, field)) for field in VARIABLES}
        return values | {VARIABLES["operation_delay"]: seconds}


VARIABLES: Final[Mapping[str, str]] = {
    "mode": "KOROB_MODE",
    "host": "KOROB_HOST",
    "port": "KOROB_PORT",
    "data_dir": "KOROB_DATA_DIR",
    "database_url": "KOROB_DATABASE_URL",
    "operator_token": "KOROB_OPERATOR_TOKEN",
    "workers": "KOROB_WORKERS",
    "operation_delay": "KOROB_OPERATION_DELAY",
    "log_level": "KOROB_LOG_LEVEL",
}


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
        operation_delay=_seconds(given.get("operation_delay", "3")),
        log_level=_log_level(given.get("log_level", "INFO")),
    )


def check_safe(settings: Settings) -> None:
    """Refuse what must not be in production, by its name. Raises SettingsError."""
    if settings.mode is not Mode.PRODUCTION:
        return
    if not settings.operator_token:
        raise SettingsError("production needs an operator's token: set KOROB_OPERATOR_TOKEN")
    if len(settings.operator_token) < TOKEN_LENGTH_MIN:
        raise SettingsError(f"the token in KOROB_OPERATOR_TOKEN is too short: at least {TOKEN_LENGTH_MIN} characters")


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


def _log_level(given: str) -> str:
    if given.upper() not in LOG_LEVELS:
        raise SettingsError(f"the log level {given} is unknown: {', '.join(LOG_LEVELS).lower()}")
    return given.upper()


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
