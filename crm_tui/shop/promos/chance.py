"""What may be chance: intervals for the difference of two groups. Pure.

Shares: Newcombe's hybrid score interval (Statistics in Medicine 17, 1998, method 10), which holds for
small groups too. Means: Welch's interval with the normal quantile, which needs some tens in a group.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

Z = 1.959964
"""The normal quantile of 95 %, both sides."""
LEAST = 20
"""Groups smaller than this say nothing about means."""


@dataclass(frozen=True)
class Difference:
    """How much more the first group has than the second; from `low` to `high` in 95 of 100 cases."""

    value: float
    low: float
    high: float

    @property
    def certain(self) -> bool:
        """Whether more than chance is behind it."""
        return self.low > 0 or self.high < 0


def _wilson(hits: int, of: int) -> tuple[float, float]:
    share = hits / of
    middle = (share + Z * Z / (2 * of)) / (1 + Z * Z / of)
    wide = Z / (1 + Z * Z / of) * sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    return max(0.0, middle - wide), min(1.0, middle + wide)


def shares(hits: int, of: int, other_hits: int, other_of: int) -> Difference | None:
    """The difference of two shares; None if a group is empty."""
    if not of or not other_of:
        return None
    one, other = hits / of, other_hits / other_of
    low, high = _wilson(hits, of)
    other_low, other_high = _wilson(other_hits, other_of)
    return Difference(
        one - other,
        one - other - sqrt((one - low) ** 2 + (other_high - other) ** 2),
        one - other + sqrt((high - one) ** 2 + (other - other_low) ** 2),
    )


def means(values: Sequence[float], others: Sequence[float]) -> Difference | None:
    """The difference of two means; None if a group is too small to tell."""
    if len(values) < LEAST or len(others) < LEAST:
        return None
    one, other = sum(values) / len(values), sum(others) / len(others)
    spread = sqrt(_variance(values, one) / len(values) + _variance(others, other) / len(others))
    return Difference(one - other, one - other - Z * spread, one - other + Z * spread)


def _variance(values: Sequence[float], mean: float) -> float:
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)
