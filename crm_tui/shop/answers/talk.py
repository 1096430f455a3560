"""What is open between a customer and the shop, so that "2", "ya" or "yang depan" can be understood.

The shop's last answer is part of it: a list, or what was quoted, counts only while it is the last thing
that the shop said to that number, and for as long as the shop's setting says.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from crm_tui.clock import stamp
from crm_tui.reading.entries import Entry
from crm_tui.reading.wishes import Conversation, Kind, Line, Wish
from crm_tui.shop.answers.settings import TALK_HOURS
from crm_tui.shop.gate.context import Context
from crm_tui.shop.messages import outbox
from crm_tui.shop.orders import book
from crm_tui.shop.orders.questions import Question

if TYPE_CHECKING:
    from crm_tui.reading.index import ItemIndex


@dataclass(frozen=True)
class Said:
    """What an answer offers: item keys of its numbered list, and what it is to choose for; item keys
    that it quotes; a quantity that the customer named before choosing; what waits behind it, as in
    `wishes.Wish`."""

    offered: tuple[int, ...] = ()
    choosing: Kind | None = None
    quantity: int | None = None
    quoted: tuple[int, ...] = ()
    held: tuple[tuple[int, int | None], ...] = ()
    parts: tuple[tuple[int, int | None], ...] = ()
    unsure: bool = False
    packed: int | None = None
    pack: int = 0

    def waiting(self) -> str:
        """What waits behind it as JSON, "" if nothing does."""
        if not (self.held or self.parts or self.unsure or self.packed):
            return ""
        waits: dict[str, object] = {
            "lines": self.held, "parts": self.parts, "unsure": self.unsure,
        }  # fmt: skip
        if self.packed:
            waits |= {"packed": self.packed, "pack": self.pack}
        return json.dumps(waits)

    def __bool__(self) -> bool:
        return bool(self.offered or self.quoted)


NOTHING = Said()
_MOST_RECENT = 8
"""So many items are remembered of a talk; nobody means an earlier one."""


def waiting_behind(wish: Wish) -> Said:
    """What waits behind an answer to this wish."""
    held = tuple((line.entry.id, line.quantity) for line in wish.held)
    return Said(held=held, parts=wish.parts, unsure=wish.unsure, packed=wish.packed, pack=wish.pack)


def joined(said: Iterable[Said]) -> Said:
    """What an answer made of several offers: one list at most; a second one cannot be told apart."""
    offers = [offer for offer in said if offer]
    if len(offers) == 1:
        return offers[0]
    if any(offer.offered for offer in offers):
        return NOTHING
    quoted = tuple(dict.fromkeys(item for offer in offers for item in offer.quoted))
    quantities = {offer.quantity for offer in offers}
    return Said(quoted=quoted, quantity=quantities.pop() if len(quantities) == 1 else None)


def remember(
    ctx: Context, customer_id: int, message_id: int, said: Said, named: Iterable[int] = ()
) -> None:
    """Keep what the answer `message_id` offers, and that alone, within a command; `named`: the items
    that this turn was about, which join those that the talk was about before."""
    before, listed = _kept(ctx, customer_id)
    recent = list(dict.fromkeys([*reversed(list(named)), *reversed(before)]))
    recent = recent[:_MOST_RECENT][::-1]
    if not set(said.offered) <= set(listed):
        # A shorter list of the same things takes none of them away.
        listed = list(said.offered)
    if not (said or recent or listed):
        ctx.db.execute("DELETE FROM talks WHERE customer_id = ?", (customer_id,))
    else:
        until = stamp(ctx.now + timedelta(hours=TALK_HOURS(ctx)))
        ctx.db.execute(
            "REPLACE INTO talks (customer_id, message_id, offered, choosing, quantity, quoted,"
            " expires_at, recent, listed, held) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                customer_id, message_id, json.dumps(said.offered),
                said.choosing.value if said.choosing else "", said.quantity,
                json.dumps(said.quoted), until, json.dumps(recent), json.dumps(listed),
                said.waiting(),
            ),
        )  # fmt: skip


def _kept(ctx: Context, customer_id: int) -> tuple[list[int], list[int]]:
    """Items that the talk, if one goes on, has been about, the last one last, and those of its last
    list."""
    row = ctx.db.execute(
        "SELECT recent, listed FROM talks WHERE customer_id = ? AND expires_at > ?",
        (customer_id, ctx.at),
    ).fetchone()
    return (list(json.loads(row["recent"])), list(json.loads(row["listed"]))) if row else ([], [])


def recall(
    ctx: Context, customer_id: int, phone: str, said_at: str, question: Question | None,
    index: "ItemIndex", message_id: int,
) -> Conversation:  # fmt: skip
    """The conversation with this customer as it stood when the SMS `message_id` was written that came
    from `phone`: at `said_at`, by our clock. What had not gone out by then was not answered."""
    said, recent, listed = _last_said(ctx, customer_id, phone, said_at)
    orders = book.open_of(ctx, customer_id)
    # "Tambah 1" is about the last order that the staff have not confirmed yet.
    waiting = [order for order in orders if order.status == "waiting"]
    order = waiting[-1] if waiting else orders[-1] if orders else None
    proposed = question.wanted if question and question.order_id is None else {}
    offered = _entries(index, said.offered)
    return Conversation(
        asked=question is not None,
        proposed=_lines(index, list(proposed.items())),
        offered=offered,
        choosing=said.choosing,
        quantity=said.quantity,
        quoted=_entries(index, said.quoted),
        order=_lines(index, [(line.item_id, line.quantity) for line in order.lines])
        if order
        else (),
        amendable=order is not None and order.status == "waiting",
        recent=tuple(entry for item in recent if (entry := index.get(item)) is not None),
        listed=_entries(index, listed),
        sought="" if said or question else _sought(ctx, phone, said_at),
        left="" if said or question else _left(ctx, phone, message_id),
        held=_lines(index, said.held),
        parts=said.parts if offered else (),
        unsure=said.unsure,
        packed=said.packed if offered else None,
        pack=said.pack if offered else 0,
    )


_LAST = (
    "(SELECT max(id) FROM messages WHERE phone = :phone AND direction = 'out'"  # noqa: S608
    f" AND {outbox.OUT_AT.format('messages.id')} <= :said)"
)
"""SQL: the last SMS that the shop had sent to a number by a moment."""


def _sought(ctx: Context, phone: str, said_at: str) -> str:
    """What was asked for in vain, in the customer's words, where the shop's last answer said so."""
    row = ctx.db.execute(
        "SELECT asked.wishes FROM messages AS said JOIN messages AS asked ON asked.id = said.reply_to"  # noqa: S608
        f" WHERE said.id = {_LAST} AND asked.read_as = 'not_found' AND said.at > :since",
        {
            "phone": phone,
            "said": said_at,
            "since": stamp(ctx.now - timedelta(hours=TALK_HOURS(ctx))),
        },
    ).fetchone()
    unknown = (
        [word for wish in json.loads(row[0] or "[]") for word in wish.get("unknown", ())]
        if row
        else []
    )
    return str(unknown[0]) if len(unknown) == 1 else ""


def _left(ctx: Context, phone: str, message_id: int) -> str:
    """The customer's SMS before this one, if it was left to people; "" if it was not."""
    row = ctx.db.execute(
        "SELECT text, read_as, at FROM messages WHERE phone = ? AND direction = 'in' AND id < ?"
        " ORDER BY id DESC LIMIT 1",
        (phone, message_id),
    ).fetchone()
    since = stamp(ctx.now - timedelta(hours=TALK_HOURS(ctx)))
    known = row is not None and row["read_as"] == "human" and row["at"] > since
    return str(row["text"]) if known else ""


