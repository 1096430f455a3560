"""A page with a short list of options above, and what stands behind the chosen one below."""

from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import OptionList

from crm_tui import actions
from crm_tui.screens.shell.page import Page
from crm_tui.screens.widgets.details import Details, DetailsText
from crm_tui.screens.widgets.options import Options


class OptionPage(Page):
    """The options are `self.options`; the details go into `#details-text`."""

    def last_keys(self) -> tuple[actions.Action, ...]:
        return (actions.BACK, actions.HELP)

    def body(self) -> ComposeResult:
        with Container(id="split"):
            yield Options(id="list", markup=False)
            with Details(id="details"):
                yield DetailsText(id="details-text")

    def on_mount(self) -> None:
        self.options.focus()

    @property
    def options(self) -> OptionList:
        return self.query_one("#list", OptionList)
