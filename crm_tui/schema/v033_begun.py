"""Each link knows where the chain begins (`ledger_chain.SEALED`), and finds it at once."""

from sqlite_utils import Database

_STATEMENTS = ("CREATE INDEX links_begun ON links (begins) WHERE begins = 1",)


def apply(db: Database) -> None:
    """Adds an index; changes no row."""
    for statement in _STATEMENTS:
        db.execute(statement)
