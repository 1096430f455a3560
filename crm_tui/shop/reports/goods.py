"""Reports of goods: what lies on the shelves and what it is worth, and every move of it."""

from dataclasses import replace

from crm_tui.errors import N_
from crm_tui.shop.gate import stored_words
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.listing import Listing, Part
from crm_tui.shop.items import lists
from crm_tui.shop.items.lists import ITEM_BOOK, item_parts
from crm_tui.shop.reports.base import Chart, Column, Report, ranked, times
from crm_tui.shop.reports.period import Period

# Summed once, not item by item.
DAY_OF = "CAST(julianday({at}, 'localtime') - 1721424.5 AS INTEGER)"
"""The day of a moment, a proleptic ordinal."""
ITEM_SEARCH = ("code", "code_key", "name", "other_names", "category")
_MOVED = (
    "(SELECT item_id AS moved, sum(max(quantity, 0)) AS came, sum(max(-quantity, 0)) AS went"
    " FROM stock_moves WHERE at >= :begin AND at < :end GROUP BY item_id)"
)
# What is there now, less what moved since. What was reserved then nobody knows.
_THEN = (
    "(SELECT stock.item_id, on_hand - coalesce(later, 0) AS on_hand,"
    " CASE WHEN :current THEN reserved END AS reserved FROM stock LEFT JOIN"
    " (SELECT item_id AS since, sum(quantity) AS later FROM stock_moves WHERE at >= :evening"
    "  GROUP BY item_id) ON since = stock.item_id) AS stock"
)
_TURNED = (
    "(SELECT item_id AS turned, active AS turned_to FROM sale_turns WHERE id IN"
    " (SELECT min(id) FROM sale_turns WHERE at >= :evening GROUP BY item_id)) AS turns"
)
ITEMS_THEN = (
    f"items JOIN {_THEN} ON stock.item_id = items.id LEFT JOIN {_TURNED} ON turned = items.id"
)
ON_SALE_THEN = "coalesce(1 - turned_to, items.active) = 1"
_PRICE = (
    "CASE WHEN :current THEN items.price ELSE coalesce((SELECT coalesce(before, after)"
    " FROM price_changes WHERE item_id = items.id AND at >= :evening ORDER BY id LIMIT 1),"
    " items.price) END"
)
# An item without a first price does not say when it came.
_THERE = (
    "(:current OR EXISTS (SELECT 1 FROM stock_moves WHERE stock_moves.item_id = items.id"
    "  AND stock_moves.at < :evening) OR NOT EXISTS (SELECT 1 FROM price_changes"
    "  WHERE price_changes.item_id = items.id AND before IS NULL AND price_changes.at >= :evening))"
)
COST_THEN = (
    "CASE WHEN :current THEN items.cost ELSE (SELECT after FROM cost_changes"
    " WHERE item_id = items.id AND at < :evening ORDER BY id DESC LIMIT 1) END"
)


SHELF = Listing(
    columns=(
        f"code, items.name, category, unit, {_PRICE} AS price, {COST_THEN} AS cost, on_hand, reserved,"
        " max(0, on_hand - reserved) AS available, reorder_level,"
        " coalesce(came, 0) AS came, coalesce(went, 0) AS went,"
        # What the books say is missing is worth nothing to anybody, and makes nothing else worth less.
        f" max(0, on_hand) * ({COST_THEN}) AS value, max(0, on_hand) * ({_PRICE}) AS worth,"
        f" min(0, on_hand) * ({COST_THEN}) AS below"
    ),
    source=f"{ITEMS_THEN} LEFT JOIN {_MOVED} AS moves ON moved = items.id",
    id="items.id",
    sorts={**ITEM_BOOK.sorts, "price": replace(ITEM_BOOK.sorts["price"], expression=_PRICE)},
    parts={
        name: Part(each.label, f"{each.condition} AND {_THERE}")
        for name, each in {**item_parts(ON_SALE_THEN), "all": Part(N_("All"), "TRUE")}.items()
    },
    search=ITEM_BOOK.search,
    spelling=ITEM_BOOK.spelling,
)


