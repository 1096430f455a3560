"""The line over months: which SMS is which without a usable time, what was taken for a repetition, and
the time that counts while the computer's clock is in doubt.
"""

from sqlite_utils import Database

_KEY = "id INTEGER PRIMARY KEY AUTOINCREMENT"

_STATEMENTS = (
    # How many more SMS of the very same octets were taken in as SMS of their own.
    "ALTER TABLE pdus ADD COLUMN again INTEGER NOT NULL DEFAULT 0",
    # Memory and slot in which it may still lie; NULL: it is off the SIM, or never was on it.
    "ALTER TABLE pdus ADD COLUMN place TEXT",
    # NULL: its time tells it from others. Else 0: its slot was not touched; 1: it was about to be
    # emptied, and the modem had marked it as read; 2: as 1, of a modem that marks nothing.
    "ALTER TABLE pdus ADD COLUMN care INTEGER CHECK (care IN (0, 1, 2))",
    "CREATE INDEX pdus_place ON pdus (place) WHERE place IS NOT NULL",
    # What came again and was not taken in a second time; `times` from `at` to `last_at`.
    f"""CREATE TABLE repeats (
        {_KEY},
        pdu_id INTEGER NOT NULL REFERENCES pdus,
        message_id INTEGER REFERENCES messages,
        place TEXT NOT NULL,
        at TEXT NOT NULL,
        last_at TEXT NOT NULL,
        times INTEGER NOT NULL DEFAULT 1,
        UNIQUE (pdu_id, place)
    ) STRICT""",
    "CREATE INDEX repeats_message ON repeats (message_id) WHERE message_id IS NOT NULL",
    # Segments that come late find the message that lacks them.
    "CREATE INDEX messages_segments ON messages (phone, reference) WHERE reference IS NOT NULL",
    "DROP INDEX messages_incomplete",
    "CREATE INDEX messages_incomplete ON messages (at) WHERE status = 'incomplete'",
    # One row, the last moment that counted: `elapsed` is what the computer's own count of seconds
    # said then, in its run `boot`. `doubt`: what its wall clock shows that is not believed, ''
    # if it is; `gap`: whether an unknown time had passed when it was doubted. `network`: what the
    # network said last. `version` grows with each change of mind.
    """CREATE TABLE clock (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        at TEXT NOT NULL,
        elapsed REAL NOT NULL,
        boot TEXT NOT NULL,
        doubt TEXT NOT NULL DEFAULT '',
        gap INTEGER NOT NULL DEFAULT 0 CHECK (gap IN (0, 1)),
        network TEXT NOT NULL DEFAULT '',
        version INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
    "INSERT INTO clock (id, at, elapsed, boot)"
    " SELECT 1, max(at), 0, '' FROM (SELECT * FROM (SELECT at FROM audit ORDER BY id DESC LIMIT 1)"
    "  UNION ALL SELECT * FROM (SELECT at FROM messages ORDER BY id DESC LIMIT 1))"
    " HAVING max(at) > ''",
    # How many customers are meant by a promo whose list is being built: who is in the control group
    # follows from it, also when it goes on after a power cut.
    "ALTER TABLE promos ADD COLUMN people INTEGER",
)


def apply(db: Database) -> None:
    for statement in _STATEMENTS:
        db.execute(statement)
