"""Laporan: any report on the screen, for a period, against the one before, and into a file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from crm_tui import actions
from crm_tui.actions import Action
from crm_tui.clock import stamp
from crm_tui.errors import N_
from crm_tui.screens.reports.few import Few
from crm_tui.screens.shell import display
from crm_tui.screens.shell.exporting import export
from crm_tui.screens.shell.listed import ListingSource
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.shell.page import Page, once_a_time
from crm_tui.screens.widgets.choose import Choose
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.screens.widgets.options import Options
from crm_tui.screens.widgets.plain import Piece, content
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.gate import listing
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.listing import Listing, Part, Sort
from crm_tui.shop.reports import base, formats, publish, registry
from crm_tui.shop.reports.base import Report, Wanted
from crm_tui.shop.reports.errors import BadDate, BadPeriod
from crm_tui.shop.reports.people import RANKING
from crm_tui.shop.reports.period import NAMED, Period

PERIOD = Action("report.period", "p", N_("Period"), N_("Which days"), permission="reports.view")
EXPORT = Action(
    "report.export", "f", N_("To a file"), N_("Excel, text, CSV or JSON, in exports/"),
    permission="reports.export",
)  # fmt: skip

LOOK = Action(
    "reports.open", "enter", N_("Look inside"), N_("Open the report"), permission="reports.view"
)

_WIDTHS = {
    "number": 8, "money": 13, "time": 16, "day": 10, "seconds": 12, "status": 12, "words": 10,
    "decimal": 8,
}  # fmt: skip
_NAME, _PHONE = 22, 15
"""Cells of a customer's name that stay when there is no room for the whole, and of any number."""
_NAMES = ("name", "what")
"""Keys of columns of texts that tell what a row is about."""
_RIGHT = ("number", "money", "seconds", "decimal")
_OWN = "own"


class ReportsScreen(Page):
    """All reports that the user may see."""

    needs = "reports.view"
    heading = N_("Reports")
    about = N_(
        "Choose a report; on its page {report_period} chooses the days, {report_export} saves it "
        "in a file."
    )
    own: ClassVar[tuple[Action, ...]] = (LOOK,)

    def last_keys(self) -> tuple[Action, ...]:
        return (actions.BACK, actions.HELP)

    def body(self) -> ComposeResult:
        yield Options(id="reports", markup=False)

    def on_mount(self) -> None:
        options = self.query_one("#reports", OptionList)
        for name, each in registry.REPORTS.items():
            if self.desk.may(each.permission):
                label = content(f"  {self.tr(each.title)}")
                options.add_option(Option(label, id=name))
        options.highlighted = 0
        options.focus()

    @on(OptionList.OptionSelected, "#reports")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        name = str(event.option_id)
        self.beside(lambda: self.app.push_screen(page_of(name)))

    async def do_reports_open(self) -> None:
        # The list itself hears the key; this is for a click on it.
        self.query_one("#reports", OptionList).action_select()

    def do_app_back(self) -> None:
        self.dismiss(None)


def page_of(name: str) -> Page:
    """The screen of the report of this name."""
    if registry.REPORTS[name] is RANKING:
        # It has a screen of its own, with the reasons.
        from crm_tui.screens.customers.ranking import RankingScreen

        return RankingScreen()
    return ReportScreen(name)


_NOTHING = Listing(
    columns="1", source="(SELECT 1)", id="1", sorts={"made": Sort("", "1")},
    parts={"all": Part(N_("All"), "")},
)  # fmt: skip

_EMPTY: dict[str, tuple[str, str]] = {
    "": (N_("Nothing on these days"), N_("Choose another period."))
}
_EMPTY_NOW: dict[str, tuple[str, str]] = {
    "": (
        N_("Nothing stands here"),
        N_("→ shows the other parts of the rows, if there are some."),
    )
}


