"""The stock: goods in and back to the supplier, corrections, and counts of the shelves.

Every move is a row of the ledger; a correction is a new move, never a changed one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from crm_tui.shop import items
from crm_tui.shop.commands import command
from crm_tui.shop.context import Context
from crm_tui.shop.errors import (
    BadQuantity,
    CountOpen,
    NoCountOpen,
    NotEnoughStock,
    NothingChosen,
    NothingCounted,
    NothingToCorrect,
    ReasonNeeded,
    StockChanged,
)

MOST = 10**7
"""No shelf holds more units than this; a typed barcode is no quantity."""


@dataclass(frozen=True)
class Goods:
    """So many units of an item; `cost` in rupiah a unit, None if nobody knows."""

    item_id: int
    quantity: int
    cost: int | None = None


def _document(ctx: Context, kind: str, partner: str, note: str) -> int:
    row = ctx.db.execute(
        "INSERT INTO stock_documents (kind, at, actor, partner, note) VALUES (?, ?, ?, ?, ?)"
        " RETURNING id",
        (kind, ctx.at, ctx.actor.name, partner.strip(), note.strip()),
    ).fetchone()
    return int(row[0])


def _check(goods: Sequence[Goods]) -> None:
    if not goods:
        raise NothingChosen()
    for each in goods:
        if not 1 <= each.quantity <= MOST:
            raise BadQuantity(quantity=each.quantity)


@command("stock.receive", "stock.receive")
def receive(ctx: Context, goods: Sequence[Goods], partner: str = "", note: str = "") -> int:
    """Take goods in from a supplier; the document's key. An item's cost becomes the average of what
    is there and what comes, rounded half up."""
    _check(goods)
    document = _document(ctx, "receipt", partner, note)
    for each in goods:
        item = items.by_id(ctx, each.item_id)
        if each.cost is not None:
            _average(ctx, item, each.quantity, each.cost)
        items.move_stock(
            ctx, each.item_id, each.quantity, "receipt", document=document, cost=each.cost
        )
    _recorded(ctx, document, "receipt", goods, partner, note)
    return document


def _average(ctx: Context, item: items.Item, quantity: int, cost: int) -> None:
    known = ctx.db.execute("SELECT cost FROM items WHERE id = ?", (item.id,)).fetchone()[0]
    there = max(0, item.on_hand) if known is not None else 0
    whole = there * (known or 0) + quantity * cost
    count = there + quantity
    ctx.db.execute(
        "UPDATE items SET cost = ? WHERE id = ?", ((2 * whole + count) // (2 * count), item.id)
    )
    ctx.changed("items", item.id)


@command("stock.give_back", "stock.receive")
def give_back(ctx: Context, goods: Sequence[Goods], partner: str, note: str) -> int:
    """Return goods to a supplier, with a reason; the document's key. What is reserved stays."""
    _check(goods)
    if not note.strip():
        raise ReasonNeeded()
    document = _document(ctx, "supplier", partner, note)
    for each in goods:
        item = items.by_id(ctx, each.item_id)
        if each.quantity > item.available:
            raise NotEnoughStock(code=item.code, available=item.available, wanted=each.quantity)
        items.move_stock(ctx, each.item_id, -each.quantity, "supplier", document=document)
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


@command("stock.correct", "stock.correct")
def correct(ctx: Context, item_id: int, there: int, reason: str, *, seen: int) -> None:
    """Write how many units are there indeed; `seen`: what the books said when that was typed.

    Raises `StockChanged` if they say something else by now, `NothingToCorrect`, `ReasonNeeded`.
    """
    if not 0 <= there <= MOST:
        raise BadQuantity(quantity=there)
    if not reason.strip():
        raise ReasonNeeded()
    item = items.by_id(ctx, item_id)
    if item.on_hand != seen:
        raise StockChanged(code=item.code, there=item.on_hand, seen=seen)
    if there == item.on_hand:
        raise NothingToCorrect(code=item.code, there=there)
    document = _document(ctx, "correction", "", reason)
    items.move_stock(ctx, item_id, there - seen, "correction", document=document, note=reason)
    _counted(ctx, item_id)
    ctx.record(f"item {item.code}", {"on hand": item.on_hand}, {"on hand": there, "reason": reason})


def _counted(ctx: Context, item_id: int) -> None:
    """Somebody has looked: it need not be counted any more."""
    ctx.db.execute("UPDATE items SET recount = 0 WHERE id = ?", (item_id,))
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


# ── counting the shelves (stock opname) ───────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Count:
    """The count that is under way: how many items it has, how many were counted, and how many of
    those differ from the books."""

    id: int
    started_at: str
    actor: str
    category: str
    items: int
    counted: int
    differences: int


