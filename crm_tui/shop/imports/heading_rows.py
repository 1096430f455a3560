"""Where the headings of a file stand: in one row of the first ones, or in two."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from crm_tui.shop.imports import counted_in
from crm_tui.shop.imports.headings import aliases

ROWS = 20
"""Titles may stand above: the headings are looked for in so many rows."""


@dataclass(frozen=True)
class Found:
    """Where the headings stand: the index of the last of their rows, and how many fields they name;
    `groups` is what stands above each if they are of two rows."""

    at: int
    headings: Sequence[str]
    score: int
    groups: Sequence[str] = ()


def found(kind: str, rows: Sequence[Sequence[str]]) -> Found | None:
    """The row of headings among the first ones; None if no row names two fields.

    Two rows may be one heading: "Harga" above "Beli" and "Jual".
    """
    best: Found | None = None
    for at, row in enumerate(rows):
        score = _score(kind, row)
        if score >= 2 and (best is None or score > best.score):
            best = Found(at, row, score)
            if at + 1 < len(rows) and _goes_on(row, rows[at + 1]):
                joined, groups = _joined(row, rows[at + 1])
                best = Found(at + 1, joined, score, groups)
    for at, (above, below) in enumerate(pairwise(rows)):
        joined, groups = _joined(above, below)
        score = _score(kind, joined) if joined else 0
        if score >= 2 and (best is None or score > best.score):
            best = Found(at + 1, joined, score, groups)
    if best is not None and best.at and not best.groups:
        best = replace(best, headings=_with_above(kind, rows[best.at - 1], best.headings))
    return None if best is None else _with_units(best, rows)


def _with_units(best: Found, rows: Sequence[Sequence[str]]) -> Found:
    """Headings with the units that stand in a row of their own below them, or above: “Stok” and
    “(lusin)”. A row that numbers the columns is none of the list."""
    if best.at and not best.groups:
        best = _joining(best, rows[best.at - 1])
    for _ in range(2):
        below = rows[best.at + 1] if best.at + 1 < len(rows) else ()
        joined = _joining(best, below)
        if joined is not best or counted_in.numbering(below):
            best = replace(joined, at=best.at + 1)
    return best


def _joining(best: Found, row: Sequence[str]) -> Found:
    """The headings with the units of a row that holds nothing else."""
    if not counted_in.below(best.headings, row):
        return best
    units = [*row, *[""] * len(best.headings)]
    joined = [
        f"{cell} ({unit.strip('()[] ')})" if unit else cell
        for cell, unit in zip(best.headings, units, strict=False)
    ]
    return replace(best, headings=joined)


def _with_above(kind: str, above: Sequence[str], row: Sequence[str]) -> Sequence[str]:
    """Headings with what stands above them, where they tell nothing without it: “Toko” below “Stok”."""
    known, (joined, _) = aliases(kind), _joined(above, row)
    if not joined or sum(map(bool, above)) < 2:
        return row
    return [
        whole if cell and not known.meanings(cell)[0] and known.meanings(whole)[0] else cell
        for cell, whole in zip(row, joined, strict=False)
    ]


def _score(kind: str, row: Sequence[str]) -> int:
    known = aliases(kind)
    names = {known.meanings(cell)[0][:1] for cell in row if cell}
    return len(names - {()})


def _goes_on(above: Sequence[str], below: Sequence[str]) -> bool:
    """Whether a row only parts headings above it that reach over several columns."""
    told = [column for column, cell in enumerate(below) if cell]
    wide = [at < len(above) and not above[at] and any(above[:at]) for at in told]
    if len(told) < 2 or not any(wide) or any(re.search(r"\d", cell) for cell in below):
        return False
    # Below "Kode" and "Nama" nothing stands.
    return not below[next(column for column, cell in enumerate(above) if cell)] and all(
        after or at + 1 in told for at, after in zip(told, wide, strict=True)
    )


def _joined(above: Sequence[str], below: Sequence[str]) -> tuple[list[str], list[str]]:
    """Two rows as one heading, and what stands above; nothing if the second one holds more than
    words."""
    if sum(map(bool, below)) < 2 or any(re.search(r"\d", cell) for cell in below):
        return [], []
    told: list[str] = []
    groups: list[str] = []
    group = ""
    for column in range(max(len(above), len(below))):
        top = above[column] if column < len(above) else ""
        sub = below[column] if column < len(below) else ""
        group = top or group
        told.append(f"{group} {sub}".strip() if sub else top)
        groups.append(group if sub else "")
    return told, groups
