"""Which lines of an old book are in the shop already, sold here or imported: none counts twice.

A line is paired with a sale, each with one of its own. First with what is the same in all: day,
customer, item, quantity and total. Then, as a question, with what tells less: the same book saved once
with items or customers, and once without them. A line that a restored branch lost (`office lost`) is
none of the sales that came with the backup, however alike.
"""
# ruff: noqa: S608 - what is put into queries is names of ours

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crm_tui.clock import stamp
from crm_tui.shop.gate.context import Context
from crm_tui.shop.imports.cells import plain
from crm_tui.shop.imports.planning import Plan
from crm_tui.shop.imports.staged import Staging

LOST_AFTER = "lost after"
"""The heading above the last sale that a restored branch has in common with what it lost."""
_DIGITS = 18


def lost_column(plan: Plan) -> int | None:
    """Where that stands in a file of an office; None in any other."""
    told = zip(plan.headings, plan.fields, strict=True)
    return next((at for at, each in enumerate(told) if each == (LOST_AFTER, None)), None)


def lost_after(column: int | None, row: Sequence[object]) -> int | None:
    """The last sale that was there before a line's was lost; None where it was not."""
    told = plain(row[column]) if column is not None and column < len(row) else ""
    return int(told) if told.isdecimal() and told.isascii() and len(told) <= _DIGITS else None


def leave_out(ctx: Context, staging: Staging) -> None:
    """Leave out of the rows aside what is in the shop already, unless it is wanted; what may be is
    asked about."""
    db = ctx.db
    begin, end = db.execute("SELECT min(at), max(at) FROM aside.staged").fetchone()
    if begin is None:
        return
    around = (_shifted(begin, -12), _shifted(end, 12))
    there = db.execute("SELECT 1 FROM sales WHERE at >= ? AND at < ? LIMIT 1", around).fetchone()
    if there is None:
        return
    db.execute("CREATE TABLE aside.days (at TEXT PRIMARY KEY, first TEXT, last TEXT)")
    days = db.execute("SELECT DISTINCT at FROM aside.staged").fetchall()
    around_each = [(row[0], _shifted(row[0], -12), _shifted(row[0], 12)) for row in days]
    # In one statement: what lies aside is in no transaction, and each would be a commit of its own.
    db.execute(
        "INSERT INTO aside.days SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)",
        (json.dumps(around_each),),
    )
    for statement in (
        f"CREATE TABLE aside.there AS {_THERE}",
        f"CREATE TABLE aside.mine AS {_MINE}",
        "CREATE TABLE aside.paired (n INTEGER PRIMARY KEY, of INTEGER UNIQUE)",
    ):
        db.execute(statement)
    _pair(ctx, _WRITTEN)
    _pair(ctx, _ITEM)
    # What no item of the shop is called, a list of several things for one, is known by its total.
    _pair(ctx, Alike(mine="item = ''", there="own AND item = ''"))
    _drop(ctx, staging, "again", "leave")
    less = list(_less(ctx, staging))
    if less:
        db.execute("DELETE FROM aside.paired")
        for alike in less:
            _pair(ctx, alike)
        _drop(ctx, staging, "alike", "")


@dataclass(frozen=True)
class Alike:
    """When a line and a sale may be the same: they agree in day, total and these columns, and are such
    lines and sales (SQL)."""

    also: Sequence[str] = ("customer",)
    mine: str = "TRUE"
    there: str = "TRUE"

    def of_anybody(self, there: str = "TRUE") -> "Alike":
        """The same whoever the customer is, among such sales."""
        also = [each for each in self.also if each != "customer"]
        return replace(self, also=also, there=f"({self.there}) AND {there}")


_OF_BOOK = "substr(reason, instr(reason, ' ') + 1)"


def _spelt(code: str) -> str:
    """SQL of a code, or name, as it is compared: however its dashes, dots and blanks are written."""
    for sign in "-. ":
        code = f"replace({code}, '{sign}', '')"
    return f"upper({code})"


