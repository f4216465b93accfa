"""Pages that are drawn from the program's tables say what the tables say."""

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest

from korob.domain import authority, deadlines, digital, refunds
from korob.domain.moves import MOVES, STAGES, Knowledge
from korob.domain.words import Model, Status
from tools.pages import DOCS, PAGES, fidelity, lifecycle
from tools.pages.choices import CHOICES
from tools.pages.choices.choice import Choice

TESTS = Path(__file__).parents[1]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_current(name: str) -> None:
    assert (DOCS / name).read_text() == PAGES[name](), "draw it anew: python -m tools.pages"


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.what)
def test_every_choice_is_shown_by_a_test_that_is_there(choice: Choice) -> None:
    assert choice.test in those_in(choice.test.partition("::")[0])


def test_the_moves_are_shown_by_a_test_that_is_there() -> None:
    assert fidelity.MOVES_TEST in those_in(fidelity.MOVES_TEST.partition("::")[0])


def those_in(name: str) -> set[str]:
    """The tests of a file, those of its classes too."""
    found = set()
    for node in ast.parse((TESTS / name).read_text()).body:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        place = f"{name}::{node.name}" if isinstance(node, ast.ClassDef) else name
        found |= {f"{place}::{one.name}" for one in inner if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}
    return {test for test in found if "::test_" in test}


def test_no_choice_is_made_twice() -> None:
    told = [choice.what for choice in CHOICES]

    assert len(set(told)) == len(told)


@pytest.mark.parametrize("model", Model)
def test_a_diagram_has_every_stage_and_every_way_of_its_model(model: Model) -> None:
    drawn = lifecycle.diagram(model)

    ways = {(str(row.source), str(row.target)) for row in MOVES if model in row.models}
    ways = {(source, target) for source, target in ways if not target.startswith(Status.CANCELLED)}
    assert {pair for pair in arrows(drawn) if "[*]" not in pair} == ways
    assert set(re.findall(r'state "(\w+)<br/>(\w+)" as \w+', drawn)) == {tuple(map(str, s)) for s in STAGES[model]}


def arrows(diagram: str) -> set[tuple[str, str]]:
    names = {name: f"{status}/{sub}" for status, sub, name in re.findall(r'"(\w+)<br/>(\w+)" as (\w+)', diagram)}
    pairs = re.findall(r"(\S+) --> (\S+)", diagram)
    return {(names.get(source, source), names.get(target, target)) for source, target in pairs}


def test_the_page_of_moves_names_every_move_reason_and_deadline() -> None:
    page = lifecycle.page()

    for row in MOVES:
        assert f"`{row.source.status}/" in page
        name = row.target.substatus if row.target.status is Status.CANCELLED else row.target
        assert f"`{name}`" in page
    for deadline in deadlines.DEADLINES:
        assert f"`{deadline.kind}`" in page


def test_every_move_of_our_own_is_on_the_page_of_fidelity() -> None:
    page = fidelity.page()

    ours = [row for row in MOVES if row.knowledge is Knowledge.OURS]
    assert ours
    for row in ours:
        assert f"{row.source} → {row.target}" in page
        assert row.said_by.removeprefix("ours: ") in page


@pytest.mark.parametrize(
    ("kind", "wait", "words"),
    [
        ("REFUND", refunds.WAIT, (timedelta(days=2), "two days")),
        ("CODE_CHECK", authority.CHECK_TAKES, (timedelta(seconds=5), "five seconds")),
        ("MAILING", digital.MAILING_TAKES, (timedelta(seconds=5), "five seconds")),
        ("CANCELLATION_ANSWER", deadlines.CANCELLATION_ANSWER, (timedelta(hours=48), "48 hours")),
    ],
)
def test_a_wait_told_in_words_is_as_long_as_they_say(kind: str, wait: timedelta, words: tuple[timedelta, str]) -> None:
    row = next(line for line in lifecycle.page().splitlines() if line.startswith(f"| `{kind}`"))

    assert wait == words[0]
    assert words[1] in row
