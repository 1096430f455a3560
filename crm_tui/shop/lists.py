"""The shop's long lists: what each shows, how it is sorted, parted and searched."""

from crm_tui.errors import N_
from crm_tui.shop import spelling
from crm_tui.shop.listing import Listing, Part, Sort
from crm_tui.shop.lost import NEVER_BOUGHT
from crm_tui.shop.standing import RANK, TIER

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
    # What became of promos is told by theirs; nothing is to be decided about each.
    " AND messages.kind NOT IN ('promo', 'howto')"
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
    search=("code", "code_key", "items.name", "other_names", "barcode"),
    spelling=spelling.nearest,
)

_PROMISED = (
    "(SELECT coalesce(sum(quantity), 0) FROM order_lines JOIN orders ON orders.id = order_id"
    " WHERE order_lines.item_id = items.id AND status IN ('waiting', 'confirmed'))"
)

ITEM_BOOK = Listing(
    columns=(
        "items.id AS item_id, code, items.name, unit, price, cost, category, on_hand, reserved,"
        " reorder_level, recount, active, max(0, on_hand - reserved) AS available,"
        f" {_PROMISED} AS promised"
    ),
    source="items JOIN stock ON stock.item_id = items.id",
    id="items.id",
    sorts={
        "code": ITEMS.sorts["code"],
        "name": ITEMS.sorts["name"],
        "price": ITEMS.sorts["price"],
        "stock": Sort(N_("by stock"), "on_hand"),
    },
    parts={
        "active": Part(N_("On sale"), "active = 1"),
        "low": Part(
            N_("Low stock"),
            "active = 1 AND reorder_level IS NOT NULL AND on_hand <= reorder_level",
        ),
        "recount": Part(N_("To be counted"), "recount = 1"),
        "gone": Part(N_("Off sale"), "active = 0"),
    },
    search=("code", "code_key", "items.name", "other_names", "barcode", "category"),
    spelling=spelling.nearest,
)

MOVES = Listing(
    columns=(
        "stock_moves.id AS number, stock_moves.at, items.code, items.name, stock_moves.quantity,"
        " items.unit, reason, sale_id, note, stock_moves.actor, stock_moves.cost, document_id"
    ),
    source="stock_moves JOIN items ON items.id = stock_moves.item_id",
    id="stock_moves.id",
    sorts={
        "newest": Sort(N_("newest first"), "stock_moves.id", descending=True),
        "oldest": Sort(N_("oldest first"), "stock_moves.id"),
    },
    parts={
        "all": Part(N_("All"), ""),
        "receipts": Part(N_("Goods in"), "reason = 'receipt'"),
        "supplier": Part(N_("To supplier"), "reason = 'supplier'"),
        "corrections": Part(N_("Corrections"), "reason IN ('correction', 'opname')"),
        "sales": Part(N_("Sales"), "reason IN ('sale', 'return', 'void')"),
    },
    search=("items.code", "items.name", "stock_moves.actor", "note", "CAST(sale_id AS TEXT)"),
)

# :count names the count that is looked at, :category its category ("" for all items).
COUNT = Listing(
    columns=(
        "items.id AS item_id, code, items.name, unit, category, barcode, on_hand, counted, expected,"
        " count_lines.at AS counted_at, count_lines.actor AS counted_by"
    ),
    source=(
        "items JOIN stock ON stock.item_id = items.id"
        " LEFT JOIN count_lines ON count_id = :count AND count_lines.item_id = items.id"
    ),
    id="items.id",
    sorts={
        "code": Sort(N_("by code"), "code"),
        "name": Sort(N_("by name"), "items.name"),
        "category": Sort(N_("by category"), "category"),
    },
    parts={
        "open": Part(
            N_("Not yet"),
            "counted IS NULL AND active = 1 AND :count AND :category IN ('', category)",
        ),
        "counted": Part(N_("Counted"), "counted IS NOT NULL"),
        "differs": Part(N_("Differences"), "counted <> expected"),
    },
    search=("code", "code_key", "items.name", "other_names", "barcode", "category"),
    spelling=spelling.nearest,
)

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

_PHONES = (
    "coalesce((SELECT group_concat(number, ' ') FROM phones WHERE customer_id = customers.id), '')"
)
_DUE = (
    "(SELECT coalesce(sum(due), 0) FROM dues WHERE due > 0 AND dues.customer_id IN"
    " (SELECT family.id FROM customers AS family WHERE family.id = customers.id"
    "  OR family.merged_into = customers.id))"
)

