"""Import of an old sales book, so that ranking works from the first day: revenue, no stock, no money.

A line is a sale, or a return if it is negative. Numbers that nobody has become customers of theirs.
"""
# ruff: noqa: S608 - what is put into queries is names of ours and numbers

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from crm_tui.clock import stamp
from crm_tui.errors import Problem
from crm_tui.reading.entries import code_key
from crm_tui.shop.gate import money, settings
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadPercent
from crm_tui.shop.imports.cells import HOLLOW, plain
from crm_tui.shop.imports.dates import Days, day_of
from crm_tui.shop.imports.errors import (
    ImportRepeated,
    RowDateBad,
    RowDateMissing,
    RowNumberBad,
    RowTotalMissing,
)
from crm_tui.shop.imports.planning import Columns, Plan
from crm_tui.shop.imports.questions import Asks
from crm_tui.shop.imports.rows import Reader, Staged
from crm_tui.shop.imports.staging import Kind, Preview, Staging
from crm_tui.shop.items.cards import MOST_CODE

MOST_TOTAL = 10**12
MOST_QUANTITY = 10**7
MOST_NAME = 80
_REMEMBERED = 200_000
COLUMNS = Columns(
    "sales", ("date", "phone", "name", "code", "quantity", "price", "discount", "total"),
    needed=(("date",), ("total", "price")),
)  # fmt: skip


class SalesReader(Reader):
    """Reads lines of an old sales book."""

    key = "date"

    def __init__(self, plan: Plan, asks: Asks, country: str, today: date) -> None:
        super().__init__(plan, asks, country)
        self.days = Days(
            today, month_first=asks.said("dates") == "month",
            swapped=asks.said("swapped") == "swap",
        )  # fmt: skip
        self._last = ""
        self._stamps: dict[object, str | None] = {}
        self._phones: dict[object, str | None] = {}
        self._amounts: dict[object, int] = {}
        self._by_percent = "%" in plan.heading("discount")

    def record(self, row: Sequence[object]) -> Staged | None:
        # There may be a million of them: what the file has no column for is not looked at.
        cells, at = self.cells, self.at
        try:
            moment = self._last = self._moment(self.raw("date", row))
        except RowDateMissing:
            # Many write the day in its first line only.
            if not self._last:
                raise
            if self.leave_out(row):
                return None
            answer = self.asks.settle(
                "no_date", cells.line, example=", ".join(plain(each) for each in row if each)[:60]
            )
            moment = self._last
            if not answer:
                return None
        phone = self._phone(row[at["phone"]]) if "phone" in at else None
        total = self._money("total", row) if "total" in at else None
        quantity = gross = None
        code: str | None = None
        if "quantity" in at:
            quantity = cells.quantity("quantity", row[at["quantity"]], MOST_QUANTITY, signed=True)
        if "price" in at and (price := self._money("price", row)) is not None:
            quantity = 1 if quantity is None else quantity
            gross = price * quantity
        if total is None or gross is not None or "discount" in at:
            total = self._total(row, gross, total)
        if abs(total) > MOST_TOTAL:
            told = f"{MOST_TOTAL:,}".replace(",", ".")
            raise RowNumberBad(column=cells.heading("total"), value=total, most=told)
        if "code" in at:
            code = cells.code("code", row[at["code"]], MOST_CODE) or None
        name = cells.text("name", row[at["name"]])[:MOST_NAME] if "name" in at else None
        key = code_key(code) if code else None
        return moment, phone, name or None, code, key, quantity, total

    def _phone(self, value: object) -> str | None:
        try:
            return self._phones[value]
        except KeyError:
            numbers = self.cells.phones("phone", value)
            phone = numbers[0] if numbers else None
            if len(self._phones) < _REMEMBERED:
                self._phones[value] = phone
            return phone

    def _moment(self, value: object) -> str:
        """Noon of the day: an old book has no times, and noon is that day in every summer time."""
        try:
            at = self._stamps[value]
        except KeyError:
            text = (
                self.cells.text("date", value)
                if isinstance(value, str) or value is HOLLOW
                else value
            )
            if not text:
                raise RowDateMissing() from None
            day = self.days.read(text)
            at = None if day is None else stamp(datetime.combine(day, time(12)).astimezone())
            if len(self._stamps) < _REMEMBERED:
                self._stamps[value] = at
        if at is None:
            raise RowDateBad(value=self.cells.text("date", value)[:60])
        return at

    def _money(self, name: str, row: Sequence[object]) -> int | None:
        value = self.raw(name, row)
        known = self._amounts.get(value)
        if known is None:
            known = self.cells.money(name, value, MOST_TOTAL, signed=True)
            if known is not None and isinstance(value, str) and len(self._amounts) < _REMEMBERED:
                self._amounts[value] = known
        return known

    def _total(self, row: Sequence[object], gross: int | None, total: int | None) -> int:
        """What was paid. Raises `RowTotalMissing`."""
        off = self._off(row, gross if gross is not None else total) if "discount" in self.at else 0
        if total is None:
            if gross is None:
                raise RowTotalMissing()
            return gross - off
        if gross is None:
            return total
        if off and total == gross:
            answer = self.asks.settle(
                "net", self.cells.line, example=money.rupiah(total) + " − " + money.rupiah(off)
            )
            return gross - off if answer == "off" else total
        if abs(total - (gross - off)) > 1:
            self.cells.remarks["total", "total"] += 1
        return total

    def _off(self, row: Sequence[object], gross: int | None) -> int:
        """The discount of a row in rupiah. Raises `RowNumberBad`."""
        value = self.raw("discount", row)
        text = self.cells.text("discount", value)
        if not text or gross is None:
            return 0
        heading = self.cells.heading("discount")
        percent = text.endswith("%") or self._by_percent
        if not percent and text.isdecimal() and 0 < int(text) <= 100:
            answer = self.asks.settle("discount", self.cells.line, column=heading, example=text)
            percent = answer == "percent"
        if not percent:
            return self.cells.money("discount", value, MOST_TOTAL) or 0
        try:
            part = money.percent(text)
        except BadPercent:
            part = -1
        if not 0 <= part <= money.WHOLE:
            raise RowNumberBad(column=heading, value=text[:60], most="100%")
        return money.share(gross, part)

    def certain(self) -> Mapping[str, str]:
        """Which order of day and month the file itself tells; what it leaves open is asked."""
        found = dict(super().certain())
        month_first = self.days.certain()
        if month_first is not None and month_first != self.days.month_first:
            if not self.asks.said("dates"):
                found["dates"] = "month" if month_first else "day"
        elif example := self.days.doubtful():
            self.asks.settle("dates", self.plan.line, example=example)
        if example := self.days.mixed_up():
            self.asks.settle("swapped", self.plan.line, example=example)
        return found


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

    def reader(self, ctx: Context, plan: Plan, asks: Asks) -> Reader:
        return SalesReader(plan, asks, settings.COUNTRY(ctx), ctx.now.astimezone().date())

    def preview(self, ctx: Context, staging: Staging) -> tuple[Preview, list[tuple[int, Problem]]]:
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
        db.conn.executemany("DELETE FROM aside.staged WHERE n = ?", ((row["n"],) for row in rows))

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
            " SELECT :first + n - :after, 1, items.id, now.code, items.name, items.unit,"
            " abs(total) / max(1, abs(quantity)),"
            # What came back came back, with whichever sign the book has it.
            " CASE WHEN total < 0 THEN -abs(quantity) ELSE quantity END, total"
            f" FROM aside.staged AS now JOIN items ON items.code_key = now.code_key WHERE {rows}"
            " AND quantity <> 0", {**params, "first": first, "after": after},
        )  # fmt: skip
        if db.execute("SELECT 1 FROM customers WHERE kind = 'prospect' LIMIT 1").fetchone():
            db.execute(
                "UPDATE customers SET kind = 'customer' WHERE kind = 'prospect' AND id IN"
                f" (SELECT customer_id FROM phones JOIN aside.staged ON number = phone WHERE {rows})"
            )
        return new, 0

    def ended(self, ctx: Context) -> None:
        # All standings at once: a book has customers out of order, and ranks of years ago.
        from crm_tui.shop.loyalty import scores

        scores.choose(ctx)


