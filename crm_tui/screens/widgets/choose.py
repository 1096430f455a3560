"""One of a few answers, by arrow keys and Enter."""

from collections.abc import Sequence

from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from crm_tui.errors import N_
from crm_tui.screens.widgets.dialog import Dialog
from crm_tui.screens.widgets.plain import content


class Choose(Dialog[str]):
    """Answers as (name, text); the name of the chosen one comes back, None from Esc."""

    keys = (("↑↓", N_("Choose")), ("Enter", N_("Take it")), ("Esc", N_("Back")))

    def __init__(self, title: str, answers: Sequence[tuple[str, str | Content]]) -> None:
        super().__init__()
        self._title, self._answers = title, answers

    def title_text(self) -> str:
        return self._title

    def body(self) -> Sequence[Widget]:
        options = [
            Option(told if isinstance(told, Content) else content(told), id=name)
            for name, told in self._answers
        ]
        return [OptionList(*options, id="answers", markup=False)]

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)
