"""Place an order, as the marketplace does when a buyer is through with the checkout."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from msgspec.structs import replace

from korob.domain import placing
from korob.domain.authority import Authority
from korob.domain.campaign import Campaign
from korob.domain.order import Order
from korob.domain.placing import ids_needed
from korob.domain.refusal import Refusal
from korob.domain.wish import Wish
from korob.store import offers, outlets
from korob.store.campaigns import CampaignNotFound
from korob.store.database import Database
from korob.store.orders import Orders
from korob.store.worlds import Address

__all__ = ["UnknownOffers", "ids_needed", "place_order"]


class UnknownOffers(Refusal):
    """The campaign has no such offers."""

    template = "Offers not found: {offer_ids}"


async def place_order(
    orders: Orders,
    database: Database,
    address: Address,
    wish: Wish,
    *,
    ids: Sequence[int],
    authority: Authority,
    now: datetime,
) -> Order:
    """Place an order with the first of the fresh `ids`; the others, `ids_needed(wish)` of them, are for what is in it.

    `authority` checks codes outside of worlds. In a world, offers that the campaign does not have are made on the way,
    with unlimited stock. Raises the refusals of `placing`, UnknownOffers, and CampaignNotFound when the business was
    deleted meanwhile.
    """
    campaign = address.campaign
    material = str(campaign.business_id if address.seed is None else address.seed)
    change = placing.place(
        await _with_storage(database, campaign, wish),
        order_id=ids[0],
        campaign=campaign,
        ids=ids[1:],
        seed_material=material,
        authority=address.authority or authority,
        now=now,
    )
    await _see_to_offers(database, address, {item.offer_id for item in wish.items})
    try:
        return await orders.place(change)
    except asyncpg.ForeignKeyViolationError:
        raise CampaignNotFound(campaign_id=campaign.id) from None


async def _with_storage(database: Database, campaign: Campaign, wish: Wish) -> Wish:
    """The wish with the days that the outlet it names keeps parcels for."""
    code = wish.delivery.outlet_code
    outlet = await outlets.of_code(database, campaign.business_id, campaign.id, code) if code else None
    if outlet is None:
        return wish
    return replace(wish, delivery=replace(wish.delivery, storage_days=outlet.storage_days))


async def _see_to_offers(database: Database, address: Address, offer_ids: set[str]) -> None:
    campaign = address.campaign
    if address.in_world:
        await offers.make_endless(database, campaign.business_id, campaign.id, offer_ids)
    elif unknown := await offers.unknown(database, campaign.business_id, campaign.id, offer_ids):
        raise UnknownOffers(offer_ids=", ".join(unknown))
