"""What stands beside the headings of a file, and not in them, tells in what its numbers count."""

from pathlib import Path
from typing import SupportsBytes

import openpyxl
import pytest

from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.imports import items as import_items
from crm_tui.shop.imports import sales as import_sales
from crm_tui.shop.imports.errors import RowsRefused
from crm_tui.shop.imports.questions import Choices
from tests.shop import Shop
from tests.test_files import book, examined, text, verdict
from tests.test_other_files import looks, staged

HEAD = ["Kode", "Nama", "Harga", "Stok"]
AKI = ["A", "Aki", 85000, 3]


def two_sheets(made: openpyxl.Workbook) -> None:
    oils = made.create_sheet("Oli")
    for row in (["Kode", "Nama", "Harga"], ["B", "Oli", 45000]):
        oils.append(row)


LISTS: dict[str, tuple[SupportsBytes, dict[str, str], str, dict[str, object]]] = {
    "units below.xlsx": (
        book(HEAD, [None, None, "(Rp)", "(lusin)"], AKI), {"sure:stock": "no"}, "asks sure:stock",
        {"price": 85_000, "stock": None},
    ),
    "thousands below.csv": (
        text(HEAD, ["", "", "ribuan", "pcs"], ["A", "Aki", "1250", 3]), {"scale:price": "thousands"},
        "asks scale:price", {"price": 1_250_000, "stock": 3},
    ),
    "pieces below.csv": (
        text(HEAD, ["", "", "(Rp)", "(pcs)"], AKI), {}, "takes 1", {"price": 85_000, "stock": 3},
    ),
    "a title below.csv": (
        text([*HEAD, "Kategori"], ["Box", "", "", ""], [*AKI, "Aki"]), {}, "takes 1 title:1",
        {"price": 85_000},
    ),
    "a title of dozens.xlsx": (
        book(["DAFTAR HARGA PER LUSIN"], HEAD, AKI),
        {"sure:price": "yes", "sure:stock": "no", "new": "add"}, "asks sure:price,sure:stock",
        {"price": 85_000, "stock": None},
    ),
    "a title in thousands.xlsx": (
        book(["DAFTAR HARGA (dalam ribuan rupiah)"], HEAD, ["A", "Aki", 1250, 3]),
        {"scale:price": "thousands"}, "asks scale:price", {"price": 1_250_000},
    ),
    "what it is worth.csv": (
        text(["Kode", "Nama", "Qty", "Harga", "Persediaan (Rp)"], ["A", "Aki", 3, 85000, 255000]), {},
        "takes 1", {"stock": 3, "price": 85_000},
    ),
    "what is left, and its worth.csv": (
        text(["Kode", "Nama", "Harga", "Saldo Akhir Qty", "Saldo Akhir Rp"],
             ["A", "Aki", 85000, 3, 255000]), {}, "takes 1", {"stock": 3},
    ),
    "counted.csv": (
        text([*HEAD, "Fisik", "Selisih"], [*AKI, 5, 2]), {"column:stock": "Fisik"},
        "asks column:stock", {"stock": 5},
    ),
    "counted beside the books.csv": (
        text(["Kode", "Nama", "Harga", "Stok Komputer", "Hasil Opname"], [*AKI, 5]), {}, "takes 1",
        {"stock": 5},
    ),
    "two places and both.csv": (
        text(["Kode", "Nama", "Harga", "Stok Toko", "Stok Gudang", "Total Stok"],
             ["A", "Aki", 85000, 1, 2, 3]),
        {"column:stock": "Total Stok"}, "asks column:stock", {"stock": 3},
    ),
    "dozens by their format.xlsx": (
        book(HEAD, AKI, fill=looks(("D2", '#,##0" lusin"'))), {"packs:stock": "take"},
        "asks packs:stock", {"stock": 36},
    ),
    "thousands by their format.xlsx": (
        book(HEAD, ["A", "Aki", 1250, 3], fill=looks(("C2", '#,##0" rb"'))), {}, "takes 1",
        {"price": 1_250_000},
    ),
    "shown shorter.xlsx": (
        book(HEAD, AKI, fill=looks(("C2", '#,##0," rb"'))), {}, "takes 1", {"price": 85_000},
    ),
    "a price of a dozen by its format.xlsx": (
        book(HEAD, AKI, fill=looks(("C2", '"Rp" #,##0"/lsn"'))), {}, "refused 2:RowNumberBad", {},
    ),
    "dollars.xlsx": (
        book(HEAD, AKI, fill=looks(("C2", "[$$-409]#,##0.00"))), {}, "refused 2:RowNumberBad", {},
    ),
    "rupiah.xlsx": (
        book(HEAD, AKI, fill=looks(("C2", "[$Rp-421]#,##0.00"))), {}, "takes 1", {"price": 85_000},
    ),
    "a long code.xlsx": (
        book(HEAD, [8991102123456780000, "Aki", 85000, 3]), {}, "refused 2:CellShortened", {},
    ),
    "barcodes like amounts.csv": (
        text([*HEAD, "Barcode"], [*AKI, "8.991.102.123.456"]), {}, "takes 1",
        {"barcode": "8991102123456"},
    ),
    "a sheet with a column less.xlsx": (
        book(HEAD, AKI, fill=two_sheets), {"sheet": "Oli"}, "asks sheet", {},
    ),
    "units above.xlsx": (
        book([None, None, "ribu Rp", "lusin"], HEAD, ["A", "Aki", 1250, 3]),
        {"sure:stock": "no", "scale:price": "thousands", "new": "add"}, "asks sure:stock",
        {"price": 1_250_000, "stock": None},
    ),
    "units below two rows.xlsx": (
        book(["Kode", "Nama", "Harga", None, "Stok"], [None, None, "Beli", "Jual", None],
             [None, None, "(Rp)", "(Rp)", "(dus)"], ["A", "Aki", 60000, 85000, 3]),
        {"sure:stock": "yes"}, "asks sure:stock", {"price": 85_000, "cost": 60_000},
    ),
    "a note below.xlsx": (
        book(HEAD, AKI, [], ["Catatan: harga per lusin"]), {"noted": "yes"}, "asks noted",
        {"price": 85_000},
    ),
    "a note of thousands below.csv": (
        text(HEAD, ["A", "Aki", "1250", 3], ["* harga dalam ribuan"]), {"noted": "yes"},
        "asks noted", {"price": 1250},
    ),
    "in two places.csv": (
        text([*HEAD, "Gudang"], [*AKI, "A"], [*AKI, "B"]), {}, "refused 3:RowCodeTwice", {},
    ),
    "columns by number.xlsx": (
        book(HEAD, [1, 2, 3, 4], AKI), {}, "takes 1", {"code": "A", "price": 85_000},
    ),
    "columns by number in brackets.csv": (
        text(HEAD, ["(1)", "(2)", "(3)", "(4)"], AKI), {}, "takes 1", {"code": "A"},
    ),
    "inches.csv": (
        b'Kode;Nama;Harga;Stok\r\nA;"17 velg;100000;2\r\nB;velg 14";300000;4\r\n', {}, "", {},
    ),
    "a name in lines.csv": (
        b'Kode;Nama;Harga;Stok\r\nA;"Aki\r\nkering; baru";85000;3\r\n', {}, "takes 1",
        {"name": "Aki kering; baru"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_lists_that_say_it_elsewhere(shop: Shop, tmp_path: Path, name: str) -> None:
    """A number counts in what is said below the headings, above them, or by the form of its cell; what
    may be something else is asked about or refused, never taken for single pieces or rupiah."""
    content, answers, wanted, first = LISTS[name]
    file = name.replace(" ", "-")
    if not wanted:
        with pytest.raises(RowsRefused):
            examined(shop, import_items.KIND, content, tmp_path, file)
        return
    made = examined(shop, import_items.KIND, content, tmp_path, file)
    assert verdict(made) == wanted
    if answers:
        choices = Choices(answers=answers)
        made = examined(shop, import_items.KIND, content, tmp_path, file, choices)
    if first:
        row = staged(made)[0]
        assert {key: row[key] for key in first} == first


RECEIPT: list[list[object]] = [
    ["No Nota", "Tanggal", "Kode", "Qty", "Grand Total"],
    ["N1", "13/02/2025", "PQ-R", 1, "147.000"], ["N1", "13/02/2025", "PQ-S", 1, "147.000"],
]  # fmt: skip
OFF: list[list[object]] = [
    ["Tanggal", "Kode", "Qty", "Harga", "Potongan"],
    ["13/02/2025", "PQ-R", 2, "85.000", "5.000"],
]
GIVEN: list[list[object]] = [
    ["Tanggal", "Total Bayar", "Kembali"],
    ["13/02/2025", "200.000", "30.000"],
]
BOOKS: dict[str, tuple[list[list[object]], dict[str, str], str, list[int]]] = {
    "one total for a receipt": (RECEIPT, {"receipt": "whole"}, "asks receipt", [147_000]),
    "one total for each line": (RECEIPT, {"receipt": "line"}, "asks receipt", [147_000, 147_000]),
    "totals that differ": (
        [*RECEIPT, ["N2", "13/02/2025", "PQ-R", 1, "1.000"], ["N2", "13/02/2025", "PQ-S", 1, "2.000"]],
        {}, "takes 4", [147_000, 147_000, 1_000],
    ),
    "off each piece": (OFF, {"apiece": "piece"}, "asks apiece", [160_000]),
    "off the line": (OFF, {"apiece": "line"}, "asks apiece", [165_000]),
    "what was handed over": (GIVEN, {"sure:total": "yes"}, "asks sure:total", [200_000]),
    "dozens": (
        [["Tanggal", "Kode", "Qty", "Satuan", "Total"], ["13/02/2025", "PQ-R", 2, "Lusin", 240_000]],
        {"packs:quantity": "take"}, "asks packs:quantity", [240_000],
    ),
    "some came back": (
        [["Tanggal", "Kode", "Qty", "Returned quantity", "Total"],
         ["13/02/2025", "PQ-R", 2, 1, 100_000]],
        {"back:Returned quantity": "off"}, "asks back:Returned quantity", [50_000],
    ),
    "rupiah, not pieces": (
        [["Tanggal", "Harga", "Jumlah (Rp)"], ["13/02/2025", "85.000", "170.000"]], {"whole": "total"},
        "asks whole", [170_000],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BOOKS)
def test_books_that_could_be_something_else(shop: Shop, tmp_path: Path, name: str) -> None:
    """What stands beside each line of a receipt, off each piece, or was only handed over, is asked
    about before it counts as what was paid."""
    rows, answers, wanted, totals = BOOKS[name]
    content = text(*rows)
    made = examined(shop, import_sales.KIND, content, tmp_path, "a.csv")
    assert verdict(made) == wanted
    if answers:
        choices = Choices(answers=answers)
        made = examined(shop, import_sales.KIND, content, tmp_path, "a.csv", choices)
    if name == "dozens":
        assert staged(made)[0]["quantity"] == 24
    assert [rupiah(int(str(row["total"]))) for row in staged(made)] == [
        rupiah(each) for each in totals
    ]
