"""Tables that must agree with each other."""

import pytest
from msgspec.structs import replace

from korob.domain import deadlines, moves, tables
from korob.domain.moves import STAGES, State
from korob.domain.tables import TablesDisagree
from korob.domain.words import Actor, Model, Status, Substatus


def test_the_tables_agree() -> None:
    tables.check()


@pytest.mark.parametrize("model", Model)
def test_every_stage_of_a_model_can_be_reached(model: Model) -> None:
    assert tables.reachable(model) >= set(STAGES[model])


def test_an_arrow_into_nowhere_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = State(Status.DELIVERY, Substatus.READY_FOR_LAST_MILE)
    wrong = replace(moves.MOVES[0], target=nowhere)
    monkeypatch.setattr(tables, "MOVES", (*moves.MOVES, wrong))

    with pytest.raises(TablesDisagree, match="DBS has no DELIVERY/READY_FOR_LAST_MILE"):
        tables.check()


def test_a_stage_that_nothing_leads_to_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = tuple(row for row in moves.MOVES if row.target != moves.AT_THE_POINT)
    monkeypatch.setattr(tables, "MOVES", fewer)

    with pytest.raises(TablesDisagree, match="FBS: no way to PICKUP/PICKUP_SERVICE_RECEIVED"):
        tables.check()


def test_a_stage_that_only_unreachable_ones_lead_to_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = tuple(row for row in moves.MOVES if row.target != moves.READY)
    monkeypatch.setattr(tables, "MOVES", fewer)

    with pytest.raises(TablesDisagree, match="FBS: no way to PROCESSING/SHIPPED"):
        tables.check()


def test_a_stage_that_nothing_leads_out_of_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = tuple(row for row in moves.MOVES if row.source != moves.PENDING)
    monkeypatch.setattr(tables, "MOVES", fewer)

    with pytest.raises(TablesDisagree, match="DBS: no way out of PENDING"):
        tables.check()


def test_an_arrow_told_twice_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOVES", (*moves.MOVES, moves.MOVES[0]))

    with pytest.raises(TablesDisagree, match="told twice"):
        tables.check()


def test_a_deadline_without_its_arrow_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = tuple(row for row in moves.MOVES if Actor.CLOCK not in row.actors or row.source != moves.UNPAID)
    monkeypatch.setattr(tables, "MOVES", fewer)

    with pytest.raises(TablesDisagree, match="FBS: PAYMENT has no arrow from UNPAID"):
        tables.check()


def test_an_arrow_that_nobody_may_take_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOVES", (*moves.MOVES, replace(moves.MOVES[0], actors=())))

    with pytest.raises(TablesDisagree, match="nobody moves from PLACING"):
        tables.check()


def test_every_arrow_of_the_clock_belongs_to_a_deadline() -> None:
    ends = {row.then for row in deadlines.DEADLINES if isinstance(row.then, State) and row.mover is Actor.CLOCK}
    granted = {State(Status.CANCELLED, reason) for reason in moves.BUYERS_REASONS}

    assert {row.target for row in moves.MOVES if Actor.CLOCK in row.actors} == ends | granted
