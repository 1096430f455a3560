"""Import of items: all or nothing, with a preview of what is new, changed or refused."""
# ruff: noqa: S608 - what is put into queries is names of ours and numbers

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from crm_tui.errors import Problem
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.imports import barcodes, item_rights, reading
from crm_tui.shop.imports import staging as imports
from crm_tui.shop.imports.errors import (
    QuestionsOpen,
    RowCodeAlike,
    RowNameMissing,
    RowNumberMissing,
    RowsRefused,
)
from crm_tui.shop.imports.item_rights import GUARDED, IS_NEW, KNOWN
from crm_tui.shop.imports.item_rows import COLUMNS, ItemReader, ItemRow
from crm_tui.shop.imports.planning import Plan
from crm_tui.shop.imports.questions import Asks, Choices
from crm_tui.shop.imports.rows import Reader
from crm_tui.shop.imports.settings import UNIT
from crm_tui.shop.imports.staging import Difference, Kind, Preview, Staging

_WRITTEN = (
    "name", "unit", "price", "cost", "category", "barcode", "other_names", "reorder_level",
)  # fmt: skip


_DIFFERS = " OR ".join(
    f"now.{name} IS NOT NULL AND now.{name} IS NOT items.{name}"
    + (" COLLATE NOCASE" if name == "unit" else "")
    for name in _WRITTEN
)
_TURNS = "coalesce(now.active, 1) <> items.active"
_CHANGES = f"({_DIFFERS} OR now.stock IS NOT NULL AND now.stock <> stock.on_hand OR {_TURNS})"


class Items(Kind):
    """Items with their prices; the stock opens new ones, for known ones it is a correction."""

    name = "items"
    columns = COLUMNS
    guarded = GUARDED
    staged = (
        "code TEXT, code_key TEXT, name TEXT, unit TEXT, price INTEGER, stock INTEGER,"
        " cost INTEGER, category TEXT, barcode TEXT, other_names TEXT, reorder_level INTEGER,"
        " active INTEGER"
    )

    def reader(self, ctx: Context, plan: Plan, asks: Asks, epoch: date) -> Reader:
        units = ctx.db.execute("SELECT DISTINCT unit FROM items ORDER BY unit DESC")
        known = {row[0].casefold(): row[0] for row in units}
        return ItemReader(plan, asks, settings.COUNTRY(ctx), known)

    def preview(self, ctx: Context, staging: Staging) -> tuple[Preview, list[tuple[int, Problem]]]:
        db = ctx.db
        item_rights.hide(ctx)
        self._look_at_off(ctx, staging)
        refused = self._look_at_spelling(ctx, staging)
        refused += barcodes.clashing(ctx)
        refused += self._look_at_new(ctx, staging)
        new = db.execute(f"SELECT code, name FROM aside.staged AS now WHERE {IS_NEW} ORDER BY n")
        names = {code: name or "" for code, name in new}
        preview = Preview(list(names), filled=item_rights.filled(ctx), names=names)
        for code, name, differences in _differences(ctx, "1"):
            preview.changed[code], names[code] = differences, name
        total = db.execute("SELECT count(*) FROM aside.staged").fetchone()[0]
        preview.same = total - len(preview.new) - len(preview.changed)
        return preview, refused

    def _look_at_off(self, ctx: Context, staging: Staging) -> None:
        """Leave out what is not sold any more, but for what the shop sells still if somebody wants that
        put off sale."""
        asked = staging.asks.questions.get("off_sale")
        if asked is None:
            return
        db = ctx.db
        # Where another line says that it is sold, it is.
        lines = db.execute(
            "DELETE FROM aside.staged WHERE active = 0 AND code_key IN"
            " (SELECT code_key FROM aside.staged WHERE active IS NULL) RETURNING line"
        ).fetchall()
        off = f"SELECT min(n) FROM {KNOWN} WHERE now.active = 0 AND items.active = 1 GROUP BY items.id"
        asked.params["known"] = db.execute(f"SELECT count(*) FROM ({off})").fetchone()[0]
        kept = off if (asked.answer or asked.default) == "off" else "0"
        lines += db.execute(
            f"DELETE FROM aside.staged WHERE active = 0 AND n NOT IN ({kept}) RETURNING line"
        ).fetchall()
        for line in sorted(row[0] for row in lines):
            staging.left.note("off_sale", line)

    def _look_at_spelling(self, ctx: Context, staging: Staging) -> list[tuple[int, Problem]]:
        """Ask whether codes that differ from those of the shop by their dashes only are the same; rows
        that came from no file are refused."""
        otherwise = f"FROM {KNOWN} WHERE now.code <> items.code COLLATE NOCASE"
        rows = ctx.db.execute(
            f"SELECT line, now.code, items.code {otherwise} ORDER BY n"
        ).fetchall()
        if staging.plan is None:
            return [(line, RowCodeAlike(code=code, other=other)) for line, code, other in rows]
        answer = ""
        for line, code, other in rows:
            answer = staging.asks.settle("spelt", line, example=code, other=other)
        if answer == "leave":
            for line, _, _ in rows:
                staging.left.note("spelt", line)
            ctx.db.execute(f"DELETE FROM aside.staged WHERE n IN (SELECT n {otherwise})")
        return []

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
        plan.missing = [each for each in ("name", "price") if each not in plan.places]
        if plan.missing:
            return []
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
                {code: {name: pair[0] for name, pair in each.items()} for code, _, each in changed},
                {code: {name: pair[1] for name, pair in each.items()} for code, _, each in changed},
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
        db.execute(
            "INSERT INTO sale_turns (item_id, at, actor, active)"
            f" SELECT items.id, :at, :actor, coalesce(now.active, 1) FROM {KNOWN}"
            f" WHERE {rows} AND {_TURNS}", params,
        )  # fmt: skip
        written = ", ".join(f"{name} = coalesce(now.{name}, items.{name})" for name in _WRITTEN)
        db.execute(
            f"UPDATE items SET {written}, active = coalesce(now.active, 1) FROM aside.staged AS now"
            f" WHERE now.code_key = items.code_key AND {rows} AND ({_DIFFERS} OR {_TURNS})"
        )


