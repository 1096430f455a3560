"""From here on who may do what – users, roles, ceilings, settings – is in the chain
(`linked_tables.POWERS`): the program takes it as it stands when it brings the store up to date.
"""

from sqlite_utils import Database


def apply(db: Database) -> None:
    """Changes nothing: the links are the program's to write."""
