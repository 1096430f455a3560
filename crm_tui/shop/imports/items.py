"""Import of items: all or nothing, with a preview of what is new, changed or refused."""
# ruff: noqa: S608 - what is put into queries is names of ours and numbers

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from crm_tui.errors import Problem
from crm_tui.reading.entries import code_key
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.imports import item_rights, reading
from crm_tui.shop.imports import staging as imports
from crm_tui.shop.imports.errors import (
    ColumnsMissing,
    QuestionsOpen,
    RowBarcodeTaken,
    RowBarcodeTwice,
    RowCodeAlike,
    RowCodeMissing,
    RowCodeTwice,
    RowNameMissing,
    RowNumberMissing,
    RowsRefused,
)
from crm_tui.shop.imports.headings import sum_row
from crm_tui.shop.imports.item_rights import GUARDED, IS_NEW, KNOWN
from crm_tui.shop.imports.planning import Columns, Plan
from crm_tui.shop.imports.questions import Asks, Choices
from crm_tui.shop.imports.rows import Reader
from crm_tui.shop.imports.selling import Selling
from crm_tui.shop.imports.settings import UNIT
from crm_tui.shop.imports.staging import Difference, Kind, Preview, Staging
from crm_tui.shop.items import cards

MOST = {"price": 10**10, "cost": 10**10, "stock": 10**7, "reorder_level": 10**7}
MOST_CATEGORY, MOST_BARCODE = 60, 40
COLUMNS = Columns(
    "items",
    ("code", "name", "unit", "price", "stock", "cost", "category", "barcode", "other_names",
     "reorder_level", "status"),
    needed=(("code",), ("price", "stock", "cost", "name", "unit", "category", "barcode",
                        "other_names", "reorder_level")),
)  # fmt: skip
_WRITTEN = (
    "name", "unit", "price", "cost", "category", "barcode", "other_names", "reorder_level",
)  # fmt: skip


@dataclass(frozen=True)
class ItemRow:
    """One checked line of the file; None for what it does not say."""

    line: int
    code: str
    name: str | None
    unit: str | None
    price: int | None
    stock: int | None
    cost: int | None
    category: str | None
    barcode: str | None
    other_names: str | None
    reorder_level: int | None = None

    @cached_property
    def staged(self) -> tuple[object, ...]:
        """Its values aside."""
        return (
            self.code, code_key(self.code), self.name, self.unit, self.price, self.stock, self.cost,
            self.category, self.barcode, self.other_names, self.reorder_level,
        )  # fmt: skip


