"""What would succeed instead of what was refused: a sentence for each refusal, told by `why` and in docs/errors.md."""

from typing import Final

from korob.actions import jump_clock, place_order
from korob.api import tokens
from korob.domain import (
    acceptance,
    acts,
    api_key,
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


def of(refusal: Refusal) -> str:
    """The sentence for a refusal, or for the class that it is a kind of; empty if nobody wrote one."""
    return next((REMEDIES[kind] for kind in type(refusal).__mro__ if kind in REMEDIES), "")


_CANCEL: Final = "Cancel the whole order with updateOrderStatus: CANCELLED, SHOP_FAILED"
_OPEN: Final = "Only in PROCESSING, STARTED do items, boxes and codes change"
_ONE_OF_THE_MOVES: Final = "Ask for a state that this one leads to; the order goes from state to state"
_OTHERS_ACT: Final = "In a world, performAct of the operator's API plays the others: the buyer, the carrier, the Market"

REMEDIES: Final[dict[type, str]] = {
    # Composition, boxes and codes
    composition.ActionNotAllowed: f"{_OPEN}; wait until the order is there",
    composition.ChangeAfterReadyToShip: f"{_OPEN}. {_CANCEL}, as long as the parcel was not handed over",
    composition.ItemNotFound: "Use the ids of items as getOrder shows them",
    composition.ItemsAdded: "Name at most as many units as the order has now",
    composition.PromoProhibitsRemoval: f"Leave the position as it is. {_CANCEL}",
    composition.OnlyProduct: _CANCEL,
    composition.NothingLeft: f"Keep a unit. {_CANCEL}",
    composition.RemovalAboveThreshold: f"Remove less than 99% of the order's value. {_CANCEL}",
    items.ItemRepeated: "Name each item once, with all units that stay",
    items.CountBelowZero: "Name the units that stay; 0 removes the item",
    layout.InvalidLayout: "Pack every unit that stays once; the parts of a unit each alone in boxes of their own",
    instances.TooManyInstances: "Send one instance for a unit",
    instances.TooManyCises: "Send at most one cis for a unit",
    instances.TooManyUins: "Send at most one uin for a unit",
    instances.TooFewCises: "Send a cis for every unit, the buyer is a business",
    instances.InstanceWithoutCode: "Give each instance one of cis, uin, rnpt, gtd",
    instances.InvalidCis: "Send the code as it is printed, with its separator U+001D; the sandbox makes such codes",
    instances.InvalidUin: "Send the 16 digits of the jewellery's number",
    instances.InvalidRnpt: "Send four numbers joined by slashes",
    instances.InvalidGtd: "Send three numbers joined by slashes, and countryCode with them",
    instances.UnknownCountry: "Use two capital letters of ISO 3166-1, RU for instance",
    instances.GtdWithoutCountry: "Send countryCode beside gtd",
    instances.CisRepeated: "Give each unit a cis of its own",
    instances.UinRepeated: "Give each unit a uin of its own",
    # Moves
    lifecycle.StatusNotAllowed: "Ask for PROCESSING, CANCELLED, DELIVERY, PICKUP or DELIVERED",
    lifecycle.RoleForbidden: f"Orders of this model are moved by the Market. {_OTHERS_ACT}",
    lifecycle.NoTransition: _ONE_OF_THE_MOVES,
    lifecycle.NoPermission: f"Somebody else makes this move. {_OTHERS_ACT}",
    lifecycle.TransitionNotAllowed: "Do first what the text names; then the same request is granted",
    lifecycle.OrderIsFinal: "For its seller the order is over",
    lifecycle.AlreadyThere: "Nothing is left to do: the order has this status",
    lifecycle.ReasonNotAvailable: "Cancel for one of the reasons that are open in this state",
    lifecycle.RealDeliveryInFuture: "Send the day on which the parcel was really handed over, today at the latest",
    lifecycle.RealDeliveryOutOfRange: "Send a day from the order's first to today",
    lifecycle.RealDeliveryMisplaced: "Send the day with PICKUP or DELIVERED of a DBS order only",
    cancellation.AlreadyRequested: "Answer the buyer with acceptOrderCancellation",
    cancellation.NothingRequested: f"Answer once, and only when the buyer has asked to cancel. {_OTHERS_ACT}",
    cancellation.DeclineReasonMissing: "Send reason: ORDER_DELIVERED or ORDER_IN_DELIVERY",
    # Dates, track codes, storage, couriers
    delivery.ActionNotAllowed: "Do it in a state in which the parcel is where that makes sense",
    delivery.SameDate: "Send another day, or nothing",
    delivery.DateInPast: "Send today or a later day",
    delivery.DateTooFar: "Put the day off by fewer days",
    delivery.DateChangedTooOften: f"The day stays as it is. {_CANCEL}",
    delivery.TrackCodeUsed: "Send the code of this order's own parcel",
    delivery.PointOfTheMarket: "Only parcels at the shop's own outlet are kept longer at its word",
    delivery.StorageExtendedBefore: "The day stays as it is: it is put off once",
    delivery.StorageLimitWrong: "Send a later day within the bounds of the text",
    acceptance.NoCourierYet: f"Verify the code when the courier was found and has not left yet. {_OTHERS_ACT}",
    acceptance.CodeAcceptedBefore: "Nothing is left to do: hand the parcel over",
    # Parts of an order
    counting.ClosedAlready: "Count boxes in PROCESSING, STARTED",
    counting.TooManyBoxes: "Send fewer boxes",
    digital.NotDigital: "Send codes for orders of digital goods only",
    digital.HandedOverByTheShop: "Hand the goods over yourself, then move the order to DELIVERED",
    digital.NotInProcessing: "Send the codes while the order is in PROCESSING",
    digital.KeysMissing: "Send as many codes for every item as it has units, all in one request",
    digital.KeyBlank: "Send codes with something in them",
    digital.KeysExpired: "Send codes that can still be activated, and until when",
    external_id.NotWhenAssembled: "Name the order before it is READY_TO_SHIP",
    external_id.WrittenBefore: "The name stays: it is given once",
    buyers.NotAtWork: "Ask for the buyer in PROCESSING, DELIVERY or PICKUP",
    buyers.NotABusiness: "Ask for orders only whose buyer has the type BUSINESS",
    buyers.NotConfirmed: "Ask when the order is in PROCESSING or later",
    # Asynchronous changes
    operation.OrderIsOver: "Nothing of a finished order is updated",
    operation.IsBeingCancelled: "See with getOperations what becomes of the cancellation",
    operation.NothingToUpdate: "Send a customer, a deliveryInterval or both",
    operation.NotForACourier: "Only an order that a courier brings has an interval",
    operation.IntervalNotAvailable: "Take an interval that getOrderUpdateOptions offers",
    # Orders placed
    placing.NoItems: "Send an item at least",
    placing.ItemIdTwice: "Give each item an id of its own, or none",
    placing.CountWrong: "Order one unit at least",
    placing.PriceWrong: "Send a price of 0 or more",
    placing.PaymentWrong: "Choose a paymentMethod that goes with the paymentType",
    placing.BeginningWrong: "Begin in a status in which orders of this model are placed",
    placing.DraftWrong: "Place drafts in a LaaS campaign",
    placing.DigitalWrong: "Sell digital goods in DBS, with delivery of the type DIGITAL",
    place_order.UnknownOffers: "Order what the campaign sells; in a world every offer is made on the way",
    # Acts of the others, and the clock
    jump_clock.Backwards: "Name a later moment; a new world begins at any moment",
    jump_clock.TooFar: "Jump in steps of less than ten years",
    acts.ActNotPossible: "Choose an act of the list `possible` in the answer",
    acts.FactNotUnderstood: "Choose one of the words that the text lists",
    verdicts.NoSuchAnswer: "Choose an answer that the authority gives about such codes",
    verdicts.NothingAsked: "Give codes first; each is answered once",
    # Businesses, campaigns, keys, worlds
    api_key.BadKeyName: "Send a name of 1 to 100 characters",
    api_key.KeyNameTaken: "Choose another name, or delete the key that has it",
    api_key.NoScopes: "Name a scope at least: all-methods opens everything",
    api_key.UnknownScope: "Use scopes as the documentation spells them, pricing:read-only for instance",
    api_key.TooManyKeys: "Delete a key that nobody uses",
    campaigns.BusinessNotFound: "Use the id that the business was made with",
    campaigns.CampaignNotFound: "Use the id that the campaign was opened with",
    campaigns.KeyNotFound: "Use the id of a live key, as the list of keys shows it",
    quota_limits.LimitsStay: "Set an amount that nobody reaches",
    worlds.WorldNotFound: "Use the id that the world was made with; deleted worlds don't come back",
    idempotency.BadKey: "Send a key of 1 to 200 characters, or none",
    idempotency.KeyReused: "Send a new key with a new request; a repeated request must be the same to the last byte",
    orders.OrderNotFound: "Use the id of an order of this very campaign; getOrders lists test orders with fake=true",
    request_log.CallNotFound: "Use the id of a call, as the log shows it; it is kept for some days",
    # Reference reads
    stock_level.OfferRepeated: "Name each offer once, with its newest count",
    stock_level.CountFromTheFuture: "Send the moment of the count, or none: then it is now",
    stock_level.CountTooOld: "Count again, and send that within a day",
    warehouse.NotToBeUnited: "Name two warehouses of the business or more, none of them in a group",
    regions.RegionNotFound: "Use the id of a region that searchRegionsByName finds",
    # Notifications
    notification.TypesMissing: "Name a type at least",
    notification.TypeNotAvailable: "Subscribe the business itself to this type, or choose other types",
    notification.SubscriptionIsOff: "Enable the subscription first",
    target.BadTarget: "Send the address of a server that the marketplace can reach, with https",
    subscription_acts.CheckFailed: "Let the target answer a PING with 200 and its name, version and time first",
    subscriptions.SubscriptionNotFound: "Use the id of a subscription, as their list shows it",
    delivery_log.NotificationNotFound: "Use the id of a notification, as the subscription's log shows it",
    # Lists and limits
    tokens.BadPageToken: "Send nextPageToken as it came, to the same method; begin anew without a token",
    order_filter.WindowTooLong: "Ask for a shorter window, or for several one after another",
    order_filter.WindowReversed: "Let the window end after it begins",
    quota.QuotaExceeded: "Wait for the moment in X-RateLimit-Resource-Until; the operator can set another limit",
    quota.TooManyAtOnce: "Wait for an answer before sending the next request",
}
"""`tests/api/test_refusals.py` finds the refusal that has none."""
