"""The page of errors: what each says, who says it, why, and what helps."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from korob.api import catalogue
from korob.api.catalogue import Entry
from korob.domain.moves import Knowledge
from tools.pages.markdown import code, table

INTRODUCTION: Final = """\
# Errors

Drawn by `python -m tools.pages` from `published.py`, `front_errors.py` and `refusals.py` of `korob/api`. Don't edit it
here.

Every error has the body `{"status":"ERROR","errors":[{"code","message"}]}`. A request with several faults is told all
of them.

In a world each refusal has the header `X-Korob-Why` as well: `rule="…"; because="…"; state="…"; instead="…"`, what said
no, what it met, and what would succeed; a refusal about an order adds `moves`, the states that its seller can move it
to. What a header can't carry is percent-encoded.

With `X-Korob-Dry-Run: true` a write is only rehearsed, in a world or not: every check runs, the answer is the one that
would come, and nothing is saved. The answer has the same header.
"""
COLUMNS: Final = ("Text", "Code", "Said by", "Why, and what helps", "")


def page() -> str:
    """The whole page."""
    entries = catalogue.entries()
    said = [entry for entry in entries if entry.rule]
    silent = [entry for entry in entries if not entry.rule]
    ours = sum(entry.knowledge is Knowledge.OURS for entry in said)
    parts = [
        INTRODUCTION,
        f"{len(said)} texts are said here: {len(said) - ours} as the Market publishes them (*exact*), {ours} where it "
        f"publishes none (*ours*). {len(silent)} more are published and not said here.",
    ]
    for status, of_status in groupby(said, key=lambda entry: entry.status):
        parts += [
            f"\n## {status}\n",
            table(COLUMNS, map(_said, of_status)),
        ]
    parts += [
        "\n## Published, and not said here\n",
        "Most belong to methods that are not served yet.\n",
        table(("Status", "Text", "Code", "Methods"), map(_silent, silent)),
        "",
    ]
    return "\n".join(parts)


def _said(entry: Entry) -> Sequence[str]:
    cause, remedy = (text.rstrip(".") + "." for text in (entry.cause, entry.remedy))
    return (
        code([entry.template]),
        code([entry.code]),
        f"{entry.where}<br>{code([entry.rule])}",
        f"{cause} *{remedy}*",
        f"*{entry.knowledge}*",
    )


def _silent(entry: Entry) -> Sequence[str]:
    return str(entry.status), code([entry.template]), code([entry.code]), entry.where
