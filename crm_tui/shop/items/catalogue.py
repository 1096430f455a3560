"""Items: finding them, their prices and what is there of them."""

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from crm_tui import sqlite
from crm_tui.reading.entries import Entry, code_key
from crm_tui.shop.gate import access
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.items.errors import AnItemDeleted, ItemDeleted, UnknownItem

if TYPE_CHECKING:
    from crm_tui.reading.index import ItemIndex


@dataclass(frozen=True)
class Item:
    """An item with its stock; `price` in rupiah, `on_hand` and `reserved` in units."""

    id: int
    code: str
    name: str
    unit: str
    price: int
    active: bool
    on_hand: int
    reserved: int

    @property
    def available(self) -> int:
        """What can still be promised; never below 0."""
        return max(0, self.on_hand - self.reserved)


_COLUMNS = (
    "SELECT items.id, code, name, unit, price, active, on_hand, reserved"
    " FROM items JOIN stock ON stock.item_id = items.id"
)


def _item(row: sqlite.Row) -> Item:
    return Item(row[0], row[1], row[2], row[3], row[4], bool(row[5]), row[6], row[7])


def by_id(ctx: Context, item_id: int) -> Item:
    """The item with this key. Raises `ItemDeleted` or `AnItemDeleted`."""
    row = ctx.db.execute(f"{_COLUMNS} WHERE items.id = ?", (item_id,)).fetchone()
    if row is None:
        raise deleted(ctx, item_id)
    return _item(row)


def by_ids(ctx: Context, item_ids: Collection[int]) -> dict[int, Item]:
    """The items with these keys, by key and in the order given. Raises as `by_id`."""
    items = there(ctx, item_ids)
    for item_id in item_ids:
        if item_id not in items:
            raise deleted(ctx, item_id)
    return {item_id: items[item_id] for item_id in item_ids}


def deleted(ctx: Context, item_id: int) -> RuleBroken:
    """What is told of a key that another counter's deletion left without its item: the code, as long as
    the step that takes the deletion back knows it."""
    row = ctx.db.execute(
        "SELECT label FROM undo_steps WHERE kind = 'rows' AND CASE data WHEN '' THEN 0 ELSE"
        " json_extract(data, '$.topic') = 'items' AND json_extract(data, '$.id') = ? END"
        " ORDER BY id DESC LIMIT 1",
        (item_id,),
    ).fetchone()
    return AnItemDeleted() if row is None else ItemDeleted(code=row[0])


def there(ctx: Context, item_ids: Collection[int]) -> dict[int, Item]:
    """Those of the items with these keys that were not deleted, by key."""
    rows = ctx.db.execute(
        f"{_COLUMNS} WHERE items.id IN (SELECT value FROM json_each(?))",  # noqa: S608 - ours
        (json.dumps(list(item_ids)),),
    )
    return {int(row[0]): _item(row) for row in rows}


def by_code(ctx: Context, code: str) -> Item:
    """The active item with this code, typed with or without dashes. Raises `UnknownItem`."""
    row = ctx.db.execute(
        f"{_COLUMNS} WHERE code_key = ? AND active = 1", (code_key(code),)
    ).fetchone()
    if row is None:
        raise UnknownItem(code=code)
    return _item(row)


def on_sale(ctx: Context, codes: Collection[str]) -> dict[str, Item]:
    """The active items with these codes, by the codes as they are written here; those that there are
    not are left out."""
    rows = ctx.db.execute(
        f"{_COLUMNS} WHERE code_key IN (SELECT value FROM json_each(?)) AND active = 1",  # noqa: S608
        (json.dumps([code_key(code) for code in codes]),),
    )
    items = {code_key(row["code"]): _item(row) for row in rows}
    return {code: items[code_key(code)] for code in codes if code_key(code) in items}


def keys_of(ctx: Context, codes: Collection[str]) -> dict[str, int]:
    """The keys of items with these codes, on sale or not, by their codes as they are compared
    (`code_key`); those that there are not are left out."""
    rows = ctx.db.execute(
        "SELECT code_key, id FROM items WHERE code_key IN (SELECT value FROM json_each(?))"
        " ORDER BY id",
        (json.dumps([code_key(code) for code in codes]),),
    )
    return {row[0]: int(row[1]) for row in rows}


