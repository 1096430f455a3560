"""Import of an old sales book, so that ranking works from the first day: revenue, no stock, no money.

A line is a sale, or a return if it is negative. Numbers that nobody has become customers of theirs.
"""
# ruff: noqa: S608 - what is put into queries is names of ours and numbers

from datetime import date

from crm_tui.errors import Problem
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.commands import command, part
from crm_tui.shop.gate.context import Context
from crm_tui.shop.imports import sold_already, sold_items
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
        "at TEXT, phone TEXT, name TEXT, code TEXT, code_key TEXT, quantity INTEGER, total INTEGER,"
        " lost INTEGER"
    )
    # By customer within some weeks or months: a book is in the order of time.
    block = 50_000
    order = staticmethod(lambda row: row[2] or "")

    def reader(self, ctx: Context, plan: Plan, asks: Asks, epoch: date) -> Reader:
        today = ctx.now.astimezone().date()
        return SalesReader(plan, asks, settings.COUNTRY(ctx), today, epoch)

    def preview(self, ctx: Context, staging: Staging) -> tuple[Preview, list[tuple[int, Problem]]]:
        sold_items.find(ctx, staging)
        sold_already.leave_out(ctx, staging)
        rows = ctx.db.execute(
            "SELECT phone, max(coalesce(name, '')) FROM aside.staged WHERE phone IS NOT NULL"
            " AND phone NOT IN (SELECT number FROM phones) GROUP BY phone"
        )
        found = Preview([row[1] or row[0] for row in rows])
        found.same = ctx.db.execute("SELECT count(*) FROM aside.staged").fetchone()[0]
        return found, []

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
            # A customer who stands in the book has bought.
            ctx.db.execute(
                "UPDATE customers SET kind = 'customer' WHERE kind = 'prospect' AND EXISTS"
                " (SELECT 1 FROM sales WHERE customer_id = customers.id AND import_id ="
                " (SELECT id FROM imports WHERE status = 'merging'))"
            )
        # All standings at once: a book has customers out of order, and ranks of years ago.
        from crm_tui.shop.loyalty import scores

        scores.choose(ctx)


def _last_key(ctx: Context, table: str) -> int:
    """The highest key that a table ever gave: those of rows that are gone are not given again."""
    row = ctx.db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return 0 if row is None else int(row[0])


@command("imports.sales", "settings.edit")
def _begin(ctx: Context, staging: Staging) -> int:
    """Begin to take an old book in. Raises `ImportRepeated` for one that is in already."""
    row = ctx.db.execute(
        "SELECT at FROM imports WHERE kind = 'sales' AND digest = ? AND digest <> ''"
        " AND status <> 'lost' AND back_at IS NULL"
        # What it left out, for it stood in another book, may be gone with that one.
        " AND NOT EXISTS (SELECT 1 FROM imports AS gone WHERE gone.back_at >= imports.at)",
        (staging.digest,),
    ).fetchone()
    if row is not None:
        raise ImportRepeated(file=staging.file, at=day_of(row["at"]))
    return staging.write_begin(ctx)


KIND = Sales()
