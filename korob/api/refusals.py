"""How every refusal is answered: status, code, and what would succeed instead.

The code is one of the API's enumeration where its name says the rule, else BAD_REQUEST.
"""

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
    """How a refusal is answered; `remedy` is what its developer may do instead, told by `why` and in docs/errors.md."""

    status: int
    code: str
    remedy: str


def of(refusal: Refusal) -> Row:
    """The row of a refusal, or of the class that it is a kind of."""
    return next(ANSWERS[kind] for kind in type(refusal).__mro__ if kind in ANSWERS)


_CANCEL: Final = "Cancel the whole order with updateOrderStatus: CANCELLED, SHOP_FAILED"
_OPEN: Final = "Only in PROCESSING, STARTED do items, boxes and codes change"
_OTHERS_ACT: Final = "In a world, performAct of the operator's API plays the others: the buyer, the carrier, the Market"

ANSWERS: Final[dict[type[Refusal], Row]] = {
    # Composition, boxes and codes
    composition.ActionNotAllowed: Row(400, "ACTION_FORBIDDEN", f"{_OPEN}; wait until the order is there"),
    composition.ChangeAfterReadyToShip: Row(
        400, "BAD_REQUEST", f"{_OPEN}. {_CANCEL}, as long as the parcel was not handed over"
    ),
    composition.ItemNotFound: Row(400, "ITEM_NOT_FOUND", "Use the ids of items as getOrder shows them"),
    composition.ItemsAdded: Row(400, "ITEMS_ADDITION_NOT_SUPPORTED", "Name at most as many units as the order has now"),
    composition.PromoProhibitsRemoval: Row(400, "PROMO_PROHIBITS_DELETE", f"Leave the position as it is. {_CANCEL}"),
    composition.OnlyProduct: Row(400, "CANNOT_REMOVE_LAST_ITEM", _CANCEL),
    composition.NothingLeft: Row(400, "CANNOT_REMOVE_LAST_ITEM", f"Keep a unit. {_CANCEL}"),
    composition.RemovalAboveThreshold: Row(
        400, "DELETED_ITEMS_EXCEEDS_THRESHOLD", f"Remove less than 99% of the order's value. {_CANCEL}"
    ),
    items.ItemRepeated: Row(400, "ITEM_DUPLICATE", "Name each item once, with all units that stay"),
    items.CountBelowZero: Row(400, "BAD_REQUEST", "Name the units that stay; 0 removes the item"),
    layout.InvalidLayout: Row(
        400, "BAD_REQUEST", "Pack every unit that stays once; the parts of a unit each alone in boxes of their own"
    ),
    instances.TooManyInstances: Row(400, "BAD_REQUEST", "Send one instance for a unit"),
    instances.TooManyCises: Row(400, "TOO_MANY_CISES_FOR_ITEM", "Send at most one cis for a unit"),
    instances.TooManyUins: Row(400, "TOO_MANY_UINS_FOR_ITEM", "Send at most one uin for a unit"),
    instances.TooFewCises: Row(400, "TOO_FEW_CISES_FOR_ITEM", "Send a cis for every unit, the buyer is a business"),
    instances.InstanceWithoutCode: Row(400, "BAD_REQUEST", "Give each instance one of cis, uin, rnpt, gtd"),
    instances.InvalidCis: Row(400, "INVALID_CIS", "Send the code as it is printed, with its separator U+001D"),
    instances.InvalidUin: Row(400, "INVALID_UIN", "Send the 16 digits of the jewellery's number"),
    instances.InvalidRnpt: Row(400, "INVALID_RNPT", "Send four numbers joined by slashes"),
    instances.InvalidGtd: Row(400, "INVALID_GTD", "Send three numbers joined by slashes, and countryCode with them"),
    instances.UnknownCountry: Row(
        400, "INVALID_COUNTRY_CODE", "Use two capital letters of ISO 3166-1, RU for instance"
    ),
    instances.GtdWithoutCountry: Row(
        400, "COUNTRY_CODE_AND_GTD_ARE_REQUIRED_VALIDATION_ERROR", "Send countryCode beside gtd"
    ),
    instances.CisRepeated: Row(400, "DUPLICATE_CIS", "Give each unit a cis of its own"),
    instances.UinRepeated: Row(400, "DUPLICATE_UIN", "Give each unit a uin of its own"),
    # Moves
    lifecycle.StatusNotAllowed: Row(
        400, "STATUS_NOT_ALLOWED", "Ask for PROCESSING, CANCELLED, DELIVERY, PICKUP or DELIVERED"
    ),
    lifecycle.RoleForbidden: Row(
        400, "STATUS_NOT_ALLOWED", f"Orders of this model are moved by the Market. {_OTHERS_ACT}"
    ),
    lifecycle.NoTransition: Row(
        400, "STATUS_NOT_ALLOWED", "Ask for a state that this one leads to; the order goes from state to state"
    ),
    lifecycle.NoPermission: Row(400, "STATUS_NOT_ALLOWED", f"Somebody else makes this move. {_OTHERS_ACT}"),
    lifecycle.TransitionNotAllowed: Row(
        400, "STATUS_NOT_ALLOWED", "Do first what the text names; then the same request is granted"
    ),
    lifecycle.OrderIsFinal: Row(400, "STATUS_NOT_ALLOWED", "For its seller the order is over"),
    lifecycle.AlreadyThere: Row(400, "STATUS_NOT_ALLOWED", "Nothing is left to do: the order has this status"),
    lifecycle.ReasonNotAvailable: Row(
        400, "SUBSTATUS_NOT_ALLOWED", "Cancel for one of the reasons that are open in this state"
    ),
    lifecycle.RealDeliveryInFuture: Row(
        400, "BAD_REQUEST", "Send the day on which the parcel was really handed over, today at the latest"
    ),
    lifecycle.RealDeliveryOutOfRange: Row(400, "BAD_REQUEST", "Send a day from the order's first to today"),
    lifecycle.RealDeliveryMisplaced: Row(
        400, "BAD_REQUEST", "Send the day with PICKUP or DELIVERED of a DBS order only"
    ),
    cancellation.AlreadyRequested: Row(400, "CANCELLATION_REQUESTED", "Answer the buyer with acceptOrderCancellation"),
    cancellation.NothingRequested: Row(
        400, "ACTION_FORBIDDEN", f"Answer once, and only when the buyer has asked to cancel. {_OTHERS_ACT}"
    ),
    cancellation.DeclineReasonMissing: Row(
        400, "DECLINE_REASON_ARE_REQUIRED_ERROR", "Send reason: ORDER_DELIVERED or ORDER_IN_DELIVERY"
    ),
    # Dates, track codes, storage
    delivery.ActionNotAllowed: Row(
        400, "ACTION_FORBIDDEN", "Do it in a state in which the parcel is where that makes sense"
    ),
    delivery.SameDate: Row(400, "SAME_DELIVERY_DATES", "Send another day, or nothing"),
    delivery.DateInPast: Row(400, "BAD_REQUEST", "Send today or a later day"),
    delivery.DateTooFar: Row(400, "DAYS_COUNT_EXCEEDED", "Put the day off by fewer days"),
    delivery.DateChangedTooOften: Row(400, "EDIT_COUNT_EXCEEDED", f"The day stays as it is. {_CANCEL}"),
    delivery.TrackCodeUsed: Row(400, "TRACK_CODE_ALREADY_USED", "Send the code of this order's own parcel"),
    delivery.PointOfTheMarket: Row(
        400, "ACTION_FORBIDDEN", "Only parcels at the shop's own outlet are kept longer at its word"
    ),
    delivery.StorageExtendedBefore: Row(400, "EDIT_COUNT_EXCEEDED", "The day stays as it is: it is put off once"),
    delivery.StorageLimitWrong: Row(400, "DAYS_COUNT_EXCEEDED", "Send a later day within the bounds of the text"),
    # The courier, the buyer
    acceptance.NoCourierYet: Row(
        400, "ACTION_FORBIDDEN", f"Verify the code when the courier was found and has not left yet. {_OTHERS_ACT}"
    ),
    acceptance.CodeAcceptedBefore: Row(400, "CODE_ALREADY_ACCEPTED", "Nothing is left to do: hand the parcel over"),
    buyers.NotAtWork: Row(400, "INVALID_ORDER_STATUS", "Ask for the buyer in PROCESSING, DELIVERY or PICKUP"),
    buyers.NotABusiness: Row(400, "BAD_REQUEST", "Ask for orders only whose buyer has the type BUSINESS"),
    buyers.NotConfirmed: Row(400, "INVALID_ORDER_STATUS", "Ask when the order is in PROCESSING or later"),
    # Boxes counted, keys, the seller's own id
    counting.ClosedAlready: Row(400, "BAD_REQUEST", "Count boxes in PROCESSING, STARTED"),
    counting.TooManyBoxes: Row(400, "BAD_REQUEST", "Send fewer boxes"),
    digital.NotDigital: Row(400, "BAD_REQUEST", "Send codes for orders of digital goods only"),
    digital.NotInProcessing: Row(400, "INVALID_ORDER_STATUS", "Send the codes while the order is in PROCESSING"),
    digital.HandedOverByTheShop: Row(
        400, "ACTION_FORBIDDEN", "Hand the goods over yourself, then move the order to DELIVERED"
    ),
    digital.KeysMissing: Row(
        400, "BAD_REQUEST", "Send as many codes for every item as it has units, all in one request"
    ),
    digital.KeyBlank: Row(400, "BAD_REQUEST", "Send codes with something in them"),
    digital.KeysExpired: Row(400, "BAD_REQUEST", "Send codes that can still be activated, and until when"),
    external_id.NotWhenAssembled: Row(
        400, "EXTERNAL_ORDER_ID_UPDATE_ERROR", "Name the order before it is READY_TO_SHIP"
    ),
    external_id.WrittenBefore: Row(400, "EXTERNAL_ORDER_ID_UPDATE_ERROR", "The name stays: it is given once"),
    # Asynchronous changes
    operation.OrderIsOver: Row(400, "ORDER_IN_TERMINAL_STATE", "Nothing of a finished order is updated"),
    operation.IsBeingCancelled: Row(
        400, "CANCELLATION_REQUESTED", "See with getOperations what becomes of the cancellation"
    ),
    operation.NothingToUpdate: Row(400, "BAD_REQUEST", "Send a customer, a deliveryInterval or both"),
    operation.NotForACourier: Row(400, "INVALID_DELIVERY_TYPE", "Only an order that a courier brings has an interval"),
    operation.IntervalNotAvailable: Row(
        400, "INVALID_DELIVERY_OPTION", "Take an interval that getOrderUpdateOptions offers"
    ),
    operation.NothingBegun: Row(400, "BAD_REQUEST", "Begin a change with updateOrder first; each ends once"),
    # Orders placed
    placing.NoItems: Row(400, "BAD_REQUEST", "Send an item at least"),
    placing.ItemIdTwice: Row(400, "ITEM_DUPLICATE", "Give each item an id of its own, or none"),
    placing.CountWrong: Row(400, "BAD_REQUEST", "Order one unit at least"),
    placing.PriceWrong: Row(400, "BAD_REQUEST", "Send a price of 0 or more"),
    placing.PaymentWrong: Row(400, "INVALID_PAYMENT_SETTINGS", "Choose a paymentMethod that goes with the paymentType"),
    placing.BeginningWrong: Row(
        400, "INVALID_ORDER_STATUS", "Begin in a status in which orders of this model are placed"
    ),
    placing.DraftWrong: Row(400, "BAD_REQUEST", "Place drafts in a LaaS campaign"),
    placing.DigitalWrong: Row(
        400, "INVALID_DELIVERY_TYPE", "Sell digital goods in DBS, with delivery of the type DIGITAL"
    ),
    place_order.UnknownOffers: Row(
        400,
        "OFFER_NOT_FOUND",
        "Put offers on sale by telling their stock, with setStocks or updateStocks; a world makes each on the way",
    ),
    # Acts of the others, and the clock
    jump_clock.Backwards: Row(400, "BAD_REQUEST", "Name a later moment; a new world begins at any moment"),
    jump_clock.TooFar: Row(400, "BAD_REQUEST", "Jump in steps of less than ten years"),
    jump_clock.ToldOnTheWay: Row(
        409, "BAD_REQUEST", "Answer the notification first, and set the clock when the jump has been answered"
    ),
    acts.ActNotPossible: Row(400, "ACTION_FORBIDDEN", "Choose an act of the list `possible` in the answer"),
    acts.FactNotUnderstood: Row(400, "BAD_REQUEST", "Choose one of the words that the text lists"),
    authority.RuleWrong: Row(
        400,
        "BAD_REQUEST",
        "Choose an answer that the authority gives about such codes, and at most one way to name them",
    ),
    authority.TooManyRules: Row(
        400, "LIMIT_EXCEEDED", "Let one rule fit many codes: by prefix, by offerId, or by type alone"
    ),
    verdicts.NoSuchAnswer: Row(400, "BAD_REQUEST", "Choose an answer that the authority gives about such codes"),
    verdicts.NothingAsked: Row(400, "BAD_REQUEST", "Give codes first; each is answered once"),
    # Businesses, campaigns, keys, worlds
    api_key.BadKeyName: Row(400, "BAD_REQUEST", "Send a name of 1 to 100 characters"),
    api_key.KeyNameTaken: Row(400, "BAD_REQUEST", "Choose another name, or delete the key that has it"),
    api_key.NoScopes: Row(400, "BAD_REQUEST", "Name a scope at least: all-methods opens everything"),
    api_key.UnknownScope: Row(
        400, "BAD_REQUEST", "Use scopes as the documentation spells them, pricing:read-only for instance"
    ),
    api_key.TooManyKeys: Row(400, "LIMIT_EXCEEDED", "Delete a key that nobody uses"),
    campaigns.BusinessNotFound: Row(404, "BUSINESS_NOT_FOUND", "Use the id that the business was made with"),
    campaigns.CampaignNotFound: Row(404, "CAMPAIGN_NOT_FOUND", "Use the id that the campaign was opened with"),
    campaigns.KeyNotFound: Row(404, "NOT_FOUND", "Use the id of a live key, as the list of keys shows it"),
    quota_limits.LimitsStay: Row(400, "BAD_REQUEST", "Set an amount that nobody reaches"),
    worlds.WorldNotFound: Row(
        404, "NOT_FOUND", "Use the id that the world was made with; deleted worlds don't come back"
    ),
    idempotency.BadKey: Row(400, "BAD_REQUEST", "Send a key of 1 to 200 characters, or none"),
    idempotency.KeyReused: Row(
        409, "BAD_REQUEST", "Send a new key with a new request; a repeated request must be the same to the last byte"
    ),
    orders.OrderNotFound: Row(
        404, "NOT_FOUND", "Use the id of an order of this very campaign; getOrders lists test orders with fake=true"
    ),
    request_log.CallNotFound: Row(
        404, "NOT_FOUND", "Use the id of a call, as the log shows it; it is kept for some days"
    ),
    # Reference reads
    stock_level.OfferRepeated: Row(400, "DUPLICATE_SHOP_SKU", "Name each offer once, with its newest count"),
    stock_level.CountFromTheFuture: Row(400, "BAD_REQUEST", "Send the moment of the count, or none: then it is now"),
    stock_level.CountTooOld: Row(400, "BAD_REQUEST", "Count again, and send that within a day"),
    outlet.OutletNotFound: Row(
        404, "NOT_FOUND", "Use the ids that getOutlets shows, with the campaign that has the outlet"
    ),
    outlet.CodeTaken: Row(
        400, "DUPLICATE_OUTLET_CODE", "Send a shopOutletCode of its own, or change that outlet with updateOutlet"
    ),
    outlet.UnknownRegion: Row(400, "UNKNOWN_REGION", "Look the region's id up with searchRegionsByName"),
    outlet.WrongRegion: Row(400, "WRONG_REGION", "Send the id of a city, a town or a district"),
    outlet.WrongCoordinates: Row(
        400, "WRONG_OUTLET_GPS_COORDINATES", "Send longitude and latitude in degrees with a comma between, or nothing"
    ),
    outlet.InvalidOutlet: Row(400, "INVALID_OUTLET_INFO", "Mend what the text names"),
    outlet.InvalidPhone: Row(
        400, "INVALID_PHONE_FORMAT", "Send 10 to 15 digits, with an extension after # if there is one"
    ),
    outlet.SpreadAtHomeTooBig: Row(
        400, "BAD_REQUEST", "In the shop's own region, promise days that are at most two apart"
    ),
    outlet.SpreadElsewhereTooBig: Row(400, "BAD_REQUEST", "In other regions, promise days that are at most four apart"),
    outlet.LongWaitTooUncertain: Row(
        400, "BAD_REQUEST", "After more than 18 days, promise days at most as far apart as the first is away"
    ),
    outlet_license.LicenseNotFound: Row(
        404, "NOT_FOUND", "Use the ids that getOutletLicenses shows, or none for a new licence"
    ),
    outlet_license.LicenseRepeated: Row(400, "BAD_REQUEST", "Send each licence once"),
    outlet_license.NumberMissing: Row(400, "BAD_REQUEST", "Send the number that stands on the licence"),
    outlet_license.DatesReversed: Row(400, "BAD_REQUEST", "Send a dateOfExpiry that is not before dateOfIssue"),
    warehouse.NotToBeUnited: Row(
        400, "GROUPED_WAREHOUSE", "Name two warehouses of the business or more, none of them in a group"
    ),
    regions.RegionNotFound: Row(404, "NOT_FOUND", "Use the id of a region that searchRegionsByName finds"),
    # Notifications
    notification.TypesMissing: Row(400, "BAD_REQUEST", "Name a type at least"),
    notification.TypeNotAvailable: Row(
        400, "BAD_REQUEST", "Subscribe the business itself to this type, or choose other types"
    ),
    notification.SubscriptionIsOff: Row(400, "BAD_REQUEST", "Enable the subscription first"),
    target.BadTarget: Row(
        400, "BAD_REQUEST", "Send the address of a server that the marketplace can reach, with https"
    ),
    subscription_acts.CheckFailed: Row(
        400, "BAD_REQUEST", "Let the target answer a PING with 200 and its name, version and time first"
    ),
    subscriptions.SubscriptionNotFound: Row(404, "NOT_FOUND", "Use the id of a subscription, as their list shows it"),
    delivery_log.NotificationNotFound: Row(
        404, "NOT_FOUND", "Use the id of a notification, as the subscription's log shows it"
    ),
    # Lists and limits
    tokens.BadPageToken: Row(
        400, "BAD_REQUEST", "Send nextPageToken as it came, to the same method; begin anew without a token"
    ),
    order_filter.WindowTooLong: Row(400, "BAD_REQUEST", "Ask for a shorter window, or for several one after another"),
    order_filter.WindowReversed: Row(400, "BAD_REQUEST", "Let the window end after it begins"),
    quota.QuotaExceeded: Row(
        420, "METHOD_FAILURE", "Wait for the moment in X-RateLimit-Resource-Until; the operator can set another limit"
    ),
    quota.TooManyAtOnce: Row(420, "METHOD_FAILURE", "Wait for an answer before sending the next request"),
}
"""A row for each class; `tests/api/test_refusals.py` finds the class that has none."""
