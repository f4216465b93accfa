"""What the queries of several methods have in common: paging by token, paging by number, days, switches.

`extra` of a field tells `korob.api.parse` what a schema can't say: other names, and bounds to cut to
instead of refusing; `opaque` text is looked at by whoever made it.
"""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

PageToken = Annotated[str, Meta(extra={"aliases": ("page_token",), "opaque": True})]
UpTo50 = Annotated[
    int, Meta(ge=1, extra={"ceiling": 50}, extra_json_schema={"maximum": 50, "x-transform": "truncateLimit"})
]
"""A page of at most 50; who asks for more gets 50."""

Day = Annotated[date, Meta(description="DD-MM-YYYY; YYYY-MM-DD is read as well")]

Page = Annotated[int, Meta(le=10_000, extra={"floor": 1}, extra_json_schema={"deprecated": True})]
PageSizeUpTo50 = Annotated[int, Meta(extra={"floor": 1, "ceiling": 50}, extra_json_schema={"deprecated": True})]


class Query(Struct, rename="camel", frozen=True, gc=False):
    """The query of a method. Unknown parameters are ignored, empty ones are the same as absent."""
