"""Import of items: all or nothing, with a preview of what is new, changed or refused."""
# ruff: noqa: S608 - what is put into queries is names of ours and numbers

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crm_tui.errors import Problem
from crm_tui.reading.index import code_key
from crm_tui.shop.gate import access, money
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.imports import staging as imports
from crm_tui.shop.imports import tables
from crm_tui.shop.imports.errors import (
    RowCodeAlike,
    RowCodeBad,
    RowCodeMissing,
    RowCodeTwice,
    RowNameMissing,
    RowNumberBad,
    RowNumberMissing,
    RowsRefused,
)
from crm_tui.shop.imports.staging import Difference, Kind, Preview, Staging

MOST_CODE = 40
MOST = {"price": 10**10, "cost": 10**10, "stock": 10**7, "reorder_level": 10**7}
COLUMNS = tables.Columns(
    needed=("code", "name", "unit", "price", "stock"),
    optional=("cost", "category", "barcode", "other_names", "reorder_level"),
    aliases={
        "kode": "code", "kode_barang": "code", "nama": "name", "nama_barang": "name",
        "satuan": "unit", "harga": "price", "harga_jual": "price", "stok": "stock",
        "persediaan": "stock", "modal": "cost", "harga_beli": "cost", "harga_pokok": "cost",
        "kategori": "category", "nama_lain": "other_names", "kode_batang": "barcode",
        "stok_minimum": "reorder_level", "batas_pesan": "reorder_level",
    },
)  # fmt: skip
_WRITTEN = (
    "name", "unit", "price", "cost", "category", "barcode", "other_names", "reorder_level",
)  # fmt: skip


@dataclass(frozen=True)
class ItemRow:
    """One checked line of the file; None for what it does not say."""

    line: int
    code: str
    name: str
    unit: str
    price: int
    stock: int | None
    cost: int | None
    category: str | None
    barcode: str | None
    other_names: str | None
    reorder_level: int | None = None

    @property
    def staged(self) -> tuple[object, ...]:
        """Its values aside."""
        return (
            self.code, code_key(self.code), self.name, self.unit, self.price, self.stock, self.cost,
            self.category, self.barcode, self.other_names, self.reorder_level,
        )  # fmt: skip


