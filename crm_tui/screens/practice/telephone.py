"""The customer's telephone of the practice shop: several numbers, typing, bubbles, ticks."""

import contextlib
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from crm_tui import actions
from crm_tui.actions import Action
from crm_tui.errors import N_, Problem
from crm_tui.practice import people
from crm_tui.screens.shell import display
from crm_tui.screens.shell.bubbles import Talk, bubbles
from crm_tui.screens.shell.page import Page
from crm_tui.screens.shell.program import Program, program
from crm_tui.screens.widgets.line import Field, Line
from crm_tui.screens.widgets.plain import Plain, content
from crm_tui.shop.messages import view as message_view
from crm_tui.shop.messages.view import Letter

if TYPE_CHECKING:
    from crm_tui.practice.shop import Practice

AWAY = Action(
    "telephone.away", "f5,escape", N_("Back to the counter"), N_("Put the telephone away")
)

_ON_THE_AIR = ("sent", "delivered", "in_doubt")


def told_pace(crm: Program, practice: "Practice") -> str:
    """How often customers write by themselves, and the key that changes it."""
    if practice.pace:
        return crm.tr(N_("customers write every {seconds} seconds"), seconds=practice.pace)
    return crm.tr(N_("nobody else writes"))


class PhonePanel(Vertical):
    """A telephone: its owner, the bubbles, and a line to type in."""

    def __init__(self) -> None:
        super().__init__(id="phone")
        self._unseen: dict[str, list[str]] = {}

    @property
    def crm(self) -> Program:
        return program(self)

    @property
    def practice(self) -> "Practice":
        return cast("Practice", self.crm.practice)

    @property
    def person(self) -> people.Person:
        """The owner of the telephone."""
        hands = (*people.ON_THE_TELEPHONE, people.STRANGER)
        return hands[self.practice.in_hand % len(hands)]

    def compose(self) -> ComposeResult:
        yield Plain("", id="whose")
        yield Talk(id="phone-talk", can_focus=False)
        yield Line(Field("sms", ""), "")
        yield Plain("", id="hint", classes="help")

    @property
    def line(self) -> Line:
        """Where the customer types."""
        return self.query_one(Line)

    def draw(self) -> None:
        """Show the owner, and how often other customers write."""
        tr, person = self.crm.tr, self.person
        name = person.name or tr(N_("unknown number"))
        others = told_pace(self.crm, self.practice)
        self.query_one("#whose", Plain).show(
            content(
                (f"☎ {name}", "bold"),
                f"  {display.phone(person.phone)}\n",
                (f"  {others}", "$muted"),
            )
        )
        self.query_one("#hint", Plain).show(
            tr(N_("For example: HARGA KR-VAR-D · PESAN KR-VAR-D 2, BSI-C7 4 · STATUS"))
        )

    async def show(self) -> None:
        """Read the store: what it took in and what went over the air."""
        person = self.person
        letters = await self.crm.desk.ask(message_view.conversation, person.phone, 40)
        # A telephone shows what it sent, and what came over the air.
        seen = [
            letter for letter in letters if letter.direction == "in" or letter.status in _ON_THE_AIR
        ]
        talk = [
            ("out" if side == "in" else "in", text)
            for side, text in bubbles(seen, self.crm.desk.clock.now())
        ]
        waiting = self._still_unseen(person.phone, letters)
        talk += [("out", content(text, ("  …", "$muted"))) for text in waiting]
        await self.query_one(Talk).show(list(talk), to_end=True)

    def _still_unseen(self, phone: str, letters: list[Letter]) -> list[str]:
        """What was typed here and has not reached the shop yet."""
        came = [letter.text for letter in letters if letter.direction == "in"]
        left = [text for text in self._unseen.get(phone, []) if text not in came[-10:]]
        self._unseen[phone] = left
        return left

    @on(Input.Submitted)
    async def _send(self, event: Input.Submitted) -> None:
        event.stop()
        text = event.value.strip()
        if text:
            event.input.value = ""
            self._unseen.setdefault(self.person.phone, []).append(text)
            self.practice.write(self.person.phone, text)
            with contextlib.suppress(Problem):
                # It shows with the next change, else.
                await self.show()


class Telephone(Page):
    """One side of the practice: what is typed here is what a customer would send."""

    heading = N_("The customer's telephone")
    has_room = False
    about = N_(
        "You are the customer now. Type an SMS and press Enter; {telephone_away} takes you back to the "
        "counter, where it arrives."
    )
    own: ClassVar[tuple[Action, ...]] = (AWAY, actions.NEXT_PHONE, actions.PACE)
    topics = frozenset({"messages", "customers"})

    @classmethod
    def all_actions(cls) -> tuple[Action, ...]:
        return (*cls.own, actions.HELP, actions.LOCK, actions.QUIT)

    def body(self) -> ComposeResult:
        yield PhonePanel()

    def on_mount(self) -> None:
        self.panel.line.focus()

    @property
    def panel(self) -> PhonePanel:
        return self.query_one(PhonePanel)

    def draw_frame(self) -> None:
        super().draw_frame()
        self.panel.draw()

    async def show(self) -> None:
        await self.panel.show()

    def do_telephone_away(self) -> None:
        self.dismiss(None)

    def last_keys(self) -> tuple[Action, ...]:
        return (actions.HELP,)
