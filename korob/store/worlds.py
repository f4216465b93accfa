"""Worlds: businesses made for a test, each with a clock of its own, and what their sellers were to be told."""

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID
from weakref import WeakKeyDictionary

import asyncpg
import msgspec
from msgspec import Struct

from korob.clock import WALL, Clock
from korob.domain import api_key, invented, warehouse
from korob.domain.authority import Authority
from korob.domain.campaign import Campaign, Scope
from korob.domain.invented import Lots
from korob.domain.refusal import Refusal
from korob.domain.words import Model
from korob.store import campaign_rows, campaigns, subscriptions
from korob.store.database import Database

MODELS: Final = (Model.DBS, Model.FBS, Model.EXPRESS, Model.FBY, Model.LAAS)
"""The campaigns that a world is made with, one of each."""
FIRST_ID: Final = 10_000_001
IDS: Final = 80_000_000
"""Ids of worlds lie within so many from the first: with a digit added they still fit 31 bits, as a campaign's id."""
STEP: Final = 7_919
"""Between the ids of two neighbouring seeds there is room for as many worlds of the first."""
FIRST_ORDER_ID: Final = 10_000_000_000
SEEDS_APART: Final = 80_000
ORDERS_APART: Final = 1_000_000
"""Orders' ids of two neighbouring seeds are so far apart, and have eleven digits."""
TOKEN_PREFIX: Final = "world-"


class WorldNotFound(Refusal):
    """There is no such world."""

    template = "World not found {world_id}"


class World(Struct, frozen=True):
    """A world that was just made. This is the only time that its tokens can be seen."""

    id: int
    business_id: int
    seed: int
    api_key: str
    operator_token: str
    now: datetime
    campaigns: tuple[Campaign, ...]


class WorldOnFile(Struct, frozen=True):
    """A world as it stands. `jump_to` is the target of a jump that is under way, or was interrupted."""

    id: int
    seed: int
    limits: bool
    clock: Clock
    jump_to: datetime | None = None
    ran: int = 0
    """Deadlines that this jump has acted on so far."""


class Notice(Struct, frozen=True):
    """A row of the outbox; `body` is JSON, `attempts` are the knocks at the seller's door so far.

    `trace` is that of the call that caused it.
    """

    id: int
    type: str
    campaign_id: int
    order_id: int
    at: datetime
    body: bytes
    trace: UUID
    attempts: int


class Address(Struct, frozen=True):
    """A campaign, and the time at its business; `seed` is its world's, None outside of worlds."""

    campaign: Campaign
    clock: Clock
    seed: int | None
    authority: Authority | None
    """Who checks codes in its world, None outside of worlds."""

    @property
    def in_world(self) -> bool:
        """Whether what is missing may be made on the way."""
        return self.seed is not None


async def create(
    database: Database,
    *,
    seed: int | None,
    now: datetime | None,
    wall: datetime,
    limits: bool = True,
    frozen: bool = False,
) -> World:
    """Make a world in one statement; its clock runs, or stands frozen, from `now`, else from the wall's time.

    Its id follows from the seed: the same in every fresh database, the next free one if it is taken.
    """
    if seed is None:
        seed = secrets.randbelow(2**31)
    key_token, operator_token = campaigns.new_token(), TOKEN_PREFIX + secrets.token_urlsafe(32)
    secret = await _secret(database)
    arguments = (
        FIRST_ID + seed * STEP % IDS,
        seed,
        f"World {seed}",
        limits,
        now - wall if now else WALL.offset,
        campaigns.token_hash(secret, operator_token),
        [model.value for model in MODELS],
        campaigns.token_hash(secret, key_token),
        key_token[: api_key.SHOWN_LENGTH],
        [Scope.ALL_METHODS.value],
        FIRST_ORDER_ID + seed % SEEDS_APART * ORDERS_APART,
        (now or wall) if frozen else None,
        *zip(*_sites(seed), strict=True),
    )
    while True:
        try:
            world_id = await _insert(database, arguments)
            break
        except asyncpg.UniqueViolationError:
            # Another world took the id at this very moment; the next look finds the next one.
            continue
    return World(
        id=world_id,
        business_id=world_id,
        seed=seed,
        api_key=key_token,
        operator_token=operator_token,
        now=now or wall,
        campaigns=tuple(
            Campaign(
                id=world_id * 10 + place,
                business_id=world_id,
                business_name=f"World {seed}",
                name=model,
                model=model,
                warehouse_id=world_id * 10 + len(MODELS) + place,
            )
            for place, model in enumerate(MODELS, 1)
        ),
    )


