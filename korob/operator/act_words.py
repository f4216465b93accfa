"""The acts in words: who can do them, with which facts, from where to where, from the tables that decide."""

from collections.abc import Iterable, Iterator
from typing import Final

from korob.domain import acts
from korob.domain.acts import ACTS, Act
from korob.domain.moves import Move, State
from korob.domain.words import Model, Status, Substatus

INTRODUCTION: Final = """\
Who can do what, and where that leads an order; an act that is refused is answered with all that are `possible` now.
`substatus` is a reason to cancel, the first of those listed if none is told."""


def description() -> str:
    """All acts as Markdown, a heading for each actor."""
    parts = [INTRODUCTION]
    for actor in dict.fromkeys(row.actor for row in ACTS):
        parts += [f"\n### {actor}\n", *(_paragraph(row) for row in ACTS if row.actor is actor)]
    return "\n".join(parts)


def effect(row: Act) -> str:
    """What an act does, in a sentence without its end."""
    if isinstance(row.does, tuple):
        return f"the order moves to {' or '.join(f'`{state}`' for state in row.does)}"
    return first_line(row.does.__doc__)


def ways(row: Act) -> Iterator[str]:
    """Where an act leads, a line for each group of models and states that it leads on alike."""
    sources: dict[tuple[State, str], dict[State, tuple[Model, ...]]] = {}
    for move in acts.moves(row):
        models_by_state = sources.setdefault((move.target, _condition(move)), {})
        models_by_state[move.source] = models_by_state.get(move.source, ()) + move.models
    alike: dict[tuple[str, str], list[State]] = {}
    for (target, condition), models_by_state in sources.items():
        alike.setdefault((starts(models_by_state), condition), []).append(target)
    for (where, condition), targets in alike.items():
        yield f"{where} → {states(targets)}{f', only if: {condition}' if condition else ''}"


def starts(models_by_state: dict[State, tuple[Model, ...]]) -> str:
    """States by the models in which they are meant: `FBS, FBY: PROCESSING/STARTED; LAAS: RESERVED/…`."""
    grouped: dict[tuple[Model, ...], list[State]] = {}
    for state, models in models_by_state.items():
        grouped.setdefault(models, []).append(state)
    return "; ".join(f"{', '.join(models)}: {states(some)}" for models, some in grouped.items())


def states(some: Iterable[State]) -> str:
    """States, those of one status together: `PROCESSING/STARTED`, `READY_TO_SHIP`."""
    grouped: dict[Status, list[Substatus]] = {}
    for state in dict.fromkeys(some):
        grouped.setdefault(state.status, []).append(state.substatus)
    return ", ".join(f"`{status}/{'`, `'.join(substatuses)}`" for status, substatuses in grouped.items())


def first_line(docstring: str | None) -> str:
    """The first line of a docstring as the beginning of a cell or a clause."""
    line = (docstring or "").strip().partition("\n")[0].removesuffix(".")
    return line[:1].lower() + line[1:]


def _paragraph(row: Act) -> str:
    told = f" (may be told: {', '.join(f'`{fact}`' for fact in row.facts)})" if row.facts else ""
    lines = [f"- `{row.name}`{told}: {effect(row)}", *(f"  - {way}" for way in ways(row))]
    return "\n".join(lines)


def _condition(move: Move) -> str:
    return first_line(move.only_if.__doc__) if move.only_if else ""
