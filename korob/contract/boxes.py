"""Boxes and the codes of the units in them, as they come in and, with their ids, go out again."""

from typing import Annotated

from msgspec import Meta

from korob.contract.wire import INT32_MAX, Answer, Int64, OkAnswer, Request, matching

AtLeastOne = Annotated[int, Meta(ge=1, le=INT32_MAX)]
AtLeastTwo = Annotated[int, Meta(ge=2, le=INT32_MAX)]


class BriefOrderItemInstanceDTO(Request, frozen=True):
    """The codes of one unit. Only the form of the country is checked here; what a code must look like is a rule."""

    cis: str | None = None
    uin: str | None = None
    rnpt: str | None = None
    gtd: str | None = None
    country_code: Annotated[str, matching("^[A-Z]{2}$", min_length=2, max_length=2)] | None = None


Instances = Annotated[tuple[BriefOrderItemInstanceDTO, ...], Meta(min_length=1)]


class OrderBoxLayoutPartialCountDTO(Request, frozen=True):
    """Part `current` of `total` of one unit."""

    current: AtLeastOne
    total: AtLeastTwo


class OrderBoxLayoutItemDTO(Request, frozen=True):
    """What a box holds of one position: whole units, or a part of one unit."""

    id: Int64
    full_count: AtLeastOne | None = None
    partial_count: OrderBoxLayoutPartialCountDTO | None = None
    instances: Instances | None = None


class OrderBoxLayoutDTO(Request, frozen=True):
    """One box."""

    items: Annotated[tuple[OrderBoxLayoutItemDTO, ...], Meta(min_length=1)]


class SetOrderBoxLayoutRequest(Request, frozen=True):
    """The whole layout; it replaces the one before. Without `allowRemove` nothing may be missing."""

    boxes: Annotated[tuple[OrderBoxLayoutDTO, ...], Meta(min_length=1)]
    allow_remove: bool | None = False


class EnrichedOrderBoxLayoutDTO(Answer, frozen=True):
    """A box with the id that its label is asked for by."""

    items: tuple[OrderBoxLayoutItemDTO, ...]
    box_id: Int64


class OrderBoxesLayoutDTO(Answer, frozen=True):
    """The layout that now holds."""

    boxes: tuple[EnrichedOrderBoxLayoutDTO, ...]


class SetOrderBoxLayoutResponse(OkAnswer, frozen=True):
    """The layout as it was sent, with the ids of its boxes."""

    result: OrderBoxesLayoutDTO
