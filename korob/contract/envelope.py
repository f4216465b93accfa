"""What answers share: the plain OK, the error envelope, and the two ways of paging."""

from typing import Final

from msgspec import field

from korob.contract.wire import Answer, Int32, OkAnswer


class EmptyApiResponse(OkAnswer, frozen=True):
    """Done, and nothing to tell."""


OK: Final = EmptyApiResponse()


class ApiErrorDTO(Answer, frozen=True):
    """One thing that is wrong."""

    code: str
    message: str | None = None


class ApiErrorResponse(Answer, frozen=True, tag_field="status", tag="ERROR"):
    """The body of every answer that is not 200."""

    errors: tuple[ApiErrorDTO, ...]


class FlippingPagerDTO(Answer, frozen=True):
    """Where a numbered page stands; `from` and `to` count from 1."""

    total: Int32 | None = None
    first: Int32 | None = field(name="from", default=None)
    last: Int32 | None = field(name="to", default=None)
    current_page: Int32 | None = None
    pages_count: Int32 | None = None
    page_size: Int32 | None = None


class PackagingForwardScrollingPagerDTO(Answer, frozen=True):
    """The way on; the last page has no token."""

    next_page_token: str | None = None
