"""The four methods: read one order, list orders, remove items, pack boxes."""

import base64
import binascii
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from sqlalchemy import select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from bench.plain import presenting, schemas
from bench.plain.access import Caller, ItemsRemover, Packer, Reader
from bench.plain.database import Session
from bench.plain.errors import ApiError
from bench.plain.tables import Audit, Box, BoxItem, Order

router = APIRouter(prefix="/v2/campaigns/{campaign_id}/orders")

OrderId = Annotated[int, Path(ge=0, le=schemas.MAX_INT64)]


@router.get("/{order_id}", response_model_exclude_none=True)
async def get_order(order_id: OrderId, caller: Reader, session: Session) -> schemas.OneOrder:
    """Read one order."""
    # One join of all three tables is the cheapest for one order, and selectinload for many: both were measured.
    result = await session.scalars(
        select(Order)
        .where(Order.id == order_id, Order.campaign_id == caller.campaign_id)
        .options(joinedload(Order.items), joinedload(Order.boxes))
    )
    found = result.unique().one_or_none()
    if found is None:
        raise _not_found(caller, order_id)
    return schemas.OneOrder(order=presenting.order(found))


@router.get("", response_model_exclude_none=True)
async def get_orders(
    caller: Reader,
    session: Session,
    limit: Annotated[int, Query(ge=1)] = 50,
    page_token: Annotated[str | None, Query(alias="pageToken")] = None,
    status: Annotated[list[str] | None, Query()] = None,
    fake: bool = False,
) -> schemas.Orders:
    """List the orders of the last 30 days, newest first, by keyset."""
    limit = min(limit, 50)
    query = (
        select(Order)
        .where(
            Order.campaign_id == caller.campaign_id,
            Order.fake == fake,
            Order.created_at >= datetime.now(UTC) - timedelta(days=30),
        )
        .order_by(Order.created_at.desc(), Order.id.desc())
        .limit(limit + 1)
        .options(selectinload(Order.items), selectinload(Order.boxes))
    )
    if status:
        query = query.where(Order.status.in_(status))
    if page_token is not None:
        query = query.where(tuple_(Order.created_at, Order.id) < _after(page_token))
    found = list(await session.scalars(query))
    more = len(found) > limit
    return schemas.Orders(
        orders=[presenting.order(order) for order in found[:limit]],
        paging=schemas.Paging(next_page_token=_token(found[limit - 1]) if more else None),
    )


@router.put("/{order_id}/items")
async def update_items(
    order_id: OrderId, body: schemas.ItemsRequest, caller: ItemsRemover, session: Session
) -> Response:
    """Reduce an order to the wanted composition."""
    order = await _locked(session, caller, order_id)
    _check_composing(order)
    wanted = {item.id: item for item in body.items}
    if len(wanted) < len(body.items):
        raise ApiError(400, "ITEM_DUPLICATE", "An item is given twice")
    counts = {item_id: item.count for item_id, item in wanted.items()}
    removed = _reduce(order, counts)
    for item in order.items:
        if instances := wanted[item.id].instances:
            item.instances = [instance.model_dump(by_alias=True, exclude_none=True) for instance in instances]
    _audit(session, order, caller, "REMOVE_ITEMS", {"removed": removed, "reason": body.reason})
    await session.commit()
    return Response()


@router.put("/{order_id}/boxes", response_model_exclude_none=True)
async def set_boxes(
    order_id: OrderId, body: schemas.BoxesRequest, caller: Packer, session: Session
) -> schemas.BoxesAnswer:
    """Set the layout of boxes, and remove what is not in it if that is allowed."""
    order = await _locked(session, caller, order_id)
    _check_composing(order)
    _check_layout(body)
    counts = _counts(body)
    removed = _reduce(order, counts, allowed=body.allow_remove)
    order.boxes = [
        Box(
            position=position,
            items=[
                BoxItem(
                    item_id=item.id,
                    full_count=item.full_count,
                    part=item.partial_count.current if item.partial_count else None,
                    parts=item.partial_count.total if item.partial_count else None,
                )
                for item in box.items
            ],
        )
        for position, box in enumerate(body.boxes, 1)
    ]
    _audit(session, order, caller, "PACK_BOXES", {"boxes": len(body.boxes), "removed": removed})
    await session.commit()
    packed = [
        schemas.PackedBox(box_id=box.id, items=wanted.items)
        for box, wanted in zip(order.boxes, body.boxes, strict=True)
    ]
    return schemas.BoxesAnswer(result=schemas.Layout(boxes=packed))


