"""Businesses, their campaigns and their keys: how they come into being and are looked at."""

import hashlib
import hmac
import secrets
import string
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import asyncpg

from korob.domain import api_key
from korob.domain.api_key import KEYS_MAX, KeyNameTaken, TooManyKeys
from korob.domain.campaign import Campaign, Scope
from korob.domain.refusal import Refusal
from korob.domain.value import Value
from korob.domain.words import ApiAvailability, Model
from korob.store import campaign_rows
from korob.store.database import Database

IDS_PER_BUSINESS: Final = 1_000_000
"""The ids of a business start at its own id times this: more than nine digits, and other than its neighbour's."""

_ALPHABET: Final = string.ascii_letters + string.digits


class BusinessNotFound(Refusal):
    """There is no such business."""

    template = "Business not found {business_id}"


class CampaignNotFound(Refusal):
    """The business has no such campaign."""

    template = "Campaign not found {campaign_id}"


class KeyNotFound(Refusal):
    """The business has no such live key."""

    template = "Token not found {key_id}"


class Business(Value, frozen=True):
    """A seller's cabinet."""

    id: int
    name: str
    yandex_go: bool
    created_at: datetime


class NewKey(Value, frozen=True):
    """A key that was just made. This is the only time that its token can be seen."""

    id: int
    token: str


class KeyOnFile(Value, frozen=True):
    """What the office shows of a key; `prefix` are the first characters of its token."""

    id: int
    name: str
    prefix: str
    scopes: tuple[Scope, ...]
    oauth: bool
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


async def create_business(database: Database, name: str, *, yandex_go: bool = False) -> int:
    """Make a business without campaigns or keys; its id."""
    async with database.connection() as connection:
        business_id: int = await connection.fetchval(
            """
            WITH business AS (
                INSERT INTO businesses (name, yandex_go) VALUES ($1, $2)
                RETURNING id
            )
            INSERT INTO ids (business_id, next)
            SELECT id, id * $3 FROM business
            RETURNING business_id
            """,
            name,
            yandex_go,
            IDS_PER_BUSINESS,
        )
    return business_id


async def business(database: Database, business_id: int) -> Business:
    """Read a business. Raises BusinessNotFound."""
    async with database.connection() as connection:
        row = await connection.fetchrow(
            "SELECT id, name, yandex_go, created_at FROM businesses WHERE id = $1", business_id
        )
    if row is None:
        raise BusinessNotFound(business_id=business_id)
    return Business(**row)


async def businesses(database: Database, *, only: int | None, after: int, limit: int) -> tuple[Business, ...]:
    """Some businesses, by their ids, that come after one; worlds too. With `only` that one at most."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT id, name, yandex_go, created_at
            FROM businesses
            WHERE id > $1 AND ($2::bigint IS NULL OR id = $2)
            ORDER BY id
            LIMIT $3
            """,
            after,
            only,
            limit,
        )
    return tuple(Business(**row) for row in rows)


async def create_campaign(
    database: Database, business_id: int, name: str, model: Model, *, cis_gate: bool = True
) -> Campaign:
    """Open a campaign, with a warehouse of its own, for a business. Raises BusinessNotFound."""
    async with database.connection() as connection:
        row = await connection.fetchrow(
            """
            WITH campaign AS (
                INSERT INTO campaigns (business_id, name, model, cis_gate)
                SELECT id, $2, $3, $4 FROM businesses WHERE id = $1
                RETURNING *
            ), warehouse AS (
                INSERT INTO warehouses (business_id, id, campaign_id, name)
                SELECT business_id, warehouse_id, id, name FROM campaign
            )
            SELECT campaign.*, businesses.name AS business_name
            FROM campaign JOIN businesses ON businesses.id = campaign.business_id
            """,
            business_id,
            name,
            model,
            cis_gate,
        )
    if row is None:
        raise BusinessNotFound(business_id=business_id)
    return campaign_rows.campaign(row)


async def campaigns_of(database: Database, business_id: int) -> tuple[Campaign, ...]:
    """The campaigns of a business, oldest first; none for an unknown business."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT campaigns.*, businesses.name AS business_name
            FROM campaigns JOIN businesses ON businesses.id = campaigns.business_id
            WHERE campaigns.business_id = $1
            ORDER BY campaigns.id
            """,
            business_id,
        )
    return tuple(map(campaign_rows.campaign, rows))


async def edit_campaign(
    database: Database,
    business_id: int,
    campaign_id: int,
    *,
    availability: ApiAvailability | None = None,
    cis_gate: bool | None = None,
) -> None:
    """Switch a campaign's API, or its gate for CIS, on or off; None leaves it as it is.

    Raises CampaignNotFound, for another business's campaign too.
    """
    async with database.connection() as connection:
        edited = await connection.fetchval(
            """
            WITH noticed AS (
                -- Whoever still goes by the campaign as it was is told to look again.
                UPDATE worlds SET epoch = epoch + 1 WHERE business_id = $1
            )
            UPDATE campaigns SET availability = coalesce($3, availability), cis_gate = coalesce($4, cis_gate)
            WHERE business_id = $1 AND id = $2
            RETURNING id
            """,
            business_id,
            campaign_id,
            availability,
            cis_gate,
        )
    if edited is None:
        raise CampaignNotFound(campaign_id=campaign_id)


