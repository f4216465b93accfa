"""Orders for the marketplace: placed, looked at in full, and acted on by everybody but the seller."""

from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from korob.actions.list_deadlines import list_deadlines
from korob.actions.perform_act import perform_act
from korob.actions.place_order import ids_needed, place_order
from korob.api import errors, refusals, spell_v2
from korob.api.formats import iso_day
from korob.contract.envelope import ApiErrorDTO
from korob.domain import acceptance, deadlines
from korob.domain.acts import ActNotPossible
from korob.domain.change import Event
from korob.domain.order import CodeCheck, Delivery, Mailing, Order, Refund
from korob.domain.words import Actor, Status, Substatus
from korob.operator import access, act_words, once, order_body, wire
from korob.operator.endpoint import Call, Endpoint
from korob.operator.front import ENCODER
from korob.store import history, operations
from korob.store.history import HistoryRow
from korob.store.operations import OperationRow
from korob.store.orders import IdTakenError, OrderKey, OrderNotFound
from korob.store.worlds import Address


async def place(call: Call) -> bytes:
    """Place an order."""
    address = await access.campaign(call)
    wish = order_body.wish(call.body)
    business_id, services = address.campaign.business_id, call.services
    now = address.clock.now()

    async def reserve() -> int:
        while True:
            order_id: int = (await services.ids.draw(business_id))[0]
            if call.idempotency_key is None or await find(order_id) is None:
                return order_id
            services.ids.forget(business_id)

    async def make(order_id: int) -> bytes:
        while True:
            ids = [order_id, *await services.ids.draw(business_id, ids_needed(wish))]
            try:
                order = await place_order(
                    services.orders,
                    services.database,
                    address,
                    wish,
                    ids=ids,
                    authority=services.authority,
                    now=now,
                )
                return _spelt(order)
            except IdTakenError:
                if call.idempotency_key is not None and (made := await find(order_id)) is not None:
                    # It was free when it was reserved: whoever had the key's turn when ours was lost has made it.
                    return made
                services.ids.forget(business_id)
                order_id = await reserve()

    async def find(order_id: int) -> bytes | None:
        try:
            return _spelt(await services.orders.read(_key(address, order_id), now=now))
        except OrderNotFound:
            return None

    return await once.answer(call, business_id, reserve=reserve, make=make, find=find)


async def get(call: Call) -> wire.OrderInFull:
    """Show all that is known of an order."""
    address = await access.campaign(call)
    key = _key(address, call.ids["orderId"])
    order = await call.services.orders.read(key, now=address.clock.now())
    return wire.OrderInFull(
        order=spell_v2.order(order),
        history=tuple(map(_version, await history.of_order(call.services.database, key))),
        deadlines=tuple(
            wire.Waiting(wait.kind, wait.actor, wait.due_at, wait.outcome) for wait in deadlines.running(order)
        ),
        refunds=tuple(_refund(order, refund) for refund in order.refunds),
        codes=tuple(map(_code, order.codes)),
        operations=tuple(map(_operation, await operations.of_order(call.services.database, key))),
        courier_code=_courier_code(order.delivery),
        mailing=_mailing(order.mailing) if order.mailing else UNSET,
    )


async def get_deadlines(call: Call) -> wire.DeadlinesOfCampaign:
    """Show what the orders of a campaign wait for."""
    address = await access.campaign(call)
    services, query = call.services, call.query
    waits = await list_deadlines(
        services.database, services.orders, address, until=query.until, limit=query.limit, now=address.clock.now()
    )
    return wire.DeadlinesOfCampaign(
        tuple(
            wire.DeadlineAnswer(order.campaign_id, order.id, wait.kind, wait.actor, wait.due_at, wait.outcome)
            for order, wait in waits.running
        ),
        waits.more,
    )