class ReportScreen(ListPage):
    """One report: its rows, beside them the totals against the period before."""

    needs = "reports.view"
    heading = N_("Report")
    about = N_(
        "{report_period} chooses the days; the totals are compared with the period before. → "
        "shows a part of the rows, {list_search} finds words in them, {report_export} saves what "
        "is shown."
    )
    own: ClassVar[tuple[Action, ...]] = (PERIOD, EXPORT)
    topics = frozenset({"sales", "orders", "messages", "stock", "customers", "promos", "payments"})
    listed = _NOTHING
    columns: tuple[Column, ...] = ()
    empty = _EMPTY

    def __init__(self, name: str = "sales") -> None:
        self._report: Report = self.find(name)
        report = self._report
        self.listed = report.bounded() if report.listed is not None else _NOTHING
        self.columns = tuple(map(_column, report.columns))
        if not report.by_days:
            # It tells of now, or of an evening: no days choose its rows.
            self.empty = _EMPTY_NOW
        self._usual_empty = self.empty
        super().__init__()
        if report.sort or "newest" in self.listed.sorts:
            # The screen begins with the newest; files are in the order of time.
            first = "newest" if "newest" in self.listed.sorts else report.sort
            self._view = replace(self._view, sort=first)
        self._period: Period | None = None
        self._totals: Mapping[str, int] = {}
        self._before: tuple[str, Mapping[str, int]] | None = None
        self._unknown: Mapping[str, int] = {}
        self._summed: Wanted | None = None
        self._counting = False

    def find(self, name: str) -> Report:
        """The report of this name, with all its columns."""
        return registry.REPORTS[name]

    def compose(self) -> ComposeResult:
        seen = registry.as_seen(self._report, self.desk.may)
        if seen is not self._report:
            self._report = seen
            self.listed = seen.bounded() if seen.listed is not None else _NOTHING
            self.columns = tuple(map(_column, seen.columns))
        yield from super().compose()

    def may_stay(self) -> bool:
        # What it tells was chosen by the rights of the moment at which it was opened.
        seen = registry.as_seen(self._report, self.desk.may) is self._report
        return seen and super().may_stay() and self.desk.may(self._report.permission)

    @property
    def wanted(self) -> Wanted:
        """What is looked at."""
        # What is made at once has no parts.
        part = self._view.part if self._report.listed is not None else ""
        return Wanted(self._period or Period(), part, self._view.search)

    def title_text(self) -> str:
        report = self._report
        return f"{self.tr(report.title)} – {publish.period_in_words(report, self.wanted, self.tr)}"

    async def show(self) -> None:
        report = self._report
        if self._period is None:
            today = self.desk.clock.now().astimezone().date()
            self._period = Period.named("month" if report.by_days else "all", today)
        parameters = await self.desk.ask(lambda ctx: _parameters(ctx, report, self.wanted))
        early = await self.early()
        self.empty = {"": (_EMPTY[""][0], early)} if early else self._usual_empty
        if parameters != self._view.given:
            self.look_at(replace(self._view, given=parameters))
        else:
            await super().show()
        wanted = self.wanted
        if wanted != self._summed:
            # Sums over years take a while: no old ones may stand beside new rows meanwhile.
            self._totals, self._before, self._unknown = {}, None, {}
            self._counting = True
            self._draw_details()
        self._totals, self._before, self._unknown = await self.desk.ask(_sums, report, wanted)
        self._summed, self._counting = wanted, False
        self._draw_details()
        self.draw_frame()

    async def early(self) -> str:
        """Why nothing can stand here, if the day is before the shop's first one."""
        return await self.desk.ask(publish.too_early, self.wanted, self.tr)

    async def _use(self) -> None:
        report = self._report
        if report.listed is None:
            records = await self.desk.take_time(
                lambda ctx: list(
                    report.rows(ctx, self.wanted.period, search=self._view.search)
                )
            )  # fmt: skip
            await self.rows.use(Few(records))
        elif self._view.given:
            await self.rows.use(ListingSource(self.desk, self.listed, self._view))

    def look_at(self, view: listing.View) -> None:
        changed = (view.part, view.search) != (self._view.part, self._view.search)
        super().look_at(view)
        if changed:
            self.look_again()

    def _record(self, row: listing.Line) -> base.Record:
        report = self._report
        return row.values if report.listed is None else report.record(row.values)

    def shape(self, row: Record) -> Sequence[Cell]:
        record = self._record(cast("listing.Line", row))
        columns = self._report.columns
        return [
            Cell(
                text,
                "strong" if column.kind == "customer" else "dim" if column.kind == "time" else "",
            )
            for column, text in zip(
                columns, formats.row_shown(columns, record, self.tr), strict=True
            )
        ]

    async def details(self, row: listing.Line) -> Content:
        record = self._record(row)
        pieces = self._totals_shown()
        wide = max(len(self.tr(column.heading)) for column in self._report.columns)
        for column in self._report.columns:
            text = formats.shown(column, record, self.tr)
            if text:
                pieces += [(f"{self.tr(column.heading):<{wide}}  ", "$muted"), text, "\n"]
        return content(*pieces)

    def _totals_shown(self) -> list[Piece]:
        """The totals, and how they stand against the period before."""
        tr = self.tr
        if self._counting:
            return [(tr(N_("Adding up …")), "$muted"), "\n\n"]
        if not self._totals:
            return []
        columns = [column for column in self._report.columns if column.total]
        named = [("count", tr(self._report.rows_are))] + [
            (each.key, tr(each.heading)) for each in columns
        ]
        kinds = {each.key: each.kind for each in columns}
        now = self._report.as_of_now
        wide = max(len(label) for _, label in named)
        pieces: list[Piece] = []
        if self._before is not None:
            told = tr(N_("against {days}"), days=self._before[0])
            pieces += [(told, "$muted"), "\n"]
        for key, label in named:
            value = self._totals.get(key)
            if value is None:
                continue
            tone = display.rupiah if kinds.get(key) == "money" else display.thousands
            pieces += [(f"{label:<{wide}}  ", "$muted"), (f"{tone(value):>15}", "bold")]
            if self._before is not None and key not in now:
                before = self._before[1].get(key)
                if before is not None:
                    pieces += [f"{tone(before):>15}", *_told_change(value, before)]
            pieces.append("\n")
        if told := publish.covered(self._report, self._totals, tr):
            pieces += [(tr(N_("Profit")) + f" {told}", "$muted"), "\n"]
        for heading, told in publish.without_cost(self._report, self._unknown, tr):
            pieces += [(f"{heading}: {told}", "$muted"), "\n"]
        return [*pieces, "\n"]

    def ready_for(self, action: Action) -> bool:
        return action is not PERIOD or self._report.by_days or self._report.evenings

    @once_a_time
    async def do_report_period(self) -> None:
        today = self.desk.clock.now().astimezone().date()
        answers = [(name, self.tr(label)) for name, label in NAMED.items()]
        answers.append((_OWN, self.tr(N_("from … to …"))))
        answer = await self.ask_for(Choose(self.tr(N_("Which days?")), answers))
        if answer is None:
            return
        if answer == _OWN:
            period = await self._ask_days()
            if period is None:
                return
        else:
            period = Period.named(str(answer), today)
        self._period = self._report.of_days(period, today)
        self.look_again()

    async def _ask_days(self) -> Period | None:
        chosen: list[Period] = []

        async def take(values: Values) -> object:
            first, last = values["first"].strip() or None, values["last"].strip() or None
            chosen.append(Period.parse(first, last))
            return True

        now = self._period or Period()
        help = self.tr(N_("25/11/2026, or empty"))
        fields = [
            Field("first", self.tr(N_("First day")), help,
                  f"{now.first:%d/%m/%Y}" if now.first else "", errors=(BadDate, BadPeriod)),
            Field("last", self.tr(N_("Last day")), help, f"{now.last:%d/%m/%Y}" if now.last else ""),
        ]  # fmt: skip
        title = self.tr(N_("Which days?"))
        done = await self.ask_for(Form("period", title, fields, take, done=N_("Show")))
        return chosen[-1] if done else None

    @once_a_time
    async def do_report_export(self) -> None:
        await export(self, self._report.name, self.wanted)


