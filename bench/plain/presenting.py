"""How rows become the bodies of answers."""

from bench.plain import schemas, tables


def order(row: tables.Order) -> schemas.Order:
    """An order with its items, boxes and sums."""
    items = [_item(item) for item in row.items]
    items_total = sum(item.price * item.count for item in items)
    before_discount = sum(item.buyer_price_before_discount * item.count for item in items)
    delivery_total = float(row.delivery_price)
    return schemas.Order(
        id=row.id,
        external_order_id=row.external_id,
        status=row.status,
        substatus=row.substatus,
        creation_date=row.created_at,
        updated_at=row.updated_at,
        currency=row.currency,
        items_total=items_total,
        delivery_total=delivery_total,
        buyer_items_total=items_total,
        buyer_total=items_total + delivery_total,
        buyer_items_total_before_discount=before_discount,
        buyer_total_before_discount=before_discount + delivery_total,
        payment_type=row.payment_type,
        payment_method=row.payment_method,
        fake=row.fake,
        items=items,
        subsidies=_subsidies(row),
        delivery=_delivery(row),
        buyer=schemas.Buyer(
            id=row.buyer_id,
            last_name=row.buyer_last_name,
            first_name=row.buyer_first_name,
            middle_name=row.buyer_middle_name,
            type=row.buyer_type,
        ),
        notes=row.notes,
        tax_system=row.tax_system,
        cancel_requested=row.cancel_requested,
        expiry_date=row.expires_at,
    )


def _item(row: tables.OrderItem) -> schemas.Item:
    return schemas.Item(
        id=row.id,
        offer_id=row.offer_id,
        offer_name=row.offer_name,
        price=float(row.price),
        buyer_price=float(row.buyer_price),
        buyer_price_before_discount=float(row.buyer_price_before_discount),
        price_before_discount=float(row.buyer_price_before_discount),
        count=row.count,
        vat=row.vat,
        shop_sku=row.offer_id,
        subsidy=sum(subsidy["amount"] for subsidy in row.subsidies or ()),
        promos=row.promos,
        instances=row.instances,
        subsidies=row.subsidies,
        required_instance_types=row.required_instance_types,
    )


def _subsidies(row: tables.Order) -> list[schemas.Subsidy] | None:
    sums: dict[str, float] = {}
    for item in row.items:
        for subsidy in item.subsidies or ():
            sums[subsidy["type"]] = sums.get(subsidy["type"], 0) + subsidy["amount"] * item.count
    return [schemas.Subsidy(type=type_, amount=amount) for type_, amount in sums.items()] or None


def _delivery(row: tables.Order) -> schemas.Delivery:
    return schemas.Delivery(
        type=row.delivery_type,
        service_name=row.delivery_service_name,
        price=float(row.delivery_price),
        delivery_partner_type=row.delivery_partner_type,
        dates=schemas.Dates(
            from_date=row.delivery_from_on,
            to_date=row.delivery_to_on,
            from_time=row.delivery_from_time,
            to_time=row.delivery_to_time,
        ),
        region=schemas.Region.model_validate(row.region) if row.region else None,
        address=schemas.Address.model_validate(row.address) if row.address else None,
        vat=row.delivery_vat,
        delivery_service_id=row.delivery_service_id,
        lift_type=row.lift_type,
        lift_price=None if row.lift_price is None else float(row.lift_price),
        dispatch_type=row.dispatch_type,
        shipments=[_shipment(row)],
        estimated=row.estimated,
    )


def _shipment(row: tables.Order) -> schemas.Shipment:
    return schemas.Shipment(
        id=row.shipment_id,
        shipment_date=row.ships_on,
        boxes=[
            schemas.ShownBox(id=box.id, fulfilment_id=f"{row.id}-{number}") for number, box in enumerate(row.boxes, 1)
        ],
    )
