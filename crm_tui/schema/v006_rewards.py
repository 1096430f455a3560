"""Rewards and promos: tiers, points, frozen lists, lost sales, promos with all who are in them.

Points, tiers given and lost sales are ledgers: they are only added to.
"""

from sqlite_utils import Database

_KEY = "id INTEGER PRIMARY KEY AUTOINCREMENT"

_STATEMENTS = (
    # A tier is for the best `top` hundredths of a percent of the ranked, or for all who bought for
    # `spent` rupiah within a year. Level 1 is the best. Discount in hundredths of a percent, the
    # multiplier of points in hundredths.
    f"""CREATE TABLE tiers (
        {_KEY},
        name TEXT NOT NULL UNIQUE COLLATE NOCASE,
        level INTEGER NOT NULL,
        top INTEGER CHECK (top BETWEEN 1 AND 10000),
        spent INTEGER CHECK (spent > 0),
        discount INTEGER NOT NULL DEFAULT 0 CHECK (discount BETWEEN 0 AND 10000),
        multiplier INTEGER NOT NULL DEFAULT 100 CHECK (multiplier BETWEEN 0 AND 10000),
        gift TEXT NOT NULL DEFAULT '',
        active INTEGER NOT NULL DEFAULT 1,
        CHECK ((top IS NULL) <> (spent IS NULL))
    ) STRICT""",
    f"""CREATE TABLE tier_changes (
        {_KEY},
        customer_id INTEGER NOT NULL REFERENCES customers,
        tier_id INTEGER REFERENCES tiers,
        at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX tier_changes_customer ON tier_changes (customer_id, id)",
    # The customers in a tier now.
    """CREATE TABLE members (
        customer_id INTEGER PRIMARY KEY REFERENCES customers,
        tier_id INTEGER NOT NULL REFERENCES tiers,
        since TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX members_tier ON members (tier_id)",
    """CREATE TRIGGER tier_given AFTER INSERT ON tier_changes BEGIN
        DELETE FROM members WHERE customer_id = new.customer_id;
        INSERT INTO members SELECT new.customer_id, new.tier_id, new.at WHERE new.tier_id IS NOT NULL;
    END""",
    # Points that came together and end together; `rest` is the sum of their moves.
    f"""CREATE TABLE point_lots (
        {_KEY},
        customer_id INTEGER NOT NULL REFERENCES customers,
        sale_id INTEGER REFERENCES sales,
        at TEXT NOT NULL,
        expires_at TEXT,
        rest INTEGER NOT NULL DEFAULT 0 CHECK (rest >= 0)
    ) STRICT""",
    "CREATE INDEX point_lots_customer ON point_lots (customer_id, id) WHERE rest > 0",
    "CREATE INDEX point_lots_expiry ON point_lots (expires_at)"
    " WHERE rest > 0 AND expires_at IS NOT NULL",
    "CREATE INDEX point_lots_whose ON point_lots (customer_id)",
    "CREATE INDEX point_lots_sale ON point_lots (sale_id) WHERE sale_id IS NOT NULL",
    f"""CREATE TABLE point_moves (
        {_KEY},
        lot_id INTEGER NOT NULL REFERENCES point_lots,
        at TEXT NOT NULL,
        points INTEGER NOT NULL CHECK (points <> 0),
        kind TEXT NOT NULL CHECK (kind IN ('earned', 'gift', 'spent', 'redeemed', 'taken_back',
            'given_back', 'expired')),
        sale_id INTEGER REFERENCES sales,
        actor TEXT NOT NULL,
        note TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    "CREATE INDEX point_moves_lot ON point_moves (lot_id, id)",
    "CREATE INDEX point_moves_sale ON point_moves (sale_id) WHERE sale_id IS NOT NULL",
    """CREATE TRIGGER points_moved AFTER INSERT ON point_moves BEGIN
        UPDATE point_lots SET rest = rest + new.points WHERE id = new.lot_id;
    END""",
    # Points of a sale that came back when they were spent already: later ones make them good.
    """CREATE TABLE point_debts (
        sale_id INTEGER PRIMARY KEY REFERENCES sales,
        customer_id INTEGER NOT NULL REFERENCES customers,
        owed INTEGER NOT NULL CHECK (owed >= 0)
    ) STRICT""",
    "CREATE INDEX point_debts_customer ON point_debts (customer_id) WHERE owed > 0",
    # Points that were spent in a sale, and the rupiah that they took off it.
    """CREATE TABLE redemptions (
        sale_id INTEGER PRIMARY KEY REFERENCES sales,
        points INTEGER NOT NULL CHECK (points > 0),
        rupiah INTEGER NOT NULL CHECK (rupiah > 0)
    ) STRICT""",
    # The ranked list of a period as it was frozen.
    f"""CREATE TABLE reward_periods (
        {_KEY},
        name TEXT NOT NULL,
        last_day TEXT NOT NULL,
        at TEXT NOT NULL,
        actor TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE reward_entries (
        period_id INTEGER NOT NULL REFERENCES reward_periods,
        rank INTEGER NOT NULL,
        customer_id INTEGER NOT NULL REFERENCES customers,
        name TEXT NOT NULL,
        phone TEXT NOT NULL,
        tier TEXT NOT NULL,
        gift TEXT NOT NULL,
        score REAL NOT NULL,
        spent INTEGER NOT NULL,
        given_at TEXT,
        given_by TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (period_id, rank)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX reward_entries_customer ON reward_entries (customer_id)",
    # What was asked for by SMS and could not be sold: `asked` as it was written.
    f"""CREATE TABLE lost_sales (
        {_KEY},
        at TEXT NOT NULL,
        customer_id INTEGER NOT NULL REFERENCES customers,
        message_id INTEGER REFERENCES messages,
        item_id INTEGER REFERENCES items,
        asked TEXT NOT NULL,
        quantity INTEGER,
        why TEXT NOT NULL CHECK (why IN ('stock', 'unknown'))
    ) STRICT""",
    "CREATE INDEX lost_sales_customer ON lost_sales (customer_id, id)",
    "CREATE INDEX lost_sales_at ON lost_sales (at)",
    "CREATE INDEX lost_sales_item ON lost_sales (item_id) WHERE item_id IS NOT NULL",
    # `control`: the share, in hundredths of a percent, that gets nothing. `window_days`: so long
    # purchases are counted. Discounts count from `starts_at` until `ends_at`; nothing is sent later.
    f"""CREATE TABLE promos (
        {_KEY},
        name TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('new', 'discount', 'text', 'howto')),
        text TEXT NOT NULL,
        audience TEXT NOT NULL,
        control INTEGER NOT NULL DEFAULT 0 CHECK (control BETWEEN 0 AND 9000),
        seed TEXT NOT NULL,
        window_days INTEGER NOT NULL,
        starts_at TEXT NOT NULL,
        ends_at TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('draft', 'building', 'running', 'paused', 'done',
            'cancelled')),
        created_at TEXT NOT NULL,
        actor TEXT NOT NULL,
        started_at TEXT,
        ended_at TEXT,
        built_upto INTEGER NOT NULL DEFAULT 0,
        next_at TEXT,
        fed_at TEXT
    ) STRICT""",
    "CREATE INDEX promos_open ON promos (id) WHERE status IN ('building', 'running', 'paused')",
    "CREATE INDEX promos_running ON promos (id) WHERE status = 'running'",
    # `part`: what is taken off the price, in hundredths of a percent; 0: it is only spoken of.
    """CREATE TABLE promo_items (
        promo_id INTEGER NOT NULL REFERENCES promos ON DELETE CASCADE,
        item_id INTEGER NOT NULL REFERENCES items,
        part INTEGER NOT NULL DEFAULT 0 CHECK (part BETWEEN 0 AND 10000),
        PRIMARY KEY (promo_id, item_id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX promo_items_item ON promo_items (item_id, part)",
    # The customers in a promo. `why`: the reason why one gets nothing, or got nothing after all.
    """CREATE TABLE promo_people (
        promo_id INTEGER NOT NULL REFERENCES promos ON DELETE CASCADE,
        customer_id INTEGER NOT NULL REFERENCES customers,
        phone TEXT NOT NULL,
        role TEXT NOT NULL CHECK (role IN ('send', 'control', 'left_out')),
        why TEXT NOT NULL DEFAULT '',
        message_id INTEGER REFERENCES messages,
        PRIMARY KEY (promo_id, customer_id)
    ) STRICT, WITHOUT ROWID""",
    # Never twice to one number, whatever the rules above it do.
    "CREATE UNIQUE INDEX promo_people_phone ON promo_people (promo_id, phone) WHERE role = 'send'",
    "CREATE INDEX promo_people_next ON promo_people (promo_id, customer_id)"
    " WHERE role = 'send' AND message_id IS NULL AND why = ''",
    "CREATE INDEX promo_people_message ON promo_people (message_id) WHERE message_id IS NOT NULL",
    # What points took off a line; its discount holds it.
    "ALTER TABLE sale_lines ADD COLUMN redeemed INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX stock_moves_at ON stock_moves (at, item_id, quantity)",
    # Sales are listed by their time: those of an old book come in later, and are older.
    "DROP INDEX sales_channel",
    "CREATE INDEX sales_channel ON sales (channel, at)",
    "CREATE INDEX promo_people_customer ON promo_people (customer_id)",
)

_LEDGERS = ("tier_changes", "point_moves", "lost_sales", "redemptions")

_SHIPPED = (("Emas", 1, 500, 200), ("Perak", 2, 2000, 150))


def apply(db: Database) -> None:
    """Adds tables, two tiers to begin with, and permissions."""
    for statement in _STATEMENTS:
        db.execute(statement)
    for ledger in _LEDGERS:
        for event in ("UPDATE", "DELETE"):
            db.execute(
                f"CREATE TRIGGER {ledger}_no_{event.lower()} BEFORE {event} ON {ledger} "
                f"BEGIN SELECT RAISE(ABORT, '{ledger} is only added to'); END"
            )
    for name, level, top, multiplier in _SHIPPED:
        db.execute(
            "INSERT INTO tiers (name, level, top, multiplier) VALUES (?, ?, ?, ?)",
            (name, level, top, multiplier),
        )
    # A role that may see reports and edit items runs the shop: it may reward and write to many.
    for permission in ("rewards.edit", "promos.send"):
        db.execute(
            "INSERT OR IGNORE INTO role_permissions SELECT DISTINCT role_id, ? FROM role_permissions"
            " WHERE permission = 'reports.view'",
            (permission,),
        )
