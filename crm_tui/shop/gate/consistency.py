"""What must agree in every sound store: a room says it in its module `invariants`.

    INVARIANTS = (Invariant("stock", N_("stock on hand differs from the goods moved"), "SELECT …"),)

The query gives the keys of rows that do not fit; in a sound store it gives none. It speaks to a
database and to no shop, so that a copy is looked at as the store is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from crm_tui import sqlite
from crm_tui.shop.gate import rooms


@dataclass(frozen=True)
class Invariant:
    """`name` is for programs and stays; `sentence` says what is wrong where `query` gives a row."""

    name: str
    sentence: str
    query: str


def invariants() -> tuple[Invariant, ...]:
    """Of all rooms."""
    return tuple(each for module in rooms.load("invariants") for each in module.INVARIANTS)


def differences(
    connection: sqlite.Connection, between: Callable[[], object] = lambda: None
) -> Iterator[tuple[Invariant, int]]:
    """What does not agree, with the first key each; `between` is called between two queries."""
    for each in invariants():
        row = connection.execute(f"{each.query} LIMIT 1").fetchone()
        if row is not None:
            yield each, int(row[0])
        between()
