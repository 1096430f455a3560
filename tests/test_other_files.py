"""Files of other shops: what would be stored wrongly is asked about, or refused by its line."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import SupportsBytes

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from crm_tui.cli.commands import main
from crm_tui.i18n import translate
from crm_tui.shop.gate.context import Context, console
from crm_tui.shop.imports import customers as import_customers
from crm_tui.shop.imports import items as import_items
from crm_tui.shop.imports import sales as import_sales
from crm_tui.shop.imports import staging, telling
from crm_tui.shop.imports.cells import phones, plain
from crm_tui.shop.imports.dates import Days
from crm_tui.shop.imports.errors import ImportProblem, QuestionsOpen
from crm_tui.shop.imports.numbers import number
from crm_tui.shop.imports.questions import Choices
from crm_tui.shop.imports.workbooks import _as_shown
from crm_tui.shop.reports.period import Period
from crm_tui.shop.reports.registry import REPORTS
from crm_tui.store import Store
from tests.daily import by_turns
from tests.shop import Shop
from tests.test_files import book, examined, text, verdict

Fill = Callable[[openpyxl.Workbook], None]


def staged(made: staging.Staging) -> list[dict[str, object]]:
    """The first rows as they are staged, by column."""
    names = [column.split()[0] for column in made.kind.staged.split(", ")]
    return [dict(zip(names, values, strict=True)) for _, values in made.samples]


def looks(*cells: tuple[str, str]) -> Fill:
    """Cells with number formats."""

    def fill(made: openpyxl.Workbook) -> None:
        assert made.active is not None
        for place, form in cells:
            made.active[place].number_format = form

    return fill


def crossed(*places: str) -> Fill:
    """Cells that are struck through."""

    def fill(made: openpyxl.Workbook) -> None:
        assert made.active is not None
        for place in places:
            made.active[place].font = Font(strike=True)

    return fill


def merged(*places: str) -> Fill:
    """Cells that are one."""

    def fill(made: openpyxl.Workbook) -> None:
        assert made.active is not None
        for place in places:
            made.active.merge_cells(place)

    return fill


def hides(made: openpyxl.Workbook) -> None:
    assert made.active is not None
    made.active.row_dimensions[3].hidden = True


HEAD = ["Kode", "Nama", "Harga", "Stok"]
ITEMS: dict[str, tuple[SupportsBytes, dict[str, str], str, dict[str, object] | None]] = {
    "thousands.csv": (
        text(HEAD, ["A", "Aki", "85", 1], ["B", "Ban", "1250", 2]),
        {"scale:price": "thousands"}, "asks scale:price", {"price": 85_000},
    ),
    "small ones.xlsx": (
        book(HEAD, ["A", "Aki", 15.5, 1], ["B", "Ban", "1.250.000", 2]),
        {"scale:price": "small"}, "asks scale:price", {"price": 15_500},
    ),
    "as it stands.csv": (
        text(HEAD, ["A", "Aki", "85", 1]), {"scale:price": "rupiah"}, "asks scale:price", {"price": 85},
    ),
    "most are small.csv": (
        text(HEAD, *([f"A{n}", "Aki", 100 + n, 1] for n in range(4)), ["B", "Ban", 1250, 1]),
        {"scale:price": "thousands"}, "asks scale:price", {"price": 100_000},
    ),
    "heading says so.csv": (
        text(["Kode", "Nama", "Harga (x 1000)", "Stok"], ["A", "Aki", "1250", 1]),
        {"scale:price": "thousands"}, "asks scale:price", {"price": 1_250_000},
    ),
    "shown so.xlsx": (
        book(HEAD, ["A", "Aki", 150, 1], ["B", "Ban", "1.250.000", 1], fill=looks(("C2", "0.000"))),
        {"scale:price": "small"}, "asks scale:price", {"price": 150_000},
    ),
    "format adds three.xlsx": (
        book(HEAD, ["A", "Aki", 1250, 1], fill=looks(("C2", '"Rp" #,##0".000"'))),
        {}, "takes 1", {"price": 1_250_000},
    ),
    "dozens.csv": (
        text(["Kode", "Nama", "Harga", "Stok (lusin)"], ["A", "Aki", "85000", "12"]),
        {"sure:stock": "no", "new": "add"}, "asks sure:stock", {"stock": None},
    ),
    "before tax.csv": (
        text(["Kode", "Nama", "Harga (belum PPN)", "Stok"], ["A", "Aki", "85000", "12"]),
        {"sure:price": "yes"}, "asks sure:price", {"price": 85_000},
    ),
    "a remark as name.csv": (
        text(["Kode", "Tipe", "Keterangan", "Harga"], ["PQ-R", "Rem", "stok lama", "85000"]),
        {"sure:name": "no"}, "asks sure:name", {"name": None},
    ),
    "a heading parted below.xlsx": (
        book(["Kode", "Nama", "Harga Jual", None, "Stok"], [None, None, "Umum", "Bengkel", None],
             ["A", "Aki", 85000, 80000, 1]),
        {"column:price": "Harga Jual Bengkel"}, "asks column:price", {"price": 80_000},
    ),
    "hidden.xlsx": (
        book(HEAD, ["A", "Aki", 85000, 1], ["LAMA", "Lama", 85000, 1], fill=hides),
        {"hidden": "leave"}, "asks hidden", {"code": "A"},
    ),
    "code by its format.xlsx": (
        book(HEAD, [12, "Aki", 85000, 1], fill=looks(("A2", '"BRG-"0000'))),
        {}, "takes 1", {"code": "BRG-0012"},
    ),
    "kept from the spreadsheet.csv": (
        b'Kode\tNama\tHarga\tStok\r\n="0012"\tBan 17&quot; &amp; Velg\t85000\t1\r\n',
        {}, "takes 1", {"code": "0012", "name": 'Ban 17" & Velg'},
    ),
    "variants.csv": (
        text(["Items Name (Do Not Edit)", "Variant name (Do Not Edit)", "SKU", "Price", "In Stock"],
             ["Rem", "Depan", "A", 85000, 1], ["Rem", "Belakang", "B", 75000, 1]),
        {}, "takes 2", {"name": "Rem Depan", "stock": 1},
    ),
    "barcodes of nothing.csv": (
        text(["Kode", "Barcode", "Nama", "Harga", "Stok"], ["A", "0", "Aki", 85000, 1],
             ["B", "0", "Ban", 85000, 1]),
        {}, "takes 2", {"barcode": None},
    ),
    "commas cut.csv": (
        b"Kode,Nama,Harga,Stok,Ket\r\nA,Aki,85,000,12\r\n", {"scale:price": "thousands"},
        "asks scale:price", {},
    ),
    "another table.csv": (
        text([*HEAD, "Modal"], ["A", "Aki", 85000, 1, 60000],
             ["Kode", "Nama", "Modal", "Stok", "Harga"], ["B", "Ban", 60000, 1, 85000]),
        {}, "refused 3:RowOtherHeadings", {"code": "A"},
    ),
    "of whom.csv": (
        text(["Kode", "Nama", "Harga Jual Umum", "Harga Jual Grosir", "Kts"],
             ["A", "Aki", 85000, 80000, 3]),
        {"column:price": "Harga Jual Grosir"}, "asks column:price", {"price": 80_000, "stock": 3},
    ),
    "of how many.csv": (
        text(["PLU", "Nama", "Harga/pcs", "Stok Display"], ["A", "Aki", 85000, 3]),
        {"sure:price": "yes", "sure:stock": "no", "new": "add"}, "asks sure:price,sure:stock",
        {"price": 85_000, "stock": None},
    ),
    "with another beside.csv": (
        text([*HEAD, "Harga Grosir", "Stok Display"], ["A", "Aki", 85000, 3, 80000, 1]), {}, "takes 1",
        {"price": 85_000, "stock": 3},
    ),
    "off sale.csv": (
        text([*HEAD, "Status"], ["A", "Aki", 85000, 1, "Aktif"], ["B", "Ban", "", "", "Tidak Aktif"],
             ["C", "Cat", 85000, 1, "NONAKTIF"], ["D", "Dop", 85000, 1, ""]),
        {"off_sale": "take"}, "takes 2 off_sale:2", {},
    ),
    "a column against it.csv": (
        text([*HEAD, "Non Aktif"], ["A", "Aki", 85000, 1, "Tidak"], ["B", "Ban", 85000, 1, "Ya"]),
        {}, "takes 1 off_sale:1", {"code": "A"},
    ),
    "a column of 1 and 0.xlsx": (
        book([*HEAD, "Aktif"], ["A", "Aki", 85000, 1, 1], ["B", "Ban", 85000, 1, 0],
             ["C", "Cat", 85000, 1, True], ["D", "Dop", 85000, 1, False]),
        {}, "takes 2 off_sale:2", {"code": "A"},
    ),
    "a remark.csv": (
        text([*HEAD, "Ket"], ["A", "Aki", 85000, 1, "laris"], ["B", "Ban", 85000, 1, "Discontinued"],
             ["C", "Cat (tidak aktif)", 85000, 1, ""]),
        {}, "takes 1 off_sale:2", {"code": "A"},
    ),
    "a state nobody knows.csv": (
        text([*HEAD, "Status"], ["A", "Aki", 85000, 1, "Slow"], ["B", "Ban", 85000, 1, "Habis"]),
        {"sold:Slow": "on"}, "asks sold:Slow", {"code": "A"},
    ),
    "struck through.xlsx": (
        book(HEAD, ["A", "Aki", 85000, 1], ["B", "Ban", 85000, 1], ["C", "Cat", 85000, 1],
             fill=crossed("A2", "B2", "C2", "D2", "B3", "C4")),
        {"struck": "leave"}, "asks struck", {"code": "C"},
    ),
    "side by side.xlsx": (
        book([None, *HEAD, None, *HEAD], [None, "A", "Aki", 85000, 1, None, "B", "Ban", 9000, 2],
             [None, "C", "Cat", 7000, 3], fill=crossed("H3")),
        {}, "takes 3", {"code": "A"},
    ),
    "side by side.csv": (
        text(["No", *HEAD, "No", *HEAD], [1, "A", "Aki", 85000, 1, 3, "B", "Ban", 9000, 2],
             [2, "C", "Cat", 7000, 3, "", "", "", "", ""]),
        {"tables": "first"}, "takes 3", {"code": "A"},
    ),
    "words joined.csv": (
        text(["*NamaProduk", "KodeProduk", "HargaBeliSatuan", "HargaJualSatuan", "Deskripsi",
              "Kts Tersedia", "BatasStokMinimum"], ["Aki", "A", 60000, 85000, "kering", 3, 1]),
        {}, "takes 1",
        {"name": "Aki", "cost": 60_000, "price": 85_000, "stock": 3, "reorder_level": 1},
    ),
    "each line in quotes.csv": (
        b'"Kode;Nama;Harga;Stok"\r\n"A;Ban 17"";85000;1"\r\n', {}, "takes 1",
        {"code": "A", "name": 'Ban 17"', "price": 85_000},
    ),
    "one table.csv": (
        text(["Kode", "Nama", "Harga 1", "Kode", "Nama"], ["A", "Aki", 85000, "X", "Y"]), {},
        "asks column:code,column:name", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", by_turns(ITEMS, 2))
def test_lists_of_items(shop: Shop, tmp_path: Path, name: str) -> None:
    """A list of items that could mean something else is asked about; the answer is what is stored."""
    content, answers, wanted, first = ITEMS[name]
    made = examined(shop, import_items.KIND, content, tmp_path, name.replace(" ", "-"))
    assert verdict(made) == wanted
    if answers:
        choices = Choices(answers=answers)
        made = examined(shop, import_items.KIND, content, tmp_path, name.replace(" ", "-"), choices)
    if first is None:
        return
    if name.startswith(("off", "side", "struck")):
        told = {
            "off sale.csv": "refused 3:RowNumberMissing", "struck through.xlsx": "takes 1 struck:2",
            "side by side.xlsx": "takes 3", "side by side.csv": "takes 2",
        }  # fmt: skip
        assert verdict(made) == told[name]
    elif first:
        assert verdict(made).startswith(("takes", "refused 3:RowOther"))
    if first:
        row = staged(made)[0]
        assert {key: row[key] for key in first} == first
    elif not name.startswith("off"):
        assert verdict(made) == "refused 2:RowNumberBad"


SOLD = ["Tanggal", "HP", "Nama", "Kode", "Qty", "Harga", "Total"]
ANI, BUDI = "081211111111", "081211111112"
BOOKS: dict[str, tuple[Sequence[Sequence[object]], dict[str, str], str, list[tuple[object, ...]]]] = {
    "total of the receipt on each line": (
        (SOLD, ["15/08/2025", ANI, "", "A", 1, "40.000", "125.000"],
         ["15/08/2025", ANI, "", "B", 1, "85.000", "125.000"]),
        {"whole": "lines"}, "asks whole", [("+62" + ANI[1:], 1, 40000), ("+62" + ANI[1:], 1, 85000)],
    ),
    "so much was paid": (
        (SOLD, ["15/08/2025", ANI, "", "A", 1, "40.000", "45.000"]),
        {"whole": "total"}, "asks whole", [("+62" + ANI[1:], 1, 45000)],
    ),
    "customer in the first line": (
        (SOLD, ["15/08/2025", ANI, "Ani", "A", 1, 40000, 40000], ["", "", "", "B", 1, 85000, 85000],
         ["16/08/2025", "", "", "B", 1, 85000, 85000]),
        {"no_date": "above"}, "asks no_date",
        [("+62" + ANI[1:], 1, 40000), ("+62" + ANI[1:], 1, 85000), (None, 1, 85000)],
    ),
    "states": (
        ([*SOLD, "Status Pesanan"], ["15/08/2025", ANI, "", "A", 1, 40000, 40000, "Selesai"],
         ["15/08/2025", ANI, "", "A", 1, 50000, 50000, "Dibatalkan"],
         ["16/08/2025", ANI, "", "A", 1, 40000, 40000, "Retur"],
         ["17/08/2025", ANI, "", "A", 1, 60000, 60000, ""]),
        {}, "takes 3 cancelled:1",
        [("+62" + ANI[1:], 1, 40000), ("+62" + ANI[1:], 1, -40000), ("+62" + ANI[1:], 1, 60000)],
    ),
    "lines of a receipt that was cancelled": (
        ([*SOLD, "Status"], ["15/08/2025", ANI, "", "A", 1, 40000, 40000, "Lunas"],
         ["16/08/2025", BUDI, "", "A", 1, 50000, 50000, "Void"], ["", "", "", "B", 1, 9000, 9000, ""],
         ["17/08/2025", BUDI, "", "A", 1, 60000, 60000, "Retur"], ["", "", "", "B", 2, 900, 1800, ""]),
        {"no_date": "above"}, "asks no_date",
        [("+62" + ANI[1:], 1, 40000), ("+62" + BUDI[1:], 1, -60000), ("+62" + BUDI[1:], 2, -1800)],
    ),
    "a state that is not known": (
        ([*SOLD, "Status"], ["15/08/2025", ANI, "", "A", 1, 40000, 40000, "Pending Z"],
         ["15/08/2025", ANI, "", "A", 1, 50000, 50000, "lunas"]),
        {"status:Pending Z": "cancelled"}, "asks status:Pending Z", [("+62" + ANI[1:], 1, 50000)],
    ),
    "thousands by heading": (
        (["Tanggal", "HP", "Total (ribuan)"], ["15/08/2025", ANI, 1250]),
        {"scale:total": "thousands"}, "asks scale:total", [("+62" + ANI[1:], None, 1_250_000)],
    ),
    "minus behind": (
        (["Tanggal", "Total"], ["15/08/2025", "85.000-"]), {}, "refused 2:RowMinusBehind", [],
    ),
    "less than nothing": (
        (SOLD, ["15/08/2025", ANI, "", "A", -2, "40.000", "80.000"],
         ["15/08/2025", ANI, "", "B", -1, "40.000", "-40.000"]),
        {"sign": "back"}, "asks sign", [("+62" + ANI[1:], -2, -80000), ("+62" + ANI[1:], -1, -40000)],
    ),
    "a sale after all": (
        (["Tanggal", "Kode", "Keluar", "Kts", "Total"], ["15/08/2025", "A", "", -2, "80.000"]),
        {"sign": "sold"}, "asks sign", [(None, 2, 80000)],
    ),
    "a remark that they came back": (
        (["Tanggal", "HP", "Jenis", "Qty", "Total"], ["15/08/2025", ANI, "Jual", 1, "85.000"],
         ["16/08/2025", ANI, "Retur", 1, "85.000"], ["17/08/2025", ANI, "", 1, "9.000"]),
        {"status:Retur": "returned"}, "asks status:Retur",
        [("+62" + ANI[1:], 1, 85000), ("+62" + ANI[1:], 1, -85000), ("+62" + ANI[1:], 1, 9000)],
    ),
    "a remark beside a state": (
        ([*SOLD, "Status", "Ket"], ["15/08/2025", ANI, "", "A", 1, 85000, 85000, "Lunas", "laris"],
         ["16/08/2025", ANI, "", "A", 1, 85000, 85000, "Lunas", "Void"],
         ["", "", "", "B", 1, 900, 900]),
        {"status:Void": "cancelled", "no_date": "above"}, "asks no_date,status:Void",
        [("+62" + ANI[1:], 1, 85000)],
    ),
    "a discount beside the total": (
        (["Tanggal", "HP", "Diskon", "Total"], ["15/08/2025", ANI, "10.000", "90.000"],
         ["15/08/2025", ANI, "", "85.000"]),
        {"less": "off"}, "asks less", [("+62" + ANI[1:], None, 80000), ("+62" + ANI[1:], None, 85000)],
    ),
    "a sum beside a price": (
        (["Tanggal", "Harga", "Jumlah"], ["15/08/2025", "85.000", "85.000"],
         ["15/08/2025", "200", "400"]),
        {"amount:quantity": "rupiah"}, "asks amount:quantity", [(None, None, 85000), (None, None, 400)],
    ),
    "so many beside a price": (
        (["Tanggal", "Harga", "Jumlah"], ["15/08/2025", "100", "500"], ["15/08/2025", "85.000", "2"]),
        {"amount:quantity": "pieces"}, "asks amount:quantity",
        [(None, 500, 50000), (None, 2, 170000)],
    ),
    "a sum beside nothing": (
        (["Tanggal", "Nama", "Jumlah"], ["15/08/2025", "Ani", "85.000"]),
        {"sure:total": "yes"}, "asks sure:total", [(None, None, 85000)],
    ),
    "more off than it costs": (
        (["Tanggal", "Harga", "Diskon"], ["15/08/2025", "85.000", "90.000"]), {},
        "refused 2:RowNumberBad", [],
    ),
    "the year in front": (
        (["Tanggal", "Total"], *([f"25-07-{day:02}", "85.000"] for day in (8, 9, 14, 22))),
        {"years": "year"}, "asks years", [(None, None, 85000)] * 3,
    ),
    "a number in the name": (
        (["Tanggal", "Pembeli", "Total"], ["15/08/2025", f"Ani ({ANI})", "85.000"],
         ["15/08/2025", "Toko 88", "85.000"]),
        {}, "takes 2", [("+62" + ANI[1:], None, 85000), (None, None, 85000)],
    ),
    "a marketplace's numbers": (
        (["Waktu Pesanan Dibuat", "No Telp Pembeli", "Total"], ["15/08/2025", "******89", "85.000"],
         ["15/08/2025", ANI, "85.000"]),
        {}, "takes 2", [(None, None, 85000), ("+62" + ANI[1:], None, 85000)],
    ),
    "days by another name": (
        (["Tanggal Pembayaran", "Tanggal Kirim", "Total"], ["15/08/2025", "16/08/2025", "85.000"]),
        {"column:date": "Tanggal Pembayaran"}, "asks column:date", [(None, None, 85000)],
    ),
    "no sen": (
        (["Tanggal", "Total"], ["15/08/2025", "85.000,-"]), {}, "takes 1", [(None, None, 85000)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", by_turns(BOOKS, 2))
def test_old_books(shop: Shop, tmp_path: Path, name: str) -> None:
    """A sale of an old book is its customer's, is not counted twice, and not at all if it was none."""
    rows, answers, wanted, sold = BOOKS[name]
    made = examined(shop, import_sales.KIND, text(*rows), tmp_path, "buku.csv")
    assert verdict(made) == wanted
    if answers:
        choices = Choices(answers=answers)
        made = examined(shop, import_sales.KIND, text(*rows), tmp_path, "buku.csv", choices)
    assert [(row["phone"], row["quantity"], row["total"]) for row in staged(made)] == sold


