"""The page of an order's life: the diagram of each model, every move, reason, deadline and act, from the tables."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from korob.domain.acts import ACTS, Act
from korob.domain.deadlines import DEADLINES, Deadline
from korob.domain.moves import MOVES, STAGES, STARTS, Move, State
from korob.domain.words import Model, Status, Substatus
from korob.operator import act_words
from korob.operator.act_words import first_line, states
from tools.pages.markdown import code, table

INTRODUCTION: Final = """\
# The life of an order

Drawn by `python -m tools.pages` from the tables that the program works with, `moves.py`, `deadlines.py` and `acts.py`
of `korob/domain`. Don't edit it here.

A state is a status with its substatus. Who may move an order is one of: SELLER (through the partner API), BUYER,
CARRIER and MARKET (acts of the operator's API), CLOCK (a deadline that is over). A move that is not here is refused.
*exact* moves are the Market's own, said by the page or the method that is named; *ours* are a choice where the Market
says nothing. See also [fidelity.md](fidelity.md).
"""

DIAGRAM: Final = """\
Cancellations are left out of the diagrams: the table [below](#cancellation-reasons) has them. A question mark is a
condition that the [table of moves](#moves) tells.
"""


By = tuple[str, str, str, str]
"""Who cancels, on what condition, by whose word, and how far that can be relied on."""
STAGES_OF: Final = {model: frozenset(stages) for model, stages in STAGES.items()}


def page() -> str:
    """The whole page."""
    return "\n".join(
        [
            INTRODUCTION,
            "## Diagrams\n",
            DIAGRAM,
            *(f"### {model}\n\n{diagram(model)}\n" for model in Model),
            "## Moves\n",
            _moves(),
            "\n## Cancellation reasons\n",
            "The substatus of CANCELLED is the reason. Unnamed, the first that the actor has there is meant.\n",
            _reasons(),
            "\n## Deadlines\n",
            "Due means that the moment has come: an answer a microsecond before is in time. "
            "What falls due at one moment happens in the order of this table.\n",
            _deadlines(),
            "\n## Acts\n",
            "What the operator's API can make of an order, beside what its seller does.\n",
            _acts(),
            "",
        ]
    )


def diagram(model: Model) -> str:
    """The stages of a model and the ways between them, as Mermaid draws it."""
    ways: dict[tuple[State, State], list[str]] = {}
    for row in MOVES:
        if model in row.models and row.target.status is not Status.CANCELLED:
            doubt = "?" if row.only_if or row.cis_gate else ""
            ways.setdefault((row.source, row.target), []).extend(f"{actor}{doubt}" for actor in row.actors)
    left = {source for source, _ in ways}
    lines = [
        "stateDiagram-v2",
        *(f'state "{state.status}<br/>{state.substatus}" as {_name(state)}' for state in STAGES[model]),
        *(f"[*] --> {_name(state)}" for state in STARTS[model]),
        *(f"{_name(source)} --> {_name(target)} : {', '.join(by)}" for (source, target), by in ways.items()),
        *(f"{_name(state)} --> [*]" for state in STAGES[model] if state not in left),
    ]
    return "```mermaid\n" + "\n    ".join(lines) + "\n```"


def _name(state: State) -> str:
    return f"{state.status}_{state.substatus}"


def _moves() -> str:
    rows = [row for row in MOVES if row.target.status is not Status.CANCELLED]
    heads = ("From", "To", "Who", "Models", "Only if", "Said by", "")
    return table(heads, (_move(row) for row in rows))


def _move(row: Move) -> tuple[str, ...]:
    return (
        f"`{row.source}`",
        f"`{row.target}`",
        _listed(row.actors),
        _listed(row.models),
        _conditions(row),
        *_knowledge(row),
    )


def _reasons() -> str:
    """One row for reasons that the same actors have in the same states, on the same condition."""
    sources: dict[tuple[Substatus, By], dict[State, tuple[Model, ...]]] = {}
    for row in MOVES:
        if row.target.status is Status.CANCELLED:
            by = _listed(row.actors), _conditions(row), *_knowledge(row)
            sources.setdefault((row.target.substatus, by), {})[row.source] = row.models
    alike: dict[tuple[By, str, str], list[Substatus]] = {}
    for (reason, by), models_by_state in sources.items():
        models = dict.fromkeys(model for some in models_by_state.values() for model in some)
        alike.setdefault((by, _listed(models), _from(models_by_state)), []).append(reason)
    heads = ("Reasons", "Who", "Models", "From", "Only if", "Said by", "")
    return table(
        heads,
        ((code(reasons), by[0], models, states, *by[1:]) for (by, models, states), reasons in alike.items()),
    )


def _from(models_by_state: dict[State, tuple[Model, ...]]) -> str:
    """The states, with their models where that are fewer than others have."""
    most = max(map(len, models_by_state.values()))
    usual = [state for state, models in models_by_state.items() if len(models) == most]
    parts = [states(usual)]
    for models in dict.fromkeys(models for models in models_by_state.values() if len(models) < most):
        parts.append(f"{_listed(models)}: {states(state for state, its in models_by_state.items() if its == models)}")
    return "; ".join(parts)


def _deadlines() -> str:
    heads = ("Deadline", "Who could act", "In the states", "Models", "When", "What becomes of it")
    return table(heads, (_deadline(row) for row in DEADLINES))


def _deadline(row: Deadline) -> tuple[str, ...]:
    return (
        f"`{row.kind}`",
        str(row.actor),
        states(row.states) if row.states else "any",
        _listed(model for model in row.models if not row.states or not STAGES_OF[model].isdisjoint(row.states)),
        _wait(row.due_at) if isinstance(row.due_at, timedelta) else first_line(row.due_at.__doc__),
        row.outcome or f"the order moves to `{row.then}`",
    )


def _wait(wait: timedelta) -> str:
    minutes = int(wait.total_seconds()) // 60
    return f"{minutes} minutes after the order came there"


def _acts() -> str:
    heads = ("Actor", "Act", "May be told", "What happens", "From where to where")
    return table(heads, (_act(row) for row in ACTS))


def _act(row: Act) -> tuple[str, ...]:
    ways = "; ".join(act_words.ways(row)) if isinstance(row.does, tuple) else ""
    return str(row.actor), f"`{row.name}`", code(row.facts), act_words.effect(row), ways


def _knowledge(row: Move) -> tuple[str, str]:
    return row.said_by.removeprefix("ours: "), f"*{row.knowledge}*"


def _conditions(row: Move) -> str:
    told = [first_line(row.only_if.__doc__)] if row.only_if else []
    if row.cis_gate:
        told.append(f"unless the campaign's `cisGate` is off, {first_line(row.cis_gate.__doc__)}")
    return "; ".join(told)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)
