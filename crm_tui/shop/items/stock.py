"""The stock: goods in and back to the supplier, and corrections.

Every move is a row of the ledger; a correction is a new move, never a changed one.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from crm_tui.shop.gate import access
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadQuantity, NothingChosen, ReasonNeeded
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.errors import NotEnoughStock, NothingToCorrect, StockChanged

MOST = 10**7
"""No shelf holds more units than this; a typed barcode is no quantity."""


@dataclass(frozen=True)
class Goods:
    """So many units of an item; `cost` in rupiah a unit, None if nobody knows."""

    item_id: int
    quantity: int
    cost: int | None = None


def write_document(ctx: Context, kind: str, partner: str, note: str) -> int:
    """The paper of moves that belong together, within a command; its key."""
    row = ctx.db.execute(
        "INSERT INTO stock_documents (kind, at, actor, partner, note) VALUES (?, ?, ?, ?, ?)"
        " RETURNING id",
        (kind, ctx.at, ctx.actor.name, partner.strip(), note.strip()),
    ).fetchone()
    return int(row[0])


def check(goods: Sequence[Goods]) -> None:
    """Raises `NothingChosen`, `BadQuantity`."""
    if not goods:
        raise NothingChosen()
    for each in goods:
        if not 1 <= each.quantity <= MOST:
            raise BadQuantity(quantity=each.quantity)


@command("items.receive", "stock.receive")
def receive(ctx: Context, goods: Sequence[Goods], partner: str = "", note: str = "") -> int:
    """Take goods in from a supplier; the document's key. An item's cost becomes the average of what
    is there and what comes, rounded half up; users who may not see costs say none. Raises
    `ItemDeleted`."""
    check(goods)
    if any(each.cost is not None for each in goods):
        access.require(ctx, "costs.view")
    catalogue.by_ids(ctx, [line.item_id for line in goods])
    document = write_document(ctx, "receipt", partner, note)
    for line in goods:
        if line.cost is not None:
            average(ctx, line.item_id, line.quantity, line.cost)
        catalogue.move_stock(
            ctx, line.item_id, line.quantity, "receipt", document=document, cost=line.cost
        )
    _recorded(ctx, document, "receipt", goods, partner, note)
    return document


def average(ctx: Context, item_id: int, quantity: int, cost: int) -> None:
    """Before goods come in, within a command: the cost becomes the average with theirs."""
    known, on_hand = ctx.db.execute(
        "SELECT cost, on_hand FROM items JOIN stock ON item_id = id WHERE id = ?", (item_id,)
    ).fetchone()
    there = max(0, on_hand) if known is not None else 0
    whole = there * (known or 0) + quantity * cost
    count = there + quantity
    catalogue.store_cost(ctx, item_id, known, (2 * whole + count) // (2 * count))
    ctx.changed("items", item_id)


@command("items.give_back", "stock.receive")
def give_back(ctx: Context, goods: Sequence[Goods], partner: str, note: str) -> int:
    """Return goods to a supplier, with a reason; the document's key. What is reserved stays. Raises
    `ReasonNeeded`, `ItemDeleted`, `NotEnoughStock`."""
    check(goods)
    if not note.strip():
        raise ReasonNeeded()
    items = catalogue.by_ids(ctx, [line.item_id for line in goods])
    document = write_document(ctx, "supplier", partner, note)
    gone: Counter[int] = Counter()
    for line in goods:
        item = items[line.item_id]
        available = item.available - gone[item.id]
        if line.quantity > available:
            raise NotEnoughStock(code=item.code, available=available, wanted=line.quantity)
        gone[item.id] += line.quantity
        catalogue.move_stock(ctx, line.item_id, -line.quantity, "supplier", document=document)
    _recorded(ctx, document, "supplier", goods, partner, note)
    return document


def _recorded(
    ctx: Context, document: int, kind: str, goods: Sequence[Goods], partner: str, note: str
) -> None:
    ctx.record(
        f"stock document {document}",
        None,
        {
            "kind": kind,
            "partner": partner,
            "note": note,
            "goods": [[each.item_id, each.quantity, each.cost] for each in goods],
        },
    )


@command("items.correct", "stock.correct")
def correct(ctx: Context, item_id: int, there: int, reason: str, *, seen: int) -> None:
    """Write how many units are there indeed; `seen`: what the books said when that was typed.

    Raises `StockChanged` if they say something else by now, `NothingToCorrect`, `ReasonNeeded`.
    """
    if not 0 <= there <= MOST:
        raise BadQuantity(quantity=there)
    if not reason.strip():
        raise ReasonNeeded()
    item = catalogue.by_id(ctx, item_id)
    if item.on_hand != seen:
        raise StockChanged(code=item.code, there=item.on_hand, seen=seen)
    if there == item.on_hand:
        raise NothingToCorrect(code=item.code, there=there)
    document = write_document(ctx, "correction", "", reason)
    catalogue.move_stock(ctx, item_id, there - seen, "correction", document=document, note=reason)
    _counted(ctx, item_id)
    ctx.record(f"item {item.code}", {"on hand": item.on_hand}, {"on hand": there, "reason": reason})


def _counted(ctx: Context, *item_ids: int) -> None:
    """Somebody has looked: these need not be counted any more."""
    ctx.db.execute(
        "UPDATE items SET recount = 0 WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(item_ids),),
    )
    for item_id in item_ids:
        ctx.changed("items", item_id)


@dataclass(frozen=True)
class Document:
    """What came or went together: `lines` as (code, name, units; negative went out)."""

    id: int
    kind: str
    partner: str
    note: str
    lines: tuple[tuple[str, str, int], ...]


def document(ctx: Context, document_id: int, most: int = 50) -> Document:
    """The document with this key and its first `most` lines."""
    row = ctx.db.execute("SELECT * FROM stock_documents WHERE id = ?", (document_id,)).fetchone()
    lines = ctx.db.execute(
        "SELECT code, name, quantity FROM stock_moves JOIN items ON items.id = item_id"
        " WHERE document_id = ? ORDER BY stock_moves.id LIMIT ?", (document_id, most),
    ).fetchall()  # fmt: skip
    return Document(
        row["id"], row["kind"], row["partner"], row["note"], tuple(tuple(each) for each in lines)
    )


def partners(ctx: Context) -> list[str]:
    """The suppliers, the last one first."""
    rows = ctx.db.execute(
        "SELECT partner FROM stock_documents WHERE partner <> '' GROUP BY partner"
        " ORDER BY max(id) DESC LIMIT 50"
    )
    return [row[0] for row in rows]
