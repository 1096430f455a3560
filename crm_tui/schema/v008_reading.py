"""Reading what customers write: what the shop said last, what was read and what people made of it,
the shop's own words, and who wants to be told when goods come in.
"""

from sqlite_utils import Database

_KEY = "id INTEGER PRIMARY KEY AUTOINCREMENT"

_STATEMENTS = (
    # What the shop's last answer to a customer offered: the items of its list in their order, or those
    # that it quoted; `message_id` is that answer, and it counts while nothing else was said since.
    """CREATE TABLE talks (
        customer_id INTEGER PRIMARY KEY REFERENCES customers,
        message_id INTEGER NOT NULL REFERENCES messages,
        offered TEXT NOT NULL,
        choosing TEXT NOT NULL,
        quantity INTEGER,
        quoted TEXT NOT NULL,
        expires_at TEXT NOT NULL
    ) STRICT""",
    # A free text as it was read. `acted`: done by itself; else it was suggested to the staff, `reply`
    # being what the customer would have been told. `verdict`: what people made of it.
    """CREATE TABLE readings (
        message_id INTEGER PRIMARY KEY REFERENCES messages,
        at TEXT NOT NULL,
        sureness REAL NOT NULL,
        spans TEXT NOT NULL,
        candidates TEXT NOT NULL,
        acted INTEGER NOT NULL CHECK (acted IN (0, 1)),
        reply TEXT NOT NULL,
        verdict TEXT CHECK (verdict IN ('accepted', 'corrected', 'dropped')),
        decided_at TEXT,
        actor TEXT
    ) STRICT""",
    "CREATE INDEX readings_open ON readings (message_id) WHERE verdict IS NULL",
    # Words and phrases that mean the same to this shop's customers, beside those of the program.
    f"""CREATE TABLE same_words (
        {_KEY},
        words TEXT NOT NULL,
        at TEXT NOT NULL,
        actor TEXT NOT NULL
    ) STRICT""",
    # Other names of items that the staff did not want: they are not proposed again.
    """CREATE TABLE refused_names (
        item_id INTEGER NOT NULL,
        name TEXT NOT NULL,
        at TEXT NOT NULL,
        actor TEXT NOT NULL,
        PRIMARY KEY (item_id, name)
    ) STRICT, WITHOUT ROWID""",
    # "Tell me when it is there": `quantity` units of it must be there, `at` is when it was asked last,
    # `look_at` when it is worth looking again; `told` is the SMS that told them.
    f"""CREATE TABLE waiting_list (
        {_KEY},
        customer_id INTEGER NOT NULL REFERENCES customers,
        phone TEXT NOT NULL,
        item_id INTEGER NOT NULL REFERENCES items,
        quantity INTEGER NOT NULL CHECK (quantity > 0),
        message_id INTEGER REFERENCES messages,
        at TEXT NOT NULL,
        until TEXT NOT NULL,
        look_at TEXT NOT NULL,
        told INTEGER REFERENCES messages,
        ended_at TEXT
    ) STRICT""",
    "CREATE UNIQUE INDEX waiting_list_open ON waiting_list (phone, item_id) WHERE ended_at IS NULL",
    "CREATE INDEX waiting_list_look ON waiting_list (look_at) WHERE ended_at IS NULL",
    "CREATE INDEX waiting_list_until ON waiting_list (until) WHERE ended_at IS NULL",
    "CREATE INDEX waiting_list_item ON waiting_list (item_id, id)",
    "CREATE INDEX waiting_list_told ON waiting_list (told) WHERE told IS NOT NULL",
)


def apply(db: Database) -> None:
    for statement in _STATEMENTS:
        db.execute(statement)
