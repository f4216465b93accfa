"""Whether the tables agree: states, moves and deadlines, looked at once when the program starts."""

from collections import Counter

from korob.domain.deadlines import DEADLINES
from korob.domain.moves import MOVES, STAGES, STARTS, State
from korob.domain.words import Model, Status


class TablesDisagree(Exception):
    """A table was changed and another one forgotten; tells every fault."""


def check() -> None:
    """Raise TablesDisagree if a state is unknown or can't be reached or left, an arrow is told twice, or a deadline has
    no arrow.
    """
    faults = [*_unknown(), *_told_twice(), *(fault for model in Model for fault in _cut_off(model)), *_without_arrow()]
    if faults:
        raise TablesDisagree("; ".join(faults))


def reachable(model: Model) -> set[State]:
    """Every state that arrows lead to, from where orders of the model begin."""
    found: set[State] = set()
    ahead = set(STARTS[model])
    while ahead:
        found |= ahead
        ahead = {row.target for row in MOVES if model in row.models and row.source in ahead} - found
    return found


def _unknown() -> list[str]:
    idle = [f"nobody moves from {row.source} to {row.target}" for row in MOVES if not row.models or not row.actors]
    return idle + [
        f"{model} has no {state}"
        for row in MOVES
        for model in row.models
        for state in (row.source, row.target)
        if state not in STAGES[model] and state.status is not Status.CANCELLED
    ]


def _told_twice() -> list[str]:
    arrows = Counter(
        (model, row.source, row.target, actor) for row in MOVES for model in row.models for actor in row.actors
    )
    return [
        f"{model}: {source} to {target} by {actor} is told twice"
        for (model, source, target, actor), times in arrows.items()
        if times > 1
    ]


def _cut_off(model: Model) -> list[str]:
    reached = reachable(model)
    left = {row.source for row in MOVES if model in row.models}
    return [f"{model}: no way to {stage}" for stage in STAGES[model] if stage not in reached] + [
        f"{model}: no way out of {stage}"
        for stage in STAGES[model]
        if stage not in left and stage.status is not Status.RETURNED
    ]


def _without_arrow() -> list[str]:
    arrows = {(actor, model, row.source, row.target) for row in MOVES for actor in row.actors for model in row.models}
    return [
        f"{model}: {row.kind} has no arrow from {state}"
        for row in DEADLINES
        if isinstance(row.then, State)
        for model in row.models
        for state in row.states
        if state in STAGES[model] and (row.mover, model, state, row.then) not in arrows
    ]
