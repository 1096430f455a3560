"""Boxes that say what came of something: whatever they hold, their keys stand on the screen."""

from typing import Any

import pytest
from textual.content import Content
from textual.screen import Screen

from crm_tui.screens.items.basket import Basket
from crm_tui.screens.sales.handing_over import Told
from crm_tui.screens.sales.paying import Pay
from crm_tui.screens.sales.receipts import Paper, Receipt, Slip
from crm_tui.screens.shell.page import Page
from crm_tui.screens.widgets.dialog import Show
from crm_tui.screens.widgets.form import Form
from crm_tui.screens.widgets.line import Field
from tests.counter import LARGE, SMALL, counter, staff
from tests.layout import faults
from tests.shop import Shop

LONG = "\n".join(f"{count:>4} pcs   KR-VAR-{count}  Kampas Rem Depan" for count in range(40))


async def _nothing(*_: object) -> object:
    return None


@pytest.mark.soak
@pytest.mark.asyncio
@pytest.mark.parametrize("size", [SMALL, pytest.param(LARGE, marks=pytest.mark.soak)])
async def test_the_keys_of_a_panel_are_in_sight(shop: Shop, size: tuple[int, int]) -> None:
    """Long receipts, orders, forms and baskets leave room for the line that says which keys go on."""
    async with counter(shop, staff(shop), size=size) as here:
        page = here.app.screen
        assert isinstance(page, Page)
        done = Told(
            [("KEMBALIKAN Rp18.000", "bold")], 18_000, [("tunai", ""), "\n", ("Nota 1", "")]
        )
        fields = [Field(str(count), f"Barang {count}", "maksimal 1", "0") for count in range(20)]
        boxes: list[Screen[Any]] = [
            Receipt(1, LONG, "Kembali", done), Receipt(1, LONG, "Kembali"),
            Receipt(1, "TOTAL", "Kembali", Told([("LUNAS", "bold")], 0, [("tunai", "")])),
            Paper("Laci", "laci.txt", LONG), Slip(1, "Utang", "pelunasan", "TOTAL", done),
            Show("Bantuan", Content(LONG), [("Esc", "Kembali")]),
            Pay(page, 85_000, _nothing, title="Serahkan", intro=LONG),
            Form("f", "Retur", fields, _nothing, intro="Isi 0 kalau tidak jadi diambil."),
        ]  # fmt: skip
        for box in boxes:
            here.app.push_screen(box)
            await here.settle()
            assert not faults(box), (type(box).__name__, faults(box), here.text)
            assert here.text.count("TOTAL") == 1 or "TOTAL" not in here.text
            await here.press("escape")
        basket = Basket("b", LONG[:60], _nothing)
        here.app.push_screen(basket)
        await here.settle()
        for code in ("PQ-R", "PQ-S", "AB-1", "CD-2-X", "EF-3", "GH-4", "2 PQ-R"):
            await here.type(code)
            await here.press("enter")
        await here.type("pq")
        assert not faults(basket), (faults(basket), here.text)
        assert "Total Rp" in here.text
