"""Scanners: what they type is told from keys, wherever it comes, and sells nothing by itself."""

import asyncio
import random
import re
import time
from functools import partial
from itertools import accumulate
from pathlib import Path

import pytest

from crm_tui import sqlite
from crm_tui.screens.items.entering import ItemLine
from crm_tui.screens.menu.main import MenuScreen
from crm_tui.screens.sales.paying import Pay
from crm_tui.screens.sales.sold import SalesScreen
from crm_tui.screens.sales.till import TillScreen
from crm_tui.screens.shell.scans import AGAIN
from crm_tui.screens.sms.orders import OrdersScreen
from crm_tui.screens.widgets.choose import Choose
from crm_tui.screens.widgets.dialog import Ask, Decide
from crm_tui.screens.widgets.form import Form
from crm_tui.screens.widgets.line import Line
from crm_tui.text import rupiah
from tests.counter import Counter, counter, key_event, staff
from tests.peers import crm, founded
from tests.scene import scene
from tests.shop import ANI, ITEMS, Shop, ledgers_add_up
from tests.terminal import terminal


def decided(shop: Shop) -> tuple[int, ...]:
    """How many orders are decided, and how many sales, returns and voids there are."""
    return tuple(
        shop.one(f"SELECT count(*) FROM {where}")
        for where in (
            "orders WHERE status = 'confirmed'", "orders WHERE status = 'rejected'",
            "orders WHERE status NOT IN ('waiting', 'confirmed', 'rejected')",
            "sales WHERE kind = 'sale'", "sales WHERE kind = 'return'", "sales WHERE kind = 'void'",
        )
    )  # fmt: skip


@pytest.mark.asyncio
async def test_a_scan_is_no_shortcut(shop: Shop) -> None:
    """Among orders a scan decides nothing and offers to sell the item; the same letter alone does
    what it does."""
    shop.ask(ANI, "PESAN PQ-R 2")
    before = decided(shop)
    async with counter(shop, staff(shop), scanner=True) as here:
        await here.scan("1", "f24")
        await here.until(lambda: isinstance(here.app.screen, OrdersScreen), "no orders")
        await here.until(lambda: "PQ-R" in here.text, here.text)
        await here.scan("KOS-0")
        await here.until(lambda: isinstance(here.app.screen, Choose), "nothing is offered")
        assert "Kosong Selalu" in here.text
        # The next scan takes the place of the first, and its Enter chooses nothing.
        await here.scan("pqr")
        await here.until(lambda: "Pakai Quantum" in here.text, here.text)
        assert [type(each) for each in here.app.screen_stack].count(Choose) == 1
        assert decided(shop) == before
        await asyncio.sleep(AGAIN)
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, TillScreen), "no till")
        await here.until(lambda: "Total Rp85.000" in here.text, here.text)
        # The first was sold out, and is told of until somebody has seen it.
        assert '"KOS-0" belum diambil' in here.notice
        await here.press("escape", "escape", "enter")
        await here.scan("XX-99-K")
        assert "XX-99-K" in here.notice
        assert decided(shop) == before
        await here.pilot.press("k")
        await here.until(lambda: decided(shop) != before, "a key is a key")


@pytest.mark.asyncio
async def test_a_scan_answers_no_question(shop: Shop) -> None:
    """Boxes that ask for money, for a reason or whether to go on take no scan for an answer."""
    shop.ask(ANI, "PESAN PQ-R 2")
    async with counter(shop, staff(shop), scanner=True) as here:
        before = decided(shop)
        await here.scan("1", "f24")
        await here.until(lambda: "PQ-R" in here.text, here.text)
        await here.scan("t", "f24")
        await here.until(lambda: isinstance(here.app.screen, Form), "no reason is asked for")
        await here.scan("KR-VAR-D")
        assert "pemindai" in here.text
        await here.press("escape", "escape", "escape")
        await here.scan("0", "f24")
        await here.until(lambda: isinstance(here.app.screen, TillScreen), "no till")
        await here.scan("PQ-R")
        await here.until(lambda: "Total Rp85.000" in here.text, here.text)
        await here.press("f4")
        for scanned in ("PQ-R", "8991234567890", "100000", "k"):
            await here.scan(scanned)
            assert isinstance(here.app.screen, Pay)
        await here.press("escape", "ctrl+u", "escape")
        assert isinstance(here.app.screen, Decide)
        await here.scan("X-x-x-X")
        assert isinstance(here.app.screen, Decide)
        assert decided(shop) == before


