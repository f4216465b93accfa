"""The orders that all contenders hold, and the requests of the four rows about them."""

import json
import random
from collections.abc import Callable, Iterable
from typing import Any, Final

from bench import load

UNITS: Final = 1000
"""Units of each position. A request takes one away, so no run comes near the end of them."""

_STREETS: Final = ("Лесная улица", "Набережная улица", "улица Мира", "Садовый переулок", "Полевая улица")
_NAMES: Final = (("Соколова", "Анна", "Игоревна"), ("Ким", "Олег", "Петрович"), ("Юсупов", "Тимур", "Рашидович"))
_REGION: Final = {
    "id": 213,
    "name": "Москва",
    "type": "CITY",
    "parent": {
        "id": 1,
        "name": "Москва и Московская область",
        "type": "REPUBLIC",
        "parent": {
            "id": 3,
            "name": "Центральный федеральный округ",
            "type": "COUNTRY_DISTRICT",
            "parent": {"id": 225, "name": "Россия", "type": "COUNTRY"},
        },
    },
}


def wish(number: int) -> dict[str, Any]:
    """What the marketplace places: three positions, a buyer, an address with its regions; paid on delivery."""
    last_name, first_name, middle_name = _NAMES[number % len(_NAMES)]
    return {
        "items": [
            {"offerId": f"bench-{(number * 3 + place) % 997}", "price": 100 + 25 * place + number % 50, "count": UNITS}
            for place in range(3)
        ],
        "buyer": {"id": f"b{number}", "lastName": last_name, "firstName": first_name, "middleName": middle_name},
        "delivery": {
            "region": _REGION,
            "address": {
                "country": "Россия",
                "postcode": f"{101000 + number % 900}",
                "city": "Москва",
                "street": _STREETS[number % len(_STREETS)],
                "house": str(1 + number % 120),
                "entrance": str(1 + number % 6),
                "floor": str(1 + number % 16),
                "apartment": str(1 + number % 300),
                "recipient": f"{last_name} {first_name} {middle_name}",
                "phone": f"+7900{number:07d}",
            },
        },
    }


class Book:
    """What the asking side knows of a contender's orders: ids, and how many units each position still has."""

    def __init__(self, orders: Iterable[dict[str, Any]]) -> None:
        """Take note of orders as the API spells them."""
        self.order_ids: list[int] = []
        self.item_ids: list[list[int]] = []
        self.counts: list[list[int]] = []
        for order in orders:
            self.order_ids.append(order["id"])
            self.item_ids.append([item["id"] for item in order["items"]])
            self.counts.append([item["count"] for item in order["items"]])


class Client:
    """Writes requests of one caller."""

    def __init__(self, campaign_id: int, api_key: str) -> None:
        self._path = f"/v2/campaigns/{campaign_id}/orders"
        self._headers = {"Api-Key": api_key}

    def read(self, order_id: int) -> bytes:
        """Read one order."""
        return load.request("GET", f"{self._path}/{order_id}", headers=self._headers)

    def list(self, page_token: str | None, limit: int = 50) -> bytes:
        """List a page of orders."""
        token = "" if page_token is None else f"&pageToken={page_token}"
        return load.request("GET", f"{self._path}?limit={limit}{token}", headers=self._headers)

    def change(self, order_id: int, verb: str, body: bytes) -> bytes:
        """Put the items or the boxes of an order."""
        return load.request("PUT", f"{self._path}/{order_id}/{verb}", headers=self._headers, body=body)


def pages(port: int, client: Client) -> list[str | None]:
    """The tokens of all full pages, the first page's (none) included."""
    tokens: list[str | None] = [None]
    while True:
        status, body = load.fetch(port, client.list(tokens[-1]))
        if status != 200:
            raise load.NoAnswerError(f"the list answered {status}: {body[:300].decode(errors='replace')}")
        page = json.loads(body)
        if len(page["orders"]) < 50 and len(tokens) > 1:
            return tokens[:-1]
        token = page.get("paging", {}).get("nextPageToken")
        if not token:
            return tokens
        tokens.append(token)


class AnyOf:
    """One of some requests written beforehand, at random."""

    def __init__(self, requests: list[bytes]) -> None:
        self._requests = requests
        self._random = random.Random(1).random  # noqa: S311

    def next(self, slot: int) -> bytes:
        """A request."""
        return self._requests[int(self._random() * len(self._requests))]

    def answered(self, slot: int, accepted: bool, answer: bytes) -> None:
        """Nothing to learn from a read."""


class Changes:
    """Changes of orders at random, each order under way at most once, so that each can be accepted."""

    def __init__(self, book: Book, write: Callable[[int], bytes], undo: Callable[[int], None]) -> None:
        """`write` makes the next request about the order at a place of the book, `undo` takes a refused one back."""
        self._orders = len(book.order_ids)
        self._write = write
        self._undo = undo
        self._random = random.Random(2).random  # noqa: S311
        self._under_way: dict[int, int] = {}
        self._busy: set[int] = set()

    def next(self, slot: int) -> bytes:
        """A change of an order that nobody is changing."""
        place = int(self._random() * self._orders)
        while place in self._busy:
            place = int(self._random() * self._orders)
        self._busy.add(place)
        self._under_way[slot] = place
        return self._write(place)

    def answered(self, slot: int, accepted: bool, answer: bytes) -> None:
        """The order is free again."""
        place = self._under_way.pop(slot)
        self._busy.remove(place)
        if not accepted:
            self._undo(place)


def removals(book: Book, client: Client) -> Changes:
    """Take one unit away from an order, from each of its positions in turn."""

    def write(place: int) -> bytes:
        counts = book.counts[place]
        counts[counts.index(max(counts))] -= 1
        items = ",".join(
            f'{{"id":{item_id},"count":{count}}}' for item_id, count in zip(book.item_ids[place], counts, strict=True)
        )
        body = f'{{"items":[{items}],"reason":"PARTNER_REQUESTED_REMOVE"}}'
        return client.change(book.order_ids[place], "items", body.encode())

    def undo(place: int) -> None:
        counts = book.counts[place]
        counts[counts.index(min(counts))] += 1

    return Changes(book, write, undo)


def layouts(book: Book, client: Client) -> Changes:
    """Pack an order into one box and into two by turns."""
    boxes_now: dict[int, int] = {}

    def write(place: int) -> bytes:
        contents = [
            {"id": item_id, "fullCount": count}
            for item_id, count in zip(book.item_ids[place], book.counts[place], strict=True)
        ]
        boxes_now[place] = wanted = 3 - boxes_now.get(place, 2)
        boxes = [contents] if wanted == 1 else [contents[:2], contents[2:]]
        body = json.dumps({"boxes": [{"items": items} for items in boxes]}, separators=(",", ":"))
        return client.change(book.order_ids[place], "boxes", body.encode())

    def undo(place: int) -> None:
        boxes_now[place] = 3 - boxes_now[place]

    return Changes(book, write, undo)
