"""How the program speaks of what it does: one line an event, to the standard error output."""

import logging
import os
import time
from typing import Any, Final

FORMAT: Final = "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s"
MOMENTS: Final = "%Y-%m-%dT%H:%M:%S"


def set_up() -> None:
    """Begin to speak; `KOROB_LOG_LEVEL` says from which level on."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Formatter(FORMAT, MOMENTS))
    logging.basicConfig(handlers=[handler], level=_level(), force=True)


def for_granian() -> dict[str, Any]:
    """The same for the HTTP server, which has loggers of its own."""
    speaker = {"handlers": ["stderr"], "level": "WARNING", "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": _Formatter, "fmt": FORMAT, "datefmt": MOMENTS}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"},
        },
        "loggers": {"_granian": speaker, "granian.access": speaker},
    }


class _Formatter(logging.Formatter):
    converter = staticmethod(time.gmtime)  # type: ignore[assignment]


def _level() -> str:
    given = os.environ.get("KOROB_LOG_LEVEL", "").upper()
    return given if given in logging.getLevelNamesMapping() else "INFO"