def by_codes(ctx: Context, codes: Collection[str]) -> list[int]:
    """The keys of items with these codes, on sale or not; those that there are not are left out."""
    return list(keys_of(ctx, codes).values())


def off_sale(ctx: Context, codes: Collection[str]) -> set[str]:
    """Those of these codes, as they are written here, whose item is off sale."""
    rows = ctx.db.execute(
        "SELECT code_key FROM items WHERE active = 0 AND code_key IN (SELECT value FROM json_each(?))",
        (json.dumps([code_key(code) for code in codes]),),
    )
    keys = {row[0] for row in rows}
    return {code for code in codes if code_key(code) in keys}


def exactly(ctx: Context, text: str) -> Item | None:
    """The active item with this barcode or code, as a scanner gives it."""
    row = ctx.db.execute(
        f"{_COLUMNS} WHERE barcode = ? AND barcode <> '' AND active = 1 ORDER BY items.id",
        (text.strip(),),
    ).fetchone()
    if row is None:
        row = ctx.db.execute(
            f"{_COLUMNS} WHERE code_key = ? AND active = 1", (code_key(text),)
        ).fetchone()
    return None if row is None else _item(row)


_ENTRIES = (
    "SELECT items.id, code, name, unit, category, other_names, price,"
    " max(0, on_hand - reserved) FROM items JOIN stock ON item_id = items.id WHERE active = 1"
)
_TOO_MANY = 2_000
"""Beyond so many changed items the index is made anew."""


class Catalogue:
    """The index that reading needs, kept in memory; what changes in the shop is taken in.

    One thread uses it.
    """

    def __init__(self) -> None:
        self._seq = -1
        self._version = -1
        self._index: ItemIndex

    def index(self, ctx: Context) -> "ItemIndex":
        """The items on sale as they are now, outside of a command that changes them."""
        if self._seq < 0:
            return self._anew(ctx)
        latest = ctx.db.execute("SELECT coalesce(max(seq), 0) FROM changes").fetchone()[0]
        if latest == self._seq:
            return self._index
        changed = ctx.db.execute(
            "SELECT seq, topic, row_id, (SELECT value FROM counters WHERE name = 'catalogue')"
            " FROM changes WHERE seq > ? AND seq <= ?"
            " AND topic IN ('items', 'stock', 'imports', 'lexicon') ORDER BY seq LIMIT ?",
            (self._seq, latest, _TOO_MANY),
        ).fetchall()
        if not changed:
            # What has nothing to do with items is not looked at again.
            self._seq = latest
            return self._index
        renamed = changed[-1][3] - self._version
        apart = any(row[1] in ("imports", "lexicon") for row in changed)
        if apart or len(changed) == _TOO_MANY or renamed > len(changed):
            # It is too much, or not known item by item.
            return self._anew(ctx)
        self._take_in(ctx, {row[2] for row in changed})
        self._seq, self._version = latest, changed[-1][3]
        return self._index

    def _anew(self, ctx: Context) -> "ItemIndex":
        # Reading is much: whoever asks for items alone does without.
        from crm_tui.reading.index import ItemIndex
        from crm_tui.shop.items import lexicon

        self._seq, self._version = ctx.db.execute(
            "SELECT coalesce(max(seq), 0), (SELECT value FROM counters WHERE name = 'catalogue')"
            " FROM changes"
        ).fetchone()
        self._index = ItemIndex(map(_entry, ctx.db.execute(_ENTRIES)), lexicon.of_the_shop(ctx))
        return self._index

    def _take_in(self, ctx: Context, items: set[int]) -> None:
        there = ctx.db.execute(
            f"{_ENTRIES} AND items.id IN (SELECT value FROM json_each(?))",  # noqa: S608 - ours
            (json.dumps(list(items)),),
        )
        for entry in map(_entry, there):
            self._index.put(entry)
            items.discard(entry.id)
        for item in items:
            self._index.remove(item)


