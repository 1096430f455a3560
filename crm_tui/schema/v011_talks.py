"""What a talk has been about, and what may stand in for what is out when a suggestion is accepted."""

from sqlite_utils import Database

_STATEMENTS = (
    # Items that the shop has named in this talk, each once, the last one last.
    "ALTER TABLE talks ADD COLUMN recent TEXT NOT NULL DEFAULT '[]'",
    # By item key, items like it, as the catalogue was when the text was read.
    "ALTER TABLE readings ADD COLUMN substitutes TEXT NOT NULL DEFAULT '{}'",
)


def apply(db: Database) -> None:
    for statement in _STATEMENTS:
        db.execute(statement)
