"""Kesehatan: whether line, store, backup, clock and disk are well, in words, and what to do."""

import textwrap
from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.events import Resize

from crm_tui import actions
from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.shell.asking import SURE
from crm_tui.screens.shell.page import Page, once_a_time
from crm_tui.screens.widgets.dialog import Ask
from crm_tui.screens.widgets.plain import Piece, Plain, content, fit
from crm_tui.shop.checks import acknowledgement
from crm_tui.shop.gate import health
from crm_tui.shop.gate.health import Finding
from crm_tui.shop.messages import balance

CHECK = Action(
    "health.check", "l", N_("Look closely"), N_("Look again, and read through what takes longer"),
    permission=health.PERMISSION,
)  # fmt: skip
CREDIT = Action(
    "health.credit", "p", N_("Credit"), N_("Ask the network for the credit on the SIM card"),
    command="messages.ask_balance",
)  # fmt: skip

ACCEPT = Action(
    "health.accept", "x", N_("Take as it is"),
    N_("What was told of the store's file is known, and it is right as it is now"),
    command="checks.accept",
    done=N_("Taken as it is."),
)  # fmt: skip

_SIGNS = {
    health.WELL: ("✓", "$success"),
    health.ATTENTION: ("!", "bold $accent"),
    health.BAD: ("✗", "bold $error"),
    health.UNKNOWN: ("?", "$text-muted"),
}
_TITLE = 15
"""Cells of a finding's title."""


class HealthScreen(Page):
    """A line or two for each finding; those that need somebody say what to do."""

    needs = "health.view"
    heading = N_("Health")
    about = N_(
        "What needs somebody has a sign and says what to do. {health_check} looks closely: it reads "
        "through what takes longer. The same, with a try of the modem: crm-tui check"
    )
    own: ClassVar[tuple[Action, ...]] = (CHECK, CREDIT, ACCEPT)
    topics = frozenset({"gateway", "messages", "settings", "upkeep", "backups", "checks"})

    def __init__(self) -> None:
        super().__init__()
        self._findings: Sequence[Finding] = ()
        self._wanted = False

    def last_keys(self) -> tuple[Action, ...]:
        return (actions.BACK, actions.HELP)

    def ready_for(self, action: Action) -> bool:
        return action is not ACCEPT or self._wanted

    def body(self) -> ComposeResult:
        with VerticalScroll(id="health"):
            yield Plain("", id="findings")

    def on_mount(self) -> None:
        self.query_one("#health").focus()

    @on(Resize)
    def _resized(self) -> None:
        if self._findings:
            self._draw()

    async def show(self) -> None:
        self._findings = await self.desk.ask(health.look)
        await self._drawn()

    def minute(self) -> None:
        super().minute()
        self.look_again()

    async def _drawn(self) -> None:
        self._wanted = await self.desk.ask(acknowledgement.wanted)
        self._draw()
        self.draw_frame()

    def _draw(self) -> None:
        room = max(30, self.query_one("#health").size.width - 2)
        troubled = sum(not each.well for each in self._findings)
        told = (
            self.tr(N_("{count} of {all} need somebody."), count=troubled, all=len(self._findings))
            if troubled
            else self.tr(N_("All is well."))
        )
        pieces: list[Piece] = [
            (f" {told}", "bold $accent" if troubled else "bold $success"),
            "\n\n",
        ]
        for each in self._findings:
            pieces += self._finding(each, room)
        self.query_one("#findings", Plain).show(content(*pieces))

    def _finding(self, each: Finding, room: int) -> list[Piece]:
        sign, tone = _SIGNS[each.state]
        pieces: list[Piece] = [
            (f" {sign} ", tone),
            (fit(self.tr(each.title), _TITLE) + " ", "bold"),
        ]
        indent = " " * (_TITLE + 4)
        lines = _wrapped(self.crm.retell(each.sentence), room - len(indent))
        pieces.append(("\n" + indent).join(lines) + "\n")
        if each.advice and not each.well:
            lines = _wrapped(self.crm.retell(each.advice), room - len(indent) - 2)
            told = ("\n" + indent + "  ").join(lines)
            pieces += [indent, ("→ ", tone), (told + "\n", "$text-muted")]
        return pieces

    # ── actions ───────────────────────────────────────────────────────────────────────────────

    def do_app_back(self) -> None:
        self.dismiss(None)

    @once_a_time
    async def do_health_check(self) -> None:
        self.notice(self.tr(N_("Looking closely …")))
        self._findings = await self.desk.take_time(health.look, thorough=True)
        await self._drawn()
        self.notice(self.tr(N_("Looked at closely.")))

    @once_a_time
    async def do_health_credit(self) -> None:
        await self.desk.act(balance.ask)
        self.notice(self.tr(N_("The network is asked; its answer stands here within a minute.")))

    @once_a_time
    async def do_health_accept(self) -> None:
        box = Ask(
            self.tr(N_("Take the store as it is?")),
            self.tr(N_("What was told of its file is not told any more. Do so only if you know where "
                       "it came from: after a restore by hand, or after you have entered what was "
                       "missing.")),
            self.tr(N_("Take as it is")), self.tr(N_("Back")), key=SURE,
        )  # fmt: skip
        if await self.ask_for(box):
            await self.desk.act(acknowledgement.accept)
            self.look_again()


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(16, width)) or [""]
