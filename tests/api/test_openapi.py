"""The document that programs read, and the page that people read."""

import json
from html.parser import HTMLParser

import jsonschema_rs
import msgspec
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from korob import __version__
from korob.api import docs, spell_v1, spell_v2
from korob.contract import openapi
from korob.contract.envelope import ApiErrorDTO, ApiErrorResponse
from korob.contract.methods import METHODS
from korob.contract.orders import (
    GetBusinessOrdersResponse,
    GetOrderResponse,
    UpdateOrderStatusDTO,
    UpdateOrderStatusesDTO,
    UpdateOrderStatusesResponse,
    UpdateOutcome,
)
from tests.api.full_order import FULL_ORDER
from tests.api.test_faults import VALID
from tests.examples import an_item, an_order

DOCUMENT = openapi.document()
ENCODER = msgspec.json.Encoder(decimal_format="number")


def validator(name):
    return jsonschema_rs.Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}, validate_formats=True
    )


def test_the_document_is_sound_openapi_3_1():
    assert [error.message for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()] == []


def test_the_document_has_every_method_and_no_other():
    drawn = {
        (verb.upper(), path, operation["operationId"])
        for path, verbs in DOCUMENT["paths"].items()
        for verb, operation in verbs.items()
    }

    assert drawn == {(method.verb, method.path, method.operation_id) for method in METHODS}


def test_the_document_can_be_sent():
    assert json.loads(ENCODER.encode(DOCUMENT)) == json.loads(json.dumps(DOCUMENT))


def test_a_method_says_who_may_call_it_and_how_often():
    operation = DOCUMENT["paths"]["/v2/campaigns/{campaignId}/orders/{orderId}/items"]["put"]

    assert operation["x-placement-models"] == ["DBS"]
    assert operation["x-auth-scopes"] == ["all-methods", "inventory-and-order-processing"]
    assert operation["x-quota"] == {"amount": 100_000, "seconds": 3600, "counts": "request", "parallel": 6}
    assert operation["requestBody"]["required"] is True
    assert "content" not in operation["responses"]["200"]
    assert operation["responses"].keys() == {"200", "400", "401", "403", "404", "415", "420", "500", "503"}


def test_the_two_ways_to_show_who_one_is_are_described():
    schemes = DOCUMENT["components"]["securitySchemes"]

    assert {name: (scheme["type"], scheme.get("name") or scheme["scheme"]) for name, scheme in schemes.items()} == {
        "ApiKey": ("apiKey", "Api-Key"),
        "OAuth": ("http", "bearer"),
    }
    assert DOCUMENT["security"] == [{"ApiKey": []}, {"OAuth": []}]


@pytest.mark.parametrize("struct_type", VALID)
def test_a_sound_body_is_sound_by_the_document_too(struct_type):
    assert validator(struct_type.__name__).is_valid(VALID[struct_type])


def test_null_may_stand_for_what_may_be_absent_on_the_way_in_only():
    assert validator("UpdateOrderItemRequest").is_valid({"items": [{"id": 1, "count": 0}], "reason": None})
    order = json.loads(ENCODER.encode(spell_v2.order(an_order())))
    assert not validator("OrderDTO").is_valid(order | {"notes": None})


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("GetOrderResponse", GetOrderResponse(spell_v2.order(FULL_ORDER))),
        ("GetOrderResponse", GetOrderResponse(spell_v2.order(an_order(items=(an_item(),))))),
        ("GetBusinessOrdersResponse", GetBusinessOrdersResponse((spell_v1.order(FULL_ORDER),))),
        ("GetBusinessOrdersResponse", GetBusinessOrdersResponse(())),
        ("SetOrderBoxLayoutResponse", spell_v2.layout(FULL_ORDER)),
        (
            "UpdateOrderStatusesResponse",
            UpdateOrderStatusesResponse(
                UpdateOrderStatusesDTO((UpdateOrderStatusDTO(1, update_status=UpdateOutcome.ERROR),))
            ),
        ),
        ("ApiErrorResponse", ApiErrorResponse((ApiErrorDTO("BAD_REQUEST", "No."),))),
    ],
)
def test_what_goes_out_is_what_the_document_promises(name, answer):
    assert [error.message for error in validator(name).iter_errors(json.loads(ENCODER.encode(answer)))] == []


class Links(HTMLParser):
    """Everything in a page that a browser would fetch."""

    def __init__(self, page):
        super().__init__()
        self.fetched, self.open = [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        self.fetched += [named[name] for name in ("src", "href", "srcset") if name in named and tag != "a"]
        if tag not in {"meta", "input", "link"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_needs_nothing_from_anywhere():
    page = docs.docs_page()

    links = Links(page)

    assert links.fetched == ["data:,"]
    assert links.open == []
    assert "http://" not in page
    assert "https://" not in page
    assert "@import" not in page


def test_the_page_shows_every_method_with_its_fields():
    page = docs.docs_page()

    for method in METHODS:
        assert f'id="{method.operation_id}"' in page
        assert method.path in page
    assert "  countryCode: string, at least 2 long, at most 2 long, ^[A-Z]{2}$, or null" in page
    assert "order*: object\n  id*: integer int64\n" in page


def test_the_page_says_of_itself_what_the_document_does():
    page = docs.docs_page()

    assert "with <code>.json</code> at its end" in page
    assert "`" not in page.partition("<main>")[0]
    assert DOCUMENT["info"]["version"] == __version__


def test_a_region_within_a_region_is_shown_once():
    lines = list(docs.outline(DOCUMENT, {"$ref": "#/components/schemas/Region"}))

    assert lines[0] == "id*: integer"
    assert [line for line in lines if "parent" in line] == ["parent: object"]
