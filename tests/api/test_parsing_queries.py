"""What programs in use put into a query, and what is said when it can't be read."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from korob.api import parse
from korob.api.faults import Fault
from korob.contract.campaigns import GetCampaignsQuery
from korob.contract.orders import GetBusinessOrdersQuery, GetOrdersQuery
from korob.contract.regions import GetRegionsQuery
from korob.domain.words import BuyerType, DispatchType, Status, Substatus

MOSCOW = timezone(timedelta(hours=3))


def faults_of(query, struct_type=GetOrdersQuery):
    with pytest.raises(Fault) as refused:
        parse.query(struct_type, query)
    return refused.value.texts


def test_an_empty_query_is_the_same_value_every_time():
    assert parse.query(GetOrdersQuery, b"") is parse.query(GetOrdersQuery, "")
    assert parse.query(GetOrdersQuery, b"") == GetOrdersQuery()


def test_defaults_spelt_out_change_nothing():
    query = b"fake=false&hasCis=false&onlyEstimatedDelivery=false&onlyWaitingForCancellationApprove=false&page=1"

    assert parse.query(GetOrdersQuery, query) == GetOrdersQuery()


def test_every_filter_of_a_campaigns_orders_is_read():
    query = (
        b"orderIds=5&status=DELIVERY&substatus=USER_RECEIVED&fromDate=01-02-2026&toDate=02-02-2026"
        b"&supplierShipmentDateFrom=03-02-2026&supplierShipmentDateTo=04-02-2026"
        b"&updatedAtFrom=2026-02-05T10:00:00%2B03:00&updatedAtTo=2026-02-06T10:00:00Z&dispatchType=BUYER"
        b"&fake=true&hasCis=true&onlyWaitingForCancellationApprove=true&onlyEstimatedDelivery=true"
        b"&buyerType=BUSINESS&page=2&pageSize=10&pageToken=abc&limit=20"
    )

    assert parse.query(GetOrdersQuery, query) == GetOrdersQuery(
        order_ids=(5,),
        status=(Status.DELIVERY,),
        substatus=(Substatus.USER_RECEIVED,),
        from_date=date(2026, 2, 1),
        to_date=date(2026, 2, 2),
        supplier_shipment_date_from=date(2026, 2, 3),
        supplier_shipment_date_to=date(2026, 2, 4),
        updated_at_from=datetime(2026, 2, 5, 10, tzinfo=MOSCOW),
        updated_at_to=datetime(2026, 2, 6, 10, tzinfo=UTC),
        dispatch_type=DispatchType.BUYER,
        fake=True,
        has_cis=True,
        only_waiting_for_cancellation_approve=True,
        only_estimated_delivery=True,
        buyer_type=BuyerType.BUSINESS,
        page=2,
        page_size=10,
        page_token="abc",
        limit=20,
    )


@pytest.mark.parametrize(
    "query", ["orderIds=1&orderIds=2&orderIds=3", "orderIds=1,2,3", "orderIds=1,2&orderIds=3", "orderIds=1%2C2%2C3"]
)
def test_a_list_is_repeated_or_joined_by_commas(query):
    assert parse.query(GetOrdersQuery, query).order_ids == (1, 2, 3)


def test_the_token_of_a_page_has_two_names():
    assert parse.query(GetBusinessOrdersQuery, "page_token=abc") == GetBusinessOrdersQuery(page_token="abc")


def test_days_may_be_written_the_newer_way_too():
    assert parse.query(GetOrdersQuery, "fromDate=2026-02-01").from_date == date(2026, 2, 1)


def test_a_plus_that_nobody_escaped_is_still_the_offset():
    query = parse.query(GetOrdersQuery, "updatedAtFrom=2026-02-05T10:00:00+03:00")

    assert query.updated_at_from == datetime(2026, 2, 5, 10, tzinfo=MOSCOW)


@pytest.mark.parametrize("query", ["limit=", "unknown=1", "Limit=7", "&&=x"])
def test_empty_and_unknown_parameters_are_the_same_as_absent(query):
    assert parse.query(GetOrdersQuery, query) == GetOrdersQuery()


def test_of_a_parameter_given_twice_the_first_counts():
    assert parse.query(GetOrdersQuery, "limit=7&limit=8").limit == 7


@pytest.mark.parametrize("switch", ["true", "True", "TRUE"])
def test_a_switch_may_be_written_in_capitals(switch):
    assert parse.query(GetOrdersQuery, f"fake={switch}").fake is True


def test_a_switch_may_be_a_number():
    read = parse.query(GetOrdersQuery, "onlyWaitingForCancellationApprove=1&fake=0")

    assert (read.only_waiting_for_cancellation_approve, read.fake) == (True, False)


def test_a_page_of_orders_is_cut_to_fifty():
    assert parse.query(GetOrdersQuery, "limit=50").limit == 50
    assert parse.query(GetOrdersQuery, "limit=51").limit == 50
    assert parse.query(GetOrdersQuery, "pageSize=51").page_size == 50
    assert parse.query(GetBusinessOrdersQuery, "limit=2147483647").limit == 50


def test_a_page_of_more_than_a_hundred_campaigns_is_refused():
    assert parse.query(GetCampaignsQuery, "limit=100").limit == 100
    assert faults_of("limit=101", GetCampaignsQuery) == (
        "Parameter limit must be less than or equal to 100 (rejected value: 101)",
    )


def test_pages_count_from_one_up_to_ten_thousand():
    assert parse.query(GetOrdersQuery, "page=0").page == 1
    assert parse.query(GetOrdersQuery, "page=10000").page == 10_000
    assert faults_of("page=10001") == ("Parameter page must be less than or equal to 10000 (rejected value: 10001)",)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("limit=0", "limit must be greater than or equal to 1 (rejected value: 0)"),
        ("limit=ten", "Type mismatch: ten"),
        ("limit=1.0", "Type mismatch: 1.0"),
        ("orderIds=9223372036854775808", "Type mismatch: 9223372036854775808"),
        ("orderIds=%D9%A1", "Type mismatch: \u0661"),
        ("orderIds=1,x", "Type mismatch: x"),
        ("orderIds=,", "orderIds size must be between 1 and 50 (rejected size: 0)"),
        (f"orderIds={','.join('1' * 51)}", "orderIds size must be between 1 and 50 (rejected size: 51)"),
        ("status=WAITING", "Type mismatch: WAITING"),
        ("status=PICKUP&status=PICKUP", "status elements must be unique (rejected value: PICKUP)"),
        ("fake=2", "Type mismatch: 2"),
        ("fromDate=30-02-2026", "Type mismatch: 30-02-2026"),
        ("fromDate=1-2-2026", "Type mismatch: 1-2-2026"),
        ("fromDate=0001-01-01", "Type mismatch: 0001-01-01"),
        ("toDate=9999-12-31", "Type mismatch: 9999-12-31"),
        ("updatedAtFrom=2026-02-05T10:00:00", "Type mismatch: 2026-02-05T10:00:00"),
        ("updatedAtFrom=0001-01-01T00:00:00%2B03:00", "Type mismatch: 0001-01-01T00:00:00+03:00"),
        ("buyerType=%FF", "Type mismatch: buyerType=%FF"),
    ],
)
def test_what_cannot_be_read_is_said_in_the_published_words(query, text):
    assert faults_of(query) == (text,)


def test_several_faults_are_told_together():
    assert faults_of("limit=0&fake=maybe") == (
        "limit must be greater than or equal to 1 (rejected value: 0)",
        "Type mismatch: maybe",
    )


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("-5", -5), ("9223372036854775807", 2**63 - 1)])
def test_an_id_of_the_path_is_an_int64(text, number):
    assert parse.identifier(text) == number


@pytest.mark.parametrize("text", ["", "x", "1.0", "1e3", "+1", " 1", "0x1", "1_000", "9223372036854775808", "\u0661"])
def test_whatever_else_stands_for_an_id_is_a_type_mismatch(text):
    with pytest.raises(Fault) as refused:
        parse.identifier(text)

    assert refused.value.texts == (f"Type mismatch: {text}",)


def test_what_must_be_there_is_missed_along_with_all_else_that_is_wrong():
    assert faults_of(b"limit=many", GetRegionsQuery) == (
        "Required request parameter name is not present",
        "Type mismatch: many",
    )
    assert faults_of(b"", GetRegionsQuery) == ("Required request parameter name is not present",)


def test_text_has_no_zero_character():
    assert faults_of(b"name=A%00B", GetRegionsQuery) == ("Illegal input at name",)
