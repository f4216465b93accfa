"""Who calls, and whether they may."""

import hashlib
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Path
from sqlalchemy import select

from bench.plain.database import Session
from bench.plain.errors import ApiError
from bench.plain.tables import ApiKey, Campaign

READ = {"all-methods", "all-methods:read-only", "inventory-and-order-processing",
        "inventory-and-order-processing:read-only"}  # fmt: skip
WRITE = {"all-methods", "inventory-and-order-processing"}


@dataclass(frozen=True)
class Caller:
    """A key and the campaign it is used for."""

    key_id: int
    campaign_id: int
    model: str


class Access:
    """The check of key, campaign and scope; the key is looked up for each request, so a revoked one is out at once."""

    def __init__(self, scopes: set[str], models: set[str] | None = None) -> None:
        self.scopes = scopes
        self.models = models

    async def __call__(
        self,
        session: Session,
        campaign_id: Annotated[int, Path(ge=1)],
        api_key: Annotated[str | None, Header()] = None,
    ) -> Caller:
        """Find the key and its campaign in one query, and check them."""
        if api_key is None:
            raise ApiError(401, "UNAUTHORIZED", "Api-Key token is not specified")
        found = (
            await session.execute(
                select(ApiKey, Campaign)
                .outerjoin(Campaign, (Campaign.business_id == ApiKey.business_id) & (Campaign.id == campaign_id))
                .where(ApiKey.hash == hashlib.sha256(api_key.encode()).digest(), ApiKey.revoked_at.is_(None))
            )
        ).first()
        if found is None:
            raise ApiError(401, "UNAUTHORIZED", "Api-Key token is invalid")
        key, campaign = found
        if campaign is None:
            raise ApiError(403, "FORBIDDEN", "Access denied")
        if not campaign.available:
            raise ApiError(403, "API_DISABLED", f"API for campaign {campaign_id} manually disabled")
        if self.scopes.isdisjoint(key.scopes):
            raise ApiError(403, "FORBIDDEN", "Token does not have any of the scopes to access the API method")
        if self.models is not None and campaign.model not in self.models:
            raise ApiError(400, "CAMPAIGN_TYPE_NOT_SUPPORTED", "Campaign type is not allowed")
        return Caller(key.id, campaign.id, campaign.model)


Reader = Annotated[Caller, Depends(Access(READ))]
ItemsRemover = Annotated[Caller, Depends(Access(WRITE, {"DBS"}))]
Packer = Annotated[Caller, Depends(Access(WRITE, {"DBS", "FBS", "EXPRESS"}))]