@pytest.mark.asyncio
async def test_no_letter_of_a_paste_is_a_key(shop: Shop) -> None:
    """What comes without a breath behind a scan or a pasted line belongs to it; a key after a pause is
    one."""
    shop.ask(ANI, "PESAN PQ-R 2")
    before = decided(shop)
    async with counter(shop, staff(shop), scanner=True) as here:
        await here.scan("1", "f24")
        await here.until(lambda: "PQ-R" in here.text, here.text)
        for burst in ("abcd\rk", "k\rk", "ab\rcd\rk", "x\rk\rk"):
            for key in burst:
                here.app.post_message(key_event("enter" if key == "\r" else key))
            await here.scan("", "f24")
            assert decided(shop) == before, burst
            assert "pindai" in here.notice
        await here.pilot.press("k")
        await here.until(lambda: decided(shop) != before, "a key is a key")


@pytest.mark.soak
@pytest.mark.asyncio
async def test_every_scan_is_kept(shop: Shop) -> None:
    """What is scanned while it is asked what to do with the last joins it; a scan takes the place of
    what was typed for something else, which is told of, and leaves a quantity before it."""
    async with counter(shop, staff(shop), scanner=True) as here:
        await here.scan("5", "f24")
        await here.until(lambda: isinstance(here.app.screen, SalesScreen), here.text)
        for code in ("PQ-R", "CD-2-X", "PQ-S"):
            await here.scan(code)
            await here.until(lambda: isinstance(here.app.screen, Choose), here.text)
        await here.until(lambda: "3 dipindai" in here.text, here.text)
        await asyncio.sleep(AGAIN)
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, TillScreen), here.text)
        await here.until(lambda: "Total Rp172.000" in here.text, here.text)
        for typed in ("0", "vari", "2 "):
            for key in typed:
                await here.scan(key, "f24")
            await here.scan("PQ-S")
        await here.until(lambda: "Total Rp420.000" in here.text, here.text)
        assert '✗ "0, vari" belum diambil' in here.notice


@pytest.mark.asyncio
async def test_what_is_scanned_while_paying_is_not_lost(shop: Shop) -> None:
    """It is said that it is not in, the key that pays asks once, and it goes into this sale after
    Esc, or into the next one."""
    async with counter(shop, staff(shop), scanner=True) as here:
        await here.scan("0", "f24")
        await here.until(lambda: isinstance(here.app.screen, TillScreen), "no till")
        await here.scan("PQ-R")
        await here.until(lambda: "Total Rp85.000" in here.text, here.text)
        await here.press("f4")
        await here.scan("9", "f24")
        await here.scan("PQ-S")
        await here.until(lambda: '✗ "PQ-S" belum masuk' in here.text, here.text)
        assert here.app.screen.query_one(Line).value == "9"
        await here.scan("f4", "f24")
        await here.press("ctrl+u", "f4")
        assert isinstance(here.app.screen, Pay)
        assert "PQ-S" in here.text
        assert shop.one("SELECT count(*) FROM sales") == 0
        await here.press("escape")
        await here.until(lambda: "Total Rp147.000" in here.text, here.text)
        await here.press("f4")
        await here.scan("PQ-R")
        await here.until(lambda: "belum masuk" in here.text, here.text)
        await here.press("f4")
        assert isinstance(here.app.screen, Pay)
        await here.press("f4")
        await here.until(lambda: "Total Rp85.000" in here.text, here.text)
        assert shop.one("SELECT total FROM sales") == 147_000


@pytest.mark.soak
@pytest.mark.asyncio
async def test_what_is_no_sum_is_kept_and_said(shop: Shop) -> None:
    """50rb is fifty thousand; other text stays with a red line at it, and neither Enter nor a key that
    pays sells with it."""
    async with counter(shop, staff(shop)) as here:
        await here.press("0")
        await here.type("PQ-S")
        await here.press("enter", "f4")
        for typed in ("lima", "50x", "PQ-R"):
            await here.type(typed)
            for key in ("enter", "f4", "enter"):
                await here.press(key)
                assert f'✗ "{typed}" bukan' in here.text, here.text
                assert here.app.screen.query_one(Line).value == typed
            await here.press("ctrl+u")
        assert shop.one("SELECT count(*) FROM sales") == 0
        await here.type("100rb")
        assert "Rp38.000" in here.text
        await here.press("enter")
        await here.until(lambda: "KEMBALIAN Rp38.000" in here.text, here.text)


