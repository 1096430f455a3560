"""What stays of an old book that is taken back: what staff and other books know of its customers."""

from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from crm_tui.shop.customers import cards, merging, people
from crm_tui.shop.gate import undo
from crm_tui.shop.gate.context import Context
from crm_tui.shop.imports import sales as import_sales
from crm_tui.shop.imports import staging, taking_back
from crm_tui.shop.imports.errors import ImportRepeated
from crm_tui.shop.imports.questions import Choices
from tests.day import PHONES, found_people, money_adds_up
from tests.shop import Shop
from tests.test_files import book
from tests.test_rewards import sell

NEW = "+628127777001"


def take_in(shop: Shop, name: str, day: str) -> int:
    """A book of one sale to somebody new; its number."""
    file = shop.folder / name
    file.write_text(f"tanggal;hp;nama;kode;jumlah;total\n{day};{NEW};Baru;PQ-R;1;85000\n")
    staging.merge(shop.ctx, staging.stage(shop.ctx, import_sales.KIND, file))
    return int(taking_back.candidates(shop.ctx)[0]["id"])


def there(shop: Shop) -> list[str]:
    return [row["name"] for row in shop.rows("SELECT name FROM customers WHERE name LIKE '%Baru'")]


@pytest.mark.parametrize("first", [0, 1])
def test_who_stands_in_two_books(shop: Shop, first: int) -> None:
    """A customer of two books goes with the one that is taken back last, whichever that is."""
    books = [take_in(shop, "a.csv", "13/02/2025"), take_in(shop, "b.csv", "14/02/2025")]
    taking_back.take_back(shop.ctx, books[first])
    assert there(shop) == ["Baru"]
    taking_back.take_back(shop.ctx, books[1 - first])
    assert there(shop) == []
    assert shop.rows("SELECT * FROM phones WHERE number = ?", NEW) == []


HANDLED: dict[str, Callable[[Context, int], Any]] = {
    "named": lambda ctx, who: cards.edit(ctx, who, cards.Card("Pak Baru")),
    "noted": lambda ctx, who: cards.edit(ctx, who, cards.Card("Baru", notes="Vario hitam")),
    "put away": cards.remove,
    "merged": lambda ctx, who: merging.merge(ctx, 1, who),
}


@pytest.mark.parametrize("how", HANDLED)
def test_what_the_staff_wrote_down_stays(shop: Shop, how: str) -> None:
    """A customer of whom the staff wrote down something does not go with the book that named them,
    and what was done with them can still be undone."""
    found_people(shop.ctx)
    book = take_in(shop, "a.csv", "13/02/2025")
    who = people.by_phone(shop.ctx, NEW)
    assert who is not None
    HANDLED[how](shop.ctx, who.id)
    taking_back.take_back(shop.ctx, book)
    assert len(there(shop)) == 1
    assert shop.one("SELECT count(*) FROM sales") == 0
    money_adds_up(shop.ctx)
    if how in ("put away", "merged"):
        undo.undo(shop.ctx, shop.one("SELECT max(id) FROM undo_steps"))
        rows = shop.rows("SELECT active, merged_into FROM customers WHERE id = ?", who.id)
        assert (rows[0]["active"], rows[0]["merged_into"]) == (1, None)
        money_adds_up(shop.ctx)


@pytest.mark.parametrize("sold", [False, True])
def test_who_has_bought_nothing_is_a_prospect(shop: Shop, sold: bool) -> None:
    """A prospect is one again when the book that told of a sale goes, unless there was another."""
    found_people(shop.ctx)
    merging.merge(shop.ctx, 1, 2)
    file = shop.folder / "a.csv"
    file.write_text(
        f"tanggal;hp;total\n13/02/2025;{PHONES[1]};85000\n14/02/2025;{PHONES[0]};5000\n"
    )
    staging.merge(shop.ctx, staging.stage(shop.ctx, import_sales.KIND, file))
    assert shop.one("SELECT kind FROM customers WHERE id = 1") == "customer"
    if sold:
        sell(shop, "PQ-S", 1)
    taking_back.take_back(shop.ctx, taking_back.candidates(shop.ctx)[0]["id"])
    assert shop.one("SELECT kind FROM customers WHERE id = 1") == (
        "customer" if sold else "prospect"
    )


def test_who_wrote_stays(shop: Shop) -> None:
    """A customer who has written since stays, too."""
    book = take_in(shop, "a.csv", "13/02/2025")
    shop.ask(NEW, "HARGA PQ-R")
    taking_back.take_back(shop.ctx, book)
    assert there(shop) == ["Baru"]


def test_a_sheet_a_month(shop: Shop) -> None:
    """Each sheet of a workbook is a book of its own: all of them come in, none of them twice, and each
    is taken back by itself and told by its name."""

    def february(made: openpyxl.Workbook) -> None:
        sheet = made.create_sheet("Februari")
        sheet.append(["Tanggal", "Kode", "Total"])
        sheet.append(["02/02/2025", "PQ-R", 2000])

    file = shop.folder / "buku.xlsx"
    file.write_bytes(
        bytes(book(["Tanggal", "Kode", "Total"], ["13/01/2025", "PQ-R", 1000], fill=february))
    )
    for sheet in ("Sheet", "Februari"):
        for again in (False, True):
            made = staging.stage(shop.ctx, import_sales.KIND, file, choices=Choices(sheet=sheet))
            if again:
                with pytest.raises(ImportRepeated):
                    staging.merge(shop.ctx, made)
            else:
                staging.merge(shop.ctx, made)
    assert shop.one("SELECT sum(total) FROM sales") == 3000
    latest = taking_back.candidates(shop.ctx)[0]
    assert latest["file"] == "buku.xlsx (Februari)"
    taking_back.take_back(shop.ctx, latest["id"])
    assert shop.one("SELECT sum(total) FROM sales") == 1000
