"""The screens, played with the keyboard."""

import asyncio
import gc
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import cast

import pytest
from textual import events
from textual._compositor import Compositor
from textual._styles_cache import StylesCache
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from crm_tui import sqlite
from crm_tui.screens.administration.settings import SettingsScreen
from crm_tui.screens.door.first_start import FirstStart
from crm_tui.screens.door.lock import LockScreen
from crm_tui.screens.door.login import LoginScreen
from crm_tui.screens.menu.main import MenuScreen
from crm_tui.screens.reports.report import ReportScreen
from crm_tui.screens.sales.pickups import PickupsScreen
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.sms.messages import InboxScreen
from crm_tui.screens.sms.orders import CONFIRM, OrdersScreen
from crm_tui.screens.widgets.form import Form
from crm_tui.shop.gate import listing, settings
from crm_tui.shop.gate.context import Context
from crm_tui.shop.orders import deciding
from crm_tui.shop.orders.errors import OrderUnknown
from crm_tui.shop.users import login
from tests.counter import PASSWORD, Counter, counter, staff, unpainted
from tests.shop import ANI, BUDI, CITRA, Shop

pytestmark = pytest.mark.asyncio


async def test_login(shop: Shop) -> None:
    """A wrong password is told and costs nothing but itself; the right one opens the menu."""
    staff(shop)
    async with counter(shop) as here:
        await here.type("sari")
        await here.press("enter")
        await here.type("falsch")
        await here.press("enter")
        await here.until(lambda: "Nama atau kata sandi salah" in here.text)
        await here.type(PASSWORD)
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, MenuScreen))
        assert "Menu Utama" in here.text
        await here.press("q", "y")
        await here.until(lambda: isinstance(here.app.screen, LoginScreen))
        assert here.app.desk.user is None