@pytest.mark.asyncio
async def test_a_scan_is_no_wrong_password(shop: Shop) -> None:
    """At the lock the code of an item, or the barcode of any goods, is told of and not counted."""
    async with counter(shop, staff(shop), scanner=True) as here:
        await here.press("f9")
        for scanned in ("PQ-R", "8991234567890"):
            await here.scan(scanned)
            await here.until(lambda: "dipindai" in here.text, here.text)
        assert shop.one("SELECT max(wrong_tries) FROM users") == 0
        await here.scan("bukan-kata-sandi")
        await here.until(lambda: shop.one("SELECT max(wrong_tries) FROM users") == 1, here.text)


@pytest.mark.asyncio
async def test_scans_in_a_row(shop: Shop) -> None:
    """Scans without a breath between, each with two Enters, are so many lines, and open no payment."""
    codes = ["PQ-R", "CD-2-X", "PQ-S", "AB-1", "PQ-R", "pqs", "EF-3"]
    async with counter(shop, staff(shop), scanner=True) as here:
        await here.scan("0", "f24")
        await here.until(lambda: isinstance(here.app.screen, TillScreen), "no till")
        for code in codes:
            for key in code:
                here.app.post_message(key_event(key))
            for _ in range(2):
                here.app.post_message(key_event("enter"))
        await here.until(lambda: "Total Rp336.500" in here.text, here.text)
        await here.settle()
        assert isinstance(here.app.screen, TillScreen)
        assert here.app.screen.line.value == ""
        assert [line.quantity for line in here.app.screen.cart.lines] == [2, 1, 2, 1, 1]
        # Some scanners end with Tab.
        await here.scan("PQ-R", "tab")
        await here.until(lambda: "Total Rp421.500" in here.text, here.text)


@pytest.mark.soak
@pytest.mark.asyncio
@pytest.mark.parametrize("end", ["tab", "ctrl+j"])
async def test_a_slow_scanner_ends_as_a_quick_one(shop: Shop, end: str) -> None:
    """Tab and the line's end, with which some scanners end, put the code in, however slow they are."""
    async with counter(shop, staff(shop), scanner=True) as here:
        await here.press("0")
        for code in ("PQ-R", "PQ-S"):
            await here.type(code)
            await here.press(end)
        await here.until(lambda: "Total Rp147.000" in here.text)
        # Without a code it is none.
        await here.press(end)
        assert isinstance(here.app.screen, TillScreen)


@pytest.mark.soak
@pytest.mark.asyncio
async def test_a_miss_is_replaced_by_what_comes_next(shop: Shop) -> None:
    """What was not found is marked, so that the next scan takes its place."""
    async with counter(shop, staff(shop)) as here:
        await here.press("0")
        for typed in (".", "8999999999999", "3", "*", "kosong sekali"):
            await here.scan(typed)
            assert "✗" in here.notice
            assert "Total Rp0" in here.text
        await here.scan("PQ-R")
        assert "Total Rp85.000" in here.text


@pytest.mark.soak
@pytest.mark.asyncio
@pytest.mark.parametrize("behind", ["", "AB-1\r"])
async def test_a_number_behind_a_miss_counts_nothing(shop: Shop, behind: str) -> None:
    """A quantity typed on at once behind what was not taken is none of the line before, and the miss is
    still told of when all else has been put in."""
    async with counter(shop, staff(shop), scanner=True) as here:
        await here.press("0")
        await here.scan("PQ-R")
        await here.until(lambda: "Total Rp85.000" in here.text, here.text)
        for key in "zz9\r3\r" + behind:
            here.app.post_message(key_event("enter" if key == "\r" else key))
        await here.until(lambda: "zz9" in here.notice, here.text)
        await here.settle()
        assert isinstance(here.app.screen, TillScreen)
        assert [line.quantity for line in here.app.screen.cart.lines] == [1, 1][: 1 + bool(behind)]
        assert "✗" in here.notice
        assert here.app.screen.line.value in ("", "zz9")


