"""What the chain links (`ledger_chain`): the ledgers, and the tables that say who may do what.

Rows of a ledger are only added, but for what the program itself changes in them later. Rows of `STATES`
come, change and go, and each time leave a sum; a store of an older program has none of these.
"""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from crm_tui import payment_numbers, sqlite

POWERS = 40
"""The migration from which on the rows of `STATES` are linked, too."""


@dataclass(frozen=True)
class Ledger:
    """A table of which every row is summed. `columns` never grow, for the sums of old rows know none: a
    column that is added later gets a ledger of its own, at the end of `LEDGERS`.

    `key` gives each row a number that grows, in SQL with {0} for the row; rows are read in its order
    by `lead`, whose value is the key divided by `factor`. `named`: SQL for how people find the row,
    where that is not its key; `once`: a query for the names of rows that may have been there, `place`
    being what their key was made of. `where`: SQL for which rows are linked; all, if nothing is said.
    """

    table: str
    columns: str
    key: str = "{0}.id"
    lead: str = "id"
    factor: int = 1
    named: str = ""
    once: str = ""
    where: str = "1"

    def content(self, row: str) -> str:
        """SQL for what is summed of a row: its table, and each column as a literal."""
        values = [
            f"printf('%.9g', {row}.{name[1:]})" if name.startswith("~") else f"{row}.{name}"
            for name in self.columns.split()
        ]
        told = f"printf('{self.table}{' %Q' * len(values)}', {', '.join(values)})"
        # A text ends there at a sign of zero: all of it comes behind one (`ledger_chain.row_sum`).
        texts = [name for name in self.columns.split() if name != "id" and not name.endswith("_id")]
        whole = " || ".join(f"coalesce({row}.{name.lstrip('~')}, '')" for name in texts)
        return f"{told} || char(0) || {whole}"


_LINES = "{0}.sale_id * 100000 + {0}.line"

LEDGERS: tuple[Ledger, ...] = (
    Ledger("audit", "id at actor user_id command subject before after"),
    Ledger("sales", "id at channel customer_id order_id total actor kind of_sale reason import_id"),
    Ledger("sale_lines", "sale_id line item_id code name unit price quantity total discount cost"
           " of_line redeemed", _LINES, "sale_id", 100_000),
    Ledger("payments", "id at kind method amount received sale_id customer_id drawer_id actor note"),
    Ledger("stock_moves", "id item_id at quantity reason sale_id note actor cost document_id"),
    Ledger("receivables", "id customer_id sale_id at amount payment_id actor"),
    Ledger("price_changes", "id item_id at actor before after"),
    Ledger("cost_changes", "id item_id at actor before after"),
    Ledger("drawers", "id opened_at opened_by float closed_at closed_by note"),
    Ledger("drawer_counts", "drawer_id method expected counted",
           "{0}.drawer_id * 10 + " + payment_numbers.number_in_sql("{0}.method"), "drawer_id", 10),
    Ledger("roundings", "payment_id sale_id amount", "{0}.payment_id", "payment_id"),
    Ledger("consents", "id customer_id at answer basis actor"),
    Ledger("tier_changes", "id customer_id tier_id at"),
    Ledger("point_moves", "id lot_id at points kind sale_id actor note"),
    Ledger("redemptions", "sale_id points rupiah", "{0}.sale_id", "sale_id"),
    Ledger("reward_entries", "period_id rank customer_id name phone tier gift ~score spent given_at"
           " given_by", "{0}.period_id * 10000000 + {0}.rank", "period_id", 10_000_000),
    Ledger("lost_sales", "id at customer_id message_id item_id asked quantity why"),
    Ledger("undo_steps", "id at actor kind label data done_at"),
    Ledger("epochs", "epoch began_at backup backup_at marks", "{0}.epoch", "epoch"),
    Ledger("given_discounts", "sale_id rupiah", "{0}.sale_id", "sale_id"),
    Ledger("point_refunds", "payment_id sale_id return_id points rupiah", "{0}.payment_id",
           "payment_id"),
    Ledger("receipt_prints", "id sale_id at actor copy"),
    Ledger("transfers", "id at actor to_branch lines note document_id back_branch back_epoch back_id"),
    Ledger("transfer_lines", "transfer_id line item_id code name unit quantity price cost",
           "{0}.transfer_id * 100000 + {0}.line", "transfer_id", 100_000),
    Ledger("transfer_receipts", "id at actor from_branch from_epoch from_id lines note document_id"),
    Ledger("transfer_receipt_lines", "receipt_id line code sent arrived broken",
           "{0}.receipt_id * 100000 + {0}.line", "receipt_id", 100_000),
    Ledger("grant_requests", "id at actor home customer_id phone points"),
    Ledger("grants", "id at actor to_branch to_epoch to_id phone points lots"),
    Ledger("point_arrivals", "id at actor from_branch from_epoch from_id request_id customer_id"
           " phone points"),
    Ledger("consent_lifts", "consent_id line of_branch of_epoch of_id",
           "{0}.consent_id * 1000 + {0}.line", "consent_id", 1_000),
    Ledger("sale_turns", "id item_id at actor active"),
)  # fmt: skip
"""In the order of their numbers in the links: none is ever taken out, and new ones come at the end."""


def _by_words(table: str, columns: str, words: str, named: str, once: str) -> Ledger:
    """A table whose rows are known by words: their key is a number made of these."""
    at = f"crm_place({words})"
    return Ledger(table, columns, at, at.replace("{0}.", ""), 1, named, once)


_ROLE = "(SELECT name FROM roles WHERE id = {0}.role_id) || ' ' || {0}.permission"
_RIGHT = "{0}.role_id || ' ' || {0}.permission"
_RIGHTS = (
    "SELECT roles.name || ' ' || known.permission AS name, roles.id || ' ' || known.permission AS place"
    " FROM roles, (SELECT DISTINCT permission FROM role_permissions) AS known"
)

STATES: tuple[Ledger, ...] = (
    Ledger("roles", "id name", named="{0}.name"),
    _by_words("role_permissions", "role_id permission", _RIGHT, _ROLE, _RIGHTS),
    _by_words("role_ceilings", "role_id permission most", _RIGHT, _ROLE, _RIGHTS),
    Ledger("users", "id login name password_hash pin_hash role_id active must_change recovered_at",
           named="{0}.login"),
    _by_words("settings", "key value", "{0}.key", "{0}.key",
              "SELECT DISTINCT substr(subject, 9) AS name, substr(subject, 9) AS place FROM audit"
              " WHERE subject LIKE 'setting %'"),
    Ledger("backup_keys", "id recipient"),
    # Of a hundred thousand customers few have one of their own.
    Ledger("customers", "id credit_limit", where="{0}.credit_limit IS NOT NULL"),
)  # fmt: skip
"""What says who may do what. The same holds of their order."""
FIRST_STATE = 128
KNOWN: dict[int, Ledger] = {
    **dict(enumerate(LEDGERS)),
    **{FIRST_STATE + number: state for number, state in enumerate(STATES)},
}
"""All that is linked, by its number in the links."""


@lru_cache(512)
def place_of(words: str) -> int:
    """A number by which a row is known that has words for a key."""
    told = blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(told, "big") >> 2


def know_places(connection: sqlite.Connection) -> None:
    """Let a connection read keys of `STATES`."""
    connection.create_function(
        "crm_place", 1, lambda words: None if words is None else place_of(str(words)),
        deterministic=True,
    )  # fmt: skip
