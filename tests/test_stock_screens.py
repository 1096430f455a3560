"""Stock, counts, drawer, imports and the search for anything, as the staff use them on the screen."""

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual import events

from crm_tui.screens.items.basket import Basket
from crm_tui.screens.items.catalogue import ItemsScreen
from crm_tui.screens.items.counting import CountScreen
from crm_tui.screens.sales.receipts import Paper
from crm_tui.screens.shell.palette import Palette
from crm_tui.screens.shell.understanding import Understood
from crm_tui.screens.widgets.choose import Choose
from crm_tui.screens.widgets.dialog import Ask, Show
from crm_tui.screens.widgets.paged import PagedList
from crm_tui.shop.items import catalogue, counting
from crm_tui.shop.overview import dashboard
from crm_tui.shop.sales import drawer, till, z_report
from crm_tui.shop.sales.cart import CartLine
from crm_tui.shop.sales.payment_methods import Paid
from tests.counter import LARGE, counter, staff
from tests.day import money_adds_up
from tests.shop import ANI, Shop, cart_of, ledgers_add_up

pytestmark = pytest.mark.asyncio


@pytest.mark.soak
async def test_a_delivery(shop: Shop) -> None:
    """Several items of one delivery come in as one document, with their costs and the supplier."""
    async with counter(shop, staff(shop, "Kepala Bengkel")) as here:
        await here.press("k", "m")
        for typed in ("12 pq-r @40.000", "3 ab-1", "5 pq-s"):
            await here.paste(typed)
            await here.press("enter")
        await here.press("delete", "f4")
        await here.type("CV Jaya")
        await here.press("f4")
        await here.until(lambda: "dibukukan" in here.notice, here.text)
    assert shop.rows(
        "SELECT code, quantity, stock_moves.cost, partner FROM stock_moves JOIN items ON items.id ="
        " item_id JOIN stock_documents ON stock_documents.id = document_id ORDER BY stock_moves.id"
    ) == [
        {"code": "PQ-R", "quantity": 12, "cost": 40_000, "partner": "CV Jaya"},
        {"code": "AB-1", "quantity": 3, "cost": None, "partner": "CV Jaya"},
    ]


@pytest.mark.soak
async def test_count_while_sales_go_on(shop: Shop) -> None:
    """What is counted is compared with the books of that moment, though goods are sold before it is
    posted; the sheet holds what is left."""
    item = catalogue.by_code(shop.ctx, "PQ-R")
    async with counter(shop, staff(shop)) as here:
        await here.press("k", "o", "n", "f4")
        await here.until(lambda: "Opname: 0 dari 7" in here.text, here.text)
        await here.press("slash")
        await here.type("pq-r")
        await here.press("enter", "enter")
        await here.type("90")
        await here.press("enter")
        await here.until(lambda: shop.one("SELECT count(*) FROM count_lines") == 1)
        sold = cart_of([CartLine(item.id, "PQ-R", "x", "set", item.price, 4)])
        till.sell(shop.ctx, sold.sold(), [Paid("cash", sold.total)])
        await here.press("escape", "escape")
        if not isinstance(here.app.screen, CountScreen):
            await here.press("o")
        await here.press("c")
        await here.until(lambda: "opname-1.txt" in here.notice, here.text)
        await here.press("b")
        assert isinstance(here.app.screen, Ask)
        await here.press("y")
        await here.until(lambda: "dibukukan" in here.notice, here.text)
    sheet = (shop.folder / "exports" / "opname-1.txt").read_text()
    assert "AB-1" in sheet
    assert "PQ-R" not in sheet
    assert catalogue.by_code(shop.ctx, "PQ-R").on_hand == 90 - 4
    assert counting.count_under_way(shop.ctx) is None
    ledgers_add_up(shop.ctx)