@pytest.mark.soak
@pytest.mark.asyncio
async def test_several_fit_and_one_is_chosen(shop: Shop) -> None:
    """Where several items fit, Enter marks one, ↓ another, and the next Enter takes it; a part of a
    word is taken only by hand."""
    async with counter(shop, staff(shop)) as here:
        await here.press("0")
        await here.type("2 pakai")
        await here.press("enter")
        assert "Total Rp0" in here.text
        assert "2 barang cocok" in here.notice
        # A second Enter that comes at once is the scanner's.
        here.app.screen.query_one(ItemLine).value = ""
        await here.scan("pakai")
        await here.scan("", "enter", "enter")
        assert "Total Rp0" in here.text
        await here.press("escape")
        await here.type("2 pakai")
        await here.press("enter", "down", "enter")
        assert "Total Rp124.000" in here.text
        await here.type("quant")
        await here.press("enter", "enter")
        assert "Total Rp124.000" in here.text
        await here.press("down", "enter")
        assert "Total Rp209.000" in here.text


@pytest.mark.soak
@pytest.mark.asyncio
async def test_a_paste_of_several_lines(shop: Shop) -> None:
    """Lines that are pasted at the till are lines of the sale; in a field they are one text."""
    async with counter(shop, staff(shop)) as here:
        await here.press("0")
        await here.paste("2 PQ-R\r\nCD-2-X\n\n3 AB-1\n")
        await here.until(lambda: "Total Rp225.000" in here.text, here.text)
        await here.press("escape", "enter")
        await here.press("5", "slash")
        await here.paste("pakai\nquantum")
        await here.until(lambda: "pakai quantum" in here.text, here.text)


def _sold(here: Counter, number: int, told: str) -> bool:
    return here.shop.one("SELECT count(*) FROM sales") == number and told in here.text


@pytest.mark.soak
@pytest.mark.asyncio
async def test_the_fewest_keys(shop: Shop) -> None:
    """An exact sale takes three keys beside its code, one with change by note five at most, by QRIS
    three; ten sales take 165 at most. The next code begins the next sale."""
    codes = ("PQ-R", "PQ-S", "CD-2-X", "AB-1", "EF-3", "pqr", "pqs", "cd2x", "PQ-R", "PQ-S")
    ways = (("f4",), ("down", "f4"), ("f5",), ("f4",), ("down", "enter"), ("f6",), ("up", "f4"),
            ("f4",), ("down", "down", "f4"), ("f4",))  # fmt: skip
    pressed = 0
    async with counter(shop, staff(shop, "Staf Konter")) as here:
        await here.press("0")
        for number, (code, way) in enumerate(zip(codes, ways, strict=True), start=1):
            keys = [*code, "enter", "f4", *way]
            most = 3 if len(way) == 1 else 5
            assert len(keys) <= len(code) + most
            pressed += len(keys)
            await here.paste(code)
            await here.press(*keys[len(code) :])
            told = "LUNAS" if len(way) == 1 else "KEMBALIAN"
            await here.until(partial(_sold, here, number, told), here.text)
        assert pressed <= 165
    ledgers_add_up(shop.ctx)


@pytest.mark.asyncio
async def test_money_beyond_sense_is_asked_about(shop: Shop) -> None:
    """A barcode typed as cash sells nothing before somebody says that it is right, and not by Enter."""
    async with counter(shop, staff(shop)) as here:
        await here.press("0")
        await here.type("PQ-R")
        await here.press("enter", "f4")
        await here.type("8991234567")
        await here.press("enter", "enter", "enter")
        assert isinstance(here.app.screen, Pay)
        assert "Kalau benar" in here.text
        await here.press("f4")
        await here.until(lambda: "KEMBALIAN" in here.text, here.text)


