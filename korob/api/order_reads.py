"""The methods that read orders."""

from collections.abc import Collection, Sequence
from typing import Any

from korob.actions.list_orders import list_orders
from korob.api import spelled, tokens
from korob.api.call import Call
from korob.api.paging import PAGE_SIZE, pager
from korob.contract.envelope import PackagingForwardScrollingPagerDTO
from korob.contract.orders import OrderDatesFilterDTO
from korob.domain import order_filter
from korob.domain.order_filter import OrderFilter
from korob.store import order_lists
from korob.store.order_lists import Page, Position


async def get_order(call: Call) -> bytes:
    """getOrder: a GetOrderResponse, its JSON put together from what was spelled before."""
    order = await call.services.orders.read(call.order_key(), now=call.now)
    return b'{"order":%b}' % spelled.v2.of(order)


async def get_orders(call: Call) -> bytes:
    """getOrders: by token when a token or a limit came, else by number; a GetOrdersResponse."""
    query = call.query
    filters = order_filter.of_campaign(
        now=call.now,
        order_ids=query.order_ids,
        statuses=query.status,
        substatuses=query.substatus,
        created_from=query.from_date,
        created_to=query.to_date,
        ships_from=query.supplier_shipment_date_from,
        ships_to=query.supplier_shipment_date_to,
        updated_from=query.updated_at_from,
        updated_to=query.updated_at_to,
        dispatch=query.dispatch_type,
        buyer_type=query.buyer_type,
        fake=query.fake,
        has_cis=query.has_cis,
        waiting=query.only_waiting_for_cancellation_approve,
        estimated=query.only_estimated_delivery,
    )
    campaigns = (call.own_campaign.id,)
    if query.page_token is not None or query.limit is not None:
        page = await _newest(call, campaigns, filters, query.limit or PAGE_SIZE, query.page_token)
        paging = spelled.encode(_paging(page.following))
        return b'{"orders":%b,"paging":%b}' % (spelled.v2.listed(page.orders), paging)
    size = query.page_size or PAGE_SIZE

    async def numbered(stuck: Collection[int]) -> Page:
        return await order_lists.numbered(
            call.services.orders,
            business_id=call.business_id,
            campaign_ids=campaigns,
            filters=filters,
            number=query.page,
            size=size,
            stuck=stuck,
            now=call.now,
        )

    page = await list_orders(call.services.orders, numbered, epoch=call.epoch, now=call.now)
    shown = spelled.encode(pager(page.total, query.page, size, len(page.orders)))
    return b'{"pager":%b,"orders":%b}' % (shown, spelled.v2.listed(page.orders))


async def get_business_orders(call: Call) -> bytes:
    """getBusinessOrders: a GetBusinessOrdersResponse."""
    query, body = call.query, call.body
    dates = body.dates or OrderDatesFilterDTO()
    filters = order_filter.of_business(
        now=call.now,
        order_ids=body.order_ids,
        external_ids=body.external_order_ids,
        models=body.program_types,
        statuses=body.statuses,
        substatuses=body.substatuses,
        created_from=dates.creation_date_from,
        created_to=dates.creation_date_to,
        ships_from=dates.shipment_date_from,
        ships_to=dates.shipment_date_to,
        updated_from=dates.update_date_from,
        updated_to=dates.update_date_to,
        source_platforms=body.source_platforms,
        fake=bool(body.fake),
        waiting=bool(body.waiting_for_cancellation_approve),
    )
    call.check_own(body.campaign_ids or ())
    page = await _newest(call, body.campaign_ids, filters, query.limit, query.page_token)
    paging = spelled.encode(_paging(page.following))
    return b'{"orders":%b,"paging":%b}' % (spelled.v1.listed(page.orders), paging)


async def _newest(
    call: Call, campaign_ids: Sequence[int] | None, filters: OrderFilter, limit: int, token: str | None
) -> Page:
    after = Position(*tokens.read_position(token)) if token is not None else None

    async def newest(stuck: Collection[int]) -> Page:
        return await order_lists.newest(
            call.services.orders,
            business_id=call.business_id,
            campaign_ids=campaign_ids,
            filters=filters,
            limit=limit,
            after=after,
            stuck=stuck,
            now=call.now,
        )

    return await list_orders(call.services.orders, newest, epoch=call.epoch, now=call.now)


def _paging(following: Position | None) -> PackagingForwardScrollingPagerDTO:
    return PackagingForwardScrollingPagerDTO(tokens.of_position(*following) if following else None)


HANDLERS: dict[str, Any] = {
    "getOrder": get_order,
    "getOrders": get_orders,
    "getBusinessOrders": get_business_orders,
}
