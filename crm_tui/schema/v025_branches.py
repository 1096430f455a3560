"""Branches of one firm: goods and points that travel between them, STOPs heard elsewhere, central
prices.

What a branch says itself are ledgers: they are only added to, and a number in them may be emptied.
What came down from the head office is kept beside, under the key that it has there.
"""

from sqlite_utils import Database

_KEY = "id INTEGER PRIMARY KEY AUTOINCREMENT"

_STATEMENTS = (
    # Goods that were sent to another branch, in so many `lines`: what comes in pieces is whole when
    # all of them are there. `back_…`: the transfer that this one takes back.
    f"""CREATE TABLE transfers (
        {_KEY},
        at TEXT NOT NULL,
        actor TEXT NOT NULL,
        to_branch INTEGER NOT NULL,
        lines INTEGER NOT NULL,
        note TEXT NOT NULL DEFAULT '',
        document_id INTEGER NOT NULL REFERENCES stock_documents,
        back_branch INTEGER,
        back_epoch INTEGER,
        back_id INTEGER
    ) STRICT""",
    # `price` and `cost` in rupiah a unit, as they were where the goods left.
    """CREATE TABLE transfer_lines (
        transfer_id INTEGER NOT NULL REFERENCES transfers,
        line INTEGER NOT NULL,
        item_id INTEGER NOT NULL REFERENCES items,
        code TEXT NOT NULL,
        name TEXT NOT NULL,
        unit TEXT NOT NULL,
        quantity INTEGER NOT NULL CHECK (quantity > 0),
        price INTEGER NOT NULL,
        cost INTEGER,
        PRIMARY KEY (transfer_id, line)
    ) STRICT, WITHOUT ROWID""",
    # Goods that came, a transfer once.
    f"""CREATE TABLE transfer_receipts (
        {_KEY},
        at TEXT NOT NULL,
        actor TEXT NOT NULL,
        from_branch INTEGER NOT NULL,
        from_epoch INTEGER NOT NULL,
        from_id INTEGER NOT NULL,
        lines INTEGER NOT NULL,
        note TEXT NOT NULL DEFAULT '',
        document_id INTEGER NOT NULL REFERENCES stock_documents,
        UNIQUE (from_branch, from_epoch, from_id)
    ) STRICT""",
    # `arrived` went onto the shelf, `broken` did not; what is missing of `sent` is the rest, and less
    # than nothing if more came.
    """CREATE TABLE transfer_receipt_lines (
        receipt_id INTEGER NOT NULL REFERENCES transfer_receipts,
        line INTEGER NOT NULL,
        code TEXT NOT NULL,
        sent INTEGER NOT NULL,
        arrived INTEGER NOT NULL CHECK (arrived >= 0),
        broken INTEGER NOT NULL CHECK (broken >= 0),
        PRIMARY KEY (receipt_id, line)
    ) STRICT, WITHOUT ROWID""",
    # What is on its way to this branch, or came, as the head office told it.
    f"""CREATE TABLE arrivals (
        {_KEY},
        from_branch INTEGER NOT NULL,
        from_epoch INTEGER NOT NULL,
        from_id INTEGER NOT NULL,
        sent_at TEXT NOT NULL,
        told_at TEXT NOT NULL,
        actor TEXT NOT NULL,
        note TEXT NOT NULL,
        back_id INTEGER,
        receipt_id INTEGER REFERENCES transfer_receipts,
        UNIQUE (from_branch, from_epoch, from_id)
    ) STRICT""",
    "CREATE INDEX arrivals_open ON arrivals (id) WHERE receipt_id IS NULL",
    # `arrived` NULL: nobody has looked yet.
    """CREATE TABLE arrival_lines (
        arrival_id INTEGER NOT NULL REFERENCES arrivals,
        line INTEGER NOT NULL,
        code TEXT NOT NULL,
        name TEXT NOT NULL,
        unit TEXT NOT NULL,
        quantity INTEGER NOT NULL CHECK (quantity > 0),
        price INTEGER NOT NULL,
        cost INTEGER,
        arrived INTEGER CHECK (arrived >= 0),
        broken INTEGER NOT NULL DEFAULT 0 CHECK (broken >= 0),
        PRIMARY KEY (arrival_id, line)
    ) STRICT, WITHOUT ROWID""",
    # What became of the transfers of this branch. `lines`: [[line, arrived, broken], …]. One whose
    # transfer is not here was sent in a history that a restored backup does not know.
    """CREATE TABLE transfer_ends (
        epoch INTEGER NOT NULL,
        transfer_id INTEGER NOT NULL,
        at TEXT NOT NULL,
        actor TEXT NOT NULL,
        note TEXT NOT NULL,
        lines TEXT NOT NULL,
        PRIMARY KEY (epoch, transfer_id)
    ) STRICT, WITHOUT ROWID""",
    # Transfers of this branch that only the head office knows, since a backup was restored.
    """CREATE TABLE transfers_lost (
        epoch INTEGER NOT NULL,
        transfer_id INTEGER NOT NULL,
        at TEXT NOT NULL,
        note TEXT NOT NULL,
        PRIMARY KEY (epoch, transfer_id)
    ) STRICT, WITHOUT ROWID""",
    # Points of a customer that another branch is asked for, …
    f"""CREATE TABLE grant_requests (
        {_KEY},
        at TEXT NOT NULL,
        actor TEXT NOT NULL,
        home INTEGER NOT NULL,
        customer_id INTEGER NOT NULL REFERENCES customers,
        phone TEXT NOT NULL,
        points INTEGER NOT NULL CHECK (points > 0)
    ) STRICT""",
    # … that this branch gave another one (0: none were there), a request once, …
    f"""CREATE TABLE grants (
        {_KEY},
        at TEXT NOT NULL,
        actor TEXT NOT NULL,
        to_branch INTEGER NOT NULL,
        to_epoch INTEGER NOT NULL,
        to_id INTEGER NOT NULL,
        phone TEXT NOT NULL,
        points INTEGER NOT NULL CHECK (points >= 0),
        lots TEXT NOT NULL,
        UNIQUE (to_branch, to_epoch, to_id)
    ) STRICT""",
    # … and that came here, a grant once.
    f"""CREATE TABLE point_arrivals (
        {_KEY},
        at TEXT NOT NULL,
        actor TEXT NOT NULL,
        from_branch INTEGER NOT NULL,
        from_epoch INTEGER NOT NULL,
        from_id INTEGER NOT NULL,
        request_id INTEGER,
        customer_id INTEGER NOT NULL REFERENCES customers,
        phone TEXT NOT NULL,
        points INTEGER NOT NULL CHECK (points >= 0),
        UNIQUE (from_branch, from_epoch, from_id)
    ) STRICT""",
    "CREATE INDEX point_arrivals_request ON point_arrivals (request_id)",
    # Points that were lent because those of another branch had not come yet.
    """CREATE TABLE point_loans (
        lot_id INTEGER PRIMARY KEY REFERENCES point_lots,
        customer_id INTEGER NOT NULL REFERENCES customers,
        owed INTEGER NOT NULL CHECK (owed >= 0)
    ) STRICT""",
    "CREATE INDEX point_loans_customer ON point_loans (customer_id) WHERE owed > 0",
    # Each STOP by its row of consents at the branch where it was said (0, 0: here). `lifted`: a START
    # that knew of it was said since.
    """CREATE TABLE stops (
        branch INTEGER NOT NULL,
        epoch INTEGER NOT NULL,
        stop_id INTEGER NOT NULL,
        phone TEXT NOT NULL,
        at TEXT NOT NULL,
        lifted INTEGER NOT NULL DEFAULT 0 CHECK (lifted IN (0, 1)),
        PRIMARY KEY (branch, epoch, stop_id, phone)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX stops_phone ON stops (phone) WHERE lifted = 0",
    # The STOPs that a START said here knew of.
    """CREATE TABLE consent_lifts (
        consent_id INTEGER NOT NULL REFERENCES consents,
        line INTEGER NOT NULL,
        of_branch INTEGER NOT NULL,
        of_epoch INTEGER NOT NULL,
        of_id INTEGER NOT NULL,
        PRIMARY KEY (consent_id, line)
    ) STRICT, WITHOUT ROWID""",
    # What the program itself writes because of another branch is nobody's own word.
    """CREATE TRIGGER consent_stopped AFTER INSERT ON consents
        WHEN new.answer = 'stopped' AND new.actor NOT LIKE 'chain:%' BEGIN
        INSERT INTO stops SELECT 0, 0, new.id, number, new.at, 0 FROM phones
            WHERE customer_id = (SELECT kept_id FROM kept WHERE id = new.customer_id);
    END""",
    """CREATE TRIGGER consent_given AFTER INSERT ON consents
        WHEN new.answer = 'yes' AND new.actor NOT LIKE 'chain:%' BEGIN
        INSERT INTO consent_lifts
            SELECT new.id, row_number() OVER (ORDER BY branch, epoch, stop_id), branch, epoch, stop_id
            FROM (SELECT DISTINCT branch, epoch, stop_id FROM stops WHERE lifted = 0 AND phone IN
                (SELECT number FROM phones WHERE customer_id =
                    (SELECT kept_id FROM kept WHERE id = new.customer_id)));
        UPDATE stops SET lifted = 1 WHERE (branch, epoch, stop_id) IN
            (SELECT of_branch, of_epoch, of_id FROM consent_lifts WHERE consent_id = new.id);
    END""",
    # A number that comes to a customer who said STOP is stopped with the same word, …
    """CREATE TRIGGER phone_stopped AFTER INSERT ON phones BEGIN
        INSERT OR IGNORE INTO stops SELECT branch, epoch, stop_id, new.number, at, 0 FROM stops
            WHERE lifted = 0 AND phone IN
            (SELECT number FROM phones WHERE customer_id = new.customer_id AND number <> new.number);
    END""",
    # … and one of whom a STOP was heard is nobody's to write promos to, …
    """CREATE TRIGGER phone_known AFTER INSERT ON phones WHEN EXISTS (SELECT 1 FROM stops
        WHERE phone = new.number AND lifted = 0) AND EXISTS (SELECT 1 FROM customers
        WHERE id = new.customer_id AND consent <> 'stopped') BEGIN
        INSERT INTO consents (customer_id, at, answer, basis, actor)
            SELECT new.customer_id, max(at), 'stopped', 'said in another branch', 'chain:office'
            FROM stops WHERE phone = new.number AND lifted = 0;
        UPDATE customers SET consent = 'stopped', consent_basis = 'said in another branch',
            consent_at = (SELECT max(at) FROM stops WHERE phone = new.number AND lifted = 0)
            WHERE id = new.customer_id;
    END""",
    # … and those who are stopped today said so here.
    "INSERT INTO stops SELECT 0, 0, (SELECT max(said.id) FROM consents AS said WHERE said.answer ="
    " 'stopped' AND said.customer_id IN (SELECT id FROM kept WHERE kept_id = customers.id)), number,"
    " consent_at, 0 FROM customers JOIN phones ON customer_id = customers.id WHERE consent = 'stopped'"
    " AND consent_at IS NOT NULL AND EXISTS (SELECT 1 FROM consents AS said WHERE said.answer ="
    " 'stopped' AND said.customer_id IN (SELECT id FROM kept WHERE kept_id = customers.id))",
    # The price that the head office asks for, and since when; `own`: the branch asks for another one.
    # `card_at`: of when name and unit are.
    """CREATE TABLE central_prices (
        item_id INTEGER PRIMARY KEY REFERENCES items,
        price INTEGER NOT NULL CHECK (price >= 0),
        at TEXT NOT NULL,
        card_at TEXT NOT NULL DEFAULT '',
        own INTEGER NOT NULL DEFAULT 0 CHECK (own IN (0, 1))
    ) STRICT""",
    # What others have, as the head office heard it last.
    """CREATE TABLE stock_elsewhere (
        branch INTEGER NOT NULL,
        code_key TEXT NOT NULL,
        available INTEGER NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (branch, code_key)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX stock_elsewhere_code ON stock_elsewhere (code_key)",
    """CREATE TABLE points_elsewhere (
        branch INTEGER NOT NULL,
        phone TEXT NOT NULL,
        points INTEGER NOT NULL CHECK (points >= 0),
        at TEXT NOT NULL,
        PRIMARY KEY (branch, phone)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX points_elsewhere_phone ON points_elsewhere (phone)",
    # What the head office says of a person: the tier, and rupiah spent in all branches.
    """CREATE TABLE standings_elsewhere (
        phone TEXT PRIMARY KEY,
        tier TEXT NOT NULL,
        spent INTEGER NOT NULL,
        at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    # Numbers that belong to one person, as the head office knows; the newest `version` counts.
    """CREATE TABLE people_elsewhere (
        person TEXT NOT NULL,
        version INTEGER NOT NULL,
        phone TEXT NOT NULL,
        PRIMARY KEY (person, phone)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE branch_names (
        branch INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        closed_at TEXT
    ) STRICT""",
    # Rows from the head office that could not be taken, and why; they are tried again.
    """CREATE TABLE downs_aside (
        lineage TEXT NOT NULL,
        seq INTEGER NOT NULL,
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        body TEXT NOT NULL,
        sent_at TEXT NOT NULL,
        at TEXT NOT NULL,
        why TEXT NOT NULL,
        PRIMARY KEY (lineage, seq)
    ) STRICT, WITHOUT ROWID""",
    # The number of a branch is what it was enrolled as.
    "DELETE FROM settings WHERE key = 'shop.branch'",
)

_LEDGERS = (
    "transfers", "transfer_lines", "transfer_receipts", "transfer_receipt_lines", "consent_lifts",
)  # fmt: skip
_WITH_PHONES = {
    "grant_requests": "id at actor home customer_id points",
    "grants": "id at actor to_branch to_epoch to_id points lots",
    "point_arrivals": "id at actor from_branch from_epoch from_id request_id customer_id points",
}
"""Ledgers of which the number may be emptied, and the columns that stay."""

_WIDER = {
    "point_moves": ("'given_back', 'expired')", "'given_back', 'expired', 'moved_out', 'moved_in',"
                    " 'lent', 'repaid')"),
    "stock_documents": ("'correction', 'opname')", "'correction', 'opname', 'transfer', 'arrival')"),
}  # fmt: skip
"""What a table's CHECK takes: before, and from now on."""

_GRANTED = {
    "branches.send": "stock.receive",
    "branches.receive": "stock.receive",
    "branches.points": "sales.points",
    "branches.own_price": "rewards.edit",
}
"""Each new permission, and the one whose holders get it."""


def apply(db: Database) -> None:
    """Adds tables, triggers and permissions, and widens two CHECKs; takes a setting away."""
    for statement in _STATEMENTS:
        db.execute(statement)
    for ledger in _LEDGERS:
        _only_added_to(db, ledger, "UPDATE", "")
    for ledger, columns in _WITH_PHONES.items():
        stays = " OR ".join(f"new.{each} IS NOT old.{each}" for each in columns.split())
        _only_added_to(db, ledger, "UPDATE", f"WHEN new.phone <> '' OR {stays}")
    for ledger in (*_LEDGERS, *_WITH_PHONES):
        _only_added_to(db, ledger, "DELETE", "")
    _widen(db)
    granted = [*_GRANTED.items(), *((each, "users.edit") for each in _GRANTED)]
    for permission, held in granted:
        db.execute(
            "INSERT OR IGNORE INTO role_permissions"
            " SELECT role_id, ? FROM role_permissions WHERE permission = ?",
            (permission, held),
        )


def _only_added_to(db: Database, ledger: str, event: str, when: str) -> None:
    db.execute(
        f"CREATE TRIGGER {ledger}_no_{event.lower()} BEFORE {event} ON {ledger} {when} "
        f"BEGIN SELECT RAISE(ABORT, '{ledger} is only added to'); END"
    )


def _widen(db: Database) -> None:
    """Let CHECKs take more. Rows, triggers, indexes and references stay untouched: SQLite's own way
    for a change that leaves all rows valid (its page on ALTER TABLE)."""
    version = db.execute("PRAGMA schema_version").fetchone()[0]
    db.execute("PRAGMA writable_schema=ON")
    for table, (before, after) in _WIDER.items():
        changed = db.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ?"
            " AND instr(sql, ?) RETURNING 1",
            (before, after, table, before),
        ).fetchall()
        assert len(changed) == 1, table
    db.execute(f"PRAGMA schema_version={version + 1}")
    db.execute("PRAGMA writable_schema=RESET")