class ItemReader(Reader):
    """Reads lines of items; `units` are those of the shop by their case-folded form."""

    key = "code"

    def __init__(
        self, plan: Plan, asks: Asks, country: str = "ID", units: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(plan, asks, country)
        self._units = dict(units or {})
        self._seen: dict[str, tuple[int, str, int]] = {}
        self._barcodes: dict[str, int] = {}
        self._names = plan.columns_of("name")
        self._selling = Selling(plan, asks)
        self.taken: ItemRow | None = None

    def record(self, row: Sequence[object]) -> tuple[object, ...] | None:
        item = self.taken = self.item(row)
        return None if item is None else item.staged

    def item(self, row: Sequence[object]) -> ItemRow | None:
        """The item of a row, None if it is left out. Raises a `Problem`."""
        cells, raw, line = self.cells, self.raw, self.cells.line
        code = cells.code("code", raw("code", row), cards.MOST_CODE)
        if not code:
            raise RowCodeMissing()
        if not self._selling.sold(row, line, code):
            if self._selling.left:
                self.left.note("off_sale", line)
            return None
        # First the money: how its thousands are written tells how those of the stock are.
        price, cost = (cells.money(each, raw(each, row), MOST[each]) for each in ("price", "cost"))
        stock, level = (
            cells.quantity(each, raw(each, row), MOST[each]) for each in ("stock", "reorder_level")
        )
        name = self._name(row)
        category = cells.bounded("category", raw("category", row), MOST_CATEGORY) or None
        other = cells.bounded("other_names", raw("other_names", row), cards.MOST_OTHER) or None
        barcode = cells.code("barcode", raw("barcode", row), MOST_BARCODE).replace(" ", "") or None
        if barcode is not None and not barcode.strip("0"):
            # What programs write where there is none.
            barcode = None
        item = ItemRow(
            line, code, name, self._unit(row), price, stock, cost, category, barcode, other, level
        )
        if name is None and sum_row().match(code) and self.leave_out(row):
            return None
        if not any(each is not None for each in item.staged[2:]):
            # A title in the column of the codes.
            raise RowNameMissing()
        return item if self._first(item) else None

    def _name(self, row: Sequence[object]) -> str | None:
        """The name, with what tells variants of one name apart."""
        cells = self.cells
        if len(self._names) < 2:
            return cells.bounded("name", self.raw("name", row), cards.MOST_NAME) or None
        parts = (cells.text("name", row[at]) for at in self._names if at < len(row))
        return cells.bounded("name", " ".join(filter(None, parts)), cards.MOST_NAME) or None

    def _unit(self, row: Sequence[object]) -> str | None:
        """The unit as the shop spells it: they differ not by case."""
        text = self.cells.bounded("unit", self.raw("unit", row), cards.MOST_UNIT).rstrip(".")
        return self._units.setdefault(text.casefold(), text.lower()) if text else None

    def _first(self, item: ItemRow) -> bool:
        """Whether the line says something new. Raises `RowCodeTwice`, `RowCodeAlike`,
        `RowBarcodeTwice`."""
        said = hash(item.staged[2:])
        line, code, before = self._seen.setdefault(
            code_key(item.code), (item.line, item.code, said)
        )
        if line != item.line:
            if code.casefold() != item.code.casefold():
                raise RowCodeAlike(code=item.code, other=code)
            if before != said:
                raise RowCodeTwice(code=item.code, line=line)
            self.left.note("repeated", item.line)
            return False
        if item.barcode:
            line = self._barcodes.setdefault(item.barcode, item.line)
            if line != item.line:
                raise RowBarcodeTwice(barcode=item.barcode, line=line)
        return True


_DIFFERS = " OR ".join(
    f"now.{name} IS NOT NULL AND now.{name} IS NOT items.{name}"
    + (" COLLATE NOCASE" if name == "unit" else "")
    for name in _WRITTEN
)
_CHANGES = (
    f"({_DIFFERS} OR now.stock IS NOT NULL AND now.stock <> stock.on_hand OR items.active = 0)"
)


class Items(Kind):
    """Items with their prices; the stock opens new ones, for known ones it is a correction."""

    name = "items"
    columns = COLUMNS
    guarded = GUARDED
    staged = (
        "code TEXT, code_key TEXT, name TEXT, unit TEXT, price INTEGER, stock INTEGER,"
        " cost INTEGER, category TEXT, barcode TEXT, other_names TEXT, reorder_level INTEGER"
    )

    def reader(self, ctx: Context, plan: Plan, asks: Asks, epoch: date) -> Reader:
        units = ctx.db.execute("SELECT DISTINCT unit FROM items ORDER BY unit DESC")
        known = {row[0].casefold(): row[0] for row in units}
        return ItemReader(plan, asks, settings.COUNTRY(ctx), known)

    def preview(self, ctx: Context, staging: Staging) -> tuple[Preview, list[tuple[int, Problem]]]:
        db = ctx.db
        item_rights.hide(ctx)
        refused: list[tuple[int, Problem]] = [
            (row[0], RowCodeAlike(code=row[1], other=row[2]))
            for row in db.execute(
                f"SELECT line, now.code, items.code FROM {KNOWN}"
                " WHERE now.code <> items.code COLLATE NOCASE"
            )
        ]
        refused += [
            (row[0], RowBarcodeTaken(barcode=row[1], code=row[2]))
            for row in db.execute(
                "SELECT line, now.barcode, items.code FROM aside.staged AS now JOIN items"
                " ON items.barcode = now.barcode AND items.code_key <> now.code_key"
                " WHERE now.barcode <> ''"
            )
        ]
        refused += self._look_at_new(ctx, staging)
        new = db.execute(f"SELECT code FROM aside.staged AS now WHERE {IS_NEW} ORDER BY n")
        preview = Preview([row[0] for row in new], filled=item_rights.filled(ctx))
        for code, differences in _differences(ctx, "1"):
            preview.changed[code] = differences
        total = db.execute("SELECT count(*) FROM aside.staged").fetchone()[0]
        preview.same = total - len(preview.new) - len(preview.changed)
        return preview, refused

    def _look_at_new(self, ctx: Context, staging: Staging) -> list[tuple[int, Problem]]:
        """What is wrong with lines whose code the shop does not have. A price list names many such
        items: they are left out of one that has codes and prices only, and asked about otherwise."""
        plan = staging.plan
        unknown = ctx.db.execute(
            f"SELECT line, code, name, price FROM aside.staged AS now WHERE {IS_NEW} ORDER BY n"
        ).fetchall()
        if plan is None or not unknown:
            return []
        there = ctx.db.execute("SELECT 1 FROM items LIMIT 1").fetchone() is not None
        leave = there and "name" not in plan.places
        if there and not leave and "price" in plan.places and "stock" not in plan.places:
            for row in unknown:
                answer = staging.asks.settle("new", row["line"], example=row["code"])
            leave = answer == "leave"
        if leave:
            for row in unknown:
                staging.left.note("unknown", row["line"])
            ctx.db.execute(f"DELETE FROM aside.staged AS now WHERE {IS_NEW}")
            # The shop's own names are not the supplier's.
            ctx.db.execute(
                "UPDATE aside.staged SET name = NULL, unit = NULL, category = NULL, barcode = NULL,"
                " other_names = NULL"
            )
            return []
        lacking = [each for each in ("name", "price") if each not in plan.places]
        if lacking:
            told = ", ".join(map(COLUMNS.known_as, lacking))
            raise ColumnsMissing(file=plan.file, columns=told)
        refused: list[tuple[int, Problem]] = []
        for row in unknown:
            if row["name"] is None:
                refused.append((row["line"], RowNameMissing()))
            elif row["price"] is None:
                refused.append((row["line"], RowNumberMissing(column=plan.heading("price"))))
        return refused

    def begin(self, ctx: Context, staging: Staging) -> int:
        return _begin(ctx, staging)

    def withhold(self, ctx: Context, columns: Collection[str], after: int, upto: int) -> None:
        item_rights.withhold(ctx, columns, f"n > {int(after)} AND n <= {int(upto)}")

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
            " other_names, reorder_level) SELECT code, code_key, name, coalesce(unit, :unit), price,"
            " cost,"
            " coalesce(category, ''), coalesce(barcode, ''), coalesce(other_names, ''),"
            f" reorder_level FROM aside.staged AS now WHERE {rows} AND NOT EXISTS"
            " (SELECT 1 FROM items WHERE items.code_key = now.code_key) ORDER BY n",
            {"unit": UNIT(ctx)},
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
            f" SELECT 'items', items.id FROM {KNOWN} WHERE {rows} AND {_CHANGES}"
        )
        db.execute(
            "INSERT INTO price_changes (item_id, at, actor, before, after)"
            f" SELECT items.id, :at, :actor, items.price, now.price FROM {KNOWN}"
            f" WHERE {rows} AND now.price <> items.price", params,
        )  # fmt: skip
        db.execute(
            "INSERT INTO cost_changes (item_id, at, actor, before, after)"
            f" SELECT items.id, :at, :actor, items.cost, now.cost FROM {KNOWN}"
            f" WHERE {rows} AND now.cost IS NOT items.cost AND now.cost IS NOT NULL", params,
        )  # fmt: skip
        db.execute(
            "UPDATE central_prices AS office SET own = now.price <> office.price FROM items"
            " JOIN aside.staged AS now ON now.code_key = items.code_key"
            f" WHERE items.id = office.item_id AND {rows} AND now.price <> items.price"
        )
        db.execute(
            "INSERT INTO stock_moves (item_id, at, quantity, reason, note, actor)"
            " SELECT items.id, :at, now.stock - stock.on_hand, 'correction', :file, :actor"
            f" FROM {KNOWN} WHERE {rows} AND now.stock <> stock.on_hand", params,
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
        f" stock.on_hand AS stock, {new_values} FROM {KNOWN} WHERE {rows} AND {_CHANGES} ORDER BY n"
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
    """Begin to take items in. Prices, costs and stock need the permissions that they need anywhere."""
    staging.require(ctx)
    return staging.write_begin(ctx)


KIND = Items()


def read_file(path: Path, answers: Mapping[str, str] | None = None) -> list[ItemRow]:
    """The checked lines of a file; `answers` to what it leaves open, by question. Raises an
    `ImportProblem`: `QuestionsOpen` tells what is open, `RowsRefused` names each bad line."""
    settled = dict(answers or {})
    while True:
        rows, refused, reader = _read_once(path, settled)
        certain = {key: told for key, told in reader.certain().items() if key not in settled}
        if not certain:
            break
        settled.update(certain)
    asked = [each for each in reader.asks.questions.values() if each.open]
    if asked:
        raise QuestionsOpen(file=path.name, count=len(asked), questions=asked, rows=refused)
    if refused:
        raise RowsRefused(file=path.name, count=len(refused), rows=refused)
    return rows


def _read_once(
    path: Path, answers: Mapping[str, str]
) -> tuple[list[ItemRow], list[tuple[int, Problem]], ItemReader]:
    asks = Asks(answers)
    with reading.read(COLUMNS, path, asks, Choices(answers=answers)) as (plan, lines, source):
        if plan.missing:
            told = ", ".join(map(COLUMNS.known_as, plan.missing))
            raise ColumnsMissing(file=plan.file, columns=told)
        reader = ItemReader(plan, asks)
        reader.of_source(source)
        checked: list[ItemRow] = []
        refused: list[tuple[int, Problem]] = []
        for line, cells in () if any(each.open for each in asks.questions.values()) else lines:
            made = reader.read(line, cells)
            if isinstance(made, Problem):
                refused.append((line, made))
            elif made is not None and reader.taken is not None:
                checked.append(reader.taken)
    return checked, refused, reader


def apply(ctx: Context, rows: Sequence[ItemRow], file: str) -> Preview:
    """Take checked rows in; what it did."""
    staged = [(row.line, row.staged) for row in rows]
    return imports.merge(ctx, imports.stage_rows(ctx, KIND, file, staged))