class _Checker:
    """Checks lines, and that no code stands twice."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, str]] = {}

    def __call__(self, row: tables.Row, headings: Mapping[str, str]) -> ItemRow | Problem:
        item = _check(row, headings)
        if isinstance(item, Problem):
            return item
        line, code = self._seen.setdefault(code_key(item.code), (row.line, item.code))
        if line == row.line:
            return item
        if code.casefold() == item.code.casefold():
            return RowCodeTwice(code=item.code, line=line)
        return RowCodeAlike(code=item.code, other=code)


def _check(row: tables.Row, headings: Mapping[str, str]) -> ItemRow | Problem:
    cells = row.cells
    code, name = cells.get("code", ""), cells.get("name", "")
    if not code:
        return RowCodeMissing()
    if len(code) > MOST_CODE or not code_key(code):
        return RowCodeBad(value=code[:MOST_CODE], most=MOST_CODE)
    if not name:
        return RowNameMissing()
    numbers: dict[str, int | None] = {}
    for column, most in MOST.items():
        text = cells.get(column, "")
        if not text:
            if column == "price":
                return RowNumberMissing(column=headings.get(column, column))
            numbers[column] = None
            continue
        number = money.whole_number(text)
        if number is None or number > most:
            told = f"{most:,}".replace(",", ".")
            return RowNumberBad(column=headings.get(column, column), value=text, most=told)
        numbers[column] = number
    assert numbers["price"] is not None
    return ItemRow(
        row.line, code, name, cells.get("unit") or "pcs", numbers["price"], numbers["stock"],
        numbers["cost"], cells.get("category"), cells.get("barcode"), cells.get("other_names"),
        numbers["reorder_level"],
    )  # fmt: skip


_DIFFERS = " OR ".join(
    f"now.{name} IS NOT NULL AND now.{name} IS NOT items.{name}" for name in _WRITTEN
)
_KNOWN = (
    "aside.staged AS now JOIN items ON items.code_key = now.code_key"
    " JOIN stock ON stock.item_id = items.id"
)
_CHANGES = (
    f"({_DIFFERS} OR now.stock IS NOT NULL AND now.stock <> stock.on_hand OR items.active = 0)"
)


class Items(Kind):
    """Items with their prices; the stock opens new ones, for known ones it is a correction."""

    name = "items"
    columns = COLUMNS
    staged = (
        "code TEXT, code_key TEXT, name TEXT, unit TEXT, price INTEGER, stock INTEGER,"
        " cost INTEGER, category TEXT, barcode TEXT, other_names TEXT, reorder_level INTEGER"
    )

    def checker(
        self, ctx: Context
    ) -> Callable[[tables.Row, Mapping[str, str]], imports.Staged | Problem]:
        check = _Checker()

        def staged(row: tables.Row, headings: Mapping[str, str]) -> imports.Staged | Problem:
            found = check(row, headings)
            return found if isinstance(found, Problem) else found.staged

        return staged

    def preview(self, ctx: Context) -> tuple[Preview, list[tuple[int, Problem]]]:
        db = ctx.db
        refused: list[tuple[int, Problem]] = [
            (row[0], RowCodeAlike(code=row[1], other=row[2]))
            for row in db.execute(
                f"SELECT line, now.code, items.code FROM {_KNOWN}"
                " WHERE now.code <> items.code COLLATE NOCASE"
            )
        ]
        new = db.execute(
            "SELECT code FROM aside.staged WHERE code_key NOT IN (SELECT code_key FROM items)"
            " ORDER BY n"
        )
        preview = Preview([row[0] for row in new])
        for code, differences in _differences(ctx, "1"):
            preview.changed[code] = differences
        total = db.execute("SELECT count(*) FROM aside.staged").fetchone()[0]
        preview.same = total - len(preview.new) - len(preview.changed)
        return preview, refused

    def begin(self, ctx: Context, staging: Staging) -> int:
        return _begin(ctx, staging)

    def merge(self, ctx: Context, file: str, after: int, upto: int) -> tuple[int, int]:
        db = ctx.db
        # Ours, and numbers: nothing of it is text from the file.
        rows = f"n > {int(after)} AND n <= {int(upto)}"
        changed = list(_differences(ctx, rows))
        if changed:
            self._change(ctx, rows, file)
            ctx.record(
                f"import {file}",
                {code: {name: pair[0] for name, pair in each.items()} for code, each in changed},
                {code: {name: pair[1] for name, pair in each.items()} for code, each in changed},
            )
        last = db.execute("SELECT coalesce(max(id), 0) FROM items").fetchone()[0]
        db.execute(
            "INSERT INTO items (code, code_key, name, unit, price, cost, category, barcode,"
            " other_names, reorder_level) SELECT code, code_key, name, unit, price, cost,"
            " coalesce(category, ''), coalesce(barcode, ''), coalesce(other_names, ''),"
            f" reorder_level FROM aside.staged AS now WHERE {rows} AND NOT EXISTS"
            " (SELECT 1 FROM items WHERE items.code_key = now.code_key) ORDER BY n"
        )
        params = {"last": last, "at": ctx.at, "actor": ctx.actor.name}
        new = db.execute(
            "INSERT INTO price_changes (item_id, at, actor, before, after)"
            " SELECT id, :at, :actor, NULL, price FROM items WHERE id > :last", params,
        ).rowcount  # fmt: skip
        db.execute(
            "INSERT INTO cost_changes (item_id, at, actor, before, after)"
            " SELECT id, :at, :actor, NULL, cost FROM items WHERE id > :last AND cost IS NOT NULL",
            params,
        )
        db.execute(
            "INSERT INTO stock_moves (item_id, at, quantity, reason, actor)"
            " SELECT items.id, :at, now.stock, 'opening', :actor"
            " FROM items JOIN aside.staged AS now ON now.code = items.code"
            f" WHERE items.id > :last AND now.stock > 0 AND {rows}", params,
        )  # fmt: skip
        db.execute(
            "INSERT INTO changes (topic, row_id) SELECT 'items', id FROM items WHERE id > :last",
            params,
        )
        return int(new), len(changed)

    def _change(self, ctx: Context, rows: str, file: str) -> None:
        """Write what differs of the items that are known; the ledgers first, for they compare."""
        params = {"at": ctx.at, "actor": ctx.actor.name, "file": file}
        db = ctx.db
        db.execute(
            "INSERT INTO changes (topic, row_id)"
            f" SELECT 'items', items.id FROM {_KNOWN} WHERE {rows} AND {_CHANGES}"
        )
        db.execute(
            "INSERT INTO price_changes (item_id, at, actor, before, after)"
            f" SELECT items.id, :at, :actor, items.price, now.price FROM {_KNOWN}"
            f" WHERE {rows} AND now.price <> items.price", params,
        )  # fmt: skip
        db.execute(
            "INSERT INTO cost_changes (item_id, at, actor, before, after)"
            f" SELECT items.id, :at, :actor, items.cost, now.cost FROM {_KNOWN}"
            f" WHERE {rows} AND now.cost IS NOT items.cost AND now.cost IS NOT NULL", params,
        )  # fmt: skip
        db.execute(
            "INSERT INTO stock_moves (item_id, at, quantity, reason, note, actor)"
            " SELECT items.id, :at, now.stock - stock.on_hand, 'correction', :file, :actor"
            f" FROM {_KNOWN} WHERE {rows} AND now.stock <> stock.on_hand", params,
        )  # fmt: skip
        written = ", ".join(f"{name} = coalesce(now.{name}, items.{name})" for name in _WRITTEN)
        db.execute(
            f"UPDATE items SET {written}, active = 1 FROM aside.staged AS now"
            f" WHERE now.code_key = items.code_key AND {rows}"
            f" AND ({_DIFFERS} OR items.active = 0)"
        )


def _differences(ctx: Context, rows: str) -> Iterator[tuple[str, Difference]]:
    """What changes of the known items among these rows, by code."""
    columns = (*_WRITTEN, "stock")
    new_values = ", ".join(f"now.{name} AS new_{name}" for name in columns)
    for row in ctx.db.execute(
        f"SELECT items.code, items.active, items.name, items.unit, items.price, items.cost,"
        f" items.category, items.barcode, items.other_names, items.reorder_level,"
        f" stock.on_hand AS stock, {new_values} FROM {_KNOWN} WHERE {rows} AND {_CHANGES} ORDER BY n"
    ).fetchall():
        changes: Difference = {
            name: (row[name], row[f"new_{name}"])
            for name in columns
            if row[f"new_{name}"] is not None and row[f"new_{name}"] != row[name]
        }
        if not row["active"]:
            changes["active"] = (0, 1)
        yield row["code"], changes


@command("imports.items", "items.edit")
def _begin(ctx: Context, staging: Staging) -> int:
    """Begin to take items in. Other prices and corrections of the stock need those permissions too."""
    kinds = {name for each in staging.preview.changed.values() for name in each}
    if "price" in kinds:
        access.require(ctx, "prices.edit")
    if "stock" in kinds:
        access.require(ctx, "stock.correct")
    return staging.write_begin(ctx)


KIND = Items()


def read_file(path: Path) -> list[ItemRow]:
    """The checked lines of a file. Raises an `ImportProblem`; `RowsRefused` names each bad line."""
    table = tables.opened(path, COLUMNS)
    check = _Checker()
    checked: list[ItemRow] = []
    refused: list[tuple[int, Problem]] = []
    for row in table.rows:
        if isinstance(row, tuple):
            refused.append(row)
            continue
        item = check(row, table.headings)
        if isinstance(item, Problem):
            refused.append((row.line, item))
        else:
            checked.append(item)
    if refused:
        raise RowsRefused(file=path.name, count=len(refused), rows=refused)
    return checked


def apply(ctx: Context, rows: Sequence[ItemRow], file: str) -> Preview:
    """Take checked rows in; what it did."""
    staged = [(row.line, row.staged) for row in rows]
    return imports.merge(ctx, imports.stage_rows(ctx, KIND, file, staged))
