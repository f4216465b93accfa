"""What a key is: its name and its accesses."""

from typing import Annotated, Final

from msgspec import Meta

from korob.contract.method import ALL_MODELS, HOUR, WITHOUT_404, Method, Quota
from korob.contract.wire import Answer, OkAnswer, one_of
from korob.domain.campaign import ALL_SCOPES, Scope

AuthScope = Annotated[str, one_of(scope.wire for scope in Scope)]
"""An access as this one method spells it (ApiKeyScopeType)."""


class ApiKeyDTO(Answer, frozen=True):
    """A key of a business."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    auth_scopes: tuple[AuthScope, ...]


class TokenDTO(Answer, frozen=True):
    """What is known of the token that was sent."""

    api_key: ApiKeyDTO


class GetTokenInfoResponse(OkAnswer, frozen=True):
    """The key behind the token."""

    result: TokenDTO


METHODS: Final = (
    Method(
        operation_id="getAuthTokenInfo",
        verb="POST",
        path="/v2/auth/token",
        family="auth",
        summary="The name and the accesses of the key that asks",
        models=ALL_MODELS,
        scopes=ALL_SCOPES,
        quota=Quota(100, HOUR),
        body_required=False,
        answer=GetTokenInfoResponse,
        errors=WITHOUT_404,
    ),
)
