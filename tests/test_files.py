"""Files as shops have them: what each becomes, what is asked of it, or why it is refused."""

import contextlib
import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import SupportsBytes

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_tui import sqlite
from crm_tui.errors import Problem
from crm_tui.i18n import translate
from crm_tui.shop.customers import people
from crm_tui.shop.imports import customers as import_customers
from crm_tui.shop.imports import headings, staging, taking_back, telling
from crm_tui.shop.imports import items as import_items
from crm_tui.shop.imports import sales as import_sales
from crm_tui.shop.imports.cells import phones, plain
from crm_tui.shop.imports.errors import ImportBuiltOn, ImportProblem, ImportUnknown, QuestionsOpen
from crm_tui.shop.imports.numbers import number
from crm_tui.shop.imports.questions import Choices
from crm_tui.shop.items import cards, catalogue, stock
from crm_tui.shop.items.errors import BarcodeTaken, CodeTaken
from crm_tui.shop.messages import outbox
from crm_tui.shop.reports import publish
from crm_tui.shop.reports.base import Wanted
from crm_tui.shop.reports.registry import REPORTS
from crm_tui.shop.sales import returns, till
from crm_tui.shop.sales.cart import CartLine
from crm_tui.shop.sales.payment_methods import Paid
from tests.daily import by_turns
from tests.shop import ANI, BUDI, Shop, cart_of, ledgers_add_up

HEAD = ["Kode Barang", "Nama Barang", "Satuan", "Harga Beli", "Harga Jual", "Stok", "Kategori"]
ROW = ["REM-9", "Kampas Rem Beat", "PCS", "60.000", "85.000", "12", "Rem"]
Fill = Callable[[openpyxl.Workbook], None]
BOOK = ["Tanggal", "No HP", "Nama", "Kode", "Qty", "Harga", "Total"]


def text(
    *rows: Sequence[object], encoding: str = "utf-8-sig", sign: str = ";", first: str = ""
) -> bytes:
    out = io.StringIO()
    out.write(first)
    csv.writer(out, delimiter=sign).writerows(rows)
    return out.getvalue().encode(encoding)


class Book:
    """A workbook, made when its octets are asked for: each process of a run collects all of them."""

    def __init__(self, rows: Sequence[Sequence[object]], fill: Fill | None) -> None:
        self.rows, self.fill = rows, fill

    def __bytes__(self) -> bytes:
        made = openpyxl.Workbook()
        assert made.active is not None
        for row in self.rows:
            made.active.append(list(row))
        if self.fill is not None:
            self.fill(made)
        out = io.BytesIO()
        made.save(out)
        return out.getvalue()


def book(*rows: Sequence[object], fill: Fill | None = None) -> Book:
    return Book(rows, fill)


def packed(*names: str) -> bytes:
    """An archive that holds these."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return out.getvalue()


def changed(**cells: object) -> list[object]:
    """ROW with other cells: code, name, unit, cost, price, stock, category."""
    names = ("code", "name", "unit", "cost", "price", "stock", "category")
    return [cells.get(name, old) for name, old in zip(names, ROW, strict=True)]


def typed(**cells: object) -> list[object]:
    """The same as a workbook has it."""
    return changed(**{"cost": 60000, "price": 85000, "stock": 12, **cells})


def examined(
    shop: Shop, kind: staging.Kind, content: SupportsBytes, folder: Path, name: str,
    choices: Choices | None = None,
) -> staging.Staging:  # fmt: skip
    file = folder / name
    file.write_bytes(bytes(content))
    made = staging.examine(shop.ctx, kind, file, choices=choices)
    made.close()
    return made


def verdict(made: staging.Staging) -> str:
    """In one word, with what it rests on."""
    if made.plan is not None and made.plan.missing:
        return "missing " + ",".join(made.plan.missing)
    if made.open_questions:
        return "asks " + ",".join(sorted(each.key for each in made.open_questions))
    if made.refused:
        return "refused " + ",".join(f"{line}:{why.id}" for line, why in made.refused)
    left = "".join(f" {why}:{count}" for why, count in sorted(made.left.counts.items()))
    return f"takes {made.count}{left}"


def two_sheets(made: openpyxl.Workbook) -> None:
    assert made.active is not None
    made.active.title = "Sampul"
    hidden = made.create_sheet("Lama")
    hidden.append(HEAD)
    hidden.append(typed(code="LAMA-1"))
    hidden.sheet_state = "hidden"
    there = made.create_sheet("Data Barang")
    there.append(HEAD)
    there.append(typed())


def two_halves(made: openpyxl.Workbook) -> None:
    for name in ("Toko", "Gudang"):
        sheet = made.create_sheet(name)
        sheet.append(HEAD)
        sheet.append(typed())


def zeros(made: openpyxl.Workbook) -> None:
    assert made.active is not None
    made.active.cell(2, 1).number_format = "00000"


def strict() -> bytes:
    """A workbook in the strict form of the standard."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(bytes(book(HEAD, typed())))) as old,
        zipfile.ZipFile(out, "w") as new,
    ):
        for each in old.namelist():
            old_name = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
            data = old.read(each).replace(
                old_name, b"http://purl.oclc.org/ooxml/spreadsheetml/main"
            )
            new.writestr(each, data)
    return out.getvalue()


