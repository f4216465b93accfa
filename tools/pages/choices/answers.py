"""What is told of an order, and to whom: ids, buyers, lists, errors, limits."""

from typing import Final

from korob.domain import arranging, order_filter
from tools.pages.choices.choice import CLOSE, EXACT, OURS, Rows, length

SELLERS: Final[Rows] = (
    (
        "An external id is written once, in PROCESSING/STARTED",
        EXACT,
        "updateExternalOrderId",
        "domain/test_external_id.py::test_an_order_is_named_once",
    ),
    (
        "Several orders may have the same external id",
        OURS,
        "only createOrder speaks of duplicates",
        "api/test_order_parts.py::TestExternalId::test_two_orders_may_have_one_name",
    ),
)
BUYERS: Final[Rows] = (
    (
        "A buyer is told in PROCESSING, DELIVERY and PICKUP",
        EXACT,
        "getOrderBuyerInfo",
        "domain/test_buyers.py::test_before_and_after_that_nobody_is_called",
    ),
    (
        "A company is named in PROCESSING, DELIVERY, PICKUP and DELIVERED",
        EXACT,
        "getOrderBusinessBuyerInfo",
        "domain/test_buyers.py::test_a_company_is_named_from_processing_on",
    ),
    (
        "Papers of the transfer are ready when the order is DELIVERED, of a correction when goods came back",
        CLOSE,
        "getOrderBusinessDocumentsInfo; which papers are ready when is ours",
        "domain/test_buyers.py::test_papers_of_a_transfer_are_of_the_day_the_goods_were_received",
    ),
    (
        "The number of a paper is the order's id with a letter",
        OURS,
        "nothing is published",
        "domain/test_buyers.py::test_papers_of_a_transfer_are_of_the_day_the_goods_were_received",
    ),
    (
        f"Express is packed in {length(arranging.PACKING)} and brought in the next whole hour, unless wished otherwise",
        OURS,
        "nothing is published",
        "domain/test_placing.py::test_express_is_packed_in_half_an_hour_and_brought_in_the_next_whole_one",
    ),
    (
        "Delivery services and points of the Market have numbers of our own",
        OURS,
        "the Market's are its own",
        "domain/test_placing.py::test_another_models_pickup_goes_to_a_point_of_the_market",
    ),
    (
        "`details` tells of units that were not fetched or delivered, or all came back",
        OURS,
        "OrderItemDTO, without when; which units came back is not known",
        "api/test_spelling_v2.py::test_units_that_came_back_are_told_with_the_day",
    ),
    (
        "What was cancelled after it had left the seller is REJECTED, not CANCELLED",
        OURS,
        "both words are explained by one: cancelled, unredeemed",
        "api/test_spelling_v1.py"
        "::test_units_of_an_order_cancelled_on_its_way_are_unredeemed_and_of_one_that_had_not_left_are_not",
    ),
    (
        "`receiveBarcode` is the order's id and its `receiveCode`",
        OURS,
        "BusinessOrderDeliveryDTO, without its form",
        "api/test_spelling_v1.py::test_an_order_shows_all_that_it_has",
    ),
    (
        "Buyers, companies and addresses are invented, and follow from the seed",
        OURS,
        "nobody real is in a world",
        "domain/test_invented.py::test_the_same_seed_draws_the_same_lots",
    ),
)
LISTS: Final[Rows] = (
    (
        "Newest first",
        OURS,
        "the order is not published",
        "store/test_order_lists.py::test_orders_come_newest_first_in_pages_that_join_up",
    ),
    (
        f"A window spans {order_filter.WINDOW_DAYS_MAX} days at most",
        EXACT,
        "getOrders, getBusinessOrders",
        "domain/test_order_filter.py::test_more_than_thirty_days_of_placing_are_refused",
    ),
    (
        "Days of placing with an end only begin 30 days before it; days of shipment with one end known last 30 days",
        OURS,
        "a start has a default, counted from today: with an end before that nothing would be between",
        "domain/test_order_filter.py::test_days_of_shipment_need_one_end_only",
    ),
    (
        "A page token is a place in the list: it goes on there also with other filters, or in the other list of orders",
        OURS,
        "only that a token may be bad is published",
        "stories/test_pages_of_orders.py::test_a_token_of_a_page_goes_on_with_other_filters_too",
    ),
    (
        f"getOrders forgets what ended {length(order_filter.SHOWN_AFTER_THE_END)} ago",
        EXACT,
        "getOrders",
        "store/test_order_lists.py::test_the_old_list_forgets_what_ended_thirty_days_ago_and_the_new_one_does_not",
    ),
    (
        "Test orders are listed when asked for, and then no others",
        CLOSE,
        "getOrders, `fake`",
        "store/test_order_lists.py::test_real_orders_are_listed_without_test_orders_and_test_orders_without_real_ones",
    ),
)
NOTIFICATIONS: Final[Rows] = (
    (
        "A cancellation is told as ORDER_CANCELLED and nothing else",
        OURS,
        "page sendNotification names both ORDER_CANCELLED and ORDER_STATUS_UPDATED",
        "api/test_order_of_checks.py::test_a_cancellation_is_told_once",
    ),
    (
        "What the seller himself does to items, boxes, codes and ids is not told",
        OURS,
        "nothing is published",
        "api/test_order_of_checks.py::test_nobody_is_told_what_the_seller_does_to_items_boxes_codes_and_ids",
    ),
    (
        "A new delivery date is told as ORDER_UPDATED",
        EXACT,
        "page sendNotification",
        "api/test_order_delivery.py::TestDate::test_a_delivery_is_put_off_and_the_change_is_told",
    ),
    (
        "A longer storage is told as ORDER_UPDATED, of the type UNKNOWN",
        OURS,
        "page sendNotification has words for the dates of shipment and delivery only",
        "notifications/test_bodies.py::test_a_longer_storage_is_told_as_an_update_without_a_word_of_its_own",
    ),
)
ANSWERS: Final[Rows] = (
    (
        "What is absent is left out, never null and never an empty list",
        EXACT,
        "recorded answers of getOrders",
        "api/test_spelling_v2.py::test_nothing_that_goes_out_is_null_or_an_empty_list",
    ),
    (
        "`null` for what may be absent is the same as absent",
        OURS,
        "programs send it",
        "api/test_faults.py::test_null_for_what_may_be_absent_is_the_same_as_absent",
    ),
    (
        "A switch in a query is true or false in any letters, or 1 or 0",
        CLOSE,
        "a boolean by the contract; programs in use send all of these",
        "api/test_parsing_queries.py::test_a_switch_may_be_a_number",
    ),
    (
        "Of several faults the first is told: key, campaign, scope, quota, body, model, order, state",
        OURS,
        "the order of the checks is not published",
        "api/test_order_of_checks.py::test_the_key_is_looked_at_before_the_campaign_the_fields_the_model_and_the_order",
    ),
    (
        "An unknown campaign and another's are both 403",
        CLOSE,
        "page error-codes has a 404, of the methods of the cabinet",
        "api/test_order_of_checks.py::test_nobody_learns_whether_a_campaign_is_another_s_or_nobody_s",
    ),
    (
        "An unknown order is 404, in the v1 LaaS methods 400",
        CLOSE,
        "these declare no 404",
        "api/test_order_of_checks.py::test_an_unknown_order_is_a_bad_request_where_the_contract_has_no_404",
    ),
    (
        "An OAuth token is the operator's for one business, and an Api-Key is none",
        OURS,
        "OAuth is the Market's own",
        "store/test_keys.py::test_an_api_key_is_no_bearer_token_and_a_bearer_token_no_api_key",
    ),
    (
        "An Express campaign is shown as FBS",
        CLOSE,
        "PlacementType has no EXPRESS; `express` of the sandbox's API is ours",
        "sandbox/test_worlds.py::test_a_world_is_made_with_all_that_a_test_needs",
    ),
    (
        "Texts of errors are the published templates with bare values",
        CLOSE,
        "page error-codes; whether values are in quotes differs",
        "api/test_faults.py::test_a_fault_of_a_field_is_said_in_the_published_words",
    ),
    (
        "The code is one of ApiErrorCodeType where its name says the rule, else BAD_REQUEST",
        CLOSE,
        "ApiErrorCodeType has no descriptions",
        "api/test_refusals.py::test_every_refusal_has_a_status_and_a_code",
    ),
    (
        "Every method's path, models, scopes, bodies and statuses",
        EXACT,
        "the published contract",
        "contract/test_records.py::test_an_answer_has_the_fields_of_the_contract",
    ),
    (
        "A base URL may end with a slash; any other slash too many leads nowhere",
        OURS,
        "nothing is published; programs join it with paths that begin with one",
        "api/test_odd_requests.py::test_a_base_url_may_end_with_a_slash",
    ),
    (
        "Quotas",
        EXACT,
        "the method's own page, else the published contract",
        "contract/test_records.py::test_a_quota_is_the_seeds_or_else_the_contracts",
    ),
    (
        "Quotas are never exceeded by all processes together; a killed one costs its share at most",
        OURS,
        "nothing is published",
        "running/test_two_servers.py::test_a_server_that_is_killed_costs_its_share_at_most",
    ),
    (
        "What is refused before it is counted tells what is left too, once it is known whose quota it is",
        CLOSE,
        "page limits: the headers are in every answer",
        "api/test_odd_requests.py::test_what_is_refused_before_it_is_counted_tells_what_is_left_too",
    ),
    (
        "With an OAuth token the business is counted where no campaign is named",
        OURS,
        "there are no users here; the Market counts those",
        "api/test_limits.py::test_an_oauth_token_spends_what_its_business_has",
    ),
    (
        "Windows of quotas are those of the clock",
        CLOSE,
        "headers seen in use end with a round minute",
        "store/test_quotas.py::test_excess_is_refused_until_the_window_ends",
    ),
    (
        "A refusal with 4xx costs, a fault of the server does not",
        EXACT,
        "page limits",
        "api/test_costs.py::test_a_refusal_costs_a_unit_and_a_fault_of_ours_none",
    ),
    (
        "A refusal costs one unit also where the body or the answer is counted",
        OURS,
        "nothing is published",
        "api/test_costs.py::test_a_refusal_costs_one_unit_where_the_answer_or_the_body_is_counted",
    ),
    (
        "420 costs nothing",
        OURS,
        "nothing is published",
        "api/test_costs.py::test_who_asks_for_more_than_is_left_gets_nothing_and_loses_nothing",
    ),
    (
        "A cost known from the answer is charged afterwards; what is not left is forgiven",
        OURS,
        "nothing is published",
        "store/test_quotas.py::test_a_cost_beyond_the_quota_is_forgiven_but_nothing_is_left",
    ),
    (
        "A method with a parallel limit of its own has a place of its own",
        OURS,
        "nothing is published",
        "store/test_parallel.py::test_a_method_with_a_number_of_its_own_has_a_place_of_its_own",
    ),
    (
        "A business has 30 live keys at most",
        EXACT,
        "page api-key",
        "store/test_campaigns.py::test_of_forty_keys_made_at_once_thirty_come_to_be",
    ),
    (
        "Keys that are edited or deleted, and campaigns switched off, are known everywhere within 5 seconds",
        CLOSE,
        "page api-key has 10 minutes, page api-access one",
        "running/test_two_servers.py::test_what_becomes_of_keys_at_one_holds_at_the_other_within_the_documented_time",
    ),
    (
        "Where the API is off, only getCampaign and getCampaigns answer",
        EXACT,
        "page api-access",
        "api/test_access.py::test_a_campaign_that_is_switched_off_says_why_and_only_tells_that_it_is",
    ),
    (
        "Requests are kept for 10 days",
        CLOSE,
        "page sandbox, in the words about test orders",
        "api/test_request_log.py::test_after_its_days_a_call_is_forgotten",
    ),
    (
        "The parallel limit is counted by each process",
        OURS,
        "nothing is published",
        "store/test_parallel.py::test_a_fifth_request_at_once_is_refused_and_let_in_when_one_has_left",
    ),
)

TOPICS: Final[dict[str, Rows]] = {
    "The seller's own id": SELLERS,
    "Buyers and companies": BUYERS,
    "Lists": LISTS,
    "Notifications": NOTIFICATIONS,
    "Answers and limits": ANSWERS,
}