CUSTOMERS = Listing(
    columns=(
        "customers.id AS number, customers.name, address, notes, kind, consent, credit_limit,"
        f" active, created_at, {_PHONES} AS phones, {_DUE} AS due"
    ),
    source="customers",
    id="customers.id",
    sorts={
        "name": Sort(N_("by name"), "customers.name"),
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
            " dues.customer_id = customers.id)",
        ),
        "away": Part(N_("Put away"), "merged_into IS NULL AND active = 0"),
    },
    search=("customers.name", "address", "notes"),
    phones=_PHONES,
)

_ROLE = "(SELECT roles.name FROM roles WHERE roles.id = role_id)"

USERS = Listing(
    columns=(
        "users.id AS number, login, users.name, active, must_change, locked_at, wrong_tries,"
        f" signed_in_at, created_at, pin_hash IS NOT NULL AS pin, {_ROLE} AS role"
    ),
    source="users",
    id="users.id",
    sorts={"name": Sort(N_("by name"), "users.name"), "role": Sort(N_("by role"), _ROLE)},
    parts={
        "active": Part(N_("Active"), "active = 1"),
        "out": Part(N_("Put out"), "active = 0"),
    },
    search=("users.name", "login", _ROLE),
)


def name_of(key: str) -> str:
    """SQL: what the customer of this key is called, or the one he was merged into; "" for nobody."""
    return (
        "coalesce((SELECT kept.name FROM customers AS was JOIN customers AS kept"  # noqa: S608 - names of ours
        f" ON kept.id = coalesce(was.merged_into, was.id) WHERE was.id = {key}), '')"
    )


_BUYER = name_of("sales.customer_id")
_SOLD = (
    "(SELECT group_concat(quantity || ' ' || code, ', ') FROM"
    " (SELECT quantity, code FROM sale_lines WHERE sale_id = sales.id ORDER BY line))"
)

