"""What a seller is told, to the letter: exactly the documented fields, in the documented order."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from korob.domain import cancellation, delivery, lifecycle
from korob.domain.change import Change, DeliveryChanged, ItemsRemoved, OrderPlaced, RefundsPaid
from korob.domain.words import Actor, DispatchType, RemovalReason, Status, Substatus
from korob.notifications import bodies
from tests.examples import NOW, a_delivery, an_order

NAMED = {"orderId": 50_000_000_001, "campaignId": 1001}
ITEMS = [{"offerId": "SKU-1", "count": 2}, {"offerId": "SKU-2", "count": 1}]
AT = "2026-03-02T09:00:00Z"


def told(change):
    """What goes out, after PostgreSQL had it in an order of its own."""
    stored = [json.dumps(dict(sorted(json.loads(news.body).items()))).encode() for news in bodies.news(change)]
    return [list(json.loads(bodies.spelt(body)).items()) for body in stored]


def changed(order, *events, act="DO"):
    return Change(order, Actor.MARKET, act, NOW, events)


def test_an_order_was_placed():
    assert told(changed(an_order(), OrderPlaced())) == [
        [("notificationType", "ORDER_CREATED"), *NAMED.items(), ("items", ITEMS), ("createdAt", AT)]
    ]


def test_an_order_moved():
    change = lifecycle.move(an_order(), Status.PROCESSING, Substatus.READY_TO_SHIP, actor=Actor.SELLER, now=NOW)

    assert told(change) == [
        [
            ("notificationType", "ORDER_STATUS_UPDATED"),
            *NAMED.items(),
            ("status", "PROCESSING"),
            ("substatus", "READY_TO_SHIP"),
            ("updatedAt", AT),
        ]
    ]


def test_a_cancellation_is_told_as_such_and_as_nothing_else():
    change = cancellation.cancel(an_order(), Substatus.SHOP_FAILED, actor=Actor.SELLER, now=NOW)

    assert told(change) == [
        [("notificationType", "ORDER_CANCELLED"), *NAMED.items(), ("items", ITEMS), ("cancelledAt", AT)]
    ]


def test_a_buyer_who_wants_to_cancel_on_the_way():
    change = cancellation.request(an_order(Status.DELIVERY), None, now=NOW)

    assert told(change) == [[("notificationType", "ORDER_CANCELLATION_REQUEST"), *NAMED.items(), ("requestedAt", AT)]]


def test_on_the_way_to_a_pickup_point_of_the_market_the_seller_is_not_asked():
    order = an_order(Status.DELIVERY, delivery=a_delivery(dispatch=DispatchType.MARKET_BRANDED_OUTLET))

    assert told(cancellation.request(order, None, now=NOW)) == []


@pytest.mark.parametrize("update", ["SHIPMENT_DATE_UPDATED", "DELIVERY_DATE_UPDATED"])
def test_a_date_moved(update):
    assert told(changed(an_order(), DeliveryChanged(update))) == [
        [("notificationType", "ORDER_UPDATED"), *NAMED.items(), ("updateType", update), ("updatedAt", AT)]
    ]


def test_a_longer_storage_is_told_as_an_update_without_a_word_of_its_own():
    stored = an_order(Status.PICKUP, delivery=a_delivery(outlet_storage_limit_on=NOW.date()))

    assert told(delivery.extend_storage(stored, NOW.date() + timedelta(days=3), now=NOW)) == [
        [("notificationType", "ORDER_UPDATED"), *NAMED.items(), ("updateType", "UNKNOWN"), ("updatedAt", AT)]
    ]


def test_what_the_seller_did_himself_to_items_is_not_told_and_nor_are_refunds():
    assert told(changed(an_order(), ItemsRemoved({1: 1}, RemovalReason.PARTNER_REQUESTED_REMOVE), RefundsPaid(1))) == []


def test_a_ping_says_what_time_it_is():
    assert bodies.ping(datetime(2026, 3, 2, 9, 0, 0, 120_000, tzinfo=UTC)) == (
        b'{"notificationType":"PING","time":"2026-03-02T09:00:00.120000Z"}'
    )
