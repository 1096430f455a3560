"""F2: find anything by typing a part of its name: what can be done, screens, items, customers …"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from rich.cells import cell_len
from textual import events, on
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.widgets.dialog import Dialog
from crm_tui.screens.widgets.line import Field, Line
from crm_tui.screens.widgets.options import Options
from crm_tui.screens.widgets.plain import Plain, content, fit
from crm_tui.screens.widgets.tasks import beside

_LEAST = 2
"""So many letters must be typed until the shop is asked."""


@dataclass(frozen=True)
class Thing:
    """Something of the shop that was found, and the screen that shows it; without a name it is what
    else of its kind fits."""

    kind: str
    name: str
    detail: str
    open: Callable[[], Screen[Any]]


@dataclass(frozen=True)
class Offer:
    """Something that can be done; texts are translated. `where`: the screen on which, "" for here or a
    screen itself; `words`: other words for it; `barred`: who may, if this user may not."""

    action: Action
    key: str = ""
    where: str = ""
    words: str = ""
    barred: str = ""


Find = Callable[[str], Awaitable[Sequence[Thing]]]


class Palette(Dialog[Offer | Thing]):
    """What is offered, and what `find` returns; Enter takes the marked one."""

    heading = N_("Find anything")
    keys = (("↑↓", N_("Choose")), ("Enter", N_("Take it")), ("Esc", N_("Back")))

    def __init__(self, offered: Sequence[Offer], find: Find) -> None:
        super().__init__()
        self._offered, self._look_for = offered, find
        self._matches: list[Offer | Thing] = []

    def body(self) -> Sequence[Widget]:
        options = Options(id="found", markup=False)
        options.can_focus = False
        return [Line(Field("find", ""), ""), options, Plain("", id="found-nothing", classes="text")]

    def on_mount(self) -> None:
        self.query_one(Line).focus()
        self._show("", ())

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._show(event.value, ())
        if len(event.value.strip()) >= _LEAST:
            find = partial(self._find, event.value)
            beside(self, find, group="search", exclusive=True)

    async def _find(self, text: str) -> None:
        things = await self._look_for(text)
        if self.query_one(Line).value == text:
            self._show(text, things)

    def _show(self, text: str, things: Sequence[Thing]) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        self._matches = []
        fitting = self._fitting(text)
        # As wide as what stands in them, so that what is told of each has what is left.
        keys = max((cell_len(each.key) for each in fitting if not each.where), default=0) + 2
        names = [cell_len(self.tr(each.action.label)) for each in fitting]
        label = min(22, max(names, default=0))
        for offer in fitting:
            self._matches.append(offer)
            options.add_option(Option(self._line(offer, keys, label)))
        kind = max((cell_len(self.tr(each.kind)) for each in things), default=0) + 2
        named = min(18, max((cell_len(each.name) for each in things if each.detail), default=0)) + 2
        for thing in things:
            self._matches.append(thing)
            detail, style = thing.detail, ""
            if not thing.name:
                detail, style = self.tr(N_("… there are more: Enter opens the list")), "$accent"
            # What has no detail has all the room for its name.
            wide = named if detail else self._room - kind
            shown = (
                (fit(self.tr(thing.kind), kind), "$muted"),
                (fit(thing.name, wide - 2) + "  ", "bold"),
            )
            room = self._room - kind - wide
            options.add_option(Option(content(*shown, (fit(detail, room), style))))
        nothing = self.query_one("#found-nothing", Plain)
        nothing.display = not self._matches
        told = N_("Nothing found. Try what you want to do, a code, a name, a number.")
        nothing.show(self.tr(told))
        options.display = bool(self._matches)
        if self._matches:
            options.highlighted = 0

    def _fitting(self, text: str) -> list[Offer]:
        """What holds every typed word; what is called so itself comes first."""
        words = text.lower().split()
        if not words:
            return [each for each in self._offered if not (each.where or each.barred)]
        called: list[Offer] = []
        others: list[Offer] = []
        told: list[tuple[str, str]] = []
        for offer in self._offered:
            label = self.tr(offer.action.label).lower()
            held = f"{label} {self.tr(offer.action.help)} {offer.where} {offer.words}".lower()
            if offer.barred and (label, offer.barred) in told:
                # What this user may not looks alike wherever it is done.
                continue
            if all(word in held for word in words):
                told.append((label, offer.barred))
                (called if all(word in label for word in words) else others).append(offer)
        return [*called, *others]

    @property
    def _room(self) -> int:
        # The box has no size yet when it is filled first.
        return min(self.app.size.width - 6, 90 if self.app.size.width >= 110 else 70) - 4

    def _line(self, offer: Offer, key: int, label: int) -> Content:
        """One line, its key and what it is called so many cells wide."""
        called, help = fit(self.tr(offer.action.label), label), self.tr(offer.action.help)
        room = max(0, self._room - key - label - 2)
        if offer.barred:
            only = self.tr(N_("only {roles}"), roles=offer.barred)
            shown = fit("", key), called + "  ", fit(f"{only} · {help}", room)
            return content(*((each, "$muted") for each in shown))
        where = f"{offer.where} › " if offer.where else ""
        return content(
            (fit("" if offer.where else offer.key, key), "$accent bold"), (called + "  ", "bold"),
            (fit(f"{where}{offer.key}  {help}" if where else help, room), "$muted"),
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
        if self._matches and place is not None:
            self.dismiss(self._matches[place])

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._matches[event.option_index])
