"""What a shop's day needs: rights in finer grain, stock documents and counts, money, customers.

Payments, receivables and consents are ledgers: they are only added to.
"""

from sqlite_utils import Database

_KEY = "id INTEGER PRIMARY KEY AUTOINCREMENT"

_STATEMENTS = (
    # A password that somebody else chose is changed at the next login; a user who tried too often
    # waits for an Administrator.
    "ALTER TABLE users ADD COLUMN must_change INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE users ADD COLUMN locked_at TEXT",
    # `recount`: it was sold beyond the books, so that somebody should count it.
    "ALTER TABLE items ADD COLUMN reorder_level INTEGER CHECK (reorder_level >= 0)",
    "ALTER TABLE items ADD COLUMN recount INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX items_barcode ON items (barcode) WHERE barcode <> ''",
    "CREATE INDEX items_name ON items (name, id)",
    "CREATE INDEX items_price ON items (price, id)",
    "CREATE INDEX items_low ON items (id) WHERE reorder_level IS NOT NULL AND active = 1",
    "CREATE INDEX items_recount ON items (id) WHERE recount = 1",
    "CREATE INDEX price_changes_item ON price_changes (item_id, id)",
    "CREATE INDEX order_lines_item ON order_lines (item_id)",
    "CREATE INDEX reservations_item ON reservations (item_id)",
    f"""CREATE TABLE stock_documents (
        {_KEY},
        kind TEXT NOT NULL CHECK (kind IN ('receipt', 'supplier', 'correction', 'opname')),
        at TEXT NOT NULL,
        actor TEXT NOT NULL,
        partner TEXT NOT NULL DEFAULT '',
        note TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    # `cost`: rupiah a unit, for goods that came in.
    "ALTER TABLE stock_moves ADD COLUMN actor TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE stock_moves ADD COLUMN cost INTEGER",
    "ALTER TABLE stock_moves ADD COLUMN document_id INTEGER REFERENCES stock_documents",
    # A count of the shelves; `expected` is what the books said when the item was counted, so that
    # sales may go on.
    f"""CREATE TABLE counts (
        {_KEY},
        started_at TEXT NOT NULL,
        actor TEXT NOT NULL,
        category TEXT NOT NULL DEFAULT '',
        note TEXT NOT NULL DEFAULT '',
        status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'posted', 'dropped')),
        ended_at TEXT
    ) STRICT""",
    "CREATE UNIQUE INDEX counts_open ON counts (status) WHERE status = 'open'",
    """CREATE TABLE count_lines (
        count_id INTEGER NOT NULL REFERENCES counts,
        item_id INTEGER NOT NULL REFERENCES items,
        counted INTEGER NOT NULL CHECK (counted >= 0),
        expected INTEGER NOT NULL,
        at TEXT NOT NULL,
        actor TEXT NOT NULL,
        PRIMARY KEY (count_id, item_id)
    ) STRICT, WITHOUT ROWID""",
    "ALTER TABLE customers ADD COLUMN notes TEXT NOT NULL DEFAULT ''",
    # Rupiah that the customer may owe; NULL: what the setting says.
    "ALTER TABLE customers ADD COLUMN credit_limit INTEGER CHECK (credit_limit >= 0)",
    "ALTER TABLE customers ADD COLUMN active INTEGER NOT NULL DEFAULT 1",
    "CREATE INDEX customers_merged ON customers (merged_into) WHERE merged_into IS NOT NULL",
    "CREATE INDEX customers_name ON customers (name, id)",
    f"""CREATE TABLE consents (
        {_KEY},
        customer_id INTEGER NOT NULL REFERENCES customers,
        at TEXT NOT NULL,
        answer TEXT NOT NULL,
        basis TEXT NOT NULL,
        actor TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX consents_customer ON consents (customer_id, id)",
    "INSERT INTO consents (customer_id, at, answer, basis, actor)"
    " SELECT id, consent_at, consent, consent_basis, '' FROM customers WHERE consent_at IS NOT NULL",
    # What can be taken back for a while: deletions and merges; `data` says how.
    f"""CREATE TABLE undo_steps (
        {_KEY},
        at TEXT NOT NULL,
        actor TEXT NOT NULL,
        kind TEXT NOT NULL,
        label TEXT NOT NULL,
        data TEXT NOT NULL,
        done_at TEXT
    ) STRICT""",
    # `kind`: a return or a void names the sale that it takes back; its lines are negative.
    # A line's total is price × quantity − discount; `cost` is the item's then.
    "ALTER TABLE sales ADD COLUMN kind TEXT NOT NULL DEFAULT 'sale'"
    " CHECK (kind IN ('sale', 'return', 'void'))",
    "ALTER TABLE sales ADD COLUMN of_sale INTEGER REFERENCES sales",
    "ALTER TABLE sales ADD COLUMN reason TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE sale_lines ADD COLUMN discount INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE sale_lines ADD COLUMN cost INTEGER",
    "ALTER TABLE sale_lines ADD COLUMN of_line INTEGER",
    "CREATE INDEX sales_of ON sales (of_sale) WHERE of_sale IS NOT NULL",
    "CREATE INDEX sales_at ON sales (at)",
    "CREATE INDEX sales_channel ON sales (channel, id)",
    "CREATE INDEX sale_lines_item ON sale_lines (item_id, sale_id)",
    # A drawer is open from one count of its money to the next.
    f"""CREATE TABLE drawers (
        {_KEY},
        opened_at TEXT NOT NULL,
        opened_by TEXT NOT NULL,
        float INTEGER NOT NULL DEFAULT 0,
        closed_at TEXT,
        closed_by TEXT,
        note TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    "CREATE UNIQUE INDEX drawers_open ON drawers (closed_at IS NULL) WHERE closed_at IS NULL",
    """CREATE TABLE drawer_counts (
        drawer_id INTEGER NOT NULL REFERENCES drawers,
        method TEXT NOT NULL,
        expected INTEGER NOT NULL,
        counted INTEGER NOT NULL,
        PRIMARY KEY (drawer_id, method)
    ) STRICT, WITHOUT ROWID""",
    # Money that came in (negative: went out). `received`: the notes that were handed over.
    f"""CREATE TABLE payments (
        {_KEY},
        at TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('sale', 'refund', 'repayment', 'drawer')),
        method TEXT NOT NULL CHECK (method IN ('cash', 'transfer', 'qris', 'account')),
        amount INTEGER NOT NULL CHECK (amount <> 0),
        received INTEGER,
        sale_id INTEGER REFERENCES sales,
        customer_id INTEGER REFERENCES customers,
        drawer_id INTEGER NOT NULL REFERENCES drawers,
        actor TEXT NOT NULL,
        note TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    "CREATE INDEX payments_sale ON payments (sale_id) WHERE sale_id IS NOT NULL",
    "CREATE INDEX payments_drawer ON payments (drawer_id, method)",
    "CREATE INDEX payments_customer ON payments (customer_id, id) WHERE customer_id IS NOT NULL",
    # What a customer owes for a sale: charged, less what was repaid or given back.
    f"""CREATE TABLE receivables (
        {_KEY},
        customer_id INTEGER NOT NULL REFERENCES customers,
        sale_id INTEGER NOT NULL REFERENCES sales,
        at TEXT NOT NULL,
        amount INTEGER NOT NULL CHECK (amount <> 0),
        payment_id INTEGER NOT NULL REFERENCES payments,
        actor TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE dues (
        sale_id INTEGER PRIMARY KEY REFERENCES sales,
        customer_id INTEGER NOT NULL REFERENCES customers,
        due INTEGER NOT NULL CHECK (due >= 0)
    ) STRICT""",
    "CREATE INDEX dues_customer ON dues (customer_id, sale_id) WHERE due > 0",
    """CREATE TRIGGER sale_charged AFTER INSERT ON receivables BEGIN
        INSERT OR IGNORE INTO dues VALUES (new.sale_id, new.customer_id, 0);
        UPDATE dues SET due = due + new.amount WHERE sale_id = new.sale_id;
    END""",
    f"""CREATE TABLE parked_sales (
        {_KEY},
        at TEXT NOT NULL,
        actor TEXT NOT NULL,
        customer_id INTEGER REFERENCES customers,
        label TEXT NOT NULL DEFAULT '',
        cart TEXT NOT NULL
    ) STRICT""",
    # Every sale before there was a till was paid in cash, into a drawer that nobody counted.
    "INSERT INTO drawers (opened_at, opened_by, closed_at, closed_by)"
    " SELECT first, '', last, '' FROM (SELECT min(at) AS first, max(at) AS last FROM sales)"
    " WHERE first IS NOT NULL",
    "INSERT INTO payments (at, kind, method, amount, sale_id, customer_id, drawer_id, actor)"
    " SELECT at, 'sale', 'cash', total, id, customer_id, (SELECT max(id) FROM drawers), actor"
    " FROM sales WHERE total <> 0",
)