ITEMS: dict[str, tuple[SupportsBytes, str]] = {
    # What make.py of the messy files writes, a row or two of each.
    "01 clean.csv": (text(HEAD, ROW), "takes 1"),
    "02 stok akhir.csv": (
        text(["No", *HEAD[:5], "Stok Akhir"], [1, *ROW[:6]]), "takes 1",
    ),
    "03 rupiah.csv": (text(HEAD, changed(price="Rp 85.000,00", cost="Rp 60.000,00")), "takes 1"),
    "04 titles.csv": (
        text(["LAPORAN PERSEDIAAN", ""], ["Per tanggal 31/10/2026", ""], [], HEAD, ROW), "takes 1",
    ),
    "05 totals.csv": (
        text(HEAD, ROW, ["", "Subtotal Rem", "", "", "85.000", 12, ""],
             ["TOTAL", "", "", "", "85.000", 12, ""], ["Dicetak oleh Sari"]),
        "takes 1 title:1 total:2",
    ),
    "05b carried.csv": (
        text(HEAD, ROW, ["Pindahan", "", "", "", "85.000", 12, ""],
             ["JUMLAH DIPINDAHKAN", "", "", "", "85.000", 12, ""]),
        "takes 1 total:2",
    ),
    "06 twice.csv": (text(HEAD, ROW, changed(code="rem-9 ")), "takes 1 repeated:1"),
    "06b differs.csv": (text(HEAD, ROW, changed(price="9.000")), "refused 3:RowCodeTwice"),
    "06c alike.csv": (text(HEAD, ROW, changed(code="REM9")), "refused 3:RowCodeAlike"),
    "07 below zero.csv": (
        text(HEAD, changed(stock="-2"), changed(code="A", stock="(3)")), "asks negative",
    ),
    "07b half.csv": (text(HEAD, changed(stock="12,5")), "refused 2:RowNumberBad"),
    "07c thousand.csv": (text(HEAD, changed(stock="1,000")), "asks three:stock"),
    "07d no price.csv": (text(HEAD, changed(price="-")), "refused 2:RowNumberMissing"),
    "07e.csv": (
        text(HEAD, *(changed(code=f"A{n}", price=price) for n, price in enumerate(
            ("85rb", "85000,-", "Rp.85.000,-", "85,000.00", "1.250.000,00", "85.000")))),
        "takes 6",
    ),
    "07f.csv": (text(HEAD, changed(stock="12 pcs"), changed(code="B", stock="10,00")), "takes 2"),
    "08 ansi.csv": (text(HEAD, changed(name="Ban 17” – IRC"), encoding="cp1252"), "takes 1"),
    "09 sep.csv": (text(HEAD, ROW, first="sep=;\r\n"), "takes 1"),
    "10 shortened.csv": (
        text([*HEAD, "Barcode"], [*ROW, "8,99E+12"]), "refused 2:CellShortened",
    ),
    "11 two prices.csv": (
        text(["Kode", "Nama", "Harga", "Harga Jual", "Stok"], ["A", "Aki", "60.000", "85.000", 1]),
        "asks column:price",
    ),
    "12 no unit.csv": (text(["Kode", "Nama", "Harga", "Stok"], ["A", "Aki", 85000, 1]), "takes 1"),
    "13 english.csv": (
        text(["code", "name", "unit", "price", "stock"], ["A", "Aki", "pcs", "85,000.00", 1],
             sign=",", encoding="utf-8"),
        "takes 1",
    ),
    "14 broken lines.csv": (
        text(HEAD, changed(name="Busi\nNGK"), changed(code="B", price="x")),
        "refused 3:RowNumberBad",
    ),
    "20 sheets.xlsx": (book(["TOKO"], fill=two_sheets), "takes 1"),
    "20b two halves.xlsx": (book(fill=two_halves), "asks sheet"),
    "20c totals.xlsx": (
        book(["TOKO SUMBER REJEKI"], [], [None, *HEAD], [None, *typed()],
             [None, None, "Subtotal", None, "=SUM(E4:E4)"]),
        "takes 1 total:1",
    ),
    "22 zeros.xlsx": (book(HEAD, typed(code=7), fill=zeros), "takes 1"),
    "25 texts.xlsx": (
        book(HEAD, typed(code="REM-9\u00a0", price="Rp\u00a085.000", stock="12 ")), "takes 1",
    ),
    "26 errors.xlsx": (
        book(HEAD, typed(name="#N/A"), typed(code="B", stock="#REF!"), typed(code="C", unit="#N/A")),
        "refused 2:RowNameMissing,3:CellError",
    ),
    "27 dates.xlsx": (
        book(HEAD, typed(code=datetime(2026, 2, 1)), typed(code=True)),
        "refused 2:CellDate,3:CellLogical",
    ),
    "28 cents.xlsx": (book(HEAD, typed(price=85000.5, cost=60000.4567)), "takes 1"),
    "28b half.xlsx": (book(HEAD, typed(stock=1.5)), "refused 2:RowNumberBad"),
    "28c noise.xlsx": (book(HEAD, typed(price=84999.99999999)), "takes 1"),
    "29 blank.xlsx": (book([None, None, *HEAD], [None, None, *typed()], []), "takes 1"),
    # And others of their kind.
    "xlsx.xls": (book(HEAD, typed()), "takes 1"),
    "two marks.csv": ("\ufeff".encode() + text(HEAD, ROW), "takes 1"),
    "utf16.csv": (text(HEAD, ROW, encoding="utf-16", sign="\t"), "takes 1"),
    "two rows.xlsx": (
        book(["Kode", "Nama", "Satuan", "Harga", None, "Stok"],
             [None, None, None, "Beli", "Jual", None], ["A", "Aki", "pcs", 1000, 2000, 3]),
        "takes 1",
    ),
    "half.csv": (text(HEAD, changed(stock="0.500")), "refused 2:RowNumberBad"),
    "three.csv": (text(HEAD, changed(stock="1.500,000")), "asks three:stock"),
    "dotted.csv": (text(HEAD, changed(stock="1.200")), "takes 1"),
    "dotted2.csv": (
        text(HEAD, changed(price="85000", cost="60000", stock="1.200")), "asks three:stock",
    ),
    "date text.csv": (text(HEAD, changed(code="01-Feb")), "refused 2:CellDate"),
    "long.csv": (text(HEAD, changed(name="X" * 121)), "refused 2:RowTextLong"),
    "same barcode.csv": (
        text([*HEAD, "Barcode"], [*ROW, "899001"], [*changed(code="B"), "899001"]),
        "refused 3:RowBarcodeTwice",
    ),
    "signed.csv": (
        text(HEAD, ROW, ["Dibuat oleh,", "", "", "", "Mengetahui,"], ["Sari", "", "", "", "Pak Budi"]),
        "takes 1 title:2",
    ),
    "headings again.csv": (text(HEAD, ROW, HEAD, changed(code="B")), "takes 2 heading:1"),
    "letters.csv": (
        text(HEAD, changed(price="45.OOO"), changed(code="B", cost="Rp l5.000"),
             changed(code="C", stock="1O"), changed(code="D", price="mahal")),
        "refused 2:RowLetters,3:RowLetters,4:RowLetters,5:RowNumberBad",
    ),
    "no price.csv": (text(["kode", "stok"], ["PQ-R", 3]), "takes 1"),
    "nothing.csv": (text(["a", "b"], ["c", "d"]), "missing code,price"),
}  # fmt: skip


@pytest.mark.parametrize("name", by_turns(ITEMS, 2))
def test_items(shop: Shop, tmp_path: Path, name: str) -> None:
    """A list of items goes in as a person reads it, or a question or a refusal names what it lacks."""
    content, wanted = ITEMS[name]
    made = examined(shop, import_items.KIND, content, tmp_path, name.split()[-1])
    assert verdict(made) == wanted
    if wanted.startswith("takes 1") and name[:2].isdigit() and name[:2] not in ("12", "22", "28"):
        row = dict(
            zip(("code", "key", "name", "unit", "price", "stock"), made.samples[0][1], strict=False)
        )
        if row["code"] == "REM-9":
            assert (row["unit"], row["price"], row["stock"]) == ("pcs", 85000, 12)


