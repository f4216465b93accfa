"""Api-Keys and OAuth tokens through the operator's API: issued, looked at, edited, deleted."""

from typing import Final

from korob.operator import access, wire
from korob.operator.endpoint import Call, Endpoint
from korob.store import campaigns
from korob.store.campaigns import KeyNotFound, KeyOnFile


async def create_key(call: Call) -> wire.NewKeyAnswer:
    """Issue an Api-Key."""
    created = await campaigns.create_key(
        call.services.database, access.business_id(call), call.body.name, call.body.scopes
    )
    return wire.NewKeyAnswer(created.id, call.body.name, tuple(sorted(set(call.body.scopes))), created.token)


async def get_keys(call: Call) -> wire.KeysAnswer:
    """Show the keys of a business, without their tokens; OAuth tokens are not among them."""
    return wire.KeysAnswer(tuple(_key(key) for key in await _on_file(call) if not key.oauth))


async def edit_key(call: Call) -> wire.KeyAnswer:
    """Give a key another name, other scopes or both; what is not named stays."""
    business_id, key_id = access.business_id(call), call.ids["keyId"]
    current = await _live(call, key_id)
    body: wire.KeyEdit = call.body
    await campaigns.edit_key(
        call.services.database,
        business_id,
        key_id,
        name=current.name if body.name is None else body.name,
        scopes=current.scopes if body.scopes is None else body.scopes,
    )
    call.services.keys.forget_business(business_id)
    return _key(await _live(call, key_id))


async def revoke_key(call: Call) -> None:
    """Delete a key; it opens nothing from now on."""
    await _revoke(call, call.ids["keyId"], oauth=False)


async def create_oauth_token(call: Call) -> wire.NewOAuthTokenAnswer:
    """Issue an OAuth token of the old form: it opens every method of the business, and has no scopes."""
    created = await campaigns.create_key(call.services.database, access.business_id(call), call.body.name, oauth=True)
    return wire.NewOAuthTokenAnswer(created.id, call.body.name, created.token)


async def get_oauth_tokens(call: Call) -> wire.OAuthTokensAnswer:
    """Show the OAuth tokens of a business, without the tokens themselves."""
    found = [key for key in await _on_file(call) if key.oauth]
    return wire.OAuthTokensAnswer(
        tuple(
            wire.OAuthTokenAnswer(key.id, key.name, key.prefix, key.created_at, key.last_used_at, key.revoked_at)
            for key in found
        )
    )


async def revoke_oauth_token(call: Call) -> None:
    """Delete an OAuth token; it opens nothing from now on."""
    await _revoke(call, call.ids["tokenId"], oauth=True)


async def _on_file(call: Call) -> tuple[KeyOnFile, ...]:
    business = await campaigns.business(call.services.database, access.business_id(call))
    return await campaigns.keys_of(call.services.database, business.id)


async def _live(call: Call, key_id: int) -> KeyOnFile:
    for key in await campaigns.keys_of(call.services.database, access.business_id(call)):
        if key.id == key_id and not key.oauth and key.revoked_at is None:
            return key
    raise KeyNotFound(key_id=key_id)


async def _revoke(call: Call, key_id: int, *, oauth: bool) -> None:
    business_id = access.business_id(call)
    await campaigns.revoke_key(call.services.database, business_id, key_id, oauth=oauth)
    call.services.keys.forget_business(business_id)


def _key(key: KeyOnFile) -> wire.KeyAnswer:
    return wire.KeyAnswer(
        id=key.id,
        name=key.name,
        scopes=key.scopes,
        prefix=key.prefix,
        created_at=key.created_at,
        last_used_at=key.last_used_at,
        revoked_at=key.revoked_at,
    )


_KEYS: Final = "/operator/v1/businesses/{businessId}/api-keys"
_OAUTH_TOKENS: Final = "/operator/v1/businesses/{businessId}/oauth-tokens"

ENDPOINTS: Final = (
    Endpoint(
        "createApiKey",
        "POST",
        _KEYS,
        "Issue an Api-Key; its token is shown this once",
        create_key,
        body=wire.NewKey,
        answer=wire.NewKeyAnswer,
    ),
    Endpoint(
        "getApiKeys", "GET", _KEYS, "The Api-Keys of a business, deleted ones too", get_keys, answer=wire.KeysAnswer
    ),
    Endpoint(
        "editApiKey",
        "PATCH",
        f"{_KEYS}/{{keyId}}",
        "Give an Api-Key another name or other scopes; every process knows of it within seconds",
        edit_key,
        body=wire.KeyEdit,
        answer=wire.KeyAnswer,
    ),
    Endpoint("deleteApiKey", "DELETE", f"{_KEYS}/{{keyId}}", "Delete an Api-Key", revoke_key),
    Endpoint(
        "createOAuthToken",
        "POST",
        _OAUTH_TOKENS,
        "Issue an OAuth token, for programs that send Authorization: Bearer; it is shown this once",
        create_oauth_token,
        body=wire.NewOAuthToken,
        answer=wire.NewOAuthTokenAnswer,
    ),
    Endpoint(
        "getOAuthTokens",
        "GET",
        _OAUTH_TOKENS,
        "The OAuth tokens of a business, deleted ones too",
        get_oauth_tokens,
        answer=wire.OAuthTokensAnswer,
    ),
    Endpoint("deleteOAuthToken", "DELETE", f"{_OAUTH_TOKENS}/{{tokenId}}", "Delete an OAuth token", revoke_oauth_token),
)