async def get(database: Database, world_id: int) -> WorldOnFile:
    """Read a world. Raises WorldNotFound."""
    async with database.connection() as connection:
        row = await connection.fetchrow("SELECT * FROM worlds WHERE business_id = $1", world_id)
    if row is None:
        raise WorldNotFound(world_id=world_id)
    return _on_file(row)


async def every(database: Database) -> tuple[WorldOnFile, ...]:
    """All worlds, by their ids."""
    async with database.connection() as connection:
        rows = await connection.fetch("SELECT * FROM worlds ORDER BY business_id")
    return tuple(map(_on_file, rows))


async def clock_of(database: Database, business_id: int) -> Clock:
    """The clock of a business: its world's, else the wall's."""
    async with database.connection() as connection:
        row = await connection.fetchrow(
            "SELECT clock_offset, frozen_at, epoch FROM worlds WHERE business_id = $1", business_id
        )
    return read_clock(row) if row else WALL


async def address(database: Database, campaign_id: int) -> Address:
    """Look up a campaign by its id alone. Raises CampaignNotFound."""
    async with database.connection() as connection:
        row = await connection.fetchrow(
            """
            SELECT campaigns.*, businesses.name AS business_name, seed, clock_offset, frozen_at, epoch, rules
            FROM campaigns
            JOIN businesses ON businesses.id = campaigns.business_id
            LEFT JOIN worlds ON worlds.business_id = campaigns.business_id
            LEFT JOIN code_rules ON code_rules.business_id = campaigns.business_id
            WHERE campaigns.id = $1
            """,
            campaign_id,
        )
    if row is None:
        raise campaigns.CampaignNotFound(campaign_id=campaign_id)
    campaign = campaign_rows.campaign(row)
    if row["seed"] is None:
        return Address(campaign, WALL, None, None)
    return Address(campaign, read_clock(row), row["seed"], campaign_rows.authority(row["rules"]))


async def opened_by(database: Database, operator_token: str) -> int | None:
    """The world whose operator token this is; None if it is nobody's."""
    if not operator_token.startswith(TOKEN_PREFIX):
        return None
    token_hash = campaigns.token_hash(await _secret(database), operator_token)
    async with database.connection() as connection:
        world_id: int | None = await connection.fetchval(
            "SELECT business_id FROM worlds WHERE token_hash = $1", token_hash
        )
    return world_id


async def set_clock(
    database: Database, world_id: int, *, offset: timedelta = WALL.offset, frozen_at: datetime | None = None
) -> Clock:
    """Set a world's clock; the clock with the epoch that it has now. Raises WorldNotFound."""
    async with database.connection() as connection:
        row = await connection.fetchrow(
            """
            UPDATE worlds
            SET clock_offset = $2, frozen_at = $3, epoch = epoch + 1
            WHERE business_id = $1
            RETURNING clock_offset, frozen_at, epoch
            """,
            world_id,
            offset,
            frozen_at,
        )
    if row is None:
        raise WorldNotFound(world_id=world_id)
    return read_clock(row)


async def soonest(database: Database, world_id: int) -> datetime | None:
    """The moment of the soonest deadline in a world; None if nothing is due ever."""
    async with database.connection() as connection:
        at: datetime | None = await connection.fetchval(
            "SELECT min(look_at) FROM orders WHERE business_id = $1", world_id
        )
    return at


async def notices(
    database: Database, world_id: int, *, kind: str | None = None, order_id: int | None = None, after: int = 0
) -> tuple[Notice, ...]:
    """What the seller was to be told, oldest first: of one type, about one order, later ones than `after`."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT id, type, campaign_id, order_id, at, body, trace,
                   (
                       SELECT coalesce(sum(attempts), 0)
                       FROM deliveries
                       WHERE deliveries.business_id = outbox.business_id AND outbox_id = outbox.id
                   ) AS attempts
            FROM outbox
            WHERE business_id = $1 AND id > $2
              AND ($3::text IS NULL OR type = $3)
              AND ($4::bigint IS NULL OR order_id = $4)
            ORDER BY at, id
            """,
            world_id,
            after,
            kind,
            order_id,
        )
    return tuple(Notice(**row) for row in rows)


