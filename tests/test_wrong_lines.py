"""The lines of a file that cannot be taken: all of them told, on the screen and in a file."""

import csv
import io
import os
from pathlib import Path

import pytest

from crm_tui.cli import importing
from crm_tui.cli.place import Place
from crm_tui.i18n import translate
from crm_tui.screens.shell.understanding import Understood
from crm_tui.shop.imports import items as import_items
from crm_tui.shop.imports import sales as import_sales
from crm_tui.shop.imports import staging, wrong_lines
from crm_tui.shop.imports.errors import RowsRefused
from crm_tui.shop.imports.wrong_lines import TargetIsSource
from tests.counter import counter, staff
from tests.shop import Shop
from tests.test_files import book, examined, text


def say(sentence: str, /, **params: object) -> str:
    return translate(sentence, "id", **params)


def told(made: staging.Staging) -> list[list[str]]:
    """The rows of the file that a clerk gets: line, column, value, why."""
    table = wrong_lines.table(made.refused, made.plan, say)
    assert table.startswith("\ufeff")
    return list(csv.reader(io.StringIO(table[1:])))[1:]


ITEMS: dict[str, tuple[list[str], str, str, str]] = {
    "code": (["", "a", "1", "1"], "kode", "", "kosong"),
    "name": (["X", "", "1", "1"], "nama", "", "kosong"),
    "long name": (["X", "n" * 200, "1", "1"], "nama", "n" * 60, "120 karakter"),
    "price": (["X", "a", "abc", "1"], "harga", "abc", "angka bulat"),
    "below nothing": (["X", "a", "-5", "1"], "harga", "-5", "angka bulat"),
    "a formula": (["X", "a", "=1+1", "1"], "harga", "'=1+1", "angka bulat"),
    "stock": (["X", "a", "1", "1,5"], "stok", "1,5", "angka bulat"),
    "shortened": (["8,99E+12", "a", "1", "1"], "kode", "8,99E+12", "menyingkat"),
    "a truth": (["TRUE", "a", "1", "1"], "kode", "TRUE", "benar/salah"),
    "a date": (["02/03/2025", "a", "1", "1"], "kode", "02/03/2025", "tanggal"),
    "an error": (["X", "a", "#VALUE!", "1"], "harga", "#VALUE!", "kesalahan"),
    "letters": (["X", "a", "85.O00", "1"], "harga", "85.O00", "huruf"),
    "too many cells": (["X", "a", "1", "1", "1"], "", "", "sel lebih banyak"),
}


@pytest.mark.parametrize("name", ITEMS)
def test_where_and_why(shop: Shop, tmp_path: Path, name: str) -> None:
    """Each wrong line is told with its number in the spreadsheet, column, value and reason."""
    row, column, value, why = ITEMS[name]
    content = text(["kode", "nama", "harga", "stok"], ["OK-1", "baik", "1", "1"], row)
    found = told(examined(shop, import_items.KIND, content, tmp_path, "a.csv"))
    assert [each[:3] for each in found] == [["3", column, value]]
    assert why in found[0][3]


@pytest.mark.parametrize("how", ["itself", "a link", "another name"])
def test_the_file_itself_is_no_place_for_them(tmp_path: Path, how: str) -> None:
    """What is taken in is not written over by the list of what is wrong in it, by whatever name."""
    source, target = tmp_path / "barang.csv", tmp_path / "salah.csv"
    source.write_text("kode;nama;harga\nX;a;abc\n")
    if how == "itself":
        target = tmp_path / "." / "barang.csv"
    elif how == "a link":
        target.symlink_to(source)
    else:
        os.link(source, target)
    with pytest.raises(TargetIsSource):
        wrong_lines.check(target, source, tmp_path / "crm.db")
    wrong_lines.check(tmp_path / "lain.csv", source, tmp_path / "crm.db")


def test_nobody_else_reads_them(tmp_path: Path) -> None:
    """What customers' lines are wrong is its owner's alone, in the place of a file that all could read,
    and nothing is written to where a link leads that was put there since the file was looked at."""
    target, other = tmp_path / "salah.csv", tmp_path / "lain.csv"
    for kept in ("", "tetap"):
        other.write_text(kept)
        target.unlink(missing_ok=True)
        if kept:
            target.symlink_to(other)
        else:
            target.write_text("lama")
            target.chmod(0o644)
        importing._write_errors(Place(tmp_path, "id"), target, None, [], 0)
        assert (target.is_symlink(), target.stat().st_mode & 0o777) == (False, 0o600)
        assert other.read_text() == kept


def test_more_than_are_listed(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many lines are wrong is told whatever number of them is listed, and “all” only of all."""
    monkeypatch.setattr(staging, "_MOST_REFUSED", 3)
    content = text(["tanggal", "total"], *(["13/02/2025", f"x{at}"] for at in range(5)))
    made = examined(shop, import_sales.KIND, content, tmp_path, "a.csv")
    with pytest.raises(RowsRefused) as trouble:
        made.raise_if_bad()
    assert trouble.value.params["count"] == 5
    assert len(told(made)) == 3
    said = wrong_lines.into_exports(shop.ctx, made, say)
    file = shop.folder / "exports" / "baris-salah-a.csv"
    assert said == f"3 baris pertama dari 5 ada di {file}."
    assert len(file.read_text("utf-8").splitlines()) == 4


@pytest.mark.soak
def test_many_wrong_lines_of_a_workbook(shop: Shop, tmp_path: Path) -> None:
    """20,000 wrong lines of a workbook are 20,000 wrong lines, and no file that is too large."""
    rows = [["Kode", "Nama", "Harga"], *([f"K{at}", f"n{at}", "x"] for at in range(20_000))]
    found = told(examined(shop, import_items.KIND, book(*rows), tmp_path, "a.xlsx"))
    assert [each[:3] for each in found[::19_999]] == [["2", "Harga", "x"], ["20001", "Harga", "x"]]


@pytest.mark.soak
@pytest.mark.asyncio
async def test_on_the_screen(shop: Shop, tmp_path: Path) -> None:
    """A key writes all wrong lines into a file in exports/, and says where that is."""
    file = tmp_path / "barang.csv"
    rows = ([f"K{at}", f"n{at}", f"x{at}"] for at in range(30))
    file.write_bytes(text(["kode", "nama", "harga"], *rows))
    async with counter(shop, staff(shop)) as here:
        await here.press("6", "f")
        await here.paste(str(file))
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, Understood), here.text)
        await here.press("f")
        await here.until(lambda: "Semua 30 baris ada di" in here.text, here.text)
    written = (shop.folder / "exports" / "baris-salah-barang.csv").read_text("utf-8-sig")
    assert (
        written.splitlines()[1]
        == '2,"harga","x0","harga berisi x0; isi angka bulat 0 sampai 10.000.000.000"'
    )
    assert len(written.splitlines()) == 31
