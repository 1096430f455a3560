"""A branch's tables as its own programs see them, as queries on the office's: the rows of its history,
and what it derives from its ledgers.
"""
# ruff: noqa: S608 - what is put into queries is names of ours and whole numbers

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from crm_tui.shipped import LEDGER, VERSIONED, Ledger
from crm_tui.shop.gate.phones import FOR_SMS

_PHONE = (
    f"coalesce((SELECT {FOR_SMS} FROM phones JOIN kept ON kept_id = phones.customer_id"
    " WHERE kept.id = {table}.customer_id), '')"
)
DERIVED = {
    "kept": "SELECT id, coalesce(merged_into, id) AS kept_id FROM customers",
    "stock": "SELECT items.id AS item_id, coalesce(moved, 0) AS on_hand, coalesce(held, 0) AS reserved"
    " FROM items LEFT JOIN (SELECT item_id, crm_reading.sum(quantity) AS moved FROM stock_moves"
    "  GROUP BY item_id) AS m ON m.item_id = items.id"
    " LEFT JOIN (SELECT item_id, crm_reading.sum(quantity) AS held FROM reservations"
    "  GROUP BY item_id) AS h ON h.item_id = items.id",
    "segments": "SELECT id AS message_id, status FROM messages, generate_series(1, segments)",
    "counters": "SELECT 'catalogue'::text AS name, coalesce(pg_catalog.max(version), 0) AS value"
    " FROM crm.items WHERE branch = {branch}",
    "dues": "SELECT sale_id, pg_catalog.min(customer_id) AS customer_id, crm_reading.sum(amount) AS due"
    " FROM receivables GROUP BY sale_id",
}
"""What a branch keeps beside its ledgers, from the ledgers; each is asked once a query."""
BENEATH = {
    "kept": ("customers",), "stock": ("items", "stock_moves", "reservations"),
    "promo_people": ("phones", "kept"), "segments": ("messages",),
    "dues": ("receivables",), "point_lots": ("point_moves",), "orders": ("phones", "kept"),
    "messages": ("phones", "kept"), "sales": ("imports",), "sale_lines": ("sales", "imports"),
}  # fmt: skip
_STAYS = {
    "point_lots": {
        "rest": "coalesce((SELECT crm_reading.sum(points) FROM point_moves"
        " WHERE lot_id = point_lots.id), 0)",
    },
    "customers": {"notes": "''::text", "own_name": "0::bigint"},
    "orders": {"phone": _PHONE.format(table="orders")},
    "messages": {
        "phone": _PHONE.format(table="messages"), "text": "''::text", "archived": "0::bigint",
        "wishes": "NULL::text", "reason": "''::text", "decided_at": "NULL::timestamptz",
        "not_before": "NULL::timestamptz", "reachable": "1::bigint",
    },
    "promos": {
        "text": "''::text", "seed": "''::text", "built_upto": "0::bigint",
        "next_at": "NULL::timestamptz", "fed_at": "NULL::timestamptz",
    },
    "promo_people": {"phone": _PHONE.format(table="promo_people")},
}  # fmt: skip
"""What a branch does not send, and what stands for it: the number that a customer has now, or
nothing."""
_TAKEN_BACK = {
    # An old sales book that was taken back counts no more; the ledgers of the office keep its rows.
    "sales": " AND (import_id IS NULL OR import_id IN"
    " (SELECT id FROM imports WHERE back_from IS NULL))",
    "sale_lines": " AND sale_id IN (SELECT id FROM sales)",
}


Cuts = Sequence[tuple[int, Mapping[str, int] | None]]
"""The epochs of a branch, the oldest first, and up to which number each ledger's rows belong to it."""


@dataclass(frozen=True)
class History:
    """Which rows are a branch's: those of its `cuts`. With `lost` only what was sold in the last of
    them beyond these numbers. `taken_back`: there is an old sales book that was imported and taken
    back. `since`: rows that change, of epochs before this one, were lost with a restore."""

    cuts: Cuts = ()
    lost: Mapping[str, int] | None = None
    taken_back: bool = False
    since: int = 0


_SOLD = frozenset(
    {
        "sales",
        "sale_lines",
        "payments",
        "redemptions",
        "given_discounts",
        "roundings",
        "receipt_prints",
    }
)
"""What was sold counts, even if a restored branch knows nothing of it any more."""


class Catalogue:
    """Which tables the office has, with their columns."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self.tables: dict[str, dict[str, str]] = {}
        self.long: list[psycopg.Cursor[Any]] = []
        """What is read in pieces just now."""
        rows = connection.execute(
            "SELECT c.relname, a.attname, format_type(a.atttypid, NULL) FROM pg_class c"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
            " WHERE c.relnamespace = 'crm'::regnamespace AND c.relkind IN ('r', 'p')"
            " AND NOT c.relispartition ORDER BY c.relname, a.attnum"
        )
        for table, column, kind in rows.fetchall():
            self.tables.setdefault(table, {})[column] = kind

    def view(self, table: str, branch: int, history: History) -> str | None:
        """A query for the rows of a branch's table as the branch has them; None if it is not
        shipped."""
        columns = self.tables.get(table, {})
        declared = LEDGER.get(table) or VERSIONED.get(table)
        if declared is None or "branch" not in columns:
            own = DERIVED.get(table)
            return None if own is None else own.format(branch=branch)
        # In the order of signs, as SQLite sorts.
        shown = [
            f'"{column.name}" COLLATE "C" AS "{column.name}"'
            if column.kind == "text" else f'"{column.name}"'
            for column in declared.columns if column.name in columns
        ]  # fmt: skip
        if declared.key == "key":
            shown.append('"key"')
        for name, stands in _STAYS.get(table, {}).items():
            if name not in declared.names:
                shown.append(f'{stands} AS "{name}"')
        where = f"branch = {branch}"
        if isinstance(declared, Ledger):
            where += f" AND {_rows_of(declared, history)}"
        else:
            where += f" AND NOT gone AND epoch >= {history.since}"
        if history.taken_back:
            where += _TAKEN_BACK.get(table, "")
        return f"SELECT {', '.join(shown)} FROM crm.{table} WHERE {where}"


def _rows_of(ledger: Ledger, history: History) -> str:
    """Which rows of a ledger belong to a branch's history. Epochs are always named: the keys begin with
    them."""
    cuts, lost = history.cuts, history.lost
    if lost is not None and ledger.table in _SOLD:
        return f"epoch = {cuts[-1][0]} AND {ledger.lead} > {_last(ledger, lost)}"
    epochs = ", ".join(str(epoch) for epoch, _ in cuts) or "0"
    parts = [
        f"epoch = {epoch}"
        + (f" AND {ledger.lead} <= {_last(ledger, upto)}" if upto is not None else "")
        for epoch, upto in cuts
    ]
    several = f" AND ({' OR '.join(f'({part})' for part in parts)})" if len(cuts) > 1 else ""
    return f"epoch IN ({epochs}){several}"


def _last(ledger: Ledger, common: Mapping[str, int]) -> int:
    """The highest key that the later epochs have in common with this one."""
    return common.get(ledger.table, 0) // ledger.factor
