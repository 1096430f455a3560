"""Import of an old sales book, so that ranking works from the first day: revenue, no stock, no money.

A line is a sale, or a return if it is negative. Numbers that nobody has become customers of theirs.
"""
# ruff: noqa: S608 - what is put into queries is names of ours and numbers

import json
from datetime import date, datetime, timedelta

from crm_tui.clock import stamp
from crm_tui.errors import Problem
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.commands import command, part
from crm_tui.shop.gate.context import Context
from crm_tui.shop.imports import sold_items
from crm_tui.shop.imports.dates import day_of
from crm_tui.shop.imports.errors import ImportRepeated
from crm_tui.shop.imports.planning import Plan
from crm_tui.shop.imports.questions import Asks
from crm_tui.shop.imports.rows import Reader
from crm_tui.shop.imports.sales_rows import COLUMNS, SalesReader
from crm_tui.shop.imports.staging import Kind, Preview, Staging


class Sales(Kind):
    """Sales of an old book."""

    name = "sales"
    columns = COLUMNS
    staged = (
        "at TEXT, phone TEXT, name TEXT, code TEXT, code_key TEXT, quantity INTEGER, total INTEGER"
    )
    # By customer within some weeks or months: a book is in the order of time.
    block = 50_000
    order = staticmethod(lambda row: row[2] or "")

    def reader(self, ctx: Context, plan: Plan, asks: Asks, epoch: date) -> Reader:
        today = ctx.now.astimezone().date()
        return SalesReader(plan, asks, settings.COUNTRY(ctx), today, epoch)

    def preview(self, ctx: Context, staging: Staging) -> tuple[Preview, list[tuple[int, Problem]]]:
        sold_items.find(ctx, staging)
        self._leave_out_again(ctx, staging)
        rows = ctx.db.execute(
            "SELECT phone, max(coalesce(name, '')) FROM aside.staged WHERE phone IS NOT NULL"
            " AND phone NOT IN (SELECT number FROM phones) GROUP BY phone"
        )
        found = Preview([row[1] or row[0] for row in rows])
        found.same = ctx.db.execute("SELECT count(*) FROM aside.staged").fetchone()[0]
        return found, []

    def _leave_out_again(self, ctx: Context, staging: Staging) -> None:
        """Leave out what was sold, or imported, already: the same book saved again counts once."""
        db = ctx.db
        begin, end = db.execute("SELECT min(at), max(at) FROM aside.staged").fetchone()
        if begin is None:
            return
        around = (_shifted(begin, -12), _shifted(end, 12))
        there = db.execute(
            "SELECT 1 FROM sales WHERE at >= ? AND at < ? LIMIT 1", around
        ).fetchone()
        if there is None:
            return
        db.execute("CREATE TABLE aside.days (at TEXT PRIMARY KEY, first TEXT, last TEXT)")
        days = db.execute("SELECT DISTINCT at FROM aside.staged").fetchall()
        db.conn.executemany(
            "INSERT INTO aside.days VALUES (?, ?, ?)",
            ((row[0], _shifted(row[0], -12), _shifted(row[0], 12)) for row in days),
        )
        db.execute(f"CREATE TABLE aside.there AS {_THERE}")
        db.execute("CREATE INDEX aside.there_key ON there (at, total, what, customer)")
        rows = db.execute(_AGAIN).fetchall()
        leave = ""
        for row in rows:
            leave = staging.asks.settle("again", row["line"], "leave")
        if leave != "leave":
            return
        for row in rows:
            staging.left.note("again", row["line"])
        # In one statement: what lies aside is in no transaction, and each would be a commit of its own.
        again = json.dumps([row["n"] for row in rows])
        db.execute("DELETE FROM aside.staged WHERE n IN (SELECT value FROM json_each(?))", (again,))

    def begin(self, ctx: Context, staging: Staging) -> int:
        return _begin(ctx, staging)

    def merge(self, ctx: Context, file: str, after: int, upto: int) -> tuple[int, int]:
        db = ctx.db
        rows = f"n > {int(after)} AND n <= {int(upto)}"
        import_id = db.execute("SELECT id FROM imports WHERE status = 'merging'").fetchone()[0]
        last = _last_key(ctx, "customers")
        params = {"actor": ctx.actor.name, "import": import_id}
        # Numbers that nobody has become customers of theirs, in the order of the book.
        fresh = db.execute(
            f"SELECT phone, max(coalesce(name, '')), min(at) FROM aside.staged WHERE {rows}"
            " AND phone IS NOT NULL AND phone NOT IN (SELECT number FROM phones) GROUP BY phone"
            " ORDER BY min(n)"
        ).fetchall()
        new = len(fresh)
        db.conn.executemany(
            "INSERT INTO customers (id, name, kind, created_at) VALUES (?, ?, 'customer', ?)",
            ((key, row[1], row[2]) for key, row in enumerate(fresh, start=last + 1)),
        )
        db.conn.executemany(
            "INSERT INTO phones VALUES (?, ?)",
            ((row[0], key) for key, row in enumerate(fresh, start=last + 1)),
        )
        db.conn.executemany(
            "INSERT INTO changes (topic, row_id) VALUES ('customers', ?)",
            ((key,) for key in range(last + 1, last + new + 1)),
        )
        db.execute(
            "INSERT INTO import_customers (customer_id, import_id) SELECT id, ? FROM customers"
            " WHERE id > ? AND id <= ?",
            (import_id, last, last + new),
        )
        first = _last_key(ctx, "sales")
        # The row's place in the slice gives the sale its key, so that its line finds it.
        db.execute(
            "INSERT INTO sales (id, at, channel, customer_id, total, actor, kind, reason, import_id)"
            " SELECT :first + n - :after, now.at, 'counter', phones.customer_id, total, :actor,"
            " CASE WHEN total < 0 THEN 'return' ELSE 'sale' END,"
            " CASE WHEN code IS NULL THEN '' ELSE coalesce(quantity, 1) || ' ' || code END, :import"
            f" FROM aside.staged AS now LEFT JOIN phones ON phones.number = now.phone WHERE {rows}"
            " ORDER BY n", {**params, "first": first, "after": after},
        )  # fmt: skip
        db.execute(
            "INSERT INTO sale_lines (sale_id, line, item_id, code, name, unit, price, quantity, total)"
            " SELECT :first + n - :after, 1, items.id, items.code, items.name, items.unit,"
            " abs(total) / max(1, abs(quantity)),"
            # What came back came back, with whichever sign the book has it.
            " CASE WHEN total < 0 THEN -abs(quantity) ELSE quantity END, total"
            f" FROM aside.staged AS now JOIN items ON items.code_key = now.code_key WHERE {rows}"
            " AND quantity <> 0", {**params, "first": first, "after": after},
        )  # fmt: skip
        return new, 0

    def ended(self, ctx: Context) -> None:
        with part(ctx, "imports.sales"):
            # Who stands in the book has bought.
            ctx.db.execute(
                "UPDATE customers SET kind = 'customer' WHERE kind = 'prospect' AND EXISTS"
                " (SELECT 1 FROM sales WHERE customer_id = customers.id AND import_id ="
                " (SELECT id FROM imports WHERE status = 'merging'))"
            )
        # All standings at once: a book has customers out of order, and ranks of years ago.
        from crm_tui.shop.loyalty import scores

        scores.choose(ctx)


