"""What lies idle on the shelves, and for how long."""
# ruff: noqa: S608 - what is put into queries is names of ours

from collections.abc import Mapping

from crm_tui.errors import N_
from crm_tui.shop.customers.people import NOT_VOIDED
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.listing import Listing, Part, Sort
from crm_tui.shop.items.lists import ITEM_BOOK
from crm_tui.shop.reports.base import Chart, Column, Report, evening
from crm_tui.shop.reports.goods import COST_THEN, DAY_OF, ITEM_SEARCH, ITEMS_THEN, ON_SALE_THEN
from crm_tui.shop.reports.period import Period

_LAST = (
    "(SELECT item_id, max(sales.at) AS sold_at FROM sale_lines JOIN sales ON sales.id = sale_id"
    " WHERE sales.kind = 'sale' AND sales.at < :evening"
    f" AND {NOT_VOIDED.format(then=' AND undone.at < :evening')} GROUP BY item_id)"
)
_LAST_IN = (
    "(SELECT item_id, min(at) AS first_at, max(CASE WHEN reason IN ('opening', 'receipt') THEN at END)"
    " AS in_at FROM stock_moves WHERE at < :evening GROUP BY item_id)"
)
_LYING = (
    f"(SELECT items.id, code, code_key, items.name, other_names, category, unit, on_hand,"
    f" {COST_THEN} AS cost, sold_at, in_at,"
    f" :today - {DAY_OF.format(at='coalesce(sold_at, first_at)')} AS days"
    f" FROM {ITEMS_THEN} LEFT JOIN {_LAST} AS last ON last.item_id = items.id"
    f" LEFT JOIN {_LAST_IN} AS came ON came.item_id = items.id"
    f" WHERE {ON_SALE_THEN} AND on_hand > 0)"
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
    search=ITEM_SEARCH,
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
        Column("value", N_("At cost"), "money", total=True, of_cost=True, of="on_hand"),
        Column("sold_on", N_("Last sold"), "day", rank=1),
        Column("in_on", N_("Last came"), "day", rank=2),
        Column("days", N_("Days"), "number"),
    ),
    LYING, given=_that_day, charts=_by_age, charts_of_cost=True, by_days=False,
    evenings=True,
)  # fmt: skip
