"""What the operator's and the sandbox's documents say, and the pages drawn from them."""

import pytest

from korob import operator, sandbox
from tests.operator import playground

PAGES = {"/operator/v1": operator.ENDPOINTS, "/sandbox/v1": sandbox.ENDPOINTS}


@pytest.mark.parametrize("prefix", PAGES)
async def test_a_page_shows_every_method_to_anybody(services, prefix):
    async with playground.client_of(services) as client:
        answer = await client.get(f"{prefix}/docs")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    for endpoint in PAGES[prefix]:
        assert f'id="{endpoint.operation_id}"' in answer.text
    assert f'href="{prefix}/openapi.json"' in answer.text
    assert "`" not in answer.text.partition("<script>")[0]
    assert "-9223372036854775808" not in answer.text


async def test_a_page_tells_what_a_body_means_and_what_is_to_be_had_for_what_is_left_out(client):
    page = (await client.get("/operator/v1/docs")).text

    assert "<p>What is to become of an Api-Key; what is absent stays.</p>" in page
    assert "fake: boolean, false if absent" in page
    assert "events*: list of object" in page
