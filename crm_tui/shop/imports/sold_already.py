"""Which lines of an old book are in the shop already, sold here or imported: none counts twice.

A line is paired with a sale, each with one of its own. First with what is the same in all: day,
customer, item, quantity and total. Then, as a question, with what tells less: the same book saved once
with items or customers, and once without them.
"""
# ruff: noqa: S608 - what is put into queries is names of ours

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from crm_tui.clock import stamp
from crm_tui.shop.gate.context import Context
from crm_tui.shop.imports.staged import Staging


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
    db.conn.executemany(
        "INSERT INTO aside.days VALUES (?, ?, ?)",
        ((row[0], _shifted(row[0], -12), _shifted(row[0], 12)) for row in days),
    )
    for statement in (
        f"CREATE TABLE aside.there AS {_THERE}",
        "CREATE INDEX aside.there_key ON there (at, total)",
        f"CREATE TABLE aside.mine AS {_MINE}",
        "CREATE TABLE aside.paired (n INTEGER PRIMARY KEY, of INTEGER UNIQUE)",
    ):
        db.execute(statement)
    for same in (_AS_WRITTEN, _ITEM):
        _pair(ctx, f"{same} AND mine.customer = there.customer")
    # What no item of the shop is called, a list of several things for one, is known by its total.
    whole = "mine.item = '' AND there.own AND there.item = ''"
    _pair(ctx, f"{whole} AND mine.customer = there.customer")
    _drop(ctx, staging, "again", "leave")
    less = list(_less(ctx, staging))
    if less:
        db.execute("DELETE FROM aside.paired")
        for alike in less:
            _pair(ctx, alike)
        _drop(ctx, staging, "alike", "")


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
    " SELECT days.at, coalesce(kept_id, 0) AS customer, sales.total, 0 AS own, import_id,"
    f" CASE reason WHEN '' THEN '' ELSE substr(reason, 1, instr(reason, ' ')) || {_spelt(_OF_BOOK)}"
    " END AS written,"
    " coalesce(abs(sale_lines.quantity) || ' ' || item_id, '') AS item"
    f" FROM {_WITHIN} {_KEPT} LEFT JOIN sale_lines ON sale_id = sales.id"
    " WHERE import_id IS NOT NULL"
    # Of the shop: each line, sold or come back, and each sale as a book without items has it. What
    # comes back is less than nothing in its total; whether in its quantity, too, books differ.
    " UNION ALL SELECT days.at, coalesce(kept_id, 0), sale_lines.total, 1, NULL, NULL,"
    " abs(sale_lines.quantity) || ' ' || item_id"
    f" FROM {_WITHIN} JOIN sale_lines ON sale_id = sales.id {_KEPT} WHERE import_id IS NULL"
    " UNION ALL SELECT days.at, coalesce(kept_id, 0), sales.total, 1, NULL, NULL, ''"
    f" FROM {_WITHIN} {_KEPT} WHERE import_id IS NULL)"
)
_MINE = (
    # Who is not in the shop yet is not nobody.
    "SELECT n, line, at, coalesce(kept_id, iif(phone IS NULL, 0, -1)) AS customer, total,"
    " CASE WHEN now.code IS NULL THEN ''"
    f" ELSE coalesce(quantity, 1) || ' ' || {_spelt('now.code')} END AS written,"
    " coalesce(abs(coalesce(quantity, 1)) || ' ' || items.id, '') AS item"
    " FROM aside.staged AS now LEFT JOIN phones ON number = phone"
    " LEFT JOIN kept ON kept.id = customer_id LEFT JOIN items ON items.code_key = now.code_key"
)
_AS_WRITTEN = "NOT there.own AND there.written = mine.written"
_ITEM = "mine.item <> '' AND there.item = mine.item"
# Of an import that names no item, or nobody, in any of its sales.
_NO_ITEMS = (
    "(there.written = '' AND NOT EXISTS"
    " (SELECT 1 FROM sales WHERE import_id = there.import_id AND reason <> ''))"
)
_NOBODY = (
    "NOT there.own AND NOT EXISTS"
    " (SELECT 1 FROM sales WHERE import_id = there.import_id AND customer_id IS NOT NULL)"
)


def _pair(ctx: Context, same: str) -> None:
    """Pair the lines that are still alone with the sales that are, where `same` holds: of several that
    could be, the first with the first."""
    taken: set[int] = {row[0] for row in ctx.db.execute("SELECT of FROM aside.paired")}
    made: list[tuple[int, int]] = []
    last = 0
    for n, k in ctx.db.execute(
        "SELECT n, k FROM aside.mine AS mine JOIN aside.there AS there"
        f" ON there.at = mine.at AND there.total = mine.total AND {same}"
        " WHERE n NOT IN (SELECT n FROM aside.paired) ORDER BY n, k"
    ):
        if n != last and k not in taken:
            taken.add(k)
            made.append((n, k))
            last = n
    _many(ctx, "INSERT INTO aside.paired SELECT value ->> 0, value ->> 1 FROM json_each(?)", made)


def _less(ctx: Context, staging: Staging) -> Iterator[str]:
    """How lines and sales are compared of which one side tells less."""
    plan, whose = staging.plan, "mine.customer = there.customer"
    if plan is None:
        return
    named = "code" in plan.places or "item" in plan.places
    yield f"{_NO_ITEMS if named else 'NOT there.own'} AND {whose}"
    what = (
        f"({_AS_WRITTEN} OR {_ITEM} OR {_NO_ITEMS})"
        if named
        else "(NOT there.own OR there.item = '')"
    )
    some = ctx.db.execute("SELECT 1 FROM aside.mine WHERE customer <> 0 LIMIT 1").fetchone()
    yield what if some is None else f"there.customer = 0 AND {what} AND {_NOBODY}"


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


def _many(ctx: Context, statement: str, rows: list[tuple[int, int]]) -> None:
    # In one statement: what lies aside is in no transaction, and each would be a commit of its own.
    ctx.db.execute(statement, (json.dumps(rows),))


def _shifted(at: str, hours: int) -> str:
    """A stored moment so many hours later."""
    return stamp(datetime.fromisoformat(at) + timedelta(hours=hours))
