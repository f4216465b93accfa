"""What the front itself says no to, before any rule is asked: a row for each error (spec: platform 1.6, 1.7, 2)."""

from typing import Final, NamedTuple

from korob.domain.words import ApiAvailability


class FrontError(NamedTuple):
    """An error: its answer, what leads to it, and what would succeed instead."""

    status: int
    code: str
    template: str
    cause: str
    remedy: str


_KEY: Final = "Send the header Api-Key with a token of the business, as it was shown when it was made"
_OAUTH: Final = "Send Authorization: Bearer and a live OAuth token, or rather the header Api-Key"
_AVAILABILITY: Final = "Have the API of the campaign switched on: getCampaign tells when it is AVAILABLE again"

ERRORS: Final[dict[str, FrontError]] = {
    "no_resource": FrontError(
        404,
        "NOT_FOUND",
        "Resource not found",
        "There is no such path, or no such version of one",
        "Compare the path with /docs: its version is written in lower case",
    ),
    "wrong_verb": FrontError(
        405,
        "METHOD_NOT_ALLOWED",
        "Request method {verb} not supported",
        "The path is there, but not for this verb",
        "Use a verb of the header Allow of this answer",
    ),
    "credentials_missing": FrontError(
        401, "UNAUTHORIZED", "Credentials are not specified", "Neither Api-Key nor Authorization was sent", _KEY
    ),
    "key_missing": FrontError(
        401, "UNAUTHORIZED", "Api-Key token is not specified", "The header Api-Key is empty", _KEY
    ),
    "key_prefix": FrontError(
        401, "UNAUTHORIZED", "Api-Key token prefix invalid", "The token does not begin with ACMA:", _KEY
    ),
    "key_length": FrontError(
        401, "UNAUTHORIZED", "Api-Key token length invalid", "The token is too short or too long", _KEY
    ),
    "key_format": FrontError(
        401,
        "UNAUTHORIZED",
        "Api-Key token format invalid",
        "The token has the right length, but characters in it that no token has",
        _KEY,
    ),
    "key_unknown": FrontError(401, "UNAUTHORIZED", "Api-Key token is invalid", "Nobody has this token", _KEY),
    "key_revoked": FrontError(
        401, "UNAUTHORIZED", "Api-Key token is revoked", "The token was deleted", "Use a live key, or have one made"
    ),
    "authorization_syntax": FrontError(
        401,
        "UNAUTHORIZED",
        "Authorization header has invalid syntax",
        "The header Authorization is neither Bearer nor OAuth",
        _OAUTH,
    ),
    "oauth_credentials_missing": FrontError(
        401, "UNAUTHORIZED", "OAuth credentials are not specified", "Nothing follows the word OAuth", _OAUTH
    ),
    "oauth_token_missing": FrontError(
        401, "UNAUTHORIZED", "OAuth token is not specified", "The header Authorization has no token", _OAUTH
    ),
    "oauth_client_missing": FrontError(
        401, "UNAUTHORIZED", "OAuth client id is not specified", "The form OAuth names a client as well", _OAUTH
    ),
    "oauth_token_unknown": FrontError(
        403, "FORBIDDEN", "OAuth token is invalid", "Nobody has this OAuth token any more, or ever had", _OAUTH
    ),
    "business_header": FrontError(
        400,
        "BAD_REQUEST",
        "Incorrect X-Business-Id header value: {value}",
        "The header X-Business-Id is no positive number",
        "Leave the header out, or send the id of the token's business",
    ),
    "business_header_and_path": FrontError(
        400,
        "BAD_REQUEST",
        "URL businessId ({path}) does not match businessId in X-Business-Id header ({header})",
        "Path and header name different businesses",
        "Leave the header out, or send the business of the path",
    ),
    "business_header_and_campaign": FrontError(
        403,
        "FORBIDDEN",
        "businessId in X-Business-Id header ({header}) does not match the business that the campaign {campaign} "
        "belongs to ({actual})",
        "The campaign is another business's than the header says",
        "Leave the header out, or send the business of the campaign",
    ),
    "foreign": FrontError(
        403,
        "FORBIDDEN",
        "Access denied",
        "The business or campaign is not the token's, or there is no such one; or an OAuth token asks what only an "
        "Api-Key is told",
        "Use ids that getCampaigns lists for this token",
    ),
    "foreign_campaigns": FrontError(
        403,
        "FORBIDDEN",
        "No access to campaigns: {campaigns}",
        "The body names campaigns that are not of the business in the path",
        "Name campaigns only that getCampaigns lists",
    ),
    "disabled_manually": FrontError(
        403, "API_DISABLED", "API for campaign {campaign} manually disabled.", "It was switched off", _AVAILABILITY
    ),
    "disabled_by_inactivity": FrontError(
        403,
        "API_DISABLED",
        "API for campaign {campaign} disabled due to inactivity.",
        "Nothing was on sale for more than 90 days",
        _AVAILABILITY,
    ),
    "disabled_by_no_contract": FrontError(
        403,
        "API_DISABLED",
        "API for campaign {campaign} disabled because there are no active contracts with Market.",
        "The business has no contract",
        _AVAILABILITY,
    ),
    "disabled_by_no_placement": FrontError(
        403,
        "API_DISABLED",
        "API for campaign {campaign} disabled because it has no placement program.",
        "The campaign sells in no model",
        _AVAILABILITY,
    ),
    "business_disabled": FrontError(
        403,
        "API_DISABLED",
        "API for business {business} disabled because it has only disabled partners.",
        "The API of every campaign of the business is switched off",
        "Have the API of one campaign switched on: getCampaigns tells when it is AVAILABLE again",
    ),
    "no_scope": FrontError(
        403,
        "FORBIDDEN",
        "Token does not have any of the scopes to access the API method: {scopes}",
        "The key was made for other methods",
        "Use a key with one of the scopes in the text, or have one added to this key",
    ),
    "not_for_yandex_go": FrontError(
        403,
        "FORBIDDEN",
        "The method is not supported for Market Yandex Go sellers",
        "The business sells on Market Yandex Go, which has not all methods",
        "There is no other way for such a business",
    ),
    "wrong_content_type": FrontError(
        415,
        "UNSUPPORTED_MEDIA_TYPE",
        "Content type {content_type} not supported",
        "By its own word the body is no JSON in UTF-8",
        "Send Content-Type: application/json",
    ),
    "too_big": FrontError(
        400,
        "BAD_REQUEST",
        "The request is too big: Maximum allowed request size must be less than 512 KB, but passed {size} MB",
        "A body may have 512 KB",
        "Split the request",
    ),
    "wrong_model": FrontError(
        400,
        "CAMPAIGN_TYPE_NOT_SUPPORTED",
        "Campaign type is not allowed. Allowed campaign types: {models}",
        "The method is not for the placement model of the campaign",
        "Call it for a campaign of one of the models in the text",
    ),
    "internal": FrontError(
        500, "INTERNAL_ERROR", "Internal error", "A fault of the server", "Try again; the log of the server tells more"
    ),
    "unavailable": FrontError(
        503,
        "SERVICE_UNAVAILABLE",
        "Service temporarily unavailable. Please, try again later",
        "The database is away, or the order is being changed by too many at once",
        "Try again after a pause that grows",
    ),
    "unclear": FrontError(
        503,
        "SERVICE_UNAVAILABLE",
        "Service temporarily unavailable. The request may or may not have been carried out",
        "The database went away while it was being written down",
        "Read what was to be changed before you try again",
    ),
}
"""By the rule's name."""

BY_AVAILABILITY: Final = {
    ApiAvailability.MANUALLY_DISABLED: "disabled_manually",
    ApiAvailability.DISABLED_BY_INACTIVITY: "disabled_by_inactivity",
    ApiAvailability.DISABLED_BY_NO_ACTIVE_CONTRACT: "disabled_by_no_contract",
    ApiAvailability.DISABLED_BY_NO_PLACEMENT_TYPE: "disabled_by_no_placement",
}
