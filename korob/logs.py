"""How the program speaks of what it does: one line an event, to the standard error output.

A line never has a token, a body or anything personal in it, whoever wrote it: what looks like one is masked on its way,
and of an exception only the kind, the places and a message without its quotations is told.
"""

import json
import logging
import re
import time
import traceback
from collections.abc import Callable, Iterator
from typing import Any, Final

from korob.config import Settings
from korob.domain import masking

MOMENTS: Final = "%Y-%m-%dT%H:%M:%S"
MESSAGE_MAX: Final = 300
"""Characters that are told of what an exception says."""
CHAIN_MAX: Final = 10
"""Exceptions that are told of those that led to one."""

Trace = Callable[[], str | None]
"""Gives the trace's id of the call that is being served, None outside of calls."""


def set_up(settings: Settings, *, trace: Trace = lambda: None) -> None:
    """Begin to speak."""
    handler = logging.StreamHandler()
    handler.setFormatter(FORMATTERS[settings.log_format](trace))
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)
    # Whoever needs the database tells that it is gone; each connection that does not come back need not.
    logging.getLogger("asyncpg.pool").setLevel(logging.ERROR)


def for_granian(settings: Settings) -> dict[str, Any]:
    """The same for the HTTP server, which has loggers of its own."""
    speaker = {"handlers": ["stderr"], "level": "WARNING", "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": FORMATTERS[settings.log_format]}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"},
        },
        "loggers": {"_granian": speaker, "granian.access": speaker},
    }


class Console(logging.Formatter):
    """A line for people."""

    def __init__(self, trace: Trace = lambda: None) -> None:
        super().__init__()
        self._trace = trace

    def format(self, record: logging.LogRecord) -> str:
        """When, how bad, who, what; in which call, and where it came from."""
        line = f"{moment(record)} {record.levelname} {record.name}: {said(record)}"
        if trace := self._trace():
            line = f"{line} (trace {trace})"
        return "\n".join([line, *told(record)])


class Json(Console):
    """A line for programs."""

    def format(self, record: logging.LogRecord) -> str:
        """The same as an object."""
        line: dict[str, Any] = {
            "at": moment(record),
            "level": record.levelname,
            "logger": record.name,
            "message": said(record),
            "process": record.process,
        }
        if trace := self._trace():
            line["trace"] = trace
        if exception := "\n".join(told(record)):
            line["exception"] = exception
        return json.dumps(line, ensure_ascii=False)


FORMATTERS: Final[dict[str, type[Console]]] = {"console": Console, "json": Json}


def moment(record: logging.LogRecord) -> str:
    """The moment of an event, in UTC."""
    return f"{time.strftime(MOMENTS, time.gmtime(record.created))}.{int(record.msecs):03}Z"


def said(record: logging.LogRecord) -> str:
    """What was said, masked, in one line."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), _masked(record.getMessage()))


def told(record: logging.LogRecord) -> list[str]:
    """The exception that belongs to an event, with those that led to it, first things first."""
    error = record.exc_info[1] if record.exc_info else None
    return [line for one in _chain(error) for line in _lines(one)]


def _chain(error: BaseException | None) -> list[BaseException]:
    chain: list[BaseException] = []
    while error is not None and error not in chain and len(chain) < CHAIN_MAX:
        chain.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return chain[::-1]


def _lines(error: BaseException) -> Iterator[str]:
    for frame in traceback.extract_tb(error.__traceback__):
        yield f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}'
    yield f"{type(error).__module__}.{type(error).__qualname__}: {_without_quotations(str(error))}"
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from (f"  | {line}" for line in _lines(one))


def _without_quotations(message: str) -> str:
    # PostgreSQL tells the row in its further lines; what is quoted comes from a body as often as from our own code.
    first = message.partition("\n")[0][:MESSAGE_MAX]
    return _masked(_QUOTATION.sub(lambda found: found[0] if _NAME.fullmatch(found[0]) else "'…'", first))


def _masked(text: str) -> str:
    return _PHONE.sub("+***", masking.tokens(text))


_QUOTATION: Final = re.compile(r"""'(?:[^'\\]|\\.)*'?|"(?:[^"\\]|\\.)*"?""")
_NAME: Final = re.compile(r'"[a-z_]+"')
"""A name in the database, as PostgreSQL quotes it."""
_PHONE: Final = re.compile(r"\+\d[\d ()-]{8,}\d")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
