"""Pages of the documentation that are drawn from data: `python -m tools.pages` writes those that are not current."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from korob import config
from korob.api import catalogue
from korob.api.catalogue import Entry, Knowledge

DOCS: Final = Path(__file__).parents[1] / "docs"
DRAWN: Final = "<!-- Drawn by `make pages`; edit {source} instead. -->"


def errors() -> str:
    """Every error: what is said here, why, and what helps; then what is published and nobody says here yet."""
    said = [entry for entry in catalogue.entries() if entry.rule]
    silent = [entry for entry in catalogue.entries() if not entry.rule]
    ours = sum(entry.knowledge is Knowledge.OURS for entry in said)
    return _page(
        "Errors",
        "korob/api/published.py, front_errors.py, refusals.py, remedies.py",
        'Every error has the body `{"status":"ERROR","errors":[{"code","message"}]}`. A request with several faults is '
        "told all of them. In a world the header `X-Korob-Why` of a refusal names the rule, the state that it met and "
        "what would succeed; its parts are percent-encoded.",
        f"{len(said)} texts are said here: {len(said) - ours} as the Market publishes them (*exact*), {ours} where it "
        f"publishes none (*ours*). {len(silent)} more are published for methods that are not served yet.",
        *(
            f"## {status}\n\n" + _table(("Text", "Code", "Said by", "Why, and what helps", ""), map(_said, entries))
            for status, entries in groupby(said, key=lambda entry: entry.status)
        ),
        "## Published, and not said here yet\n\n"
        + _table(
            ("Status", "Text", "Code", "Methods"),
            ((str(entry.status), _code(entry.template), f"`{entry.code}`", entry.where) for entry in silent),
        ),
    )


def settings() -> str:
    """Everything that can be set, and what production asks for."""
    return _page(
        "Settings",
        "korob/config.py",
        "A flag of `korob serve` wins over its variable, and a variable that is empty counts as none. The flag "
        "`--no-timers`, which has no variable, leaves deadlines and notifications to `korob worker`.",
        _table(
            ("Variable", "Flag", "Meaning", "Without it"),
            (
                (_code(one.variable), _code(one.flag) if one.flag else "", one.meaning, one.default)
                for one in config.SETTINGS
            ),
        ),
        "## In production\n\n"
        "`korob serve --mode production` says all that is unsafe, by name, and does not start:\n\n"
        + "\n".join(f"- {rule}" for rule in config.SAFE),
    )


def _said(entry: Entry) -> Sequence[str]:
    cause, remedy = (text.rstrip(".") + "." for text in (entry.cause, entry.remedy))
    return (
        _code(entry.template),
        f"`{entry.code}`",
        f"{entry.where}<br>`{entry.rule}`",
        f"{cause} *{remedy}*",
        entry.knowledge.value,
    )


def _page(title: str, source: str, *parts: str) -> str:
    return "\n\n".join((f"# {title}", DRAWN.format(source=source), *parts)) + "\n"


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def _code(text: str) -> str:
    return f"`{text}`"


PAGES: Final[Mapping[str, Callable[[], str]]] = {"errors.md": errors, "settings.md": settings}
"""What draws each page."""


def main() -> None:
    """Write every page that is not current."""
    for name, draw in PAGES.items():
        path, text = DOCS / name, draw()
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
            print(f"drawn: docs/{name}")


if __name__ == "__main__":
    main()