@pytest.mark.soak
async def test_login_while_the_names_are_looked_up(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is typed before the names that are offered have come stays, as does the cursor."""
    staff(shop)
    looked_up, today = threading.Event(), login.today

    def late(ctx: Context) -> list[str]:
        looked_up.wait(20)
        return today(ctx)

    monkeypatch.setattr(login, "today", late)
    async with counter(shop) as here:
        half = len(PASSWORD) // 2
        for key in ("s", "a", "r", "i", "enter", *PASSWORD[:half].replace("-", "\0")):
            await here.pilot.press("minus" if key == "\0" else key)
        looked_up.set()
        await here.settle()
        await here.type(PASSWORD[half:])
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, MenuScreen))


async def test_login_typed_at_once(shop: Shop) -> None:
    """Keys that come faster than they can be shown: each goes where it would have gone one by one, the
    name to the name, and what stands behind Enter to the next try."""
    staff(shop)
    async with counter(shop) as here:
        await here.settle()
        for char in f"sari\rwrong\r{PASSWORD}\r":
            key = {"\r": "enter", "-": "minus"}.get(char, char)
            here.app.post_message(events.Key(key, char))
        await here.until(lambda: isinstance(here.app.screen, MenuScreen))


async def test_confirm_and_take_back(shop: Shop) -> None:
    """An order that arrives shows up by itself, is confirmed with one key, and taken back with one."""
    async with counter(shop, staff(shop)) as here:
        await here.press("1")
        assert "Tak ada pesanan menunggu" in here.text
        shop.ask(ANI, "PESAN PQ-R 2, AB-1 1")
        await here.until(lambda: "“PESAN PQ-R 2, AB-1 1”" in here.text, "the order did not show up")
        assert "Rp180.000" in here.text
        await here.press("k")
        await here.until(lambda: "Pesanan 1 dikonfirmasi" in here.text)
        assert shop.one("SELECT status FROM orders") == "confirmed"
        assert shop.one("SELECT status FROM messages WHERE kind = 'confirmation'") == "held"
        # It is taken back after leaving the screen, too.
        await here.press("escape", "escape")
        assert isinstance(here.app.screen, MenuScreen)
        assert "z Urungkan" in here.text
        await here.press("z")
        await here.until(lambda: "kembali seperti semula" in here.text)
        assert "z Urungkan" not in here.text
        assert shop.one("SELECT status FROM orders") == "waiting"
        assert shop.one("SELECT status FROM messages WHERE kind = 'confirmation'") == "cancelled"
        # It comes back under the cursor, with others below it.
        shop.ask(BUDI, "PESAN PQ-R 1")
        await here.press("1")
        page = cast(OrdersScreen, here.app.screen)
        await here.until(lambda: page.current is not None and page.rows.total == 2)
        first = page.current
        assert first is not None
        await here.press("k")
        await here.until(lambda: page.current is not None and page.current.id != first.id)
        await here.press("z")
        await here.until(lambda: page.current is not None and page.current.id == first.id)


async def test_a_key_pressed_twice_decides_once(shop: Shop) -> None:
    """Two quick presses of the confirm key confirm the order under the cursor, not the next one."""
    for phone in (ANI, BUDI, CITRA):
        shop.ask(phone, "PESAN PQ-R 1")
    async with counter(shop, staff(shop)) as here:
        await here.press("1")
        await here.until(lambda: "1–3 dari 3" in here.text)
        await here.pilot.press("k", "k")
        await here.until(lambda: "1–2 dari 2" in here.text)
        found = shop.rows("SELECT id FROM orders WHERE status = 'confirmed'")
        assert [row["id"] for row in found] == [1]


async def test_there_and_back_is_seen_anew(shop: Shop) -> None:
    """An order that was left and come back to is decided about only once it is seen anew."""
    for phone in (ANI, BUDI):
        shop.ask(phone, "PESAN PQ-R 1")
    async with counter(shop, staff(shop)) as here:
        await here.press("1")
        screen = here.app.screen
        assert isinstance(screen, OrdersScreen)
        await here.until(lambda: screen.ready_for(CONFIRM))
        let_go = asyncio.Event()
        shown, looked = screen.details, []

        async def slow(row: listing.Line) -> Content:
            looked.append(row.id)
            found = await shown(row)
            await let_go.wait()
            return found

        screen.details = slow  # type: ignore[method-assign]
        await here.pilot.press("down")
        await here.until(lambda: looked == [2])
        await here.pilot.press("up", "k")
        await here.until(lambda: looked == [2, 1])
        assert not screen.ready_for(CONFIRM)
        let_go.set()
        await here.until(lambda: screen.ready_for(CONFIRM))
        assert shop.one("SELECT count(*) FROM orders WHERE status = 'confirmed'") == 0
        await here.press("k")
        await here.until(lambda: shop.one("SELECT status FROM orders WHERE id = 1") == "confirmed")


@pytest.mark.soak
@pytest.mark.parametrize("failure", [OrderUnknown(number=2), ValueError("anything")])
async def test_details_that_fail_are_nobodys(shop: Shop, failure: Exception) -> None:
    """If the details of a row cannot be told, whyever, none of another row stand beside it."""
    shop.ask(ANI, "PESAN PQ-R 1")
    shop.ask(BUDI, "PESAN AB-1 2")
    async with counter(shop, staff(shop)) as here:
        await here.press("1")
        await here.until(lambda: "“PESAN PQ-R 1”" in here.text)
        screen = here.app.screen
        assert isinstance(screen, OrdersScreen)

        async def fail(row: listing.Line) -> Content:
            raise failure

        screen.details = fail  # type: ignore[method-assign]
        await here.press("down")
        await here.until(lambda: "“PESAN PQ-R 1”" not in here.text)
        assert here.notice
        assert not screen.ready_for(CONFIRM)


async def test_reject_with_a_reason(shop: Shop) -> None:
    """A rejection needs a reason; usual ones are offered; Esc asks before it throws text away."""
    shop.ask(ANI, "PESAN PQ-R 2")
    async with counter(shop, staff(shop)) as here:
        await here.press("1")
        await here.press("t")
        await here.press("enter")
        await here.until(lambda: "Berikan alasan" in here.text or "alasan:" in here.text)
        assert shop.one("SELECT status FROM orders") == "waiting"
        await here.press("down")
        assert "barang sedang kosong" in here.text
        await here.press("escape")
        assert "Buang isian" in here.text
        await here.press("enter")
        assert isinstance(here.app.screen, Form)
        await here.press("enter")
        await here.until(lambda: shop.one("SELECT status FROM orders") == "rejected")
        assert shop.one("SELECT reason FROM orders") == "barang sedang kosong"


@pytest.mark.soak
async def test_change(shop: Shop) -> None:
    """Less is changed at once, more is asked about; what is no quantity is told beside its field."""
    shop.ask(ANI, "PESAN PQ-R 3")
    async with counter(shop, staff(shop)) as here:
        await here.press("1")
        await here.press("u")
        await here.press("backspace", "enter")
        await here.until(lambda: "Isi angka" in here.text)
        await here.press("backspace", "2", "enter")
        await here.until(lambda: shop.one("SELECT quantity FROM order_lines") == 2)
        await here.press("u")
        await here.press("backspace", "5", "enter")
        await here.until(lambda: "Pelanggan ditanya" in here.text)
        assert shop.one("SELECT quantity FROM order_lines") == 2
        assert shop.one("SELECT count(*) FROM questions WHERE open = 1") == 1


@pytest.mark.soak
async def test_words_become_an_order(shop: Shop) -> None:
    """An SMS that only people understand becomes an order: o, a number and a part of a name."""
    shop.ask(ANI, "Pak, yang kemarin itu dua lagi")
    async with counter(shop, staff(shop)) as here:
        await here.press("2")
        assert isinstance(here.app.screen, InboxScreen)
        await here.press("o")
        await here.type("2 quantum")
        await here.until(lambda: "PQ-S" not in here.text and "PQ-R" in here.text)
        await here.press("enter")
        assert "Rp170.000" in here.text
        await here.press("f4")
        await here.until(lambda: shop.one("SELECT count(*) FROM orders") == 1)
        assert shop.one("SELECT quantity FROM order_lines") == 2
        await here.until(lambda: "Tak ada SMS yang menunggu Anda" in here.text)


@pytest.mark.soak
async def test_reply_survives_lock_and_closing(shop: Shop) -> None:
    """What was typed is there again after the screen was locked, and after its form was closed by
    somebody else's sign-in; another user does not see it."""
    user, other = staff(shop), staff(shop, name="tono")
    shop.ask(ANI, "Pak, ada yang murah?")
    async with counter(shop, user) as here:
        await here.press("2")
        await here.press("j")
        await here.type("Ada Pak")
        await here.app.do_app_lock()
        await here.settle()
        assert isinstance(here.app.screen, LockScreen)
        assert "Ada Pak" not in here.text
        await here.type(PASSWORD)
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, Form))
        assert "Ada Pak" in here.text
        await here.app.signed_in(other)
        await here.press("2")
        await here.press("j")
        assert "Ada Pak" not in here.text
        await here.press("escape")
        await here.app.signed_in(user)
        await here.press("2")
        await here.press("j")
        assert "Ada Pak" in here.text
        await here.press("enter")
        await here.until(lambda: shop.one("SELECT count(*) FROM messages WHERE kind = 'hand'") == 1)


