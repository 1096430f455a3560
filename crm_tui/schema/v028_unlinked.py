"""The head office links people itself, and tells a branch of none: the branch keeps no such table."""

from sqlite_utils import Database


def apply(db: Database) -> None:
    """Drops a table into which nothing was ever written."""
    db.execute("DROP TABLE people_elsewhere")
