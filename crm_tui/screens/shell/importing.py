"""Taking in a file of items or customers: choose it, see what it would do, then let it be done."""

from pathlib import Path
from typing import TYPE_CHECKING

from crm_tui.errors import N_, Problem
from crm_tui.screens.widgets.dialog import Ask, Show
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.screens.widgets.plain import Piece, content, fit
from crm_tui.screens.widgets.working import Working
from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.imports import staging
from crm_tui.shop.imports.errors import FileEmpty, FileMissing, RowsRefused

if TYPE_CHECKING:
    from crm_tui.screens.shell.page import Page

_SHOWN = 40
_OFFERED = 30
_FOLDERS = ("Downloads", "Unduhan", "Documents", "Dokumen", "Desktop")


def offered(folder: Path) -> list[str]:
    """Files that may be meant, the newest first: beside the shop and where people keep such."""
    files: list[tuple[float, str]] = []
    for place in (folder, folder / "exports", *(Path.home() / each for each in _FOLDERS)):
        try:
            for each in place.iterdir():
                if each.suffix.lower() in (".csv", ".xlsx", ".txt"):
                    files.append((each.stat().st_mtime, str(each)))
        except OSError:
            continue
    return [path for _, path in sorted(files, reverse=True)[:_OFFERED]]


async def take_in(page: "Page", kind: staging.Kind, title: str) -> bool:
    """Lead through an import; whether something was taken in. `title` is translated."""
    path = await _which(page, kind, title)
    if path is None:
        return False
    progress = Progress()
    reading = Working(
        page.tr(N_("Reading {file} …"), file=path.name), progress,
        lambda: page.desk.take_time(staging.stage, kind, path, progress),
    )  # fmt: skip
    staged = await page.ask_for(reading)
    if not isinstance(staged, staging.Staging):
        await _tell(page, staged)
        return False
    if not await page.ask_for(_preview(page, staged)):
        await page.desk.take_time(lambda ctx: staged.close())
        return False
    progress = Progress()
    merging = Working(
        page.tr(N_("Importing {file} …"), file=path.name), progress,
        lambda: page.desk.take_time(staging.merge, staged, progress),
    )  # fmt: skip
    done = await page.ask_for(merging)
    if not isinstance(done, staging.Preview):
        await _tell(page, done)
        return False
    page.notice(
        page.tr(
            N_("{new} new, {changed} changed, {same} unchanged."), new=len(done.new),
            changed=len(done.changed), same=done.same,
        )
    )  # fmt: skip
    return True


async def _which(page: "Page", kind: staging.Kind, title: str) -> Path | None:
    files = await page.desk.take_time(lambda ctx: offered(page.desk.folder))

    async def choose(values: Values) -> object:
        typed = values["file"].strip().strip("\"'")
        path = Path(typed).expanduser()
        if not typed or not path.is_file():
            raise FileMissing(file=typed or "–")
        return path

    columns = ", ".join((*kind.columns.needed, *(f"[{each}]" for each in kind.columns.optional)))
    intro = page.tr(
        N_("A CSV or Excel file whose first line names the columns; Indonesian names work too.")
    )
    field = Field(
        "file", page.tr(N_("File")), page.tr(N_("↑ ↓ offer files that were found")),
        errors=(FileMissing, FileEmpty), usual=files,
    )  # fmt: skip
    form = Form(
        f"import {kind.name}", title, [field], choose, intro=f"{intro}\n{columns}",
        done=N_("Preview"),
    )  # fmt: skip
    found = await page.ask_for(form)
    return found if isinstance(found, Path) else None


def _preview(page: "Page", staged: staging.Staging) -> Ask:
    """What it would do, and whether it shall."""
    tr, preview = page.tr, staged.preview
    lines = [
        tr(N_("new: {count}"), count=len(preview.new)),
        *(f"   {fit(each, 60).rstrip()}" for each in preview.new[:4]),
        tr(N_("changed: {count}"), count=len(preview.changed)),
    ]
    for name, differences in list(preview.changed.items())[:5]:
        changes = ", ".join(
            f"{each} {before} → {after}" for each, (before, after) in differences.items()
        )
        lines.append(f"   {fit(f'{name}: {changes}', 64).rstrip()}")
    lines.append(tr(N_("unchanged: {same}"), same=preview.same))
    question = tr(N_("Import {count} lines from {file}?"), count=staged.total, file=staged.file)
    return Ask(question, "\n".join(lines), tr(N_("Import them")), tr(N_("Back")))


async def _tell(page: "Page", trouble: object) -> None:
    """Why nothing was taken in; lines that were refused are named."""
    if not isinstance(trouble, Problem):
        return
    if not isinstance(trouble, RowsRefused):
        page.notice(page.crm.say(trouble), bad=True)
        return
    rows = trouble.params["rows"]
    assert isinstance(rows, list)
    pieces: list[Piece] = [page.crm.say(trouble), "\n\n"]
    for line, why in rows[:_SHOWN]:
        pieces += [(f"{line:>6}  ", "$accent"), f"{page.crm.say(why)}\n"]
    if len(rows) > _SHOWN:
        pieces.append(page.tr(N_("… and {count} more"), count=len(rows) - _SHOWN))
    title = page.tr(N_("Lines that cannot be imported"))
    await page.ask_for(Show(title, content(*pieces), [("Enter", N_("Back"))]))
