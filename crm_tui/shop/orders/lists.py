"""The lists of orders: to be decided about, and to be handed out."""

from crm_tui.errors import N_
from crm_tui.shop.customers.lists import BY_NAME
from crm_tui.shop.gate.listing import Listing, Part, Sort

_LINES = (
    "(SELECT group_concat(quantity || ' ' || code, ', ') FROM"
    " (SELECT quantity, code FROM order_lines WHERE order_id = orders.id ORDER BY line))"
)
_TOTAL = "(SELECT sum(price * quantity) FROM order_lines WHERE order_id = orders.id)"
_ASKED = "EXISTS (SELECT 1 FROM questions WHERE order_id = orders.id AND open = 1)"

ORDERS = Listing(
    columns=(
        "orders.id AS number, received_at, customers.name AS customer, orders.phone, orders.status,"
        f" later_at, reserved_until, {_LINES} AS lines, {_TOTAL} AS total,"
        f" {_ASKED} AS asked"
    ),
    source="orders JOIN customers ON customers.id = orders.customer_id",
    id="orders.id",
    sorts={
        "oldest": Sort(N_("oldest first"), "coalesce(later_at, '')"),
        "newest": Sort(N_("newest first"), "orders.id", descending=True),
        "largest": Sort(N_("largest first"), _TOTAL, descending=True),
        "customer": Sort(N_("by name"), BY_NAME),
    },
    parts={
        "waiting": Part(N_("To confirm"), "orders.status = 'waiting'"),
        "confirmed": Part(N_("Confirmed"), "orders.status = 'confirmed'", "newest"),
        "all": Part(N_("All"), "", "newest"),
    },
    search=("customers.name", "CAST(orders.id AS TEXT)", _LINES),
    phones="orders.phone",
)

PICKUPS = Listing(
    columns=ORDERS.columns,
    source=ORDERS.source,
    id=ORDERS.id,
    sorts={
        "newest": ORDERS.sorts["newest"],
        "customer": ORDERS.sorts["customer"],
    },
    parts={
        "confirmed": ORDERS.parts["confirmed"],
        "open": Part(N_("Open"), "orders.status IN ('waiting', 'confirmed')"),
        "collected": Part(N_("Handed out"), "orders.status = 'collected'"),
    },
    search=ORDERS.search,
    phones=ORDERS.phones,
)
