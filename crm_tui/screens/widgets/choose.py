"""One of a few answers, by arrow keys and Enter."""

from collections.abc import Sequence

from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from crm_tui.errors import N_
from crm_tui.screens.widgets.dialog import Dialog
from crm_tui.screens.widgets.options import Options
from crm_tui.screens.widgets.plain import content


class Choose(Dialog[str]):
    """Answers as (name, text); the name of the chosen one comes back, None from Esc."""

    keys = (("↑↓", N_("Choose")), ("Enter", N_("Take it")), ("Esc", N_("Back")))

    def __init__(
        self, title: str, answers: Sequence[tuple[str, str | Content]], marked: str = ""
    ) -> None:
        """The answer called `marked` is under the cursor first, else the first one."""
        super().__init__()
        self._title, self._answers, self._marked = title, answers, marked

    def title_text(self) -> str:
        return self._title

    def body(self) -> Sequence[Widget]:
        options = [
            Option(told if isinstance(told, Content) else content(told), id=name)
            for name, told in self._answers
        ]
        return [Options(*options, id="answers", markup=False)]

    def on_mount(self) -> None:
        options = self.query_one(OptionList)
        options.focus()
        names = [name for name, _ in self._answers]
        if self._marked in names:
            options.highlighted = names.index(self._marked)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)
