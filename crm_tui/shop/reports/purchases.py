"""The purchase list: what to order from whom, by how fast it sells."""
# ruff: noqa: S608 - what is put into queries is names of ours

from collections.abc import Mapping
from datetime import timedelta

from crm_tui.clock import day_begin, stamp
from crm_tui.errors import N_
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.listing import Listing, Part, Sort
from crm_tui.shop.items.lists import ITEM_BOOK
from crm_tui.shop.reports.base import Chart, Column, Report, evening
from crm_tui.shop.reports.goods import DAY_OF, ITEM_SEARCH
from crm_tui.shop.reports.period import Period
from crm_tui.shop.reports.settings import COVER, LEAD, SPEED_DAYS

# Who brought it last, and at what cost.
_BROUGHT = (
    "(SELECT item_id, partner AS supplier, cost AS paid FROM stock_moves"
    " JOIN stock_documents ON stock_documents.id = document_id WHERE stock_moves.id IN"
    " (SELECT max(id) FROM stock_moves WHERE reason = 'receipt' AND document_id IS NOT NULL"
    "  GROUP BY item_id))"
)
# Old sales books count: they tell how fast an item sells. What came back was not sold.
_SOLD = (
    "(SELECT item_id, sum(quantity * (at >= :since)) AS sold, min(at) AS first_at FROM sale_lines"
    " JOIN sales ON sales.id = sale_id WHERE item_id IS NOT NULL GROUP BY item_id)"
)
_CAME = "(SELECT item_id, min(at) AS came_at FROM stock_moves GROUP BY item_id)"
_PROMISED = (
    "(SELECT item_id, sum(quantity) AS promised FROM order_lines JOIN orders ON orders.id = order_id"
    " WHERE status IN ('waiting', 'confirmed') GROUP BY item_id)"
)
_AWAITED = (
    "(SELECT item_id, sum(quantity) AS awaited FROM waiting_list WHERE ended_at IS NULL"
    " GROUP BY item_id)"
)
# An item that is new sells as fast as it did since it came; a week tells too little.
_SEEN = (
    "min(:days, max(7, :today - "
    + DAY_OF.format(at="min(coalesce(first_at, :moment), coalesce(came_at, :moment))")
    + "))"
)
_ITEMS = (
    "(SELECT items.id, code, code_key, items.name, other_names, category, unit, reorder_level,"
    " coalesce(supplier, '') AS supplier, coalesce(paid, items.cost) AS last_cost, on_hand,"
    " coalesce(promised, 0) AS promised, coalesce(awaited, 0) AS awaited,"
    f" max(0, coalesce(sold, 0)) AS sold, {_SEEN} AS seen,"
    # What the books say is missing cannot be sold twice.
    " max(0, on_hand) - coalesce(promised, 0) AS free"
    " FROM items JOIN stock ON stock.item_id = items.id"
    f" LEFT JOIN {_BROUGHT} AS brought ON brought.item_id = items.id"
    f" LEFT JOIN {_SOLD} AS sold ON sold.item_id = items.id"
    f" LEFT JOIN {_CAME} AS came ON came.item_id = items.id"
    f" LEFT JOIN {_PROMISED} AS promised ON promised.item_id = items.id"
    f" LEFT JOIN {_AWAITED} AS awaited ON awaited.item_id = items.id WHERE active = 1)"
)
# Bought is when what is free reaches the point at which the next goods must be on their way; so much
# that it stands so much above that point as is sold while it should last.
_POINT = "coalesce(reorder_level, (sold * :lead + seen - 1) / seen)"
_BUY = (
    f"CASE WHEN free - awaited <= {_POINT} THEN max(reorder_level IS NOT NULL,"
    f" {_POINT} + awaited - free"
    " + (sold * :cover + seen - 1) / seen) ELSE 0 END"
)
WANTED = Listing(
    columns=(
        "supplier, code, name, category, unit, on_hand, promised, awaited, sold,"
        " (140 * sold + seen) / (2 * seen) / 10.0 AS weekly, reorder_level, buy, last_cost,"
        " buy * last_cost AS amount"
    ),
    source=f"(SELECT *, {_BUY} AS buy FROM {_ITEMS}) AS wanted",
    id="wanted.id",
    sorts={
        "supplier": Sort(N_("by supplier"), "coalesce(nullif(supplier, ''), '~') || ' ' || code"),
        "code": Sort(N_("by code"), "code"),
        "largest": Sort(N_("largest first"), "coalesce(buy * last_cost, 0)", descending=True),
    },
    parts={"buy": Part(N_("To buy"), "buy > 0"), "all": Part(N_("All"), "")},
    search=("supplier", *ITEM_SEARCH),
    spelling=ITEM_BOOK.spelling,
)


def _buying(ctx: Context, period: Period) -> Mapping[str, str | int]:
    # Whole days, so that a list that is looked at again within one is the same list.
    days = SPEED_DAYS(ctx)
    return {
        "today": ctx.now.astimezone().date().toordinal(), "days": days, "lead": LEAD(ctx),
        "cover": COVER(ctx), "since": stamp(day_begin(ctx.now) - timedelta(days)),
    }  # fmt: skip


def _by_supplier(ctx: Context, period: Period) -> list[Chart]:
    rows = ctx.db.execute(
        f"SELECT coalesce(nullif(supplier, ''), '–'), sum(buy * last_cost) FROM {WANTED.source}"
        " WHERE buy > 0 AND last_cost IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10",
        {**evening(ctx, period), **_buying(ctx, period)},
    ).fetchall()
    return [
        Chart(N_("To buy, by supplier"), "ranked", [row[0] for row in rows],
              {N_("At cost"): [int(row[1]) for row in rows]}, money=True)
    ]  # fmt: skip


PURCHASES = Report(
    "purchases", N_("Purchase list"),
    (
        Column("supplier", N_("Supplier"), rank=1),
        Column("code", N_("Code")),
        Column("name", N_("Name")),
        Column("category", N_("Category"), rank=9),
        Column("unit", N_("Unit"), rank=8),
        Column("on_hand", N_("There"), "number"),
        Column("promised", N_("Ordered by customers"), "number", rank=4),
        Column("awaited", N_("Waited for"), "number", rank=7),
        Column("sold", N_("Sold"), "number", rank=6),
        Column("weekly", N_("A week"), "decimal", rank=3),
        Column("reorder_level", N_("Reorder at"), "number", rank=5),
        Column("buy", N_("To buy"), "number", total=True),
        # Not called as the average that the shop keeps is: a file that comes back in changes no cost.
        Column("last_cost", N_("Paid last"), "money", rank=2, of_cost=True),
        Column("amount", N_("At cost"), "money", total=True, of_cost=True, of="buy"),
    ),
    WANTED, given=_buying, charts=_by_supplier, charts_of_cost=True, by_days=False,
)  # fmt: skip
