"""Orders by the million: the rows that the store writes of some lives, written again and again for other days.

A life (lives.py) is led once and spelled once, by the store's own hand. A copy of it differs in
ids and days only: it began on another day, and is cut at the moment that is now. So a year of orders is written some
thousand a second, and no row is of a kind that the store would not have written.
"""

import asyncio
import random
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from io import BytesIO
from itertools import islice
from typing import Final, NamedTuple

import msgspec
from msgspec import Struct

from bench import lives
from bench.lives import IDS, SHARES, Life
from korob.domain.campaign import Campaign
from korob.domain.change import Change
from korob.domain.moscow import MOSCOW, ONE_DAY, day_of
from korob.notifications import bodies
from korob.store import offers, order_rows, order_saves
from korob.store.database import Database
from korob.store.order_saves import Save
from korob.store.worlds import World

LIVES: Final = 4_000
"""Lives that are led at most; each is copied over and over, on any day once as long as there are enough."""
DAYS: Final = 365
BATCH: Final = 1_000
"""Orders of one transaction."""
LANES: Final = 2

_IDS: Final = range(8_765_432_100_000_000, 8_765_432_100_000_000 + IDS)
"""The ids of a life that is to be copied; no other number in its rows looks like them."""
_SAVE: Final = uuid.UUID("c0ffee00-0000-4000-8000-000000000000")
_VARYING: Final = re.compile(rb"87654321000000(\d\d)|\b(\d{4}-\d\d-\d\d)|(" + str(_SAVE).encode() + rb")")


class Copy(NamedTuple):
    """A life that began so many days later, with ids from the first."""

    life: Life
    later: int
    first_id: int


class Stamp:
    """What is written of an order: for each table text with gaps, where ids and days go."""

    def __init__(self, changes: Sequence[Change]) -> None:
        tables = order_saves.rows([Save(0, tuple(changes), _SAVE)], bodies.news)
        self._tables = [_Text(b"".join(map(_line, rows))) for rows in tables]

    def lines(self, copy: Copy) -> tuple[bytes, ...]:
        """The lines of each table, as COPY takes them; empty where there are none."""
        change_id = str(uuid.uuid4()).encode()
        return tuple([table.filled(copy, change_id) for table in self._tables])


class _Text:
    def __init__(self, text: bytes) -> None:
        self._pieces: list[bytes] = []
        self._ids: list[tuple[int, int]] = []
        self._days: list[tuple[int, int]] = []
        self._change_ids: list[int] = []
        end = 0
        for gap in _VARYING.finditer(text):
            place = len(self._pieces) + 1
            self._pieces += [text[end : gap.start()], b""]
            end = gap.end()
            if gap[1]:
                self._ids.append((place, int(gap[1])))
            elif gap[2]:
                self._days.append((place, date.fromisoformat(gap[2].decode()).toordinal()))
            else:
                self._change_ids.append(place)
        self._pieces.append(text[end:])

    def filled(self, copy: Copy, change_id: bytes) -> bytes:
        pieces = self._pieces.copy()
        for place, number in self._ids:
            pieces[place] = b"%d" % (copy.first_id + number)
        for place, day in self._days:
            pieces[place] = _spelled(day + copy.later)
        for place in self._change_ids:
            pieces[place] = change_id
        return b"".join(pieces)


@cache
def _spelled(day: int) -> bytes:
    return date.fromordinal(day).isoformat().encode()


async def fill(
    database: Database, world: World, count: int, *, seed: int = 1, told: Callable[[int], None] = lambda _: None
) -> None:
    """Write so many orders of the year before the world's moment into its campaigns; `told` learns how many more."""
    chance = random.Random(seed)  # noqa: S311 (the same orders each time)
    led = _led(world.campaigns, min(LIVES, count), world.now, chance)
    for campaign in world.campaigns:
        sold = {movement.offer_id for life in led for change in life.changes for movement in change.stock}
        await offers.make_endless(database, world.id, campaign.id, sold)
    async with database.connection() as connection:
        first_id = await connection.fetchval(
            "UPDATE ids SET next = next + $2 WHERE business_id = $1 RETURNING next - $2", world.id, count * IDS
        )
        # Sellers were told long ago.
        await connection.execute("ALTER TABLE outbox ALTER COLUMN dispatched SET DEFAULT true")
    await write(database, _copies(led, count, first_id, world.now, chance), now=world.now, told=told)
    async with database.connection() as connection:
        await connection.execute("ALTER TABLE outbox ALTER COLUMN dispatched SET DEFAULT false")


