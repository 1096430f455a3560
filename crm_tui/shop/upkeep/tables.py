"""What is taken out of the program: each table of the store, said in a sentence, and its columns.

A new table must be named here, or among those that are left out: `tests/test_export.py` asks for it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from crm_tui import archive, sqlite
from crm_tui.errors import N_
from crm_tui.i18n import Translate
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.context import Context
from crm_tui.shop.reports.base import Column, fetched, local

TABLES = {
    "customers": N_("Customers and prospects; merged ones name the one they were merged into."),
    "phones": N_("Telephone numbers of customers, as +62…"),
    "consents": N_("What customers said about promos, when and how."),
    "items": N_("Items with price and cost."),
    "price_changes": N_("Each change of a price."),
    "cost_changes": N_("Each change of a cost; without a time: as it was first known."),
    "sale_turns": N_("When items went off sale, and when they came back."),
    "stock": N_("On hand and reserved, by item."),
    "stock_moves": N_("The stock ledger: on hand is the sum of its rows."),
    "stock_documents": N_("Receipts, returns to suppliers, counts: the papers of stock moves."),
    "counts": N_("Counts of the shelves."),
    "count_lines": N_("What was counted, by item."),
    "reservations": N_("Goods kept for open orders."),
    "orders": N_("Orders; the key is the order's number."),
    "order_lines": N_("What was ordered."),
    "quotes": N_("The last price that each customer was told."),
    "questions": N_("What customers were asked, and are to answer with YA."),
    "messages": N_("Every SMS in and out; texts from the archive, too."),
    "segments": N_("The parts of SMS out that are not archived."),
    "pdus": N_("SMS in as they came over the line; archived ones without their octets."),
    "repeats": N_("SMS that came again and were not taken in twice."),
    "balances": N_("When the SIM card's credit was asked for, and what the network said."),
    "readings": N_("Free texts as they were read, and what became of that."),
    "waiting_list": N_("Who wants to be told when goods are there."),
    "lost_sales": N_("What customers asked for and could not get."),
    "sales": N_("Sales, returns and voids."),
    "sale_lines": N_("What was sold; returns are negative."),
    "payments": N_("Money in and out of the drawer, by way of paying."),
    "roundings": N_("What cash was rounded by, for which sale."),
    "given_discounts": N_("Rupiah that people took off a sale by hand."),
    "point_refunds": N_("Points spent before their sale came back, taken off what was paid back."),
    "receipt_prints": N_("Each time a receipt was printed or saved; copy 0 is the receipt itself."),
    "receivables": N_("The ledger of what customers owe."),
    "dues": N_("What is still owed, by sale."),
    "drawers": N_("Drawers as they were opened and closed."),
    "drawer_counts": N_("What was counted in a drawer, by way of paying."),
    "parked_sales": N_("Sales that were put aside."),
    "open_sales": N_("Sales that are not paid yet, by counter and user."),
    "point_lots": N_("Points by the sale that earned them, and what is left of them."),
    "point_moves": N_("Points earned, spent and forfeited."),
    "point_debts": N_("Points owed for goods that came back."),
    "redemptions": N_("Points that paid for a sale."),
    "tiers": N_("Tiers and what they give."),
    "members": N_("Which customer has which tier now."),
    "tier_changes": N_("When tiers were given and taken."),
    "reward_periods": N_("Periods for which rewards were given."),
    "reward_entries": N_("The ranking of each period, as it was saved."),
    "standings": N_("Scores of customers, by model."),
    "models": N_("Models of the ranking."),
    "buyers": N_("Days, sales and rupiah of each buyer."),
    "promos": N_("Promos."),
    "promo_items": N_("Items on promo."),
    "promo_people": N_("Who was written to, who was left out and why."),
    "same_words": N_("Words that mean the same to customers of this shop."),
    "refused_names": N_("Other names of items that the staff did not want."),
    "imports": N_("Files that were taken in."),
    "import_customers": N_("Customers whom an old sales book has made."),
    "import_choices": N_("What the columns of files are, by their headings."),
    "transfers": N_("Goods sent to other branches."),
    "transfer_lines": N_("What was sent, with price and cost then."),
    "transfer_ends": N_("What other branches received of it."),
    "transfers_lost": N_("Transfers that a restored backup does not know."),
    "transfers_lost_items": N_("Items to be counted because of them."),
    "arrivals": N_("Goods that other branches sent here."),
    "arrival_lines": N_("What they sent, and how it was found."),
    "transfer_receipts": N_("Goods of other branches taken in."),
    "transfer_receipt_lines": N_("What came whole, and what broken."),
    "grant_requests": N_("Points that other branches were asked for."),
    "grants": N_("Points that were given to other branches."),
    "point_arrivals": N_("Points that came from other branches."),
    "point_loans": N_("Points lent before they came, and what is still owed of them."),
    "consent_lifts": N_("Which STOPs a START has lifted."),
    "stops": N_("STOPs that count or counted, of all branches."),
    "central_prices": N_("Prices of the head office; own 1: the branch has another one."),
    "stock_elsewhere": N_("What other branches have."),
    "points_elsewhere": N_("Points of customers in other branches."),
    "standings_elsewhere": N_("Tiers and rupiah of customers in all branches."),
    "branch_names": N_("The branches."),
    "users": N_("Users, without passwords and PINs."),
    "former_logins": N_("Names that users had before."),
    "roles": N_("Roles."),
    "role_permissions": N_("What each role may do."),
    "role_ceilings": N_("How far a role may go alone: rupiah, or hundredths of a percent."),
    "settings": N_("Settings that were changed, without secret ones."),
    "audit": N_("Who changed what, and when."),
}
ARCHIVED = {
    "archived_pdus": N_("SMS and status reports as they came, from the archive."),
    "archived_segments": N_("The parts of old SMS out, from the archive."),
}
"""Those of the archive; they are absent where there is none."""

LEFT_OUT = frozenset(
    {
        # How the program works, nothing of the shop's: its feed, its worker, its steps to take back.
        "_sqlite_migrations", "changes", "counters", "gateway", "upkeep", "undo_steps",
        "order_steps", "talks", "clock", "login_tries",
        # Backups are about files of this computer; the keys open sealed ones.
        "identity", "epochs", "backup_places", "backup_rehearsals", "backup_keys",
        # Sums of rows: they say nothing where the rows are not.
        "links",
        # The branch's end of a chain: what was sent, how it stands, what waits.
        "ship", "chain", "chain_tokens", "downs_aside",
    }
)  # fmt: skip
SECRET = frozenset({"users.password_hash", "users.pin_hash"})
"""Columns that are never taken out."""
_MONEY = frozenset({
    "customers.credit_limit", "items.price", "items.cost", "price_changes.before",
    "price_changes.after", "cost_changes.before", "cost_changes.after", "order_lines.price",
    "order_lines.discount", "roundings.amount", "quotes.price", "sales.total", "sale_lines.price",
    "sale_lines.total", "sale_lines.discount", "sale_lines.cost", "stock_moves.cost",
    "given_discounts.rupiah", "point_refunds.rupiah",
    "balances.amount", "payments.amount", "payments.received", "receivables.amount", "dues.due",
    "drawers.float",
    "drawer_counts.expected", "drawer_counts.counted", "redemptions.rupiah", "tiers.spent",
    "reward_entries.spent", "buyers.spent", "transfer_lines.price", "transfer_lines.cost",
    "arrival_lines.price", "arrival_lines.cost", "central_prices.price", "standings_elsewhere.spent",
})  # fmt: skip
_MOST_ROWS = 1 << 40
_MOMENTS = ("at", "since", "until", "reserved_until")


@dataclass(frozen=True)
class Table:
    """A table as it is taken out. `notes`: what each column holds, translated; `rows`: its records, as
    the reports' writers take them."""

    name: str
    about: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...]
    rows: Callable[[], Iterator[dict[str, Any]]]