SALES = Listing(
    columns=(
        "sales.id AS number, at, channel, sales.kind, of_sale, total, actor, order_id, reason,"
        f" {_BUYER} AS customer, {_SOLD} AS lines"
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
)

# :model names the model whose standings count, :today the day (a proleptic ordinal).
_RANKED_PHONES = (
    "coalesce((SELECT group_concat(number, ' ') FROM phones"
    " WHERE phones.customer_id = standings.customer_id), '')"
)
_RHYTHM = "(last_day - first_day) * 1.0 / max(1, days - 1)"

RANKING = Listing(
    columns=(
        "standings.customer_id AS number, customers.name, heat, first_day, last_day, days, sales,"
        f" spent, {_RANKED_PHONES} AS phones, {TIER} AS tier, {RANK} AS rank"
    ),
    source=(
        "standings JOIN customers ON customers.id = standings.customer_id AND model_id = :model"
        " JOIN buyers ON buyers.customer_id = standings.customer_id"
    ),
    id="standings.customer_id",
    sorts={"best": Sort(N_("the best first"), "-standings.heat")},
    parts={
        "all": Part(N_("All"), ""),
        # His own rhythm says that he is late, but not yet lost.
        "due": Part(
            N_("Due now"),
            f"days >= 3 AND :today - last_day > 1.2 * {_RHYTHM}"
            f" AND :today - last_day <= 3 * {_RHYTHM}",
        ),
        "leaving": Part(
            N_("Slipping away"), f"days >= 3 AND :today - last_day > max(30, 3 * {_RHYTHM})"
        ),
        "new": Part(N_("New"), ":today - first_day <= 60"),
    },
    search=("customers.name", "customers.address"),
    phones=_RANKED_PHONES,
)

_ASKER = name_of("lost_sales.customer_id")
_ASKERS_PHONE = (
    "coalesce((SELECT phone FROM messages WHERE messages.id = lost_sales.message_id), '')"
)

LOST = Listing(
    columns=(
        "lost_sales.id AS number, lost_sales.at, lost_sales.asked, lost_sales.quantity, why,"
        f" items.name, items.code, max(0, on_hand - reserved) AS available, {_ASKER} AS customer,"
        f" {_ASKERS_PHONE} AS phone, lost_sales.customer_id"
    ),
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

TIERS = Listing(
    columns=(
        "tiers.id AS number, tiers.name, level, top, spent, discount, multiplier, gift,"
        " (SELECT count(*) FROM members WHERE tier_id = tiers.id) AS members"
    ),
    source="tiers",
    id="tiers.id",
    sorts={"best": Sort(N_("the best first"), "level")},
    parts={"all": Part(N_("All"), "active = 1")},
    search=("tiers.name", "gift"),
)

PERIODS = Listing(
    columns=(
        "reward_periods.id AS number, reward_periods.name, last_day, at, actor,"
        " (SELECT count(*) FROM reward_entries WHERE period_id = reward_periods.id) AS entries,"
        " (SELECT count(given_at) FROM reward_entries WHERE period_id = reward_periods.id) AS given"
    ),
    source="reward_periods",
    id="reward_periods.id",
    sorts={"newest": Sort(N_("newest first"), "reward_periods.id", descending=True)},
    parts={"all": Part(N_("All"), "")},
    search=("reward_periods.name", "actor"),
)

# :period names the frozen list.
ENTRIES = Listing(
    columns="rank AS number, name, phone, tier, gift, score, spent, given_at, given_by, customer_id",
    source="reward_entries",
    id="rank",
    sorts={"best": Sort(N_("the best first"), "rank"), "name": Sort(N_("by name"), "name")},
    parts={
        "all": Part(N_("All"), "period_id = :period"),
        "waiting": Part(N_("To be handed out"), "period_id = :period AND given_at IS NULL"),
        "given": Part(N_("Handed out"), "period_id = :period AND given_at IS NOT NULL"),
    },
    search=("name", "tier", "gift"),
    phones="phone",
)

PROMOS = Listing(
    columns=(
        "promos.id AS number, promos.name, kind, status, starts_at, ends_at, started_at, actor,"
        " (SELECT count(*) FROM promo_people WHERE promo_id = promos.id AND role = 'send') AS people,"
        " (SELECT count(*) FROM promo_people WHERE promo_id = promos.id AND role = 'send'"
        "  AND message_id IS NULL AND why = '') AS waiting"
    ),
    source="promos",
    id="promos.id",
    sorts={
        "newest": Sort(N_("newest first"), "promos.id", descending=True),
        "name": Sort(N_("by name"), "promos.name"),
    },
    parts={
        "all": Part(N_("All"), ""),
        "open": Part(N_("Open"), "status IN ('draft', 'building', 'running', 'paused')"),
        "done": Part(N_("Over"), "status IN ('done', 'cancelled')"),
    },
    search=("promos.name", "promos.text", "promos.actor"),
)

_FATE = "(SELECT messages.status FROM messages WHERE messages.id = message_id)"

# :promo names the promo.
PROMO_PEOPLE = Listing(
    columns=(
        "promo_people.customer_id AS number, customers.name, promo_people.phone, role, why,"  # noqa: S608
        f" message_id, {_FATE} AS fate,"
        " (SELECT messages.reason FROM messages WHERE messages.id = message_id) AS reason"
    ),
    source=(
        "promo_people JOIN customers ON customers.id = promo_people.customer_id"
        " AND promo_id = :promo"
    ),
    id="promo_people.customer_id",
    sorts={"name": Sort(N_("by name"), "customers.name")},
    parts={
        "all": Part(N_("All"), ""),
        "got": Part(N_("Written to"), "message_id IS NOT NULL"),
        "not": Part(N_("Left out"), "why <> ''"),
        "control": Part(N_("To compare"), "role = 'control'"),
        "waiting": Part(N_("Waiting"), "role = 'send' AND message_id IS NULL AND why = ''"),
    },
    search=("customers.name", "why"),
    phones="promo_people.phone",
)

AUDIT = Listing(
    columns="audit.id AS number, at, actor, command, subject, before, after",
    source="audit",
    id="audit.id",
    sorts={
        "newest": Sort(N_("newest first"), "audit.id", descending=True),
        "oldest": Sort(N_("oldest first"), "audit.id"),
    },
    parts={
        "people": Part(N_("By people"), "user_id IS NOT NULL OR actor LIKE 'console:%'"),
        "all": Part(N_("All"), ""),
        "prices": Part(N_("Prices"), "command LIKE 'prices.%' OR command LIKE 'items.%'"),
        "rights": Part(N_("Users and rights"), "command LIKE 'users.%' OR command LIKE 'roles.%'"),
    },
    search=("actor", "command", "subject", "coalesce(before, '')", "coalesce(after, '')"),
)