@pytest.mark.asyncio
async def test_nobody_leaves_a_sale_by_mistake(shop: Shop) -> None:
    """F10, Ctrl+Q and Esc ask first, Ctrl+C says what ends the program; the sale goes on after each."""
    async with counter(shop, staff(shop)) as here:
        await here.press("0")
        await here.type("PQ-R")
        await here.press("enter")
        for key in ("f10", "ctrl+q"):
            await here.press(key)
            assert isinstance(here.app.screen, Ask), key
            await here.press("escape")
        await here.press("ctrl+c")
        assert "F10" in here.notice
        await here.press("escape")
        assert type(here.app.screen).__name__ == "Decide"
        await here.press("enter")
        assert isinstance(here.app.screen, MenuScreen)
        await here.press("0")
        await here.until(lambda: "Total Rp85.000" in here.text, here.text)
        await here.press("escape", "x")
        assert isinstance(here.app.screen, MenuScreen)
        assert shop.one("SELECT count(*) FROM open_sales") == 0


@pytest.mark.soak
@pytest.mark.asyncio
async def test_what_is_handed_back_is_said(shop: Shop) -> None:
    """After a return and after a void the sum to hand back stands there, largest of all."""
    async with counter(shop, staff(shop)) as here:
        await here.press("0")
        for count in ("2 PQ-R", "1 PQ-S"):
            await here.type(count)
            await here.press("enter", "f4", "f4")
        await here.until(lambda: shop.one("SELECT count(*) FROM sales") == 2)
        await here.press("escape", "5")
        await here.until(lambda: isinstance(here.app.screen, SalesScreen), here.text)
        await here.press("x")
        await here.type("salah")
        await here.press("f4", "enter")
        await here.until(lambda: isinstance(here.app.screen, Decide), here.text)
        assert "Rp62.000" in here.text
        await here.press("enter")
        assert shop.one("SELECT count(*) FROM sales WHERE kind = 'void'") == 0
        await here.press("x")
        await here.until(lambda: "KEMBALIKAN Rp62.000" in here.text, here.text)


KEYS = ("k", "t", "x", "p", "a", "u", "b", "r", "j", "o", "n", "y", "1", "3", "4", "5", "0", "8",
        "enter", "enter", "escape", "up", "down", "left", "right", "tab", "delete", "space",
        "f3", "f4", "f5", "f6", "f7", "f8", "f11", "slash", "s", "pagedown")  # fmt: skip
CODES = ("PQ-R", "KR-VAR-D", "kkkk", "xYx", "8991234567890", "100000", "t-1", "]C1PQ-S", "aaaa")
WAYS = (
    ("escape", "escape", "1", "k"),
    ("1", "t", "down", "enter"),
    ("0", "f4", "f4"),
    ("1", "down", "k"),
)
"""Keys in a row that decide or sell something, for chance alone seldom finds any."""
_ASKED = {0: "OrdersScreen", 1: "Form", 2: "", 3: "Pay", 4: "Form", 5: "Decide"}
"""Which screen must have been in sight for each figure of `decided`."""


def _orders(shop: Shop) -> dict[int, str]:
    return {row["id"]: row["status"] for row in shop.rows("SELECT id, status FROM orders")}


def _was_seen(shop: Shop, was: dict[int, str], sales: int, shown: str) -> None:
    """Whatever order was decided stood on the screen by its number, whatever was sold by its total."""
    for number, status in _orders(shop).items():
        if status in ("confirmed", "rejected") and was.get(number, status) != status:
            assert f"esanan {number}" in shown, (number, status, shown)
    for row in shop.rows("SELECT total FROM sales WHERE kind = 'sale' AND id > ?", sales):
        assert rupiah(row["total"]) in shown, (row["total"], shown)


async def _at_random(here: Counter, steps: int, seed: int) -> None:
    chance = random.Random(seed)
    gap = here.app.scans.gap
    begun = decided(here.shop)
    following: list[str] = []
    for step in range(steps):
        before, orders = decided(here.shop), _orders(here.shop)
        sales = here.shop.one("SELECT coalesce(max(id), 0) FROM sales")
        seen = {type(each).__name__ for each in here.app.screen_stack}
        shown = here.text
        scan = chance.random() < 0.3
        if scan:
            await here.scan(chance.choice(CODES), *chance.choice((("enter",), ("enter", "enter"))))
        else:
            if not following and chance.random() < 0.25:
                following += chance.choice(WAYS)
            await here.pilot.press(following.pop(0) if following else chance.choice(KEYS))
            await asyncio.sleep(gap * 1.5)
            await here.settle()
        after = decided(here.shop)
        if scan:
            assert after == before, (seed, step, seen)
        _was_seen(here.shop, orders, sales, shown)
        for place, name in _ASKED.items():
            if name and after[place] > before[place]:
                assert name in seen, (seed, step, seen)
    # Where nothing is ever decided, nothing is proved.
    assert decided(here.shop)[0] > begun[0]


