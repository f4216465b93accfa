"""The plain program as a contender: its tables are filled with the very orders that Korob holds."""

import asyncio
import hashlib
import os
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import asyncpg

from bench import orders
from bench.contender import Http, Program
from bench.measure import ProcessorTime
from bench.postgres import Postgres

_TOKEN: Final = "plain-bench-token"
_CAMPAIGN: Final = 4001
CLIENT: Final = orders.Client(_CAMPAIGN, _TOKEN)
_DATABASE: Final = "plain"
_ZONE: Final = timedelta(hours=3)


def start(
    postgres: Postgres,
    wanted: list[dict[str, Any]],
    placed_at: Mapping[int, datetime],
    *,
    port: int,
    folder: Path,
    pool: int = 10,
) -> Program:
    """Fill a database with orders and start two workers on it.

    The orders are as the API spells them, to the second; `placed_at` has their exact moments, which a list goes by.
    """
    os.environ["PLAIN_DATABASE_URL"] = postgres.url(_DATABASE, scheme="postgresql+asyncpg")
    postgres.create(_DATABASE)
    asyncio.run(_fill(postgres.url(_DATABASE), wanted, placed_at))
    postgres.execute(_DATABASE, "VACUUM ANALYZE")
    return Program(
        ["uvicorn", "bench.plain.app:app", "--workers", "2", "--loop", "uvloop", "--http", "httptools",
         "--port", str(port), "--timeout-keep-alive", "75", "--no-access-log", "--log-level", "warning"],
        port=port,
        ready="/openapi.json",
        log=folder / "plain.log",
        environment={"PLAIN_POOL": str(pool)},
        apart=postgres.pid,
    )  # fmt: skip


def contender(program: Program, postgres: Postgres, wanted: list[dict[str, Any]]) -> Http:
    """The contender, ready to be measured."""
    return Http("plain", program, ProcessorTime(postgres.pid), client=CLIENT, book=orders.Book(wanted))


async def _fill(url: str, wanted: list[dict[str, Any]], placed_at: Mapping[int, datetime]) -> None:
    from bench.plain.database import engine  # noqa: PLC0415 - it reads PLAIN_DATABASE_URL
    from bench.plain.tables import Base  # noqa: PLC0415

    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await engine.dispose()
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("INSERT INTO campaigns VALUES ($1, 1, 'DBS', true)", _CAMPAIGN)
        await connection.execute(
            "INSERT INTO api_keys (hash, business_id, scopes) VALUES ($1, 1, $2)",
            hashlib.sha256(_TOKEN.encode()).digest(),
            ["inventory-and-order-processing"],
        )
        await _copy(connection, "orders", [_order(order, placed_at[order["id"]]) for order in wanted])
        await _copy(connection, "order_items", [row for order in wanted for row in _items(order)])
        await _copy(connection, "boxes", [row for order in wanted for row in _boxes(order)])
    finally:
        await connection.close()


async def _copy(connection: asyncpg.Connection, table: str, rows: list[dict[str, Any]]) -> None:
    import json  # noqa: PLC0415

    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)
    # COPY is binary and jsonb's codec is text, so rows go in as a recordset of JSON.
    columns = ", ".join(rows[0])
    await connection.execute(
        f"INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, $1)",
        [{name: _plain(value) for name, value in row.items()} for row in rows],
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _order(order: dict[str, Any], placed_at: datetime) -> dict[str, Any]:
    delivery, buyer = order["delivery"], order["buyer"]
    dates = delivery["dates"]
    shipment = delivery.get("shipments", [{}])[0]
    return {
        "id": order["id"],
        "campaign_id": _CAMPAIGN,
        "external_id": order.get("externalOrderId"),
        "status": order["status"],
        "substatus": order["substatus"],
        "created_at": placed_at,
        "updated_at": _moment(order["updatedAt"]),
        "expires_at": _moment(order.get("expiryDate")),
        "currency": order["currency"],
        "payment_type": order["paymentType"],
        "payment_method": order["paymentMethod"],
        "tax_system": order["taxSystem"],
        "fake": order["fake"],
        "notes": order.get("notes"),
        "cancel_requested": order.get("cancelRequested", False),
        "buyer_type": buyer["type"],
        "buyer_id": buyer.get("id"),
        "buyer_last_name": buyer.get("lastName"),
        "buyer_first_name": buyer.get("firstName"),
        "buyer_middle_name": buyer.get("middleName"),
        "delivery_type": delivery["type"],
        "delivery_partner_type": delivery["deliveryPartnerType"],
        "delivery_service_id": delivery["deliveryServiceId"],
        "delivery_service_name": delivery["serviceName"],
        "delivery_price": order["deliveryTotal"],
        "delivery_vat": delivery.get("vat"),
        "dispatch_type": delivery.get("dispatchType"),
        "delivery_from_on": _day(dates["fromDate"]),
        "delivery_to_on": _day(dates.get("toDate")),
        "delivery_from_time": dates.get("fromTime"),
        "delivery_to_time": dates.get("toTime"),
        "lift_type": delivery.get("liftType"),
        "lift_price": delivery.get("liftPrice"),
        "estimated": delivery.get("estimated"),
        "region": delivery.get("region"),
        "address": delivery.get("address"),
        "shipment_id": shipment.get("id"),
        "ships_on": _day(shipment.get("shipmentDate")),
    }


def _items(order: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "order_id": order["id"],
            "id": item["id"],
            "position": position,
            "offer_id": item["offerId"],
            "offer_name": item["offerName"],
            "price": item["price"],
            "buyer_price": item["buyerPrice"],
            "buyer_price_before_discount": item["buyerPriceBeforeDiscount"],
            "count": item["count"],
            "vat": item.get("vat"),
            "promos": item.get("promos"),
            "subsidies": item.get("subsidies"),
            "instances": item.get("instances"),
            "required_instance_types": item.get("requiredInstanceTypes"),
        }
        for position, item in enumerate(order["items"], 1)
    ]


def _boxes(order: dict[str, Any]) -> list[dict[str, Any]]:
    boxes = order["delivery"].get("shipments", [{}])[0].get("boxes", [])
    return [{"id": box["id"], "order_id": order["id"], "position": position} for position, box in enumerate(boxes, 1)]


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    return datetime.strptime(text, "%d-%m-%Y %H:%M:%S").replace(tzinfo=UTC) - _ZONE


def _day(text: str | None) -> date | None:
    return None if text is None else datetime.strptime(text, "%d-%m-%Y").replace(tzinfo=UTC).date()
