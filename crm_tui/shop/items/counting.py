"""Counting the shelves while sales go on, and writing the differences into the books."""

from dataclasses import dataclass

from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadQuantity
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.errors import (
    CategoryUnknown,
    CountOpen,
    NoCountOpen,
    NothingCounted,
)
from crm_tui.shop.items.stock import MOST, _counted, write_document


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


@command("items.begin_count", "stock.correct")
def begin_count(ctx: Context, category: str = "", note: str = "") -> int:
    """Begin to count all items, or those of a category; the count's key. Raises `CountOpen`, and
    `CategoryUnknown` where there would be nothing to count."""
    if open_count(ctx) is not None:
        raise CountOpen()
    if category:
        known = {each.casefold(): each for each in categories(ctx)}
        if category.casefold() not in known:
            raise CategoryUnknown(category=category)
        category = known[category.casefold()]
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


@command("items.count", "stock.correct")
def count(ctx: Context, count_id: int, item_id: int, counted: int | None) -> None:
    """Write what was counted of an item, or with None that it was not. The books of this moment are
    kept beside it, so that sales may go on."""
    _still_open(ctx, count_id)
    item = catalogue.by_id(ctx, item_id)
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


@command("items.post_count", "stock.correct")
def post_count(ctx: Context, count_id: int) -> int:
    """Write the differences into the books; how many there were. What was not counted stays."""
    _still_open(ctx, count_id)
    lines = ctx.db.execute("SELECT * FROM count_lines WHERE count_id = ?", (count_id,)).fetchall()
    if not lines:
        raise NothingCounted()
    document = write_document(ctx, "opname", "", f"{count_id}")
    differences = 0
    for line in lines:
        difference = line["counted"] - line["expected"]
        if difference:
            differences += 1
            catalogue.move_stock(ctx, line["item_id"], difference, "opname", document=document)
    _counted(ctx, *(line["item_id"] for line in lines))
    _end(ctx, count_id, "posted")
    ctx.record(f"count {count_id}", None, {"counted": len(lines), "differences": differences})
    return differences


@command("items.drop_count", "stock.correct")
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
