"""New orders and messages, and what is reserved for them, the head office's branch finds by their
numbers: an order by SMS notes nothing besides."""

from sqlite_utils import Database


def apply(db: Database) -> None:
    """Changes nothing here: the triggers of a branch are made anew (`ship_triggers.drop_outdated`)."""
