"""The line in which items are typed or scanned: taken in turn, given back if nothing was taken.

typed ──Enter──▶ line free at once ──in its turn──▶ `take` ─┬─▶ taken
                                                           └─▶ refused: given back, what fits is marked
           left out, and told of until it was seen ◀── more is typed behind it, or over it ──┘
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from textual import events
from textual.dom import DOMNode
from textual.message import Message

from crm_tui.errors import N_, Problem
from crm_tui.screens.items.fitting import Fitting
from crm_tui.screens.shell.program import program
from crm_tui.screens.shell.scans import OTHER_ENDS, SCANNED, scanned_text
from crm_tui.screens.widgets.line import Field, Line
from crm_tui.screens.widgets.tasks import beside
from crm_tui.shop.sales import entry
from crm_tui.text import brief

log = logging.getLogger(__name__)

Take = Callable[[str, int | None, bool], Awaitable[None]]
"""Takes what was typed; the key of the item that was chosen by hand from what fits, if one was; and
whether it was asked about and typed again. A `Problem`: nothing was taken."""
Say = Callable[[str, bool], None]
"""Says a sentence, in red or not; "" takes back the last one, and whatever stands there in red."""

_BRIEF = 24
_TWICE = 0.4
"""Seconds within which a second Enter is the scanner's, not the clerk's."""
_READ, _HAND = 1.0, 0.1
"""A message counts as read when somebody begins to type so many seconds after it, if it is a hand: no
scanner takes so many seconds a key, on a busy computer either."""
_ROOM = 48
"""So many letters of what was not taken are told of."""
_BY_HAND = (
    "up",
    "down",
    "left",
    "right",
    "home",
    "end",
    "backspace",
    "delete",
    "ctrl+u",
    "ctrl+w",
    "ctrl+k",
)
"""Keys that no scanner has: a user who presses them has looked."""
_LONE_NUMBER = re.compile(r"\s*[0-9]{1,7}\s*")
_NOT_WHOLE = (entry.NothingFits, entry.NearlyFits, entry.CodeMissing, entry.QuantityMissing)
"""What is said of a code that stands behind something else."""


def typed_by(keys: Sequence[events.Key]) -> list[str]:
    """What keys would have entered, Enter for Enter."""
    typed = "".join(
        "\n" if key.key in ("enter", SCANNED) else (key.character or "") * key.is_printable
        for key in keys
    )
    return [text for text in typed.split("\n") if text.strip()]


class ItemLine(Line):
    """The line; `pressed` sees each key first, in the order in which they were pressed."""

    def __init__(
        self, field: Field, pressed: Callable[[events.Key], bool],
        entered: Callable[[Sequence[str]], None],
    ) -> None:  # fmt: skip
        super().__init__(field, "")
        self._pressed, self._put_in = pressed, entered

    def pasted(self, lines: Sequence[str]) -> None:
        """Several lines that were pasted are put in one by one, the first behind what stands here."""
        first, self.value = self.value + lines[0], ""
        self._put_in([first, *lines[1:]])

    async def _on_key(self, event: events.Key) -> None:
        if event.key in OTHER_ENDS and self.value:
            # A scanner's, of which the computer, or the scanner, was too slow to be known by.
            event.stop()
            event.prevent_default()
            event = events.Key("enter", "\r")
        if self.app.screen is self.screen and self._pressed(event):
            event.stop()
            event.prevent_default()
            return
        await super()._on_key(event)


@dataclass(frozen=True)
class Entry:
    """What stood in the line at Enter. `chosen`, `again`: as `Take` has them."""

    text: str
    chosen: int | None = None
    again: bool = False
    scanned: str = ""
    """The end of it that came as quickly as from a scanner, if something stands before that."""


class Entering:
    """What is typed in an `ItemLine` of `over`, which shows what fits in a `Fitting`.

    `done` is called when all that was typed has been dealt with; `what` gives the part of what was
    typed that says how many of what. Whatever was typed is taken, stands in the line, or is told of:
    how quickly its keys came decides none of it, for a busy computer makes a scanner slow.
    """

    def __init__(
        self, over: DOMNode, take: Take, say: Say, done: Callable[[], Awaitable[None]],
        what: Callable[[str], str] = str,
    ) -> None:  # fmt: skip
        self._over, self._take, self._say, self._done = over, take, say, done
        self._what = what
        self._entries: list[Entry] = []
        self._putting = False
        self.misses = 0
        """How often nothing was taken."""
        self._fits: str | None = None
        """What was typed when the items were found that are shown."""
        self._back: str | None = None
        """What was given back because nothing was taken."""
        self._given_back = False
        """Whether what was entered last was given back."""
        self._over_typed = ""
        """What was given back and then typed over."""
        self._asked: str | None = None
        """A quantity that was asked about."""
        self._entered_at = 0.0
        self._begun_at = self._said_at = 0.0
        """When the text in the line was begun; when it was said that something was not taken."""
        self.left_out: list[str] = []
        """What was not taken, stands nowhere any more, and was not seen by anybody yet."""
        self._warned: Sequence[str] = ()
        """What was left out when somebody was asked whether to go on."""
        self._behind = ""
        """What stood in the line when something was not taken: a number would be for that."""

    @property
    def line(self) -> ItemLine:
        return self._over.query_one(ItemLine)

    @property
    def fitting(self) -> Fitting:
        return self._over.query_one(Fitting)

    @property
    def busy(self) -> bool:
        """Whether something that was typed is still to be put in."""
        return bool(self._entries) or self._putting

    async def idle(self) -> None:
        """Wait until all that was typed has been put in, or given back."""
        while self.busy:
            await asyncio.sleep(0.01)

    # ── looking for it ────────────────────────────────────────────────────────────────────────

    def typed(self, text: str) -> None:
        """The line holds this now: look for what fits."""
        if text != self._back:
            self._back = None
        if text != self._fits:
            beside(self._over, partial(self._find, text), group="search", exclusive=True)

    async def _find(self, typed: str) -> None:
        text = entry.searched(self._what(typed))
        desk = program(self._over).desk
        rows = await desk.ask(entry.matches, text) if text else []
        if self.line.is_mounted and self.line.value == typed:
            self._fits = typed
            self.fitting.put(rows, typed=bool(text))

    def pressed(self, event: events.Key) -> bool:
        """A key before the line has it, Enter aside: ↑ ↓ mark another of what fits; whether that is
        what the key did."""
        self._entered_at = 0.0
        if event.key in _BY_HAND:
            self.forget()
        step = {"up": -1, "down": 1}.get(event.key)
        if step is not None and self.fitting.display:
            now = self.fitting.marked
            self.fitting.mark((0 if step > 0 else None) if now is None else now + step)
            return True
        if event.is_printable:
            value, chosen = self.line.value, self.line.selection
            if len(value) == abs(chosen.end - chosen.start):
                self._begun_at = event.time
                self._over_typed = value if value and value == self._back else self._over_typed
            if self.fitting.marked is not None:
                # Which one was marked says nothing of another text, nor of the same typed anew.
                self.fitting.mark(None)
        return False

    # ── putting it in ─────────────────────────────────────────────────────────────────────────

    def enter(self, event: events.Key) -> bool:
        """Put in what is typed, at Enter or at the end of a scan; False if Enter was pressed on an
        empty line, by a person."""
        twice = event.time - self._entered_at < _TWICE
        self._entered_at = event.time
        if twice and self.line.value in ("", self._back):
            # A scanner's second Enter takes nothing that only a person may.
            return True
        if not self.line.value.strip():
            return event.key != "enter"
        by_hand = event.time - self._begun_at >= _HAND * len(self.line.value)
        if by_hand and self._begun_at - self._said_at >= _READ:
            self.left_out.clear()
            self._over_typed = ""
        self.put_line(scanned_text(event))
        return True

    def put_line(self, scanned: str = "") -> None:
        """Put in what stands in the line, which is free for what comes next. `scanned`: which of it a
        scanner typed. A number that was begun behind what was not taken counts nothing: it would be of
        another item."""
        text, self.line.value = self.line.value, ""
        over, self._over_typed = self._over_typed, ""
        if over.strip() != text.strip():
            self._leave_out(over)
        behind, self._behind = self._behind, ""
        if behind and text.startswith(behind) and _LONE_NUMBER.fullmatch(text):
            self._leave_out(text)
            self._say_left_out()
            self._over.app.bell()
            return
        chosen = self.fitting.chosen if self._fits == text else None
        again = self._asked == text == self._back
        self._fits, self._asked = "", None
        self.fitting.put((), typed=False)
        apart = scanned and text.endswith(scanned) and text != scanned
        self._put(Entry(text, chosen, again, scanned if apart else ""))

    def put(self, typed: Sequence[str]) -> None:
        """Put in what was not typed in the line, in its turn."""
        self._put(*map(Entry, typed))

    def _put(self, *entries: Entry) -> None:
        self._entries += entries
        if not self._putting:
            self._putting = True
            beside(self._over, self._put_in, group="entries")

    async def _put_in(self) -> None:
        try:
            while self._entries:
                await self._one(self._entries.pop(0))
        finally:
            self._putting = False
        if self.left_out and not self._given_back:
            # Something else may have been said meanwhile.
            self._say_left_out()
        await self._done()

    async def _one(self, typed: Entry) -> None:
        self._given_back = False
        self._say_left_out()
        try:
            await self._take_whole(typed)
        except Problem as problem:
            await self._missed(typed.text, problem)
        except Exception:
            log.exception("what was typed could not be put in")
            await self._missed(typed.text, program(self._over).unforeseen())

    async def _take_whole(self, typed: Entry) -> None:
        """Take all of it; where that is nothing, the code that was scanned behind something else."""
        found = None
        if typed.scanned:
            found = await program(self._over).desk.ask(entry.scanned, typed.scanned)
        if found is not None and _LONE_NUMBER.fullmatch(typed.text):
            # A number, or a code behind another number: nobody knows.
            raise entry.NothingFits(text=typed.text)
        try:
            await self._take(typed.text, typed.chosen, typed.again)
        except _NOT_WHOLE:
            if found is None:
                raise
            await self._take(typed.scanned, None, False)
            self._leave_out(typed.text.removesuffix(typed.scanned))
            self._over.app.bell()
        taken = typed.text.strip().casefold()
        self.left_out = [each for each in self.left_out if each.casefold() != taken]

    async def _missed(self, typed: str, problem: Problem) -> None:
        """Nothing was taken: say why, and give the text back, so that typing replaces it."""
        self.misses += 1
        crm, line = program(self._over), self.line
        self._over.app.bell()
        quantity = isinstance(problem, entry.BeyondStock)
        text = entry.searched(self._what(typed)) or self._what(typed).strip()
        rows = [] if quantity else await crm.desk.ask(entry.matches, text)
        if line.value or self._entries:
            self._leave_out(typed)
            if not self._entries:
                self._behind = line.value
            elif _LONE_NUMBER.fullmatch(self._entries[0].text):
                # So many of what was not taken, not of the line before it.
                self._leave_out(self._entries.pop(0).text)
            self._say_left_out()
            return
        asking = isinstance(problem, entry.TO_BE_MARKED)
        told = crm.say(problem)
        if self.left_out:
            told = f"{told} {self._told_of_left_out()}"
        self._say_now(told, not (asking or quantity))
        self._given_back = True
        self._fits = self._back = line.value = typed
        self._asked = typed if quantity else None
        line.select_all()
        self.fitting.put(rows, typed=not quantity)
        if asking and rows:
            self.fitting.mark(0)

    # ── what was not taken ────────────────────────────────────────────────────────────────────

    def _leave_out(self, typed: str) -> None:
        text = typed.strip()
        if text and text not in self.left_out:
            self.left_out.append(text)

    def leave_out_keys(self, keys: Sequence[events.Key]) -> None:
        """Tell of keys that had nowhere to go, by what they would have entered."""
        texts = typed_by(keys)
        for text in texts:
            self._leave_out(text)
        if texts:
            self._say_left_out()

    def forget(self) -> None:
        """Somebody has seen what was left out, or it belongs to what is over."""
        self.left_out.clear()
        self._over_typed = self._behind = ""

    def holds_up(self) -> bool:
        """Whether something was left out that nobody has been asked about; then that is asked."""
        if not self.left_out or self._warned == self.left_out:
            return False
        self._warned = list(self.left_out)
        told = N_("“{text}” is not in it. The same key again goes on without it.")
        self._say_now(program(self._over).tr(told, text=self._named()), True)
        self._over.app.bell()
        return True

    def _say_left_out(self) -> None:
        self._say_now(self._told_of_left_out() if self.left_out else "", bool(self.left_out))

    def _told_of_left_out(self) -> str:
        told = N_("“{text}” was not taken: scan it again.")
        return program(self._over).tr(told, text=self._named())

    def _say_now(self, text: str, bad: bool) -> None:
        self._said_at = Message().time if text else self._said_at
        self._say(text, bad)

    def _named(self) -> str:
        """All that was left out, the last of it where it is too much for a line."""
        named = [brief(text, _BRIEF) for text in self.left_out]
        shown: list[str] = []
        while named and len(", ".join((named[-1], *shown))) <= _ROOM:
            shown.insert(0, named.pop())
        return ", ".join(shown) + (f" +{len(named)}" if named else "")
