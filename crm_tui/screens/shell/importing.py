"""Taking in a file of items or customers: choose it, see what it would do, then let it be done."""

from pathlib import Path
from typing import TYPE_CHECKING

from crm_tui.errors import N_, Problem
from crm_tui.screens.shell.understanding import ANSWERS, COLUMNS, TAKE, WRONG, Understood
from crm_tui.screens.widgets.choose import Choose
from crm_tui.screens.widgets.dialog import Show
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.screens.widgets.plain import Piece, content, fit
from crm_tui.screens.widgets.working import Working
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import FileUnwritable
from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.imports import staging, telling, whose_file, wrong_lines
from crm_tui.shop.imports.errors import FileEmpty, FileMissing, RowsRefused
from crm_tui.shop.imports.planning import LABELS
from crm_tui.shop.imports.questions import Choices

if TYPE_CHECKING:
    from crm_tui.screens.shell.page import Page

_SHOWN = 40
_OFFERED = 30
_NOTHING = "-"
_FOLDERS = ("Downloads", "Unduhan", "Documents", "Dokumen", "Desktop")


def offered(folder: Path) -> list[str]:
    """Files that may be meant, the newest first: where the program was started, beside the shop,
    and where people keep such."""
    files: list[tuple[float, str]] = []
    homes = (Path.home() / each for each in _FOLDERS)
    for place in dict.fromkeys((Path.cwd(), folder, folder / "exports", *homes)):
        try:
            for each in place.iterdir():
                if whose_file.is_table(each):
                    files.append((each.stat().st_mtime, str(each)))
        except OSError:
            continue
    return [path for _, path in sorted(files, reverse=True)[:_OFFERED]]


async def take_in(page: "Page", kind: staging.Kind, title: str) -> bool:
    """Lead through an import; whether something was taken in. `title` is translated."""
    path = await _which(page, kind, title)
    if path is None:
        return False
    staged = await _understood(page, kind, path)
    if staged is None:
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
    page.notice(telling.done(kind, done, page.tr))
    return True


async def _understood(page: "Page", kind: staging.Kind, path: Path) -> staging.Staging | None:
    """The file as the person agrees that it is to be taken; None if it is not."""
    choices = Choices()
    while True:
        staged = await _read(page, kind, path, choices)
        if not isinstance(staged, staging.Staging):
            await _tell(page, staged)
            return None
        step = await page.ask_for(Understood(staged, page.crm.say))
        while step == WRONG:
            told = await _write_wrong(page, staged)
            step = await page.ask_for(Understood(staged, page.crm.say, told))
        if step == TAKE:
            return staged
        await page.desk.take_time(_close, staged)
        if step == COLUMNS:
            choices = await _column(page, kind, staged)
        elif step == ANSWERS:
            choices = await _answers(page, staged)
        else:
            return None


async def _write_wrong(page: "Page", staged: staging.Staging) -> str:
    """Write the lines that cannot be taken into a file; where they are, or why they are not."""
    try:
        return await page.desk.take_time(wrong_lines.into_exports, staged, page.tr)
    except FileUnwritable as trouble:
        return page.crm.say(trouble)


def _close(ctx: Context, staged: staging.Staging) -> None:
    staged.close()


async def _read(page: "Page", kind: staging.Kind, path: Path, choices: Choices) -> object:
    progress = Progress()
    return await page.ask_for(
        Working(
            page.tr(N_("Reading {file} …"), file=path.name), progress,
            lambda: page.desk.take_time(staging.examine, kind, path, progress, choices),
        )
    )  # fmt: skip


async def _column(page: "Page", kind: staging.Kind, staged: staging.Staging) -> Choices:
    """With another meaning of one column."""
    plan = staged.plan
    assert plan is not None
    columns = [
        (str(at), f"{fit(heading or '–', 30)} → {page.tr(LABELS[name]) if name else '–'}")
        for at, (heading, name) in enumerate(zip(plan.headings, plan.fields, strict=True))
    ]
    which = await page.ask_for(Choose(page.tr(N_("Which column means something else?")), columns))
    if which is None:
        return staged.choices
    heading = plan.headings[int(which)]
    fields = [(name, page.tr(LABELS[name])) for name in kind.columns.names]
    fields.append((_NOTHING, page.tr(N_("Nothing: leave it out"))))
    name = await page.ask_for(Choose(page.tr(N_("What is “{column}”?"), column=heading), fields))
    if name is None:
        return staged.choices
    return staged.choices.column(int(which), "" if name == _NOTHING else name)


async def _answers(page: "Page", staged: staging.Staging) -> Choices:
    """With what the person answers: what is open, or all once more."""
    choices = staged.choices
    for asked in staged.open_questions or staged.questions:
        answers = telling.answers(asked, page.tr)
        answer = await page.ask_for(Choose(telling.question(asked, page.tr), answers))
        if answer is None:
            break
        choices = choices.answered(asked.key, answer)
    return choices


async def _which(page: "Page", kind: staging.Kind, title: str) -> Path | None:
    files = await page.desk.take_time(lambda ctx: offered(page.desk.folder))

    async def choose(values: Values) -> object:
        typed = values["file"].strip().strip("\"'")
        path = Path(typed).expanduser()
        if not typed or not path.is_file():
            raise FileMissing(file=typed or "–")
        return path

    columns = ", ".join(page.tr(LABELS[name]) for name in kind.columns.names)
    known = page.tr(N_("Columns that may be there: {columns}"), columns=columns)
    intro = page.tr(
        N_(
            "A CSV or Excel file (.xlsx); titles may stand above the headings. Before anything is "
            "written you see what was understood."
        )
    )
    hint = page.tr(
        N_("↑ ↓ offer files that were found")
        if files
        else N_("No file in Downloads, Documents or Desktop: type where it lies")
    )
    field = Field(
        "file", page.tr(N_("File")), hint,
        errors=(FileMissing, FileEmpty), usual=files,
    )  # fmt: skip
    form = Form(
        f"import {kind.name}", title, [field], choose,
        intro=f"{intro}\n{known}",
        done=N_("Preview"),
    )  # fmt: skip
    found = await page.ask_for(form)
    return found if isinstance(found, Path) else None


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