_OF_FILE = "CASE WHEN code IS NULL THEN '' ELSE coalesce(quantity, 1) || ' ' || upper(code) END"
_THERE = (
    "SELECT at, customer, what, total, count(*) AS times FROM ("
    # Of a book: what was sold stands in the reason.
    " SELECT days.at, kept_id AS customer, upper(reason) AS what, total FROM aside.days AS days"
    " JOIN sales ON sales.at >= first AND sales.at < last"
    " LEFT JOIN kept ON kept.id = customer_id WHERE import_id IS NOT NULL"
    " UNION ALL SELECT days.at, kept_id, sale_lines.quantity || ' ' || upper(code), sale_lines.total"
    " FROM aside.days AS days JOIN sales ON sales.at >= first AND sales.at < last"
    " JOIN sale_lines ON sale_id = sales.id LEFT JOIN kept ON kept.id = customer_id"
    " WHERE import_id IS NULL AND sales.kind = 'sale'"
    ") GROUP BY at, customer, what, total"
)
_AGAIN = (
    "SELECT n, line FROM (SELECT n, line, numbered.at, numbered.customer, what, total,"
    " row_number() OVER (PARTITION BY numbered.at, numbered.customer, what, total ORDER BY n) AS time"
    f" FROM (SELECT n, line, at, kept_id AS customer, {_OF_FILE} AS what, total"
    " FROM aside.staged LEFT JOIN phones ON number = phone LEFT JOIN kept ON kept.id = customer_id"
    ") AS numbered) AS mine JOIN aside.there AS there ON there.at = mine.at"
    " AND there.total = mine.total AND there.what = mine.what"
    " AND there.customer IS mine.customer AND time <= times ORDER BY n"
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