def _last_said(
    ctx: Context, customer_id: int, phone: str, said_at: str
) -> tuple[Said, list[int], list[int]]:
    row = ctx.db.execute(
        "SELECT offered, choosing, quantity, quoted, recent, listed, held,"  # noqa: S608
        f" message_id = {_LAST} AS last"
        " FROM talks WHERE customer_id = :customer AND expires_at > :now",
        {"customer": customer_id, "phone": phone, "said": said_at, "now": ctx.at},
    ).fetchone()
    if row is None or not row["last"]:
        return NOTHING, [], []
    waiting = json.loads(row["held"] or "{}")
    said = Said(
        tuple(json.loads(row["offered"])), Kind(row["choosing"]) if row["choosing"] else None,
        row["quantity"], tuple(json.loads(row["quoted"])), _pairs(waiting.get("lines", ())),
        _pairs(waiting.get("parts", ())), waiting.get("unsure", False), waiting.get("packed"),
        waiting.get("pack", 0),
    )  # fmt: skip
    return said, list(json.loads(row["recent"])), list(json.loads(row["listed"]))


def _pairs(rows: Iterable[Sequence[int]]) -> tuple[tuple[int, int | None], ...]:
    return tuple((first, second) for first, second in rows)


def _entries(index: "ItemIndex", items: Sequence[int]) -> tuple[Entry, ...]:
    """The items of a list; none if one of them is not sold any more: its numbers mean nothing now."""
    entries = [index.get(item) for item in items]
    return tuple(entry for entry in entries if entry) if all(entries) else ()


def _lines(index: "ItemIndex", wanted: Sequence[tuple[int, int | None]]) -> tuple[Line, ...]:
    lines = [(index.get(item), count) for item, count in wanted]
    return tuple(Line(entry, count) for entry, count in lines if entry)
