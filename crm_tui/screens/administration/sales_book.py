"""Old sales books: one is taken in, or one that was is taken back."""

from typing import TYPE_CHECKING

from crm_tui.errors import N_, Problem
from crm_tui.screens.shell.asking import SURE
from crm_tui.screens.shell.importing import take_in
from crm_tui.screens.widgets.choose import Choose
from crm_tui.screens.widgets.dialog import Ask
from crm_tui.screens.widgets.working import Working
from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.imports import sales, taking_back
from crm_tui.shop.imports.dates import day_of

if TYPE_CHECKING:
    from crm_tui.screens.shell.page import Page

_NEW = "new"


async def lead(page: "Page") -> None:
    """Take a book in, or back, as the person chooses."""
    rows = await page.desk.ask(taking_back.candidates)
    answers = [(_NEW, page.tr(N_("Import an old sales book")))]
    for row in rows:
        told = N_("Take back {file} of {day}: {count} sales")
        day = day_of(row["at"])
        answers.append(
            (str(row["id"]), page.tr(told, file=row["file"], day=day, count=row["total"]))
        )
    chosen = _NEW
    if rows:
        answer = await page.ask_for(Choose(page.tr(N_("Old sales books")), answers))
        if answer is None:
            return
        chosen = str(answer)
    if chosen == _NEW:
        await take_in(page, sales.KIND, page.tr(N_("Import an old sales book")))
    else:
        await _back(page, int(chosen), dict(answers)[chosen])


async def _back(page: "Page", number: int, told: str) -> None:
    """Ask once more, and take the book back."""
    why = page.tr(
        N_("Its sales go, and customers of whom nothing else is known. The ranking is made anew.")
    )
    if files := await page.desk.ask(taking_back.leaning, number):
        why += "\n" + page.tr(taking_back.LEANING, files=", ".join(files))
    yes, no = page.tr(N_("Take it back")), page.tr(N_("Back"))
    if not await page.ask_for(Ask(told, why, yes, no, key=SURE)):
        return
    progress = Progress()
    going = Working(
        told, progress, lambda: page.desk.take_time(taking_back.take_back, number, progress)
    )
    done = await page.ask_for(going)
    if isinstance(done, Problem):
        page.notice(page.crm.say(done), bad=True)
    else:
        page.notice(page.tr(N_("{count} sales were taken back."), count=done))
