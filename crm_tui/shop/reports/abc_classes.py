"""What the shop lives on: items in classes by their share of what was sold."""
# ruff: noqa: S608 - what is put into queries is names of ours

from crm_tui.errors import N_
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.listing import Listing, Part, Sort
from crm_tui.shop.items.lists import ITEM_BOOK
from crm_tui.shop.reports.base import Chart, Column, Report, evening
from crm_tui.shop.reports.goods import ITEM_SEARCH
from crm_tui.shop.reports.period import Period

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
        # The item that makes the 80 % full is still one of those that the shop lives on.
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
    search=ITEM_SEARCH,
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
