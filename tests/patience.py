"""How long tests wait for what has to come: so long that only what never comes takes longer, on any machine."""

import asyncio

ENOUGH_SECONDS = 120


def enough() -> asyncio.Timeout:
    """Around what has to come to an end: TimeoutError says that it did not."""
    return asyncio.timeout(ENOUGH_SECONDS)
