"""What time it is for a business: the wall's time, or the time of its world."""

from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct


class Clock(Struct, frozen=True):
    """A clock that runs beside the wall's by an offset, or stands still. `epoch` grows with each setting of it."""

    offset: timedelta = timedelta()
    frozen_at: datetime | None = None
    epoch: int = 0

    def now(self) -> datetime:
        """The moment it shows, in UTC, to the microsecond."""
        return self.frozen_at or datetime.now(UTC) + self.offset


WALL: Final = Clock()