def _spelt(code: str) -> str:
    """SQL of a code, or name, as it is compared: however its dashes, dots and blanks are written."""
    for sign in "-. ":
        code = f"replace({code}, '{sign}', '')"
    return f"upper({code})"


_SOLD = "substr(reason, instr(reason, ' ') + 1)"
_THERE = (
    "SELECT at, customer, what, total, own, count(*) AS times FROM ("
    # Of a book: what was sold stands in the reason, as the book called it.
    " SELECT days.at, kept_id AS customer, substr(reason, 1, instr(reason, ' '))"
    f" || {_spelt(_SOLD)} AS what, total, 0 AS own"
    " FROM aside.days AS days JOIN sales ON sales.at >= first AND sales.at < last"
    " LEFT JOIN kept ON kept.id = customer_id WHERE import_id IS NOT NULL"
    # Of the shop: each line, sold or come back, and each sale as a book without items has it. What
    # comes back is less than nothing in its total; whether in its quantity, too, books differ.
    " UNION ALL SELECT days.at, kept_id, abs(sale_lines.quantity) || ' ' || upper(code),"
    " sale_lines.total, 1"
    " FROM aside.days AS days JOIN sales ON sales.at >= first AND sales.at < last"
    " JOIN sale_lines ON sale_id = sales.id LEFT JOIN kept ON kept.id = customer_id"
    " WHERE import_id IS NULL"
    " UNION ALL SELECT days.at, kept_id, '', total, 1"
    " FROM aside.days AS days JOIN sales ON sales.at >= first AND sales.at < last"
    " LEFT JOIN kept ON kept.id = customer_id WHERE import_id IS NULL"
    ") GROUP BY at, customer, what, total, own"
)
_MINE = (
    "SELECT n, line, at, kept_id AS customer, total,"
    " CASE WHEN now.code IS NULL THEN ''"
    f" ELSE coalesce(quantity, 1) || ' ' || {_spelt('now.code')} END"
    # What no item of the shop is called, a list of several things for one, is known by its total.
    " AS written, CASE WHEN items.code IS NULL THEN ''"
    " ELSE abs(coalesce(quantity, 1)) || ' ' || upper(items.code) END AS what"
    " FROM aside.staged AS now LEFT JOIN phones ON number = phone"
    " LEFT JOIN kept ON kept.id = customer_id LEFT JOIN items ON items.code_key = now.code_key"
)
_SAME = "at = mine.at AND {0}.total = mine.total AND {0}.customer IS mine.customer"
_AGAIN = (
    "SELECT n, line FROM (SELECT *, row_number() OVER"
    f" (PARTITION BY at, customer, written, total ORDER BY n) AS time FROM ({_MINE})) AS mine"
    " LEFT JOIN aside.there AS book ON book.own = 0 AND book.what = written"
    f" AND book.{_SAME.format('book')}"
    " LEFT JOIN aside.there AS shop ON shop.own = 1 AND shop.what = mine.what"
    f" AND shop.{_SAME.format('shop')}"
    " WHERE time <= coalesce(book.times, 0) + coalesce(shop.times, 0) ORDER BY n"
)


def _shifted(at: str, hours: int) -> str:
    """A stored moment so many hours later."""
    return stamp(datetime.fromisoformat(at) + timedelta(hours=hours))


def _last_key(ctx: Context, table: str) -> int:
    """The highest key that a table ever gave: those of rows that are gone are not given again."""
    row = ctx.db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return 0 if row is None else int(row[0])


@command("imports.sales", "settings.edit")
def _begin(ctx: Context, staging: Staging) -> int:
    """Begin to take an old book in. Raises `ImportRepeated` for one that is in already."""
    row = ctx.db.execute(
        "SELECT at FROM imports WHERE kind = 'sales' AND digest = ? AND digest <> ''"
        " AND status <> 'lost' AND back_at IS NULL",
        (staging.digest,),
    ).fetchone()
    if row is not None:
        raise ImportRepeated(file=staging.file, at=day_of(row["at"]))
    return staging.write_begin(ctx)


KIND = Sales()
