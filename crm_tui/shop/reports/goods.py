"""Reports of goods: what lies on the shelves and what it is worth, and every move of it."""

from crm_tui.errors import N_
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.listing import Listing
from crm_tui.shop.items import lists
from crm_tui.shop.items.lists import ITEM_BOOK
from crm_tui.shop.reports.base import Chart, Column, Report, ranked, times
from crm_tui.shop.reports.period import Period

# Summed once, not item by item.
_MOVED = (
    "(SELECT item_id AS moved, sum(max(quantity, 0)) AS came, sum(max(-quantity, 0)) AS went"
    " FROM stock_moves WHERE at >= :begin AND at < :end GROUP BY item_id)"
)

SHELF = Listing(
    columns=(
        "code, items.name, category, unit, price, cost, on_hand, reserved,"
        " max(0, on_hand - reserved) AS available, reorder_level,"
        " coalesce(came, 0) AS came, coalesce(went, 0) AS went,"
        " on_hand * cost AS value, on_hand * price AS worth"
    ),
    source=f"{ITEM_BOOK.source} LEFT JOIN {_MOVED} AS moves ON moved = items.id",
    id="items.id",
    sorts=ITEM_BOOK.sorts,
    parts=ITEM_BOOK.parts,
    search=ITEM_BOOK.search,
    spelling=ITEM_BOOK.spelling,
)


def _shelf_charts(ctx: Context, period: Period) -> list[Chart]:
    by_value = (
        "SELECT code || ' ' || name, on_hand * cost FROM items JOIN stock ON item_id = items.id"
        " WHERE active = 1 AND cost IS NOT NULL ORDER BY 2 DESC LIMIT 10"
    )
    by_category = (
        "SELECT coalesce(nullif(category, ''), '–'), sum(on_hand * cost) FROM items"
        " JOIN stock ON item_id = items.id WHERE active = 1 AND cost IS NOT NULL"
        " GROUP BY 1 ORDER BY 2 DESC LIMIT 10"
    )
    return [
        ranked(ctx, N_("Most money on the shelves"), by_value, period, N_("At cost"), money=True),
        ranked(ctx, N_("By category"), by_category, period, N_("At cost"), money=True),
    ]


STOCK = Report(
    "stock", N_("Stock"),
    (
        Column("code", N_("Code")),
        Column("name", N_("Name")),
        Column("category", N_("Category"), rank=6),
        Column("unit", N_("Unit"), rank=7),
        Column("price", N_("Price"), "money", rank=3),
        Column("cost", N_("Cost"), "money", rank=4),
        Column("on_hand", N_("There"), "number", total=True, as_of_now=True),
        Column("reserved", N_("Reserved"), "number", rank=5, total=True, as_of_now=True),
        Column("available", N_("Free"), "number", rank=2, total=True, as_of_now=True),
        Column("reorder_level", N_("Reorder at"), "number", rank=8),
        Column("came", N_("In"), "number", rank=9, total=True),
        Column("went", N_("Out"), "number", rank=9, total=True),
        Column("value", N_("At cost"), "money", total=True, as_of_now=True),
        Column("worth", N_("At price"), "money", rank=1, total=True, as_of_now=True),
    ),
    SHELF, charts=_shelf_charts,
)  # fmt: skip

LEDGER = Listing(
    columns=(
        "stock_moves.id AS number, stock_moves.at, items.code, items.name, stock_moves.quantity,"
        " items.unit, reason, stock_moves.cost, stock_moves.quantity * coalesce(stock_moves.cost,"
        " items.cost) AS value, sale_id AS sale, stock_moves.actor, note"
    ),
    source=lists.MOVES.source,
    id="stock_moves.id",
    sorts={name: lists.MOVES.sorts[name] for name in ("oldest", "newest")},
    parts=lists.MOVES.parts,
    search=lists.MOVES.search,
)


def _move_charts(ctx: Context, period: Period) -> list[Chart]:
    query = (
        "SELECT code || ' ' || name, -sum(quantity) FROM stock_moves JOIN items"
        " ON items.id = stock_moves.item_id WHERE quantity < 0 AND at >= :begin AND at < :end"
        " GROUP BY items.id ORDER BY 2 DESC LIMIT 10"
    )
    return [ranked(ctx, N_("What went most"), query, period, N_("units"), money=False)]


MOVES = Report(
    "moves", N_("Stock movements"),
    (
        Column("number", N_("No."), "number"),
        Column("at", N_("Time"), "time"),
        Column("code", N_("Code")),
        Column("name", N_("Name"), rank=2),
        Column("quantity", N_("Count"), "number", total=True),
        Column("unit", N_("Unit"), rank=5),
        Column("reason", N_("Why"), "status"),
        Column("cost", N_("Cost"), "money", rank=6),
        Column("value", N_("At cost"), "money", rank=1, total=True),
        Column("sale", N_("Sale"), "number", rank=3),
        Column("actor", N_("By"), rank=4),
        Column("note", N_("Note"), rank=7),
    ),
    LEDGER, "stock_moves.at", record=times("at"), charts=_move_charts,
)  # fmt: skip
