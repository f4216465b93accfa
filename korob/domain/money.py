"""Amounts of money: exact decimals in kopecks, rounded half up, shared without losing any."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

ZERO: Final = Decimal(0)
KOPECK: Final = Decimal("0.01")


def rounded(amount: Decimal) -> Decimal:
    """Round to the kopeck, half up (spec: 00-resolved, *Rounding*)."""
    return amount.quantize(KOPECK, ROUND_HALF_UP)


def shares(amount: Decimal, parts: int) -> tuple[Decimal, ...]:
    """Split an amount into equal shares to the kopeck; what does not divide goes to the last one."""
    share = rounded(amount / parts)
    return (*(share for _ in range(parts - 1)), amount - share * (parts - 1))