ANIS, BUDIS = "+62" + ANI[1:], "+62" + BUDI[1:]
GOODS = ["Tanggal", "Kode", "Qty", "Harga", "Total"]


def goods(day: str, code: str, total: int) -> list[object]:
    return [day, code, 1, total, total]


Told = list[tuple[str | None, str | None, object]]
GROUPED: dict[str, tuple[SupportsBytes, dict[str, str], str, Told]] = {
    "a line above.csv": (
        text(GOODS, [f"Ani ({ANI})"], goods("15/08/2025", "A", 100_000),
             goods("17/08/2025", "B", 5_000),
             ["Subtotal", "", "", "", 105_000], [f"Budi - {BUDI}"], goods("16/08/2025", "A", 100_000)),
        {"group": "customer"}, "asks group",
        [(ANIS, "Ani", 100_000), (ANIS, "Ani", 5_000), (BUDIS, "Budi", 100_000)],
    ),
    "a title.csv": (
        text(GOODS, ["Penjualan Toko"], goods("15/08/2025", "A", 100_000)),
        {"group": "title"}, "asks group", [(None, None, 100_000)],
    ),
    "said so.csv": (
        text(GOODS, ["Pelanggan: Ani", "", "HP: " + ANI], goods("15/08/2025", "A", 100_000),
             ["Nama Pelanggan", "Budi", BUDI], goods("16/08/2025", "A", 100_000)),
        {}, "takes 2 title:2", [(ANIS, "Ani", 100_000), (BUDIS, "Budi", 100_000)],
    ),
    "months.csv": (
        text([*SOLD], ["AGUSTUS 2025"], ["15/08/2025", ANI, "", "A", 1, 40_000, 40_000],
             ["16/08/2025", "", "", "A", 1, 40_000, 40_000], ["Bulan September 2025"],
             ["15/09/2025", "", "", "A", 1, 40_000, 40_000]),
        {}, "takes 3 title:2", [(ANIS, None, 40_000), (None, None, 40_000), (None, None, 40_000)],
    ),
    "notes of a book that names its own.csv": (
        text([*SOLD], ["Lunas semua"], ["15/08/2025", ANI, "", "A", 1, 40_000, 40_000]),
        {}, "takes 1 title:1", [(ANIS, None, 40_000)],
    ),
    "in the first of theirs.csv": (
        text([*SOLD], ["15/08/2025", ANI, "Ani", "A", 1, 40_000, 40_000],
             ["19/08/2025", "", "", "B", 1, 40_000, 40_000],
             ["14/08/2025", BUDI, "", "A", 1, 40_000, 40_000],
             ["16/08/2025", "", "", "B", 1, 40_000, 40_000]),
        {"unnamed": "above"}, "asks unnamed",
        [(ANIS, "Ani", 40_000), (ANIS, "Ani", 40_000), (BUDIS, None, 40_000)],
    ),
    "sums between.csv": (
        text([*SOLD], ["15/08/2025", ANI, "Ani", "A", 1, 40_000, 40_000],
             ["15/08/2025", "", "", "B", 1, 40_000, 40_000], ["Total", "", "", "", "", "", 80_000],
             ["16/08/2025", BUDI, "", "A", 1, 40_000, 40_000], ["Total", "", "", "", "", "", 40_000]),
        {"unnamed": "nobody"}, "asks unnamed",
        [(ANIS, "Ani", 40_000), (None, None, 40_000), (BUDIS, None, 40_000)],
    ),
    "in the order of time.csv": (
        text([*SOLD], ["15/08/2025", ANI, "Ani", "A", 1, 40_000, 40_000],
             ["15/08/2025", "", "", "B", 1, 40_000, 40_000],
             ["16/08/2025", "", "", "A", 1, 40_000, 40_000],
             ["16/08/2025", BUDI, "", "A", 1, 40_000, 40_000]),
        {}, "takes 4", [(ANIS, "Ani", 40_000), (None, None, 40_000), (None, None, 40_000)],
    ),
    "each day begins with somebody.csv": (
        text(SOLD, *([f"{day}/08/2025", *who, "A", 1, 40_000, 40_000] for day in (15, 16, 17)
                     for who in ((ANI, "Ani"), ("", "")))),
        {"unnamed": "above"}, "asks unnamed", [(ANIS, "Ani", 40_000)] * 3,
    ),
    "two cells above.csv": (
        text(SOLD, ["Ani", "", "", "Jl. Radial"], ["15/08/2025", "", "", "A", 1, 40_000, 40_000]),
        {"group": "customer"}, "asks group", [(None, "Ani", 40_000)],
    ),
    "merged.xlsx": (
        book([*SOLD], ["15/08/2025", ANI, "Ani", "A", 1, 40_000, 90_000],
             ["19/08/2025", None, None, "B", 1, 50_000, None],
             ["20/08/2025", None, None, "B", 1, 50_000, 50_000],
             fill=merged("B2:B3", "C2:C3", "G2:G3")),
        {"whole": "lines"}, "asks whole",
        [(ANIS, "Ani", 40_000), (ANIS, "Ani", 50_000), (None, None, 50_000)],
    ),
    "merged days.xlsx": (
        book(["Tanggal", "HP", "Kode", "Total"], ["15/08/2025", ANI, "A", 40_000],
             [None, None, "B", 50_000], fill=merged("A2:A3", "B2:B3")),
        {}, "takes 2", [(ANIS, None, 40_000), (ANIS, None, 50_000)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", GROUPED)
def test_books_grouped_by_customer(shop: Shop, tmp_path: Path, name: str) -> None:
    """Sales are those of the customer who stands once above them, or that is asked."""
    content, answers, wanted, sold = GROUPED[name]
    file = name.replace(" ", "-")
    made = examined(shop, import_sales.KIND, content, tmp_path, file)
    assert verdict(made) == wanted
    if answers:
        made = examined(shop, import_sales.KIND, content, tmp_path, file, Choices(answers=answers))
    assert verdict(made).startswith("takes")
    assert [(row["phone"], row["name"], row["total"]) for row in staged(made)] == sold


def test_many_states_are_one_question(shop: Shop, tmp_path: Path) -> None:
    """A column of remarks is not asked about a remark at a time."""
    rows = [["15/08/2025", ANI, "", "A", 1, 40000, 40000, f"catatan {n}"] for n in range(40)]
    made = examined(shop, import_sales.KIND, text([*SOLD, "Status"], *rows), tmp_path, "buku.csv")
    assert len(made.open_questions) < 15
    choices = Choices(answers={each.key: "counted" for each in made.open_questions})
    made = examined(
        shop, import_sales.KIND, text([*SOLD, "Status"], *rows), tmp_path, "buku.csv", choices
    )
    assert verdict(made) == "takes 40"


def test_sales_of_nobody_are_told(shop: Shop, tmp_path: Path) -> None:
    """Sales that no customer gets are told, with a name and without one."""
    for rows, told in (
        ((SOLD, ["15/08/2025", "", "Ani", "A", 1, 40000, 40000]), "HP: 1 "),
        ((["Tanggal", "Nama", "Total"], ["15/08/2025", "Ani", 40000]), "Nama: 1 "),
        ((["Tanggal", "Total"], ["15/08/2025", 40000]), "Phone: 1 "),
    ):
        made = examined(shop, import_sales.KIND, text(*rows), tmp_path, "buku.csv")
        assert any(
            each.startswith(told)
            for each in telling.otherwise(
                made, lambda text, **params: translate(text, "en", **params)
            )
        )


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("7 Agt '25", date(2025, 8, 7)),
        ("07/08/'25", date(2025, 8, 7)),
        ("Kam, 07 Agu 2025", date(2025, 8, 7)),
        ("Jum’at 8 Agst 2025", date(2025, 8, 8)),
        ("tgl 7 Agustus 2025", date(2025, 8, 7)),
        ("07 Agustus 2025 pukul 10.22", date(2025, 8, 7)),
        ("2025-08-07T23:22:00+07:00", date(2025, 8, 7)),
        ("2025-08-07 23:22 WIT", date(2025, 8, 7)),
        # Where they count by Greenwich this was yesterday evening.
        ("2025-08-06T17:00:00Z", date(2025, 8, 7)),
        ("2025-08-06T16:59:59.9+0000", date(2025, 8, 6)),
        ("2025-08-06 20:30 UTC", date(2025, 8, 7)),
        (20250807, date(2025, 8, 7)),
        (20251307, None),
        ("Agustus 2025", None),
    ],
)
def test_days(told: object, day: date | None) -> None:
    """Days are read as programs and people write them, and what is none is none."""
    assert Days(date(2026, 11, 24)).read(told) == day


def test_days_count_from_1904(shop: Shop, tmp_path: Path) -> None:
    """Days that are numbers count from the day from which the workbook counts."""

    def of_1904(made: openpyxl.Workbook) -> None:
        made.epoch = datetime(1904, 1, 1)

    content = book(["Tanggal", "Total"], [44414, 85000], fill=of_1904)
    made = examined(shop, import_sales.KIND, content, tmp_path, "buku.xlsx")
    assert str(staged(made)[0]["at"]).startswith("2025-08-07")


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("08163456789/90", "90"),
        ("0812 3456 7844 / 45", "45"),
        ("0814-3456-7890 (istri)", ["+6281434567890"]),
        ("0711/355123", ["+62711355123"]),
        ("(0711)/355123", ["+62711355123"]),
        ("0812-1111-1111/0812-1111-1112", ["+6281211111111", "+6281211111112"]),
    ],
)
def test_numbers_in_one_cell(cell: str, wanted: list[str] | str) -> None:
    """Two numbers with a stroke between them are never one longer number."""
    assert phones(cell, "ID") == wanted


