"""How free texts were read: the words it rests on, how sure it is, and what people made of it."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm_tui.errors import N_
from crm_tui.reading.wishes import Reading
from crm_tui.shop.gate.context import Context

SUGGESTED = N_("read, and waits for you to send the answer")
_CANDIDATES = 5
_FIRST_NUMBER = re.compile(r"\d+")
_SURE, _FAIRLY = 0.95, 0.8
"""From so much on. A word that is only heard or shortened is fairly sure."""


@dataclass(frozen=True)
class Evidence:
    """`sureness`: 0..1, 0 if it was not understood; `spans`: the characters of the text that the
    reading rests on; `candidates`: codes of the items that were thought of with their weights, best
    first; `reply`: what the customer was told, or would be; `acted`: it was done by itself;
    `verdict`: accepted, corrected, dropped or None."""

    sureness: float
    spans: Sequence[tuple[int, int]]
    candidates: Sequence[tuple[str, float]]
    reply: str
    acted: bool
    verdict: str | None

    @property
    def waits(self) -> bool:
        """Whether it is a suggestion that nobody has sent yet."""
        return not self.acted and bool(self.reply) and self.verdict is None

    @property
    def how_sure(self) -> str:
        """The sureness as people say it; "" where nothing was understood."""
        return told_sure(self.sureness)


def told_sure(sureness: float) -> str:
    """A sureness of 0..1 as people say it; "" for 0."""
    if not sureness:
        return ""
    if sureness >= _SURE:
        return N_("sure")
    return N_("fairly sure") if sureness >= _FAIRLY else N_("a guess")


def differs(ready: str, sent: str) -> bool:
    """Whether a customer was told something else than was ready, but for the order's number."""
    return _FIRST_NUMBER.sub("", ready, count=1) != _FIRST_NUMBER.sub("", sent, count=1)


def keep(
    ctx: Context, message_id: int, reading: Reading, *, reply: str, acted: bool,
    alike: Mapping[int, Sequence[int]] | None = None,
) -> None:  # fmt: skip
    """Keep how a message was read, within a command; `alike`: by item key, what may stand in for it."""
    spans = sorted({span for wish in reading.wishes for span in wish.spans})
    candidates = [
        (candidate.entry.code, round(candidate.weight, 3))
        for candidate in reading.candidates[:_CANDIDATES]
    ]
    ctx.db.execute(
        "INSERT INTO readings (message_id, at, sureness, spans, candidates, acted, reply,"
        " substitutes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            message_id, ctx.at, reading.sureness if reading.certain else 0.0, json.dumps(spans),
            json.dumps(candidates), int(acted and reading.certain), reply, json.dumps(alike or {}),
        ),
    )  # fmt: skip


def evidence_of(ctx: Context, message_id: int) -> Evidence | None:
    """How a message was read freely; None if it was not."""
    row = ctx.db.execute("SELECT * FROM readings WHERE message_id = ?", (message_id,)).fetchone()
    if row is None:
        return None
    return Evidence(
        row["sureness"], [(first, last) for first, last in json.loads(row["spans"])],
        [(code, weight) for code, weight in json.loads(row["candidates"])], row["reply"],
        bool(row["acted"]), row["verdict"],
    )  # fmt: skip


def alike_of(ctx: Context, message_id: int) -> dict[int, list[int]]:
    """By item key, what was found to stand in for it when a message was read."""
    row = ctx.db.execute(
        "SELECT substitutes FROM readings WHERE message_id = ?", (message_id,)
    ).fetchone()
    return {int(key): items for key, items in json.loads(row[0]).items()} if row else {}
