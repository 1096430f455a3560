"""The first tables: staff, items, stock, customers, messages, orders, sales.

Moments are ISO 8601 text in UTC with milliseconds (`clock.stamp`); money is whole rupiah;
quantities are whole units of the item; ledgers are never changed, only added to.
"""

from sqlite_utils import Database

_KEY = "id INTEGER PRIMARY KEY AUTOINCREMENT"

_STATEMENTS = f"""
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE roles ({_KEY}, name TEXT NOT NULL UNIQUE COLLATE NOCASE) STRICT;

CREATE TABLE role_permissions (
    role_id INTEGER NOT NULL REFERENCES roles ON DELETE CASCADE,
    permission TEXT NOT NULL,
    PRIMARY KEY (role_id, permission)
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    {_KEY},
    login TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    role_id INTEGER NOT NULL REFERENCES roles,
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE audit (
    {_KEY},
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    user_id INTEGER REFERENCES users,
    command TEXT NOT NULL,
    subject TEXT NOT NULL,
    before TEXT,
    after TEXT
) STRICT;

CREATE TABLE changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    topic TEXT NOT NULL,
    row_id INTEGER NOT NULL
) STRICT;

CREATE TABLE items (
    {_KEY},
    code TEXT NOT NULL UNIQUE COLLATE NOCASE,
    code_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    price INTEGER NOT NULL CHECK (price >= 0),
    cost INTEGER CHECK (cost >= 0),
    category TEXT NOT NULL DEFAULT '',
    barcode TEXT NOT NULL DEFAULT '',
    other_names TEXT NOT NULL DEFAULT '',
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;

CREATE TABLE price_changes (
    {_KEY},
    item_id INTEGER NOT NULL REFERENCES items,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    before INTEGER,
    after INTEGER NOT NULL
) STRICT;

CREATE TABLE stock (
    item_id INTEGER PRIMARY KEY REFERENCES items,
    on_hand INTEGER NOT NULL DEFAULT 0,
    reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0)
) STRICT;

CREATE TABLE stock_moves (
    {_KEY},
    item_id INTEGER NOT NULL REFERENCES items,
    at TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity <> 0),
    reason TEXT NOT NULL,
    sale_id INTEGER REFERENCES sales,
    note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX stock_moves_item ON stock_moves (item_id, id);

CREATE TABLE customers (
    {_KEY},
    name TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL DEFAULT 'prospect' CHECK (kind IN ('prospect', 'customer')),
    consent TEXT NOT NULL DEFAULT 'unknown' CHECK (consent IN ('unknown', 'yes', 'stopped')),
    consent_at TEXT,
    consent_basis TEXT NOT NULL DEFAULT '',
    merged_into INTEGER REFERENCES customers,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE phones (
    number TEXT PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers
) STRICT, WITHOUT ROWID;
CREATE INDEX phones_customer ON phones (customer_id);

CREATE TABLE quotes (
    customer_id INTEGER NOT NULL REFERENCES customers,
    item_id INTEGER NOT NULL REFERENCES items,
    price INTEGER NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (customer_id, item_id)
) STRICT, WITHOUT ROWID;

-- Every SMS in and out. `phone` is E.164 where `reachable`, else what the network named.
-- `sent_at`: in, the service centre's time; out, when the network had taken all of it.
CREATE TABLE messages (
    {_KEY},
    direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
    kind TEXT NOT NULL,
    at TEXT NOT NULL,
    sent_at TEXT,
    phone TEXT NOT NULL,
    reachable INTEGER NOT NULL DEFAULT 1 CHECK (reachable IN (0, 1)),
    customer_id INTEGER REFERENCES customers,
    text TEXT NOT NULL,
    status TEXT NOT NULL,
    status_at TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    order_id INTEGER REFERENCES orders,
    -- in
    read_as TEXT,
    wishes TEXT,
    reference TEXT,
    segments INTEGER NOT NULL DEFAULT 1,
    -- out
    reply_to INTEGER REFERENCES messages,
    repeat_of INTEGER REFERENCES messages,
    priority INTEGER NOT NULL DEFAULT 2,
    not_before TEXT,
    expires_at TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    CHECK (direction = 'in' AND status IN
               ('new', 'answered', 'staff', 'done', 'incomplete', 'undecodable')
        OR direction = 'out' AND status IN
               ('queued', 'held', 'sending', 'sent', 'delivered', 'failed', 'in_doubt', 'expired',
                'cancelled'))
) STRICT;
CREATE INDEX messages_phone ON messages (phone, id);
CREATE INDEX messages_at ON messages (at);
CREATE INDEX messages_answers ON messages (phone, at) WHERE kind = 'answer';
CREATE INDEX messages_new ON messages (id) WHERE status = 'new';
CREATE INDEX messages_staff ON messages (id) WHERE status = 'staff';
CREATE INDEX messages_incomplete ON messages (phone, reference) WHERE status = 'incomplete';
CREATE INDEX messages_queued ON messages (priority, id) WHERE status = 'queued';
CREATE INDEX messages_held ON messages (not_before) WHERE status = 'held';
CREATE INDEX messages_sending ON messages (id) WHERE status = 'sending';
CREATE INDEX messages_doubt ON messages (not_before) WHERE status = 'in_doubt';
CREATE INDEX messages_reply ON messages (reply_to) WHERE reply_to IS NOT NULL;
CREATE INDEX messages_order ON messages (order_id) WHERE order_id IS NOT NULL;
CREATE UNIQUE INDEX messages_repeat ON messages (repeat_of) WHERE repeat_of IS NOT NULL;

-- Each SMS as it came; `identity` tells a second reading of it from a second SMS.
CREATE TABLE pdus (
    {_KEY},
    identity BLOB NOT NULL UNIQUE,
    at TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('deliver', 'report', 'undecodable')),
    pdu TEXT NOT NULL,
    message_id INTEGER REFERENCES messages,
    segment INTEGER
) STRICT;
CREATE INDEX pdus_message ON pdus (message_id) WHERE message_id IS NOT NULL;

-- Each SMS of an outgoing message. `open`: its fate may still be told by a report; `taken_at`: when
-- the service centre took it, as the report says.
CREATE TABLE segments (
    {_KEY},
    message_id INTEGER NOT NULL REFERENCES messages,
    number INTEGER NOT NULL,
    phone TEXT NOT NULL,
    pdu TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'queued' CHECK (status IN
        ('queued', 'sending', 'sent', 'delivered', 'failed', 'in_doubt')),
    status_at TEXT NOT NULL,
    reference INTEGER,
    taken_at TEXT,
    open INTEGER NOT NULL DEFAULT 0,
    UNIQUE (message_id, number)
) STRICT;
CREATE INDEX segments_open ON segments (phone, id) WHERE open = 1;

-- Order numbers are their keys.
CREATE TABLE orders (
    {_KEY},
    customer_id INTEGER NOT NULL REFERENCES customers,
    phone TEXT NOT NULL,
    message_id INTEGER REFERENCES messages,
    received_at TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN
        ('waiting', 'confirmed', 'rejected', 'collected', 'cancelled', 'expired')),
    status_at TEXT NOT NULL,
    confirmed_at TEXT,
    reserved_until TEXT,
    reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX orders_waiting ON orders (id) WHERE status = 'waiting';
CREATE INDEX orders_expiry ON orders (reserved_until)
    WHERE reserved_until IS NOT NULL;
CREATE INDEX orders_customer ON orders (customer_id, id);

CREATE TABLE order_lines (
    order_id INTEGER NOT NULL REFERENCES orders,
    line INTEGER NOT NULL,
    item_id INTEGER NOT NULL REFERENCES items,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    price INTEGER NOT NULL CHECK (price BETWEEN 0 AND 10000000000),
    quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 10000000),
    PRIMARY KEY (order_id, line),
    UNIQUE (order_id, item_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE reservations (
    order_id INTEGER NOT NULL REFERENCES orders,
    item_id INTEGER NOT NULL REFERENCES items,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (order_id, item_id)
) STRICT, WITHOUT ROWID;

-- What a customer was asked; YA answers it. One open question a customer.
CREATE TABLE questions (
    {_KEY},
    customer_id INTEGER NOT NULL REFERENCES customers,
    kind TEXT NOT NULL CHECK (kind IN ('order', 'change')),
    order_id INTEGER REFERENCES orders,
    lines TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    open INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX questions_order ON questions (order_id) WHERE open = 1;
CREATE UNIQUE INDEX questions_open ON questions (customer_id) WHERE open = 1;

CREATE TABLE sales (
    {_KEY},
    at TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('counter', 'sms')),
    customer_id INTEGER REFERENCES customers,
    order_id INTEGER REFERENCES orders,
    total INTEGER NOT NULL,
    actor TEXT NOT NULL
) STRICT;
CREATE INDEX sales_customer ON sales (customer_id, at);
CREATE INDEX sales_order ON sales (order_id) WHERE order_id IS NOT NULL;

CREATE TABLE sale_lines (
    sale_id INTEGER NOT NULL REFERENCES sales,
    line INTEGER NOT NULL,
    item_id INTEGER NOT NULL REFERENCES items,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    price INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (sale_id, line)
) STRICT, WITHOUT ROWID;

-- One row: what the worker that holds the modem says of itself.
CREATE TABLE gateway (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    holder TEXT NOT NULL,
    port TEXT NOT NULL,
    state TEXT NOT NULL,
    signal INTEGER,
    operator TEXT NOT NULL,
    error TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;

CREATE TRIGGER item_has_stock AFTER INSERT ON items BEGIN
    INSERT INTO stock (item_id) VALUES (new.id);
    UPDATE counters SET value = value + 1 WHERE name = 'catalogue';
END;
CREATE TRIGGER item_renamed AFTER UPDATE OF code_key, name, unit, other_names, active ON items BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'catalogue';
END;
CREATE TRIGGER goods_moved AFTER INSERT ON stock_moves BEGIN
    UPDATE stock SET on_hand = on_hand + new.quantity WHERE item_id = new.item_id;
END;
CREATE TRIGGER goods_reserved AFTER INSERT ON reservations BEGIN
    UPDATE stock SET reserved = reserved + new.quantity WHERE item_id = new.item_id;
END;
CREATE TRIGGER goods_freed AFTER DELETE ON reservations BEGIN
    UPDATE stock SET reserved = reserved - old.quantity WHERE item_id = old.item_id;
END;
INSERT INTO counters VALUES ('catalogue', 1);
"""  # noqa: S608 - _KEY is ours

_LEDGERS = ("audit", "changes", "price_changes", "stock_moves", "sales", "sale_lines")


def apply(db: Database) -> None:
    """Makes all tables; the ledgers among them refuse to be changed."""
    for statement in _split(_STATEMENTS):
        db.execute(statement)
    for ledger in _LEDGERS:
        for event in ("UPDATE", "DELETE"):
            db.execute(
                f"CREATE TRIGGER {ledger}_no_{event.lower()} BEFORE {event} ON {ledger} "
                f"BEGIN SELECT RAISE(ABORT, '{ledger} is only added to'); END"
            )


def _split(script: str) -> list[str]:
    """The statements of `script`: executescript would commit the migration's transaction."""
    statements: list[str] = []
    lines: list[str] = []
    for line in script.splitlines():
        lines.append(line)
        inside = any(each.startswith("CREATE TRIGGER") for each in lines)
        if line.rstrip().endswith("END;" if inside else ";"):
            statements.append("\n".join(lines))
            lines = []
    return statements
