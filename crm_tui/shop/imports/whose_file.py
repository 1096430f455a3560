"""Which files may be read as a table: those that people keep as tables, where people keep them.

Whoever may take files in names any file that the program's account can read, and sees lines of it. So
what is none of theirs is not opened: what is no table by its name, what is hidden, what belongs to a
shop, an office or their keys; and reports in exports/ by those alone who might have written them.
"""

from pathlib import Path

from crm_tui.errors import N_
from crm_tui.shop.gate import access, commands, output_files
from crm_tui.shop.gate.context import Context
from crm_tui.shop.imports.errors import ImportProblem

_TABLES = frozenset({".csv", ".tsv", ".tab", ".txt", ".prn", ".xlsx", ".xlsm", ".xltx", ".xls"})
_OTHERS = frozenset(
    {".ods", ".fods", ".numbers", ".xlsb", ".dbf", ".pdf", ".htm", ".html", ".mht", ".xml", ".vcf",
     ".zip", ".gz", ".rar", ".7z", ".doc", ".docx", ".odt"}
)  # fmt: skip
"""What people try, and by its content is told how it becomes a table."""
_OF_REPORTS = ("reports.export", "costs.view")


class FileNoTable(ImportProblem):
    text = N_("{file} is no table by its name. Save it as an Excel workbook (.xlsx) or as CSV.")


class FileHidden(ImportProblem):
    text = N_("{file} is hidden, or lies in a hidden folder. Copy it to where you keep your files.")


class FileOfTheProgram(ImportProblem):
    text = N_("{file} lies where the program keeps its own files. Name another one.")


def check(path: Path) -> None:
    """Whether a file may be looked at, whoever names it; by whatever link it is reached. Raises
    `FileNoTable`, `FileHidden`, `FileOfTheProgram`."""
    for each in {path, _true(path)}:
        if each.suffix.casefold() not in _TABLES | _OTHERS:
            raise FileNoTable(file=path.name or path)
    there = _true(path)
    if output_files.is_of_the_program(there):
        raise FileOfTheProgram(file=path.name)
    # The shop's own folder lies in a hidden one, mostly.
    own = output_files.is_in_exports(there) or output_files.is_beside_store(there)
    parts = there.parts[-1:] if own else there.parts
    if any(part.startswith(".") for part in parts):
        raise FileHidden(file=path.name)


def require(ctx: Context, kind: str, path: Path) -> None:
    """Refuse users who may not take such files in, and for a file of reports those who may not have
    them. Raises `NotAllowed`, `SessionEnded`, and as `check`."""
    access.see(ctx)
    access.require(ctx, commands.COMMANDS[f"imports.{kind}"])
    check(path)
    if output_files.is_in_exports(_true(path)):
        for permission in _OF_REPORTS:
            access.require(ctx, permission)


def is_table(path: Path) -> bool:
    """Whether its name is that of a table which may be looked at."""
    return path.suffix.casefold() in _TABLES and not path.name.startswith(".")


def _true(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return path.absolute()
