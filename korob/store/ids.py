"""Ids for what a change may create: drawn beforehand, from blocks leased per business."""

import asyncio
from collections.abc import Sequence
from typing import Final

from korob.store.campaigns import BusinessNotFound
from korob.store.database import Database

BLOCK: Final = 256


class Ids:
    """A source of ids, unique within a business, growing, below 2^53. A stop loses what was leased and not drawn."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._leased: dict[int, tuple[int, int]] = {}
        self._leasing: dict[int, asyncio.Lock] = {}

    async def draw(self, business_id: int, count: int = 1) -> Sequence[int]:
        """So many fresh ids. Raises BusinessNotFound when the business was deleted."""
        drawn = await self.coming(business_id, count)
        self._leased[business_id] = (drawn.stop, self._leased[business_id][1])
        return drawn

    async def coming(self, business_id: int, count: int = 1) -> range:
        """The ids that would be drawn now. Raises BusinessNotFound when the business was deleted."""
        while True:
            first, end = self._leased.get(business_id, (0, 0))
            if first + count <= end:
                return range(first, first + count)
            async with self._leasing.setdefault(business_id, asyncio.Lock()):
                if self._leased.get(business_id, (0, 0)) == (first, end):
                    self._leased[business_id] = await self._lease(business_id, max(BLOCK, count))

    async def _lease(self, business_id: int, count: int) -> tuple[int, int]:
        async with self._database.connection() as connection:
            end = await connection.fetchval(
                "UPDATE ids SET next = next + $2 WHERE business_id = $1 RETURNING next", business_id, count
            )
        if end is None:
            raise BusinessNotFound(business_id=business_id)
        return end - count, end

    def forget(self, business_id: int) -> None:
        """Drop what is leased for a business that is gone."""
        self._leased.pop(business_id, None)
        self._leasing.pop(business_id, None)
