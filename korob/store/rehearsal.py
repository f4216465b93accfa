"""The doors to what is stored, gone through without leaving a trace: a write is decided and answered, not saved."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any

from korob.domain.change import Change
from korob.domain.order import Order
from korob.store.database import BROKEN, Database
from korob.store.ids import Ids
from korob.store.orders import Decide, OrderKey, Orders


class RehearsedOrders(Orders):
    """The door to orders for one call. What it changes, only itself can see; what was due is settled all the same."""

    def __init__(self, orders: Orders) -> None:
        self._real = orders
        self._changed: dict[tuple[int, int], Order] = {}

    async def read(self, key: OrderKey, *, now: datetime) -> Order:
        """The order as this call has left it. Raises OrderNotFound, ClockMovedError."""
        order = await self._real.read(key, now=now)
        return self._changed.get((order.business_id, order.id), order)

    async def change(self, key: OrderKey, decide: Decide, *, now: datetime) -> Order:
        """The order as it would be saved. Raises OrderNotFound, what `decide` raises, ClockMovedError."""
        order = await self.read(key, now=now)
        return self._keep(decide(order, max(now, order.updated_at)).order)

    async def settle(self, key: OrderKey, *, now: datetime) -> int:
        """Apply every deadline that is due, for good: they are none of this call's doing."""
        return await self._real.settle(key, now=now)

    async def place(self, change: Change) -> Order:
        """The new order as it would be saved."""
        return self._keep(change.order)

    def _keep(self, order: Order) -> Order:
        self._changed[order.business_id, order.id] = order
        return order


class RehearsedIds(Ids):
    """The source of ids for one call: shows those that would be drawn, and leaves them where they are."""

    def __init__(self, ids: Ids) -> None:
        self._real = ids
        self._shown = 0

    async def draw(self, business_id: int, count: int = 1) -> Sequence[int]:
        """So many ids, the next ones that anybody will draw. Raises BusinessNotFound."""
        coming = await self._real.coming(business_id, self._shown + count)
        self._shown += count
        return coming[-count:]


class RehearsedDatabase(Database):
    """Connections on which everything is taken back."""

    def __init__(self, database: Database) -> None:
        super().__init__(database.pool)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        """One connection for a while, in a transaction that comes to nothing. Raises DatabaseGoneError."""
        async with super().connection() as connection:
            transaction = connection.transaction()
            await transaction.start()
            try:
                yield connection
            finally:
                with suppress(*BROKEN):
                    await transaction.rollback()
