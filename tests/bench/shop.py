"""A business with some orders of a year."""

from datetime import UTC, datetime

from bench import many_orders
from korob.store import worlds

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


async def a_year(database, monkeypatch, *, count):
    """A world that stands still, with so many orders; they are copies of some hundred lives."""
    monkeypatch.setattr(many_orders, "LIVES", 300)
    world = await worlds.create(database, seed=1, now=NOW, wall=NOW, limits=False, frozen=True)
    await many_orders.fill(database, world, count)
    return world
