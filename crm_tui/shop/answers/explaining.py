"""Why an SMS was read as it was, as people look at it."""

from collections.abc import Sequence
from dataclasses import dataclass

from crm_tui.shop.answers.suggesting import Evidence, evidence_of
from crm_tui.shop.gate.context import Context
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.catalogue import Item
from crm_tui.shop.items.errors import UnknownItem


@dataclass(frozen=True)
class Why:
    """How an SMS was read, with the `candidates` that are still sold, best first, and how well each
    fits, 0..1."""

    evidence: Evidence
    candidates: Sequence[tuple[Item, float]]


def look(ctx: Context, message_id: int | None) -> Why | None:
    """Why this SMS was read as it was; None if it is no free text."""
    evidence = None if message_id is None else evidence_of(ctx, message_id)
    return None if evidence is None else explained(ctx, evidence)


def explained(ctx: Context, evidence: Evidence) -> Why:
    """The evidence with its candidates as items."""
    found: dict[int, tuple[Item, float]] = {}
    for code, weight in evidence.candidates:
        try:
            item = catalogue.by_code(ctx, code)
        except UnknownItem:
            continue
        found.setdefault(item.id, (item, weight))
    return Why(evidence, tuple(found.values()))