@pytest.mark.soak
async def test_hand_out(shop: Shop) -> None:
    """An order is found by some digits of the number, handed out in part, and has its receipt."""
    for phone in (ANI, BUDI):
        shop.ask(phone, "PESAN PQ-R 3, AB-1 1")
        deciding.confirm(shop.ctx, shop.one("SELECT max(id) FROM orders"))
    async with counter(shop, staff(shop)) as here:
        await here.press("4")
        assert isinstance(here.app.screen, PickupsScreen)
        await here.press("slash")
        await here.type(BUDI[-4:])
        await here.until(lambda: "1–1 dari 1" in here.text)
        await here.press("down")
        await here.press("p")
        await here.press("backspace", "1", "enter", "backspace", "0")
        await here.until(lambda: "Rp85.000" in here.text)
        await here.press("enter")
        await here.until(lambda: "Uang diterima" in here.text, here.text)
        await here.press("f4")
        await here.until(lambda: "Pesanan 2" in here.text and "TOTAL" in here.text, here.text)
        assert shop.one("SELECT total FROM sales") == 85_000
        assert shop.one("SELECT order_id FROM sales") == 2


async def test_arrivals_do_not_move_the_cursor(shop: Shop) -> None:
    """While orders arrive, the cursor stays on its order."""
    for phone in (ANI, BUDI):
        shop.ask(phone, "PESAN PQ-R 1")
    async with counter(shop, staff(shop)) as here:
        await here.press("1")
        await here.press("down")
        assert "Pesanan 2" in here.text
        shop.ask(CITRA, "PESAN PQ-R 1")
        await here.until(lambda: "dari 3" in here.text)
        assert here.app.screen.current.id == 2  # type: ignore[attr-defined]


