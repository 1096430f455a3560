"""The lists of sales and drawers."""

from crm_tui.errors import N_
from crm_tui.shop.customers.lists import name_of, phone_of, phones_of
from crm_tui.shop.gate.listing import Listing, Part, Sort

_COUNTED = (
    "coalesce((SELECT sum(counted - expected) FROM drawer_counts WHERE drawer_id = drawers.id), 0)"
)


DRAWERS = Listing(
    columns=(
        "drawers.id AS number, opened_at, opened_by, float, closed_at, closed_by, note,"  # noqa: S608
        f" {_COUNTED} AS difference,"
        " (SELECT coalesce(sum(amount), 0) FROM payments WHERE drawer_id = drawers.id"
        "  AND method <> 'account') AS taken"
    ),
    source="drawers",
    id="drawers.id",
    sorts={
        "newest": Sort(N_("newest first"), "drawers.id", descending=True),
        "oldest": Sort(N_("oldest first"), "drawers.id"),
    },
    parts={
        "all": Part(N_("All"), ""),
        "differs": Part(N_("With a difference"), f"{_COUNTED} <> 0"),
    },
    search=("opened_by", "coalesce(closed_by, '')", "note"),
)


_BUYER = name_of("sales.customer_id")


_SOLD = (
    "(SELECT group_concat(quantity || ' ' || code, ', ') FROM"
    " (SELECT quantity, code FROM sale_lines WHERE sale_id = sales.id ORDER BY line))"
)


SALES = Listing(
    columns=(
        "sales.id AS number, at, channel, sales.kind, of_sale, total, actor, order_id, reason,"  # noqa: S608
        f" {_BUYER} AS customer, {phone_of('sales.customer_id')} AS phone, {_SOLD} AS lines,"
        " coalesce((SELECT max(back.kind) FROM sales AS back WHERE back.of_sale = sales.id), '')"
        " AS back"
    ),
    source="sales",
    id="sales.id",
    sorts={
        # Those of an old book came in later, and are older.
        "newest": Sort(N_("newest first"), "sales.at", descending=True),
        "oldest": Sort(N_("oldest first"), "sales.at"),
        "largest": Sort(N_("largest first"), "total", descending=True),
    },
    parts={
        "all": Part(N_("All"), ""),
        "counter": Part(N_("At the counter"), "channel = 'counter'"),
        "sms": Part(N_("By SMS"), "channel = 'sms'"),
        "back": Part(N_("Taken back"), "sales.kind <> 'sale'"),
    },
    search=(_BUYER, "CAST(sales.id AS TEXT)", _SOLD, "actor"),
    phones=phones_of("sales.customer_id"),
)
