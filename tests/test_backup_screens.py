"""Backups on the screens: made, rehearsed, restored, and what the status line says of them."""

import shutil
from pathlib import Path

import pytest

from crm_tui import leaving
from crm_tui.app import CrmApp
from crm_tui.screens.door.first_start import FirstStart
from crm_tui.screens.widgets.dialog import Ask, Show
from crm_tui.screens.widgets.form import Form
from crm_tui.shop.backups import making, places, state
from crm_tui.shop.backups.settings import FOLDER
from crm_tui.store import Store
from tests.counter import LARGE, Counter, StillClock, counter, staff
from tests.shop import ANI, Shop
from tests.test_backups import sell

pytestmark = pytest.mark.asyncio


@pytest.mark.soak
async def test_a_backup_is_restored_from_the_screen(shop: Shop) -> None:
    """Chosen, looked at, confirmed: the program ends, and when all is closed the backup is there."""
    user = staff(shop)
    making.run(shop.ctx, "daily")
    sell(shop)
    shop.leave()
    async with counter(shop, user, size=LARGE, language="en") as here:
        await here.press("t", "f")
        await here.press("p")
        await here.until(lambda: isinstance(here.app.screen, Ask))
        assert "sales: 1 (Rp85.000)" in here.text
        await here.press("y")
        await here.until(lambda: here.app.restoring is not None)
        wanted = here.app.restoring
    assert wanted is not None
    clock = StillClock(shop.clock.now())
    assert leaving.restore(shop.folder, clock, wanted, "en") == leaving.RESTORED
    assert shop.one("SELECT count(*) FROM sales") == 0
    assert shop.one("SELECT count(*) FROM audit WHERE actor LIKE 'Sari%' OR actor = 'sari'")


@pytest.mark.soak
async def test_a_backup_is_made_and_rehearsed(shop: Shop, tmp_path: Path) -> None:
    """n makes one, g rehearses it, f chooses a folder, which has it at once."""
    user = staff(shop)
    (tmp_path / "usb").mkdir()
    async with counter(shop, user, size=LARGE, language="en") as here:
        await here.press("t", "f")
        assert "There is no backup yet." in here.text
        await here.press("n")
        await here.until(lambda: "checked" in here.text)
        await here.press("l")
        await here.until(lambda: isinstance(here.app.screen, Show))
        assert "can be restored" in here.text
        await here.press("escape", "f")
        await here.until(lambda: isinstance(here.app.screen, Form))
        await here.paste(str(tmp_path / "usb"))
        await here.press("enter")
        await here.until(lambda: "2nd folder" in here.text)
        await here.press("w")
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
        making.bring_out(shop.ctx)
        (tmp_path / "usb").rename(tmp_path / "pulled")
        making.bring_out(shop.ctx)
        assert state.standing(shop.ctx).missing
        await here.until(lambda: "backup folder missing" in here.text)


@pytest.mark.soak
async def test_a_new_computer_begins_with_the_stick(shop: Shop, tmp_path: Path) -> None:
    """Where there is no shop yet, the newest backup of a stick is found, shown, and restored."""
    shop.ask(ANI, "INFO")
    stick = tmp_path / "stick" / "crm-tui-1"
    stick.mkdir(parents=True)
    for _ in range(2):
        made = making.make(shop.ctx)
        for end in ("", ".json"):
            shutil.copy(made.path.with_name(made.name + end), stick)
        shop.clock.wait(60)
    folder = tmp_path / "baru"
    app = CrmApp(folder, StillClock(shop.clock.now()))
    async with app.run_test(size=(80, 24)) as pilot:
        here = Counter(app, pilot, shop)
        await here.until(lambda: isinstance(app.screen, FirstStart))
        await here.press("p", "enter")
        assert isinstance(app.screen, Form)
        await here.paste(str(tmp_path / "tidak-ada"))
        await here.press("enter")
        await here.until(lambda: "Tidak ada cadangan" in here.text)
        await here.press("ctrl+u")
        await here.paste(str(stick.parent))
        await here.press("enter")
        await here.until(lambda: isinstance(app.screen, Ask))
        assert made.name[:20] in here.text
        assert "Toko Uji" in here.text
        await here.press("enter")
    assert app.restoring is not None
    assert app.restoring.backup == stick / made.name
    assert leaving.restore(folder, shop.clock, app.restoring, "id") == leaving.RESTORED
    store = Store(folder / "crm.db")
    assert store.db.execute("SELECT count(*) FROM messages").fetchone()[0] == 2
    store.close()
