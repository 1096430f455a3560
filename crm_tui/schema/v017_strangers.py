"""Strangers: who wrote a customer's name, and which SMS asked a question."""

from sqlite_utils import Database

_STATEMENTS = (
    # 1: the customer said it by SMS, and may say it anew; 0: people wrote it.
    "ALTER TABLE customers ADD COLUMN own_name INTEGER NOT NULL DEFAULT 0"
    " CHECK (own_name IN (0, 1))",
    "UPDATE customers SET own_name = 1 WHERE id IN"
    " (SELECT CAST(substr(subject, 10) AS INTEGER) FROM audit WHERE command = 'customers.register')"
    " AND id NOT IN"
    " (SELECT CAST(substr(subject, 10) AS INTEGER) FROM audit WHERE command = 'customers.edit')",
    # A question is answered by a YA that was sent after its SMS went out; NULL: it was asked before
    # this was kept, and counts from the moment at which it was asked.
    "ALTER TABLE questions ADD COLUMN message_id INTEGER REFERENCES messages",
    # When it was given to the network; what becomes of it later has a time of its own.
    "ALTER TABLE segments ADD COLUMN out_at TEXT",
    # One of each kind may be open at once: what the staff propose, and what the program asks.
    "DROP INDEX questions_open",
    "CREATE UNIQUE INDEX questions_open ON questions (customer_id, kind) WHERE open = 1",
)


def apply(db: Database) -> None:
    """Adds columns and changes an index; of the rows, only those of names said by SMS."""
    for statement in _STATEMENTS:
        db.execute(statement)
