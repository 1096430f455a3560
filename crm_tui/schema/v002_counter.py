"""What the counter needs: PINs, wrong tries, orders left for later, steps that can be taken back."""

from sqlite_utils import Database

_STATEMENTS = (
    "ALTER TABLE users ADD COLUMN pin_hash TEXT",
    # Wrong passwords and PINs since the last right one, and when the last of them was typed.
    "ALTER TABLE users ADD COLUMN wrong_tries INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE users ADD COLUMN wrong_at TEXT",
    # When the whole password was typed last: on that day the PIN is enough.
    "ALTER TABLE users ADD COLUMN signed_in_at TEXT",
    # The staff have left a waiting order for later: it goes behind the others.
    "ALTER TABLE orders ADD COLUMN later_at TEXT",
    # The staff have decided what becomes of an SMS that failed or is in doubt.
    "ALTER TABLE messages ADD COLUMN decided_at TEXT",
    "CREATE INDEX orders_confirmed ON orders (id) WHERE status = 'confirmed'",
    # The order in which they are worked off, for those that wait and for all.
    "CREATE INDEX orders_todo ON orders (coalesce(later_at, ''), id) WHERE status = 'waiting'",
    "CREATE INDEX orders_in_turn ON orders (coalesce(later_at, ''), id)",
    "CREATE INDEX messages_in ON messages (id) WHERE direction = 'in'",
    "CREATE INDEX messages_out ON messages (id) WHERE direction = 'out'",
    "CREATE INDEX messages_trouble ON messages (id) WHERE direction = 'out'"
    " AND status IN ('failed', 'in_doubt', 'expired') AND decided_at IS NULL",
    # Reading orders and SMS was free before there were screens: every role keeps it.
    "INSERT INTO role_permissions SELECT id, 'messages.view' FROM roles",
    # The last step of the staff with each order, and how it stood before: as long as the SMS of the
    # step has not gone out, it can be taken back.
    """CREATE TABLE order_steps (
        order_id INTEGER PRIMARY KEY REFERENCES orders,
        message_id INTEGER NOT NULL REFERENCES messages,
        actor TEXT NOT NULL,
        question_id INTEGER REFERENCES questions,
        status TEXT NOT NULL,
        reserved_until TEXT,
        lines TEXT NOT NULL
    ) STRICT""",
)


def apply(db: Database) -> None:
    """Adds columns, indexes, a table, and a permission to each role; changes no row."""
    for statement in _STATEMENTS:
        db.execute(statement)
