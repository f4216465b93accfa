"""Look up whether marking codes are new."""

from collections.abc import Iterable

from msgspec.structs import replace

from korob.domain import codes
from korob.domain.authority import Authority
from korob.domain.order import Instance
from korob.store import given_codes
from korob.store.database import Database
from korob.store.orders import OrderKey


async def look_up_codes(
    database: Database, key: OrderKey, given: Iterable[Instance], authority: Authority
) -> Authority:
    """The authority, knowing which of the codes given for an order others of the business have; one outside knows."""
    compared = {code for instance in given for _, code in codes.compared(instance)}
    if authority.outside or not compared:
        return authority
    return replace(authority, sold=await given_codes.on_others(database, key, compared))