async def test_the_drawer(shop: Shop) -> None:
    """Cash goes out with a reason; closing tells the difference by method and keeps the float."""
    item = catalogue.by_code(shop.ctx, "PQ-R")
    sold = cart_of([CartLine(item.id, "PQ-R", "x", "set", item.price, 2)])
    till.sell(shop.ctx, sold.sold(), [Paid("cash", 100_000), Paid("qris", 70_000)])
    async with counter(shop, staff(shop, "Kepala Bengkel")) as here:
        await here.press("l", "minus")
        await here.type("20000")
        await here.press("enter")
        await here.type("bensin")
        await here.press("f4")
        await here.until(lambda: isinstance(here.app.screen, Paper), here.text)
        assert "UANG KELUAR Rp20.000" in here.text
        assert "bensin" in here.text
        await here.press("escape")
        # It is counted blind: nothing tells what should be there.
        assert "Rp80.000" not in here.text
        await here.press("t")
        assert "Rp80.000" not in here.text
        await here.type("75.000")
        await here.press("enter")
        await here.type("70000")
        await here.press("enter", "enter")
        await here.type("50000")
        await here.press("f4")
        await here.until(lambda: isinstance(here.app.screen, Show), here.text)
        assert "-Rp5.000" in here.text
        await here.press("enter")
        assert drawer.current(shop.ctx) is None
        # What it did that day is printed, or saved.
        await here.until(lambda: isinstance(here.app.screen, Paper), here.text)
        assert "LAPORAN LACI 1 (Z)" in here.text
        await here.press("f")
        await here.until(lambda: "laci-1.txt" in here.text, here.text)
        await here.press("enter")
    assert (shop.folder / "exports" / "laci-1.txt").read_text() == z_report.text(shop.ctx, 1) + "\n"
    till.sell(shop.ctx, sold.sold(), [Paid("transfer", 170_000)])
    now = drawer.current(shop.ctx)
    assert now is not None
    assert now.float == 50_000
    money_adds_up(shop.ctx)


@pytest.mark.soak
async def test_import_on_the_screen(shop: Shop, tmp_path: Path) -> None:
    """A file is chosen, its preview shown, and taken in; one with bad lines names each of them."""
    good, bad = tmp_path / "baru.csv", tmp_path / "salah.csv"
    bad.write_text("kode,nama,satuan,harga,stok\nZ-1,,pcs,5000,3\nZ-2,Zat,pcs,abc,3\n")
    good.write_text("kode,nama,satuan,harga,stok\nZ-1,Zat Satu,pcs,5000,3\n")
    async with counter(shop, staff(shop)) as here:
        await here.press("6", "f")
        await here.paste(str(bad))
        await here.press("enter")
        await here.until(lambda: "nama kosong" in here.text, here.text)
        assert "harga berisi abc" in here.text
        await here.press("enter", "f")
        await here.paste(str(tmp_path / "tidak-ada.csv"))
        await here.press("enter")
        await here.until(lambda: "Tidak ada berkas" in here.text, here.text)
        await here.press("escape", "escape", "f")
        await here.paste(str(good))
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, Understood), here.text)
        assert "Z-1" in here.text
        assert shop.one("SELECT count(*) FROM items WHERE code = 'Z-1'") == 0
        await here.press("enter")
        await here.until(lambda: "1 barang baru" in here.notice, here.text)
        assert isinstance(here.app.screen, ItemsScreen)
    assert catalogue.by_code(shop.ctx, "Z-1").on_hand == 3
    assert not (shop.folder / "import.db").exists()


TWO_PRICES = "Kode;Nama;Harga;Harga Jual;Stok\nZ-1;Zat;6.000;8.500;3\nZ-2;Zut;600;9.500;0\n"


@pytest.mark.soak
async def test_a_file_is_understood_on_the_screen(shop: Shop, tmp_path: Path) -> None:
    """Two columns that could be the price are asked about; a key gives another column its meaning; what
    is then shown is what is stored, and nothing before."""
    file = tmp_path / "harga.csv"
    file.write_text(TWO_PRICES, "utf-8")
    async with counter(shop, staff(shop), size=LARGE) as here:
        await here.press("6", "f")
        await here.paste(str(file))
        await here.press("enter")
        await here.until(lambda: "Kolom mana yang “Harga”" in here.text, here.text)
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, Choose), here.text)
        await here.press("down", "enter")
        await here.until(lambda: "Rp8.500" in here.text, here.text)
        assert "Impor 2 baris" in here.text
        await here.press("k")
        await here.until(lambda: "Kolom mana yang artinya lain?" in here.text, here.text)
        await here.press("down", "down", "enter")
        await here.until(lambda: "“Harga” itu apa?" in here.text, here.text)
        await here.press(*["down"] * 5, "enter")
        await here.until(lambda: "Modal Rp6.000" in here.text, here.text)
        assert shop.one("SELECT count(*) FROM items WHERE code LIKE 'Z-%'") == 0
        await here.press("enter")
        await here.until(lambda: "2 barang baru" in here.notice, here.text)
    rows = shop.rows("SELECT price, cost FROM items WHERE code LIKE 'Z-%' ORDER BY code")
    assert [(row["price"], row["cost"]) for row in rows] == [(8500, 6000), (9500, 600)]


