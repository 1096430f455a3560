"""Why an SMS was read as it was, as people look at it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_tui.errors import Sentence
from crm_tui.reading.wishes import weightiest
from crm_tui.shop.answers.suggesting import Evidence, evidence_of, told_sure
from crm_tui.shop.gate.context import Context
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.catalogue import Catalogue, Item


@dataclass(frozen=True)
class Why:
    """How an SMS was read, with the `candidates` that are still sold, best first, and how well each
    fits, 0..1."""

    evidence: Evidence
    candidates: Sequence[tuple[Item, float]]


def look(ctx: Context, message_id: int | None) -> Why | None:
    """Why this SMS was read as it was; None if it is no free text."""
    evidence = None if message_id is None else evidence_of(ctx, message_id)
    return None if evidence is None else Why(evidence, _items(ctx, evidence.candidates))


def _items(ctx: Context, codes: Iterable[tuple[str, float]]) -> tuple[tuple[Item, float], ...]:
    """The items with these codes that are still sold, each once, with what stands beside them."""
    weights = list(codes)
    items = catalogue.on_sale(ctx, [code for code, _ in weights])
    first: dict[int, tuple[Item, float]] = {}
    for code, weight in weights:
        if code in items:
            first.setdefault(items[code].id, (items[code], weight))
    return tuple(first.values())


@dataclass(frozen=True)
class Rehearsed:
    """What a text would be read as and answered, had it come as an SMS now, and why.

    `reply`: what the customer would be told by itself; `suggested`: what the staff would be offered to
    send. `sureness`: 0..1, 0 if it is not understood. `spans`: the characters that it rests on.
    """

    read_as: str
    wishes: Sequence[Mapping[str, Any]]
    why: Sentence
    reply: str
    suggested: str
    sureness: float
    spans: Sequence[tuple[int, int]]
    candidates: Sequence[tuple[Item, float]]

    @property
    def understood(self) -> str:
        """What it would be read as, also where people have to decide about it."""
        return (
            self.read_as
            if self.reply
            else weightiest(wish["kind"] for wish in self.wishes) or self.read_as
        )

    @property
    def how_sure(self) -> str:
        """The sureness as people say it."""
        return told_sure(self.sureness)


def rehearsed(ctx: Context, text: str, phone: str, catalogue: Catalogue) -> Rehearsed:
    """Explain `text` as if `phone` (E.164) had just sent it, and leave no trace."""
    # A list of SMS asks for none of what answers them.
    from crm_tui.shop.answers import handling

    found = handling.rehearse(ctx, text, phone, catalogue)
    kinds = [wish["kind"] for wish in found.wishes]
    evidence = found.evidence
    if evidence is None:
        # A strict form says what it says, with all its words.
        named = [(code, 1.0) for wish in found.wishes for code in _codes(wish)]
        evidence = Evidence(
            1.0 if kinds else 0.0, [(0, len(text))] if kinds else [], named, found.reply,
            acted=bool(kinds), verdict=None,
        )  # fmt: skip
    return Rehearsed(
        found.read_as, found.wishes, found.why, found.reply,
        evidence.reply if evidence.waits else "", evidence.sureness, evidence.spans,
        _items(ctx, evidence.candidates),
    )  # fmt: skip


def _codes(wish: Mapping[str, Any]) -> list[str]:
    return [line["code"] for line in wish.get("lines", ())] + list(wish.get("options", ()))