def _column(column: base.Column) -> Column:
    """How the list shows a column of a report."""
    if column.key == "phone":
        # Its last digits are what it is known by: whole, or not at all.
        return Column(column.heading, _PHONE, rank=column.rank)
    flex = column.kind not in _WIDTHS
    width = (
        _NAME if column.kind == "customer" or column.key in _NAMES else _WIDTHS.get(column.kind, 12)
    )
    return Column(
        column.heading, width, flex=flex, rank=column.rank,
        align="right" if column.kind in _RIGHT else "left",
    )  # fmt: skip


def _parameters(ctx: Context, report: Report, wanted: Wanted) -> Mapping[str, str | int]:
    if report.listed is None:
        begin, end = wanted.period.bounds()
        return {"begin": begin, "end": end}
    given = dict(report.view(ctx, wanted).given)
    if given["current"]:
        # Now goes on; only what is another day's, or looked at anew, is another view.
        given["moment"] = stamp(ctx.now.replace(minute=0, second=0, microsecond=0))
    return given


def _sums(
    ctx: Context, report: Report, wanted: Wanted
) -> tuple[Mapping[str, int], tuple[str, Mapping[str, int]] | None, Mapping[str, int]]:
    """The totals of now, those of the period before with its name, and what they leave out."""
    if not any(column.total for column in report.columns):
        return {}, None, {}
    before = wanted.period.before() if report.by_days else None
    earlier = None
    if before is not None:
        earlier = before.in_words, report.totals(ctx, replace(wanted, period=before))
    return report.totals(ctx, wanted), earlier, report.unknown(ctx, wanted)


def _told_change(value: int, before: int) -> list[Piece]:
    share = base.change(value, before)
    if share is None:
        return []
    tone = "$success" if share > 0 else "$error" if share < 0 else ""
    return [(f"{share:>+8.0%}", tone)]
