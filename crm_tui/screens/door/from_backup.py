"""A shop that begins with a backup: on a new computer the stick is all that is needed."""

from functools import partial
from pathlib import Path
from typing import cast

from crm_tui.errors import N_, Problem
from crm_tui.screens.shell.page import Page
from crm_tui.screens.widgets.dialog import Ask
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.screens.widgets.working import Working
from crm_tui.shop.backups import places, preparing, telling
from crm_tui.shop.backups.errors import BackupMissing, PassphraseNeeded, WrongPassphrase
from crm_tui.shop.backups.preparing import Prepared
from crm_tui.shop.backups.restoring import Wanted
from crm_tui.shop.gate.context import console
from crm_tui.shop.gate.progress import Progress


async def begin(page: Page) -> Wanted | None:
    """Ask for the backup, show what it is, and ask whether it is the right one; None if it is not."""
    path = await _which(page)
    if path is None:
        return None
    phrase: str | None = None
    try:
        ready = await _looked_at(page, path, None)
    except PassphraseNeeded:
        phrase = await _passphrase(page, path)
        if phrase is None:
            return None
        ready = await _looked_at(page, path, phrase)
    detail = "\n".join(telling.preview(page.tr, ready))
    question = page.tr(N_("Begin with this backup?"))
    box = Ask(question, detail, page.tr(N_("Restore")), page.tr(N_("Back")))
    return Wanted(path, console(), phrase) if await page.ask_for(box) else None


async def _which(page: Page) -> Path | None:
    chosen: list[Path] = []

    async def look(values: Values) -> object:
        wanted = values["file"].strip()
        if not wanted:
            raise BackupMissing(file="")
        chosen.append(await page.desk.elsewhere(partial(preparing.find, page.desk.folder, wanted)))
        return True

    beside = places.beside(page.desk.folder)
    there = await page.desk.elsewhere(lambda: places.within(beside, places.OWN))
    field = Field(
        "file", page.tr(N_("Folder or file")),
        page.tr(N_("The USB stick, or the folder with the backups: the newest one is taken.")),
        # Of a shop whose file is gone.
        str(beside) if there else "",
        errors=(BackupMissing,),
    )  # fmt: skip
    form = Form(
        "begin with a backup", page.tr(N_("Begin with a backup")), [field], look, done=N_("Go on")
    )
    return chosen[-1] if await page.ask_for(form) else None


async def _passphrase(page: Page, path: Path) -> str | None:
    found: list[str] = []

    async def attempt(values: Values) -> object:
        await _looked_at(page, path, values["passphrase"])
        found.append(values["passphrase"])
        return True

    field = Field(
        "passphrase", page.tr(N_("Passphrase")), path.name, errors=(WrongPassphrase,), secret=True
    )
    title = page.tr(N_("This backup is sealed"))
    form = Form("passphrase", title, [field], attempt, done=N_("Go on"))
    return found[-1] if await page.ask_for(form) else None


async def _looked_at(page: Page, path: Path, phrase: str | None) -> Prepared:
    """Prepare it, look at it, and throw it away. Raises the `Problem` that it ends with."""
    progress = Progress()
    desk = page.desk

    def look() -> Prepared:
        with preparing.prepared(
            desk.folder, desk.clock, path, passphrase=phrase, progress=progress
        ) as ready:
            return ready

    title = page.tr(N_("Looking at the backup …"))
    done = await page.ask_for(Working(title, progress, lambda: desk.elsewhere(look)))
    if isinstance(done, Problem):
        raise done
    return cast("Prepared", done)
