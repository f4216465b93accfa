"""What was already answered: a request with an Idempotency-Key is done once, for 24 hours of the wall's time.

Whoever claims a key holds its turn (`korob.store.turns`) from looking for it until the answer is kept.
"""

import hashlib
from datetime import timedelta
from typing import Final

import asyncpg
import msgspec
from msgspec import Struct

from korob.domain.refusal import Refusal
from korob.store.campaigns import BusinessNotFound
from korob.store.database import Database, as_json

KEPT: Final = timedelta(hours=24)
LENGTH_MAX: Final = 200


class KeyReused(Refusal):
    """The key came with another request before."""

    template = "Idempotency-Key {key} was used for another request"


class BadKey(Refusal):
    """A key is text of 1 to 200 characters."""

    template = "Idempotency-Key must have 1 to 200 characters"


class Claim(Struct, frozen=True, omit_defaults=True):
    """How far a request with a key has come."""

    reserved: int | None = None
    """The id that the first try was going to use; whether it came as far as that is not known."""
    answer: str | None = None
    """The answer given, to the letter."""


def checked(key: str) -> str:
    """The key, if it may be one. Raises BadKey."""
    if not 1 <= len(key) <= LENGTH_MAX:
        raise BadKey
    return key


def digest(verb: str, path: str, body: bytes) -> bytes:
    """What tells one request from another."""
    return hashlib.sha256(b"\n".join((verb.encode(), path.encode(), body))).digest()


async def find(database: Database, business_id: int, key: str, request: bytes) -> Claim | None:
    """What became of a request with this key; None if there was none of late. Raises KeyReused."""
    async with database.connection() as connection:
        row = await connection.fetchrow(
            """
            SELECT request, answer
            FROM idempotency
            WHERE business_id = $1 AND key = $2 AND made_at > now() - $3::interval
            """,
            business_id,
            key,
            KEPT,
        )
    if row is None:
        return None
    if row["request"] != request:
        raise KeyReused(key=key)
    return _CLAIMS.decode(row["answer"])


async def claim(database: Database, business_id: int, key: str, request: bytes, *, reserved: int | None = None) -> None:
    """Write down that a request with this key is under way, over one that is too old to count.

    Raises BusinessNotFound.
    """
    async with database.connection() as connection:
        try:
            await connection.execute(
                """
                INSERT INTO idempotency (business_id, key, request, answer) VALUES ($1, $2, $3, $4)
                ON CONFLICT (business_id, key)
                DO UPDATE SET request = excluded.request, answer = excluded.answer, made_at = now()
                """,
                business_id,
                key,
                request,
                as_json(Claim(reserved=reserved)),
            )
        except asyncpg.ForeignKeyViolationError:
            raise BusinessNotFound(business_id=business_id) from None


async def keep(database: Database, business_id: int, key: str, answer: bytes) -> None:
    """Keep the answer to a request that was claimed."""
    async with database.connection() as connection:
        await connection.execute(
            "UPDATE idempotency SET answer = $3 WHERE business_id = $1 AND key = $2",
            business_id,
            key,
            answered(answer),
        )


async def release(database: Database, business_id: int, key: str) -> None:
    """Give a claim up: the request was refused, and may be put right under the same key."""
    async with database.connection() as connection:
        await connection.execute("DELETE FROM idempotency WHERE business_id = $1 AND key = $2", business_id, key)


async def forget_old(database: Database) -> int:
    """Drop the keys that are over their 24 hours; how many they were."""
    async with database.connection() as connection:
        status: str = await connection.execute("DELETE FROM idempotency WHERE made_at <= now() - $1::interval", KEPT)
    return int(status.rpartition(" ")[2])


def answered(answer: bytes) -> bytes:
    """The stored form of a claim with its answer."""
    return as_json(Claim(answer=answer.decode()))


_CLAIMS: Final = msgspec.json.Decoder(Claim)
