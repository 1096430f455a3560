"""In what a list counts, where that stands beside its headings: dozens, packs, thousands of rupiah."""

import re
from collections.abc import Sequence
from functools import cache

from crm_tui.shop.imports import headings

_MOST = 120
"""Characters of a title; what is longer is a remark."""
_BRACKETED = re.compile(r"\(.*\)|\[.*\]")


def says_packs(text: str) -> bool:
    """Whether a text counts in dozens, packs or thousands: what stands beside it is no single piece."""
    return not (_packs() | _scale()).isdisjoint(headings.words(text).split())


def by_packs(titles: Sequence[str]) -> str:
    """The first title that says that prices are those of a pack, “HARGA PER LUSIN”; else ""."""
    return next((each for each in titles if len(each) <= _MOST and _by_packs().search(each)), "")


def scaled(titles: Sequence[str]) -> bool:
    """Whether a title says that amounts are in thousands: “(dalam ribuan rupiah)”."""
    return any(len(each) <= _MOST and _in_thousands().search(each) for each in titles)


def below(titles: Sequence[str], row: Sequence[str]) -> bool:
    """Whether a row below headings only says in what they count: “(Rp)”, “(lusin)”."""
    told = [(at, cell) for at, cell in enumerate(row) if cell]
    first = next((at for at, cell in enumerate(titles) if cell), 0)
    known = _packs() | _scale() | frozenset(headings._table()["about"]["plain"])
    return bool(told) and all(
        at < len(titles) and titles[at]
        # "Box" below "Kode" may be a title of what comes.
        and (_BRACKETED.fullmatch(cell) or (at > first and any(map(str.isalpha, cell))))
        and known.issuperset(headings.words(cell).split())
        for at, cell in told
    )  # fmt: skip


def numbering(row: Sequence[str]) -> bool:
    """Whether a row below headings only numbers the columns: (1), (2), (3)."""
    told = [cell.strip("()[]. ") for cell in row if cell]
    return len(told) > 2 and told == [str(number) for number in range(1, len(told) + 1)]


@cache
def _packs() -> frozenset[str]:
    told = headings.amounts()
    return frozenset((*told["packs"], *told["pieces"]))


@cache
def _scale() -> frozenset[str]:
    return frozenset(headings._table()["about"]["scale"])


@cache
def _by_packs() -> re.Pattern[str]:
    packs = "|".join(sorted(_packs(), key=len, reverse=True))
    return re.compile(rf"(?:\bper|/|@|\bharga|\bsatuan)\s*:?\s*(?:{packs})(?:an)?\b", re.I)


@cache
def _in_thousands() -> re.Pattern[str]:
    scale = "|".join(sorted(_scale(), key=len, reverse=True))
    return re.compile(
        rf"\b(?:dalam|in|x|×)\s*(?:rp\.?\s*)?(?:{scale})\b|\b(?:ribuan|jutaan)\b", re.I
    )
