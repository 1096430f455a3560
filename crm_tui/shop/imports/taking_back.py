"""Taking an old sales book back as a whole: as if it had never been imported.

Its sales moved neither goods nor money, so they may go, as long as nothing was built on them. From the
moment it has begun it is finished, if need be by the next program that opens the shop.
"""

import json
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress

from crm_tui import sqlite
from crm_tui.errors import N_
from crm_tui.shop.customers import cards
from crm_tui.shop.gate import slices
from crm_tui.shop.gate.commands import command, part
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.imports.errors import ImportBuiltOn, ImportRunning, ImportUnknown
from crm_tui.shop.imports.staged import Kind, Staging

Forget = Callable[[Context, int, int, int], None]
NAME = "imports.take_back"
_IN = (
    "kind = 'sales' AND back_from IS NULL AND (status = 'done' OR status = 'lost'"
    " AND EXISTS (SELECT 1 FROM sales WHERE import_id = imports.id))"
)
"""SQL: an import of sales that is in; of one that was cut off and lost, what is."""
_THEIRS = "(SELECT id FROM sales WHERE import_id = ?)"


def candidates(ctx: Context) -> list[sqlite.Row]:
    """The imports of sales that are in, the newest first: id, at, file, total (sales that are of it:
    what was in the shop already was left out of it)."""
    rows = ctx.db.execute(
        "SELECT id, at, file,"  # noqa: S608 - ours
        " (SELECT count(*) FROM sales WHERE import_id = imports.id) AS total"
        f" FROM imports WHERE {_IN} ORDER BY id DESC"
    )
    return list(rows)


LEANING = N_(
    "{files} came in later, and may have left out lines that stood in this book: take it in once more."
)


def leaning(ctx: Context, number: int) -> list[str]:
    """The books that came in later, and not with all their lines: some may have been left out because
    they stood in this one."""
    rows = ctx.db.execute(
        f"SELECT file FROM imports WHERE {_IN} AND id > ? AND total >"  # noqa: S608 - ours
        " (SELECT count(*) FROM sales WHERE import_id = imports.id) ORDER BY id",
        (number,),
    )
    return [str(row[0]) for row in rows]


def take_back(ctx: Context, number: int, progress: Progress | None = None) -> int:
    """Take an import back; how many sales went. Raises `ImportUnknown`, `ImportBuiltOn`,
    `ImportRunning`."""
    with _alone(ctx):
        if progress is not None:
            # Once it has begun it is finished, whatever happens.
            progress.begin_final()
        count = _begin(ctx, number)
        finish(ctx, progress)
    return count


@contextmanager
def _alone(ctx: Context) -> Iterator[None]:
    """No other import meanwhile."""
    only = Staging(ctx, Kind(), "")
    only.lock()
    try:
        yield
    finally:
        only.close(keep=True)


@command("imports.take_back", "settings.edit")
def _begin(ctx: Context, number: int) -> int:
    """Begin to take an import back; from now on the ledgers let its sales go."""
    row = ctx.db.execute(
        f"SELECT * FROM imports WHERE {_IN} AND id = ?",  # noqa: S608 - ours
        (number,),
    ).fetchone()
    if row is None:
        raise ImportUnknown(number=number)
    built = ctx.db.execute(
        f"SELECT (SELECT count(*) FROM sales WHERE of_sale IN {_THEIRS})"  # noqa: S608 - ours
        f" + (SELECT count(*) FROM point_lots WHERE sale_id IN {_THEIRS})",
        (number, number),
    ).fetchone()[0]
    if built:
        raise ImportBuiltOn(file=row["file"], count=built)
    count, total = ctx.db.execute(
        "SELECT count(*), coalesce(sum(total), 0) FROM sales WHERE import_id = ?", (number,)
    ).fetchone()
    ctx.db.execute("UPDATE imports SET back_from = ? WHERE id = ?", (ctx.at, number))
    ctx.record(f"import {row['file']}", {"sales": count, "total": total}, {"import": "back"})
    ctx.changed("imports", number)
    return int(count)


def begun(ctx: Context) -> bool:
    """Whether one was begun and not ended."""
    row = ctx.db.execute(
        "SELECT 1 FROM imports WHERE back_from IS NOT NULL AND back_at IS NULL"
    ).fetchone()
    return row is not None


def resume(ctx: Context) -> None:
    """Finish what was cut off, unless somebody is at it."""
    with suppress(ImportRunning), _alone(ctx):
        finish(ctx)


def finish(ctx: Context, progress: Progress | None = None) -> None:
    """Let the sales go, and the customers whom this import alone named, where nothing else is known."""
    row = ctx.db.execute(
        "SELECT id, file, at FROM imports WHERE back_from IS NOT NULL AND back_at IS NULL"
    ).fetchone()
    if row is None:
        return
    number = row["id"]
    handled = _handled(ctx, row["at"])

    def forget_customers(ctx: Context, number: int, after: int, upto: int) -> None:
        _forget_customers(ctx, number, after, upto, handled)

    with slices.unhurried(ctx):
        _each(ctx, number, "sales", "id", _forget_sales, progress)
        _each(ctx, number, "import_customers", "customer_id", forget_customers, progress)
        # Of whoever stays, the ranking knows days and sums of sales that are gone.
        from crm_tui.shop.loyalty import scores

        scores.choose(ctx)
    with part(ctx, NAME):
        ctx.db.execute("UPDATE imports SET back_at = ? WHERE id = ?", (ctx.at, number))
        ctx.record(f"import {row['file']}", None, {"import": "taken back"})
        ctx.changed("imports", number)