_LEDGERS = ("payments", "receivables", "consents")

_GRANTED = {
    "Branch Manager": (
        "items.view", "prices.edit", "customers.view", "customers.merge", "sales.view",
        "drawer.close", "audit.view",
    ),
    "Kepala Bengkel": (
        "items.view", "prices.edit", "stock.receive", "customers.view", "customers.edit",
        "sales.view", "sales.sell", "sales.discount", "sales.credit", "sales.oversell",
        "sales.return", "sales.repay", "drawer.close",
    ),
    "Staf Konter": (
        "items.view", "customers.view", "sales.view", "sales.sell", "sales.repay", "drawer.close",
    ),
}  # fmt: skip
_ALL = (
    "items.view", "prices.edit", "stock.receive", "customers.view", "customers.merge",
    "sales.view", "sales.sell", "sales.discount", "sales.credit", "sales.oversell", "sales.return",
    "sales.repay", "drawer.close", "audit.view",
)  # fmt: skip


def apply(db: Database) -> None:
    """Adds tables, columns and permissions; what was sold before was paid in cash."""
    for statement in _STATEMENTS:
        db.execute(statement)
    for ledger in _LEDGERS:
        for event in ("UPDATE", "DELETE"):
            db.execute(
                f"CREATE TRIGGER {ledger}_no_{event.lower()} BEFORE {event} ON {ledger} "
                f"BEGIN SELECT RAISE(ABORT, '{ledger} is only added to'); END"
            )
    for name, permissions in _GRANTED.items():
        for permission in permissions:
            db.execute(
                "INSERT OR IGNORE INTO role_permissions SELECT id, ? FROM roles WHERE name = ?",
                (permission, name),
            )
    for permission in _ALL:
        db.execute(
            "INSERT OR IGNORE INTO role_permissions"
            " SELECT role_id, ? FROM role_permissions WHERE permission = 'users.edit'",
            (permission,),
        )
