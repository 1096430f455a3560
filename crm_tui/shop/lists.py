"""The shop's long lists: what each shows, how it is sorted, parted and searched."""

from crm_tui.errors import N_
from crm_tui.shop.listing import Listing, Part, Sort

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
        "customer": Sort(N_("by name"), "customers.name"),
    },
    parts={
        "waiting": Part(N_("To confirm"), "orders.status = 'waiting'"),
        "confirmed": Part(N_("Confirmed"), "orders.status = 'confirmed'"),
        "all": Part(N_("All"), ""),
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

_WHO = (
    "coalesce((SELECT customers.name FROM phones JOIN customers ON customers.id = customer_id"
    " WHERE number = messages.phone), '')"
)
_MESSAGE = (
    "messages.id AS number, messages.at, messages.phone, messages.text, messages.status,"
    " messages.status_at, messages.kind, messages.read_as, messages.order_id, messages.direction,"
    f" messages.decided_at, messages.segments, {_WHO} AS customer"
)

INBOX = Listing(
    columns=_MESSAGE,
    source="messages",
    id="messages.id",
    sorts={
        "newest": Sort(N_("newest first"), "messages.id", descending=True),
        "oldest": Sort(N_("oldest first"), "messages.id"),
    },
    parts={
        "staff": Part(N_("For the staff"), "messages.status = 'staff'"),
        "all": Part(N_("All"), "messages.direction = 'in'"),
        "open": Part(
            N_("Incomplete, unreadable"), "messages.status IN ('incomplete', 'undecodable')"
        ),
    },
    search=("messages.text", _WHO),
    phones="messages.phone",
)

_TROUBLE = (
    "messages.direction = 'out' AND messages.status IN ('failed', 'in_doubt', 'expired')"
    " AND messages.decided_at IS NULL"
)

OUTBOX = Listing(
    columns=_MESSAGE,
    source="messages",
    id="messages.id",
    sorts=INBOX.sorts,
    parts={
        "all": Part(N_("All"), "messages.direction = 'out'"),
        "trouble": Part(N_("To decide"), _TROUBLE),
        "queue": Part(N_("On the way"), "messages.status IN ('queued', 'held', 'sending')"),
    },
    search=INBOX.search,
    phones=INBOX.phones,
)

NEWEST = Listing(
    columns=_MESSAGE,
    source="messages",
    id="messages.id",
    sorts={"newest": INBOX.sorts["newest"]},
    parts={"all": Part("", "")},
)

CONVERSATION = Listing(
    columns=_MESSAGE,
    source="messages",
    id="messages.id",
    sorts={"oldest": INBOX.sorts["oldest"]},
    parts={"phone": Part("", "messages.phone = :phone")},
    search=("messages.text",),
)

ITEMS = Listing(
    columns=(
        "items.id AS item_id, code, items.name, unit, price, on_hand, reserved,"
        " max(0, on_hand - reserved) AS available"
    ),
    source="items JOIN stock ON stock.item_id = items.id",
    id="items.id",
    sorts={
        "code": Sort(N_("by code"), "code"),
        "name": Sort(N_("by name"), "items.name"),
        "price": Sort(N_("by price"), "price"),
    },
    parts={"active": Part(N_("Items"), "active = 1")},
    search=("code", "code_key", "items.name", "other_names"),
)
