"""Status and code of every refusal: a code of the API's enumeration where its name says the rule, else BAD_REQUEST."""

from typing import Final, NamedTuple

from korob.actions import jump_clock, place_order
from korob.api import tokens
from korob.domain import (
    acceptance,
    acts,
    api_key,
    authority,
    buyers,
    cancellation,
    composition,
    counting,
    delivery,
    digital,
    external_id,
    instances,
    items,
    layout,
    lifecycle,
    notification,
    operation,
    order_filter,
    outlet,
    outlet_license,
    placing,
    quota,
    stock_level,
    target,
    verdicts,
    warehouse,
)
from korob.domain.refusal import Refusal
from korob.notifications import subscriptions as subscription_acts
from korob.store import (
    campaigns,
    delivery_log,
    idempotency,
    orders,
    quota_limits,
    regions,
    request_log,
    subscriptions,
    worlds,
)


class Row(NamedTuple):
    """How a refusal is answered."""

    status: int
    code: str


def of(refusal: Refusal) -> Row:
    """The row of a refusal, or of the class that it is a kind of."""
    return next(ANSWERS[kind] for kind in type(refusal).__mro__ if kind in ANSWERS)


ANSWERS: Final[dict[type, Row]] = {
    # Composition, boxes and codes
    composition.ActionNotAllowed: Row(400, "ACTION_FORBIDDEN"),
    composition.ChangeAfterReadyToShip: Row(400, "BAD_REQUEST"),
    composition.ItemNotFound: Row(400, "ITEM_NOT_FOUND"),
    composition.ItemsAdded: Row(400, "ITEMS_ADDITION_NOT_SUPPORTED"),
    composition.PromoProhibitsRemoval: Row(400, "PROMO_PROHIBITS_DELETE"),
    composition.OnlyProduct: Row(400, "CANNOT_REMOVE_LAST_ITEM"),
    composition.NothingLeft: Row(400, "CANNOT_REMOVE_LAST_ITEM"),
    composition.RemovalAboveThreshold: Row(400, "DELETED_ITEMS_EXCEEDS_THRESHOLD"),
    items.ItemRepeated: Row(400, "ITEM_DUPLICATE"),
    items.CountBelowZero: Row(400, "BAD_REQUEST"),
    layout.InvalidLayout: Row(400, "BAD_REQUEST"),
    instances.TooManyInstances: Row(400, "BAD_REQUEST"),
    instances.TooManyCises: Row(400, "TOO_MANY_CISES_FOR_ITEM"),
    instances.TooManyUins: Row(400, "TOO_MANY_UINS_FOR_ITEM"),
    instances.TooFewCises: Row(400, "TOO_FEW_CISES_FOR_ITEM"),
    instances.InstanceWithoutCode: Row(400, "BAD_REQUEST"),
    instances.InvalidCis: Row(400, "INVALID_CIS"),
    instances.InvalidUin: Row(400, "INVALID_UIN"),
    instances.InvalidRnpt: Row(400, "INVALID_RNPT"),
    instances.InvalidGtd: Row(400, "INVALID_GTD"),
    instances.UnknownCountry: Row(400, "INVALID_COUNTRY_CODE"),
    instances.GtdWithoutCountry: Row(400, "COUNTRY_CODE_AND_GTD_ARE_REQUIRED_VALIDATION_ERROR"),
    instances.CisRepeated: Row(400, "DUPLICATE_CIS"),
    instances.UinRepeated: Row(400, "DUPLICATE_UIN"),
    # Moves
    lifecycle.StatusNotAllowed: Row(400, "STATUS_NOT_ALLOWED"),
    lifecycle.RoleForbidden: Row(400, "STATUS_NOT_ALLOWED"),
    lifecycle.NoTransition: Row(400, "STATUS_NOT_ALLOWED"),
    lifecycle.NoPermission: Row(400, "STATUS_NOT_ALLOWED"),
    lifecycle.TransitionNotAllowed: Row(400, "STATUS_NOT_ALLOWED"),
    lifecycle.OrderIsFinal: Row(400, "STATUS_NOT_ALLOWED"),
    lifecycle.AlreadyThere: Row(400, "STATUS_NOT_ALLOWED"),
    lifecycle.ReasonNotAvailable: Row(400, "SUBSTATUS_NOT_ALLOWED"),
    lifecycle.RealDeliveryInFuture: Row(400, "BAD_REQUEST"),
    lifecycle.RealDeliveryOutOfRange: Row(400, "BAD_REQUEST"),
    lifecycle.RealDeliveryMisplaced: Row(400, "BAD_REQUEST"),
    cancellation.AlreadyRequested: Row(400, "CANCELLATION_REQUESTED"),
    cancellation.NothingRequested: Row(400, "ACTION_FORBIDDEN"),
    cancellation.DeclineReasonMissing: Row(400, "DECLINE_REASON_ARE_REQUIRED_ERROR"),
    # Dates, track codes, storage
    delivery.ActionNotAllowed: Row(400, "ACTION_FORBIDDEN"),
    delivery.SameDate: Row(400, "SAME_DELIVERY_DATES"),
    delivery.DateInPast: Row(400, "BAD_REQUEST"),
    delivery.DateTooFar: Row(400, "DAYS_COUNT_EXCEEDED"),
    delivery.DateChangedTooOften: Row(400, "EDIT_COUNT_EXCEEDED"),
    delivery.TrackCodeUsed: Row(400, "TRACK_CODE_ALREADY_USED"),
    delivery.PointOfTheMarket: Row(400, "ACTION_FORBIDDEN"),
    delivery.StorageExtendedBefore: Row(400, "EDIT_COUNT_EXCEEDED"),
    delivery.StorageLimitWrong: Row(400, "DAYS_COUNT_EXCEEDED"),
    # The courier, the buyer
    acceptance.NoCourierYet: Row(400, "ACTION_FORBIDDEN"),
    acceptance.CodeAcceptedBefore: Row(400, "CODE_ALREADY_ACCEPTED"),
    buyers.NotAtWork: Row(400, "INVALID_ORDER_STATUS"),
    buyers.NotABusiness: Row(400, "BAD_REQUEST"),
    buyers.NotConfirmed: Row(400, "INVALID_ORDER_STATUS"),
    # Boxes counted, keys, the seller's own id
    counting.ClosedAlready: Row(400, "BAD_REQUEST"),
    counting.TooManyBoxes: Row(400, "BAD_REQUEST"),
    digital.NotDigital: Row(400, "BAD_REQUEST"),
    digital.NotInProcessing: Row(400, "INVALID_ORDER_STATUS"),
    digital.HandedOverByTheShop: Row(400, "ACTION_FORBIDDEN"),
    digital.KeysMissing: Row(400, "BAD_REQUEST"),
    digital.KeyBlank: Row(400, "BAD_REQUEST"),
    digital.KeysExpired: Row(400, "BAD_REQUEST"),
    external_id.NotWhenAssembled: Row(400, "EXTERNAL_ORDER_ID_UPDATE_ERROR"),
    external_id.WrittenBefore: Row(400, "EXTERNAL_ORDER_ID_UPDATE_ERROR"),
    # Asynchronous changes
    operation.OrderIsOver: Row(400, "ORDER_IN_TERMINAL_STATE"),
    operation.IsBeingCancelled: Row(400, "CANCELLATION_REQUESTED"),
    operation.NothingToUpdate: Row(400, "BAD_REQUEST"),
    operation.NotForACourier: Row(400, "INVALID_DELIVERY_TYPE"),
    operation.IntervalNotAvailable: Row(400, "INVALID_DELIVERY_OPTION"),
    operation.NothingBegun: Row(400, "BAD_REQUEST"),
    # Orders placed
    placing.NoItems: Row(400, "BAD_REQUEST"),
    placing.ItemIdTwice: Row(400, "ITEM_DUPLICATE"),
    placing.CountWrong: Row(400, "BAD_REQUEST"),
    placing.PriceWrong: Row(400, "BAD_REQUEST"),
    placing.PaymentWrong: Row(400, "INVALID_PAYMENT_SETTINGS"),
    placing.BeginningWrong: Row(400, "INVALID_ORDER_STATUS"),
    placing.DraftWrong: Row(400, "BAD_REQUEST"),
    placing.DigitalWrong: Row(400, "INVALID_DELIVERY_TYPE"),
    place_order.UnknownOffers: Row(400, "OFFER_NOT_FOUND"),
    # Acts of the others, and the clock
    jump_clock.Backwards: Row(400, "BAD_REQUEST"),
    jump_clock.TooFar: Row(400, "BAD_REQUEST"),
    jump_clock.ToldOnTheWay: Row(409, "BAD_REQUEST"),
    acts.ActNotPossible: Row(400, "ACTION_FORBIDDEN"),
    acts.FactNotUnderstood: Row(400, "BAD_REQUEST"),
    authority.RuleWrong: Row(400, "BAD_REQUEST"),
    authority.TooManyRules: Row(400, "LIMIT_EXCEEDED"),
    verdicts.NoSuchAnswer: Row(400, "BAD_REQUEST"),
    verdicts.NothingAsked: Row(400, "BAD_REQUEST"),
    # Businesses, campaigns, keys, worlds
    api_key.BadKeyName: Row(400, "BAD_REQUEST"),
    api_key.KeyNameTaken: Row(400, "BAD_REQUEST"),
    api_key.NoScopes: Row(400, "BAD_REQUEST"),
    api_key.UnknownScope: Row(400, "BAD_REQUEST"),
    api_key.TooManyKeys: Row(400, "LIMIT_EXCEEDED"),
    campaigns.BusinessNotFound: Row(404, "BUSINESS_NOT_FOUND"),
    campaigns.CampaignNotFound: Row(404, "CAMPAIGN_NOT_FOUND"),
    campaigns.KeyNotFound: Row(404, "NOT_FOUND"),
    quota_limits.LimitsStay: Row(400, "BAD_REQUEST"),
    worlds.WorldNotFound: Row(404, "NOT_FOUND"),
    idempotency.BadKey: Row(400, "BAD_REQUEST"),
    idempotency.KeyReused: Row(409, "BAD_REQUEST"),
    orders.OrderNotFound: Row(404, "NOT_FOUND"),
    request_log.CallNotFound: Row(404, "NOT_FOUND"),
    # Reference reads
    stock_level.OfferRepeated: Row(400, "DUPLICATE_SHOP_SKU"),
    stock_level.CountFromTheFuture: Row(400, "BAD_REQUEST"),
    stock_level.CountTooOld: Row(400, "BAD_REQUEST"),
    outlet.OutletNotFound: Row(404, "NOT_FOUND"),
    outlet.CodeTaken: Row(400, "DUPLICATE_OUTLET_CODE"),
    outlet.UnknownRegion: Row(400, "UNKNOWN_REGION"),
    outlet.WrongRegion: Row(400, "WRONG_REGION"),
    outlet.WrongCoordinates: Row(400, "WRONG_OUTLET_GPS_COORDINATES"),
    outlet.InvalidOutlet: Row(400, "INVALID_OUTLET_INFO"),
    outlet.InvalidPhone: Row(400, "INVALID_PHONE_FORMAT"),
    outlet.SpreadAtHomeTooBig: Row(400, "BAD_REQUEST"),
    outlet.SpreadElsewhereTooBig: Row(400, "BAD_REQUEST"),
    outlet.LongWaitTooUncertain: Row(400, "BAD_REQUEST"),
    outlet_license.LicenseNotFound: Row(404, "NOT_FOUND"),
    outlet_license.LicenseRepeated: Row(400, "BAD_REQUEST"),
    outlet_license.NumberMissing: Row(400, "BAD_REQUEST"),
    outlet_license.DatesReversed: Row(400, "BAD_REQUEST"),
    warehouse.NotToBeUnited: Row(400, "GROUPED_WAREHOUSE"),
    regions.RegionNotFound: Row(404, "NOT_FOUND"),
    # Notifications
    notification.TypesMissing: Row(400, "BAD_REQUEST"),
    notification.TypeNotAvailable: Row(400, "BAD_REQUEST"),
    notification.SubscriptionIsOff: Row(400, "BAD_REQUEST"),
    target.BadTarget: Row(400, "BAD_REQUEST"),
    subscription_acts.CheckFailed: Row(400, "BAD_REQUEST"),
    subscriptions.SubscriptionNotFound: Row(404, "NOT_FOUND"),
    delivery_log.NotificationNotFound: Row(404, "NOT_FOUND"),
    # Lists and limits
    tokens.BadPageToken: Row(400, "BAD_REQUEST"),
    order_filter.WindowTooLong: Row(400, "BAD_REQUEST"),
    order_filter.WindowReversed: Row(400, "BAD_REQUEST"),
    quota.QuotaExceeded: Row(420, "METHOD_FAILURE"),
    quota.TooManyAtOnce: Row(420, "METHOD_FAILURE"),
}
"""A row for each class; `tests/api/test_refusals.py` finds the class that has none."""