def test_country_in_its_own_column(shop: Shop, tmp_path: Path) -> None:
    """A country's code that stands beside the number belongs to it."""
    rows = (["Nama", "Kode Negara", "No HP"], ["Ani", "+62", "81211111111"],
            ["John", "60", "0123456789"], ["Cici", "62", "6281211111112"])  # fmt: skip
    made = examined(shop, import_customers.KIND, text(*rows), tmp_path, "kontak.csv")
    numbers = [row["phones"] for row in staged(made)]
    assert numbers == ["+6281211111111", "+60123456789", "+6281211111112"]


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (12, '"BRG-"0000', "BRG-0012"),
        (13, '0000"-X"', "0013-X"),
        (12345, "00-000", "12-345"),
        (81234567890, "0000-0000-0000", "0812-3456-7890"),
        (7, "000", "007"),
        (85, '#,##0".000"', "85.000"),
        (12, '0" dus"', "12 dus"),
        (85000, '"Rp" #,##0', 85000),
        (85000, "#,##0_)", 85000),
        (85000, "# ?/?", 85000),
        (45876, "dd/mm/yyyy", 45876),
    ],
)
def test_as_shown(value: int, form: str, shown: object) -> None:
    """A number is what its format shows where that adds signs that count, and the number elsewhere."""
    assert _as_shown(value, form) == shown


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"BEGIN:VCARD\r\nTEL:0812\r\nEND:VCARD\r\n", "FileAddressBook"),
        (b"\x1f\x8b\x08\x00abc", "FilePacked"),
        (b"%PDF-1.4\n1 0 obj\n", "FileNotText"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas"></Workbook>', "FileOtherWorkbook"),
        (b'<?xml version="1.0"?><!DOCTYPE html><html></html>', "FileWebPage"),
    ],
)
def test_no_list_at_all(shop: Shop, tmp_path: Path, content: SupportsBytes, wanted: str) -> None:
    """What is no list is called by its name."""
    with pytest.raises(ImportProblem) as refused:
        examined(shop, import_customers.KIND, content, tmp_path, "kontak.csv")
    assert refused.value.id == wanted


