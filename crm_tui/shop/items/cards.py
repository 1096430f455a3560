"""Keeping items: added, changed, taken off sale and put back."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from crm_tui import sqlite
from crm_tui.reading.entries import code_key
from crm_tui.shop.gate import access, undo
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.errors import (
    BadCode,
    BarcodeTaken,
    CodeInWords,
    CodeTaken,
    ItemChanged,
    ItemNameMissing,
    UnitBad,
)

MOST_CODE, MOST_NAME, MOST_UNIT, MOST_OTHER = 40, 120, 12, 400
MOST_PRICE = 10**10


@dataclass(frozen=True)
class Card:
    """What is written of an item; money in rupiah, `reorder_level` in units, None if there is none.

    `other_names`: other numbers (OEM) and what customers call it, with commas between.
    """

    code: str
    name: str
    unit: str = "pcs"
    price: int = 0
    cost: int | None = None
    category: str = ""
    barcode: str = ""
    other_names: str = ""
    reorder_level: int | None = None


_COLUMNS = (
    "code", "name", "unit", "price", "cost", "category", "barcode", "other_names", "reorder_level",
)  # fmt: skip


def card(ctx: Context, item_id: int) -> Card:
    """What is written of an item. Raises `ItemDeleted`."""
    row = _row(ctx, item_id)
    return Card(**{name: row[name] for name in _COLUMNS})


def _row(ctx: Context, item_id: int) -> sqlite.Row:
    return _rows(ctx, [item_id])[item_id]


def _rows(ctx: Context, item_ids: Sequence[int]) -> dict[int, sqlite.Row]:
    """The items by key, in the order given. Raises `ItemDeleted`."""
    rows = ctx.db.execute(
        "SELECT * FROM items WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(item_ids)),),
    )
    items = {int(row["id"]): row for row in rows}
    for item_id in item_ids:
        if item_id not in items:
            raise catalogue.deleted(ctx, item_id)
    return {item_id: items[item_id] for item_id in item_ids}


def _checked(ctx: Context, wanted: Card, item_id: int | None) -> Card:
    code = wanted.code.strip()
    key = code_key(code)
    if not key or len(code) > MOST_CODE:
        raise BadCode(code=code[:MOST_CODE], most=MOST_CODE)
    other = ctx.db.execute("SELECT id, code FROM items WHERE code_key = ?", (key,)).fetchone()
    if other is not None and other["id"] != item_id:
        raise CodeTaken(code=code, other=other["code"])
    name, unit = " ".join(wanted.name.split()), wanted.unit.strip()
    if not 1 <= len(name) <= MOST_NAME:
        raise ItemNameMissing(most=MOST_NAME)
    if not 1 <= len(unit) <= MOST_UNIT:
        raise UnitBad(most=MOST_UNIT)
    return Card(
        code, name, unit, wanted.price, wanted.cost, " ".join(wanted.category.split()),
        wanted.barcode.strip(), wanted.other_names.strip()[:MOST_OTHER], wanted.reorder_level,
    )  # fmt: skip


def _one_meaning(ctx: Context, new: Card, item_id: int | None) -> None:
    """What a scanner reads, or somebody types for it, names one item. Raises `BarcodeTaken`,
    `CodeTaken`."""
    own = item_id or 0
    other = ctx.db.execute(
        "SELECT code FROM items WHERE barcode = ? AND barcode <> '' AND id <> ?", (new.code, own)
    ).fetchone()
    if other is not None:
        raise CodeTaken(code=new.code, other=other["code"])
    if not new.barcode:
        return
    other = ctx.db.execute(
        "SELECT code FROM items WHERE (barcode = ? OR code_key = ?) AND id <> ?",
        (new.barcode, code_key(new.barcode), own),
    ).fetchone()
    if other is not None:
        raise BarcodeTaken(barcode=new.barcode, code=other["code"])


@undo.sound("items")
def _one_meaning_still(ctx: Context, item_id: int) -> None:
    """What was deleted comes back only while nothing else has its barcode. Raises as `_one_meaning`."""
    _one_meaning(ctx, card(ctx, item_id), item_id)


@command("items.add", "items.edit")
def add(ctx: Context, wanted: Card) -> int:
    """Add an item; its key. Its price needs that permission, too, and so does a cost. Raises a
    `BadInput`."""
    new = _checked(ctx, wanted, None)
    _one_meaning(ctx, new, None)
    access.require(ctx, "prices.edit")
    if new.cost is not None:
        access.require(ctx, "costs.view")
    if " " in new.code:
        # Customers order by it in one word.
        raise CodeInWords(like="-".join(new.code.split()))
    item_id = insert(ctx, new)
    ctx.record(f"item {new.code}", None, vars(new))
    return item_id


def insert(ctx: Context, wanted: Card) -> int:
    """Write a new item, within a command, whoever it comes from; its key. Raises a `BadInput`."""
    new = _checked(ctx, wanted, None)
    item_id = int(
        ctx.db.execute(
            "INSERT INTO items (code, code_key, name, unit, price, category, barcode, other_names,"
            " reorder_level) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (new.code, code_key(new.code), new.name, new.unit, new.price, new.category,
             new.barcode, new.other_names, new.reorder_level),
        ).fetchone()[0]
    )  # fmt: skip
    catalogue.store_price(ctx, item_id, None, new.price)
    catalogue.store_cost(ctx, item_id, None, new.cost)
    ctx.changed("items", item_id)
    return item_id


@command("items.edit", "items.edit")
def edit(ctx: Context, item_id: int, wanted: Card, seen: Card | None = None) -> None:
    """Change an item; another price needs that permission too, and another cost that of seeing it.

    `seen`: what stood there when it was begun; `ItemChanged` if that is so no more.
    """
    before = card(ctx, item_id)
    if seen is not None and seen != before:
        raise ItemChanged(code=before.code)
    new = _checked(ctx, wanted, item_id)
    if (new.code, new.barcode) != (before.code, before.barcode):
        _one_meaning(ctx, new, item_id)
    if new.price != before.price:
        catalogue.write_price(ctx, item_id, before.price, new.price)
    catalogue.write_cost(ctx, item_id, before.cost, new.cost)
    ctx.db.execute(
        "UPDATE items SET code = ?, code_key = ?, name = ?, unit = ?, category = ?,"
        " barcode = ?, other_names = ?, reorder_level = ? WHERE id = ?",
        (new.code, code_key(new.code), new.name, new.unit, new.category, new.barcode,
         new.other_names, new.reorder_level, item_id),
    )  # fmt: skip
    old, now = vars(before), vars(new)
    changed = [name for name in _COLUMNS if old[name] != now[name]]
    ctx.record(
        f"item {new.code}", {name: old[name] for name in changed},
        {name: now[name] for name in changed},
    )  # fmt: skip
    ctx.changed("items", item_id)


@command("items.remove", "items.edit")
def remove(ctx: Context, item_id: int) -> str:
    """Delete an item that has no history, take another one off sale: "deleted" or "deactivated"."""
    row = _row(ctx, item_id)
    used = _used(ctx, item_id)
    if used:
        undo.write(ctx, "item", row["code"], {"topic": "items", "id": item_id})
        _turn(ctx, item_id, 0)
    else:
        undo.keep(ctx, "items", row["code"], "items", item_id, None, **_OWN)
        # Its first price and cost may only go once it is gone itself.
        ctx.db.execute("PRAGMA defer_foreign_keys=ON")
        ctx.db.execute("DELETE FROM items WHERE id = ?", (item_id,))
        for table in _OWN:
            ctx.db.execute(f"DELETE FROM {table} WHERE item_id = ?", (item_id,))  # noqa: S608
        ctx.db.execute("UPDATE counters SET value = value + 1 WHERE name = 'catalogue'")
    done = "deactivated" if used else "deleted"
    ctx.record(f"item {row['code']}", {"active": bool(row["active"])}, {"item": done})
    ctx.changed("items", item_id)
    return done


_OWN = {"stock": "item_id", "price_changes": "item_id", "cost_changes": "item_id"}
"""The tables whose rows an item that was never used takes along."""


def _used(ctx: Context, item_id: int) -> bool:
    """Whether anything beside its first price and cost names the item, sales put aside among it."""
    own = ctx.db.execute(
        "SELECT EXISTS (SELECT 1 FROM price_changes WHERE item_id = :id AND before IS NOT NULL)"
        " OR EXISTS (SELECT 1 FROM cost_changes WHERE item_id = :id AND before IS NOT NULL)"
        " OR EXISTS (SELECT 1 FROM parked_sales, json_each(cart, '$.lines') AS line"
        "  WHERE json_extract(line.value, '$.item_id') = :id)",
        {"id": item_id},
    ).fetchone()[0]
    return bool(own) or undo.is_named(ctx, "items", item_id, _OWN)


@undo.restorer("item", "items.edit")
def _back_on_sale(ctx: Context, data: dict[str, int]) -> None:
    _turn(ctx, data["id"], 1)
    ctx.changed("items", data["id"])


@command("items.activate", "items.edit")
def activate(ctx: Context, item_id: int) -> None:
    """Sell an item again that was taken off sale."""
    put_on_sale(ctx, item_id)


def put_on_sale(ctx: Context, item_id: int) -> None:
    """The same, within another command."""
    row = _row(ctx, item_id)
    _turn(ctx, item_id, 1)
    ctx.record(f"item {row['code']}", {"active": bool(row["active"])}, {"active": True})
    ctx.changed("items", item_id)


def _turn(ctx: Context, item_id: int, active: int) -> None:
    """Put an item on sale or off, and keep since when; nothing is written where it stays."""
    turned = ctx.db.execute(
        "UPDATE items SET active = ? WHERE id = ? AND active <> ?", (active, item_id, active)
    ).rowcount
    if turned:
        ctx.db.execute(
            "INSERT INTO sale_turns (item_id, at, actor, active) VALUES (?, ?, ?, ?)",
            (item_id, ctx.at, ctx.actor.name, active),
        )
