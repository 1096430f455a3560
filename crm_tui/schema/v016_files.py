"""Files of a shop: what their columns are, remembered by their headings; and imports taken back."""

from sqlite_utils import Database

_STATEMENTS = (
    # `headings`: one a line; `columns`: JSON, place of the column → field, "" for none.
    """CREATE TABLE import_choices (
        kind TEXT NOT NULL,
        headings TEXT NOT NULL,
        columns TEXT NOT NULL,
        at TEXT NOT NULL,
        actor TEXT NOT NULL,
        PRIMARY KEY (kind, headings)
    ) STRICT, WITHOUT ROWID""",
    # Customers whom an import of sales has made, in the order in which it did.
    """CREATE TABLE import_customers (
        customer_id INTEGER PRIMARY KEY,
        import_id INTEGER NOT NULL REFERENCES imports
    ) STRICT""",
    "CREATE INDEX import_customers_import ON import_customers (import_id)",
    # When the rows of an import began to be taken out again, and when the last one was.
    "ALTER TABLE imports ADD COLUMN back_from TEXT",
    "ALTER TABLE imports ADD COLUMN back_at TEXT",
    # Old sales moved neither goods nor money: while their import is taken back, and only then, the
    # ledgers let them go.
    "DROP TRIGGER sales_no_delete",
    "CREATE TRIGGER sales_no_delete BEFORE DELETE ON sales"
    " WHEN NOT EXISTS (SELECT 1 FROM imports WHERE imports.id = OLD.import_id"
    " AND back_from IS NOT NULL)"
    " BEGIN SELECT RAISE(ABORT, 'sales is only added to'); END",
    "DROP TRIGGER sale_lines_no_delete",
    "CREATE TRIGGER sale_lines_no_delete BEFORE DELETE ON sale_lines"
    " WHEN NOT EXISTS (SELECT 1 FROM sales JOIN imports ON imports.id = import_id"
    " WHERE sales.id = OLD.sale_id AND back_from IS NOT NULL)"
    " BEGIN SELECT RAISE(ABORT, 'sale_lines is only added to'); END",
)


def apply(db: Database) -> None:
    """Adds two tables and two columns, and renews two triggers; changes no row."""
    for statement in _STATEMENTS:
        db.execute(statement)