def test_files_for_all_branches(tmp_path: Path) -> None:
    """Items that are read without a screen are those that are meant: what is open is refused."""
    file = tmp_path / "barang.csv"
    for rows, asked, answers, wanted in (
        ((HEAD, ["A", "Aki", "85", 1]), "scale:price", {"scale:price": "thousands"}, 85_000),
        ((["Kode", "Nama", "Harga 1", "Harga 2"], ["A", "Aki", 9000, 8000]), "column:price",
         {"column:price": "Harga 2"}, 8000),
    ):  # fmt: skip
        file.write_bytes(text(*rows))
        with pytest.raises(QuestionsOpen) as refused:
            import_items.read_file(file)
        assert [each.key for each in refused.value.questions] == [asked]
        assert [row.price for row in import_items.read_file(file, answers)] == [wanted]


def test_columns_that_are_not_taken_are_told(shop: Shop, tmp_path: Path) -> None:
    """The command line tells what it left of a file, also without a preview."""
    file = tmp_path / "barang.csv"
    file.write_bytes(text([*HEAD, "Rak", "Merek"], ["A", "Aki", 85000, 1, "B2", "GS"]))
    found = CliRunner().invoke(main, ["--data", str(shop.folder), "import", "items", str(file)])
    assert found.exit_code == 0, found.output
    assert "tidak dipakai: Rak, Merek" in found.output


