"""Spans, as a collector gets them."""

import gzip
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from korob import config
from korob.config import SettingsError
from tests.world import World, an_application

TRACE, CALLER = "8b05ba11f1d37f7cfce0eac1a5230600", "8b23fad39202f968"


@pytest.fixture
def collector():
    """Takes spans at an address of its own."""
    spans = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                names = {one.key: one.value.string_value for one in resource.resource.attributes}
                assert names["service.name"] == "korob"
                spans.extend(span for scope in resource.scope_spans for span in scope.spans)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/traces", spans
    server.shutdown()
    server.server_close()


async def test_every_call_is_the_very_span_that_its_answer_names(shared_url, collector):
    url, spans = collector
    async with an_application(shared_url, traces_url=url) as http:
        world = await World.make(http)
        own = await world.seller("GET", "/v2/campaigns")
        joined = await world.seller("GET", "/v2/nowhere", headers={"traceparent": f"00-{TRACE}-{CALLER}-01"})
        await world.seller("GET", "/v2/campaigns", headers={"traceparent": f"00-{TRACE}-{CALLER}-00"})

    first, second = spans
    _, trace, span, _ = own.headers["traceparent"].split("-")
    assert (first.name, first.trace_id.hex(), first.span_id.hex()) == ("getCampaigns", trace, span)
    assert first.parent_span_id == b""
    assert 0 < first.end_time_unix_nano - first.start_time_unix_nano < 30e9
    attributes = {one.key: one.value for one in first.attributes}
    assert attributes["http.response.status_code"].int_value == 200
    assert attributes["http.route"].string_value == "/v2/campaigns"
    assert attributes["korob.business_id"].int_value == world.id
    assert (second.trace_id.hex(), second.parent_span_id.hex()) == (TRACE, CALLER)
    assert second.span_id.hex() == joined.headers["traceparent"].split("-")[2]


@pytest.mark.parametrize(("verb", "path"), [("GET", "/operator/v1/nothing"), ("DELETE", "/docs")])
async def test_who_takes_a_wrong_path_beside_the_methods_is_answered_in_his_own_trace(http, verb, path):
    answer = await http.request(verb, path, headers={"traceparent": f"00-{TRACE}-{CALLER}-01"})

    assert (answer.status_code >= 404, answer.headers["traceparent"].split("-")[1]) == (True, TRACE)


async def test_without_an_address_there_are_no_traces(korob):
    assert korob._services.traces is None


def test_traces_without_what_they_need_are_refused_at_the_start(monkeypatch):
    wish = {"KOROB_TRACES_URL": "http://127.0.0.1:4318/v1/traces", "KOROB_DATA_DIR": "/srv/korob"}

    assert config.read(wish).traces_url == wish["KOROB_TRACES_URL"]
    with pytest.raises(SettingsError, match="does not begin with"):
        config.read(wish | {"KOROB_TRACES_URL": "localhost:4318"})
    monkeypatch.setattr(config, "find_spec", lambda name: None)
    with pytest.raises(SettingsError, match=r"pip install 'korob\[traces\]'"):
        config.read(wish)
