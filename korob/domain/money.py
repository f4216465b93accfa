"""Amounts of money: exact decimals in kopecks, rounded half up."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

ZERO: Final = Decimal(0)
KOPECK: Final = Decimal("0.01")


def rounded(amount: Decimal) -> Decimal:
    """Round to the kopeck, half up (spec: 00-resolved, *Rounding*)."""
    return amount.quantize(KOPECK, ROUND_HALF_UP)
