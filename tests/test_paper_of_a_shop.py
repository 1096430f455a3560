"""The workbooks of three lived months on paper: whole names, sizes and places of what is printed."""

import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crm_tui.clock import SystemClock
from crm_tui.shop.gate.context import Context, console
from crm_tui.shop.gate.folder import store_path
from crm_tui.shop.reports import publish
from crm_tui.shop.reports.base import Wanted
from crm_tui.shop.reports.period import Period
from crm_tui.shop.reports.publish import Order
from crm_tui.shop.reports.registry import REPORTS
from crm_tui.store import Store
from tests.peers import need
from tests.test_reports import over_each_other, pages, printed, tr

_MARGIN = 20
"""Points that are free on each side of a page."""
_LEAST = 8


@pytest.mark.soak
def test_three_months_on_paper(made: Path, tmp_path: Path) -> None:
    """No letter below 8 pt, none beside the page or on another, no figure as signs, no name of a chart
    that is cut, no change that is told as less than nothing."""
    need("soffice", "libreoffice-calc-nogui")
    need("pdftotext", "poppler-utils")
    folder = tmp_path / "latihan"
    shutil.copytree(made, folder)
    store = Store(store_path(folder))
    ctx = Context(store, SystemClock(), console())
    files = []
    for name, report in REPORTS.items():
        wanted = Wanted(Period.named("last_month", ctx.now.date()) if report.by_days else Period())
        report.bring_up_to_date(ctx, wanted.period)
        files.append(
            publish.write(ctx, Order(report, wanted, "xlsx", tmp_path / f"{name}.xlsx"), tr)
        )
    store.close()
    printed(files, tmp_path)
    for path in files:
        book: Any = openpyxl.load_workbook(path)
        for sheet in book:
            scale = sheet.page_setup.scale or 100
            sizes = {cell.font.sz for row in sheet for cell in row if cell.value is not None}
            assert min(sizes, default=_LEAST) * scale / 100 >= _LEAST, (path.stem, sheet.title)
        for row in book.worksheets[0].iter_rows(max_col=1):
            told = str(row[0].value or "")
            assert not told.endswith("…"), (path.stem, told)
        for row in book.worksheets[0].iter_rows(min_col=4, max_col=4):
            share = row[0].value
            assert not isinstance(share, float) or abs(share) >= 0.01, (path.stem, share)
        for width, words in pages(tmp_path / f"{path.stem}.pdf"):
            assert "##" not in " ".join(word.text for word in words), path.stem
            assert over_each_other(words) == [], path.stem
            for word in words:
                assert _MARGIN < word.left < word.right < width - _MARGIN, (path.stem, word)
