"""From the outbox to those who are told: who gets what is decided once for each notification."""

from typing import Final

from korob.domain import notification
from korob.store import outbox
from korob.store.database import Database
from korob.store.outbox import Addressed

AT_ONCE: Final = 500
"""Notifications looked at in one go."""


async def dispatch(database: Database, *, business_id: int | None = None) -> int:
    """Queue what nobody has looked at yet for those who get it, of one business or of all; how many were looked at."""
    fresh, listening = await outbox.fresh(database, limit=AT_ONCE, business_id=business_id)
    if not fresh:
        return 0
    addressed = [
        Addressed(one.business_id, one.id, subscription.id)
        for one in fresh
        for subscription in notification.recipients(one.type, one.campaign_id, listening.get(one.business_id, ()))
    ]
    await outbox.dispatch(database, fresh, addressed)
    return len(fresh)