async def test_keys_can_be_remapped(shop: Shop) -> None:
    """A setting names another key: that one works, the footer shows it, the old one does nothing."""
    shop.ask(ANI, "PESAN PQ-R 1")
    settings.change(shop.ctx, settings.KEYS.key, "orders.confirm=y")
    async with counter(shop, staff(shop)) as here:
        await here.press("1")
        assert "y Konfirmasi" in " ".join(here.text.split())
        await here.press("k")
        assert shop.one("SELECT status FROM orders") == "waiting"
        await here.press("y")
        await here.until(lambda: shop.one("SELECT status FROM orders") == "confirmed")


_FRESH = """
import asyncio, sys
from pathlib import Path
from crm_tui import actions
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.context import Context
from tests.counter import counter, staff
from tests.shop import ANI, Shop

async def main() -> None:
    shop = Shop(Path(sys.argv[1]))
    shop.ask(ANI, "PESAN PQ-R 1")
    settings.change(shop.ctx, settings.KEYS.key, "orders.confirm=y,promos.new=b")
    async with counter(shop, staff(shop)) as here:
        await here.press("1")
        print("y Konfirmasi" in " ".join(here.text.split()), "promos.new" in actions.ALL)
        from crm_tui.screens.promos import campaigns
        print(here.app.keyed([actions.ALL["promos.new"]])[0][1])

asyncio.run(main())
"""


@pytest.mark.soak
async def test_keys_count_from_the_first_sign_in(tmp_path: Path) -> None:
    """Other keys count in a program that has just begun, whose screens were loaded at the sign-in, and
    on screens that are loaded when they are opened."""
    done = subprocess.run(
        [sys.executable, "-c", _FRESH, str(tmp_path / "toko")], capture_output=True, text=True,
        cwd=Path(__file__).parent.parent, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["True", "False", "b"]


async def test_language_follows_the_setting(shop: Shop) -> None:
    """The language is changed for everybody while the screens are open."""
    async with counter(shop, staff(shop)) as here:
        assert "Menu Utama" in here.text
        settings.change(shop.ctx, settings.LANGUAGE.key, "en")
        await here.until(lambda: "Main menu" in here.text)
        await here.until(lambda: "Check SMS orders" in here.text)


@pytest.mark.soak
async def test_help_and_palette(shop: Shop) -> None:
    """F1 tells the keys of the screen; F2 finds an action by its name and does it."""
    shop.ask(ANI, "PESAN PQ-R 1")
    async with counter(shop, staff(shop)) as here:
        await here.press("f2")
        await here.type("cek sms")
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, OrdersScreen))
        await here.press("f1")
        assert "orders.confirm" in here.text
        await here.press("escape")
        await here.press("f2")
        await here.type("konfirmasi pesanan")
        await here.press("enter")
        await here.until(lambda: shop.one("SELECT status FROM orders") == "confirmed")


async def test_the_screen_locks_by_itself(shop: Shop) -> None:
    """After the minutes of the setting without a key the screen locks, and shows what waits."""
    settings.change(shop.ctx, settings.LOCK_MINUTES.key, "1")
    shop.ask(ANI, "PESAN PQ-R 1")
    async with counter(shop, staff(shop)) as here:
        await here.app.pulse.tick()
        assert not isinstance(here.app.screen, LockScreen)
        here.app.pulse._last_input -= 61
        await here.app.pulse.tick()
        await here.settle()
        assert isinstance(here.app.screen, LockScreen)
        assert "1 pesanan menunggu" in here.text
        shop.ask(BUDI, "PESAN PQ-R 1")
        await here.until(lambda: "2 pesanan menunggu" in here.text)


async def test_reports_and_settings_are_found(shop: Shop) -> None:
    """F2 opens a report by its name and a setting by what it does; who may not reads who may."""
    user = staff(shop)

    async def find(here: Counter, typed: str) -> None:
        await here.press("f2")
        await here.type(typed)
        await here.until(lambda: here.app.screen.query_one("#found").display)
        await here.press("enter")

    async with counter(shop, user) as here:
        await find(here, "laporan laba")
        await here.until(lambda: isinstance(here.app.screen, ReportScreen))
        await find(here, "pengaturan screen.lock")
        await here.until(lambda: isinstance(here.app.screen, SettingsScreen))
        await here.until(lambda: settings.LOCK_MINUTES.key in here.text)
    async with counter(shop, staff(shop, "Staf Konter", "wati")) as here:
        await find(here, "laporan pelangg")
        await here.until(lambda: "Laporan: hanya" in here.text)


