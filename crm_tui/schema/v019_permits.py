"""Money in more than one hand: rights in finer grain, ceilings by role, what was given away by whom,
points that a refund made good, receipts that were printed.

All but the ceilings are ledgers: they are only added to.
"""

from sqlite_utils import Database

_STATEMENTS = (
    # How far a role may go with a permission alone: rupiah, or hundredths of a percent.
    """CREATE TABLE role_ceilings (
        role_id INTEGER NOT NULL REFERENCES roles,
        permission TEXT NOT NULL,
        most INTEGER NOT NULL CHECK (most >= 0),
        PRIMARY KEY (role_id, permission)
    ) STRICT, WITHOUT ROWID""",
    # Rupiah of a sale's discounts that neither an offer nor points account for: a person gave them.
    """CREATE TABLE given_discounts (
        sale_id INTEGER PRIMARY KEY REFERENCES sales,
        rupiah INTEGER NOT NULL CHECK (rupiah > 0)
    ) STRICT""",
    # Points of a sale that were spent before its goods came back, taken off what was paid back for them
    # (`return_id`); the drawer has it as a payment of its own.
    """CREATE TABLE point_refunds (
        payment_id INTEGER PRIMARY KEY REFERENCES payments,
        sale_id INTEGER NOT NULL REFERENCES sales,
        return_id INTEGER NOT NULL REFERENCES sales,
        points INTEGER NOT NULL CHECK (points > 0),
        rupiah INTEGER NOT NULL CHECK (rupiah > 0)
    ) STRICT""",
    "CREATE INDEX point_refunds_sale ON point_refunds (sale_id)",
    "CREATE INDEX point_refunds_return ON point_refunds (return_id)",
    # `copy` 0 is the receipt itself, each later one a copy.
    """CREATE TABLE receipt_prints (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        sale_id INTEGER NOT NULL REFERENCES sales,
        at TEXT NOT NULL,
        actor TEXT NOT NULL,
        copy INTEGER NOT NULL CHECK (copy >= 0),
        UNIQUE (sale_id, copy)
    ) STRICT""",
)

_LEDGERS = ("given_discounts", "point_refunds", "receipt_prints")

_LIKE = {
    "costs.view": "prices.edit",
    "customers.credit": "rewards.edit",
    "customers.consent": "customers.edit",
    "sales.points": "sales.sell",
    "drawer.look": "rewards.edit",
    "drawer.take_out": "reports.view",
    "reports.export": "reports.view",
}
"""Roles that had a permission get the finer one that was part of it, or belongs to the same desk."""
_ALL = (*_LIKE, "sales.refund_way")


def apply(db: Database) -> None:
    """Adds tables and permissions; changes no row."""
    for statement in _STATEMENTS:
        db.execute(statement)
    for ledger in _LEDGERS:
        for event in ("UPDATE", "DELETE"):
            db.execute(
                f"CREATE TRIGGER {ledger}_no_{event.lower()} BEFORE {event} ON {ledger} "
                f"BEGIN SELECT RAISE(ABORT, '{ledger} is only added to'); END"
            )
    like = [*_LIKE.items(), ("drawer.take_out", "sales.return")]
    like += [(permission, "users.edit") for permission in _ALL]
    for permission, held in like:
        db.execute(
            "INSERT OR IGNORE INTO role_permissions"
            " SELECT role_id, ? FROM role_permissions WHERE permission = ?",
            (permission, held),
        )