@pytest.mark.soak
async def test_a_sales_book_on_the_screen(shop: Shop, tmp_path: Path) -> None:
    """An old sales book is taken in from the settings, and taken back there as a whole."""
    file = tmp_path / "buku.csv"
    file.write_text("tanggal;total\n13/02/2025;5000\n14/02/2025;7000\n", "utf-8")
    async with counter(shop, staff(shop), size=LARGE) as here:
        await here.press("t", "b")
        await here.paste(str(file))
        await here.press("enter")
        await here.until(lambda: "hari/bulan/tahun" in here.text, here.text)
        await here.press("enter")
        await here.until(lambda: shop.one("SELECT sum(total) FROM sales") == 12000, here.text)
        await here.until(lambda: "0 pelanggan baru" in here.notice, here.text)
        await here.press("b")
        await here.until(lambda: "Batalkan buku.csv" in here.text, here.text)
        await here.press("down", "enter")
        await here.until(lambda: isinstance(here.app.screen, Ask), here.text)
        await here.press("y")
        await here.until(lambda: "2 penjualan dibatalkan" in here.notice, here.text)
    assert shop.one("SELECT count(*) FROM sales") == 0


@pytest.mark.soak
async def test_anything_is_found(shop: Shop) -> None:
    """F2 finds an item, a customer or an order from any screen, and opens it there."""
    shop.ask(ANI, "DAFTAR Ani Wijaya # Palembang")
    shop.ask(ANI, "PESAN PQ-R 2")
    async with counter(shop, staff(shop), size=LARGE) as here:
        for typed, shown in (("wijaya", "Ani Wijaya"), ("pakai quantum", "Pakai Quantum")):
            await here.press("f2")
            await here.paste(typed)
            await here.until(lambda shown=shown: shown in here.text, here.text)  # type: ignore[misc]
            await here.press("enter")
            await here.until(lambda: not isinstance(here.app.screen, Palette))
            await here.until(lambda: "1–1 dari 1" in here.text, here.text)
            await here.press("escape", "escape")
        await here.press("5", "f2")
        await here.type("laci")
        await here.press("enter")
        await here.until(lambda: "Laci kas" in here.text, here.text)


async def test_what_is_not_seen_is_not_found(shop: Shop) -> None:
    """F2 finds nothing of a kind that the user may not see."""
    shop.ask(ANI, "DAFTAR Ani Wijaya # Palembang")
    user = staff(shop, "Staf Konter")
    with shop.ctx.store.transaction() as db:
        db.execute("DELETE FROM role_permissions WHERE permission = 'customers.view'")
    async with counter(shop, user) as here:
        await here.press("f2")
        await here.type("wijaya")
        await here.pilot.pause(0.3)
        assert "Ani Wijaya" not in here.text


async def test_takings(shop: Shop) -> None:
    """Today is compared with the same weekday of last week, until this time of the day."""
    item = catalogue.by_code(shop.ctx, "PQ-R")

    def sell(count: int) -> None:
        sold = cart_of([CartLine(item.id, "PQ-R", "x", "set", item.price, count)])
        till.sell(shop.ctx, sold.sold(), [Paid("cash", sold.total)])

    sell(1)
    shop.clock.wait(4 * 3600)
    sell(2)
    shop.clock.wait(timedelta(days=7).total_seconds() - 2 * 3600)
    sell(3)
    found = dashboard.takings(shop.ctx)
    assert (sum(found.today), sum(found.before), found.by_now) == (3 * 85_000, 3 * 85_000, 85_000)
    assert found.owed == 0


async def test_the_mouse(shop: Shop) -> None:
    """A click opens an entry of the menu and marks a row of a list; the wheel moves through it."""
    async with counter(shop, staff(shop)) as here:
        line = next(at for at, each in enumerate(here.text.split("\n")) if "6  Barang" in each)
        await here.pilot.click(offset=(6, line))
        await here.until(lambda: isinstance(here.app.screen, ItemsScreen))
        await here.settle()
        rows = here.app.screen.query_one("#list", PagedList)
        await here.pilot.click("#list", offset=(4, 3))
        await here.settle()
        assert rows.current is not None
        assert rows.current.values["code"] == "EF-3"  # type: ignore[attr-defined]
        rows.on_mouse_scroll_down()
        await here.settle()
        assert rows.current.values["code"] != "EF-3"  # type: ignore[attr-defined]


@pytest.mark.soak
async def test_what_was_put_in_before_is_there_before_what_is_scanned(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A code that is scanned while the box still looks for what was put in before is one more of it."""
    there, may_go_on = catalogue.there, threading.Event()

    def late(*args: Any) -> Any:
        may_go_on.wait(10)
        return there(*args)

    async with counter(shop, staff(shop)) as here:
        here.app.drafts[here.app.draft_key("goods in")] = {"6": "12@50000"}
        monkeypatch.setattr(catalogue, "there", late)
        await here.press("k")
        await here.pilot.press("m")
        await here.until(lambda: isinstance(here.app.screen, Basket))
        here.app.post_message(events.Paste("PQ-R"))
        await here.pilot.press("enter")
        await here.pilot.pause(0.3)
        may_go_on.set()
        await here.until(lambda: "1 barang, 13 buah" in here.text, here.text)