def count_under_way(ctx: Context) -> Count | None:
    """The count that is under way, with its figures."""
    row = ctx.db.execute(
        "SELECT id, started_at, actor, category,"
        " (SELECT count(*) FROM items WHERE active = 1 AND counts.category IN ('', items.category)),"
        " (SELECT count(*) FROM count_lines WHERE count_id = counts.id),"
        " (SELECT count(*) FROM count_lines WHERE count_id = counts.id AND counted <> expected)"
        " FROM counts WHERE status = 'open'"
    ).fetchone()
    return None if row is None else Count(*row)


def categories(ctx: Context) -> list[str]:
    """The categories of the items on sale."""
    rows = ctx.db.execute(
        "SELECT DISTINCT category FROM items WHERE active = 1 AND category <> '' ORDER BY category"
    )
    return [row[0] for row in rows]


def sheet(ctx: Context, count_id: int) -> str:
    """What is left to be counted, as one walks along the shelves, with lines to write on: 72 wide."""
    rows = ctx.db.execute(
        "SELECT category, code, name, unit FROM items WHERE active = 1 AND (SELECT"
        " counts.category IN ('', items.category) FROM counts WHERE counts.id = :count)"
        " AND NOT EXISTS (SELECT 1 FROM count_lines WHERE count_id = :count AND item_id = items.id)"
        " ORDER BY category, code", {"count": count_id},
    )  # fmt: skip
    lines: list[str] = []
    category = None
    for each, code, name, unit in rows:
        if each != category:
            category = each
            lines += ["", each or "–", "─" * 72]
        lines.append(f"{code:<16} {name[:36]:<36} {unit:<8} ________")
    return "\n".join(lines)


def open_count(ctx: Context) -> int | None:
    """The key of the count that is under way, if there is one."""
    row = ctx.db.execute("SELECT id FROM counts WHERE status = 'open'").fetchone()
    return None if row is None else int(row[0])


@command("stock.count_begin", "stock.correct")
def begin_count(ctx: Context, category: str = "", note: str = "") -> int:
    """Begin to count all items, or those of a category; the count's key. Raises `CountOpen`."""
    if open_count(ctx) is not None:
        raise CountOpen()
    count_id = int(
        ctx.db.execute(
            "INSERT INTO counts (started_at, actor, category, note) VALUES (?, ?, ?, ?)"
            " RETURNING id",
            (ctx.at, ctx.actor.name, category, note.strip()),
        ).fetchone()[0]
    )
    ctx.record(f"count {count_id}", None, {"category": category, "note": note})
    ctx.changed("counts", count_id)
    return count_id


def _still_open(ctx: Context, count_id: int) -> None:
    row = ctx.db.execute("SELECT status FROM counts WHERE id = ?", (count_id,)).fetchone()
    if row is None or row[0] != "open":
        raise NoCountOpen()


@command("stock.count", "stock.correct")
def count(ctx: Context, count_id: int, item_id: int, counted: int | None) -> None:
    """Write what was counted of an item, or with None that it was not. The books of this moment are
    kept beside it, so that sales may go on."""
    _still_open(ctx, count_id)
    item = items.by_id(ctx, item_id)
    if counted is None:
        ctx.db.execute(
            "DELETE FROM count_lines WHERE count_id = ? AND item_id = ?", (count_id, item_id)
        )
    elif not 0 <= counted <= MOST:
        raise BadQuantity(quantity=counted)
    else:
        ctx.db.execute(
            "INSERT INTO count_lines VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
            " counted = excluded.counted, expected = excluded.expected, at = excluded.at,"
            " actor = excluded.actor",
            (count_id, item_id, counted, item.on_hand, ctx.at, ctx.actor.name),
        )
    ctx.record(f"count {count_id}", None, {"item": item.code, "counted": counted})
    ctx.changed("counts", count_id)


@command("stock.count_post", "stock.correct")
def post_count(ctx: Context, count_id: int) -> int:
    """Write the differences into the books; how many there were. What was not counted stays."""
    _still_open(ctx, count_id)
    lines = ctx.db.execute("SELECT * FROM count_lines WHERE count_id = ?", (count_id,)).fetchall()
    if not lines:
        raise NothingCounted()
    document = _document(ctx, "opname", "", f"{count_id}")
    differences = 0
    for line in lines:
        difference = line["counted"] - line["expected"]
        if difference:
            differences += 1
            items.move_stock(ctx, line["item_id"], difference, "opname", document=document)
        _counted(ctx, line["item_id"])
    _end(ctx, count_id, "posted")
    ctx.record(f"count {count_id}", None, {"counted": len(lines), "differences": differences})
    return differences


@command("stock.count_drop", "stock.correct")
def drop_count(ctx: Context, count_id: int) -> None:
    """End a count without changing the books."""
    _still_open(ctx, count_id)
    _end(ctx, count_id, "dropped")
    ctx.record(f"count {count_id}", None, {"count": "dropped"})


def _end(ctx: Context, count_id: int, status: str) -> None:
    ctx.db.execute(
        "UPDATE counts SET status = ?, ended_at = ? WHERE id = ?", (status, ctx.at, count_id)
    )
    ctx.changed("counts", count_id)