@pytest.mark.soak
async def test_pin(shop: Shop) -> None:
    """A PIN chosen in the menu unlocks the screen on the same day."""
    user = staff(shop)
    login.sign_in(shop.ctx, user.login, PASSWORD)
    async with counter(shop, user) as here:
        await here.press("p")
        await here.type(PASSWORD)
        await here.press("enter")
        await here.type("12")
        await here.press("enter")
        await here.type("12")
        await here.press("enter")
        await here.until(lambda: "terdiri dari 4 sampai 8 angka" in here.text)
        await here.type("4711")
        await here.press("enter")
        await here.type("4711")
        await here.press("enter")
        await here.until(lambda: "PIN disimpan" in here.text)
        await here.press("f9")
        await here.type("4711")
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, MenuScreen))


@pytest.mark.soak
async def test_users_come_and_go(shop: Shop) -> None:
    """A new user stands under the cursor wherever the list sorts the name; Del says what it did, and of
    oneself why it does nothing."""
    user = staff(shop)
    async with counter(shop, user) as here:
        await here.press("8")
        page = here.app.screen
        assert isinstance(page, ListPage)
        await here.press("end")
        await here.press("n")
        for text in ("aan", "Aan", ""):
            await here.type(text)
            await here.press("enter")
        await here.type("kuda-lumping-7")
        await here.press("enter")
        await here.until(lambda: here.app.screen is page, here.text)
        await here.settle()
        assert page.current is not None
        assert page.current.values["login"] == "aan"
        await here.press("delete", "y")
        await here.until(lambda: "Aan dihapus" in here.notice, here.text)
        assert page.rows.seek(user.id)
        await here.settle()
        await here.press("delete")
        await here.until(lambda: "diri sendiri" in here.notice, here.text)


