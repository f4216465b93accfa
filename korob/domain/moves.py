"""The moves of an order as one table: between which states, in which models, by whom, on what condition."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from msgspec import Struct

from korob.domain import conditions
from korob.domain.conditions import Condition
from korob.domain.words import Actor, Model, Status, Substatus


class State(NamedTuple):
    """A status with its substatus."""

    status: Status
    substatus: Substatus

    def __str__(self) -> str:
        return f"{self.status}/{self.substatus}"


class Knowledge(StrEnum):
    """Whether the Market says so, or we chose because it does not."""

    EXACT = "exact"
    OURS = "ours"


class Move(Struct, frozen=True):
    """An arrow of the diagram, for every model and actor it names."""

    models: tuple[Model, ...]
    source: State
    target: State
    actors: tuple[Actor, ...]
    said_by: str
    """The page, schema or operation it is from; or `ours:` and what speaks for it."""
    only_if: Condition | None = None
    cis_gate: Condition | None = None
    """A condition besides, unless the campaign has switched it off."""

    @property
    def knowledge(self) -> Knowledge:
        """How far it can be relied on."""
        return Knowledge.OURS if self.said_by.startswith("ours: ") else Knowledge.EXACT


SELLER, BUYER, MARKET, CARRIER, CLOCK = Actor.SELLER, Actor.BUYER, Actor.MARKET, Actor.CARRIER, Actor.CLOCK
DBS, FBS, FBY, EXPRESS, LAAS = Model.DBS, Model.FBS, Model.FBY, Model.EXPRESS, Model.LAAS
SOLD: Final = (DBS, FBS, FBY, EXPRESS)
"""The models in which the Market sells to a buyer of its own."""
CARRIED: Final = (FBS, FBY, EXPRESS)
"""The sold models in which the Market always carries."""

PLACING: Final = State(Status.PLACING, Substatus.ASYNC_PROCESSING)
RESERVED: Final = State(Status.RESERVED, Substatus.AWAIT_CONFIRMATION)
UNPAID: Final = State(Status.UNPAID, Substatus.WAITING_USER_INPUT)
PENDING: Final = State(Status.PENDING, Substatus.AWAIT_CONFIRMATION)
STARTED: Final = State(Status.PROCESSING, Substatus.STARTED)
PACKAGING: Final = State(Status.PROCESSING, Substatus.PACKAGING)
READY: Final = State(Status.PROCESSING, Substatus.READY_TO_SHIP)
SHIPPED: Final = State(Status.PROCESSING, Substatus.SHIPPED)
COURIER_SEARCH: Final = State(Status.PROCESSING, Substatus.COURIER_SEARCH)
COURIER_FOUND: Final = State(Status.PROCESSING, Substatus.COURIER_FOUND)
COURIER_COMING: Final = State(Status.PROCESSING, Substatus.COURIER_IN_TRANSIT_TO_SENDER)
COURIER_HERE: Final = State(Status.PROCESSING, Substatus.COURIER_ARRIVED_TO_SENDER)
ON_THE_WAY: Final = State(Status.DELIVERY, Substatus.DELIVERY_SERVICE_RECEIVED)
WITH_THE_BUYER: Final = State(Status.DELIVERY, Substatus.USER_RECEIVED)
LATE: Final = State(Status.DELIVERY, Substatus.DELIVERY_USER_NOT_RECEIVED)
AT_THE_POINT: Final = State(Status.PICKUP, Substatus.PICKUP_SERVICE_RECEIVED)
DELIVERED: Final = State(Status.DELIVERED, Substatus.DELIVERY_SERVICE_DELIVERED)
DISPUTED: Final = State(Status.DELIVERED, Substatus.DELIVERED_USER_NOT_RECEIVED)
PARTIALLY_RETURNED: Final = State(Status.PARTIALLY_RETURNED, Substatus.DELIVERY_SERVICE_DELIVERED)
RETURNED: Final = State(Status.RETURNED, Substatus.DELIVERY_SERVICE_DELIVERED)

CHECKOUT: Final = (PLACING, RESERVED, UNPAID, PENDING)
_ENDS: Final = (DELIVERED, PARTIALLY_RETURNED, RETURNED)
STAGES: Final[dict[Model, tuple[State, ...]]] = {
    DBS: (*CHECKOUT, STARTED, READY, SHIPPED, ON_THE_WAY, WITH_THE_BUYER, LATE, AT_THE_POINT, *_ENDS, DISPUTED),
    FBS: (*CHECKOUT, STARTED, READY, SHIPPED, ON_THE_WAY, AT_THE_POINT, *_ENDS),
    FBY: (*CHECKOUT, STARTED, PACKAGING, READY, SHIPPED, ON_THE_WAY, AT_THE_POINT, *_ENDS),
    EXPRESS: (
        *(*CHECKOUT, STARTED, READY, COURIER_SEARCH, COURIER_FOUND, COURIER_COMING, COURIER_HERE),
        *(ON_THE_WAY, AT_THE_POINT, *_ENDS),
    ),
    LAAS: (RESERVED, STARTED, PACKAGING, READY, SHIPPED, ON_THE_WAY, AT_THE_POINT, *_ENDS),
}
"""Every state an order of a model may be in, besides CANCELLED with one of the reasons below.

