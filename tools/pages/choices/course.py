"""What happens to an order: its states, its cancellation, its waits, its delivery."""

from datetime import timedelta
from typing import Final

from korob.domain import acceptance, deadlines, delivery, digital, lifecycle, operation
from korob.domain.words import DispatchType
from tools.pages.choices.choice import CLOSE, EXACT, OURS, Rows, length

STATUSES: Final[Rows] = (
    (
        "A status that the order already has is refused",
        CLOSE,
        "a client's author says so; the text is not known",
        "domain/test_lifecycle.py::test_asking_for_what_is_already_so_is_refused",
    ),
    (
        "DELIVERED and CANCELLED are final for the seller",
        EXACT,
        "page error-codes",
        "domain/test_lifecycle.py::test_a_delivered_or_cancelled_order_is_over_for_its_seller",
    ),
    (
        "The real delivery date is between the day of the order and today, for PICKUP and DELIVERED",
        EXACT,
        "updateOrderStatus",
        "domain/test_lifecycle.py::test_a_parcel_can_not_have_arrived_before_it_was_ordered",
    ),
    (
        "READY_TO_SHIP and SHIPPED are steps of a DBS order that may be left out",
        CLOSE,
        "updateOrderItems knows them, the DBS diagram does not",
        "domain/test_lifecycle.py::test_leaving_processing_counts_as_shipping_when_that_was_skipped",
    ),
    (
        "Each status is come to but UNKNOWN, and each substatus whose meaning is published, by whom it belongs to",
        CLOSE,
        "OrderStatusType, OrderSubstatusType; that a carrier speaks for the Market's delivery is ours",
        "domain/test_reach.py::test_a_documented_substatus_is_come_to_by_whom_it_belongs_to",
    ),
    (
        "Test orders stay as long as others",
        CLOSE,
        "page sandbox: the Market keeps them 10 days",
        "stories/test_whole_lives.py::test_an_order_lives_its_whole_life",
    ),
    (
        "Substatuses before PROCESSING and of returns",
        OURS,
        "only the statuses are published",
        "domain/test_lifecycle.py::test_the_usual_substatus_is_meant_when_only_a_status_is_named",
    ),
)
CANCELLATION: Final[Rows] = (
    (
        "In PROCESSING the buyer cancels at once, in every model",
        CLOSE,
        "acceptOrderCancellation, written for DBS",
        "domain/test_cancellation.py::test_a_buyer_cancels_at_once_what_is_not_on_its_way",
    ),
    (
        "A DBS order on its way waits for the seller, and keeps its status",
        EXACT,
        "acceptOrderCancellation",
        "domain/test_cancellation.py::test_a_dbs_order_on_its_way_waits_for_the_sellers_answer",
    ),
    (
        f"Not answered in {deadlines.CANCELLATION_ANSWER // timedelta(hours=1)} hours, the order is cancelled",
        EXACT,
        "acceptOrderCancellation",
        "domain/test_cancellation.py::test_a_seller_who_does_not_answer_has_48_hours_to_the_millisecond",
    ),
    (
        "An answer at the very end of the time is late: due means that the moment has come",
        OURS,
        "a race needs a written rule",
        "domain/test_deadlines.py::test_a_wait_is_over_at_its_moment_and_not_before",
    ),
    (
        "The substatus of a granted wish is the buyer's reason, else USER_CHANGED_MIND",
        OURS,
        "nothing is published",
        "domain/test_cancellation.py::test_a_seller_grants_the_buyers_wish",
    ),
    (
        "A buyer may give the reasons that are a buyer's by their names",
        CLOSE,
        "OrderSubstatusType explains some of them",
        "domain/test_cancellation.py::test_a_sellers_reason_is_not_a_buyers",
    ),
    (
        "`cancelRequested` is true while the buyer waits for an answer, and of an order cancelled for a buyer's reason",
        CLOSE,
        "recorded answers of getOrders: two cancelled orders",
        "domain/test_cancellation.py::test_what_was_cancelled_for_a_buyer_stays_marked_as_wished",
    ),
    (
        "Declining a wish with ORDER_DELIVERED moves nothing by itself",
        OURS,
        "nothing is published",
        "domain/test_cancellation.py::test_a_seller_declines_and_the_order_goes_on",
    ),
    (
        "A second answer is refused",
        OURS,
        "nothing is published",
        "domain/test_cancellation.py::test_a_second_answer_is_refused",
    ),
    (
        "In other models the Market cancels at once what is on its way",
        OURS,
        "nothing is published",
        "domain/test_cancellation.py::test_in_other_models_the_market_cancels_at_once_what_is_on_its_way",
    ),
    (
        "Delivering or cancelling closes an open wish; PICKUP and dates leave it",
        OURS,
        "nothing is published",
        "domain/test_lifecycle.py::test_the_end_closes_the_buyers_request_and_fails_what_was_still_to_be_changed",
    ),
    (
        "The seller's reasons by model and status",
        EXACT,
        "page dbs-order-status-model, updateOrderStatus",
        "domain/test_lifecycle.py::test_a_reason_that_is_not_the_sellers_is_named",
    ),
    (
        "A seller's cancellation without a reason is SHOP_FAILED",
        OURS,
        "the schema allows none",
        "domain/test_lifecycle.py::test_a_cancellation_without_a_reason_is_the_shops_failure",
    ),
    (
        "PICKUP_EXPIRED is taken from a DBS seller before the storage is over, too",
        CLOSE,
        "an error's name, PICKUP_EXPIRED_CANCELLATION_FORBIDDEN, hints at a rule; once it is over the clock cancels",
        "stories/test_every_move.py::test_every_way_on_leads_where_it_is_drawn",
    ),
    (
        "USER_UNREACHABLE is taken without asking about calls",
        CLOSE,
        "OrderSubstatusType demands three calls; the API has no way to tell of them",
        "domain/test_lifecycle.py::test_an_order_moves_along_the_arrows_and_no_other_way",
    ),
)
DEADLINES: Final[Rows] = (
    (
        f"A reservation lasts {length(deadlines.RESERVATION)}, a LaaS draft {length(deadlines.DRAFT)}, "
        f"an order waits {length(deadlines.PAYMENT)} for its money",
        EXACT,
        "OrderSubstatusType, page laas-order-status-model",
        "domain/test_deadlines.py::test_a_wait_is_over_at_its_moment_and_not_before",
    ),
    (
        f"PENDING lasts {length(deadlines.CONFIRMATION)} and ends in PENDING_EXPIRED",
        OURS,
        "no number is published",
        "domain/test_deadlines.py::test_a_wait_is_over_at_its_moment_and_not_before",
    ),
    (
        f"An order that the buyer has is DELIVERED {length(deadlines.RECEIPT)} later",
        OURS,
        "the DBS diagram has the move, not the time",
        "domain/test_deadlines.py::test_a_wait_is_over_at_its_moment_and_not_before",
    ),
    (
        "Storage ends with its last day in Moscow",
        OURS,
        "outletStorageLimitDate names the day only",
        "domain/test_deadlines.py::test_a_wait_is_over_at_its_moment_and_not_before",
    ),
    (
        f"A point keeps a parcel {lifecycle.STORAGE_DAYS[DispatchType.MARKET_BRANDED_OUTLET]} days, "
        f"the seller's own {lifecycle.STORAGE_DAYS[DispatchType.SHOP_OUTLET]}, "
        "if nobody said otherwise; from the day it is told of",
        OURS,
        "nothing is published",
        "domain/test_lifecycle.py::test_a_parcel_told_of_late_is_kept_as_long_from_the_day_it_is_told_of",
    ),
    (
        "Without an expiryDate nothing happens to an order that its seller leaves alone",
        EXACT,
        "OrderDTO.expiryDate; PROCESSING_EXPIRED is not used otherwise",
        "domain/test_deadlines.py::test_most_orders_wait_for_nothing",
    ),
    (
        "A delivery day that is missed changes nothing by itself: the Market's act DISPUTE does",
        OURS,
        "page dbs-order-status-model names no time after the term is over",
        "domain/test_deadlines.py::test_most_orders_wait_for_nothing",
    ),
    (
        "The Market pays refunds, applies changes and ends what the buyer has, the authority answers codes; "
        "the clock does what is missed",
        OURS,
        "nothing is published",
        "stories/test_every_deadline.py"
        "::test_a_wait_is_listed_for_order_campaign_and_world_until_it_ends_and_then_is_over",
    ),
    (
        "The Market's acts APPLY and REJECT end an asynchronous change before its time, the one named or the next",
        OURS,
        "an operation can fail, and nothing is published about why",
        "stories/test_changing_parcels.py::test_the_market_may_apply_or_refuse_a_change_before_its_time",
    ),
    (
        "Digital goods that are late are noted in the history, and nothing else happens",
        OURS,
        "page digital names the time, not what follows",
        "domain/test_digital.py::test_that_goods_are_late_is_noted_once_and_nothing_else_happens",
    ),
)
DELIVERY: Final[Rows] = (
    (
        f"A delivery date is moved {delivery.DATE_CHANGES_MAX} times at most",
        OURS,
        "setOrderDeliveryDate has a limit, its number is not published",
        "domain/test_delivery.py::test_three_changes_are_enough",
    ),
    (
        f"By {delivery.DATE_CHANGE_DAYS_MAX} days at once at most; earlier is allowed, the past is not",
        OURS,
        "setOrderDeliveryDate has a limit, its number is not published",
        "domain/test_delivery.py::test_thirty_days_are_far_enough",
    ),
    (
        "Naming an estimated date again confirms it",
        CLOSE,
        "setOrderDeliveryDate, long deliveries",
        "domain/test_delivery.py::test_an_estimated_day_is_confirmed_by_naming_it_again",
    ),
    (
        "With its new date a company's order has its day of shipment, the day before; nobody's stays behind the date",
        CLOSE,
        "page business-info: there is none until the delivery date is agreed; which day is ours",
        "domain/test_delivery.py::test_a_companys_parcel_has_its_day_of_shipment_once_the_delivery_is_agreed",
    ),
    (
        "A new track code of the same service replaces the one before",
        OURS,
        "nothing is published",
        "domain/test_delivery.py::test_a_track_code_is_told_and_corrected",
    ),
    (
        "A code that another service of the order has is refused",
        OURS,
        "TRACK_CODE_ALREADY_USED names the error, not its scope",
        "domain/test_delivery.py::test_a_track_code_of_another_service_is_refused",
    ),
    (
        f"Storage is extended once, by {delivery.STORAGE_EXTENSION_DAYS_MAX} days at most, in PICKUP",
        EXACT,
        "updateOrderStorageLimit",
        "domain/test_delivery.py::test_storage_is_extended_once",
    ),
    (
        "The days count from the limit so far",
        OURS,
        "the base is not published",
        "domain/test_delivery.py::test_storage_is_extended_by_thirty_days_at_most",
    ),
    (
        "A parcel for an outlet of the campaign is kept for its storagePeriod, as it was when the order was placed",
        CLOSE,
        "storagePeriod of an outlet; nothing is said of orders under way",
        "api/test_outlets.py::test_a_parcel_is_kept_as_long_as_its_outlet_says",
    ),
)
COURIERS: Final[Rows] = (
    (
        "A wrong code is answered 200 with REJECTED, or NEED_UPDATE when the attempts are used up",
        EXACT,
        "verifyOrderEac",
        "api/test_order_delivery.py::TestCourier::test_wrong_codes_are_counted_until_there_is_a_new_one",
    ),
    (
        f"There are {acceptance.ATTEMPTS} attempts, the last wrong one answers 0 attempts left",
        OURS,
        "the number is not published",
        "domain/test_acceptance.py::test_the_third_wrong_code_makes_the_market_issue_another",
    ),
    (
        "The new code is issued at once, and the operator's API shows it",
        OURS,
        "nothing is published",
        "api/test_order_delivery.py::TestCourier::test_wrong_codes_are_counted_until_there_is_a_new_one",
    ),
    (
        "ACCEPTED moves nothing; the order is on its way when the courier takes it",
        OURS,
        "the effect is not published",
        "domain/test_acceptance.py::test_the_right_code_is_accepted_and_the_order_stays_where_it_is",
    ),
    (
        "A code is verified from COURIER_FOUND until the courier takes the parcel, and accepted once",
        OURS,
        "eacType is returned there; CODE_ALREADY_ACCEPTED names the error",
        "domain/test_acceptance.py::test_where_no_courier_is_coming_there_is_nothing_to_verify",
    ),
    (
        "The code is always COURIER_TO_MERCHANT",
        CLOSE,
        "MERCHANT_TO_COURIER is not issued at present",
        "domain/test_lifecycle.py::test_a_courier_who_was_found_has_a_code_to_tell",
    ),
)
DIGITAL: Final[Rows] = (
    (
        "Keys are for digital orders in PROCESSING",
        EXACT,
        "provideOrderDigitalCodes",
        "domain/test_digital.py::test_keys_are_for_orders_in_processing",
    ),
    (
        f"The Market's mail takes {length(digital.MAILING_TAKES)}, then the order is DELIVERED",
        CLOSE,
        "page digital; the time is ours",
        "domain/test_digital.py::test_the_order_is_delivered_when_the_mail_has_arrived_and_not_before",
    ),
    (
        "All positions in one request, at least a key for each unit",
        CLOSE,
        "provideOrderDigitalCodes: all at once, as many as needed",
        "domain/test_digital.py::test_keys_come_all_at_once_and_every_one_can_be_used",
    ),
    (
        "Other keys replace those that are not mailed yet; the same again change nothing",
        OURS,
        "nothing is published",
        "domain/test_digital.py::test_the_same_keys_again_change_nothing_and_others_take_their_place",
    ),
    (
        "The time for handing over counts from PROCESSING, whatever stages of it follow",
        CLOSE,
        "page digital: 30 minutes after PROCESSING; READY_TO_SHIP and SHIPPED may be left out",
        "domain/test_digital.py::test_whoever_moves_digital_goods_on_has_no_more_time_for_handing_them_over",
    ),
    (
        "Gifts and goods of the chat are handed over by the seller; keys for them are refused",
        OURS,
        "page digital: the Market never closes these",
        "domain/test_digital.py::test_what_the_seller_hands_over_himself_is_not_mailed",
    ),
)
LAAS: Final[Rows] = (
    (
        "A new recipient and a new interval are operations of their own, applied later",
        EXACT,
        "updateOrder",
        "domain/test_operation.py::test_both_parts_are_operations_of_their_own",
    ),
    (
        "A seller's cancellation is asynchronous",
        EXACT,
        "updateOrderStatus, operation",
        "domain/test_operation.py::test_a_laas_seller_cancels_and_it_happens_later",
    ),
    (
        f"On offer are {len(operation.HOURS)} intervals a day for {operation.DAYS_AHEAD} days; others will do up to "
        f"{operation.DAYS_AHEAD_MAX} days ahead",
        OURS,
        "nothing is published",
        "domain/test_operation.py::test_an_interval_that_was_not_offered_will_do_when_a_courier_can_come",
    ),
    (
        "What can't be applied any more fails",
        OURS,
        "OperationStatusType has FAILED",
        "domain/test_operation.py::test_an_interval_that_lapses_while_it_waits_fails",
    ),
)

TOPICS: Final[dict[str, Rows]] = {
    "Statuses": STATUSES,
    "Cancellation": CANCELLATION,
    "Deadlines": DEADLINES,
    "Delivery": DELIVERY,
    "Express couriers": COURIERS,
    "Digital goods": DIGITAL,
    "LaaS": LAAS,
}