async def test_first_start(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a shop the program leads through setting one up, without a modem too."""
    from crm_tui.app import CrmApp
    from crm_tui.gsm import ports
    from tests.counter import StillClock

    # Whatever hangs at this computer, a modem or a port that nobody answers at.
    monkeypatch.setattr(ports, "candidates", list)
    folder = shop.folder.parent / "baru"
    app = CrmApp(folder, StillClock(shop.clock.now()))
    monkeypatch.setattr(Compositor, "render_update", unpainted)
    async with app.run_test(size=(80, 24)) as pilot:
        here = Counter(app, pilot, shop)
        app.desk.serve = lambda port=None: None  # type: ignore[method-assign]
        await here.until(lambda: isinstance(app.screen, FirstStart))
        await here.press("enter")
        await here.until(lambda: "English" in here.text)
        await here.press("down", "enter")
        await here.until(lambda: isinstance(app.screen, Form))
        await here.type("Toko Baru")
        await here.press("enter")
        await here.type("budi")
        await here.press("enter")
        await here.type("kurz")
        await here.press("enter")
        await here.type("kurz")
        await here.press("enter")
        await here.until(lambda: "at least 8 characters" in here.text)
        await here.press(*["backspace"] * 4)
        await here.type("lang-genug")
        await here.press("enter")
        await here.press(*["backspace"] * 4)
        await here.type("lang-genug")
        await here.press("enter")
        await here.until(lambda: "No modem answered" in here.text)
        await here.press("down", "down", "enter")
        await here.until(lambda: "Your own telephone number" in here.text)
        await here.press("enter")
        await here.until(lambda: isinstance(app.screen, MenuScreen))
        assert "Toko Baru" in here.text
        assert "Main menu" in here.text
    with closing(sqlite.connect(folder / "crm.db")) as db:
        kept = "SELECT value FROM settings WHERE key = 'sms.free_text'"
        # Its staff look first at how its customers are read.
        assert db.execute(kept).fetchall() == [("suggests",)]


async def test_no_box_over_the_lock(shop: Shop) -> None:
    """A box that was asked for just before the screen locked opens when it is unlocked."""
    user = staff(shop)
    shop.ask(ANI, "PESAN PQ-R 2")
    async with counter(shop, user) as here:
        await here.press("1")
        await here.pilot.press("u", "f9")
        await here.settle()
        assert isinstance(here.app.screen, LockScreen)
        await here.pilot.pause(0.3)
        assert isinstance(here.app.screen, LockScreen)
        await here.type(PASSWORD)
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, Form))
        await here.press("f9")
        await here.until(lambda: isinstance(here.app.screen, LockScreen))


@pytest.mark.soak
async def test_another_user_begins_at_the_menu(shop: Shop) -> None:
    """Another user who unlocks the screen finds the menu, and acts under their own name."""
    shop.ask(ANI, "PESAN PQ-R 2")
    staff(shop, name="tono")
    async with counter(shop, staff(shop)) as here:
        await here.press("1")
        await here.press("f9")
        field = here.app.screen.query_one("#field-name")
        field.value = "tono"  # type: ignore[attr-defined]
        await here.type(PASSWORD)
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, MenuScreen))
        await here.press("1")
        await here.press("k")
        await here.until(lambda: shop.one("SELECT status FROM orders") == "confirmed")
        assert shop.one("SELECT actor FROM audit WHERE command = 'orders.confirm'") == "tono"


async def test_put_out(shop: Shop) -> None:
    """A user who is deactivated while a screen is open is put before the login at once."""
    user = staff(shop)
    async with counter(shop, user) as here:
        with shop.ctx.store.transaction() as db:
            db.execute("UPDATE users SET active = 0 WHERE id = ?", (user.id,))
            db.execute("INSERT INTO changes (topic, row_id) VALUES ('users', ?)", (user.id,))
        await here.until(lambda: isinstance(here.app.screen, LoginScreen))


async def test_scanned_quicker_than_found(shop: Shop) -> None:
    """A code that is typed at a scanner's speed puts in the item of that code, no other."""
    shop.ask(ANI, "Pak, yang kemarin itu satu lagi")
    async with counter(shop, staff(shop)) as here:
        await here.press("2")
        await here.press("o")
        line = here.app.screen.query_one("#field-find")
        line.value = "3 PQ-S"  # type: ignore[attr-defined]
        await here.pilot.press("enter")
        await here.until(lambda: "3 PQ-S" in " ".join(here.text.split()))
        await here.press("escape")
        assert "Buang isian" in here.text
        await here.press("escape")
        await here.until(lambda: isinstance(here.app.screen, InboxScreen))


async def test_the_store_fails(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the store cannot be written the screen says so, and goes on when it can be again."""
    from crm_tui import sqlite, store

    shop.ask(ANI, "PESAN PQ-R 2")
    monkeypatch.setattr(store, "BUSY_SECONDS", 0.5)
    async with counter(shop, staff(shop)) as here:
        await here.press("1")
        other = sqlite.connect(shop.ctx.store.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        await here.pilot.press("k")
        await here.pilot.press("right", "left")
        assert here.app.is_running
        await here.until(lambda: "Program lain" in here.notice, "it was not told")
        other.execute("ROLLBACK")
        other.close()
        await here.pilot.pause(0.8)
        await here.press("k")
        await here.until(lambda: shop.one("SELECT status FROM orders") == "confirmed")


@pytest.mark.soak
async def test_what_is_closed_is_let_go(shop: Shop) -> None:
    """Of lists that were opened and closed nothing is left, and of covered screens no drawn line."""
    shop.ask(ANI, "PESAN PQ-R 2")
    async with counter(shop, staff(shop), tidied=True) as here:
        menu = here.app.screen
        for key in "123412341":
            await here.press(key)
            if key != "1":
                await here.press("escape")
        here.app._tidy()
        kept = {
            widget._styles_cache for screen in here.app.screen_stack for widget in parts(screen)
        }
        found = {each for each in gc.get_objects() if isinstance(each, StylesCache)}
        assert found <= kept
        assert not any(each._styles_cache._cache for each in menu.walk_children(Widget))
        await here.press("escape")
        assert "Menu Utama" in here.text


def parts(screen: Screen[object]) -> list[Widget]:
    shown = [screen, *screen.walk_children(Widget)]
    bars = [bar for each in shown for bar in (each._vertical_scrollbar, each._horizontal_scrollbar)]
    return [*shown, *(bar for bar in bars if bar is not None)]
