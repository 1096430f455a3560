"""The lists of customers and of what they asked for in vain."""

from crm_tui.errors import N_
from crm_tui.shop.customers.lost import NEVER_BOUGHT
from crm_tui.shop.gate import spelling
from crm_tui.shop.gate.listing import Listing, Part, Sort
from crm_tui.shop.gate.phones import FOR_SMS
from crm_tui.shop.gate.spelling import Vocabulary

BY_NAME = "coalesce(nullif(upper(customers.name), ''), char(1114111))"
"""SQL: what customers are sorted by, as the index `customers_by_name` has it: names, capitals aside;
those without one stand behind all others."""

_PHONES = (
    "coalesce((SELECT group_concat(number, ' ') FROM phones WHERE customer_id = customers.id), '')"
)


_DUE = (
    "(SELECT coalesce(sum(due), 0) FROM dues WHERE due > 0 AND dues.customer_id IN"
    " (SELECT id FROM kept WHERE kept_id = customers.id))"
)


_NAMES = Vocabulary(
    "SELECT count(*) || '/' || coalesce(sum(length(name) + length(address) + length(notes)), 0)"
    " FROM customers",
    "SELECT name || ' ' || address || ' ' || notes FROM customers",
)


CUSTOMERS = Listing(
    columns=(
        "customers.id AS number, customers.name, address, notes, kind, consent, credit_limit,"
        f" active, created_at, {_PHONES} AS phones, {_DUE} AS due"
    ),
    source="customers",
    id="customers.id",
    sorts={
        "name": Sort(N_("by name"), BY_NAME, indexed=True),
        "newest": Sort(N_("newest first"), "customers.id", descending=True),
    },
    parts={
        "all": Part(N_("All"), "merged_into IS NULL AND active = 1"),
        "customers": Part(
            N_("Customers"), "merged_into IS NULL AND active = 1 AND kind = 'customer'"
        ),
        "prospects": Part(
            N_("Prospects"), "merged_into IS NULL AND active = 1 AND kind = 'prospect'"
        ),
        "owing": Part(
            N_("Owing"),
            "merged_into IS NULL AND EXISTS (SELECT 1 FROM dues WHERE due > 0 AND"
            " dues.customer_id IN (SELECT id FROM kept WHERE kept_id = customers.id))",
        ),
        "away": Part(N_("Archived"), "merged_into IS NULL AND active = 0"),
    },
    search=("customers.name", "address", "notes"),
    phones=_PHONES,
    spelling=lambda ctx, word: spelling.nearest(ctx, _NAMES, word),
)


def name_of(key: str) -> str:
    """SQL: the name of the customer with a key, or of the one they were merged into; "" for nobody."""
    return (
        "coalesce((SELECT customers.name FROM kept JOIN customers ON customers.id = kept_id"  # noqa: S608 - names of ours
        f" WHERE kept.id = {key}), '')"
    )


def phones_of(key: str) -> str:
    """SQL: all numbers of the customer with a key, or of the one they were merged into."""
    return (
        "coalesce((SELECT group_concat(number, ' ') FROM phones"  # noqa: S608 - names of ours
        f" JOIN kept ON kept_id = phones.customer_id WHERE kept.id = {key}), '')"
    )


def phone_of(key: str) -> str:
    """SQL: one number of the customer with a key, or of the one they were merged into; "" without."""
    return (
        f"coalesce((SELECT {FOR_SMS} FROM phones"  # noqa: S608 - names of ours
        f" JOIN kept ON kept_id = phones.customer_id WHERE kept.id = {key}), '')"
    )


_ASKER = name_of("lost_sales.customer_id")


_ASKERS_PHONE = (
    "coalesce((SELECT phone FROM messages WHERE messages.id = lost_sales.message_id),"  # noqa: S608
    f" {phone_of('lost_sales.customer_id')})"
)


LOST_COLUMNS = (
    "lost_sales.id AS number, lost_sales.at, lost_sales.asked, lost_sales.quantity,"
    f" items.name, items.code, max(0, on_hand - reserved) AS available, {_ASKER} AS customer,"
    f" {_ASKERS_PHONE} AS phone, lost_sales.customer_id"
)

LOST = Listing(
    columns="why, " + LOST_COLUMNS,
    source=(
        "lost_sales LEFT JOIN items ON items.id = lost_sales.item_id"
        " LEFT JOIN stock ON stock.item_id = lost_sales.item_id"
    ),
    id="lost_sales.id",
    sorts={
        "newest": Sort(N_("newest first"), "lost_sales.id", descending=True),
        "oldest": Sort(N_("oldest first"), "lost_sales.id"),
    },
    parts={
        "never": Part(N_("Never bought"), NEVER_BOUGHT),
        "there": Part(N_("There again"), f"{NEVER_BOUGHT} AND active = 1 AND on_hand > reserved"),
        "unknown": Part(N_("No such item"), "why = 'unknown'"),
        "all": Part(N_("All"), ""),
    },
    search=("lost_sales.asked", "coalesce(items.name, '')", _ASKER),
    phones=_ASKERS_PHONE,
)
