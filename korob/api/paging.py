"""Pages of lists: by number, or by a token that says how many rows come before."""

from typing import Final

from korob.api import tokens
from korob.contract.envelope import FlippingPagerDTO, PackagingForwardScrollingPagerDTO

PAGE_SIZE: Final = 50
"""Rows of a page when nobody says how many."""


def pager(total: int, page: int, size: int, shown: int) -> FlippingPagerDTO:
    """Where a numbered page stands among `total` rows."""
    first = (page - 1) * size
    return FlippingPagerDTO(
        total=total,
        first=first + 1 if shown else first,
        last=first + shown,
        current_page=page,
        pages_count=-(-total // size),
        page_size=size,
    )


def skipped(token: str | None) -> int:
    """How many rows come before the page of this token; none before the first. Raises BadPageToken."""
    return 0 if token is None else tokens.read_offset(token)


def onward(following: int, total: int) -> PackagingForwardScrollingPagerDTO:
    """The way on from a page that ends before the row `following` of `total`."""
    return PackagingForwardScrollingPagerDTO(tokens.of_offset(following) if following < total else None)
