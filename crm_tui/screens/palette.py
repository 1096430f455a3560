"""F2: find anything that can be done by typing a part of its name."""

from collections.abc import Sequence

from textual import events, on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from crm_tui import actions
from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.widgets.dialog import Dialog
from crm_tui.screens.widgets.line import Field, Line
from crm_tui.screens.widgets.plain import content, fit


class Palette(Dialog[Action]):
    """All actions that the user may do here; Enter does the one that is marked."""

    heading = N_("Find an action")
    keys = (("↑↓", N_("Choose")), ("Enter", N_("Do it")), ("Esc", N_("Back")))

    def __init__(self, offered: Sequence[tuple[Action, str]]) -> None:
        super().__init__()
        self._offered = offered
        self._found: list[Action] = []

    def body(self) -> Sequence[Widget]:
        options = OptionList(id="found", markup=False)
        options.can_focus = False
        return [Line(Field("find", ""), ""), options]

    def on_mount(self) -> None:
        self.query_one(Line).focus()
        self._find("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._find(event.value)

    def _find(self, text: str) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        self._found = []
        for action, key in self._offered:
            label, help = self.tell(action.label), self.tell(action.help)
            if all(word in f"{label} {help}".lower() for word in text.lower().split()):
                self._found.append(action)
                options.add_option(Option(self._told(label, help, key)))
        if self._found:
            options.highlighted = 0

    def _told(self, label: str, help: str, key: str) -> Content:
        shown = self.tell(actions.key_name(key)) if key else ""
        # The box has no size yet when it is filled first.
        room = min(self.app.size.width - 6, 90 if self.app.size.width >= 110 else 70) - 37
        return content(
            (fit(shown, 7), "$accent bold"), (fit(label, 22) + " ", "bold"),
            (fit(help, room), "$muted"),
        )  # fmt: skip

    def on_key(self, event: events.Key) -> None:
        options = self.query_one(OptionList)
        if event.key == "down":
            options.action_cursor_down()
        elif event.key == "up":
            options.action_cursor_up()
        else:
            return
        event.stop()
        event.prevent_default()

    @on(Input.Submitted)
    def _take(self) -> None:
        place = self.query_one(OptionList).highlighted
        if self._found and place is not None:
            self.dismiss(self._found[place])

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._found[event.option_index])
