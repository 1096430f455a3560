"""Reports for who buys goods: what to order from whom, what lies idle, what the shop lives on."""
# ruff: noqa: S608 - what is put into queries is names of ours

from collections.abc import Mapping
from datetime import timedelta

from crm_tui.clock import day_begin, stamp
from crm_tui.errors import N_
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.listing import Listing, Part, Sort
from crm_tui.shop.items.lists import ITEM_BOOK
from crm_tui.shop.reports.base import Chart, Column, Report, evening
from crm_tui.shop.reports.goods import COST_THEN, ITEMS_THEN
from crm_tui.shop.reports.period import Period
from crm_tui.shop.reports.settings import COVER, LEAD, SPEED_DAYS

_DAY = "CAST(julianday({at}, 'localtime') - 1721424.5 AS INTEGER)"
_SEARCH = ("code", "code_key", "name", "other_names", "category")

# ── the purchase list ─────────────────────────────────────────────────────────────────────────────

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
    + _DAY.format(at="min(coalesce(first_at, :moment), coalesce(came_at, :moment))")
    + "))"
)
_ITEMS = (
    "(SELECT items.id, code, code_key, items.name, other_names, category, unit, reorder_level,"
    " coalesce(supplier, '') AS supplier, coalesce(paid, items.cost) AS cost, on_hand,"
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
        " (140 * sold + seen) / (2 * seen) / 10.0 AS weekly, reorder_level, buy, cost,"
        " buy * cost AS amount"
    ),
    source=f"(SELECT *, {_BUY} AS buy FROM {_ITEMS}) AS wanted",
    id="wanted.id",
    sorts={
        "supplier": Sort(N_("by supplier"), "coalesce(nullif(supplier, ''), '~') || ' ' || code"),
        "code": Sort(N_("by code"), "code"),
        "largest": Sort(N_("largest first"), "coalesce(buy * cost, 0)", descending=True),
    },
    parts={"buy": Part(N_("To buy"), "buy > 0"), "all": Part(N_("All"), "")},
    search=("supplier", *_SEARCH),
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
        f"SELECT coalesce(nullif(supplier, ''), '–'), sum(buy * cost) FROM {WANTED.source}"
        " WHERE buy > 0 AND cost IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10",
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
        Column("cost", N_("Cost"), "money", rank=2, of_cost=True),
        Column("amount", N_("At cost"), "money", total=True, of_cost=True),
    ),
    WANTED, given=_buying, charts=_by_supplier, charts_of_cost=True, by_days=False,
)  # fmt: skip

# ── what lies idle ────────────────────────────────────────────────────────────────────────────────

_LAST = (
    "(SELECT item_id, max(at) AS sold_at FROM sale_lines JOIN sales ON sales.id = sale_id"
    " WHERE sales.kind = 'sale' AND at < :evening GROUP BY item_id)"
)
_LAST_IN = (
    "(SELECT item_id, min(at) AS first_at, max(CASE WHEN reason IN ('opening', 'receipt') THEN at END)"
    " AS in_at FROM stock_moves WHERE at < :evening GROUP BY item_id)"
)
_LYING = (
    f"(SELECT items.id, code, code_key, items.name, other_names, category, unit, on_hand,"
    f" {COST_THEN} AS cost, sold_at, in_at,"
    f" :today - {_DAY.format(at='coalesce(sold_at, first_at)')} AS days"
    f" FROM {ITEMS_THEN} LEFT JOIN {_LAST} AS last ON last.item_id = items.id"
    f" LEFT JOIN {_LAST_IN} AS came ON came.item_id = items.id WHERE active = 1 AND on_hand > 0)"
)
LYING = Listing(
    columns=(
        "code, name, category, unit, on_hand, cost, on_hand * cost AS value,"
        " date(sold_at, 'localtime') AS sold_on, date(in_at, 'localtime') AS in_on, days"
    ),
    source=f"{_LYING} AS lying",
    id="lying.id",
    sorts={
        "value": Sort(N_("largest first"), "coalesce(on_hand * cost, 0)", descending=True),
        "longest": Sort(N_("longest first"), "days", descending=True),
        "code": Sort(N_("by code"), "code"),
    },
    parts={
        "90": Part(N_("Over 90 days"), "days > 90"),
        "180": Part(N_("Over 180 days"), "days > 180"),
        "365": Part(N_("Over a year"), "days > 365"),
        "all": Part(N_("All"), ""),
    },
    search=_SEARCH,
    spelling=ITEM_BOOK.spelling,
)


def _that_day(ctx: Context, period: Period) -> Mapping[str, str | int]:
    return {"today": (period.as_of or ctx.now.astimezone().date()).toordinal()}


