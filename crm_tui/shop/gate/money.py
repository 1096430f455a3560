"""Rupiah and percentages as people type them, and how they are rounded: half up, a line at a time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crm_tui.shop.gate.errors import (
    BadDiscount,
    BadMoney,
    BadPercent,
    NoMoney,
    NoPercent,
)
from crm_tui.text import percent as in_percent
from crm_tui.text import rupiah as rupiah

WHOLE = 10_000
"""A hundred percent, in hundredths of a percent."""


def parsed(text: str) -> int:
    """ "85000", "85.000", "Rp 85.000", "85rb", "85 ribu", "85k" or "1,5jt" as rupiah. Raises
    `BadMoney`, `NoMoney` for nothing."""
    if not text.strip():
        raise NoMoney()
    number = _in_words(text)
    if number is None:
        number = whole_number(text)
    if number is None or number > 10**12:
        raise BadMoney(text=text.strip())
    return number


_THOUSANDS = {"rb": 1000, "ribu": 1000, "k": 1000, "jt": 10**6, "juta": 10**6}
_WORDED = re.compile(r"(?:rp\.?\s*)?(\d{1,9})(?:[.,](\d{1,2}))?\s*(rb|ribu|k|jt|juta)\.?", re.ASCII)


def _in_words(text: str) -> int | None:
    """ "50rb" or "1,5 juta" in rupiah; None if it is not told so, or is no whole number of them."""
    found = _WORDED.fullmatch(text.strip().lower())
    if found is None:
        return None
    size, behind = _THOUSANDS[found[3]], (found[2] or "").ljust(2, "0")
    return int(found[1]) * size + int(behind) * size // 100


def percent(text: str) -> int:
    """ "10", "-2,5" or "10%" in hundredths of a percent. Raises `BadPercent`."""
    match = re.fullmatch(r"\s*([+-]?)(\d{1,3})(?:[.,](\d{1,2}))?\s*%?\s*", text)
    if match is None:
        raise BadPercent(text=text.strip()) if text.strip() else NoPercent()
    value = int(match[2]) * 100 + int((match[3] or "0").ljust(2, "0"))
    return -value if match[1] == "-" else value


def share(amount: int, part: int) -> int:
    """`part` hundredths of a percent of an amount, rounded half up (away from zero below it)."""
    size = (abs(amount * part) * 2 + WHOLE) // (2 * WHOLE)
    return size if amount * part >= 0 else -size


def part(amount: int, whole: int) -> int:
    """How many hundredths of a percent of a whole an amount is, rounded up."""
    return -(-amount * WHOLE // whole) if whole else 0


@dataclass(frozen=True)
class Discount:
    """So many hundredths of a percent, or so many rupiah."""

    part: int = 0
    amount: int = 0

    @property
    def typed(self) -> str:
        """As one would type it: "12,5%", "5000", or nothing."""
        if self.part:
            return in_percent(self.part)
        return str(self.amount) if self.amount else ""

    def of(self, total: int) -> int:
        """What it takes off a total, at most all of it."""
        return min(total, self.amount + share(total, self.part))


NO_DISCOUNT = Discount()


def discount(text: str) -> Discount:
    """ "10%", "12,5 %" or "5.000"; nothing is none. Raises `BadDiscount`."""
    if not text.strip():
        return Discount()
    try:
        if "%" in text:
            part = percent(text)
            if not 0 <= part <= WHOLE:
                raise BadDiscount(text=text.strip())
            return Discount(part=part)
        return Discount(amount=parsed(text))
    except (BadMoney, BadPercent) as trouble:
        raise BadDiscount(text=text.strip()) from trouble


def spread(amount: int, totals: Sequence[int]) -> list[int]:
    """An amount divided among lines in proportion to their totals, to the last rupiah.

    `amount` is at most the sum of `totals`; none gets more than its total.
    """
    whole = sum(totals)
    if not whole:
        return [0] * len(totals)
    shares = [amount * total // whole for total in totals]
    # What rounding left over goes where it was cut most, the first line first.
    left = amount - sum(shares)
    by_rest = sorted(range(len(totals)), key=lambda at: (-(amount * totals[at] % whole), at))
    for at in by_rest[:left]:
        shares[at] += 1
    return shares


def rounded(amount: int, step: int) -> int:
    """To the nearest multiple of `step` rupiah, half up."""
    return (2 * amount + step) // (2 * step) * step if step > 1 else amount


def in_coins(amount: int, step: int) -> int:
    """What is paid in cash where coins below `step` are rare; what would be nothing is paid exactly."""
    return rounded(amount, step) or amount


def whole_number(text: str) -> int | None:
    """ "85000", "85.000" or "Rp 85.000" as a number; None if it is none."""
    if text.isdecimal() and text.isascii() and len(text) <= 15:
        return int(text)
    digits = re.sub(r"^(?:Rp\.?|IDR)\s*", "", text.strip(), flags=re.IGNORECASE)
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits):
        digits = re.sub(r"[.,]", "", digits)
    return int(digits) if re.fullmatch(r"\d{1,15}", digits) else None
