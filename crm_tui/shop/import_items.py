"""Import of items: all or nothing, with a preview of what is new, changed or refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from crm_tui.errors import Problem
from crm_tui.reading.index import code_key
from crm_tui.shop import items, tables
from crm_tui.shop.commands import command
from crm_tui.shop.context import Context
from crm_tui.shop.errors import (
    RowCodeAlike,
    RowCodeBad,
    RowCodeMissing,
    RowCodeTwice,
    RowNameMissing,
    RowNumberBad,
    RowNumberMissing,
    RowsRefused,
)

MOST_CODE = 40
MOST = {"price": 10**10, "cost": 10**10, "stock": 10**7}
COLUMNS = tables.Columns(
    needed=("code", "name", "unit", "price", "stock"),
    optional=("cost", "category", "barcode", "other_names"),
    aliases={
        "kode": "code", "kode_barang": "code", "nama": "name", "nama_barang": "name",
        "satuan": "unit", "harga": "price", "harga_jual": "price", "stok": "stock",
        "persediaan": "stock", "modal": "cost", "harga_beli": "cost", "harga_pokok": "cost",
        "kategori": "category", "nama_lain": "other_names", "kode_batang": "barcode",
    },
)  # fmt: skip


@dataclass(frozen=True)
class ItemRow:
    """One checked line of the file."""

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


@dataclass
class Preview:
    """What an import does: codes that are new, what changes of known ones, how many stay."""

    new: list[str] = field(default_factory=list)
    changed: dict[str, dict[str, tuple[object, object]]] = field(default_factory=dict)
    same: int = 0


def read_file(path: Path) -> list[ItemRow]:
    """The checked lines of a file. Raises an `ImportProblem`; `RowsRefused` names each bad line."""
    checked: list[ItemRow] = []
    table = tables.read(path, COLUMNS)
    refused = list(table.refused)
    seen: dict[str, tuple[int, str]] = {}
    for row in table.rows:
        problem, item = _check(row, table.headings)
        if item is not None:
            line, code = seen.setdefault(code_key(item.code), (row.line, item.code))
            if line != row.line:
                problem = (
                    RowCodeTwice(code=item.code, line=line)
                    if code.casefold() == item.code.casefold()
                    else RowCodeAlike(code=item.code, other=code)
                )
            else:
                checked.append(item)
        if problem is not None:
            refused.append((row.line, problem))
    if refused:
        refused.sort(key=lambda each: each[0])
        raise RowsRefused(file=path.name, count=len(refused), rows=refused)
    return checked


def _check(row: tables.Row, headings: Mapping[str, str]) -> tuple[Problem | None, ItemRow | None]:
    cells = row.cells
    code, name = cells.get("code", ""), cells.get("name", "")
    if not code:
        return RowCodeMissing(), None
    if len(code) > MOST_CODE or not code_key(code):
        return RowCodeBad(value=code[:MOST_CODE], most=MOST_CODE), None
    if not name:
        return RowNameMissing(), None
    numbers: dict[str, int | None] = {}
    for column in ("price", "stock", "cost"):
        text = cells.get(column, "")
        number = tables.whole_number(text)
        heading = headings.get(column, column)
        if not text and column == "price":
            return RowNumberMissing(column=heading), None
        if (number is None and text) or (number or 0) > MOST[column]:
            most = f"{MOST[column]:,}".replace(",", ".")
            return RowNumberBad(column=heading, value=text, most=most), None
        numbers[column] = number
    assert numbers["price"] is not None
    return None, ItemRow(
        row.line, code, name, cells.get("unit") or "pcs", numbers["price"], numbers["stock"],
        numbers["cost"], cells.get("category"), cells.get("barcode"), cells.get("other_names"),
    )  # fmt: skip


def preview(ctx: Context, rows: list[ItemRow], file: str) -> Preview:
    """What importing `rows` would do. Raises `RowsRefused` for codes too near to known ones."""
    found = Preview()
    refused: list[tuple[int, Problem]] = []
    for row in rows:
        known = _known(ctx, row)
        if known is None:
            found.new.append(row.code)
            continue
        if str(known["code"]).casefold() != row.code.casefold():
            refused.append((row.line, RowCodeAlike(code=row.code, other=known["code"])))
            continue
        differences = _differences(row, known)
        if differences:
            found.changed[str(known["code"])] = differences
        else:
            found.same += 1
    if refused:
        raise RowsRefused(file=file, count=len(refused), rows=refused)
    return found


def _known(ctx: Context, row: ItemRow) -> Mapping[str, object] | None:
    known = ctx.db.execute(
        "SELECT items.*, on_hand AS stock FROM items JOIN stock ON item_id = items.id"
        " WHERE code_key = ?",
        (code_key(row.code),),
    ).fetchone()
    return None if known is None else dict(known)


def _differences(row: ItemRow, known: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    wanted = {
        "name": row.name, "unit": row.unit, "price": row.price, "stock": row.stock,
        "cost": row.cost, "category": row.category, "barcode": row.barcode,
        "other_names": row.other_names, "active": 1,
    }  # fmt: skip
    return {
        column: (known[column], value)
        for column, value in wanted.items()
        if value is not None and known[column] != value
    }


@command("items.import", "items.edit")
def apply(ctx: Context, rows: list[ItemRow], file: str) -> Preview:
    """Take all rows in; what it did. Stock of a known item becomes a correction."""
    done = preview(ctx, rows, file)
    for row in rows:
        known = _known(ctx, row)
        if known is None:
            _insert(ctx, row)
        else:
            _update(ctx, int(str(known["id"])), _differences(row, known), file)
    ctx.record(
        f"import {file}",
        None,
        {"new": len(done.new), "same": done.same,
         "changed": {code: {name: list(pair) for name, pair in each.items()}
                     for code, each in done.changed.items()}},
    )  # fmt: skip
    return done


def _insert(ctx: Context, row: ItemRow) -> None:
    item_id = ctx.db.execute(
        "INSERT INTO items (code, code_key, name, unit, price, cost, category, barcode,"
        " other_names) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (row.code, code_key(row.code), row.name, row.unit, row.price, row.cost,
         row.category or "", row.barcode or "", row.other_names or ""),
    ).fetchone()[0]  # fmt: skip
    items.write_price(ctx, item_id, None, row.price)
    if row.stock:
        items.move_stock(ctx, item_id, row.stock, "opening")
    ctx.changed("items", item_id)


def _update(
    ctx: Context, item_id: int, differences: dict[str, tuple[object, object]], file: str
) -> None:
    for column, (before, after) in differences.items():
        if column == "price":
            items.write_price(ctx, item_id, int(str(before)), int(str(after)))
        elif column == "stock":
            items.move_stock(
                ctx, item_id, int(str(after)) - int(str(before)), "correction", note=file
            )
        else:
            # The column's name is one of those above, never text from the file.
            ctx.db.execute(f"UPDATE items SET {column} = ? WHERE id = ?", (after, item_id))  # noqa: S608
    if differences:
        ctx.changed("items", item_id)