@pytest.mark.parametrize(
    ("told", "value"),
    [("85.000/pcs", 85_000), ("@ Rp85.000", 85_000), ("85.000 rupiah", 85_000),
     ("Rp 85.000/Set", 85_000),
     ("850.000/dus", None), ("85.000/2 pcs", None), ("@", None), ("/pcs", None)],
)  # fmt: skip
def test_prices_of_one_piece(told: str, value: int | None) -> None:
    """A price with a piece behind it is that; one of a box is none."""
    read = number(told, money=True)
    assert (None if read is None else int(read.value)) == value


def shared(content: bytes) -> bytes:
    """A workbook whose sheet shares its texts, as Excel writes them: letters that differ in runs of
    their own, and how a text is pronounced beside it."""
    out = io.BytesIO()
    texts: list[bytes] = []

    def numbered(match: re.Match[bytes]) -> bytes:
        texts.append(match[2])
        return b'<c %s t="s"><v>%d</v></c>' % (match[1], len(texts) - 1)

    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            octets = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                inline = rb'<c ([^>]*?) t="inlineStr"><is><t[^>]*>([^<]*)</t></is></c>'
                octets = re.sub(inline, numbered, octets)
            if name == "[Content_Types].xml":
                told = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
                octets = octets.replace(b"</Types>", told.encode())
            new.writestr(name, octets)
        items = (
            b"<si><r><rPr><b/></rPr><t>%s</t></r><r><t>%s</t></r><rPh sb='0' eb='1'><t>X</t></rPh></si>"
            % (each[:2], each[2:]) if at % 2 else b"<si><t>%s</t></si>" % each
            for at, each in enumerate(texts)
        )  # fmt: skip
        main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        new.writestr("xl/sharedStrings.xml", b'<sst xmlns="%s">%s</sst>' % (main, b"".join(items)))
    return out.getvalue()


