"""The commonest filters that sellers' programs list orders by, each as a request for a page of it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from bench import load
from korob.domain.moscow import ONE_DAY, day_of
from korob.domain.words import Model
from korob.store.worlds import World

Asked = Callable[["Shop"], dict[str, Any]]


class Shop(NamedTuple):
    """A world to ask: most of its orders are those of its FBS campaign."""

    world: World

    def of_campaign(self, filters: dict[str, Any]) -> bytes:
        """The request of getOrders."""
        campaign = next(campaign for campaign in self.world.campaigns if campaign.model is Model.FBS)
        path = f"/v2/campaigns/{campaign.id}/orders?{urlencode(filters, safe=',')}"
        return load.request("GET", path, headers={"Api-Key": self.world.api_key})

    def of_business(self, filters: dict[str, Any]) -> bytes:
        """The request of getBusinessOrders; what pages are like stands in the query."""
        paging = {name: filters[name] for name in ("limit", "pageToken") if name in filters}
        body = json.dumps({name: value for name, value in filters.items() if name not in paging}).encode()
        path = f"/v1/businesses/{self.world.id}/orders?{urlencode(paging)}"
        return load.request("POST", path, headers={"Api-Key": self.world.api_key}, body=body)


class Mix(NamedTuple):
    """A mix of filters, and why it is thought to be common."""

    name: str
    why: str
    write: Callable[[Shop, dict[str, Any]], bytes]
    filters: Callable[[datetime], dict[str, Any]]

    def request(self, shop: Shop, *, limit: int, token: str | None = None) -> bytes:
        """The request for a page, the first without a token."""
        paging = {"limit": limit} | ({"pageToken": token} if token else {})
        return self.write(shop, self.filters(shop.world.now) | paging)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _russian_day(moment: datetime) -> str:
    return day_of(moment).strftime("%d-%m-%Y")


_BY_DEFAULT: Final = {
    "fake": "false",
    "hasCis": "false",
    "onlyEstimatedDelivery": "false",
    "onlyWaitingForCancellationApprove": "false",
}
_DAY: Final = timedelta(days=1)
_MONTH: Final = timedelta(days=30)

MIXES: Final = (
    Mix(
        "orders, nothing asked for",
        "generated clients spell all defaults out; the answer is the last thirty days",
        Shop.of_campaign,
        lambda _: _BY_DEFAULT,
    ),
    Mix(
        "orders at work",
        "what a program polls for new orders, every ten minutes with Express",
        Shop.of_campaign,
        lambda _: {"status": "PROCESSING"},
    ),
    Mix(
        "orders to be packed",
        "the stage in which the seller has something to do",
        Shop.of_campaign,
        lambda _: {"status": "PROCESSING", "substatus": "STARTED"},
    ),
    Mix(
        "orders at work or on their way",
        "lists in a query are joined by commas: all that is not over yet",
        Shop.of_campaign,
        lambda _: {"status": "PROCESSING,DELIVERY"},
    ),
    Mix(
        "orders changed in the last day",
        "a poll for changes since the one before",
        Shop.of_campaign,
        lambda now: {"updatedAtFrom": _moment(now - _DAY)},
    ),
    Mix(
        "orders of a month's shipments",
        "the longest window there may be, as reports ask for it",
        Shop.of_campaign,
        lambda now: {
            "supplierShipmentDateFrom": _russian_day(now - 29 * ONE_DAY),
            "supplierShipmentDateTo": _russian_day(now + ONE_DAY),
        },
    ),
    Mix(
        "business: nothing asked for",
        "an empty body is what programs send most",
        Shop.of_business,
        lambda _: {},
    ),
    Mix(
        "business: new orders of all stores",
        "an ERP with several stores asks once for all of them",
        Shop.of_business,
        lambda _: {"statuses": ["PROCESSING"], "programTypes": ["FBS", "DBS", "EXPRESS"]},
    ),
    Mix(
        "business: delivered in the last day",
        "what is to be booked as sold",
        Shop.of_business,
        lambda now: {"statuses": ["DELIVERED"], "dates": {"updateDateFrom": _moment(now - _DAY)}},
    ),
    Mix(
        "business: changed on a day that is over",
        "a nightly comparison of one closed day",
        Shop.of_business,
        lambda now: {"dates": {"updateDateFrom": _moment(now - 2 * _DAY), "updateDateTo": _moment(now - _DAY)}},
    ),
)
"""The ten. Nobody counts them in public: they are what recorded programs send and the documentation advises."""