async def create_key(
    database: Database, business_id: int, name: str, scopes: Iterable[str] = (), *, oauth: bool = False
) -> NewKey:
    """Issue a key, or an OAuth token, which has no scopes.

    Raises BadKeyName, UnknownScope, NoScopes, BusinessNotFound, KeyNameTaken and TooManyKeys.
    """
    api_key.checked_name(name)
    granted = frozenset() if oauth else api_key.scopes_of(scopes)
    token = new_token(oauth=oauth)
    async with database.transaction() as connection:
        await _lock(connection, business_id)
        if not oauth and await _live_keys(connection, business_id) >= KEYS_MAX:
            raise TooManyKeys(max=KEYS_MAX)
        try:
            key_id: int = await connection.fetchval(
                """
                INSERT INTO api_keys (hash, business_id, name, prefix, scopes, oauth)
                VALUES ($1, $2, $3, $4, $5, $6)
                RETURNING id
                """,
                token_hash(await _secret(connection), token),
                business_id,
                name,
                token[: api_key.SHOWN_LENGTH],
                sorted(granted),
                oauth,
            )
        except asyncpg.UniqueViolationError:
            raise KeyNameTaken(name=name) from None
    return NewKey(key_id, token)


async def edit_key(database: Database, business_id: int, key_id: int, *, name: str, scopes: Iterable[str]) -> None:
    """Give a live key another name and other scopes.

    Raises BadKeyName, UnknownScope, NoScopes, KeyNameTaken and KeyNotFound, for an OAuth token too.
    """
    api_key.checked_name(name)
    granted = api_key.scopes_of(scopes)
    async with database.connection() as connection:
        try:
            edited = await connection.fetchval(
                """
                UPDATE api_keys SET name = $3, scopes = $4
                WHERE business_id = $1 AND id = $2 AND revoked_at IS NULL AND NOT oauth
                RETURNING id
                """,
                business_id,
                key_id,
                name,
                sorted(granted),
            )
        except asyncpg.UniqueViolationError:
            raise KeyNameTaken(name=name) from None
    if edited is None:
        raise KeyNotFound(key_id=key_id)


async def revoke_key(database: Database, business_id: int, key_id: int, *, oauth: bool = False) -> None:
    """Delete a key, or an OAuth token, for good. Raises KeyNotFound, for one that is revoked already too."""
    async with database.connection() as connection:
        revoked = await connection.fetchval(
            """
            UPDATE api_keys SET revoked_at = now()
            WHERE business_id = $1 AND id = $2 AND revoked_at IS NULL AND oauth = $3
            RETURNING id
            """,
            business_id,
            key_id,
            oauth,
        )
    if revoked is None:
        raise KeyNotFound(key_id=key_id)


async def keys_of(database: Database, business_id: int) -> tuple[KeyOnFile, ...]:
    """All keys that a business has and had, oldest first."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT id, name, prefix, scopes, oauth, created_at, last_used_at, revoked_at
            FROM api_keys
            WHERE business_id = $1
            ORDER BY id
            """,
            business_id,
        )
    return tuple(KeyOnFile(**{**row, "scopes": tuple(map(Scope, row["scopes"]))}) for row in rows)


def new_token(*, oauth: bool = False) -> str:
    """A token that nobody has: `ACMA:`, 40 letters and digits, `:` and a checksum; or one that starts with `y0_`."""
    if oauth:
        return api_key.OAUTH_PREFIX + secrets.token_urlsafe(40)
    return api_key.token_of("".join(secrets.choice(_ALPHABET) for _ in range(api_key.SECRET_LENGTH)))


def token_hash(secret: bytes, token: str) -> bytes:
    """What is stored of a token: its HMAC-SHA-256, keyed with the database's secret."""
    return hmac.digest(secret, token.encode(), hashlib.sha256)


async def secret(database: Database) -> bytes:
    """The secret that tokens are hashed with; it never changes in the life of a database."""
    async with database.connection() as connection:
        return await _secret(connection)


async def _secret(connection: Any) -> bytes:
    value: bytes = await connection.fetchval("SELECT value FROM secrets WHERE name = 'api_keys'")
    return value


async def _lock(connection: Any, business_id: int) -> None:
    # Two keys made at once must not both be the thirtieth.
    if not await connection.fetchval("SELECT id FROM businesses WHERE id = $1 FOR NO KEY UPDATE", business_id):
        raise BusinessNotFound(business_id=business_id)


async def _live_keys(connection: Any, business_id: int) -> int:
    count: int = await connection.fetchval(
        "SELECT count(*) FROM api_keys WHERE business_id = $1 AND revoked_at IS NULL AND NOT oauth", business_id
    )
    return count
