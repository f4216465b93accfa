"""What is in an order: its composition, boxes, codes, money."""

from typing import Final

from korob.domain import authority, composition, counting, refunds
from tools.pages.choices.choice import CLOSE, EXACT, OURS, Rows, length

COMPOSITION: Final[Rows] = (
    (
        "A position left out of the list goes, as does one of count 0",
        EXACT,
        "updateOrderItems",
        "domain/test_items.py::test_a_position_left_out_or_wanted_with_zero_is_removed",
    ),
    (
        "The composition changes in PROCESSING/STARTED only",
        EXACT,
        "updateOrderItems",
        "domain/test_items.py::test_an_assembled_order_keeps_its_composition",
    ),
    (
        "The only product can be neither removed nor reduced",
        EXACT,
        "updateOrderItems",
        "domain/test_items.py::test_the_only_product_can_be_neither_removed_nor_reduced",
    ),
    (
        f"Nor can a position of {composition.THRESHOLD_PERCENT} % of the value, against the order as it stands",
        EXACT,
        "updateOrderItems; what the percents are of is ours",
        "domain/test_items.py::test_a_position_of_99_percent_of_the_value_can_be_neither_removed_nor_reduced",
    ),
    (
        f"Nor can positions that make up {composition.THRESHOLD_PERCENT} % together",
        OURS,
        "the error's name, DELETED_ITEMS_EXCEEDS_THRESHOLD, speaks of what is deleted",
        "domain/test_items.py::test_positions_that_make_up_99_percent_together_can_not_go_together",
    ),
    (
        "A position with any promotion on it stays",
        CLOSE,
        "updateOrderItems; what counts as added by an offer is ours",
        "domain/test_items.py::test_what_a_promotion_added_stays",
    ),
    (
        "A removed position may be wanted with 0 again, so that a request can be repeated",
        OURS,
        "a client that lost an answer must be able to ask again",
        "domain/test_items.py::test_a_request_that_came_through_may_be_repeated",
    ),
    (
        "When units go, a layout of boxes sent before is forgotten",
        OURS,
        "it says what is not there any more",
        "domain/test_items.py::test_boxes_packed_before_a_removal_are_forgotten",
    ),
    (
        "Removed positions are gone from reads, and stay known to the order",
        OURS,
        "nothing is published",
        "domain/test_items.py::test_a_position_left_out_or_wanted_with_zero_is_removed",
    ),
)
BOXES: Final[Rows] = (
    (
        "A box holds whole units, or one part of one unit, never both",
        EXACT,
        "setOrderBoxLayout",
        "domain/test_boxes.py::test_a_layout_that_can_not_be_packed_is_refused",
    ),
    (
        "Each call replaces layout and codes",
        EXACT,
        "page fbs",
        "domain/test_boxes.py::test_a_layout_without_codes_takes_back_the_codes_given_before",
    ),
    (
        "What is in no box leaves the order with `allowRemove`, and is refused without",
        EXACT,
        "setOrderBoxLayout",
        "domain/test_boxes.py::test_what_is_in_no_box_leaves_the_order_if_the_seller_allows_it",
    ),
    (
        "A box keeps its id while its goods and its place stay the same",
        OURS,
        "a label in hand stays right",
        "domain/test_boxes.py::test_a_box_keeps_its_id_while_its_goods_and_place_stay_the_same",
    ),
    (
        "Before a layout an order shows one box, `<orderId>-1`",
        EXACT,
        "recorded answers of getOrders",
        "api/test_spelling_v2.py::test_before_a_layout_was_sent_an_order_shows_one_box",
    ),
    (
        "setOrderShipmentBoxes sets how many boxes are shown; a layout of as many stays, another gives way",
        CLOSE,
        "setOrderShipmentBoxes: only the length of the list counts",
        "domain/test_counting.py::test_a_layout_of_as_many_boxes_stays_and_another_gives_way",
    ),
    (
        f"Not more than {counting.BOXES_MAX} boxes can be counted",
        OURS,
        "more must be a mistake",
        "domain/test_counting.py::test_a_thousand_boxes_are_enough",
    ),
)
CODES: Final[Rows] = (
    (
        "The form of a CIS in updateOrderItems and provideOrderItemIdentifiers",
        EXACT,
        "the published patterns",
        "domain/test_marking.py::test_a_code_with_each_length_of_serial_and_each_tail_is_taken_and_found_good",
    ),
    (
        "A box takes nearly any text as a CIS; the check finds it INVALID",
        CLOSE,
        "samples of setOrderBoxLayout do not fit the published patterns",
        "domain/test_boxes.py::test_an_odd_code_is_packed_and_found_invalid_afterwards",
    ),
    (
        "A unit may have several kinds of codes; `gtd` needs `countryCode`",
        CLOSE,
        "page business-info, against the text of the schema",
        "domain/test_instances.py::test_a_unit_is_identified_by_one_code_or_several",
    ),
    (
        "GTD and RNPT are three and four numbers of any length",
        CLOSE,
        "copies of the page differ in the lengths",
        "domain/test_instances.py::test_a_code_that_can_not_be_is_refused",
    ),
    (
        "A UIN is 16 digits",
        EXACT,
        "BriefOrderItemInstanceDTO",
        "domain/test_instances.py::test_a_code_that_can_not_be_is_refused",
    ),
    (
        "A code is repeated for the parts of a unit, not within one list",
        CLOSE,
        "samples of setOrderBoxLayout",
        "domain/test_boxes.py::test_two_units_travel_in_two_boxes_each_all_four_with_one_code",
    ),
    (
        "CIS of DBS orders are stored, not checked",
        EXACT,
        "provideOrderItemIdentifiers",
        "domain/test_codes.py::test_a_code_of_a_seller_who_delivers_himself_is_kept_and_not_checked",
    ),
    (
        "UINs are checked once every piece of jewellery in the order has one",
        EXACT,
        "UinDTO, NOT_ON_VALIDATION",
        "domain/test_codes.py::test_jewellery_is_checked_when_every_piece_of_the_order_has_its_uin",
    ),
    (
        f"The authority answers after {length(authority.CHECK_TAKES)}",
        OURS,
        "nothing is published",
        "domain/test_codes.py::test_the_authority_answers_five_seconds_later_and_once",
    ),
    (
        "It judges the structure of a code; in a world anything else is told it by a rule or an act",
        OURS,
        "no real register is asked",
        "domain/test_marking.py::test_the_authority_finds_what_is_wrong_with_a_code",
    ),
    (
        "A code that another order or another position has is INVALID with ITEM_SOLD, a UIN FAILED with UIN_NO_DATA",
        OURS,
        "that it is found is likely, in what words is not published",
        "stories/test_code_authority.py::test_a_code_that_another_order_has_is_that_of_goods_sold_already",
    ),
    (
        "An order whose code was found bad (INVALID, FAILED) takes it from no other order",
        OURS,
        "else nobody could sell a unit any more that was once on two orders",
        "store/test_given_codes.py::test_a_code_that_was_found_sold_takes_nothing_from_the_next_order",
    ),
    (
        "The first rule of a world that fits a code when it is handed in holds for it; later rules do not",
        OURS,
        "rules are for tests only",
        "stories/test_code_authority.py::test_a_rule_holds_for_codes_that_are_handed_in_after_it_was_set",
    ),
    (
        "While an authority outside is silent or talks nonsense, a code stays IN_PROGRESS and is asked about again",
        OURS,
        "FAILED would have the seller do something that does not help",
        "authority/test_asking.py::test_an_authority_that_was_dead_for_a_while_is_asked_again",
    ),
    (
        "READY_TO_SHIP waits for the UINs of all jewellery, given and good",
        EXACT,
        "setOrderBoxLayout",
        "domain/test_codes.py::test_jewellery_holds_an_order_back_until_its_uins_are_given_and_good",
    ),
    (
        "It waits for mandatory CIS too (FBS, Express)",
        CLOSE,
        "the newer pages; the older ones speak of UINs only",
        "domain/test_codes.py::test_a_mandatory_cis_holds_an_order_back_until_it_is_given_and_good",
    ),
    (
        "An order without its codes is refused READY_TO_SHIP in words that begin with `Order requires valid`",
        CLOSE,
        "a program in use looks for them; the rest of the text is not known",
        "domain/test_lifecycle.py::test_jewellery_without_its_uins_is_not_ready_to_ship",
    ),
    (
        "The campaign's switch `cisGate` turns that off, for orders that are there too; for UINs nothing does",
        OURS,
        "what a marketplace may want otherwise",
        "stories/test_code_authority.py::test_a_campaign_without_the_gate_ships_without_codes",
    ),
    (
        "Codes by themselves are handed in while the order is PROCESSING/STARTED",
        OURS,
        "provideOrderItemIdentifiers: the statuses are not published",
        "domain/test_identifiers.py::test_codes_are_told_while_the_order_is_being_packed_only",
    ),
    (
        "getOrderIdentifiersStatus lists the positions that have codes",
        OURS,
        "nothing is published of the others",
        "api/test_identifiers.py::test_checks_are_under_way_and_five_seconds_later_they_are_done",
    ),
    (
        "In LaaS goods are marked from the beginning; `crptRequestId` follows from the order and the code",
        OURS,
        "the seller sends no codes there",
        "api/test_identifiers.py"
        "::test_goods_in_the_markets_warehouse_are_marked_there_and_the_request_to_the_authority_is_told",
    ),
)
MONEY: Final[Rows] = (
    (
        f"For removed units {length(refunds.WAIT)} from SHIPPED, from the removal with Apple Pay and Google Pay",
        EXACT,
        "updateOrderItems",
        "domain/test_refunds.py::test_money_for_units_taken_out_of_an_order_paid_by_card_waits_for_its_shipping",
    ),
    (
        "From leaving PROCESSING if SHIPPED is skipped",
        OURS,
        "DBS orders may skip it",
        "domain/test_lifecycle.py::test_leaving_processing_counts_as_shipping_when_that_was_skipped",
    ),
    (
        f"For a cancelled order {length(refunds.WAIT)} from the cancellation, delivery included",
        OURS,
        "nothing is published",
        "domain/test_refunds.py::test_a_cancelled_order_gives_back_everything_that_is_left_and_the_delivery",
    ),
    (
        "In LaaS the Market gives nothing back: the order was sold, and paid, elsewhere",
        OURS,
        "nothing is published; updateOrderItems speaks of what was paid at the Market's checkout",
        "domain/test_refunds.py::test_the_market_gives_nothing_back_that_a_buyer_of_laas_paid_elsewhere",
    ),
    (
        "Amounts are rounded to the kopeck, half up; the last unit takes what is left",
        OURS,
        "nothing is published",
        "domain/test_refunds.py::test_units_taken_out_one_by_one_give_back_what_was_paid_for_all_of_them",
    ),
    (
        "Sums of an order",
        EXACT,
        "recorded answers of getOrders",
        "domain/test_totals.py::test_an_order_comes_to_its_items_and_the_delivery",
    ),
    (
        "Stock is held when an order is placed and comes back until it is shipped; test orders hold none",
        CLOSE,
        "page sandbox for test orders; the rest is ours",
        "domain/test_stock.py::test_all_goes_back_from_an_order_that_was_not_shipped",
    ),
)

TOPICS: Final[dict[str, Rows]] = {
    "Composition": COMPOSITION,
    "Boxes": BOXES,
    "Marking codes": CODES,
    "Money and stock": MONEY,
}