def test_texts_however_a_workbook_holds_them(shop: Shop, tmp_path: Path) -> None:
    """Texts of a workbook are the same in its cells and apart from them, in one piece or several."""
    rich = CellRichText(TextBlock(InlineFont(b=True), "Ban "), "17 IRC")
    rows = (HEAD, ["A-1", "Aki GS", 85000, 1], ["B-2", "Ban 17 IRC", 9000, 2])
    told = []
    books: tuple[SupportsBytes, ...] = (
        book(*rows), shared(bytes(book(*rows))), book(*rows[:2], ["B-2", rich, 9000, 2]),
    )  # fmt: skip
    for at, content in enumerate(books):
        made = examined(shop, import_items.KIND, content, tmp_path, f"{at}.xlsx")
        assert verdict(made) == "takes 2"
        told.append([(row["code"], row["name"], row["price"]) for row in staged(made)])
    assert told == [[("A-1", "Aki GS", 85000), ("B-2", "Ban 17 IRC", 9000)]] * 3


def test_texts_of_programs() -> None:
    """What programs write around a text for a spreadsheet's or a page's sake is none of it."""
    assert plain('="0012"') == "0012"
    assert plain("Ban &amp; Velg") == "Ban & Velg"
    assert plain("A&B; C&D") == "A&B; C&D"


