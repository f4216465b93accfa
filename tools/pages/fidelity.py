"""The page of what can be relied on: each rule with how we know it, and the test that shows it."""

from collections import Counter
from typing import Final

from korob.domain.moves import MOVES, Knowledge, Move
from tools.pages.choices import CHOICES
from tools.pages.choices.choice import Choice, Fidelity
from tools.pages.markdown import table

INTRODUCTION: Final = """\
# What can be relied on

Drawn by `python -m tools.pages` from `tools/pages/choices` and the table of moves. Don't edit it here.

Korob is not the Market. Each rule below is one of

- *exact*: the Market's documentation, its contract or a recorded answer says so;
- *close*: it says so nearly, or something else contradicts it; we took the reading that programs in use can live with;
- *ours*: nothing is published, and a choice had to be made.

A test shows each: `domain/test_items.py` is in `tests/`.
"""

MOVES_TEST: Final = "domain/test_lifecycle.py::test_an_order_moves_along_the_arrows_and_no_other_way"


def page() -> str:
    """The whole page."""
    parts = [INTRODUCTION, _sums()]
    for topic in dict.fromkeys(choice.topic for choice in CHOICES):
        rows = [choice for choice in CHOICES if choice.topic == topic]
        parts += [f"\n## {topic}\n", table(("Rule", "", "Because", "Shown by"), map(_row, rows))]
    parts += [
        "\n## Moves between states\n",
        f"Every move is shown by `{MOVES_TEST}`; [lifecycle.md](lifecycle.md) has them one by one.\n",
        table(("Said by", "", "Moves"), _moves()),
        "",
    ]
    return "\n".join(parts)


def _row(choice: Choice) -> tuple[str, ...]:
    return choice.what, f"*{choice.fidelity}*", choice.because, f"`{choice.test}`"


def _sums() -> str:
    counted = Counter(choice.fidelity for choice in CHOICES)
    return ", ".join(f"{counted[fidelity]} *{fidelity}*" for fidelity in Fidelity) + ", and the moves."


def _moves() -> list[tuple[str, str, str]]:
    """Ours are told one by one, of the others how many a page has."""
    ours: dict[str, list[str]] = {}
    for row in MOVES:
        if row.knowledge is Knowledge.OURS:
            ours.setdefault(row.said_by.removeprefix("ours: "), []).append(_arrow(row))
    exact = Counter(row.said_by for row in MOVES if row.knowledge is Knowledge.EXACT)
    return [(page, "*exact*", f"{count}") for page, count in exact.items()] + [
        (because, "*ours*", "; ".join(arrows)) for because, arrows in ours.items()
    ]


def _arrow(row: Move) -> str:
    return f"{', '.join(row.models)}: {row.source} → {row.target}"