def _shelf_charts(ctx: Context, period: Period) -> list[Chart]:
    known = f"FROM {ITEMS_THEN} WHERE {ON_SALE_THEN} AND on_hand > 0 AND ({COST_THEN}) IS NOT NULL"
    by_value = (
        f"SELECT code || ' ' || name, on_hand * ({COST_THEN}) {known} ORDER BY 2 DESC, 1 LIMIT 10"
    )
    by_category = (
        f"SELECT coalesce(nullif(category, ''), '–'), sum(on_hand * ({COST_THEN})) {known}"
        " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10"
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
        Column("cost", N_("Cost"), "money", rank=4, of_cost=True),
        Column("on_hand", N_("There"), "number", total=True),
        Column("reserved", N_("Reserved"), "number", rank=5, total=True, as_of_now=True),
        Column("available", N_("Free"), "number", rank=2, total=True, as_of_now=True),
        Column("reorder_level", N_("Reorder at"), "number", rank=8),
        Column("came", N_("In"), "number", rank=9, total=True),
        Column("went", N_("Out"), "number", rank=9, total=True),
        Column("value", N_("At cost"), "money", total=True, of_cost=True, of="on_hand"),
        Column("worth", N_("At price"), "money", rank=1, total=True),
        Column("below", N_("Below zero, at cost"), "money", rank=10, total=True, of_cost=True),
    ),
    SHELF, charts=_shelf_charts, charts_of_cost=True, evenings=True,
)  # fmt: skip

# What was paid for goods that came, what the sale knows of its goods, else the item's cost of then.
_COST_OF_MOVE = (
    "CASE WHEN stock_moves.cost IS NOT NULL THEN stock_moves.cost"
    " WHEN sale_id IS NOT NULL THEN (SELECT sale_lines.cost FROM sale_lines"
    "  WHERE sale_lines.sale_id = stock_moves.sale_id AND sale_lines.item_id = stock_moves.item_id"
    "  LIMIT 1)"
    " ELSE (SELECT after FROM cost_changes WHERE cost_changes.item_id = stock_moves.item_id"
    "  AND cost_changes.at <= stock_moves.at ORDER BY cost_changes.id DESC LIMIT 1) END"
)

_SUPPLIER = (
    "coalesce((SELECT partner FROM stock_documents WHERE stock_documents.id = document_id), '')"
)

LEDGER = Listing(
    columns=(
        "stock_moves.id AS number, stock_moves.at, items.code, items.name, stock_moves.quantity,"
        f" items.unit, reason, {_COST_OF_MOVE} AS cost,"
        f" stock_moves.quantity * ({_COST_OF_MOVE}) AS value, sale_id AS sale,"
        f" {_SUPPLIER} AS supplier, stock_moves.actor, note"
    ),
    source=lists.MOVES.source,
    id="stock_moves.id",
    sorts={name: lists.MOVES.sorts[name] for name in ("oldest", "newest")},
    parts=lists.MOVES.parts,
    search=(*lists.MOVES.search, _SUPPLIER),
)


def _move_charts(ctx: Context, period: Period) -> list[Chart]:
    query = (
        "SELECT code || ' ' || name, -sum(quantity) FROM stock_moves JOIN items"
        " ON items.id = stock_moves.item_id WHERE quantity < 0 AND at >= :begin AND at < :end"
        " GROUP BY items.id, code, name ORDER BY 2 DESC, 1 LIMIT 10"
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
        Column("cost", N_("Cost"), "money", rank=6, of_cost=True),
        Column("value", N_("At cost"), "money", rank=1, total=True, of_cost=True, of="quantity"),
        Column("sale", N_("Sale"), "key", rank=3),
        Column("supplier", N_("Supplier"), rank=3),
        Column("actor", N_("By"), rank=4, told=stored_words.actor),
        Column("note", N_("Note"), rank=7),
    ),
    LEDGER, "stock_moves.at", record=times("at"), charts=_move_charts,
)  # fmt: skip
