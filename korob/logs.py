"""How the program speaks of what it does: one line an event, to the standard error output."""

import logging
import time
from typing import Any, Final

from korob.config import Settings

FORMAT: Final = "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s"
MOMENTS: Final = "%Y-%m-%dT%H:%M:%S"


def set_up(settings: Settings) -> None:
    """Begin to speak."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Formatter(FORMAT, MOMENTS))
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)


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
    converter = staticmethod(time.gmtime)