The substatuses before PROCESSING and of returns are ours: the Market names only the statuses.
"""

STARTS: Final[dict[Model, tuple[State, ...]]] = {
    **dict.fromkeys(SOLD, (PLACING,)),
    LAAS: (RESERVED, STARTED),
}
"""Where orders of a model begin; a sold order may be placed in any stage of the checkout that follows."""


def cancelled(*reasons: Substatus) -> tuple[State, ...]:
    """CANCELLED for each of the reasons; the first is what is meant when none is named."""
    return tuple(State(Status.CANCELLED, reason) for reason in reasons)


BUYERS_REASONS: Final = (
    Substatus.USER_CHANGED_MIND,
    Substatus.USER_REFUSED_DELIVERY,
    Substatus.USER_REFUSED_PRODUCT,
    Substatus.USER_REFUSED_QUALITY,
    Substatus.REPLACING_ORDER,
    Substatus.USER_WANTS_TO_CHANGE_DELIVERY_DATE,
    # The Market lists these without a meaning; by their names they are a buyer's, and CUSTOM was seen as one.
    Substatus.USER_WANTS_TO_CHANGE_ADDRESS,
    Substatus.USER_PLACED_OTHER_ORDER,
    Substatus.USER_BOUGHT_CHEAPER,
    Substatus.USER_WANTED_ANOTHER_PAYMENT_METHOD,
    Substatus.USER_FORGOT_TO_USE_BONUS,
    Substatus.CUSTOM,
)


def _arrows(
    models: Sequence[Model],
    sources: Sequence[State | Status],
    targets: Sequence[State],
    actors: Actor | Sequence[Actor],
    said_by: str,
    *,
    only_if: Condition | None = None,
    cis_gate: Condition | None = None,
) -> Iterator[Move]:
    """An arrow from each source to each target; a status alone stands for all of its stages in a model."""
    by = (actors,) if isinstance(actors, Actor) else tuple(actors)
    for source in sources:
        for stage in [source] if isinstance(source, State) else _stages(source, models):
            having = tuple(model for model in models if stage in STAGES[model])
            for target in targets:
                yield Move(having, stage, target, by, said_by, only_if, cis_gate)


def _stages(status: Status, models: Sequence[Model]) -> list[State]:
    return list(dict.fromkeys(stage for model in models for stage in STAGES[model] if stage.status is status))


_BEFORE_WORK: Final = (Status.PLACING, Status.RESERVED, Status.UNPAID, Status.PENDING)
_AT_WORK: Final = (Status.PROCESSING,)
_UNDER_WAY: Final = (ON_THE_WAY, AT_THE_POINT)
_NOT_DELIVERED: Final = (*_BEFORE_WORK, *_AT_WORK, *_UNDER_WAY)

_SHOP_FAILED: Final = cancelled(Substatus.SHOP_FAILED)
_SELLERS: Final = cancelled(Substatus.SHOP_FAILED, Substatus.USER_CHANGED_MIND, Substatus.USER_UNREACHABLE)
_BUYERS: Final = cancelled(*BUYERS_REASONS)
_UNDELIVERED: Final = cancelled(
    Substatus.DELIVERY_SERVICE_UNDELIVERED,
    Substatus.USER_REFUSED_DELIVERY,
    Substatus.USER_REFUSED_PRODUCT,
    Substatus.USER_REFUSED_QUALITY,
)
_GIVEN_UP: Final = cancelled(
    Substatus.TOO_LONG_DELIVERY, Substatus.TOO_MANY_DELIVERY_DATE_CHANGES, Substatus.USER_IDENTIFICATION_MISMATCH
)
_LAAS_TROUBLE: Final = cancelled(
    Substatus.DELIVERY_PROBLEMS, Substatus.LOST, Substatus.PICKUP_EXPIRED, Substatus.TECHNICAL_ERROR
)
_GROUP_MISSED: Final = cancelled(Substatus.PURCHASE_GROUP_THRESHOLD_NOT_REACHED_CANCELLED)
_PENDING_OVER: Final = cancelled(Substatus.PENDING_CANCELLED, Substatus.SHOP_PENDING_CANCELLED)

_STATUSES: Final = "OrderStatusType"
_SUBSTATUSES: Final = "OrderSubstatusType"
_UPDATE: Final = "updateOrderStatus"
_DBS_PAGE: Final = "page dbs-order-status-model"
_LAAS_PAGE: Final = "page laas-order-status-model"
_COURIER_STAGES: Final = "ours: the order of a courier's stages"
_RETURNS: Final = "ours: the substatus; OrderStatusType names the statuses"
_WAREHOUSE_STAGES: Final = "ours: the stages of the other warehouse model"

MOVES: Final = (
    # The checkout, and what the clock makes of one that is not finished.
    *_arrows(SOLD, [PLACING], [RESERVED], MARKET, "ours: the order of the statuses of a checkout"),
    *_arrows(SOLD, [PLACING, RESERVED], [UNPAID], MARKET, _STATUSES, only_if=conditions.waits_for_payment),
    *_arrows(
        SOLD, [PLACING, RESERVED], [PENDING], MARKET, "ours: no entry rule is known", only_if=conditions.owes_nothing
    ),
    *_arrows(SOLD, [PLACING, RESERVED], [STARTED], MARKET, _STATUSES, only_if=conditions.owes_nothing),
    *_arrows(SOLD, [UNPAID], [STARTED], BUYER, _STATUSES),
    *_arrows(SOLD, [PENDING], [STARTED], MARKET, "ours: nobody says who ends PENDING"),
    *_arrows(SOLD, [PLACING], cancelled(Substatus.RESERVATION_EXPIRED), CLOCK, "ours: as when RESERVED"),
    *_arrows([*SOLD, LAAS], [RESERVED], cancelled(Substatus.RESERVATION_EXPIRED), CLOCK, _SUBSTATUSES),
    *_arrows(SOLD, [UNPAID], cancelled(Substatus.USER_NOT_PAID), CLOCK, _SUBSTATUSES),
    *_arrows(SOLD, [PENDING], cancelled(Substatus.PENDING_EXPIRED), CLOCK, "ours: by its name"),
    *_arrows(SOLD, _AT_WORK, cancelled(Substatus.PROCESSING_EXPIRED), CLOCK, "OrderDTO.expiryDate"),
    # The seller's work.
    *_arrows([LAAS], [RESERVED], [STARTED], SELLER, _LAAS_PAGE),
    *_arrows([DBS], [STARTED], [READY], SELLER, _UPDATE),
    *_arrows(
        [FBS, EXPRESS],
        [STARTED],
        [READY],
        SELLER,
        "setOrderBoxLayout",
        only_if=conditions.uins_are_verified,
        cis_gate=conditions.cises_are_verified,
    ),
    *_arrows([DBS, FBS], [READY], [SHIPPED], SELLER, "updateOrderItems, page sandbox"),
    *_arrows([DBS], _AT_WORK, [ON_THE_WAY], SELLER, _DBS_PAGE, only_if=conditions.is_a_parcel),
    *_arrows([DBS], [ON_THE_WAY], [AT_THE_POINT], SELLER, _DBS_PAGE),
    *_arrows([DBS], [ON_THE_WAY, LATE], [DELIVERED], SELLER, _DBS_PAGE, only_if=conditions.is_carried_by_the_seller),
    *_arrows([DBS], [AT_THE_POINT], [DELIVERED], SELLER, _DBS_PAGE),
    *_arrows([DBS], _AT_WORK, [DELIVERED], SELLER, "page digital", only_if=conditions.is_handed_over_by_the_seller),
    # The seller's cancellations.
    *_arrows([DBS], [*_AT_WORK, *_UNDER_WAY], _SELLERS, SELLER, _DBS_PAGE),
    *_arrows([DBS], _AT_WORK, cancelled(Substatus.INCORRECT_PERSONAL_DATA), SELLER, _DBS_PAGE),
    *_arrows([DBS], [AT_THE_POINT], cancelled(Substatus.PICKUP_EXPIRED), SELLER, _DBS_PAGE),
    *_arrows([FBS, EXPRESS], [STARTED], _SHOP_FAILED, SELLER, _UPDATE),
    *_arrows([FBS], [READY], _SHOP_FAILED, SELLER, _UPDATE),
    *_arrows([EXPRESS], [READY], _SHOP_FAILED, SELLER, "page sandbox", only_if=conditions.is_no_test_order),
    *_arrows([LAAS], _AT_WORK, _SHOP_FAILED, SELLER, _LAAS_PAGE),
    *_arrows([LAAS], [RESERVED, *_UNDER_WAY], _SHOP_FAILED, SELLER, "ours: until the order has ended"),
    # The Market's warehouses.
    *_arrows([LAAS], [STARTED], [PACKAGING], MARKET, _LAAS_PAGE),
    *_arrows([LAAS], [PACKAGING], [READY], MARKET, _LAAS_PAGE),
    *_arrows([LAAS], [READY], [SHIPPED], MARKET, _LAAS_PAGE),
    *_arrows([FBY], [STARTED], [PACKAGING], MARKET, _WAREHOUSE_STAGES),
    *_arrows([FBY], [PACKAGING], [READY], MARKET, _WAREHOUSE_STAGES),
    *_arrows([FBY], [READY], [SHIPPED], MARKET, _WAREHOUSE_STAGES),
    # The Market's carriers: an Express courier on the way to the seller, then every parcel.
    *_arrows([EXPRESS], [READY], [COURIER_SEARCH], CARRIER, _COURIER_STAGES),
    *_arrows([EXPRESS], [COURIER_SEARCH], [COURIER_FOUND], CARRIER, _COURIER_STAGES),
    *_arrows([EXPRESS], [COURIER_FOUND], [COURIER_COMING], CARRIER, _COURIER_STAGES),
    *_arrows([EXPRESS], [COURIER_COMING], [COURIER_HERE], CARRIER, _COURIER_STAGES),
    *_arrows(
        [EXPRESS],
        [READY, COURIER_SEARCH, COURIER_FOUND, COURIER_COMING, COURIER_HERE],
        [ON_THE_WAY],
        CARRIER,
        "ours: a courier takes what is ready, whatever was told before",
    ),
    *_arrows([FBS, FBY], _AT_WORK, [ON_THE_WAY], CARRIER, "ours: the carrier's scan counts, whatever was told before"),
    *_arrows([LAAS], [SHIPPED], [ON_THE_WAY], CARRIER, _LAAS_PAGE),
    *_arrows(CARRIED, [ON_THE_WAY], [AT_THE_POINT], CARRIER, "ours: a courier's parcel may end at a point, too"),
    *_arrows([LAAS], [ON_THE_WAY], [AT_THE_POINT], CARRIER, _LAAS_PAGE, only_if=conditions.goes_to_a_point),
    *_arrows([*CARRIED, LAAS], _UNDER_WAY, [DELIVERED], CARRIER, _STATUSES),
    *_arrows([*CARRIED, LAAS], _UNDER_WAY, _UNDELIVERED, CARRIER, _SUBSTATUSES),
    *_arrows(
        [EXPRESS], [READY, COURIER_SEARCH], cancelled(Substatus.CANCELLED_COURIER_NOT_FOUND), CARRIER, _SUBSTATUSES
    ),
    *_arrows([*SOLD, LAAS], [AT_THE_POINT], cancelled(Substatus.PICKUP_EXPIRED), CLOCK, _SUBSTATUSES),
    # A DBS order that the Market carries.
    *_arrows([DBS], _AT_WORK, [ON_THE_WAY], CARRIER, "ours: by hand-over", only_if=conditions.is_carried_by_the_market),
    *_arrows(
        [DBS], [ON_THE_WAY], [AT_THE_POINT], CARRIER, "ours: as others", only_if=conditions.is_carried_by_the_market
    ),
    *_arrows([DBS], [ON_THE_WAY], [WITH_THE_BUYER], CARRIER, _DBS_PAGE, only_if=conditions.is_carried_by_the_market),
    *_arrows(
        [DBS], [AT_THE_POINT], [DELIVERED], CARRIER, "ours: as others", only_if=conditions.is_carried_by_the_market
    ),
    *_arrows([DBS], _UNDER_WAY, _UNDELIVERED, CARRIER, "ours: as others", only_if=conditions.is_carried_by_the_market),
    *_arrows([DBS], [WITH_THE_BUYER], [DELIVERED], MARKET, _DBS_PAGE),
    # The Market's word: digital goods, disputes, returns, trouble.
    *_arrows(
        [DBS], _AT_WORK, [DELIVERED], MARKET, "provideOrderDigitalCodes", only_if=conditions.is_sent_by_the_market
    ),
    *_arrows([DBS], [ON_THE_WAY], [LATE], MARKET, _DBS_PAGE),
    *_arrows([DBS], [LATE], [DELIVERED], MARKET, _DBS_PAGE),
    *_arrows([DBS], [DELIVERED], [DISPUTED], MARKET, _DBS_PAGE),
    *_arrows([DBS], [LATE, DISPUTED], cancelled(Substatus.DELIVERY_SERVICE_UNDELIVERED), MARKET, _DBS_PAGE),
    *_arrows([*SOLD, LAAS], [DELIVERED], [PARTIALLY_RETURNED, RETURNED], MARKET, _RETURNS),
    *_arrows([*SOLD, LAAS], [PARTIALLY_RETURNED], [RETURNED], MARKET, _RETURNS),
    *_arrows(SOLD, _NOT_DELIVERED, cancelled(Substatus.TECHNICAL_ERROR), MARKET, _SUBSTATUSES),
    *_arrows(SOLD, [*_BEFORE_WORK, *_AT_WORK], cancelled(Substatus.RESERVATION_FAILED), MARKET, _SUBSTATUSES),
    *_arrows(SOLD, [*_BEFORE_WORK, STARTED], _GROUP_MISSED, MARKET, _SUBSTATUSES),
    *_arrows(SOLD, [PENDING], _PENDING_OVER, MARKET, "ours: by their names"),
    *_arrows(SOLD, [*_AT_WORK, *_UNDER_WAY], _GIVEN_UP, MARKET, _SUBSTATUSES),
    *_arrows([LAAS], [RESERVED, *_AT_WORK, *_UNDER_WAY], _LAAS_TROUBLE, MARKET, _LAAS_PAGE),
    # The buyer's wish; on its way a DBS order waits for the seller's answer.
    *_arrows(SOLD, [*_BEFORE_WORK, *_AT_WORK], _BUYERS, BUYER, "acceptOrderCancellation"),
    *_arrows(
        [DBS],
        [ON_THE_WAY, LATE, AT_THE_POINT],
        _BUYERS,
        [BUYER, CLOCK],
        "acceptOrderCancellation",
        only_if=conditions.cancellation_was_asked_for,
    ),
    *_arrows(CARRIED, _UNDER_WAY, _BUYERS, MARKET, "ours: the Market cancels for the buyer"),
)
"""Every move there is; what is not here is refused."""
