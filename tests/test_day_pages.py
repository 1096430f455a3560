"""Old sales books of a page a day: the day stands above the lines, and in no column."""

from datetime import datetime
from pathlib import Path

import pytest

from crm_tui.shop.imports import sales as import_sales
from crm_tui.shop.imports import staging
from crm_tui.shop.imports.errors import RowDateBad, SalesWithoutDays
from crm_tui.shop.imports.questions import Choices
from tests.shop import Shop
from tests.test_files import book, examined, text, verdict

HEAD: list[object] = ["No", "Nama Barang", "Qty", "Harga", "Jumlah"]
ONE: list[object] = ["1", "Pakai Quantum", "2", "85.000", "170.000"]
TWO: list[object] = ["2", "Coba Dua", "1", "25.000", "25.000"]
YES = Choices(answers={"titled": "below"})


def days(made: staging.Staging) -> list[tuple[int, str]]:
    """The line and day of each sale."""
    return [(line, str(values[0])[:10]) for line, values in made.samples]


PAGES: dict[str, tuple[list[list[object]], list[tuple[int, str]]]] = {
    "pages with headings": (
        [["TOKO ABC"], ["Senin, 3 Februari 2025"], HEAD, ONE, ["", "", "", "", "170.000"],
         ["Selasa, 4 Februari 2025"], HEAD, TWO, ["Total", "", "", "", "25.000"]],
        [(4, "2025-02-03"), (8, "2025-02-04")],
    ),
    "below headings": (
        [HEAD, ["Tgl", "3/2/2025"], ONE, ["Hari/Tgl : Rabu, 5/2/2025"], TWO],
        [(3, "2025-02-03"), (5, "2025-02-05")],
    ),
    "a sum of five digits": (
        [["3-2-2025"], HEAD, ONE, ["46000"], TWO], [(3, "2025-02-03"), (5, "2025-02-03")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_the_day_stands_above(shop: Shop, tmp_path: Path, name: str) -> None:
    """Whether a day above lines is theirs is asked; then each line is of the one above it, not of that
    of the page before."""
    rows, wanted = PAGES[name]
    made = examined(shop, import_sales.KIND, text(*rows), tmp_path, "a.csv")
    assert verdict(made) == "asks titled"
    made = examined(shop, import_sales.KIND, text(*rows), tmp_path, "a.csv", YES)
    assert verdict(made).startswith(f"takes {len(wanted)} ")
    assert days(made) == wanted


def test_cells_that_are_days(shop: Shop, tmp_path: Path) -> None:
    """The day above may be a cell that the spreadsheet knows as one."""
    rows: list[list[object]] = [
        ["Tanggal:", datetime(2025, 2, 3)],
        HEAD,
        ONE,
        [datetime(2025, 2, 4)],
        TWO,
    ]
    made = examined(shop, import_sales.KIND, book(*rows), tmp_path, "a.xlsx", YES)
    assert days(made) == [(3, "2025-02-03"), (5, "2025-02-04")]


@pytest.mark.parametrize("title", ["Rabu, 5 Februar 2025", "Kamis 6-2", "Tgl 7", "31/2/2025"])
def test_a_day_that_nobody_can_read(shop: Shop, tmp_path: Path, title: str) -> None:
    """Lines below what may be a day are never taken for those of the day before."""
    rows: list[list[object]] = [["3/2/2025"], HEAD, ONE, [title], TWO]
    made = examined(shop, import_sales.KIND, text(*rows), tmp_path, "a.csv", YES)
    assert [(line, type(why)) for line, why in made.refused] == [(4, RowDateBad)]


@pytest.mark.parametrize(
    "title",
    ["Dicetak: 3 Februari 2025", "Periode 1 Feb 2025 s/d 28 Feb 2025", "Palembang, 3 Maret 2025"],
)
def test_days_that_are_not_theirs(shop: Shop, tmp_path: Path, title: str) -> None:
    """When something was printed, signed, or begins, is no day of a sale: what to do is said."""
    made = examined(shop, import_sales.KIND, text([title], HEAD, ONE), tmp_path, "a.csv")
    assert made.plan is not None
    assert isinstance(made.plan.lack, SalesWithoutDays)


def test_lines_before_the_first_day(shop: Shop, tmp_path: Path) -> None:
    """What stands before the first day has none."""
    made = examined(
        shop, import_sales.KIND, text(HEAD, ONE, ["4/2/2025"], TWO), tmp_path, "a.csv", YES
    )
    assert verdict(made) == "refused 2:RowDateMissing"
