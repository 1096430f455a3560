"""Privacy: a right of its own to hand out and to erase what is kept of one customer, and ledgers that
let a name or a customer's words be emptied, and nothing else be changed.
"""

from sqlite_utils import Database

_STATEMENTS = (
    "INSERT OR IGNORE INTO role_permissions SELECT role_id, 'customers.erase' FROM role_permissions"
    " WHERE permission = 'upkeep.export'",
    # What was asked for in vain, in the customer's words: they may be emptied.
    "DROP TRIGGER lost_sales_no_update",
    "CREATE TRIGGER lost_sales_no_update BEFORE UPDATE ON lost_sales WHEN new.asked <> ''"
    " OR (new.id, new.at, new.customer_id, new.why) <> (old.id, old.at, old.customer_id, old.why)"
    " OR new.message_id IS NOT old.message_id OR new.item_id IS NOT old.item_id"
    " OR new.quantity IS NOT old.quantity"
    " BEGIN SELECT RAISE(ABORT, 'lost_sales is only added to'); END",
    # A reward is given once, and stays as it was ranked; the name in it may be emptied.
    "DROP TRIGGER IF EXISTS reward_entries_no_update",
    "CREATE TRIGGER reward_entries_no_update BEFORE UPDATE ON reward_entries WHEN"
    " (new.period_id, new.rank, new.customer_id, new.tier, new.gift, new.score, new.spent) <>"
    " (old.period_id, old.rank, old.customer_id, old.tier, old.gift, old.score, old.spent)"
    " OR NOT (new.name = '' AND new.phone = '' AND new.given_at IS old.given_at"
    "  OR new.name = old.name AND new.phone = old.phone AND old.given_at IS NULL"
    "  AND new.given_at IS NOT NULL)"
    " BEGIN SELECT RAISE(ABORT, 'a reward is given once'); END",
)


def apply(db: Database) -> None:
    """Adds a permission, and changes two triggers; changes no row of the shop's own."""
    for statement in _STATEMENTS:
        db.execute(statement)