def _by_age(ctx: Context, period: Period) -> list[Chart]:
    row = ctx.db.execute(
        "SELECT coalesce(sum(value * (days <= 30)), 0),"
        " coalesce(sum(value * (days BETWEEN 31 AND 90)), 0),"
        " coalesce(sum(value * (days BETWEEN 91 AND 180)), 0),"
        " coalesce(sum(value * (days BETWEEN 181 AND 365)), 0), coalesce(sum(value * (days > 365)), 0)"
        f" FROM (SELECT on_hand * cost AS value, days FROM {LYING.source})",
        {**evening(ctx, period), **_that_day(ctx, period)},
    ).fetchone()
    return [
        Chart(N_("Stock by days without a sale"), "bar", ["0–30", "31–90", "91–180", "181–365", "366+"],
              {N_("At cost"): [int(each) for each in row]}, money=True)
    ]  # fmt: skip


IDLE = Report(
    "idle", N_("Goods that do not sell"),
    (
        Column("code", N_("Code")),
        Column("name", N_("Name")),
        Column("category", N_("Category"), rank=5),
        Column("unit", N_("Unit"), rank=6),
        Column("on_hand", N_("There"), "number", total=True),
        Column("cost", N_("Cost"), "money", rank=3, of_cost=True),
        Column("value", N_("At cost"), "money", total=True, of_cost=True),
        Column("sold_on", N_("Last sold"), "day", rank=1),
        Column("in_on", N_("Last came"), "day", rank=2),
        Column("days", N_("Days"), "number"),
    ),
    LYING, given=_that_day, charts=_by_age, charts_of_cost=True, by_days=False,
    evenings=True,
)  # fmt: skip

# ── what the shop lives on ────────────────────────────────────────────────────────────────────────

_ITEM_SALES = (
    "(SELECT item_id, sum(sale_lines.quantity) AS quantity, sum(sale_lines.total) AS total,"
    " sum(sale_lines.total - cost * quantity) AS profit,"
    " sum(sale_lines.total) FILTER (WHERE cost IS NOT NULL) AS covered FROM sale_lines"
    " JOIN sales ON sales.id = sale_id WHERE item_id IS NOT NULL AND at >= :begin AND at < :end"
    " GROUP BY item_id)"
)
# What came back from earlier days sold less than nothing: it takes nothing from the others' shares.
_SHARED = (
    "(SELECT *, max(0, total) AS up, sum(max(0, total)) OVER () AS whole,"
    " sum(max(0, total)) OVER (ORDER BY max(0, total) DESC, item_id DESC) AS so_far"
    f" FROM {_ITEM_SALES})"
)
# A percentage to one place, half up, in whole numbers: every engine rounds those alike.
_TENTHS = "(2000 * {part} + whole) / nullif(2 * whole, 0) / 10.0"
CLASSES = Listing(
    columns="class, code, name, category, quantity, total, share, so_far, profit, covered",
    source=(
        "(SELECT items.id, items.code, code_key, items.name, other_names, category, quantity, total,"
        f" profit, covered, {_TENTHS.format(part='up')} AS share,"
        f" {_TENTHS.format(part='so_far')} AS so_far,"
        # Who makes the 80 % full is still one of those whom the shop lives on.
        " CASE WHEN up = 0 THEN 'C' WHEN 100 * (so_far - up) < 80 * whole THEN 'A'"
        " WHEN 100 * (so_far - up) < 95 * whole THEN 'B' ELSE 'C' END AS class"
        f" FROM {_SHARED} AS shared JOIN items ON items.id = item_id) AS classes"
    ),
    id="classes.id",
    sorts={
        "largest": Sort(N_("largest first"), "total", descending=True),
        "code": Sort(N_("by code"), "code"),
    },
    parts={
        "all": Part(N_("All"), ""),
        "a": Part("A", "class = 'A'"),
        "b": Part("B", "class = 'B'"),
        "c": Part("C", "class = 'C'"),
    },
    search=_SEARCH,
    spelling=ITEM_BOOK.spelling,
)


def _by_class(ctx: Context, period: Period) -> list[Chart]:
    rows = ctx.db.execute(
        f"SELECT class, sum(total) FROM {CLASSES.source} GROUP BY 1 ORDER BY 1",
        evening(ctx, period),
    ).fetchall()
    return [
        Chart(N_("Sales by class"), "bar", [row[0] for row in rows],
              {N_("Total"): [int(row[1]) for row in rows]}, money=True)
    ]  # fmt: skip


ABC = Report(
    "abc", N_("Items by share of sales (ABC)"),
    (
        Column("class", N_("Class")),
        Column("code", N_("Code")),
        Column("name", N_("Name")),
        Column("category", N_("Category"), rank=5),
        Column("quantity", N_("Count"), "number", rank=2, total=True),
        Column("total", N_("Total"), "money", total=True),
        Column("share", N_("Share, %"), "decimal"),
        Column("so_far", N_("Together, %"), "decimal", rank=1),
        Column("profit", N_("Profit"), "money", rank=3, total=True, of_cost=True),
        Column("covered", N_("Its revenue"), "money", rank=4, total=True, of_cost=True),
    ),
    CLASSES, charts=_by_class,
)  # fmt: skip
