"""What of a text nobody else may read, and that no field was forgotten."""

import pytest

from korob.contract import openapi
from korob.domain import masking

OPEN = frozenset(
    """
    activate_till additional authScopes barcode checkComment city code coords country countryCode creationDate
    creationDateFrom creationDateTo crptRequestDateTime crptRequestId customHolidays customWorkingDays date
    dateOfExpiry dateOfIssue district domain endTime errorDetails expiryDate externalOrderId externalOrderIds
    fromDate fromTime fulfilmentId gtd id marketPromoId message moderationReason name newDate nextPageToken number
    offerId offerIds offerName operationIds outletCode outletStorageLimitDate partnerWarehouseId realDeliveryDate
    rnpt serviceName shipmentDate shipmentDateFrom shipmentDateTo shipmentTime shopName shopOutletCode shopOutletId
    shopPromoId shopSku sku startTime toDate toTime totalHolidays trackCode updateDate updateDateFrom updateDateTo
    updatedAt warehouseId workingTime
    """.split()  # noqa: SIM905 (readable)
)
"""Fields with texts that anybody may read who may read the log."""


def texts():
    """The names of fields that hold text, by the document of the API."""
    for schema in openapi.document()["components"]["schemas"].values():
        for name, field in schema.get("properties", {}).items():
            kinds = [field, field.get("items", {}), *field.get("anyOf", ())]
            kinds += [kind["items"] for kind in kinds if "items" in kind]
            if any(kind.get("type") == "string" and "enum" not in kind for kind in kinds):
                yield name


def test_every_text_of_the_api_was_decided_about():
    undecided = set(texts()) - masking.PERSONAL - masking.CODES - OPEN

    assert undecided == set(), "may everybody read that in the log?"
    assert not OPEN & (masking.PERSONAL | masking.CODES)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ('{"firstName":"Анна"}', '{"firstName":"***"}'),
        ('{"firstName" : "Анна"}', '{"firstName" : "***"}'),
        (r'{"firstName":"Ан\"на","id":1}', '{"firstName":"***","id":1}'),
        ('{"phone":"+7999', '{"phone":"***"'),
        ('{"phones":["+79991234567","+7"],"id":1}', '{"phones":"***","id":1}'),
        ('{"gps":{"latitude":55.75,"longitude":-37.6e0}}', '{"gps":{"latitude":"***","longitude":"***"}}'),
        ('{"cis":"0104600439931256215"}', '{"cis":"010460043***"}'),
        ('{"cis":"01046004399312562151234567890123456789"}', '{"cis":"0104600439931256***"}'),
        ('{"cis":"\\\\u001d0123"}'.replace("\\\\", "\\"), '{"cis":"***"}'),
        ('{"codes":["AAAA-BBBB","C"]}', '{"codes":["AAAA***","***"]}'),
        ('{"value":12.50}', '{"value":12.50}'),
        ('{"offerName":"Анна"}', '{"offerName":"Анна"}'),
        ('{"offerName":"a \\"phone\\": \\"1\\""}', '{"offerName":"a \\"phone\\": \\"1\\""}'),
        ("no JSON at all", "no JSON at all"),
    ],
)
def test_what_is_personal_is_masked_and_nothing_else(text, masked):
    assert masking.body(text)[0] == masked


@pytest.mark.parametrize(
    ("sent", "masked"),
    [
        ('{"code":"7766"}', '{"code":"***"}'),
        (r'{"first\u004eame":"\u0410\u043d\u043d\u0430","id":1}', '{"firstName":"***","id":1}'),
        (r'{"offerId":"\u0427\u0430\u0439 1\/2"}', '{"offerId":"Чай 1/2"}'),
        (r'{"offerId":"\\u0427 \u0022 \u001d \ud83d\ude00 \\/"}',) * 2,
    ],
)
def test_what_is_sent_is_spelt_out_and_the_courier_s_code_is_masked_in_it(sent, masked):
    assert masking.body(sent, sent=True)[0] == masked


def test_in_an_answer_a_code_is_an_error_s():
    assert masking.body('{"code":"NOT_FOUND"}')[0] == '{"code":"NOT_FOUND"}'


def test_what_was_escaped_is_masked_where_it_is_repeated():
    _, values = masking.body(r'{"apartment":"\u0421\u0435\u043c\u044c 7\/8"}', sent=True)

    assert masking.without("apartment (rejected value: Семь 7/8)", values) == "apartment (rejected value: ***)"


def test_what_was_masked_is_masked_where_it_is_repeated():
    _, values = masking.body('{"phone":"+79991234567","floor":"3"}')

    assert masking.without("3 errors: phone (rejected value: +79991234567)", values) == (
        "3 errors: phone (rejected value: ***)"
    )


def test_tokens_are_masked_wherever_they_are():
    text = f"of ACMA:{'a' * 40}:0123abcd, ACMA:{'b' * 20} and y0_{'c' * 40}; world-{'d' * 43} of world-wide"

    assert masking.tokens(text) == "of ACMA:aaaa***, ACMA:bbbb*** and y0_***; world-*** of world-wide"
