"""How often the paper of a payment went out is found at once, however long the audit is."""

from sqlite_utils import Database

_STATEMENTS = ("CREATE INDEX audit_slips ON audit (subject) WHERE command = 'sales.print_slip'",)


def apply(db: Database) -> None:
    """Adds an index; changes no row."""
    for statement in _STATEMENTS:
        db.execute(statement)
