"""A manager's page: sales by day, when customers come and write, and what sells, as plots."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.color import Color
from textual.containers import Container, Grid

from crm_tui import actions
from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.i18n import Translate
from crm_tui.screens.shell import display
from crm_tui.screens.shell.page import Page, once_a_time
from crm_tui.screens.widgets.choose import Choose
from crm_tui.screens.widgets.plain import Piece, Plain, content, fit
from crm_tui.shop.reports import figures
from crm_tui.shop.reports.base import Chart
from crm_tui.shop.reports.period import NAMED, Period

PERIOD = Action("figures.period", "p", N_("Period"), N_("Which days"), permission="reports.view")

_COLOURS = ("primary", "accent")
_LABEL, _AXIS = 7, 9
"""Cells that a label below a plot takes with its distance, and those that the values take beside it."""
_PLOTTED = ("today", "week", "month", "last_month", "quarter", "year")


class ChartPlot(Container):
    """One chart, as high and wide as there is room."""

    def compose(self) -> ComposeResult:
        # Loading the plots takes longer than the first screen: they come when they are shown.
        from textual_plotext import PlotextPlot

        yield Plain("", classes="panel-title")
        yield PlotextPlot()
        yield Plain("", classes="ranked")

    def show(self, chart: Chart, title: str, names: list[str], tr: Translate) -> None:
        """Draw it; its texts are translated already."""
        told = partial(display.short_rupiah, tr) if chart.money else display.thousands
        from textual_plotext import PlotextPlot

        pieces: list[Piece] = [title]
        if len(names) > 1:
            # The legend stands beside the title: within the plot it would lie over the bars.
            for name, colour in zip(names, _COLOURS, strict=False):
                pieces += ["  ", (f"█ {name}", f"${colour}")]
        self.query_one(".panel-title", Plain).show(content(*pieces))
        plot, ranked = self.query_one(PlotextPlot), self.query_one(".ranked", Plain)
        plot.display = chart.kind != "ranked"
        ranked.display = chart.kind == "ranked"
        if chart.kind == "ranked":
            self._rank(chart, ranked, told)
        else:
            self._plot(chart, plot, told)
        # Until then the library would draw an empty frame.
        self.add_class("-drawn")

    def _rank(self, chart: Chart, ranked: Plain, told: Callable[[int], str]) -> None:
        """The largest first, each with a bar as long as it is large."""
        values = next(iter(chart.rows.values()), ())
        texts = [told(each) for each in values]
        wide = max(30, self.size.width - 2)
        right = max((len(each) for each in texts), default=0)
        left = max(12, wide // 2 - right)
        room = max(4, wide - left - right - 2)
        top = max(1, *values) if values else 1
        pieces: list[Piece] = []
        for label, value, text in zip(chart.labels, values, texts, strict=True):
            bar = "█" * max(1, round(room * value / top)) if value > 0 else ""
            pieces += [
                f"{fit(label, left)} ",
                (f"{bar:<{room}}", "$primary"),
                f" {text:>{right}}",
                "\n",
            ]
        ranked.show(content(*pieces))

    def _plot(self, chart: Chart, plot: Any, label: Callable[[int], str]) -> None:
        plt: Any = plot.plt
        plt.clear_data()
        plt.clear_figure()
        variables = self.app.theme_variables
        colours = [Color.parse(variables[name]).rgb for name in _COLOURS]
        rows = [list(each) for each in chart.rows.values()]
        count = len(chart.labels)
        plt.frame(False)
        if not count:
            plot.refresh()
            return
        places = list(range(1, count + 1))
        wide = 0.7
        # A few bars are no walls.
        plt.xlim(0.5, max(count, 8) + 0.5)
        # One behind the other, for plotext keeps a line for each that is stacked, and for each 0.
        whole = [sum(each) for each in zip(*rows, strict=True)]
        for heights, colour in ((whole, colours[len(rows) - 1]), (rows[0], colours[0])):
            there = [(at, each) for at, each in zip(places, heights, strict=True) if each > 0]
            if there:
                plt.bar(
                    [at for at, _ in there], [each for _, each in there], width=wide, color=colour
                )
        # So few labels that none meets its neighbour: plotext would leave out any of the two.
        room = max(_LABEL, self.size.width - _AXIS)
        step = max(1, -(-max(count, 8) * _LABEL // room))
        plt.xticks(places[::step], list(chart.labels)[::step])
        top = max(1, *(sum(each) for each in zip(*rows, strict=True)))
        plt.ylim(0, top)
        plt.yticks([0, top], ["0", label(top)])
        plot.refresh()


@dataclass(frozen=True)
class _Place:
    """Which chart of the page stands where."""

    id: str
    at: int


_PLACES = tuple(_Place(f"plot-{at}", at) for at in range(4))


class FiguresScreen(Page):
    """Four plots of a period."""

    needs = "reports.view"
    heading = N_("Figures")
    about = N_("How the shop is doing: {figures_period} chooses the days.")
    own: ClassVar[tuple[Action, ...]] = (PERIOD,)
    topics = frozenset({"sales", "messages"})

    def __init__(self) -> None:
        super().__init__()
        self._period_name = "month"

    def last_keys(self) -> tuple[Action, ...]:
        return (actions.BACK, actions.HELP)

    def body(self) -> ComposeResult:
        with Grid(id="plots"):
            for place in _PLACES:
                yield ChartPlot(id=place.id)

    def title_text(self) -> str:
        today = self.desk.clock.now().astimezone().date()
        period = Period.named(self._period_name, today)
        return f"{self.tr(self.heading)} – {period.in_words}"

    def on_resize(self) -> None:
        self.look_again()

    async def show(self) -> None:
        today = self.desk.clock.now().astimezone().date()
        period = Period.named(self._period_name, today)
        charts = await self.desk.ask(figures.page, period)
        for place, chart in zip(_PLACES, charts, strict=True):
            names = [self.tr(name) for name in chart.rows]
            title = self.tr(chart.title)
            chart = replace(chart, labels=chart.labels_in(self.tr))
            self.query_one(f"#{place.id}", ChartPlot).show(chart, title, names, self.tr)
        self.draw_frame()

    def do_app_back(self) -> None:
        self.dismiss(None)

    @once_a_time
    async def do_figures_period(self) -> None:
        answers = [(name, self.tr(NAMED[name])) for name in _PLOTTED]
        found = await self.ask_for(Choose(self.tr(N_("Which days?")), answers))
        if found:
            self._period_name = str(found)
            self.look_again()
