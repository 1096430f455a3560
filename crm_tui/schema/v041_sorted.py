"""Customers by name: capitals aside, and those without a name behind all others."""

from sqlite_utils import Database


def apply(db: Database) -> None:
    """An index instead of the one on the bare name; the expression is that of the lists by name."""
    db.execute("DROP INDEX customers_name")
    db.execute(
        "CREATE INDEX customers_by_name"
        " ON customers (coalesce(nullif(upper(name), ''), char(1114111)), id)"
    )