def _entry(row: sqlite.Row) -> Entry:
    names = tuple(name.strip() for name in re.split(r"[,;]", row[5]) if name.strip())
    return Entry(row[0], row[1], row[2], row[3], row[4], names, row[6], row[7])


def costs(ctx: Context, items: Sequence[int]) -> dict[int, int]:
    """What a unit of these items costs the shop, in rupiah, where that is known. A user who may not see
    costs gets a bound that they are not below, so rough that nobody learns them by trying prices."""
    exact = access.allowed(ctx, "costs.view")
    rows = ctx.db.execute(
        "SELECT id, cost FROM items WHERE cost IS NOT NULL AND id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(items)),),
    )
    return {int(row[0]): row[1] if exact else _at_least(int(row[1])) for row in rows.fetchall()}


def _at_least(rupiah: int) -> int:
    """The largest of 1, 2, 5, 10, 20, 50 … that is no more."""
    if rupiah < 1:
        return 0
    power = int("1" + "0" * (len(str(rupiah)) - 1))
    return power * max(each for each in (1, 2, 5) if each * power <= rupiah)


def write_price(ctx: Context, item_id: int, before: int | None, after: int) -> None:
    """Set a price that somebody chose and keep its history, within a command. It needs its permission;
    another one than the head office's needs that for it, and stays when that one changes."""
    access.require(ctx, "prices.edit")
    central = store_price(ctx, item_id, before, after)
    if central is None:
        return
    if after != central:
        access.require(ctx, "branches.own_price")
    ctx.db.execute("UPDATE central_prices SET own = price <> ? WHERE item_id = ?", (after, item_id))


def store_price(ctx: Context, item_id: int, before: int | None, after: int) -> int | None:
    """Set a price and keep its history, within a command, whoever asked for it; the head office's
    price of the item, None if it has none."""
    central = ctx.db.execute(
        "UPDATE items SET price = ? WHERE id = ?"
        " RETURNING (SELECT price FROM central_prices WHERE item_id = items.id)",
        (after, item_id),
    ).fetchone()[0]
    ctx.db.execute(
        "INSERT INTO price_changes (item_id, at, actor, before, after) VALUES (?, ?, ?, ?, ?)",
        (item_id, ctx.at, ctx.actor.name, before, after),
    )
    return cast("int | None", central)


def write_cost(ctx: Context, item_id: int, before: int | None, after: int | None) -> None:
    """Set a cost that somebody typed and keep its history, within a command; nothing is written where
    it stays. Users who may not see costs say none."""
    if before != after:
        access.require(ctx, "costs.view")
        store_cost(ctx, item_id, before, after)


def store_cost(ctx: Context, item_id: int, before: int | None, after: int | None) -> None:
    """The same, whoever it comes from."""
    if before == after:
        return
    ctx.db.execute("UPDATE items SET cost = ? WHERE id = ?", (after, item_id))
    ctx.db.execute(
        "INSERT INTO cost_changes (item_id, at, actor, before, after) VALUES (?, ?, ?, ?, ?)",
        (item_id, ctx.at, ctx.actor.name, before, after),
    )


def move_stock(
    ctx: Context,
    item_id: int,
    quantity: int,
    reason: str,
    *,
    sale_id: int | None = None,
    document: int | None = None,
    cost: int | None = None,
    note: str = "",
) -> None:
    """Add to the stock ledger, within a command; `cost` in rupiah a unit.

    `reason`: opening, receipt, supplier, correction, opname, sale, return, void, transfer (to another
    branch) or arrival (from one).
    """
    ctx.db.execute(
        "INSERT INTO stock_moves (item_id, at, quantity, reason, sale_id, note, actor, cost,"
        " document_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (item_id, ctx.at, quantity, reason, sale_id, note, ctx.actor.name, cost, document),
    )
    ctx.changed("stock", item_id)


FEW = 5
"""So many or fewer are told as a number."""


def stock_word(item: Item) -> str:
    """ada, sisa 2, or kosong."""
    if item.available <= 0:
        return "kosong"
    return f"sisa {item.available}" if item.available <= FEW else "ada"
