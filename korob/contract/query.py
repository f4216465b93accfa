"""What the queries of several methods have in common: paging by token, paging by number, days, switches.

`extra` of a field tells `korob.api.parse` what a schema can't say: other names, and bounds to cut to
instead of refusing.
"""

from typing import Annotated

from msgspec import Meta, Struct

from korob.contract.wire import INT32_MAX

PageToken = Annotated[str, Meta(extra={"aliases": ("page_token",)})]
Page = Annotated[int, Meta(le=10_000, extra={"floor": 1})]
UpTo50 = Annotated[
    int,
    Meta(ge=1, le=INT32_MAX, extra={"ceiling": 50}, extra_json_schema={"maximum": 50, "x-transform": "truncateLimit"}),
]
"""A page of at most 50; who asks for more gets 50."""
PageSizeUpTo50 = Annotated[int, Meta(le=INT32_MAX, extra={"floor": 1, "ceiling": 50})]


class Query(Struct, rename="camel", frozen=True, gc=False):
    """The query of a method. Unknown parameters are ignored, empty ones are the same as absent."""