async def delete(database: Database, world_id: int) -> None:
    """Remove a world and all that is its business's, in whatever table. Raises WorldNotFound."""
    async with database.transaction() as connection:
        await subscriptions.count_before_end(connection, world_id)
        # Then the business itself: this waits for the orders that are being placed or changed, and shuts the door
        # to more of them. Whatever they wrote besides is there when the rest is swept.
        gone = await connection.fetchval(
            "DELETE FROM businesses USING worlds WHERE id = $1 AND business_id = id RETURNING id", world_id
        )
        if gone is None:
            raise WorldNotFound(world_id=world_id)
        await _sweep(connection, world_id)


def read_clock(row: Any) -> Clock:
    """The clock in a row with its three columns."""
    return Clock(row["clock_offset"], row["frozen_at"], row["epoch"])


async def _sweep(connection: Any, business_id: int) -> None:
    # Every table that knows businesses has the column; asking the catalogue for them forgets none.
    statements = await connection.fetch(
        """
        SELECT format('DELETE FROM %I WHERE business_id = $1', relname) AS delete
        FROM pg_class
        JOIN pg_attribute ON attrelid = pg_class.oid
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
          AND attname = 'business_id'
        ORDER BY relname
        """
    )
    for row in statements:
        await connection.execute(row["delete"], business_id)


async def _insert(database: Database, arguments: tuple[Any, ...]) -> int:
    async with database.connection() as connection:
        world_id: int = await connection.fetchval(
            """
            WITH place AS (
                SELECT min(free) AS id
                FROM (
                    SELECT $1::bigint AS free WHERE NOT EXISTS (SELECT FROM businesses WHERE id = $1)
                    UNION ALL
                    (
                        SELECT id + 1
                        FROM businesses AS taken
                        WHERE id >= $1 AND NOT EXISTS (SELECT FROM businesses WHERE id = taken.id + 1)
                        ORDER BY id
                        LIMIT 1
                    )
                ) AS candidates
            ), business AS (
                INSERT INTO businesses (id, name) SELECT id, $3 FROM place RETURNING id
            ), world AS (
                INSERT INTO worlds (business_id, seed, limits, clock_offset, token_hash, frozen_at)
                SELECT id, $2, $4, $5, $6, $12 FROM business
            ), campaign AS (
                INSERT INTO campaigns (id, business_id, name, model, warehouse_id)
                SELECT id * 10 + place, id, model, model, id * 10 + cardinality($7::text[]) + place
                FROM business, unnest($7::text[]) WITH ORDINALITY AS models (model, place)
                RETURNING *
            ), warehouse AS (
                INSERT INTO warehouses (business_id, id, campaign_id, name, city, street, number, latitude, longitude)
                SELECT business_id, warehouse_id, campaign.id, told.name, city, street, number, latitude, longitude
                FROM campaign
                JOIN unnest(
                    $7::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::numeric[], $18::numeric[]
                ) AS told (model, name, city, street, number, latitude, longitude) USING (model)
            ), key AS (
                INSERT INTO api_keys (hash, business_id, name, prefix, scopes)
                SELECT $8, id, 'World', $9, $10 FROM business
            )
            INSERT INTO ids (business_id, next) SELECT id, $11 FROM business
            RETURNING business_id
            """,
            *arguments,
        )
    return world_id


def _sites(seed: int) -> Iterator[tuple[str, str, str | None, str | None, Decimal, Decimal]]:
    """Name and place of the warehouse of each model: all in the city where the campaigns are at home."""
    lots, home = Lots(f"{seed}/warehouses"), invented.CITIES[0]
    for model in MODELS:
        name = f"Склад Маркета {model}" if model in warehouse.OF_THE_MARKET else f"Склад {model}"
        place = invented.address(lots, home)
        assert place.gps is not None  # noqa: S101
        yield name, home.region.name, place.street, place.house, place.gps.latitude, place.gps.longitude


async def _secret(database: Database) -> bytes:
    known = _SECRETS.get(database)
    if known is None:
        known = _SECRETS[database] = await campaigns.secret(database)
    return known


def _on_file(row: Any) -> WorldOnFile:
    return WorldOnFile(
        id=row["business_id"],
        seed=row["seed"],
        limits=row["limits"],
        clock=read_clock(row),
        jump_to=row["jump_to"],
        ran=msgspec.json.decode(row["jump_answer"], type=int) if row["jump_answer"] else 0,
    )


_SECRETS: Final[WeakKeyDictionary[Database, bytes]] = WeakKeyDictionary()
