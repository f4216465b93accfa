"""Every fault of a body is told, and nothing that is sent can break the telling."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from korob.api import faults, parse
from korob.api.faults import Fault
from korob.contract.boxes import SetOrderBoxLayoutRequest
from korob.contract.identifiers import ProvideOrderItemIdentifiersRequest
from korob.contract.methods import METHODS
from korob.contract.operations import GetOperationsRequest, GetOrderUpdateOptionsRequest, UpdateOrderRequest
from korob.contract.order_delivery import (
    SetOrderDeliveryDateRequest,
    SetOrderDeliveryTrackCodeRequest,
    UpdateOrderStorageLimitRequest,
    VerifyOrderEacRequest,
)
from korob.contract.order_parts import (
    ProvideOrderDigitalCodesRequest,
    SetOrderShipmentBoxesRequest,
    UpdateExternalOrderIdRequest,
)
from korob.contract.orders import (
    AcceptOrderCancellationRequest,
    GetBusinessOrdersRequest,
    UpdateOrderItemRequest,
    UpdateOrderStatusesRequest,
    UpdateOrderStatusRequest,
)
from korob.contract.outlet_licenses import UpdateOutletLicenseRequest
from korob.contract.outlets import ChangeOutletRequest
from korob.contract.stocks import GetWarehouseStocksRequest, UpdateStocksRequest
from korob.contract.warehouses import GetPagedWarehousesRequest, UpdateWarehouseStatusRequest

BODIES = tuple(method.body for method in METHODS if method.body)
INT64_MAX = 2**63 - 1

VALID: dict[type[msgspec.Struct], Any] = {
    UpdateOrderItemRequest: {
        "items": [{"id": 1, "count": 2, "instances": [{"cis": "a", "countryCode": "RU"}]}],
        "reason": "PARTNER_REQUESTED_REMOVE",
    },
    SetOrderBoxLayoutRequest: {
        "boxes": [
            {"items": [{"id": 1, "fullCount": 2, "instances": [{"uin": "1"}]}]},
            {"items": [{"id": 2, "partialCount": {"current": 1, "total": 2}}]},
        ],
        "allowRemove": True,
    },
    UpdateOrderStatusRequest: {
        "order": {"status": "PICKUP", "delivery": {"dates": {"realDeliveryDate": "2026-03-01"}}}
    },
    UpdateOrderStatusesRequest: {"orders": [{"id": 1, "status": "PROCESSING", "substatus": "READY_TO_SHIP"}]},
    AcceptOrderCancellationRequest: {"accepted": False, "reason": "ORDER_DELIVERED"},
    UpdateOrderRequest: {
        "order": {
            "id": 1,
            "customer": {"firstName": "Анна", "lastName": "Ли", "phone": "+79990000000"},
            "deliveryInterval": {
                "deliveryDateInterval": {"fromDate": "2026-03-05", "toDate": "2026-03-05"},
                "deliveryTimeInterval": {"fromTime": "10:00", "toTime": "18:00"},
            },
        }
    },
    GetOperationsRequest: {"operationType": "ORDER_STATUS_UPDATE", "operationIds": ["a", "b"]},
    ProvideOrderItemIdentifiersRequest: {"items": [{"id": 1, "instances": [{"cis": "a"}]}]},
    SetOrderShipmentBoxesRequest: {"boxes": [{}, {"fulfilmentId": "123-1"}]},
    ProvideOrderDigitalCodesRequest: {
        "items": [{"id": 1, "codes": ["a", "b"], "slip": "<p>Так</p>", "activate_till": "2036-01-01"}]
    },
    UpdateExternalOrderIdRequest: {"externalOrderId": "EXT-1"},
    SetOrderDeliveryDateRequest: {"dates": {"toDate": "2026-03-07"}, "reason": "USER_MOVED_DELIVERY_DATES"},
    SetOrderDeliveryTrackCodeRequest: {"trackCode": "TRACK-1", "deliveryServiceId": 98},
    UpdateOrderStorageLimitRequest: {"newDate": "2026-03-20"},
    VerifyOrderEacRequest: {"code": "4321"},
    GetOrderUpdateOptionsRequest: {"id": 1},
    GetBusinessOrdersRequest: {
        "orderIds": [1, 2],
        "statuses": ["DELIVERY"],
        "dates": {"creationDateFrom": "2026-03-01", "updateDateTo": "2026-03-01T10:00:00+03:00"},
        "fake": True,
    },
    GetPagedWarehousesRequest: {"components": ["ADDRESS", "STATUS"]},
    UpdateWarehouseStatusRequest: {"enabled": False},
    UpdateStocksRequest: {"skus": [{"sku": "A", "items": [{"count": 3}]}]},
    GetWarehouseStocksRequest: {"stocksWarehouseId": 1, "hasStocks": True, "offerIds": ["A"]},
    ChangeOutletRequest: {
        "name": "Лавка",
        "type": "DEPOT",
        "address": {"regionId": 213},
        "phones": ["+79990000001"],
        "workingSchedule": {
            "scheduleItems": [{"startDay": "MONDAY", "endDay": "FRIDAY", "startTime": "10:00", "endTime": "20:00"}]
        },
        "deliveryRules": [{"minDeliveryDays": 1, "maxDeliveryDays": 2, "priceFreePickup": 500.5}],
    },
    UpdateOutletLicenseRequest: {
        "licenses": [
            {
                "outletId": 1,
                "licenseType": "ALCOHOL",
                "number": "77-AA-1",
                "dateOfIssue": "2025-03-01T00:00:00+03:00",
                "dateOfExpiry": "2030-03-01T00:00:00+03:00",
            }
        ]
    },
}


def body(value: Any) -> bytes:
    return json.dumps(value).encode()


def an_item(**fields: Any) -> bytes:
    return body({"items": [{"id": 1, "count": 1} | fields]})


@pytest.mark.parametrize("struct_type", VALID)
def test_a_sound_body_has_no_faults(struct_type):
    raw = body(VALID[struct_type])

    assert faults.of_body(struct_type, raw) == ()
    assert parse.body(struct_type, raw) == msgspec.json.decode(raw, type=struct_type)


@pytest.mark.parametrize("raw", [b"", b" \n", b"null", b"\xef\xbb\xbf"])
def test_a_body_that_says_nothing_is_missing(raw):
    assert faults.of_body(UpdateOrderItemRequest, raw) == ("Required request body is missing",)


@pytest.mark.parametrize("raw", [b"", b" \n", b"null", b"{}"])
def test_where_no_body_is_needed_one_that_says_nothing_is_an_empty_filter(raw):
    assert parse.body(GetBusinessOrdersRequest, raw, required=False) == GetBusinessOrdersRequest()


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b'{"items"', "Unexpected end of content"),
        (b'{"items":[{"id":1,"count":1}]', "Unexpected end of content"),
        (b"{'items':[]}", "JSON: object keys must be strings (byte 1)"),
        (b'{"items":"' + b"x\n" + b'"}', "JSON: invalid character (byte 11)"),
        (b'{"items":[]} x', "JSON: trailing characters (byte 14)"),
        (b'{"items":1,}', "JSON: trailing comma in object (byte 11)"),
        (b'{"note":"\xff","items":[{"id":1,"count":1}]}', "JSON: invalid UTF-8 (byte 9)"),
        ('{"items":[{"id":1,"count":1}]}'.encode("utf-16"), "JSON: invalid UTF-8 (byte 0)"),
        (b'{"items":[{"id":1,"count":1}],"note":' + b"[" * 5000 + b"]" * 5000 + b"}", "JSON: the nesting is too deep"),
        (b"[" * 50_000, "Illegal input at $"),
    ],
)
def test_what_is_no_json_is_said_to_be_none(raw, text):
    assert faults.of_body(UpdateOrderItemRequest, raw) == (text,)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"{}", "items must not be null (rejected value: null)"),
        (b'{"items":null}', "items must not be null (rejected value: null)"),
        (b'{"items":[]}', "items must not be empty (rejected value: [])"),
        (b'{"items":{}}', "Illegal input at items"),
        (b"[]", "Illegal input at $"),
        (b'{"items":[null]}', "items elements must be not null (rejected value: null)"),
        (b'{"items":[7]}', "Illegal input at items[0]"),
        (b'{"items":[{"id":1}]}', "items[0].count must not be null (rejected value: null)"),
        (an_item(count=-1), "items[0].count must be greater than or equal to 0 (rejected value: -1)"),
        (an_item(count=2**31), "Illegal input at items[0].count"),
        (an_item(count=1.0), "Illegal input at items[0].count"),
        (an_item(count=True), "Illegal input at items[0].count"),
        (an_item(count="1"), "Illegal input at items[0].count"),
        (an_item(id=INT64_MAX + 1), "Illegal input at items[0].id"),
        (an_item(id=-INT64_MAX - 2), "Illegal input at items[0].id"),
        (an_item(id=10**400), "Illegal input at items[0].id"),
        (b'{"items":[{"id":1e999,"count":1}]}', "Illegal input at items[0].id"),
        (an_item(instances=[]), "items[0].instances must not be empty (rejected value: [])"),
        (an_item(instances=[{"cis": 5}]), "Illegal input at items[0].instances[0].cis"),
        (an_item(instances=[{"cis": "a\0"}]), "Illegal input at items[0].instances[0].cis"),
        (an_item(note={"a\0": 1}), "Illegal input at items[0].note"),
        (
            an_item(instances=[{"countryCode": "ru"}]),
            "items[0].instances[0].countryCode must match ^[A-Z]{2}$ (rejected value: ru)",
        ),
        (b'{"items":[{"id":1,"count":1}],"reason":"ON_A_WHIM"}', "Illegal input at reason"),
        (b'{"items":[{"id":1,"count":1}],"reason":1}', "Illegal input at reason"),
    ],
)
def test_a_fault_of_a_field_is_said_in_the_published_words(raw, text):
    assert faults.of_body(UpdateOrderItemRequest, raw) == (text,)


@pytest.mark.parametrize(
    ("customer", "text"),
    [
        ({"firstName": ""}, "order.customer.firstName size must be between 1 and 512 (rejected value: )"),
        ({"phone": "79990000000"}, r"order.customer.phone must match ^\+[0-9]+$ (rejected value: 79990000000)"),
        ({"phone": "+7999000\n"}, "order.customer.phone must match ^\\+[0-9]+$ (rejected value: +7999000\n)"),
        ({"phone": "+799"}, "order.customer.phone size must be between 5 and 16 (rejected value: +799)"),
        ({"lastName": None}, "order.customer.lastName must not be null (rejected value: null)"),
    ],
)
def test_a_recipient_is_checked_to_the_letter(customer, text):
    whole = {"firstName": "Анна", "lastName": "Ли", "phone": "+79990000000"} | customer

    assert faults.of_body(UpdateOrderRequest, body({"order": {"id": 1, "customer": whole}})) == (text,)


@pytest.mark.parametrize(
    ("filters", "text"),
    [
        ({"orderIds": []}, "orderIds size must be between 1 and 50 (rejected size: 0)"),
        ({"orderIds": list(range(51))}, "orderIds size must be between 1 and 50 (rejected size: 51)"),
        ({"orderIds": [4, 4]}, "orderIds elements must be unique (rejected value: 4)"),
        ({"campaignIds": [0]}, "campaignIds[0] must be greater than or equal to 1 (rejected value: 0)"),
        ({"externalOrderIds": [""]}, "externalOrderIds[0] must not be empty (rejected value: )"),
        ({"dates": {"creationDateFrom": "01-03-2026"}}, "Illegal input at dates.creationDateFrom"),
        ({"dates": {"creationDateFrom": "2026-02-30"}}, "Illegal input at dates.creationDateFrom"),
        ({"dates": {"updateDateFrom": "2026-03-01T10:00:00"}}, "Illegal input at dates.updateDateFrom"),
        ({"dates": {"creationDateTo": "9999-12-31"}}, "Illegal input at dates.creationDateTo"),
        ({"fake": "true"}, "Illegal input at fake"),
    ],
)
def test_a_filter_of_orders_is_checked_to_the_letter(filters, text):
    assert faults.of_body(GetBusinessOrdersRequest, body(filters)) == (text,)


def test_every_body_has_a_sound_example():
    assert VALID.keys() == set(BODIES)


def test_a_shipments_box_is_named_with_letters_digits_hyphens_and_spaces():
    raw = body({"boxes": [{"fulfilmentId": "123-1"}, {"fulfilmentId": "123/1"}]})

    assert faults.of_body(SetOrderShipmentBoxesRequest, raw) == (
        "boxes[1].fulfilmentId must match ^[a-zA-Z0-9 -]*$ (rejected value: 123/1)",
    )


def test_keys_of_digital_goods_are_told_apart_and_their_day_has_a_name_of_its_own():
    raw = body({"items": [{"id": 1, "codes": ["a", "a"], "slip": "", "activateTill": "2036-01-01"}]})

    assert faults.of_body(ProvideOrderDigitalCodesRequest, raw) == (
        "items[0].activate_till must not be null (rejected value: null)",
        "items[0].codes elements must be unique (rejected value: a)",
    )


def test_all_faults_are_told_not_only_the_first():
    raw = body({"items": [{"id": "1", "count": -1}, {"count": 1}], "reason": "X"})

    with pytest.raises(Fault) as refused:
        parse.body(UpdateOrderItemRequest, raw)

    assert refused.value.texts == (
        "Illegal input at items[0].id",
        "items[0].count must be greater than or equal to 0 (rejected value: -1)",
        "items[1].id must not be null (rejected value: null)",
        "Illegal input at reason",
    )


def test_not_more_than_fifty_faults_are_told():
    assert len(faults.of_body(UpdateOrderItemRequest, body({"items": [{}] * 1000}))) == 50


def test_a_rejected_value_is_not_repeated_without_end():
    customer = {"firstName": "А" * 600, "lastName": "Ли", "phone": "+79990000000"}

    (text,) = faults.of_body(UpdateOrderRequest, body({"order": {"id": 1, "customer": customer}}))

    assert text == f"order.customer.firstName size must be between 1 and 512 (rejected value: {'А' * 200}…)"


def test_null_for_what_may_be_absent_is_the_same_as_absent():
    raw = body({"items": [{"id": 1, "count": 1, "instances": None}], "reason": None})

    assert parse.body(UpdateOrderItemRequest, raw) == parse.body(UpdateOrderItemRequest, an_item())


def test_what_the_contract_does_not_know_is_ignored():
    raw = body({"items": [{"id": 1, "count": 1, "colour": "red"}], "dryRun": True})

    assert parse.body(UpdateOrderItemRequest, raw) == parse.body(UpdateOrderItemRequest, an_item())


def test_a_byte_order_mark_before_a_body_does_no_harm():
    assert parse.body(UpdateOrderItemRequest, b"\xef\xbb\xbf" + an_item()).items[0].id == 1


def test_six_characters_that_only_look_like_u0000_are_text():
    raw = b'{"items":[{"id":1,"count":1,"instances":[{"cis":"a\\\\u0000"}]}]}'

    assert parse.body(UpdateOrderItemRequest, raw).items[0].instances[0].cis == r"a\u0000"


JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@some.composite
def _damaged(draw: some.DrawFn) -> tuple[type[msgspec.Struct], bytes]:
    """A sound body with a few of its places made into something else."""
    struct_type = draw(some.sampled_from(list(VALID)))
    value = json.loads(body(VALID[struct_type]))
    for _ in range(draw(some.integers(0, 3))):
        value = _with_one_place_changed(draw, value)
    return struct_type, body(value)


def _with_one_place_changed(draw: some.DrawFn, value: Any) -> Any:
    if not value or not isinstance(value, dict | list) or draw(some.integers(0, 3)) == 0:
        return draw(JSON)
    if isinstance(value, list):
        place = draw(some.integers(0, len(value) - 1))
        return [*value[:place], _with_one_place_changed(draw, value[place]), *value[place + 1 :]]
    name = draw(some.sampled_from(sorted(value)))
    return value | {name: _with_one_place_changed(draw, value[name])}


def _is_refused(struct_type: type[msgspec.Struct], raw: bytes) -> bool:
    try:
        parse.body(struct_type, raw)
    except Fault:
        return True
    return False


@given(some.sampled_from(BODIES), some.binary() | JSON.map(body))
def test_whatever_is_sent_is_either_read_or_told_what_is_wrong(struct_type, raw):
    assert bool(faults.of_body(struct_type, raw)) == _is_refused(struct_type, raw)


@settings(max_examples=300)
@given(_damaged())
def test_a_damaged_body_is_either_read_or_told_what_is_wrong(damaged):
    struct_type, raw = damaged

    assert bool(faults.of_body(struct_type, raw)) == _is_refused(struct_type, raw)


@settings(max_examples=300)
@given(_damaged())
def test_the_second_reading_finds_nothing_wrong_with_what_the_first_could_read(damaged):
    struct_type, raw = damaged

    if not _is_refused(struct_type, raw):
        assert faults.of_value(struct_type, json.loads(raw)) == ()


@settings(max_examples=300)
@given(_damaged(), some.integers(0, 400))
def test_a_body_cut_short_is_either_read_or_told_what_is_wrong(damaged, end):
    struct_type, raw = damaged

    assert bool(faults.of_body(struct_type, raw[:end])) == _is_refused(struct_type, raw[:end])
