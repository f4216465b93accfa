"""What orders are made of and where they go: regions, warehouses, stock, outlets, settings."""

from typing import Final

from korob.domain import outlet, outlet_license, settings
from tools.pages.choices.choice import CLOSE, EXACT, OURS, Rows, length

REGIONS: Final[Rows] = (
    (
        "A small set of regions: all countries, and Russia's districts, their subjects, the larger cities",
        OURS,
        "the Market's geobase is not published",
        "domain/test_geography.py::test_every_region_lies_in_regions_that_we_know_up_to_a_country",
    ),
    (
        "A region has its number of the geobase where that is common knowledge; another country its ISO number "
        "from 1000000000 on",
        CLOSE,
        "numbers that programs have in their settings",
        "domain/test_geography.py::test_countries_have_russian_names_and_codes_of_two_letters",
    ),
    (
        "A name is searched as it is spelt, small and capital letters apart",
        EXACT,
        "searchRegionsByName",
        "api/test_regions.py::test_a_name_is_taken_as_it_is_spelt",
    ),
    (
        "It is found by the beginning of any of its words; a region of exactly this name comes first",
        OURS,
        "how names are matched is not published",
        "api/test_regions.py::test_any_word_of_a_name_leads_to_the_region",
    ),
    (
        "Delivery services, but for 99, the seller's own, have numbers of ours",
        OURS,
        "the list is not published",
        "api/test_settings.py::test_the_delivery_services_are_those_that_orders_name",
    ),
)
WAREHOUSES: Final[Rows] = (
    (
        "FBY and LaaS campaigns have a warehouse of the Market's each, the others one of the seller's",
        OURS,
        "the Market's warehouses have the goods of many businesses",
        "api/test_warehouses.py::test_the_market_s_warehouses_have_the_goods_of_fby_and_laas",
    ),
    (
        "Warehouses are united by the operator; the one of the lowest id is the main one",
        OURS,
        "sellers do it in their office",
        "api/test_warehouses.py::test_warehouses_in_a_group_are_shown_together_and_those_outside_by_themselves",
    ),
    (
        "A warehouse is switched off at once, and again without complaint",
        CLOSE,
        "updateWarehouseStatus: the storefront, which we have none of, follows in a quarter of an hour",
        "api/test_warehouses.py::test_a_warehouse_that_was_switched_off_says_so_until_it_is_on_again",
    ),
)
STOCK: Final[Rows] = (
    (
        "What a seller tells is what is on the shelf, what orders hold included: FIT",
        CLOSE,
        "older pages have the type FIT in updateStocks",
        "api/test_stocks.py::test_an_order_holds_what_it_takes_and_gives_back_what_leaves_it",
    ),
    (
        "FREEZE is what orders hold until their goods are shipped; AVAILABLE is FIT without it, never below zero",
        CLOSE,
        "WarehouseStockType",
        "domain/test_stock_level.py::test_what_is_left_is_what_is_fit_and_not_held",
    ),
    (
        "A parcel takes its goods off a shelf that was counted before",
        OURS,
        "FIT would be wrong until the next count",
        "api/test_stocks.py::test_what_is_shipped_leaves_the_shelf_and_what_is_counted_afterwards_holds_again",
    ),
    (
        "A count for an earlier moment than the last one changes nothing",
        OURS,
        "nothing is published",
        "api/test_stocks.py::test_a_count_for_an_earlier_moment_than_the_last_one_comes_too_late",
    ),
    (
        "A count is shown at once",
        OURS,
        "the Market takes some minutes",
        "api/test_stocks.py::test_a_count_that_was_told_is_shown_with_the_moment_it_holds_for",
    ),
    (
        "An order may hold more than is there",
        OURS,
        "counts are told late, and nobody is refused for it",
        "api/test_stocks.py::test_orders_may_hold_more_than_is_there_but_nothing_less_than_nothing_is_left",
    ),
    (
        "A shelf without end shows 2000000000, the most that can be told",
        OURS,
        "offers of a world are made on the way, with unlimited stock",
        "api/test_stocks.py::test_a_shelf_without_end_stays_as_full_as_can_be",
    ),
    (
        "Counts are for a moment within the last 24 hours",
        EXACT,
        "updateStocks",
        "api/test_stocks.py::test_a_count_is_of_the_last_day_and_not_of_the_future",
    ),
    (
        "With `offerIds` other filters and pages don't count",
        CLOSE,
        "getStocks: they are not to be used together",
        "api/test_stocks.py::test_offers_asked_for_by_name_come_all_at_once",
    ),
    (
        "Turnover is the stock by the units shipped in 120 days",
        OURS,
        "TurnoverType has the thresholds, not the formula",
        "domain/test_stock_level.py::test_a_shelf_lasts_for_so_many_days_of_its_sales",
    ),
)
OUTLETS: Final[Rows] = (
    (
        "How uncertain a delivery to an outlet may be",
        EXACT,
        "page error-codes",
        "domain/test_outlet.py::test_on_a_long_way_delivery_may_be_as_uncertain_as_it_is_long",
    ),
    (
        "At home is what lies in the region of the campaign's settings",
        CLOSE,
        "the pages speak of the own region",
        "domain/test_outlet.py::test_home_is_the_campaigns_region_with_all_its_parts",
    ),
    (
        f"The Market is content with an outlet after {length(outlet.MODERATION_TAKES)}",
        OURS,
        "nothing is published",
        "domain/test_outlet.py::test_the_market_is_content_after_ten_minutes",
    ),
    (
        f"With a licence too, after {length(outlet_license.CHECK_TAKES)}, unless it has expired by then",
        OURS,
        "nothing is published",
        "domain/test_outlet_license.py::test_a_licence_that_had_expired_when_the_market_looked_fails",
    ),
    (
        "A phone is 10 to 15 digits, however they are grouped, and perhaps an extension",
        CLOSE,
        "OutletDTO shows one form",
        "domain/test_outlet.py::test_phones_are_written_in_many_ways",
    ),
    (
        "Coordinates are not derived from an address",
        OURS,
        "we have no map",
        "api/test_outlets.py::test_what_was_not_told_of_an_outlet_is_not_shown_but_for_the_last_hour_of_orders",
    ),
    (
        "A code of the campaign is not taken twice, not by a change either",
        CLOSE,
        "page error-codes speaks of createOutlet",
        "api/test_outlets.py::test_a_campaign_calls_one_outlet_by_one_code",
    ),
    (
        "An empty code is none",
        OURS,
        "programs without codes send it",
        "api/test_outlets.py::test_an_empty_code_is_no_code",
    ),
    (
        "A licence is deleted without complaint although it is not there",
        OURS,
        "nothing is published",
        "api/test_outlet_licenses.py::test_licences_go_one_by_one_or_with_their_outlet",
    ),
)
SETTINGS: Final[Rows] = (
    (
        f"A campaign is at home in Moscow, pays VAT at 22 %, and delivers every day of the next {settings.DAYS_TOLD}",
        OURS,
        "sellers settle it in their office",
        "api/test_settings.py::test_a_campaign_is_at_home_in_moscow_and_delivers_every_day",
    ),
    (
        "Nobody has a plan: quotas are those without one",
        OURS,
        "plans are bought elsewhere",
        "api/test_settings.py::test_a_business_tells_its_name_its_currency_and_its_plan",
    ),
)

TOPICS: Final = {
    "Regions and delivery services": REGIONS,
    "Warehouses": WAREHOUSES,
    "Stock": STOCK,
    "Outlets": OUTLETS,
    "Settings": SETTINGS,
}