async def write(
    database: Database, copies: Iterator[Copy], *, now: datetime, told: Callable[[int], None] = lambda _: None
) -> None:
    """Write copies as they are at a moment."""
    stamps: dict[tuple[int, int], Stamp] = {}

    def lines(copy: Copy) -> tuple[bytes, ...]:
        changes = copy.life.until(now - ONE_DAY * copy.later)
        stamp = stamps.get((id(copy.life), len(changes)))
        if stamp is None:
            stamp = stamps[id(copy.life), len(changes)] = Stamp(changes)
        return stamp.lines(copy)

    async def lane() -> None:
        while batch := list(islice(copies, BATCH)):
            tables = zip(*map(lines, batch), strict=True)
            async with database.transaction() as connection:
                for (table, columns), text in zip(_TABLES.items(), tables, strict=True):
                    await connection.copy_to_table(table, columns=columns, source=BytesIO(b"".join(text)))
            told(len(batch))

    await asyncio.gather(*(lane() for _ in range(LANES)))


def _columns(row: type[Struct]) -> list[str]:
    """What is written of a row of the store; the trace of a call PostgreSQL makes up."""
    return [name for name in row.__struct_fields__ if name not in {"expected", "trace"}]


_TABLES: Final = {
    "orders": _columns(order_rows.NewRow),
    "history": _columns(order_saves.HistoryRow),
    "outbox": _columns(order_saves.OutboxRow),
    "stock_movements": _columns(order_saves.LedgerRow),
    "operations": _columns(order_saves.OperationRow),
    "code_questions": _columns(order_saves.QuestionRow),
    "given_codes": _columns(order_saves.CodeRow),
}


def _line(row: Struct) -> bytes:
    """A row as COPY takes it."""
    fields = msgspec.json.decode(msgspec.json.encode(row), type=dict[str, msgspec.Raw])
    return b"\t".join(_spelt(bytes(fields[name])) for name in _columns(type(row))) + b"\n"


def _spelt(json: bytes) -> bytes:
    """A value as COPY takes it: what is not plain goes in as JSON."""
    if json == b"null":
        return rb"\N"
    text = msgspec.json.decode(json, type=str).encode() if json.startswith(b'"') else json
    return text.replace(b"\\", rb"\\").replace(b"\t", rb"\t").replace(b"\n", rb"\n").replace(b"\r", rb"\r")


def _led(campaigns: Sequence[Campaign], count: int, now: datetime, chance: random.Random) -> list[Life]:
    """Lives as if all had begun today, in the order they begin."""
    today = datetime.combine(day_of(now), time(), MOSCOW).astimezone(UTC)
    of_a_model = {campaign.model: campaign for campaign in campaigns}
    models = chance.choices(list(SHARES), list(SHARES.values()), k=count)
    led = [lives.lead(of_a_model[model], today, ids=_IDS, chance=chance) for model in models]
    return sorted(led, key=_began)


def _copies(led: Sequence[Life], count: int, first_id: int, now: datetime, chance: random.Random) -> Iterator[Copy]:
    """So many copies, oldest first: on each day of the year as many, today those that have begun by now."""
    begun = [life for life in led if _began(life) <= now]
    days = DAYS - 1 + len(begun) / len(led)
    made = 0
    for ago in range(DAYS - 1, -1, -1):
        until = round(count * (DAYS - ago) / days) if ago else count
        for life in _some(led if ago else begun, until - made, chance):
            yield Copy(life, -ago, first_id + made * IDS)
            made += 1


def _some(led: Sequence[Life], count: int, chance: random.Random) -> list[Life]:
    """So many lives by chance, in their order; the same one again only when there are too few."""
    again, more = divmod(count, len(led)) if led else (0, 0)
    drawn = [*range(len(led))] * again + chance.sample(range(len(led)), more)
    return [led[place] for place in sorted(drawn)]


def _began(life: Life) -> datetime:
    return life.changes[0].at
