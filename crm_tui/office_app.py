"""The office's program in the terminal: the reports of all branches, on the screens of a shop."""

import logging
from collections.abc import Sequence

from crm_tui import i18n
from crm_tui.app import CrmApp
from crm_tui.clock import Clock, moment
from crm_tui.desk import Unforeseen
from crm_tui.errors import N_, Problem
from crm_tui.office import database
from crm_tui.office.reading import Branch
from crm_tui.office_desk import OfficeDesk
from crm_tui.screens.door.opening import OpeningScreen
from crm_tui.screens.office.reports import ReportList, branches
from crm_tui.screens.shell.page import Page
from crm_tui.screens.widgets.statusline import Part

log = logging.getLogger(__name__)

_LOOK_SECONDS = 60.0


class OfficeApp(CrmApp):
    """Who may open the office's folder may read all branches; there is no login and nothing to lock."""

    def __init__(
        self, office: database.Office, clock: Clock, *, language: str | None = None
    ) -> None:
        super().__init__(office.folder, clock, language=language or i18n.DEFAULT)
        self.desk = OfficeDesk(office, clock)
        self.place = self.tr(N_("Head office"))
        self.standing = ()

    async def _begin(self) -> None:
        opening = self.screen
        assert isinstance(opening, OpeningScreen)
        self.read_styles()
        try:
            await self._look()
            await self.push_screen(ReportList())
            self.set_interval(_LOOK_SECONDS, self._look_again)
        except Problem as problem:
            leave = self.tr(N_("F10 ends the program."))
            opening.say(f"{self.say(problem)}\n\n{leave}", bad=True)
        except Exception:
            log.exception("the office could not be opened")
            opening.say(self.say(Unforeseen()), bad=True)

    async def _look(self) -> None:
        """How the branches stand, for the status line."""
        self.standing = self._told(await self.desk.ask(branches))

    async def _look_again(self) -> None:
        try:
            await self._look()
        except Problem as problem:
            self.standing = ((self.say(problem), "bad"),)
        for screen in self.screen_stack:
            if isinstance(screen, Page):
                screen.minute()

    def _told(self, known: Sequence[Branch]) -> Sequence[Part]:
        tr = self.tr
        here = [each for each in known if not each.closed_at]
        parts: list[Part] = [(tr(N_("{count} branches"), count=len(here)), "")]
        late = [each for each in here if each.behind]
        if late:
            parts.append((tr(N_("{count} behind"), count=len(late)), "due"))
        silent = [each.name for each in here if not each.seen_at]
        if silent:
            parts.append((tr(N_("never seen: {names}"), names=", ".join(silent)), "due"))
        off = [each.name for each in here if each.clock_off]
        if off:
            parts.append((tr(N_("clock off: {names}"), names=", ".join(off)), "bad"))
        seen = [each for each in here if each.seen_at]
        if seen:
            oldest = min(seen, key=lambda each: each.seen_at)
            at = f"{moment(oldest.seen_at).astimezone():%d/%m %H:%M}"
            parts.append((tr(N_("oldest: {branch}, {at}"), branch=oldest.name, at=at), ""))
        return parts


def run(office: database.Office, clock: Clock, *, language: str | None = None) -> None:
    """Open the office's program in this terminal and stay until it ends. Raises `Unforeseen`."""
    app = OfficeApp(office, clock, language=language)
    app.run()
    if app.failed:
        raise Unforeseen()