def _differences(ctx: Context, rows: str) -> Iterator[tuple[str, str, Difference]]:
    """What changes of the known items among these rows: code, the name that it has, and that."""
    columns = (*_WRITTEN, "stock")
    new_values = ", ".join(f"now.{name} AS new_{name}" for name in columns)
    for row in ctx.db.execute(
        f"SELECT items.code, items.active, items.name, items.unit, items.price, items.cost,"
        f" items.category, items.barcode, items.other_names, items.reorder_level,"
        f" stock.on_hand AS stock, now.active AS new_active, {new_values} FROM {KNOWN}"
        f" WHERE {rows} AND {_CHANGES} ORDER BY n"
    ).fetchall():
        changes: Difference = {
            name: (row[name], row[f"new_{name}"])
            for name in columns
            if row[f"new_{name}"] is not None and row[f"new_{name}"] != row[name]
        }
        wanted = 1 if row["new_active"] is None else row["new_active"]
        if wanted != row["active"]:
            changes["active"] = (row["active"], wanted)
        yield row["code"], row["name"], changes


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
        if (lack := plan.lack) is not None:
            raise lack
        reader = ItemReader(plan, asks)
        reader.of_source(source)
        checked: list[ItemRow] = []
        refused: list[tuple[int, Problem]] = []
        for line, cells in () if any(each.open for each in asks.questions.values()) else lines:
            made = reader.read(line, cells)
            if isinstance(made, Problem):
                refused.append((line, made))
            elif made is not None and reader.taken is not None and reader.taken.active is None:
                checked.append(reader.taken)
    return checked, refused, reader


def apply(ctx: Context, rows: Sequence[ItemRow], file: str) -> Preview:
    """Take checked rows in; what it did."""
    staged = [(row.line, row.staged) for row in rows]
    return imports.merge(ctx, imports.stage_rows(ctx, KIND, file, staged))