REFUSED: dict[str, tuple[SupportsBytes, str]] = {
    "08b quotes.csv": (b'kode;nama;harga\n"A";"Ban 17" Swallow";1000\n', "RowsRefused"),
    "23 formulas.xlsx": (book(HEAD, typed(price="=D2*1.1")), "FileUncalculated"),
    "30 old.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096, "FileOldExcel"),
    "blanks.txt": (
        b"KODE   NAMA BARANG   HARGA\r\nA      Aki           85.000\r\n",
        "FileUnparted",
    ),
    "of a Mac.numbers": (packed("Index/Document.iwa"), "FileOtherWorkbook"),
    "31 page.xls": (b"<html><table><tr><td>Kode</td></tr></table></html>", "FileWebPage"),
    "strict.xlsx": (strict(), "FileOtherWorkbook"),
    "blank.csv": (b" \n", "FileEmpty"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_whole_files_refused(shop: Shop, tmp_path: Path, name: str) -> None:
    """A file that no program here reads is refused with one sentence that says what to do in Excel."""
    content, wanted = REFUSED[name]
    with pytest.raises(ImportProblem) as refused:
        examined(shop, import_items.KIND, content, tmp_path, name.split()[-1])
    assert refused.value.id == wanted
    assert ".xlsx" in str(refused.value) or wanted in ("FileEmpty", "RowsRefused")


CUSTOMERS: dict[str, tuple[SupportsBytes, str]] = {
    "40.csv": (
        text(["No", "Nama Pelanggan", "No. HP", "Alamat", "Batas Piutang"],
             [1, "Ani", "0812-1111-1111 / 0711-355123", "Jl. 1", "Rp 2.000.000"],
             [2, "Budi", "WA: 0812-1111-1112", "", ""], [3, "Cici", "0812-1111-1113 (WA)", "", ""],
             [4, "Dodi", "0812-1111-1114 & 0812-1111-1115", "", ""],
             [5, "Edi", "81211111116", "", ""]),
        "takes 5",
    ),
    "40b.csv": (text(["Nama", "HP"], ["Ani", ""], ["Budi", "081211111111"]), "asks no_phone"),
    "43.xlsx": (
        book(["Nama", "HP"], ["Ani", 81234560000], ["Budi", 8.1234567e10],
             ["Cici", "'081234567890"], ["Dodi", 81234560001.0]),
        "takes 4",
    ),
    "copied.csv": (
        text(["Nama", "No WA"], ["Ani", "\u202a+62 812\u20113456\u20117890\u202c"],
             ["Budi", "81234567891.0"], ["Cici", "tel:+62-812-3456-7892"]),
        "takes 3",
    ),
    "shortened.csv": (text(["Nama", "HP"], ["Ani", "8,12E+10"]), "refused 2:CellShortened"),
    "several columns.csv": (
        text(["Nama", "Telepon", "HP"], ["Ani", "0711-355123", "081211111111"]), "takes 1",
    ),
    "lines in a cell.csv": (
        text(["Nama", "HP"], ["Ani", "0812 1111 1111\n0812 1111 1112"],
             ["Budi", "081211111113 081211111114"], ["Cici", "https://wa.me/6281211111115"]),
        "takes 3",
    ),
    "none.csv": (text(["Nama", "HP"], ["Ani", "tidak ada"]), "asks no_phone"),
    "same.csv": (
        text(["Nama", "HP"], ["Ani", "081211111111"], ["Ani", "0812-1111-1111"]),
        "takes 1 repeated:1",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CUSTOMERS)
def test_customers(shop: Shop, tmp_path: Path, name: str) -> None:
    """Numbers come in as address books, messengers and spreadsheets write them."""
    content, wanted = CUSTOMERS[name]
    assert verdict(examined(shop, import_customers.KIND, content, tmp_path, name)) == wanted


def days(*told: object) -> list[list[object]]:
    return [[day, "081211111111", "Ani", "A", 1, 1000, 1000] for day in told]


SALES: dict[str, tuple[SupportsBytes, str, str]] = {
    "50.csv": (text(BOOK, *days("13/02/2025", "01/03/2025")), "takes 2", "2025-02-13 2025-03-01"),
    "51.xlsx": (
        book(BOOK, *days(datetime(2025, 2, 3), "14/02/2025", 45702)),
        "takes 3", "2025-02-03 2025-02-14 2025-02-14",
    ),
    "52.csv": (text(BOOK, *days("02/13/2025", "03/01/2025")), "takes 2", "2025-02-13 2025-03-01"),
    "53.csv": (text(BOOK, *days("13/02/25", "1/3/25")), "takes 2", "2025-02-13 2025-03-01"),
    "54.csv": (
        text(BOOK, *days("1 Agustus 2025", "Senin, 2 Mei 2025", "03-Okt-25")), "takes 3",
        "2025-08-01 2025-05-02 2025-10-03",
    ),
    "59.csv": (
        text(BOOK, *days("13/02/2025"), ["TOTAL", "", "", "", "", "", 1000]), "takes 1 total:1",
        "2025-02-13",
    ),
    "ordered.csv": (
        text(BOOK, *days("01/03/2025", "02/03/2025", "03/03/2025")), "takes 3",
        "2025-03-01 2025-03-02 2025-03-03",
    ),
    "swapped.csv": (text(BOOK, *days("03/01/2025", "03/02/2025", "03/03/2025")), "asks dates", ""),
    "half swapped.xlsx": (
        book(BOOK, *days(*(datetime(2025, day, 2) for day in (3, 4, 5)), "13/02/2025")),
        "asks swapped", "",
    ),
    "once a day.csv": (
        text(["Tanggal", "Kode", "Total"], ["13/02/2025", "A", 1000], ["", "B", 2000]),
        "asks no_date", "",
    ),
    "no day.csv": (
        text(["Tanggal", "Kode", "Total"], ["", "A", 1000]), "refused 2:RowDateMissing", "",
    ),
    "nothing sold.csv": (
        text(BOOK, *days("13/02/2025"), ["14/02/2025", "", "", "PQ-R", 0, 1000, 0],
             ["14/02/2025", "", "", "PQ-R", 0, 1000, ""], ["15/02/2025", "", "", "PQ-R", 1, 0, 0]),
        "takes 2 nothing:2", "2025-02-13 2025-02-15",
    ),
    "letters.csv": (
        text(BOOK, ["13/02/2025", "", "", "PQ-R", 1, "45.OOO", "45.OOO"],
             ["13/02/2025", "", "", "PQ-R", "l", "1000", "1000"],
             ["13/02/2025", "", "", "PQ-R", 1, "", "l5000"]),
        "refused 2:RowLetters,3:RowLetters,4:RowLetters", "",
    ),
    "no total.csv": (text(BOOK[:5], ["13/02/2025", "", "", "A", 1]), "missing total", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", SALES)
def test_days_of_old_books(shop: Shop, tmp_path: Path, name: str) -> None:
    """Days are read in each form of an old book; which of two numbers is the day is seen in the whole
    file, or asked."""
    content, wanted, told = SALES[name]
    made = examined(shop, import_sales.KIND, content, tmp_path, name.split()[-1])
    assert verdict(made) == wanted
    if told:
        assert " ".join(str(row[1][0])[:10] for row in made.samples) == told


def test_answers(shop: Shop, tmp_path: Path) -> None:
    """An answer is all that a question needs: the file is then read as it was answered."""
    content, _ = ITEMS["11 two prices.csv"]
    choices = Choices(answers={"column:price": "Harga Jual"})
    made = examined(shop, import_items.KIND, content, tmp_path, "a.csv", choices)
    assert verdict(made) == "takes 1"
    assert made.samples[0][1][4] == 85000
    for answer, there in (("thousands", 1000), ("fraction", 1)):
        content, _ = ITEMS["07c thousand.csv"]
        choices = Choices(answers={"three:stock": answer})
        made = examined(shop, import_items.KIND, content, tmp_path, "b.csv", choices)
        assert made.samples[0][1][5] == there
    content, _, _ = SALES["swapped.csv"]
    for answer, day in (("day", "2025-01-03"), ("month", "2025-03-01")):
        choices = Choices(answers={"dates": answer})
        made = examined(shop, import_sales.KIND, content, tmp_path, "c.csv", choices)
        assert verdict(made) == "takes 3"
        assert str(made.samples[0][1][0])[:10] == day
    content, _, _ = SALES["half swapped.xlsx"]
    choices = Choices(answers={"swapped": "swap"})
    made = examined(shop, import_sales.KIND, content, tmp_path, "d.xlsx", choices)
    assert [str(row[1][0])[:10] for row in made.samples] == [
        "2025-02-03",
        "2025-02-04",
        "2025-02-05",
    ]
    content, _, _ = SALES["once a day.csv"]
    choices = Choices(answers={"no_date": "above"})
    made = examined(shop, import_sales.KIND, content, tmp_path, "f.csv", choices)
    assert [str(row[1][0])[:10] for row in made.samples] == ["2025-02-13"] * 2
    content, _ = CUSTOMERS["40b.csv"]
    choices = Choices(answers={"no_phone": "leave"})
    made = examined(shop, import_customers.KIND, content, tmp_path, "e.csv", choices)
    assert verdict(made) == "takes 1 no_phone:1"


def test_nothing_while_a_question_is_open(shop: Shop, tmp_path: Path) -> None:
    """A file with an open question is not taken in."""
    file = tmp_path / "a.csv"
    file.write_bytes(bytes(ITEMS["11 two prices.csv"][0]))
    with pytest.raises(QuestionsOpen):
        staging.stage(shop.ctx, import_items.KIND, file)
    both = tmp_path / "b.csv"
    both.write_bytes(text(HEAD, changed(stock="1,000"), changed(code="B", price="x")))
    with pytest.raises(QuestionsOpen) as told:
        staging.stage(shop.ctx, import_items.KIND, both)
    rows = told.value.params["rows"]
    assert isinstance(rows, list)
    assert [line for line, _ in rows] == [3]
    staged = staging.examine(shop.ctx, import_items.KIND, file)
    with pytest.raises(QuestionsOpen):
        staging.merge(shop.ctx, staged)
    assert not (shop.folder / "import.db").exists()


def test_columns_are_remembered(shop: Shop, tmp_path: Path) -> None:
    """What a column was said to be counts for the next file with the same headings, and no other."""
    first, next_, other = tmp_path / "1.csv", tmp_path / "2.csv", tmp_path / "3.csv"
    head = ["Kode", "Nama", "Harga", "Harga Jual", "Stok"]
    first.write_bytes(text(head, ["A", "Aki", "60.000", "85.000", 1]))
    next_.write_bytes(text(head, ["B", "Busi", "6.000", "8.500", 1]))
    other.write_bytes(text([*head, "Ket"], ["C", "Cat", "6.000", "8.500", 1, ""]))
    choices = Choices(answers={"column:price": "Harga Jual"}).column(2, "cost")
    staging.merge(shop.ctx, staging.stage(shop.ctx, import_items.KIND, first, choices=choices))
    staging.merge(shop.ctx, staging.stage(shop.ctx, import_items.KIND, next_))
    assert shop.rows("SELECT price, cost FROM items WHERE code = 'B'") == [
        {"price": 8500, "cost": 6000}
    ]
    with pytest.raises(QuestionsOpen):
        staging.stage(shop.ctx, import_items.KIND, other)


def test_a_price_list_changes_prices_only(shop: Shop, tmp_path: Path) -> None:
    """Codes and prices change the prices of known items; what the shop does not have is left out, and
    asked about if the list has names."""
    file = tmp_path / "supplier.csv"
    file.write_bytes(text(["Kode", "Harga"], ["PQ-R", "91.000"], ["LAIN-1", "5.000"]))
    before = shop.rows("SELECT name, unit, cost, category FROM items ORDER BY id")
    stock = shop.rows("SELECT * FROM stock")
    done = staging.merge(shop.ctx, staging.stage(shop.ctx, import_items.KIND, file))
    assert (len(done.new), list(done.changed)) == (0, ["PQ-R"])
    assert telling.called(done, "PQ-R") == "PQ-R  Pakai Quantum"
    assert shop.one("SELECT price FROM items WHERE code = 'PQ-R'") == 91000
    assert shop.rows("SELECT name, unit, cost, category FROM items ORDER BY id") == before
    assert shop.rows("SELECT * FROM stock") == stock
    head = ["Kode", "Nama", "Harga"]
    content = text(head, ["PQ-R", "KAMPAS", "92.000"], ["LAIN-1", "Lain", "5.000"])
    assert verdict(examined(shop, import_items.KIND, content, tmp_path, "n.csv")) == "asks new"
    for answer, wanted in (("leave", "takes 1 unknown:1"), ("add", "takes 2")):
        choices = Choices(answers={"new": answer})
        made = examined(shop, import_items.KIND, content, tmp_path, "n.csv", choices)
        assert verdict(made) == wanted
        assert ("name" in made.preview.changed["PQ-R"]) == (answer == "add")


def test_units(shop: Shop, tmp_path: Path) -> None:
    """Units differ not by case; an empty one changes nothing, and new items get the usual one."""
    there = shop.one("SELECT unit FROM items WHERE code = 'PQ-R'")
    file = tmp_path / "a.csv"
    head = ["kode", "nama", "satuan", "harga", "stok"]
    file.write_bytes(text(head, ["PQ-R", "", "", "", ""], ["Z-1", "Zat", "", 1000, 1],
                          ["Z-2", "Zat", str(there).upper(), 1000, 1]))  # fmt: skip
    staging.merge(shop.ctx, staging.stage(shop.ctx, import_items.KIND, file))
    units = shop.rows(
        "SELECT code, unit FROM items WHERE code IN ('PQ-R', 'Z-1', 'Z-2') ORDER BY id"
    )
    assert [row["unit"] for row in units] == [there, "pcs", there]


OVERLAP = [
    ["13/02/2025", "081211111111", "Ani", "PQ-R", 1, 85000, 85000],
    ["13/02/2025", "081211111111", "Ani", "PQ-R", 1, 85000, 85000],
    ["14/02/2025", "", "", "LAMA-1", 2, 10000, 20000],
    ["15/02/2025", "", "", "", "", "", 7000],
]


def test_a_book_saved_again(shop: Shop, tmp_path: Path) -> None:
    """The same book with one row more adds that row only: as often as a row stands in the shop, it is
    left out, unless it is wanted."""
    file = tmp_path / "buku.csv"
    file.write_bytes(text(BOOK, *OVERLAP))
    staging.merge(shop.ctx, staging.stage(shop.ctx, import_sales.KIND, file))
    more = text(BOOK, *OVERLAP[:3], OVERLAP[0], OVERLAP[3])
    assert verdict(examined(shop, import_sales.KIND, more, tmp_path, "b.csv")) == "takes 1 again:4"
    spelt = text(
        BOOK, *([*row[:3], str(row[3]).lower().replace("-", " "), *row[4:]] for row in OVERLAP)
    )
    assert verdict(examined(shop, import_sales.KIND, spelt, tmp_path, "c.csv")) == "takes 0 again:4"
    choices = Choices(answers={"again": "take"})
    assert verdict(examined(shop, import_sales.KIND, more, tmp_path, "b.csv", choices)) == "takes 5"
    staging.merge(shop.ctx, staging.stage(shop.ctx, import_sales.KIND, tmp_path / "b.csv"))
    assert shop.one("SELECT sum(total) FROM sales") == 85000 * 3 + 20000 + 7000


def test_what_was_lost_is_none_that_is_there(shop: Shop, tmp_path: Path) -> None:
    """Of what a restored branch lost a line is none of the sales that came with the backup, however
    alike; one that was written down since is left out as ever."""
    file = tmp_path / "buku.csv"
    file.write_bytes(text(BOOK, *OVERLAP))
    staging.merge(shop.ctx, staging.stage(shop.ctx, import_sales.KIND, file))
    last = shop.one("SELECT max(id) FROM sales")
    names = [*BOOK, "lost after"]

    def lost(after: int) -> str:
        told = text(names, *([*row, after] for row in OVERLAP))
        return verdict(examined(shop, import_sales.KIND, told, tmp_path, "b.csv"))

    assert lost(last) == "takes 4"
    assert lost(last - 1) == "takes 3 again:1"
    assert lost(0) == "takes 0 again:4"


WAYS = [
    ("Tanggal", "No HP", "Nama", "Total"), ("Tanggal", "Kode", "Qty", "Total"),
    ("Tanggal", "Total"), ("Tanggal", "No HP", "Kode", "Qty", "Total"),
]  # fmt: skip


WHOLE = ("Tanggal", "No HP", "Nama", "Kode", "Qty", "Total")
PAIRS = [*((WHOLE, way) for way in WAYS), *((way, WHOLE) for way in WAYS)]


@pytest.mark.parametrize(
    ("first", "names"),
    [PAIRS[0], *(pytest.param(*each, marks=pytest.mark.soak) for each in PAIRS[1:])],
)
def test_a_book_saved_with_fewer_columns(
    shop: Shop, tmp_path: Path, first: Sequence[str], names: Sequence[str]
) -> None:
    """A book that is in the shop is asked about when it comes again without items or without
    customers, or with them for the first time; as often as each sale is there, and only then."""
    full = [["14/02/2025", "0812-1111-2222", "Ani", "PQ-S", 1, 62000],
            ["14/02/2025", "0812-1111-2222", "Ani", "PQ-S", 1, 62000],
            ["14/02/2025", "0812-3333-4444", "Budi", "LAMA-1", 2, 20000]]  # fmt: skip
    other = ["15/02/2025", "0812-1111-2222", "Ani", "PQ-S", 1, 62000]

    def parts(rows: Sequence[Sequence[object]], columns: Sequence[str]) -> bytes:
        return text(columns, *([row[WHOLE.index(name)] for name in columns] for row in rows))

    (tmp_path / "a.csv").write_bytes(parts(full, first))
    staging.merge(shop.ctx, staging.stage(shop.ctx, import_sales.KIND, tmp_path / "a.csv"))
    again = parts([*full, full[0], other], names)
    made = examined(shop, import_sales.KIND, again, tmp_path, "b.csv")
    if {"No HP", "Kode"}.issubset({*first} & {*names}):
        assert verdict(made) == "takes 2 again:3"
        return
    assert verdict(made) == "asks alike"
    for answer, wanted in (("leave", "takes 2 alike:3"), ("take", "takes 5")):
        choices = Choices(answers={"alike": answer})
        made = examined(shop, import_sales.KIND, again, tmp_path, "b.csv", choices)
        assert verdict(made) == wanted


def test_a_renamed_item_in_a_book(shop: Shop, tmp_path: Path) -> None:
    """A book that calls items, by name or code, as they were called when they were sold means them
    still, unless another one is called so now; and what it told before is told again."""
    item = catalogue.by_code(shop.ctx, "PQ-S")
    cart = cart_of([CartLine(item.id, item.code, item.name, item.unit, item.price, 2)])
    till.sell(shop.ctx, cart.sold(), [Paid("cash", cart.total)])
    day, head = (
        f"{shop.clock.now().astimezone():%d/%m/%Y}",
        ["Tanggal", "Nama Barang", "Qty", "Total"],
    )
    rows = [["14/02/2025", "Pakai Sedang", 1, 62000], ["14/02/2025", "Coba Dua", 1, 25000]]
    (tmp_path / "a.csv").write_bytes(text(head, *rows))
    staging.merge(shop.ctx, staging.stage(shop.ctx, import_sales.KIND, tmp_path / "a.csv"))
    seen = cards.card(shop.ctx, item.id)
    cards.edit(shop.ctx, item.id, replace(seen, code="PQ-BARU", name="Pakai Sekali"))
    again = text(head, *rows, [day, "Pakai Sedang", 2, 124000], ["15/02/2025", "PQ-S", 1, 62000])
    made = examined(shop, import_sales.KIND, again, tmp_path, "b.csv")
    assert verdict(made) == "takes 1 again:3"
    named_now = [["14/02/2025", "Pakai Sekali", 1, 62000], rows[1]]
    made = examined(shop, import_sales.KIND, text(head, *named_now), tmp_path, "c.csv")
    assert verdict(made) == "takes 0 again:2"
    cards.add(shop.ctx, cards.Card("LAIN-1", "Pakai Sedang", "pcs", 1000))
    made = examined(
        shop,
        import_sales.KIND,
        text(head, ["15/02/2025", "Pakai Sedang", 1, 62000]),
        tmp_path,
        "d.csv",
    )
    assert dict(made.samples)[2][3] == "Pakai Sedang → LAIN-1"


def test_a_book_of_what_the_shop_sold(shop: Shop, tmp_path: Path) -> None:
    """What the shop sold and took back is left out of a book that names no items, too, and as often as
    it happened; what nobody sold comes in."""
    ani = people.prospect(shop.ctx, ANI).id
    item = catalogue.by_id(shop.ctx, 1)
    cart = cart_of([CartLine(item.id, item.code, item.name, item.unit, item.price, 2)])
    till.sell(shop.ctx, cart.sold(), [Paid("cash", cart.total)], ani)
    sale = shop.one("SELECT max(id) FROM sales")
    returns.give_back(shop.ctx, sale, {1: 1}, "rusak", "cash")
    day, price, hp = shop.clock.now().astimezone().date().isoformat(), item.price, "0" + ANI[3:]
    plain = text(
        ["Tanggal", "HP", "Total"], [day, hp, 2 * price], [day, hp, -price], [day, hp, 2 * price]
    )
    named = text(
        ["Tanggal", "HP", "Kode", "Qty", "Total"], [day, hp, item.code, 2, 2 * price],
        [day, hp, item.code, -1, -price], [day, hp, item.code, -1, -price],
    )  # fmt: skip
    listed = text(["Tanggal", "HP", "Barang", "Total"], [day, hp, "2 Pakai, 1 Lain", 2 * price])
    made = examined(shop, import_sales.KIND, listed, tmp_path, "a.csv")
    assert verdict(made) == "takes 0 again:1"
    for book_of_shop in (plain, named):
        made = examined(shop, import_sales.KIND, book_of_shop, tmp_path, "b.csv")
        assert verdict(made) == "takes 1 again:2"
        made.close()


def test_a_barcode_names_one_item(shop: Shop, tmp_path: Path) -> None:
    """No form and no list gives an item a barcode that is another's barcode or code, nor a code that
    is another's barcode; what the shop has so already holds up no list."""
    first = cards.add(shop.ctx, cards.Card("ZZ-1", "Zat satu", barcode="899001"))
    for code, barcode, broken in (
        ("ZZ-2", "899001", BarcodeTaken), ("ZZ-2", "zz1", BarcodeTaken), ("899001", "", CodeTaken),
    ):  # fmt: skip
        with pytest.raises(broken):
            cards.add(shop.ctx, cards.Card(code, "Zat dua", barcode=barcode))
    second = cards.add(shop.ctx, cards.Card("ZZ-2", "Zat dua", barcode="ZZ-2"))
    with pytest.raises(BarcodeTaken):
        cards.edit(shop.ctx, second, cards.Card("ZZ-2", "Zat dua", barcode="ZZ.1"))
    head = ["Kode", "Nama", "Harga", "Barcode"]
    for rows, wanted in (
        ([["899001", "Zat", 1000, ""]], "refused 2:RowBarcodeTaken"),
        ([["YY-1", "Zat", 1000, "zz-1"]], "refused 2:RowBarcodeTaken"),
        ([["YY-1", "Zat", 1000, "YY-2"], ["YY-2", "Zat", 1000, ""]], "refused 2:RowBarcodeTaken"),
        ([["YY-1", "Zat", 1000, "YY-1"], ["ZZ-1", "Zat", 1000, "899001"]], "takes 2"),
    ):
        choices = Choices(answers={"new": "add"})
        made = examined(shop, import_items.KIND, text(head, *rows), tmp_path, "a.csv", choices)
        assert verdict(made) == wanted, rows
        made.close()
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE items SET barcode = iif(id = ?, 'ZZ-2', '')", (first,))
    kept = text(head, ["ZZ-1", "Zat satu", 1000, "ZZ-2"], ["ZZ-2", "Zat dua", 1000, ""])
    made = examined(shop, import_items.KIND, kept, tmp_path, "a.csv", choices)
    assert verdict(made) == "takes 2"


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("form", ["csv", pytest.param("xlsx", marks=pytest.mark.soak)])
def test_own_reports_come_back_in(shop: Shop, tmp_path: Path, language: str, form: str) -> None:
    """A report of ours, in either language, is what it was where it comes back in; what was sold, or
    moved, is nobody's stock unless somebody says so."""
    bought = cards.add(shop.ctx, cards.Card("ZZ-1", "Zat satu", "pcs", 1000, reorder_level=9))
    for cost in (500, 700):
        stock.receive(shop.ctx, [stock.Goods(bought, 3, cost)], "CV Jaya")
    ani, budi = (people.prospect(shop.ctx, phone).id for phone in (ANI, BUDI))
    people.consent(shop.ctx, budi, "stopped", "STOP")
    item = catalogue.by_id(shop.ctx, 1)
    cart = cart_of([CartLine(item.id, item.code, item.name, item.unit, item.price, 2)])
    till.sell(shop.ctx, cart.sold(), [Paid("cash", cart.total)], ani)
    told = {}
    for name, kind in (
        ("stock", import_items.KIND), ("abc", import_items.KIND),
        ("purchases", import_items.KIND), ("customers", import_customers.KIND),
        ("sales", import_sales.KIND),
    ):  # fmt: skip
        file = tmp_path / f"{name}.{form}"
        wanted = publish.Order(REPORTS[name], Wanted(), form, file)
        publish.write(shop.ctx, wanted, lambda text, **given: translate(text, language, **given))
        made = staging.examine(shop.ctx, kind, file)
        told[name] = verdict(made).removesuffix(" total:1"), len(made.preview.changed)
        made.close()
    assert told["stock"] == ("takes 8", 0)
    # What was paid last is not what the shop's goods cost on average.
    assert told["purchases"] == ("takes 1", 0)
    assert told["customers"] == ("takes 2", 0)
    assert told["sales"] == ("takes 0 again:1", 0)
    assert told["abc"] in (("asks sure:stock", 0), ("takes 1", 0))


def test_what_would_cost_nothing(shop: Shop, tmp_path: Path) -> None:
    """A price of zero, which programs write where they know none, is told before it counts."""
    rows = ["Kode", "Nama", "Harga"], ["A", "Aki", 0], ["B", "Ban", "0,00"], ["C", "Cop", 9000]
    choices = Choices(answers={"new": "add"})
    made = examined(shop, import_items.KIND, text(*rows), tmp_path, "a.csv", choices)
    assert verdict(made) == "takes 3"
    told = telling.otherwise(made, lambda text, **given: translate(text, "en", **given))
    assert list(told) == ["Harga: 2 items would cost nothing (Rp0)"]


def everything(shop: Shop) -> list[list[dict[str, object]]]:
    """What an old book changes."""
    tables = ("sales", "sale_lines", "customers", "phones", "buyers", "import_customers")
    return [shop.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]


def test_a_book_makes_customers(shop: Shop, tmp_path: Path) -> None:
    """Whoever stands in an old book has bought, whoever wrote before, too; nobody else has."""
    for phone in (ANI, BUDI):
        people.prospect(shop.ctx, phone)
    file = tmp_path / "buku.csv"
    file.write_text(f"date,phone,total\n2026-01-05,{ANI},85000\n")
    staging.merge(shop.ctx, staging.stage(shop.ctx, import_sales.KIND, file))
    kinds = shop.rows("SELECT number, kind FROM customers JOIN phones ON customer_id = id")
    assert {row["number"]: row["kind"] for row in kinds} == {ANI: "customer", BUDI: "prospect"}


@pytest.mark.parametrize("cut", [False, True])
def test_a_book_taken_back(shop: Shop, tmp_path: Path, cut: bool) -> None:
    """An old book is taken back as a whole, by whoever opens the shop next if that is cut off; then it
    may be imported again, and no key is given twice."""
    shop.ask(ANI, "INFO")
    file = tmp_path / "buku.csv"
    file.write_bytes(text(BOOK, *OVERLAP))
    before = everything(shop)
    staging.merge(shop.ctx, staging.stage(shop.ctx, import_sales.KIND, file))
    last = shop.one("SELECT max(id) FROM sales")
    number = taking_back.candidates(shop.ctx)[0]["id"]
    if cut:
        assert taking_back._begin(shop.ctx, number) == 4
        staging.resume(shop.ctx)
    else:
        assert taking_back.take_back(shop.ctx, number) == 4
    assert everything(shop) == before
    assert not taking_back.candidates(shop.ctx)
    with pytest.raises(ImportUnknown):
        taking_back.take_back(shop.ctx, number)
    ledgers_add_up(shop.ctx)
    staging.merge(shop.ctx, staging.stage(shop.ctx, import_sales.KIND, file))
    assert shop.one("SELECT min(id) FROM sales") > last


def test_a_book_that_was_built_on(shop: Shop, tmp_path: Path) -> None:
    """A book of which a sale was taken back stays; nor does any other sale go from its ledger."""
    file = tmp_path / "buku.csv"
    file.write_bytes(text(BOOK, *OVERLAP))
    staging.merge(shop.ctx, staging.stage(shop.ctx, import_sales.KIND, file))
    with shop.ctx.store.transaction() as db:
        db.execute(
            "INSERT INTO sales (at, channel, total, actor, kind, of_sale)"
            " SELECT at, 'counter', -total, 'sari', 'void', id FROM sales LIMIT 1"
        )
    before = everything(shop)
    with pytest.raises(ImportBuiltOn):
        taking_back.take_back(shop.ctx, taking_back.candidates(shop.ctx)[0]["id"])
    with (
        pytest.raises(sqlite.IntegrityError, match="only added to"),
        shop.ctx.store.transaction() as db,
    ):
        db.execute("DELETE FROM sales")
    assert everything(shop) == before


@pytest.mark.parametrize(
    ("cells", "answers", "total"),
    [
        (["10%", 153000], {}, 153000),
        (["10%", ""], {}, 153000),
        (["17.000", ""], {"apiece": "line"}, 153000),
        (["170.000", ""], {"apiece": "line"}, 0),
        (["10", ""], {"discount": "percent"}, 153000),
        (["10%", 170000], {"net": "off"}, 153000),
        (["10%", 170000], {"net": "paid"}, 170000),
    ],
)
def test_discounts(
    shop: Shop, tmp_path: Path, cells: list[object], answers: dict[str, str], total: int
) -> None:
    """A discount column counts once: it makes the total, or stands beside the one that is there."""
    content = text([*BOOK[:6], "Diskon", "Total"], ["13/02/2025", "", "", "A", 2, "85.000", *cells])
    if answers:
        asked = examined(shop, import_sales.KIND, content, tmp_path, "a.csv")
        assert verdict(asked) == f"asks {next(iter(answers))}"
    made = examined(shop, import_sales.KIND, content, tmp_path, "a.csv", Choices(answers=answers))
    assert made.samples[0][1][6] == total


def test_a_discount_of_what_came_back(shop: Shop, tmp_path: Path) -> None:
    """What came back of a line with a discount gives back what was paid for it, and no more."""
    content = text(
        [*BOOK[:6], "Diskon", "Total"], ["13/02/2025", "", "", "A", 2, "85.000", "17.000", ""],
        ["14/02/2025", "", "", "A", -2, "85.000", "17.000", ""],
    )  # fmt: skip
    choices = Choices(answers={"apiece": "line", "sign": "back"})
    made = examined(shop, import_sales.KIND, content, tmp_path, "a.csv", choices)
    assert [sample[1][6] for sample in made.samples] == [153_000, -153_000]


def test_each_alias() -> None:
    """Each heading in the table is taken for its field, in capitals and with a currency, too."""
    for kind in ("items", "customers", "sales"):
        for name, words in headings._table()[kind].items():
            for word in (*words["words"], *words.get("vague", ()), *words.get("either", ())):
                for told in (word, word.upper(), f"{word.title()} (Rp)", word.replace(" ", "_")):
                    # What is counted in pieces is no rupiah.
                    counts = "(Rp)" not in told or name not in headings._PIECES
                    there = name in headings.aliases(kind).meanings(told)[0]
                    assert there is counts, (kind, name, told)


@pytest.mark.parametrize(
    ("heading", "kind", "name"),
    [
        ("Stok Akhir", "items", "stock"), ("Kode Item", "items", "code"),
        ("No. HP", "customers", "phone"), ("Harga Jual (Rp)", "items", "price"),
        ("HARGA JUAL (RP.)", "items", "price"), ("Harga (Beli)", "items", "cost"),
        ("Nama  Barang:", "items", "name"), ("Sat.", "items", "unit"), ("H.P.P", "items", None),
        ("Tgl.", "sales", "date"), ("Jml", "sales", "quantity"), ("No", "items", None),
        ("No", "customers", None), ("Stok (pcs)", "items", "stock"), ("Harga 1", "items", "price"),
    ],
)  # fmt: skip
def test_headings(heading: str, kind: str, name: str | None) -> None:
    """Headings as shops write them are known by their words."""
    assert (headings.aliases(kind).meanings(heading)[0] or (None,))[0] == name


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("85000", 85000), ("85.000", 85000), ("Rp 85.000,00", 85000), ("85.000,-", 85000),
        ("85,000.00", 85000), ("1.250.000", 1250000), ("85rb", 85000), ("1,5 jt", 1500000),
        ("85 000", 85000), ("(3)", -3), ("-2", -2), ("abc", None), ("1.2.3", None), ("12-3", None),
        ("8,99E+12", None), ("1" * 50, None), ("", None),
    ],
)  # fmt: skip
def test_numbers(written: str, value: int | None) -> None:
    """Money is read as it is written, and nothing else is money."""
    read = number(written, money=True)
    assert (None if read is None else read.value) == value


def test_plain_cells() -> None:
    """Cells become one line of visible text, without what spreadsheets add."""
    assert plain("Busi_x000D_\nNGK") == "Busi NGK"
    assert plain("\u200bOli\u00a0Mesin\u202c ") == "Oli Mesin"
    assert plain("'081234") == "081234"
    assert plain("Ban 17” – IRC") == "Ban 17” – IRC"
    assert phones(plain("0812-3456-7890 dan 0812 3456 7891"), "ID") == [
        "+6281234567890", "+6281234567891",
    ]  # fmt: skip


def test_a_customer_has_all_numbers(shop: Shop, tmp_path: Path) -> None:
    """Two numbers in a cell are both the customer's."""
    file = tmp_path / "a.csv"
    file.write_bytes(bytes(CUSTOMERS["40.csv"][0]))
    staging.merge(shop.ctx, staging.stage(shop.ctx, import_customers.KIND, file))
    dodi = people.by_phone(shop.ctx, "+6281211111114")
    assert dodi is not None
    assert people.phones(shop.ctx, dodi.id) == ["+6281211111114", "+6281211111115"]


def test_hostile_workbooks(shop: Shop, tmp_path: Path) -> None:
    """A workbook that would unfold beyond all bounds is refused before it is read."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(bytes(book(HEAD, typed())))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for each in old.namelist():
            new.writestr(each, old.read(each))
        with new.open("xl/sharedStrings.xml", "w") as texts:
            for _ in range(60):
                texts.write(b" " * 1_000_000)
    with pytest.raises(Problem, match="too much memory"):
        examined(shop, import_items.KIND, out.getvalue(), tmp_path, "bom.xlsx")


def test_today_is_the_last_day(shop: Shop, tmp_path: Path) -> None:
    """A day that is still to come is no day of an old book."""
    today = shop.clock.now().astimezone().date()
    content = text(BOOK, *days(f"{today:%d/%m/%Y}", f"{date(today.year + 1, 1, 13):%d/%m/%Y}"))
    assert (
        verdict(examined(shop, import_sales.KIND, content, tmp_path, "a.csv"))
        == "refused 3:RowDateBad"
    )


def test_typographic_signs_become_plain(shop: Shop) -> None:
    """Quotes, dashes and blanks of a word processor go out as a telephone types them, so that a long
    text is not sent in twice as many SMS."""
    written = "Ban 17” – “IRC”\u00a0… " + "a" * 120
    outbox.send(shop.ctx, ANI, written)
    told = shop.rows("SELECT text, segments FROM messages WHERE direction = 'out'")[0]
    assert told["text"] == 'Ban 17" - "IRC" ... ' + "a" * 120
    assert told["segments"] == 1


def test_headings_are_no_texts_of_ours(shop: Shop, tmp_path: Path) -> None:
    """A heading that looks like a field of a sentence is shown as it stands, with what is below it."""
    content = text(
        ["Kode", "Nama", "Harga {x}", "Harga Jual", "Stok"], ["A", "Aki", "6000", "8500", 1]
    )
    choices = Choices().column(2, "")
    made = examined(shop, import_items.KIND, content, tmp_path, "a.csv", choices)
    assert verdict(made) == "takes 1"
    content = text(
        ["Kode", "Nama", "Harga", "Harga Jual ({0})", "Stok"], ["A", "Aki", "60", "{x}", 1]
    )
    made = examined(shop, import_items.KIND, content, tmp_path, "b.csv")
    told = telling.answers(
        made.open_questions[0], lambda sentence, **params: sentence.format(**params)
    )
    assert told == [("Harga", "Harga: 60 …"), ("Harga Jual ({0})", "Harga Jual ({0}): {x} …")]


CELLS = st.one_of(
    st.sampled_from(
        ["", "-", "Rp 85.000,00", "1.000", "1,000", "0,5", "31/12/2025", "13/13/2025", "0812-1111-1111",
         "#N/A", "#REF!", "TOTAL", "Kode", "Harga", "Tanggal", "10%", "'=A1", '"', "8,99E+12", "{x}"]
    ),
    st.text(max_size=12),
)  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(["items", "customers", "sales"]),
    st.lists(st.lists(CELLS, max_size=8), max_size=9),
)
def test_whatever_stands_in_a_file(
    shop: Shop, tmp_path_factory: pytest.TempPathFactory, kind: str, rows: list[list[str]]
) -> None:
    """Any cells at all are taken, asked about or refused with a sentence; nothing else is raised."""
    heads = {
        "items": ["Kode", "Nama", "Satuan", "Harga", "Stok", "Barcode", "Modal"],
        "customers": ["Nama", "HP", "Alamat", "Catatan", "Limit", "Promo"],
        "sales": ["Tanggal", "HP", "Nama", "Kode", "Qty", "Harga", "Diskon", "Total"],
    }
    folder = tmp_path_factory.mktemp("apa")
    content = text(heads[kind], *rows, encoding="utf-16")
    with contextlib.suppress(Problem):
        made = examined(shop, staging.kind_of(kind), content, folder, "a.csv")
        lines = list(telling.understood(made, str.format))
        assert lines
        for asked in made.questions:
            assert telling.question(asked, str.format)
            assert telling.answers(asked, str.format)


def test_a_name_in_several_columns(shop: Shop, tmp_path: Path) -> None:
    """A first name goes on in the columns for the others, as telephones write them; a whole name stands
    alone; nothing but a last name is one, too."""
    head = ["First Name", "Middle Name", "Last Name", "Phone 1 - Value", "Address 1 - Formatted"]
    rows = [
        ["Budi", "", "Santoso", "0812-3456-7890 ::: +62 811 111 222", "Jl. A\nPalembang"],
        ["", "", "Wijaya", "0813 2222 333", ""],
    ]
    made = examined(shop, import_customers.KIND, text(head, *rows, sign=","), tmp_path, "a.csv")
    assert [values[1] for _, values in made.samples] == ["Budi Santoso", "Wijaya"]
    assert made.samples[0][1][2] == "Jl. A Palembang"
    whole = [
        ["Name", "Given Name", "Family Name", "Phone 1 - Value"],
        ["Bu Ani", "Ani", "S", "0813222333"],
    ]
    made = examined(shop, import_customers.KIND, text(*whole, sign=","), tmp_path, "b.csv")
    assert [values[1] for _, values in made.samples] == ["Bu Ani"]


def test_a_thousand_is_told(shop: Shop, tmp_path: Path) -> None:
    """Where a stock of 1.000 is read as a thousand, as prices are written so, the preview says it."""
    rows: list[Sequence[object]] = [
        ["Kode", "Nama", "Harga", "Stok"],
        ["K13", "Oli", "1.000", "1.000"],
        ["K14", "Oli", "12.000", 2],
    ]
    made = examined(shop, import_items.KIND, text(*rows), tmp_path, "a.csv")
    told = list(telling.understood(made, lambda text, /, **params: translate(text, "id", **params)))
    assert "Stok: 1.000 dibaca seribu" in told
    assert "Harga: 1.000 dibaca seribu" in told


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b'kode;nama;harga\r\nB1;"Busi\r\nNGK";1\r\n\r\nB2;Oli;x\r\nB3;"a\nb\nc";y\r\n', [4, 5]),
        (b'sep=;\r\n"DAFTAR\nBARANG"\r\n\r\nkode;nama;"harga\njual"\r\nB1;"Busi\r\nNGK";x\r\n', [4]),
        (b"kode;nama;harga\rB1;Busi;x\rB2;Oli;y\r", [2, 3]),
        (b'kode,nama,harga\n\n\nB1,"\n\n",1\nB2,"""Ban"" 17\n",x\n', [4, 5]),
    ],
)  # fmt: skip
def test_lines_as_excel_numbers_them(
    shop: Shop, tmp_path: Path, content: bytes, lines: list[int]
) -> None:
    """A line is the row in which Excel shows it, whatever breaks cells and headings hold."""
    made = examined(shop, import_items.KIND, content, tmp_path, "a.csv")
    assert [line for line, _ in made.refused] == lines


def test_the_book_of_a_telephone(shop: Shop, tmp_path: Path) -> None:
    """Numbers of services and of people who stand in it twice are asked about; the rest comes in."""
    people = [
        ["Ani", "0812-7345-1122"], ["Info", "888"], ["Pulsa", "*123#"],
        ["Ani bengkel", "0813 1111 2222 / +62 812 7345 1122"], ["Budi", "0821 7890 1234"],
        ["Citra", "0813 1111 2222"],
    ]  # fmt: skip
    content = text(["Name", "Phone 1 - Value"], *people)
    made = examined(shop, import_customers.KIND, content, tmp_path, "contacts.csv")
    assert {each.key for each in made.open_questions} == {"service", "twice"}
    answers = Choices(answers={"service": "leave", "twice": "first"})
    made = examined(shop, import_customers.KIND, content, tmp_path, "contacts2.csv", answers)
    assert made.left.lines == {"service": [3, 4], "twice": [5]}
    taken = staging.stage(
        shop.ctx, import_customers.KIND, tmp_path / "contacts2.csv", choices=answers
    )
    staging.merge(shop.ctx, taken)
    names = [row["name"] for row in shop.rows("SELECT name FROM customers ORDER BY id")]
    assert names == ["Ani", "Budi", "Citra"]
