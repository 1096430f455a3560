"""Import of an old sales book, so that ranking works from the first day: revenue, no stock, no money.

A line is a sale, or a return if it is negative. Numbers that nobody has become customers of theirs.
"""
# ruff: noqa: S608 - what is put into queries is names of ours and numbers

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time

from crm_tui.clock import stamp
from crm_tui.errors import Problem
from crm_tui.reading.index import code_key
from crm_tui.shop.gate import money, settings
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.phones import e164, with_zero
from crm_tui.shop.imports import tables
from crm_tui.shop.imports.errors import (
    ImportRepeated,
    RowDateBad,
    RowDateMissing,
    RowNumberBad,
    RowPhoneBad,
    RowTotalMissing,
)
from crm_tui.shop.imports.staging import Kind, Preview, Staged, Staging

MOST_TOTAL = 10**12
MOST_QUANTITY = 10**7
COLUMNS = tables.Columns(
    needed=("date",),
    optional=("phone", "name", "code", "quantity", "price", "total"),
    aliases={
        "tanggal": "date", "tgl": "date", "waktu": "date", "telepon": "phone", "nomor": "phone",
        "no_hp": "phone", "hp": "phone", "no_telepon": "phone", "nomor_hp": "phone",
        "telp": "phone", "nama": "name", "pelanggan": "name", "nama_pelanggan": "name",
        "kode": "code", "kode_barang": "code", "jumlah": "quantity", "banyak": "quantity",
        "qty": "quantity", "harga": "price", "harga_jual": "price", "total_harga": "total",
        "nilai": "total",
    },
)  # fmt: skip
_DATES = (
    re.compile(r"(?P<y>\d{4})[-/.]?(?P<m>\d{2})[-/.]?(?P<d>\d{2})"),
    re.compile(r"(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})[-/.](?P<y>\d{4})"),
)
_CENTS = re.compile(r"[.,]00?$")


class _Checker:
    def __init__(self, country: str, today: date) -> None:
        self._country, self._today = country, today
        self._days: dict[str, str | None] = {}
        self._phones: dict[str, str | None] = {}

    def __call__(self, row: tables.Row, headings: Mapping[str, str]) -> Staged | Problem:
        cells = row.cells
        text = cells.get("date", "")
        if not text:
            return RowDateMissing()
        if text not in self._days:
            self._days[text] = self._moment(text)
        at = self._days[text]
        if at is None:
            return RowDateBad(value=text)
        phone = None
        if text := cells.get("phone", ""):
            if text not in self._phones:
                self._phones[text] = e164(with_zero(text), self._country)
            phone = self._phones[text]
            if phone is None:
                return RowPhoneBad(value=text)
        numbers: dict[str, int | None] = {}
        for column, most in (
            ("quantity", MOST_QUANTITY),
            ("price", MOST_TOTAL),
            ("total", MOST_TOTAL),
        ):
            text = cells.get(column, "")
            number = _signed(text) if text else None
            if text and (number is None or abs(number) > most):
                told = f"{most:,}".replace(",", ".")
                return RowNumberBad(column=headings.get(column, column), value=text, most=told)
            numbers[column] = number
        quantity, price, total = numbers["quantity"], numbers["price"], numbers["total"]
        if price is not None and quantity is None:
            quantity = 1
        if total is None and price is not None and quantity is not None:
            total = price * quantity
        if total is None:
            return RowTotalMissing()
        code = cells.get("code", "")
        return (
            at, phone, " ".join(cells.get("name", "").split())[:80] or None, code or None,
            code_key(code) or None, quantity, total,
        )  # fmt: skip

    def _moment(self, text: str) -> str | None:
        """Noon of the day: an old book has no times, and noon is that day in every summer time."""
        word = text.split()[0].split("T")[0]
        for pattern in _DATES:
            match = pattern.fullmatch(word)
            if match is None:
                continue
            try:
                day = date(int(match["y"]), int(match["m"]), int(match["d"]))
            except ValueError:
                return None
            if not day.year > 1970 or day > self._today:
                return None
            return stamp(datetime.combine(day, time(12)).astimezone())
        return None


def _last_key(ctx: Context, table: str) -> int:
    """The highest key that was ever given: one that was deleted, or given before a restore, is
    another's for good."""
    row = ctx.db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return 0 if row is None else int(row[0])


def _signed(text: str) -> int | None:
    """A whole number that may be negative; ",00" at its end is nothing."""
    sign = -1 if text.startswith("-") else 1
    text = text.removeprefix("-").strip()
    # 12.000 are thousands, 120.00 are not.
    number = money.whole_number(text)
    if number is None:
        number = money.whole_number(_CENTS.sub("", text))
    return None if number is None else sign * number


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

    def checker(self, ctx: Context) -> Callable[[tables.Row, Mapping[str, str]], Staged | Problem]:
        return _Checker(settings.COUNTRY(ctx), ctx.now.astimezone().date())

    def preview(self, ctx: Context) -> tuple[Preview, list[tuple[int, Problem]]]:
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


@command("imports.sales", "settings.edit")
def _begin(ctx: Context, staging: Staging) -> int:
    """Begin to take an old book in. Raises `ImportRepeated` for one that is in already."""
    row = ctx.db.execute(
        "SELECT at FROM imports WHERE kind = 'sales' AND digest = ? AND digest <> ''"
        " AND status <> 'lost'",
        (staging.digest,),
    ).fetchone()
    if row is not None:
        raise ImportRepeated(file=staging.file, at=row["at"][:10])
    return staging.write_begin(ctx)


KIND = Sales()
