"""The screens of a branch: goods sent and received, stock and points elsewhere, the head office."""

import pytest

from crm_tui.screens.menu.main import MenuScreen
from crm_tui.shop.customers import cards
from crm_tui.shop.items import catalogue
from crm_tui.shop.loyalty import points
from tests.branches import enrol, take
from tests.counter import Counter, counter, staff
from tests.shop import ANI, Shop

pytestmark = pytest.mark.asyncio
AT = "2026-11-24T00:30:00.000Z"


def chained(shop: Shop) -> None:
    """Branch 2, to which Pusat has sent goods; Ani has points there."""
    enrol(shop, 2, "Cabang 2")
    lines = [
        {"line": n, "code": code, "name": name, "unit": "set", "quantity": 6, "price": 1_000}
        for n, (code, name) in enumerate((("PQ-R", "Pakai Quantum"), ("PQ-S", "Pakai S")), start=1)
    ]
    take(
        shop, ("branch", "1", {"branch": 1, "name": "Pusat"}),
        ("branch", "2", {"branch": 2, "name": "Cabang 2"}),
        ("transfer", "1/1/12", {"at": AT, "actor": "sari", "note": "dus 1", "lines": lines}),
        ("stock", "1", {"branch": 1, "at": AT, "items": [["PQ-R", 70], ["KOS-0", 4]]}),
        ("points", "1", {"branch": 1, "phone": ANI, "points": 30, "at": AT}),
        ("price", "PQ-R", {"code": "PQ-R", "price": 90_000, "at": AT}),
        ("nanti", "x", {}),
    )  # fmt: skip


def on(here: Counter) -> str:
    """The name of the screen."""
    return type(here.app.screen).__name__


async def test_a_shop_without_a_chain(shop: Shop) -> None:
    """Nothing of branches is in the menu of a shop that is none, and its keys do nothing there."""
    async with counter(shop, staff(shop)) as here:
        menu = here.app.screen
        assert isinstance(menu, MenuScreen)
        assert not [each for each in menu.entries() if each.chain]
        await here.press("i", "c", "n")
        assert here.app.screen is menu


async def test_goods_are_received_line_by_line(shop: Shop) -> None:
    """What came is entered by line, the rest as it was sent, and taken in once; then goods are sent
    on, with the branch and the number told."""
    chained(shop)
    async with counter(shop, staff(shop, "Kepala Bengkel")) as here:
        await here.press("i")
        assert on(here) == "TransfersScreen"
        await here.until(lambda: "Pusat" in here.text, here.text)
        await here.press("enter")
        assert on(here) == "ArrivalScreen"
        await here.until(lambda: "PQ-S" in here.text, here.text)
        await here.press("enter")
        await here.press("backspace", "4", "enter", "1", "f4")
        await here.until(lambda: "1 rusak, 1 kurang" in here.text, here.text)
        await here.press("o")
        await here.until(lambda: shop.one("SELECT count(*) FROM arrival_lines WHERE arrived") == 2)
        # Somebody has taken one of them off sale meanwhile.
        shop.ctx.db.execute("UPDATE items SET active = 0 WHERE id = 6")
        await here.press("m")
        await here.until(lambda: "PQ-R" in here.text and "dijual lagi" in here.text, here.text)
        await here.press("v")
        await here.until(lambda: "PQ-R: 1 rusak, 1 kurang" in here.text, here.text)
        await here.type("satu pecah")
        await here.press("f4")
        await here.until(lambda: "dibukukan" in here.notice, here.text)
        assert shop.one("SELECT active FROM items WHERE id = 6") == 1
        await here.until(lambda: "Catatan kita" in here.text, here.text)
        await here.press("m")
        assert "sudah diterima" in here.notice
        assert catalogue.by_code(shop.ctx, "PQ-R").on_hand == 104
        await here.press("escape", "k", "enter")
        await here.until(lambda: "Stok berkurang begitu dikirim" in here.text, here.text)
        assert "Barang untuk Pusat" in here.text
        await here.paste("3 pq-r")
        await here.press("enter", "f4", "f4")
        await here.until(lambda: "Kiriman 1" in here.notice, here.text)
    assert shop.one("SELECT to_branch FROM transfers") == 1
    assert catalogue.by_code(shop.ctx, "PQ-R").on_hand == 101


@pytest.mark.soak
async def test_what_other_branches_have(shop: Shop) -> None:
    """Stock elsewhere stands with its time in its list and beside the item, with the head office's
    price; points elsewhere beside the customer, who gets them asked for; the head office's page says
    what could not be taken, and tries again."""
    chained(shop)
    cards.add(shop.ctx, cards.Card("Ani", phone=ANI))
    points.give(shop.ctx, 1, 5, "")
    async with counter(shop, staff(shop)) as here:
        await here.press("c", "right")
        await here.until(lambda: "KOS-0" in here.text, here.text)
        assert "Pusat" in here.text
        await here.press("escape", "6", "slash")
        await here.type("pq-r")
        await here.until(lambda: "Kantor pusat" in here.text and "70" in here.text, here.text)
        await here.press("enter", "escape", "escape", "7")
        await here.until(lambda: "30 Pusat" in here.text, here.text)
        await here.press("m", "f4")
        await here.until(lambda: "diminta dari Pusat" in here.notice, here.text)
        await here.until(lambda: "30 sedang diminta" in here.text, here.text)
        await here.press("escape", "n")
        assert on(here) == "OfficeScreen"
        await here.until(lambda: "Sesuatu yang baru" in here.text, here.text)
        await here.press("l")
        await here.until(lambda: "1 tidak bisa" in here.notice, here.text)
    assert shop.one("SELECT points FROM grant_requests") == 30
