"""Closing the drawer at the counter: nothing is closed by mistake, and blind counts find nothing
out."""

import pytest

from crm_tui.screens.sales.receipts import Paper
from crm_tui.screens.widgets.dialog import Decide, Show
from crm_tui.screens.widgets.form import Form
from crm_tui.shop.sales import printing, z_report
from crm_tui.shop.sales.settings import BLIND, PRINT_ALWAYS
from tests.counter import counter, staff
from tests.daily import daily
from tests.shop import Shop
from tests.test_books import sale

CLOSED = "SELECT count(*) FROM drawers WHERE closed_at IS NOT NULL"


@pytest.mark.soak
@pytest.mark.asyncio
@pytest.mark.parametrize("blind", daily([1, 0]))
async def test_a_count_far_from_the_books_is_asked_about(
    shop: Shop, blind: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty field is asked for at the field, a large difference before the drawer is closed; who
    counts blind is asked once, and reads no sum. What was closed is printed where receipts are."""
    printed: list[str] = []
    monkeypatch.setattr(printing, "send", lambda text, printer: printed.append(text))
    shop.set(BLIND, blind)
    shop.set(PRINT_ALWAYS, 1)
    sale(shop.ctx, 30)
    sale(shop.ctx, 1, None, "qris")
    async with counter(shop, staff(shop, "Staf Konter")) as here:
        await here.press("l", "t")
        assert "Laci 1" in here.text
        await here.type("500rb")
        await here.press("f4")
        await here.until(lambda: "✗ Belum diisi" in here.text, here.text)
        assert here.app.screen.focused is not None
        assert here.app.screen.focused.id == "field-qris"
        await here.type("85000")
        await here.press("f4")
        await here.until(lambda: isinstance(here.app.screen, Decide), here.text)
        assert ("−Rp2.050.000" in here.text or "-Rp2.050.000" in here.text) == (not blind)
        await here.press("enter", "escape")
        await here.until(lambda: isinstance(here.app.screen, Form), here.text)
        assert shop.one(CLOSED) == 0
        await here.press("f4")
        await here.until(lambda: isinstance(here.app.screen, Show), here.text)
        assert "Laporan laci (Z), untuk dicetak" in here.text
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, Paper), here.text)
        await here.until(lambda: printed, here.text)
    assert shop.one(CLOSED) == 1
    assert printed == [z_report.text(shop.ctx, 1)]
