"""PDUs that belong to no message are found as long as they are there: parts that came twice, too."""

from sqlite_utils import Database

_STATEMENTS = (
    "DROP INDEX pdus_reports",
    "CREATE INDEX pdus_apart ON pdus (id) WHERE message_id IS NULL AND pdu <> ''",
)


def apply(db: Database) -> None:
    """Puts an index in another one's place; changes no row."""
    for statement in _STATEMENTS:
        db.execute(statement)