def every(ctx: Context, tr: Translate, cut: set[str] | None = None) -> list[Table]:
    """All tables, in the order in which people look for them. With `cut` the store is damaged: what
    cannot be read is left out, and its table named there."""
    found = [_stored(ctx, name, tr, cut) for name in TABLES]
    if archive.beside(ctx.store.path).exists():
        found += [_archived(ctx, name, tr) for name in ARCHIVED]
    return found


def _stored(ctx: Context, name: str, tr: Translate, cut: set[str] | None) -> Table:
    schema = ctx.db.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (name,)).fetchone()[0]
    keys = {
        row["from"]: row["table"]
        for row in ctx.db.execute(f"PRAGMA foreign_key_list({name})").fetchall()
    }
    columns, notes = [], []
    for row in ctx.db.execute(f"PRAGMA table_info({name})").fetchall():
        if f"{name}.{row['name']}" not in SECRET:
            column = _column(name, row["name"], row["type"])
            columns.append(column)
            notes.append(_note(column, row["type"], schema, keys, tr))
    chosen = tuple(columns)
    if cut is None:
        return Table(name, TABLES[name], chosen, tuple(notes), lambda: _rows(ctx, name, chosen))
    chosen = tuple(Column(each.key, each.key, "text") for each in chosen)
    return Table(
        name, TABLES[name], chosen, tuple(notes), lambda: _salvaged(ctx, name, chosen, cut)
    )


def _column(table: str, name: str, kind: str) -> Column:
    if kind == "TEXT":
        moment = name in _MOMENTS or name.endswith("_at")
        return Column(name, name, "time" if moment else "text")
    if f"{table}.{name}" in _MONEY:
        return Column(name, name, "money")
    return Column(name, name, "text" if kind == "BLOB" else "key")