def _each(
    ctx: Context, number: int, table: str, key: str, forget: Forget, progress: Progress | None
) -> None:
    """Go through the rows of an import, some at a time."""
    first, last = ctx.db.execute(
        f"SELECT min({key}), max({key}) FROM {table} WHERE import_id = ?",  # noqa: S608 - ours
        (number,),
    ).fetchone()
    if first is not None:
        slices.run(
            ctx, NAME, first - 1, last, lambda after, upto: forget(ctx, number, after, upto),
            progress,
        )  # fmt: skip


def _forget_sales(ctx: Context, number: int, after: int, upto: int) -> None:
    some = (number, after, upto)
    ctx.db.execute(
        "DELETE FROM sale_lines WHERE sale_id IN"
        " (SELECT id FROM sales WHERE import_id = ? AND id > ? AND id <= ?)",
        some,
    )
    buyers = ctx.db.execute(
        "SELECT DISTINCT customer_id FROM sales WHERE import_id = ? AND id > ? AND id <= ?"
        " AND customer_id IS NOT NULL",
        some,
    ).fetchall()
    ctx.db.execute("DELETE FROM sales WHERE import_id = ? AND id > ? AND id <= ?", some)
    _have_not_bought(ctx, [row[0] for row in buyers])


def _have_not_bought(ctx: Context, customers: Collection[int]) -> None:
    """Customers whose only sales were those of the book are prospects, as before it."""
    made = ctx.db.execute(
        "UPDATE customers SET kind = 'prospect' WHERE kind = 'customer'"
        " AND id IN (SELECT same.id FROM kept AS asked"
        "  JOIN kept AS same ON same.kept_id = asked.kept_id"
        "  WHERE asked.id IN (SELECT value FROM json_each(?)))"
        " AND NOT EXISTS (SELECT 1 FROM kept JOIN sales ON sales.customer_id = kept.id"
        "  WHERE kept_id = (SELECT own.kept_id FROM kept AS own WHERE own.id = customers.id))"
        " RETURNING id",
        (json.dumps(list(customers)),),
    ).fetchall()
    for (each,) in made:
        ctx.changed("customers", each)


_SUMS = ("standings", "buyers")
"""What is only put together of sales."""


def _handled(ctx: Context, since: str) -> frozenset[str]:
    """Customers, as the audit names them, of whom the staff have written down something since."""
    rows = ctx.db.execute(
        "SELECT DISTINCT subject FROM audit WHERE at >= ? AND subject LIKE 'customer %'", (since,)
    )
    return frozenset(row[0] for row in rows)


def _unknown(ctx: Context, customers: Collection[int], handled: Collection[str]) -> list[int]:
    """Those of whom the shop knows nothing but that the book named them."""
    rows = ctx.db.execute(
        "SELECT id FROM customers WHERE id IN (SELECT value FROM json_each(?))"
        " AND merged_into IS NULL AND address || notes = '' AND credit_limit IS NULL"
        " AND consent = 'unknown'"
        " AND (SELECT count(*) FROM phones WHERE customer_id = customers.id) <= 1 ORDER BY id",
        (json.dumps(list(customers)),),
    )
    return [row[0] for row in rows if f"customer {row[0]}" not in handled]


def _forget_customers(
    ctx: Context, number: int, after: int, upto: int, handled: Collection[str]
) -> None:
    rows = ctx.db.execute(
        "SELECT customer_id FROM import_customers WHERE import_id = ? AND customer_id > ?"
        " AND customer_id <= ?",
        (number, after, upto),
    )
    unknown = _unknown(ctx, [row[0] for row in rows], handled)
    stay = cards.with_history(ctx, unknown, _SUMS)
    going = [customer for customer in unknown if customer not in stay]
    keys = (json.dumps(going),)
    for table in (*_SUMS, "phones"):
        ctx.db.execute(
            f"DELETE FROM {table} WHERE customer_id IN (SELECT value FROM json_each(?))",  # noqa: S608
            keys,
        )
    ctx.db.execute("DELETE FROM customers WHERE id IN (SELECT value FROM json_each(?))", keys)
    for customer in going:
        ctx.changed("customers", customer)
    # Another book has the others, too: they go with that one.
    ctx.db.execute(
        "UPDATE import_customers SET import_id = other FROM"
        " (SELECT customer_id AS who, min(import_id) AS other FROM sales"
        "  WHERE customer_id IN (SELECT value FROM json_each(?)) AND import_id IS NOT NULL"
        "  GROUP BY customer_id) WHERE customer_id = who",
        (json.dumps(list(stay)),),
    )
    ctx.db.execute(
        "DELETE FROM import_customers WHERE import_id = ? AND customer_id > ? AND customer_id <= ?",
        (number, after, upto),
    )