async def _walk(shop: Shop, steps: int, seed: int) -> None:
    user = scene(shop)
    async with counter(shop, user, scanner=True, painted=False) as here:
        here.app.scans.gap = 0.004
        await _at_random(here, steps, seed)
    ledgers_add_up(shop.ctx)


@pytest.mark.asyncio
async def test_random_keys_and_scans(shop: Shop) -> None:
    """No scan confirms, rejects, sells or voids anything, and no key does unless the screen that asks
    was in sight."""
    await _walk(shop, 60, 8)


@pytest.mark.soak
@pytest.mark.asyncio
@pytest.mark.parametrize("seed", range(5))
async def test_ten_thousand_keys_and_scans(shop: Shop, seed: int) -> None:
    """The same, for long."""
    await _walk(shop, 2_000, seed)


@pytest.mark.parametrize(
    "pause", [10, *(pytest.param(pause, marks=pytest.mark.soak) for pause in (2, 20, 50))]
)
def test_at_a_real_terminal(tmp_path: Path, pause: int) -> None:
    """Codes typed at a terminal, so many ms between two keys and none between two codes, are all in
    the sale, and are there again after the power went."""
    folder = founded(tmp_path / "toko")
    crm(folder, "import", "items", str(ITEMS))
    with terminal(folder) as here:
        here.sign_in("bos", "harimau-bos")
        here.write("0")
        here.takes_keys("Kode, nama")
        for key in "PQ-R\rcd2x\r3\rPQ-S\rab-1\r":
            here.write(key)
            time.sleep(pause / 1000)
        here.sees("Total Rp232.000")
        here.kill()
    connection = sqlite.connect(folder / "crm.db")
    assert connection.execute("SELECT count(*) FROM open_sales").fetchone()[0] == 1
    connection.close()
    if pause == 10:
        with terminal(folder) as again:
            again.sign_in("bos", "harimau-bos")
            again.write("0")
            again.sees("Total Rp232.000")


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(4))
def test_killed_at_any_moment(tmp_path: Path, seed: int) -> None:
    """Whenever the power goes, all that stood on the screen is in the sale that goes on, and nothing
    that was not typed."""
    folder = founded(tmp_path / "toko")
    crm(folder, "import", "items", str(ITEMS))
    chance = random.Random(seed)
    entered = [chance.choice(("PQ-R", "2 PQ-S", "cd2x")) for _ in range(12)]
    typed = "".join(f"{each}\r" for each in entered)
    with terminal(folder) as here:
        here.sign_in("bos", "harimau-bos")
        here.write("0")
        here.sees("Kode, nama")
        here.write("PQ-R\r")
        here.sees("Total Rp85.000")
        for key in typed[: chance.randrange(5, len(typed))]:
            here.write(key)
            time.sleep(0.01)
        time.sleep(chance.random() * 0.5)
        seen = re.search(r"Total Rp([0-9.]+)", here.text)
        here.kill()
    assert seen is not None
    with terminal(folder) as again:
        again.sign_in("bos", "harimau-bos")
        again.write("0")
        again.sees("Kode, nama")
        time.sleep(1.0)
        after = re.search(r"Total Rp([0-9.]+)", again.text)
        assert after is not None
    connection = sqlite.connect(folder / "crm.db")
    price = dict(connection.execute("SELECT code, price FROM items").fetchall())
    connection.close()
    worth = {"PQ-R": price["PQ-R"], "2 PQ-S": 2 * price["PQ-S"], "cd2x": price["CD-2-X"]}
    # What stood there after each of the codes, one after the other.
    sums = [
        rupiah(each) for each in accumulate([price["PQ-R"], *(worth[each] for each in entered)])
    ]
    assert sums.index(f"Rp{after[1]}") >= sums.index(f"Rp{seen[1]}") >= 0
