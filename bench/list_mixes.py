"""The commonest filters that sellers' programs list orders by, each as a request for a page of it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from korob.domain.moscow import ONE_DAY, day_of, end_of
from korob.domain.words import Model
from korob.store.worlds import World


class Request(NamedTuple):
    """What is asked, apart from the key."""

    verb: str
    path: str
    body: bytes = b""


class Mix(NamedTuple):
    """A mix of filters, and why it is thought to be common."""

    name: str
    why: str
    ask: Callable[[World, dict[str, Any], dict[str, Any]], Request]
    filters: Callable[[datetime], dict[str, Any]]
    """By the moment of the world."""

    def request(self, world: World, *, limit: int, token: str | None = None) -> Request:
        """The request for a page, the first without a token."""
        paging = {"limit": limit} | ({"pageToken": token} if token else {})
        return self.ask(world, self.filters(world.now), paging)


def get_orders(world: World, filters: dict[str, Any], paging: dict[str, Any]) -> Request:
    """Ask for orders of the FBS campaign: it has the most."""
    campaign = next(campaign for campaign in world.campaigns if campaign.model is Model.FBS)
    return Request("GET", f"/v2/campaigns/{campaign.id}/orders?{urlencode(filters | paging, safe=',')}")


def get_business_orders(world: World, filters: dict[str, Any], paging: dict[str, Any]) -> Request:
    """Ask for orders of all campaigns."""
    return Request("POST", f"/v1/businesses/{world.id}/orders?{urlencode(paging)}", json.dumps(filters).encode())


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _midnight(now: datetime, days_ago: int) -> str:
    return _moment(end_of(day_of(now) - (days_ago + 1) * ONE_DAY))


def _russian_day(moment: datetime) -> str:
    return day_of(moment).strftime("%d-%m-%Y")


_BY_DEFAULT: Final = {
    "fake": "false",
    "hasCis": "false",
    "onlyEstimatedDelivery": "false",
    "onlyWaitingForCancellationApprove": "false",
}
_DAY: Final = timedelta(days=1)

MIXES: Final = (
    Mix(
        "orders, nothing asked for",
        "generated clients spell all defaults out; the answer is the last thirty days",
        get_orders,
        lambda _: _BY_DEFAULT,
    ),
    Mix(
        "orders at work",
        "what a program polls for new orders, every ten minutes with Express",
        get_orders,
        lambda _: {"status": "PROCESSING"},
    ),
    Mix(
        "orders to be packed",
        "the stage in which the seller has something to do",
        get_orders,
        lambda _: {"status": "PROCESSING", "substatus": "STARTED"},
    ),
    Mix(
        "orders at work or on their way",
        "lists in a query are joined by commas: all that is not over yet",
        get_orders,
        lambda _: {"status": "PROCESSING,DELIVERY"},
    ),
    Mix(
        "orders changed in the last day",
        "a poll for changes since the one before",
        get_orders,
        lambda now: {"updatedAtFrom": _moment(now - _DAY)},
    ),
    Mix(
        "orders of a month's shipments",
        "the longest window there may be, as reports ask for it",
        get_orders,
        lambda now: {
            "supplierShipmentDateFrom": _russian_day(now - 29 * ONE_DAY),
            "supplierShipmentDateTo": _russian_day(now + ONE_DAY),
        },
    ),
    Mix(
        "business: nothing asked for",
        "an empty body is what programs send most",
        get_business_orders,
        lambda _: {},
    ),
    Mix(
        "business: new orders of all stores",
        "an ERP with several stores asks once for all of them",
        get_business_orders,
        lambda _: {"statuses": ["PROCESSING"], "programTypes": ["FBS", "DBS", "EXPRESS"]},
    ),
    Mix(
        "business: delivered in the last day",
        "what is to be booked as sold",
        get_business_orders,
        lambda now: {"statuses": ["DELIVERED"], "dates": {"updateDateFrom": _moment(now - _DAY)}},
    ),
    Mix(
        "business: changed on a day that is over",
        "a nightly comparison of one closed day",
        get_business_orders,
        lambda now: {"dates": {"updateDateFrom": _midnight(now, 1), "updateDateTo": _midnight(now, 0)}},
    ),
)
"""The ten. Nobody counts them in public: they are what recorded programs send and the documentation advises."""