async def act(call: Call) -> wire.ActAnswer:
    """Do to an order what somebody other than its seller does."""
    address = await access.campaign(call)
    body: wire.ActBody = call.body
    try:
        performed = await perform_act(
            call.services.orders,
            _key(address, call.ids["orderId"]),
            body.actor,
            body.act,
            {"substatus": body.substatus, "status": body.status, "value": body.value},
            now=address.clock.now(),
        )
    except ActNotPossible as refusal:
        raise _not_possible(refusal) from None
    return wire.ActAnswer(spell_v2.order(performed.order), performed.events)


def _key(address: Address, order_id: int) -> OrderKey:
    return OrderKey(address.campaign.business_id, address.campaign.id, order_id, address.clock.epoch)


def _spelt(order: Order) -> bytes:
    return ENCODER.encode(wire.OrderAnswer(spell_v2.order(order)))


def _not_possible(refusal: ActNotPossible) -> errors.AnswerError:
    row = refusals.of(refusal)
    fault = errors.AnswerError(row.status, row.code, *refusal.sentences)
    fault.body = ENCODER.encode(
        wire.NotPossible(
            errors=tuple(ApiErrorDTO(row.code, sentence) for sentence in refusal.sentences),
            possible=tuple(wire.Possible(actor, name) for actor, name in refusal.facts["possible"]),
        )
    )
    return fault


def _version(row: HistoryRow) -> wire.HistoryEntry:
    return wire.HistoryEntry(
        row.version,
        row.at,
        Actor(row.actor),
        row.act,
        Status(row.status),
        Substatus(row.substatus),
        _events(row.events),
    )


def _refund(order: Order, refund: Refund) -> wire.RefundEntry:
    return wire.RefundEntry(
        item_id=refund.item_id,
        count=refund.count,
        amount=refund.amount + spell_v2.NOUGHT,
        currency=order.currency,
        reason=refund.reason,
        state="PAID" if refund.paid_at else "SCHEDULED" if refund.due_at else "WAITING",
        due_at=refund.due_at,
        paid_at=refund.paid_at,
    )


def _code(code: CodeCheck) -> wire.CodeEntry:
    return wire.CodeEntry(code.item_id, code.type, code.value, code.status, code.substatus, code.due_at)


def _operation(row: OperationRow) -> wire.OperationEntry:
    return wire.OperationEntry(row.id, row.type, row.status, row.at)


def _courier_code(delivery: Delivery) -> wire.CourierCode | UnsetType:
    if delivery.eac_code is None:
        return UNSET
    return wire.CourierCode(delivery.eac_code, acceptance.ATTEMPTS - delivery.eac_wrong, delivery.eac_accepted)


def _mailing(mailing: Mailing) -> wire.MailingEntry:
    return wire.MailingEntry(
        mailing.due_at,
        tuple(wire.MailedKeys(one.item_id, one.codes, one.slip, iso_day(one.activate_by_on)) for one in mailing.keys),
    )


_events: Final = msgspec.json.Decoder(tuple[Event, ...]).decode
_ORDERS: Final = "/operator/v1/campaigns/{campaignId}/orders"
_ORDER: Final = f"{_ORDERS}/{{orderId}}"

ENDPOINTS: Final = (
    Endpoint(
        "placeOrder",
        "POST",
        _ORDERS,
        "Place an order; all but offerId, price and count has a default",
        place,
        body=order_body.NewOrder,
        answer=wire.OrderAnswer,
        idempotent=True,
    ),
    Endpoint("getOrder", "GET", _ORDER, "All that is known of an order", get, answer=wire.OrderInFull),
    Endpoint(
        "getDeadlinesOfCampaign",
        "GET",
        "/operator/v1/campaigns/{campaignId}/deadlines",
        "What the orders of a campaign wait for, soonest first",
        get_deadlines,
        query=wire.DeadlinesQuery,
        answer=wire.DeadlinesOfCampaign,
    ),
    Endpoint(
        "performAct",
        "POST",
        f"{_ORDER}/acts",
        "What the buyer, the carrier, the Market or the code authority does to an order",
        act,
        body=wire.ActBody,
        answer=wire.ActAnswer,
        refusal=wire.NotPossible,
        description=act_words.description(),
    ),
)
