"""Backups on the screens: made, rehearsed, restored, and what the status line says of them."""

from pathlib import Path

import pytest

from crm_tui import leaving
from crm_tui.screens.widgets.dialog import Ask, Show
from crm_tui.screens.widgets.form import Form
from crm_tui.shop.backups import making, places, state
from crm_tui.shop.backups.settings import FOLDER
from tests.counter import LARGE, StillClock, counter, staff
from tests.shop import Shop
from tests.test_backups import sell

pytestmark = pytest.mark.asyncio


async def test_a_backup_is_restored_from_the_screen(shop: Shop) -> None:
    """Chosen, looked at, confirmed: the program ends, and when all is closed the backup is there."""
    user = staff(shop)
    making.run(shop.ctx, "daily")
    sell(shop)
    shop.ctx.store.close()
    async with counter(shop, user, size=LARGE, language="en") as here:
        await here.press("t", "c")
        await here.press("p")
        await here.until(lambda: isinstance(here.app.screen, Ask))
        assert "sales: 1 (Rp85.000)" in here.text
        await here.press("enter")
        await here.until(lambda: here.app.restoring is not None)
        wanted = here.app.restoring
    assert wanted is not None
    clock = StillClock(shop.clock.now())
    assert leaving.restore(shop.folder, clock, wanted, "en") == leaving.RESTORED
    assert shop.one("SELECT count(*) FROM sales") == 0
    assert shop.one("SELECT count(*) FROM audit WHERE actor LIKE 'Sari%' OR actor = 'sari'")


async def test_a_backup_is_made_and_rehearsed(shop: Shop, tmp_path: Path) -> None:
    """n makes one, g rehearses it, f chooses a folder, which has it at once."""
    user = staff(shop)
    (tmp_path / "usb").mkdir()
    async with counter(shop, user, size=LARGE, language="en") as here:
        await here.press("t", "c")
        assert "There is no backup yet." in here.text
        await here.press("n")
        await here.until(lambda: "checked" in here.text)
        await here.press("g")
        await here.until(lambda: isinstance(here.app.screen, Show))
        assert "can be restored" in here.text
        await here.press("escape", "f")
        await here.until(lambda: isinstance(here.app.screen, Form))
        await here.paste(str(tmp_path / "usb"))
        await here.press("enter")
        await here.until(lambda: "2nd folder" in here.text)
        await here.press("k")
        await here.paste("kurang")
        await here.press("enter")
        await here.paste("kurang")
        await here.press("enter")
        await here.until(lambda: "at least 10" in here.text)
    assert [each.place for each in places.listed(shop.ctx)] == ["own", "other"]


async def test_what_the_status_line_says(shop: Shop, tmp_path: Path) -> None:
    """No backup, its age, and a folder that is missing, on a narrow screen, too."""
    user = staff(shop)
    async with counter(shop, user, language="en") as here:
        assert "no backup yet" in here.text
        making.run(shop.ctx, "daily")
        await here.until(lambda: "backup now" in here.text)
        (tmp_path / "usb").mkdir()
        shop.set(FOLDER, tmp_path / "usb")
        making.copy_out(shop.ctx)
        (tmp_path / "usb").rename(tmp_path / "pulled")
        making.copy_out(shop.ctx)
        assert state.standing(shop.ctx).missing
        await here.until(lambda: "backup folder missing" in here.text)