_WITHIN = "aside.days AS days JOIN sales ON sales.at >= first AND sales.at < last"
_KEPT = "LEFT JOIN kept ON kept.id = customer_id"
_THERE = (
    "SELECT row_number() OVER () AS k, * FROM ("
    # Of a book: what was sold stands in the reason, as the book called it.
    " SELECT sales.id AS sale, days.at, coalesce(kept_id, 0) AS customer, sales.total, 0 AS own,"
    " import_id,"
    f" CASE reason WHEN '' THEN '' ELSE substr(reason, 1, instr(reason, ' ')) || {_spelt(_OF_BOOK)}"
    " END AS written,"
    " coalesce(abs(sale_lines.quantity) || ' ' || item_id, '') AS item"
    f" FROM {_WITHIN} {_KEPT} LEFT JOIN sale_lines ON sale_id = sales.id"
    " WHERE import_id IS NOT NULL"
    # Of the shop: each line, sold or come back, and each sale as a book without items has it. What
    # comes back is less than nothing in its total; whether in its quantity, too, books differ.
    " UNION ALL SELECT sales.id, days.at, coalesce(kept_id, 0), sale_lines.total, 1, NULL, NULL,"
    " abs(sale_lines.quantity) || ' ' || item_id"
    f" FROM {_WITHIN} JOIN sale_lines ON sale_id = sales.id {_KEPT} WHERE import_id IS NULL"
    " UNION ALL SELECT sales.id, days.at, coalesce(kept_id, 0), sales.total, 1, NULL, NULL, ''"
    f" FROM {_WITHIN} {_KEPT} WHERE import_id IS NULL)"
)
_MINE = (
    # A customer who is not in the shop yet is not nobody.
    "SELECT n, line, at, coalesce(kept_id, iif(phone IS NULL, 0, -1)) AS customer, total,"
    " coalesce(lost, 0) AS lost,"
    " CASE WHEN now.code IS NULL THEN ''"
    f" ELSE coalesce(quantity, 1) || ' ' || {_spelt('now.code')} END AS written,"
    " coalesce(abs(coalesce(quantity, 1)) || ' ' || items.id, '') AS item"
    " FROM aside.staged AS now LEFT JOIN phones ON number = phone"
    " LEFT JOIN kept ON kept.id = customer_id LEFT JOIN items ON items.code_key = now.code_key"
)
_WRITTEN = Alike(("customer", "written"), there="NOT own")
_ITEM = Alike(("customer", "item"), mine="item <> ''")
_OF_BOOKS = Alike(there="NOT own")
_SUMS = Alike(there="NOT own OR item = ''")
# Of an import that names no item, or nobody, in any of its sales.
_NO_ITEMS = Alike(
    there="written = '' AND import_id NOT IN"
    " (SELECT import_id FROM sales WHERE import_id IS NOT NULL AND reason <> '')"
)
_NOBODY = (
    "customer = 0 AND NOT own AND import_id NOT IN (SELECT import_id FROM sales"
    " WHERE import_id IS NOT NULL AND customer_id IS NOT NULL)"
)


def _pair(ctx: Context, alike: Alike) -> None:
    """Pair the lines that are still alone with the sales that are: of several that could be, the first
    with the first."""
    same = ", ".join(("at", "total", *alike.also))
    first = f"{same}, row_number() OVER (PARTITION BY {same} ORDER BY "
    for (lost,) in ctx.db.execute("SELECT DISTINCT lost FROM aside.mine").fetchall():
        ctx.db.execute(
            "INSERT INTO aside.paired SELECT n, k FROM"
            f" (SELECT n, {first} n) AS time FROM aside.mine WHERE lost = :lost"
            f"  AND n NOT IN (SELECT n FROM aside.paired) AND ({alike.mine}))"
            f" JOIN (SELECT k, {first} k) AS time FROM aside.there WHERE sale > :lost"
            f"  AND k NOT IN (SELECT of FROM aside.paired) AND ({alike.there}))"
            f" USING ({same}, time)",
            {"lost": lost},
        )


def _less(ctx: Context, staging: Staging) -> Iterator[Alike]:
    """How lines and sales are compared of which one side tells less."""
    plan = staging.plan
    if plan is None:
        return
    named = "code" in plan.places or "item" in plan.places
    yield _NO_ITEMS if named else _OF_BOOKS
    some = ctx.db.execute("SELECT 1 FROM aside.mine WHERE customer <> 0 LIMIT 1").fetchone()
    for alike in (_WRITTEN, _ITEM, _NO_ITEMS) if named else (_SUMS,):
        yield alike.of_anybody(_NOBODY if some else "TRUE")


def _drop(ctx: Context, staging: Staging, why: str, default: str) -> None:
    """Leave the paired lines out if that is what counts; else they are what is merged."""
    db = ctx.db
    rows = db.execute(
        "SELECT n, line FROM aside.paired JOIN aside.mine USING (n) ORDER BY n"
    ).fetchall()
    answer = ""
    for row in rows:
        answer = staging.asks.settle(why, row["line"], default)
    if answer == "leave":
        for row in rows:
            staging.left.note(why, row["line"])
        gone = "(SELECT n FROM aside.paired)"
        db.execute(f"DELETE FROM aside.staged WHERE n IN {gone}")
    # Whatever became of them: what was the same is asked about once.
    db.execute("DELETE FROM aside.there WHERE k IN (SELECT of FROM aside.paired)")
    db.execute("DELETE FROM aside.mine WHERE n IN (SELECT n FROM aside.paired)")


def _shifted(at: str, hours: int) -> str:
    """A stored moment so many hours later."""
    return stamp(datetime.fromisoformat(at) + timedelta(hours=hours))
