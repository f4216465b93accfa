"""Pages of orders, newest first, by any filter."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from msgspec import Struct

from korob.domain.order import Order
from korob.domain.order_filter import OrderFilter
from korob.store import order_paths
from korob.store.orders import Listed, OrderKey, Orders

COUNTED_MAX: Final = 10_000
"""How many orders a numbered list counts, and shows."""

_NO_ID: Final = -(2**63)
_ALWAYS: Final = datetime(1, 1, 2, tzinfo=UTC)
_NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)


class Position(NamedTuple):
    """A place in a list: right after this order."""

    created_at: datetime
    order_id: int


class Page(Struct, frozen=True):
    """Some orders of a list. While `due` names orders, settle these and ask again: who knows where they belong then."""

    orders: tuple[Order, ...]
    following: Position | None
    """Where the next page begins, if there is one."""
    total: int
    """Orders found: of a numbered list all up to 10,000, else up to one after this page."""
    due: tuple[OrderKey, ...]
    """Orders of the business with a deadline that is due, not all if there are many; then `orders` is empty."""
    epoch: int
    """The setting of the world's clock in the moment of reading; 0 outside of worlds."""


async def newest(
    orders: Orders,
    *,
    business_id: int,
    campaign_ids: Sequence[int] | None,
    filters: OrderFilter,
    limit: int,
    after: Position | None = None,
    stuck: Collection[int] = (),
    now: datetime,
) -> Page:
    """The newest orders after a position, in these campaigns of a business, for None in all. No campaign, no orders.

    Orders whose ids are in `stuck` are shown as they are, due or not.
    """
    page = await _read(
        orders, business_id, campaign_ids, filters, now, after, found=limit + 1, shown=limit, stuck=stuck
    )
    if page.total <= limit or not page.orders:
        return page
    last = page.orders[-1]
    return Page(page.orders, Position(last.created_at, last.id), page.total, page.due, page.epoch)


async def numbered(
    orders: Orders,
    *,
    business_id: int,
    campaign_ids: Sequence[int] | None,
    filters: OrderFilter,
    number: int,
    size: int,
    stuck: Collection[int] = (),
    now: datetime,
) -> Page:
    """A page of the same list by its number, from 1, with the total of all pages."""
    skipped = (number - 1) * size
    return await _read(
        orders,
        business_id,
        campaign_ids,
        filters,
        now,
        None,
        found=COUNTED_MAX,
        skipped=skipped,
        shown=size,
        stuck=stuck,
    )


async def _read(
    orders: Orders,
    business_id: int,
    campaign_ids: Sequence[int] | None,
    filters: OrderFilter,
    now: datetime,
    after: Position | None,
    *,
    found: int,
    skipped: int = 0,
    shown: int,
    stuck: Collection[int],
) -> Page:
    ends = [Position(end, _NO_ID) for end in (filters.created_to, filters.updated_to, _NEVER) if end]
    before = min(ends if after is None else [after, *ends])
    async with orders.database.connection() as connection:
        rows = await connection.fetch(
            order_paths.to(filters, now=now),
            business_id,
            campaign_ids,
            filters.models,
            filters.fake,
            filters.created_from or _ALWAYS,
            before.created_at,
            before.order_id,
            filters.statuses,
            filters.substatuses,
            filters.ships_from,
            filters.ships_to,
            filters.updated_from,
            filters.updated_to,
            filters.dispatch,
            filters.buyer_type,
            filters.source_platforms,
            filters.has_cis,
            filters.waiting,
            filters.estimated,
            filters.ended_since,
            filters.order_ids,
            filters.external_ids,
            now,
            found,
            skipped,
            shown,
        )
    return await _page(orders, rows, business_id, stuck)


async def _page(orders: Orders, rows: Sequence[Any], business_id: int, stuck: Collection[int]) -> Page:
    *_, total, epoch, due_campaigns, due_orders = rows[0]
    due = tuple(
        OrderKey(business_id, campaign_id, order_id, epoch)
        for campaign_id, order_id in zip(due_campaigns or (), due_orders or (), strict=True)
        if order_id not in stuck
    )
    listed = [] if due else [Listed(*row[:4]) for row in rows if row[0] is not None]
    return Page(await orders.listed(business_id, listed), None, total, due, epoch)