async def _locked(session: Session, caller: Caller, order_id: int) -> Order:
    # Items and boxes are read after the lock was got: joined to it they could be older than the order.
    order = await session.scalar(
        select(Order)
        .where(Order.id == order_id, Order.campaign_id == caller.campaign_id)
        .options(selectinload(Order.items), selectinload(Order.boxes))
        .with_for_update()
    )
    if order is None:
        raise _not_found(caller, order_id)
    return order


def _check_composing(order: Order) -> None:
    if (order.status, order.substatus) != ("PROCESSING", "STARTED"):
        message = (
            f"Action is not allowed for order {order.id} with status {order.status} and substatus {order.substatus}"
        )
        raise ApiError(400, "STATUS_NOT_ALLOWED", message)


def _check_layout(body: schemas.BoxesRequest) -> None:
    for box in body.boxes:
        parts = [item for item in box.items if item.partial_count]
        if parts and len(box.items) > 1:
            raise ApiError(400, "BAD_REQUEST", "Whole items and parts in one box")
        if len({item.id for item in box.items}) < len(box.items):
            raise ApiError(400, "ITEM_DUPLICATE", "One item as different objects in one box")


def _counts(body: schemas.BoxesRequest) -> dict[int, int]:
    """Units by position: whole ones, and those of which the last part is there."""
    counts: dict[int, int] = {}
    for box in body.boxes:
        for item in box.items:
            part = item.partial_count
            units = item.full_count if part is None else int(part.current == part.total)
            counts[item.id] = counts.get(item.id, 0) + (units or 0)
    return counts


def _reduce(order: Order, counts: dict[int, int], *, allowed: bool = True) -> dict[str, int]:
    """Lower the counts of the order's items, drop those left out; the units removed by item."""
    if unknown := counts.keys() - {item.id for item in order.items}:
        raise ApiError(400, "ITEM_NOT_FOUND", f"Items not found: {sorted(unknown)}")
    removed: dict[str, int] = {}
    total = sum(item.price * item.count for item in order.items)
    gone = Decimal(0)
    for item in order.items:
        count = counts.get(item.id, 0)
        if count > item.count:
            raise ApiError(400, "ITEMS_ADDITION_NOT_SUPPORTED", f"Count of item {item.id} can't be increased")
        if count == item.count:
            continue
        if not allowed:
            raise ApiError(400, "BAD_REQUEST", f"Item {item.id} is not in the layout as a whole")
        if len(order.items) == 1:
            raise ApiError(400, "CANNOT_REMOVE_LAST_ITEM", "The only item of an order can't be removed")
        if item.promos:
            raise ApiError(400, "PROMO_PROHIBITS_DELETE", f"Item {item.id} was added by a promotion")
        if item.price * item.count * 100 >= total * 99:
            raise ApiError(400, "DELETED_ITEMS_EXCEEDS_THRESHOLD", f"Item {item.id} makes up the order's value")
        removed[str(item.id)] = item.count - count
        gone += item.price * (item.count - count)
    if removed and gone * 100 >= total * 99:
        raise ApiError(400, "DELETED_ITEMS_EXCEEDS_THRESHOLD", "The removed items make up the order's value")
    for item in list(order.items):
        if str(item.id) in removed:
            item.count = counts.get(item.id, 0)
            if item.count == 0:
                order.items.remove(item)
    return removed


def _audit(session: Session, order: Order, caller: Caller, action: str, details: dict[str, object]) -> None:
    order.updated_at = datetime.now(UTC)
    session.add(Audit(order_id=order.id, key_id=caller.key_id, at=order.updated_at, action=action, details=details))


def _not_found(caller: Caller, order_id: int) -> ApiError:
    return ApiError(404, "NOT_FOUND", f"Order not found: partnerId = {caller.campaign_id}, orderId = {order_id}")


def _token(order: Order) -> str:
    return base64.urlsafe_b64encode(f"{order.created_at.isoformat()} {order.id}".encode()).decode()


def _after(token: str) -> tuple[datetime, int]:
    try:
        moment, order_id = base64.urlsafe_b64decode(token).decode().split()
        return datetime.fromisoformat(moment), int(order_id)
    except (binascii.Error, ValueError) as trouble:
        raise ApiError(400, "BAD_REQUEST", "Bad page token") from trouble
