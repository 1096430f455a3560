"""A report on its way into a file: its name, what it tells of itself, and the writing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from crm_tui.clock import moment
from crm_tui.errors import N_
from crm_tui.i18n import Translate
from crm_tui.shop.gate import access, folder, settings, stored_words
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.reports import formats
from crm_tui.shop.reports.base import Report, Wanted
from crm_tui.shop.reports.cells import Facts
from crm_tui.text import day_and_time


@dataclass(frozen=True)
class Order:
    """A report that is to be written: in which `form` (of `formats.FORMATS`), and to where."""

    report: Report
    wanted: Wanted
    form: str
    target: Path


def file_name(report: Report, wanted: Wanted, form: str) -> str:
    """Named after report and period: "sales-2026-11.xlsx"."""
    label = wanted.period.label
    suffix = {"table": "txt"}.get(form, form)
    part = f"-{wanted.part}" if wanted.part and wanted.part != _first(report) else ""
    words = "-".join(re.findall(r"\w+", wanted.search))[:40]
    return "-".join(each for each in (report.name + part, label, words) if each) + f".{suffix}"


def _first(report: Report) -> str:
    return next(iter(report.listed.parts)) if report.listed is not None else ""


def usual_target(ctx: Context, report: Report, wanted: Wanted, form: str) -> Path:
    """Where it goes by itself: the shop's folder of exports."""
    return folder.exports(ctx) / file_name(report, wanted, form)


def facts(ctx: Context, report: Report, wanted: Wanted, tr: Translate) -> Facts:
    """What a workbook tells beside its data, of the view of now."""
    period = wanted.period
    before = period.before() if report.by_days else None
    info = [
        (tr(N_("Made at")), day_and_time(ctx.now)),
        (tr(N_("Made by")), stored_words.actor(ctx.actor.name, tr)),
    ]
    if report.listed is not None:
        part = wanted.part or _first(report)
        info.append((tr(N_("Part")), tr(report.listed.parts[part].label)))
    if wanted.search:
        info.append((tr(N_("Search")), wanted.search))
    summary = [
        (
            tr(figure["what"]),
            tr(
                N_("median {median}, 95 % within {p95} ({count})"), count=figure["count"],
                median=formats.duration(figure["median"]), p95=formats.duration(figure["p95"]),
            ),
        )
        for figure in report.summary(ctx, period)
    ]  # fmt: skip
    totals = report.totals(ctx, wanted)
    if told := covered(report, totals, tr):
        summary.append((tr(N_("Profit")), told))
    summary += without_cost(report, report.unknown(ctx, wanted), tr)
    charts = report.charts(ctx, period)
    if (charts or summary) and (told := of_all(report, wanted, tr)):
        summary.append((tr(N_("Note")), told))
    return Facts(
        settings.SHOP_NAME(ctx), period_in_words(report, wanted, tr), totals,
        report.totals(ctx, Wanted(before, wanted.part, wanted.search)) if before else None,
        before.in_words if before else "", summary, charts, info,
    )  # fmt: skip


def covered(report: Report, totals: Mapping[str, int], tr: Translate) -> str:
    """How much of the revenue the profit is told of, where that is not all of it; else "".

    `totals` as of `Report.totals`: where no cost is known, it has no profit.
    """
    total, known = totals.get("total", 0), totals.get("covered", 0)
    told = {"total", "profit", "covered"} <= {column.key for column in report.columns}
    if not told or known == total:
        return ""
    return tr(
        N_("of {known} of {total} in sales; of the rest the cost is not known"),
        known=rupiah(known), total=rupiah(total),
    )  # fmt: skip


def without_cost(
    report: Report, unknown: Mapping[str, int], tr: Translate
) -> list[tuple[str, str]]:
    """What the sums of costs leave out, as a heading and what is told of it; `unknown` as of
    `Report.unknown`."""
    told = N_("without {count} rows of which the cost is not known")
    headings = {column.key: column.heading for column in report.columns}
    return [(tr(headings[key]), tr(told, count=count)) for key, count in unknown.items()]


def of_all(report: Report, wanted: Wanted, tr: Translate) -> str:
    """That charts and times heed neither part nor words, if some were chosen; else ""."""
    part = wanted.part if not report.regrouped else ""
    if not wanted.search and part in ("", _first(report)):
        return ""
    return tr(N_("charts and waiting times are of all rows, not only of those that were chosen"))


def period_in_words(report: Report, wanted: Wanted, tr: Translate) -> str:
    """The period in words, as this report understands it."""
    if wanted.period.as_of is not None:
        return tr(N_("as of {day}"), day=f"{wanted.period.as_of:%d/%m/%Y}")
    if not report.by_days:
        return tr(N_("as of now"))
    if wanted.period.first is None and wanted.period.last is None:
        return tr(N_("from the beginning"))
    return wanted.period.in_words


def too_early(ctx: Context, wanted: Wanted, tr: Translate) -> str:
    """Why nothing stands in a report as of an evening before the shop had any item; else ""."""
    evening = wanted.period.as_of
    if evening is None:
        return ""
    first = ctx.db.execute("SELECT at FROM price_changes ORDER BY id LIMIT 1").fetchone()
    if first is None:
        return ""
    began = moment(first[0]).astimezone().date()
    if evening >= began:
        return ""
    return tr(N_("The shop’s figures begin on {day}."), day=f"{began:%d/%m/%Y}")


def write(ctx: Context, order: Order, tr: Translate, progress: Progress | None = None) -> Path:
    """Write a report into its file, from one consistent view; the path. Raises `Cancelled`,
    `FileOpenElsewhere`, `FileUnwritable`, `NotAllowed`."""
    access.require(ctx, "reports.export")
    report, wanted = order.report, order.wanted
    report.check(ctx, wanted)
    report.bring_up_to_date(ctx, wanted.period)
    with ctx.store.reading():
        # The others tell nothing beside their rows.
        about = facts(ctx, report, wanted, tr) if order.form == "xlsx" else None
        rows = report.rows(ctx, wanted.period, wanted.part, wanted.search)
        formats.save(report, rows, order.form, order.target, tr, about, progress, ctx.store.path)
    return order.target
