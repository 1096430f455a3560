"""Plots in the terminal."""

from collections.abc import Callable
from typing import Any

from textual.app import ComposeResult
from textual.color import Color
from textual.containers import Container


class HoursPlot(Container):
    """Two rows of figures by the hour of the day, as bars."""

    def compose(self) -> ComposeResult:
        # Loading the plots takes longer than the first screen: they come when they are shown.
        from textual_plotext import PlotextPlot

        yield PlotextPlot()

    def show(
        self,
        came: tuple[int, ...],
        went: tuple[int, ...],
        names: tuple[str, str],
        label: Callable[[int], str] = str,
    ) -> None:
        """Draw both rows of 24 figures; `names` are what they are called, `label` says the highest."""
        from textual_plotext import PlotextPlot

        plot = self.query_one(PlotextPlot)
        plt: Any = plot.plt
        plt.clear_data()
        plt.clear_figure()
        busy = [hour for hour in range(24) if came[hour] or went[hour]]
        hours = range(min([7, *busy]), max([18, *busy]) + 1)
        variables = self.app.theme_variables
        colours = [Color.parse(variables[name]).rgb for name in ("primary", "faint")]
        plt.multiple_bar(
            list(hours), [[came[hour] for hour in hours], [went[hour] for hour in hours]],
            labels=list(names), width=0.6, color=colours,
        )  # fmt: skip
        plt.frame(False)
        shown = list(hours)[:: 2 if (self.size.width or self.app.size.width - 35) < 70 else 1]
        plt.xticks(shown, [f"{hour:02d}" for hour in shown])
        top = max(1, *came, *went)
        plt.yticks([0, top], ["0", label(top)])
        plot.refresh()
        # Until then the library would draw an empty frame.
        self.add_class("-drawn")
