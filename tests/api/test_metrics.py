"""What Prometheus is told."""

import re

import pytest
from prometheus_client import CollectorRegistry, Histogram, generate_latest

from korob.api.metrics import CALL_SECONDS, Tally


async def figures(http):
    """Every line, by its name and labels."""
    text = (await http.get("/metrics")).text
    return {name: float(value) for name, value in re.findall(r"^(korob_[^ ]+) (\S+)$", text, re.MULTILINE)}


def grown(before, after, name):
    return after[name] - before.get(name, 0)


async def test_calls_are_counted_by_method_and_status_with_how_long_they_took(world, http):
    before = await figures(http)

    for _ in range(3):
        await world.seller("GET", "/v2/campaigns")
    await world.seller("GET", "/v2/campaigns?limit=0")
    await world.seller("GET", "/v2/nowhere")

    after = await figures(http)
    assert grown(before, after, 'korob_requests_total{operation="getCampaigns",status="200"}') == 3
    assert grown(before, after, 'korob_requests_total{operation="getCampaigns",status="400"}') == 1
    assert grown(before, after, 'korob_requests_total{operation="unknown",status="404"}') == 1
    assert grown(before, after, 'korob_request_seconds_count{operation="getCampaigns"}') == 4
    assert grown(before, after, 'korob_request_seconds_bucket{le="+Inf",operation="getCampaigns"}') == 4
    assert 0 < grown(before, after, 'korob_request_seconds_sum{operation="getCampaigns"}') < 20


async def test_batches_are_counted_with_how_long_they_were_waited_for(world, http):
    order = await world.place("DBS")
    before = await figures(http)

    await world.seller("GET", world.path(order))
    await world.move(order, "DELIVERY")

    after = await figures(http)
    assert grown(before, after, 'korob_batch_size_count{kind="load"}') >= 1
    assert grown(before, after, 'korob_batch_size_sum{kind="save"}') == 1
    assert grown(before, after, 'korob_batch_wait_seconds_count{kind="save"}') == 1
    assert grown(before, after, 'korob_batch_wait_seconds_sum{kind="save"}') > 0


async def test_connections_the_log_and_the_timers_are_told_of(world, http):
    before = await figures(http)
    await world.seller("GET", "/v2/campaigns")
    await world.operator("GET", f"/businesses/{world.id}/request-log")

    after = await figures(http)

    assert after['korob_pool_connections{state="busy"}'] + after['korob_pool_connections{state="idle"}'] >= 1
    assert grown(before, after, 'korob_request_log_total{outcome="written"}') >= 1
    assert after['korob_request_log_total{outcome="dropped"}'] == 0
    assert after["korob_timers_lag_seconds"] >= 0


async def test_timers_that_are_late_are_told_to_be(world, http, shared_database):
    order = await world.place("DBS", paymentType="PREPAID", paymentMethod="YANDEX")
    # Longer than any order waits that another test has left behind.
    async with shared_database.connection() as connection:
        await connection.execute(
            "UPDATE orders o SET look_at = w.frozen_at - interval '36500 days' FROM worlds w "
            "WHERE w.business_id = $1 AND o.business_id = $1 AND o.order_id = $2",
            world.id,
            order["id"],
        )

    assert (await figures(http))["korob_timers_lag_seconds"] == pytest.approx(36_500 * 86_400, abs=1)


def test_a_tally_tells_what_the_library_would_have_counted():
    values = [0.0001, 0.001, 0.0011, 0.3, 1, 10, 11]
    ours, theirs = (Histogram("seconds", "", buckets=CALL_SECONDS, registry=CollectorRegistry()) for _ in range(2))
    tally = Tally(CALL_SECONDS, ours)

    for value in values:
        tally.note(value)
        theirs.observe(value)

    assert (tally.tell(), tally.tell()) == (len(values), 0)
    assert said(ours) == said(theirs)


def said(histogram):
    registry = CollectorRegistry()
    registry.register(histogram)
    return [line for line in generate_latest(registry).decode().splitlines() if "created" not in line]
