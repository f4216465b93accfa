"""Marking codes found by themselves: which of them are on orders already."""

import hashlib
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple


class ClaimedCode(NamedTuple):
    """A code, as codes are compared, that an order has been decided on as on none of the business's other orders."""

    business_id: int
    order_id: int
    code: str


class CodesTakenError(Exception):
    """Other orders have some of the codes that a change was decided on as new: decide it anew, knowing which."""

    def __init__(self, codes: Iterable[str]) -> None:
        super().__init__("other orders have the codes")
        self.codes = frozenset(codes)


async def taken(connection: Any, claims: Collection[ClaimedCode]) -> frozenset[ClaimedCode]:
    """Which of these claims are in vain: another order of the business, in any campaign, has the code and may sell it.

    An order that was cancelled or came back has sold nothing, a test order neither, nor one whose code was found bad.
    Until the connection's transaction ends nobody else learns that for these businesses: of two who claim the same code
    the later one sees what the other has written.
    """
    await connection.execute(
        "SELECT pg_advisory_xact_lock(lock) FROM unnest($1::bigint[]) AS lock",
        sorted({_lock(claim.business_id) for claim in claims}),
    )
    # A statement of its own: it sees all that was committed before the lock was had.
    rows = await connection.fetch(
        """
        SELECT DISTINCT c.business_id, c.order_id, c.code
        FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS c(business_id, order_id, code)
        JOIN given_codes g ON g.business_id = c.business_id AND g.code = c.code AND g.order_id <> c.order_id
        JOIN orders o ON o.business_id = g.business_id AND o.order_id = g.order_id
        WHERE NOT o.fake
          AND o.status NOT IN ('CANCELLED', 'RETURNED')
          AND EXISTS (
              SELECT
              FROM jsonb_array_elements(o.body->'codes') AS had
              WHERE had->>'value' = g.value
                AND had->>'status' NOT IN ('INVALID', 'FAILED')
                AND coalesce(had->'foretold'->>'status', '') NOT IN ('INVALID', 'FAILED')
          )
        """,
        *zip(*claims, strict=True),
    )
    return frozenset(ClaimedCode(*row) for row in rows)


def _lock(business_id: int) -> int:
    return int.from_bytes(hashlib.sha256(f"codes of {business_id}".encode()).digest()[:8], signed=True)