def test_known_items_go_off_sale(shop: Shop, tmp_path: Path) -> None:
    """What a file calls off sale and the shop sells is told, and put off sale if wanted, with its day;
    a report of the evening before tells it as it was, and it comes back with the next list."""
    on = "SELECT code FROM items WHERE active = 1 ORDER BY code"
    code, other = (row["code"] for row in shop.rows(on)[:2])
    day = shop.clock.now().astimezone().date()
    shop.clock.wait(86400 * 2)
    content = text(
        [*HEAD, "Status"], [code, "", "", "", "Discontinued"], [code, "", "", "", "Nonaktif"],
        [other, "", "", "", "Nonaktif"], [other, "Lain", 9000, "", "Aktif"],
        ["BARU-9", "", "", "", "Nonaktif"],
    )  # fmt: skip
    made = examined(shop, import_items.KIND, content, tmp_path, "a.csv")
    assert verdict(made) == "takes 1 off_sale:4"
    (asked,) = made.questions
    assert (asked.params["count"], asked.params["known"], asked.open) == (4, 1, False)
    file = tmp_path / "a.csv"
    choices = Choices(answers={"off_sale": "off"})
    staged_ = staging.stage(shop.ctx, import_items.KIND, file, choices=choices)
    assert staged_.preview.changed[code] == {"active": (1, 0)}
    staging.merge(shop.ctx, staged_)
    assert code not in [row["code"] for row in shop.rows(on)]
    assert shop.one("SELECT count(*) FROM items WHERE code = 'BARU-9'") == 0
    turns = (
        "SELECT sale_turns.active FROM sale_turns JOIN items ON items.id = item_id WHERE code = ?"
    )
    assert [row["active"] for row in shop.rows(turns, code)] == [0]

    def sold(part: str, period: Period) -> bool:
        return code in [row["code"] for row in REPORTS["stock"].rows(shop.ctx, period, part)]

    before, now = Period(as_of=day), Period()
    assert [sold(part, each) for each in (before, now) for part in ("active", "gone")] == [
        True, False, False, True,
    ]  # fmt: skip
    file.write_bytes(text(["Kode", "Nama", "Stok"], [code, "Lagi", 1]))
    staging.merge(shop.ctx, staging.stage(shop.ctx, import_items.KIND, file))
    assert [row["active"] for row in shop.rows(turns, code)] == [0, 1]
    assert sold("active", now)
    # Nothing goes off sale, or comes back, but through what keeps it.
    assert shop.one("SELECT count(*) FROM items WHERE active = 0") == 0


def test_who_has_written_nothing_yet(shop: Shop, tmp_path: Path) -> None:
    """A program that only looks at a file, and wrote nothing before, sees what it would do, also of
    rows that are left out: what is new in a price list, not sold any more, or in the shop already."""
    code = shop.one("SELECT code FROM items LIMIT 1")
    days = [["15/08/2025", "", "", "", "", "", 9000], ["16/08/2025", "", "", "", "", "", 9000]]
    file = tmp_path / "buku.csv"
    file.write_bytes(text(SOLD, days[0]))
    staging.merge(shop.ctx, staging.stage(shop.ctx, import_sales.KIND, file))
    for kind, content, wanted in (
        (import_items.KIND, text(["Kode", "Harga"], [code, 7000], ["BARU-9", 7000]), "unknown:1"),
        (import_items.KIND, text([*HEAD, "Status"], [code, "", "", "", "Nonaktif"]), "off_sale:1"),
        (import_sales.KIND, text(SOLD, *days), "again:1"),
    ):
        file.write_bytes(content)
        ctx = Context(Store(shop.ctx.store.path), shop.clock, console())
        made = staging.examine(ctx, kind, file)
        made.close()
        ctx.store.close()
        assert verdict(made).endswith(wanted)
