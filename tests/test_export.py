"""Everything taken out: nothing is missing, nothing is computed by a spreadsheet, nothing is secret."""

import csv
import errno
import os
import re
import signal
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crm_tui.i18n import translate
from crm_tui.shop.gate import access, output_files, settings
from crm_tui.shop.gate.errors import FileUnwritable, FolderMissing, NotAllowed
from crm_tui.shop.items import cards
from crm_tui.shop.messages import archiving
from crm_tui.shop.messages.settings import PIN
from crm_tui.shop.reports import workbook
from crm_tui.shop.upkeep import exporting, tables
from crm_tui.shop.upkeep.exporting import BOOK, NOTES, FolderTaken
from tests.peers import run
from tests.shop import ANI, BUDI, Shop
from tests.test_commands import session


def tr(text: str, /, **params: object) -> str:
    return translate(text, "en", **params)


def take(shop: Shop, folder: Path) -> dict[str, int]:
    return exporting.export(shop.ctx, folder, tr).rows


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sheets(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """The cells of each sheet of the workbook, line by line."""
    book = openpyxl.load_workbook(folder / BOOK, read_only=True)
    try:
        return {sheet.title: list(sheet.iter_rows()) for sheet in book}
    finally:
        book.close()


@pytest.fixture
def busy(shop: Shop) -> Shop:
    """A shop with orders, old and new SMS, and what spreadsheets like to compute."""
    cards.add(shop.ctx, cards.Card("00123", "=1+1", "pcs", 85_000))
    for phone, text in ((ANI, "PESAN PQ-R 2"), (BUDI, "=SUM(A1:A9)"), (BUDI, "HARGA BSI-C7")):
        shop.ask(phone, text)
    return shop


def test_each_table_is_named(shop: Shop) -> None:
    """Each table of the store is taken out, or left out on purpose; none is forgotten."""
    stored = {
        row["name"]
        for row in shop.rows("SELECT name FROM sqlite_schema WHERE type = 'table'"
                             " AND name NOT LIKE 'sqlite_%'")
    }  # fmt: skip
    assert set(tables.TABLES) | tables.LEFT_OUT == stored, (
        "say in TABLES of shop/upkeep/tables.py what a new table holds, or that it is LEFT_OUT"
    )
    assert not set(tables.TABLES) & tables.LEFT_OUT


def test_money_is_named(shop: Shop) -> None:
    """The columns that are called money or secret are there."""
    for column in tables._MONEY | tables.SECRET:
        of, _, name = column.partition(".")
        assert name in {row["name"] for row in shop.rows(f"PRAGMA table_info({of})")}, column


def test_everything_is_there(busy: Shop, tmp_path: Path) -> None:
    """Each table has all its rows, in its CSV and on its sheet, and each column says what it holds."""
    counts = take(busy, tmp_path / "semua")
    notes = {(row["table"], row["column"]) for row in table(tmp_path / "semua", "columns")}
    book = openpyxl.load_workbook(tmp_path / "semua" / BOOK, read_only=True)
    assert book.sheetnames == ["Columns", *tables.TABLES]
    for name in tables.TABLES:
        rows = table(tmp_path / "semua", name)
        stored = busy.one(f"SELECT count(*) FROM {name}")
        # The audit tells of the export itself.
        assert len(rows) == counts[name] == stored, name
        lines = list(book[name].iter_rows(values_only=True))
        assert len(lines) == len(rows) + 1
        assert (name, "") in notes
        assert {(name, str(column)) for column in lines[0]} <= notes
    book.close()
    assert [row["code"] for row in table(tmp_path / "semua", "items")] == [
        row["code"] for row in busy.rows("SELECT code FROM items ORDER BY id")
    ]


def test_text_stays_text(busy: Shop, tmp_path: Path) -> None:
    """Codes keep their zeros, numbers their +, and what customers wrote is computed by nobody."""
    take(busy, tmp_path / "semua")
    assert "00123" in {row["code"] for row in table(tmp_path / "semua", "items")}
    assert ANI in {row["number"] for row in table(tmp_path / "semua", "phones")}
    assert "'=SUM(A1:A9)" in {row["text"] for row in table(tmp_path / "semua", "messages")}
    book = sheets(tmp_path / "semua")
    for name in ("items", "phones", "messages"):
        for line in book[name]:
            assert not [cell.value for cell in line if cell.data_type == "f"]
    codes = [line[1] for line in book["items"]]
    assert ("00123", "s") in {(cell.value, cell.data_type) for cell in codes}
    numbers = [line[0] for line in book["phones"]]
    assert {cell.data_type for cell in numbers} == {"s"}


def test_no_secrets(busy: Shop, tmp_path: Path) -> None:
    """No hash of a password or PIN, and no secret setting, is in any file."""
    settings.change(busy.ctx, PIN.key, "73195")
    settings.change(busy.ctx, "shop.name", "Toko Rahasia")
    with busy.ctx.store.transaction() as db:
        db.execute("UPDATE users SET pin_hash = '$argon2id$pin'")
    take(busy, tmp_path / "semua")
    everything = "".join(each.read_text("utf-8") for each in (tmp_path / "semua").glob("*.csv"))
    book = sheets(tmp_path / "semua")
    for name in tables.TABLES:
        for line in book[name]:
            everything += " ".join(str(cell.value) for cell in line)
    assert "Toko Rahasia" in everything
    assert "argon2" not in everything
    assert "73195" not in everything


def test_archived_texts_too(busy: Shop, tmp_path: Path) -> None:
    """What stands in the archive is taken out as well."""
    texts = [row["text"] for row in busy.rows("SELECT text FROM messages ORDER BY id")]
    busy.clock.wait(3 * 365 * 86400)
    archiving.run(busy.ctx)
    counts = take(busy, tmp_path / "semua")
    rows = table(tmp_path / "semua", "messages")
    assert [row["text"].lstrip("'") for row in rows] == texts
    assert counts["archived_pdus"] > 0
    assert all(
        re.fullmatch("[0-9A-F]+", row["pdu"]) for row in table(tmp_path / "semua", "archived_pdus")
    )


def test_nothing_is_overwritten(busy: Shop, tmp_path: Path) -> None:
    """A folder with files is refused and left alone; an empty one is filled."""
    folder = tmp_path / "semua"
    folder.mkdir()
    take(busy, folder)
    before = {each.name: each.read_bytes() for each in folder.iterdir()}
    with pytest.raises(FolderTaken):
        take(busy, folder)
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == before
    with pytest.raises(FolderTaken):
        take(busy, folder / NOTES)
    with pytest.raises(FolderMissing):
        take(busy, tmp_path / "tidak" / "ada")


def test_a_name_that_is_too_long(busy: Shop, tmp_path: Path) -> None:
    """What the system takes for no name is told in a sentence, of the folder and of the one above."""
    long = tmp_path / ("a" * 300)
    for folder, problem in ((long, FileUnwritable), (long / "x", FolderMissing)):
        with pytest.raises(problem):
            exporting.export(busy.ctx, folder, str)
    with pytest.raises(FolderMissing):
        output_files.check(long / "x.csv")


def test_by_right_and_audited(busy: Shop, tmp_path: Path) -> None:
    """Without the permission nothing is written; with it the audit says who took it, and where to."""
    with pytest.raises(NotAllowed):
        exporting.export(
            session(busy, set(access.PERMISSIONS) - {"upkeep.export"}), tmp_path / "semua", tr
        )
    assert not list(tmp_path.glob("*semua*"))
    take(busy, tmp_path / "semua")
    row = busy.rows("SELECT * FROM audit WHERE command = 'upkeep.export'")[0]
    assert str(tmp_path / "semua") in row["after"]
    assert row["actor"].startswith("console")


@pytest.mark.parametrize("step", ["_write_csv", "_write_notes", "_write_book"])
def test_disk_full(busy: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """When the disk is full a sentence says so, and no half folder stays behind."""

    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(exporting, step, full)
    with pytest.raises(FileUnwritable, match="No space"):
        take(busy, tmp_path / "semua")
    assert not list(tmp_path.glob("*semua*"))


def test_a_folder_that_cannot_be_written(busy: Shop, tmp_path: Path) -> None:
    """Where nothing can be written a sentence says so."""
    if os.geteuid() == 0:
        # Root writes anywhere, but makes no folder below this one.
        folder = Path("/proc/semua")
    else:
        tmp_path.chmod(0o500)
        folder = tmp_path / "semua"
    with pytest.raises(FileUnwritable):
        take(busy, folder)


_EXPORT = """
import sys, time
from pathlib import Path
from crm_tui.clock import SystemClock
from crm_tui.shop.gate.context import Context, console
from crm_tui.shop.upkeep import exporting
from crm_tui.store import Store
def tell(name, rows):
    if name == "orders":
        print("begun", flush=True)
        time.sleep(60)
ctx = Context(Store(Path(sys.argv[1])), SystemClock(), console())
exporting.export(ctx, Path(sys.argv[2]), lambda text, /, **_: text, tell)
"""


def test_killed(busy: Shop, tmp_path: Path) -> None:
    """Killed in the middle it leaves no folder of that name, and the next one begins anew."""
    busy.ctx.store.close()
    process = subprocess.Popen(
        [sys.executable, "-c", _EXPORT, str(busy.ctx.store.path), str(tmp_path / "semua")],
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert not (tmp_path / "semua").exists()
    take(busy, tmp_path / "semua")
    assert [each.name for each in tmp_path.glob("*semua*")] == ["semua"]


@pytest.mark.soak
def test_a_table_longer_than_a_sheet(
    busy: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What does not fit on one sheet goes on on the next, none twice."""
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    take(busy, tmp_path / "semua")
    ids = [row["id"] for row in table(tmp_path / "semua", "items")]
    book = openpyxl.load_workbook(tmp_path / "semua" / BOOK, read_only=True)
    names = [name for name in book.sheetnames if re.fullmatch(r"items( \d)?", name)]
    assert len(names) == -(-len(ids) // 3) > 1
    read = [
        str(line[0]) for name in names for line in list(book[name].iter_rows(values_only=True))[1:]
    ]
    book.close()
    assert read == ids


@pytest.mark.soak
def test_flat_memory(busy: Shop, tmp_path: Path) -> None:
    """Ten times as many rows need no more memory."""
    peaks = []
    # Before the first look, what is made once is made; each allocation that is traced is dear.
    take(busy, tmp_path / "semua")
    for number, rows in enumerate((2_000, 18_000)):
        with busy.ctx.store.transaction() as db:
            db.execute(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
                " INSERT INTO messages (direction, kind, at, phone, text, status, status_at)"
                " SELECT 'in', 'sms', at, phone, text || i, 'done', at"
                " FROM n, (SELECT * FROM messages LIMIT 1)", (rows,),
            )  # fmt: skip
        tracemalloc.start()
        take(busy, tmp_path / f"semua{number}")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]


def test_on_the_command_line(busy: Shop, tmp_path: Path) -> None:
    """`crm-tui export --all DIR` writes it; a second time it is refused."""
    busy.ctx.store.close()
    words = ["--lang", "en", "--data", str(busy.folder), "export", "--all"]
    folder = str(tmp_path / "semua")
    first = run(*words, folder)
    assert first.code == 0, first.err
    assert folder in first.out
    again = run(*words, folder)
    assert (again.code, again.err.count("\n")) == (1, 1), again.err
