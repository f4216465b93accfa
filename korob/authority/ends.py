"""The two ends of the port to the code authority: a server that is asked over HTTP, and taking what is well formed."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final, Literal, Protocol

import aiohttp
import msgspec
from msgspec import Struct
from yarl import URL

from korob import __version__
from korob.domain import authority, verdicts
from korob.domain.order import CodeCheck, Verdict
from korob.domain.value import Value
from korob.domain.verdicts import NoSuchAnswer
from korob.domain.words import CodeStatus, CodeSubstatus

TIME_LIMIT: Final = timedelta(seconds=10)
"""How long an answer may take."""
ANSWER_MAX: Final = 1024 * 1024
"""Bytes of an answer that are read; what is longer is none."""


class Question(Value, frozen=True):
    """A code to be checked, and whose it is."""

    business_id: int
    campaign_id: int
    order_id: int
    offer_id: str
    check: CodeCheck


class TroubleError(Exception):
    """The authority did not answer, or not in a way that can be understood."""


class Port(Protocol):
    """Whoever says what is true of codes."""

    async def ask(self, questions: Sequence[Question]) -> list[Verdict | None]:
        """An answer to each question in their order, None if there is none yet. Raises TroubleError."""

    async def close(self) -> None:
        """Ask no more."""


class Accepting:
    """Takes what is well formed. Asked about codes that were meant for a server which is not asked any more."""

    async def ask(self, questions: Sequence[Question]) -> list[Verdict | None]:
        """What the structure of the codes says."""
        return [authority.of_structure(one.check.type, one.check.value) for one in questions]

    async def close(self) -> None:
        """Nothing is held."""


class Remote:
    """A server that is asked over HTTP; docs/code-authority.md says how. Redirects are not followed."""

    def __init__(self, url: str, *, time_limit: timedelta = TIME_LIMIT) -> None:
        self._url = URL(url)
        self._seconds = time_limit.total_seconds()
        self._session: aiohttp.ClientSession | None = None

    async def ask(self, questions: Sequence[Question]) -> list[Verdict | None]:
        """What the server says. Raises TroubleError when it is silent, refuses, or can't be understood at all."""
        checks = tuple(_asked(str(number), one) for number, one in enumerate(questions))
        said = await self._post(msgspec.json.encode(_Checks(checks)))
        answers: list[Verdict | None] = [None] * len(questions)
        for raw in said:
            try:
                number, verdict = _understood(raw, questions)
            except (msgspec.ValidationError, NoSuchAnswer, LookupError, ValueError) as nonsense:
                # One answer that makes no sense must not spoil its neighbours.
                _LOG.warning("the code authority says what can't be: %s", str(nonsense)[:_SHOWN])
                continue
            answers[number] = verdict
        return answers

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _post(self, body: bytes) -> list[Any]:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=None), cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
            )
        try:
            async with (
                asyncio.timeout(self._seconds),
                self._session.post(self._url, data=body, headers=_HEADERS, allow_redirects=False) as answer,
            ):
                status, content = answer.status, bytearray()
                async for part in answer.content.iter_any():
                    content += part
                    if len(content) > ANSWER_MAX:
                        raise TroubleError(f"its answer is longer than {ANSWER_MAX} bytes")
        except TimeoutError:
            raise TroubleError(f"no answer within {self._seconds:g} s") from None
        except (aiohttp.ClientError, OSError, ValueError) as trouble:
            raise TroubleError(_without_user(trouble, self._url)) from trouble
        if status != 200:
            raise TroubleError(f"it answers {status}")
        try:
            return _ANSWER.decode(content).checks
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as nonsense:
            raise TroubleError(f"its answer can't be read: {nonsense}") from nonsense


class _Check(Struct, rename="camel", frozen=True):
    id: str
    kind: Literal["CIS", "UIN"]
    value: str
    offer_id: str
    item_id: int
    order_id: int
    campaign_id: int
    business_id: int


class _Checks(Struct, frozen=True):
    checks: tuple[_Check, ...]


class _Said(Struct, frozen=True):
    id: str
    status: CodeStatus
    substatus: CodeSubstatus | None = None


class _Answer(Struct, frozen=True):
    checks: list[Any]


def _asked(id: str, question: Question) -> _Check:
    check = question.check
    kind: Literal["CIS", "UIN"] = "UIN" if check.type.value == "UIN" else "CIS"
    return _Check(
        id,
        kind,
        check.value,
        question.offer_id,
        check.item_id,
        question.order_id,
        question.campaign_id,
        question.business_id,
    )


def _understood(raw: Any, questions: Sequence[Question]) -> tuple[int, Verdict | None]:
    """Which question is answered, and how; None if it is to be asked again."""
    said = msgspec.convert(raw, _Said)
    number = int(said.id)
    if not 0 <= number < len(questions):
        raise LookupError(f"nobody asked about id {said.id}")
    verdict = verdicts.verdict(questions[number].check.type, said.status, said.substatus)
    return number, None if verdict.status in _NOT_YET else verdict


def _without_user(trouble: Exception, url: URL) -> str:
    """What went wrong; errors quote the address, which may hold a password."""
    told = (str(trouble) or type(trouble).__name__)[:_SHOWN]
    return told.replace(str(url), str(url.with_user(None))) if url.user else told


_NOT_YET: Final = frozenset({CodeStatus.IN_PROGRESS, CodeStatus.NOT_ON_VALIDATION})
_SHOWN: Final = 300
_HEADERS: Final = {"Content-Type": "application/json", "User-Agent": f"korob/{__version__}"}
_ANSWER: Final = msgspec.json.Decoder(_Answer)
_LOG: Final = logging.getLogger("korob.authority")