def _note(column: Column, kind: str, schema: str, keys: dict[str, str], tr: Translate) -> str:
    if column.key in keys:
        return tr(N_("key of {table}"), table=keys[column.key])
    if column.kind == "time":
        return tr(N_("moment: ISO 8601 with this computer's offset"))
    if column.kind == "money":
        return tr(N_("whole rupiah"))
    if f"CHECK ({column.key} IN (0, 1))" in schema:
        return tr(N_("1 yes, 0 no"))
    return tr({"INTEGER": N_("whole number"), "REAL": N_("number"), "BLOB": N_("hexadecimal")}
              .get(kind, N_("any text")))  # fmt: skip


def _rows(ctx: Context, table: str, columns: tuple[Column, ...]) -> Iterator[dict[str, Any]]:
    for row in fetched(ctx.db.execute(_query(table, columns))):
        yield _record(columns, row)


def _salvaged(
    ctx: Context, table: str, columns: tuple[Column, ...], cut: set[str]
) -> Iterator[dict[str, Any]]:
    """The rows of a damaged table, by their keys: a place that cannot be read is left out. A table that
    has none of these keys is read up to that place."""
    try:
        ctx.db.execute(f"SELECT rowid FROM {table} LIMIT 0")  # noqa: S608 - a name of ours
    except sqlite.OperationalError:
        yield from _up_to(ctx, table, _query(table, columns), columns, cut)
        return
    keyed = f"SELECT rowid, {_listed(table, columns)} FROM {table} WHERE rowid > ? ORDER BY rowid"  # noqa: S608
    last: int | None = 0
    while last is not None:
        try:
            for row in ctx.db.execute(keyed, (last,)):
                last = row[0]
                yield _as_it_is(columns, row[1:])
        except (sqlite.DatabaseError, OverflowError):
            cut.add(table)
            last = _behind(ctx, keyed, last)
        else:
            return


def _behind(ctx: Context, keyed: str, last: int) -> int | None:
    """The first key behind `last` from which on a damaged table can be read; None if there is none."""

    def reads(key: int) -> bool:
        try:
            ctx.db.execute(keyed + " LIMIT 1", (key,)).fetchone()
        except (sqlite.DatabaseError, OverflowError):
            return False
        return True

    step = 1
    while not reads(last + step):
        step *= 2
        if step > _MOST_ROWS:
            return None
    low, high = last + step // 2, last + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reads(middle) else (middle, high)
    return high


def _up_to(
    ctx: Context, table: str, query: str, columns: tuple[Column, ...], cut: set[str]
) -> Iterator[dict[str, Any]]:
    try:
        for row in ctx.db.execute(query):
            yield _as_it_is(columns, row)
    except (sqlite.DatabaseError, OverflowError):
        cut.add(table)


def _as_it_is(columns: tuple[Column, ...], row: Any) -> dict[str, Any]:
    """A record of a damaged table: whatever stands there is a text."""
    try:
        record = _record(columns, row)
    except (ValueError, TypeError):
        record = {column.key: value for column, value in zip(columns, row, strict=True)}
    return {key: value if value is None else str(value) for key, value in record.items()}


def _listed(table: str, columns: tuple[Column, ...]) -> str:
    names = [column.key for column in columns]
    return ", ".join(
        f"{archive.TEXT} AS text" if (table, name) == ("messages", "text") else f'"{name}"'
        for name in names
    )


def _query(table: str, columns: tuple[Column, ...]) -> str:
    where = ""
    if table == "settings":
        open_ones = [key for key, setting in settings.every().items() if not setting.secret]
        where = " WHERE key IN (" + ", ".join(f"'{key}'" for key in open_ones) + ")"
    return f"SELECT {_listed(table, columns)} FROM {table}{where}"  # noqa: S608 - names of ours


def _archived(ctx: Context, name: str, tr: Translate) -> Table:
    table = name.removeprefix("archived_")
    types = archive.columns(table)
    columns = tuple(_column(table, column, kind) for column, kind in types.items())
    notes = tuple(
        _note(column, kind, "", {}, tr)
        for column, kind in zip(columns, types.values(), strict=True)
    )

    def rows() -> Iterator[dict[str, Any]]:
        for row in archive.rows(ctx.store.path, table):
            yield _record(columns, row)

    return Table(name, ARCHIVED[name], columns, notes, rows)


def _record(columns: tuple[Column, ...], row: Any) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for column, value in zip(columns, row, strict=True):
        if isinstance(value, bytes):
            record[column.key] = value.hex()
        elif column.kind == "time" and value:
            record[column.key] = local(value)
        else:
            record[column.key] = value if column.kind != "time" else None
    return record
