"""The office's reports: a line a branch with their sum, and behind it the branch's own report."""

from typing import ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from crm_tui import actions
from crm_tui.actions import Action
from crm_tui.clock import moment
from crm_tui.errors import N_
from crm_tui.office import reports
from crm_tui.office.reading import Branch, ChainContext
from crm_tui.office_desk import OfficeDesk
from crm_tui.screens.reports.report import EXPORT, LOOK, PERIOD, ReportScreen
from crm_tui.screens.shell.exporting import export
from crm_tui.screens.shell.page import Page, once_a_time
from crm_tui.screens.widgets.options import Options
from crm_tui.screens.widgets.plain import content
from crm_tui.shop.gate.context import Context
from crm_tui.shop.reports.base import Report

OPEN = Action("office.look", "enter", N_("Open the branch"), N_("The branch's own report"))


def branches(ctx: Context) -> list[Branch]:
    """All branches, asked by a page of the chain."""
    return cast(ChainContext, ctx).office.branches()


class ChainPage(Page):
    """A page of the office: of the chain, or of `branch`."""

    branch: Branch | None = None

    @property
    def desk(self) -> OfficeDesk:
        return cast(OfficeDesk, self.crm.desk).of(self.branch)

    def last_keys(self) -> tuple[Action, ...]:
        return (actions.BACK, actions.HELP)

    def of_branch(self, title: str) -> str:
        """A title with the branch before it, and as of when its figures are."""
        if self.branch is None:
            return title
        told = self.tr(N_("never seen"))
        if self.branch.seen_at:
            at = f"{moment(self.branch.seen_at).astimezone():%d/%m %H:%M}"
            text = N_("as of {at}, clock off") if self.branch.clock_off else N_("as of {at}")
            told = self.tr(text, at=at)
        return f"{self.branch.name} ({told}) – {title}"


class ReportList(ChainPage):
    """All reports: over the chain, or of one branch."""

    heading = N_("Reports of the branches")
    about = N_(
        "Choose a report: it tells each branch in a line, and their sum. On its page {office_look}"
        " opens the branch's own."
    )
    own: ClassVar[tuple[Action, ...]] = (LOOK,)

    def __init__(self, branch: Branch | None = None) -> None:
        super().__init__()
        self.branch = branch

    def last_keys(self) -> tuple[Action, ...]:
        # The first page is left with the program.
        return super().last_keys() if self.branch else (actions.QUIT, actions.HELP)

    def title_text(self) -> str:
        return self.of_branch(self.tr(N_("Reports") if self.branch else self.heading))

    def body(self) -> ComposeResult:
        yield Options(id="reports", markup=False)

    def on_mount(self) -> None:
        options = self.query_one("#reports", OptionList)
        for name in reports.NAMES:
            if self.branch is None or name in reports.OF_BRANCHES:
                title = reports.find(name, self.branch.name if self.branch else None).title
                options.add_option(Option(content(f"  {self.tr(title)}"), id=name))
        options.highlighted = 0
        options.focus()

    @on(OptionList.OptionSelected, "#reports")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        name = str(event.option_id)
        self.beside(lambda: self.app.push_screen(OfficeReport(name, self.branch)))

    async def do_reports_open(self) -> None:
        # The list itself hears the key; this is for a click on it.
        self.query_one("#reports", OptionList).action_select()

    def do_app_back(self) -> None:
        if self.branch is not None:
            self.dismiss(None)


class OfficeReport(ChainPage, ReportScreen):
    """One report, over the chain or of a branch."""

    heading = N_("Report")
    about = N_(
        "{report_period} chooses the days; the totals are compared with the period before. In a list of"
        " branches {office_look} opens the branch's own report; {report_export} saves what is shown."
    )
    own = (OPEN, PERIOD, EXPORT)
    topics = frozenset()

    def __init__(self, name: str = "sales", branch: Branch | None = None) -> None:
        self.branch = branch
        self._of = name
        super().__init__(name)

    def find(self, name: str) -> Report:
        return reports.find(name, self.branch.name if self.branch else None)

    def title_text(self) -> str:
        return self.of_branch(super().title_text())

    def ready_for(self, action: Action) -> bool:
        if action is OPEN:
            return self.branch is None and "branch" in {each.key for each in self._report.columns}
        return super().ready_for(action)

    def last_keys(self) -> tuple[Action, ...]:
        return ReportScreen.last_keys(self)

    async def early(self) -> str:
        # All branches together begin on no day of their own.
        return "" if self.branch is None else await super().early()

    def on_paged_list_chosen(self) -> None:
        self.perform(OPEN)

    @once_a_time
    async def do_office_look(self) -> None:
        row = self.current
        if row is None or self.branch is not None:
            return
        name = str(row.values.get("branch"))
        branch = next((each for each in await self.desk.ask(branches) if each.name == name), None)
        if branch is None:
            return
        of_chain = self._of in reports.CHAIN and self._of not in reports.OF_BRANCHES
        screen: Screen[None] = ReportList(branch) if of_chain else OfficeReport(self._of, branch)
        await self.app.push_screen(screen)

    @once_a_time
    async def do_report_export(self) -> None:
        report = self._report

        def found(ctx: Context, name: str) -> Report:
            return report

        await export(self, report.name, self.wanted, found)
