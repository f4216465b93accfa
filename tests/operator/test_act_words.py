"""The operator's document says of every act who can do it, and from where to where it leads."""

from collections.abc import Iterator

import pytest

from korob.domain import acts
from korob.domain.acts import ACTS, Act
from korob.domain.moves import Move
from korob.operator import act_words

ACT = "/operator/v1/campaigns/{campaignId}/orders/{orderId}/acts"


def told_of(row: Act) -> str:
    """What the document says of one act."""
    actor = act_words.description().split(f"### {row.actor}\n")[1].split("\n###")[0]
    return f"\n{actor.strip()}".split(f"\n- `{row.name}`")[1].split("\n- ")[0]


def arrows(row: Act) -> Iterator[tuple[str, str, str]]:
    """Model, source and target, as read from the document."""
    for way in told_of(row).split("\n  - ")[1:]:
        starts, targets = way.split(", only if: ")[0].split(" \N{RIGHTWARDS ARROW} ")
        for group in starts.split("; "):
            models, sources = group.split(": ", 1)
            for model in models.split(", "):
                for source in in_full(sources):
                    yield from ((model, source, target) for target in in_full(targets))


def in_full(states: str) -> Iterator[str]:
    status = ""
    for one in states.replace("`", "").split(", "):
        status, _, substatus = one.rpartition("/") if "/" in one else (status, "/", one)
        yield f"{status}/{substatus}"


@pytest.mark.parametrize("row", ACTS, ids=lambda row: f"{row.actor} {row.name}")
def test_an_act_is_told_with_every_way_that_it_leads_and_no_other(row: Act) -> None:
    moves: tuple[Move, ...] = acts.moves(row)

    assert set(arrows(row)) == {
        (str(model), str(move.source), str(move.target)) for move in moves for model in move.models
    }
    assert all(f"`{fact}`" in told_of(row) for fact in row.facts)
    for condition in {move.only_if for move in moves if move.only_if}:
        assert f"only if: {act_words.first_line(condition.__doc__)}" in told_of(row)


async def test_the_operators_document_has_it(client) -> None:
    document = (await client.get("/operator/v1/openapi.json")).json()

    assert document["paths"][ACT]["post"]["description"] == act_words.description()
