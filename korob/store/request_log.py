"""The log of what sellers' programs asked and were answered, and how it is searched."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct

from korob.domain.refusal import Refusal
from korob.store.database import Database

SWEPT_AT_ONCE: Final = 5_000


class CallNotFound(Refusal):
    """The log has no such call of this business, or not any more."""

    template = "Call not found {call_id}"


class Logged(Struct, frozen=True):
    """A call as it is written down; `request` and `answer` are masked and cut."""

    business_id: int
    at: datetime
    campaign_id: int | None
    order_id: int | None
    operation: str
    verb: str
    path: str
    status: int
    milliseconds: float
    trace: UUID
    key_name: str
    integration: str | None
    rehearsed: bool
    request: str
    answer: str


class OnFile(Logged, frozen=True):
    """A call as it is read again."""

    id: int


class Search(Struct, frozen=True):
    """Which calls: all that is given must fit. `text` is looked for in path, request and answer; `failed` is 400 up."""

    operation: str | None = None
    status: int | None = None
    failed: bool | None = None
    campaign_id: int | None = None
    order_id: int | None = None
    trace: UUID | None = None
    key_name: str | None = None
    integration: str | None = None
    text: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def write(database: Database, calls: Sequence[Logged]) -> None:
    """Write calls down, except those of businesses that are gone."""
    async with database.transaction() as connection:
        # Losing the last second of the log with the machine is no loss; waiting for the disk each time would be.
        await connection.execute("SET LOCAL synchronous_commit = off")
        there = await connection.fetchval(
            """
            SELECT array_agg(id)
            FROM (SELECT id FROM businesses WHERE id = ANY($1::bigint[]) ORDER BY id FOR KEY SHARE) AS locked
            """,
            list({call.business_id for call in calls}),
        )
        # Many long texts: as a COPY they cost half of what they do as a statement's arguments.
        await connection.copy_records_to_table(
            "request_log",
            columns=Logged.__struct_fields__,
            records=[msgspec.structs.astuple(call) for call in calls if call.business_id in (there or ())],
        )


async def search(
    database: Database, business_id: int, wanted: Search, *, before: int | None = None, limit: int = 50
) -> tuple[OnFile, ...]:
    """The newest calls that fit, newest first, older ones than the call `before`."""
    async with database.search() as connection:
        rows = await connection.fetch(
            """
            SELECT *
            FROM request_log
            WHERE business_id = $1
              AND ($2::bigint IS NULL OR id < $2)
              AND ($3::text IS NULL OR operation = $3)
              AND ($4::int IS NULL OR status = $4)
              AND ($5::boolean IS NULL OR (status >= 400) = $5)
              AND ($6::bigint IS NULL OR campaign_id = $6)
              AND ($7::bigint IS NULL OR order_id = $7)
              AND ($8::uuid IS NULL OR trace = $8)
              AND ($9::text IS NULL OR key_name = $9)
              AND ($10::text IS NULL OR integration = $10)
              AND ($11::text IS NULL OR path LIKE $11 OR request LIKE $11 OR answer LIKE $11)
              AND ($12::timestamptz IS NULL OR at >= $12)
              AND ($13::timestamptz IS NULL OR at < $13)
            ORDER BY id DESC
            LIMIT $14
            """,
            business_id,
            before,
            wanted.operation,
            wanted.status,
            wanted.failed,
            wanted.campaign_id,
            wanted.order_id,
            wanted.trace,
            wanted.key_name,
            wanted.integration,
            _containing(wanted.text),
            wanted.since,
            wanted.until,
            limit,
        )
    return tuple(_on_file(row) for row in rows)


async def get(database: Database, business_id: int, call_id: int) -> OnFile:
    """One call. Raises CallNotFound, for another business's too."""
    async with database.connection() as connection:
        row = await connection.fetchrow(
            "SELECT * FROM request_log WHERE business_id = $1 AND id = $2", business_id, call_id
        )
    if row is None:
        raise CallNotFound(call_id=call_id)
    return _on_file(row)


async def forget_old(database: Database, *, before: datetime) -> int:
    """Forget all calls that are older, some at a time; how many there were."""
    forgotten = 0
    while swept := await _sweep(database, before):
        forgotten += swept
    return forgotten


async def _sweep(database: Database, before: datetime) -> int:
    async with database.connection() as connection:
        swept: int = await connection.fetchval(
            """
            WITH old AS (
                SELECT business_id, id
                FROM request_log
                WHERE at < $1
                ORDER BY at
                LIMIT $2
            ), swept AS (
                DELETE FROM request_log USING old
                WHERE request_log.business_id = old.business_id AND request_log.id = old.id
                RETURNING 1
            )
            SELECT count(*) FROM swept
            """,
            before,
            SWEPT_AT_ONCE,
        )
    return swept


def _containing(text: str | None) -> str | None:
    if text is None:
        return None
    escaped = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"


def _on_file(row: Any) -> OnFile:
    return OnFile(**row)
