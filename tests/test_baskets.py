"""Boxes in which goods are put together: the till's rules, and a way back from an order."""

import threading
from typing import Any

import pytest

from crm_tui.screens.items.basket import Basket
from crm_tui.screens.items.stock import GoodsBasket
from crm_tui.shop.gate import undo
from crm_tui.shop.imports import items as import_items
from crm_tui.shop.items.errors import ItemGone
from crm_tui.shop.orders import deciding
from crm_tui.shop.orders.errors import OrderNotOpen, TooLateToTakeBack
from crm_tui.shop.overview import undoing
from tests.counter import counter, staff
from tests.daily import daily
from tests.shop import ANI, Shop
from tests.test_till_line import MORE

SAID = "bos, jejengkol kemarin sikok lagi"


@pytest.fixture
def stocked(shop: Shop) -> Shop:
    """A shop with items that resemble each other, and an SMS that only people understand."""
    path = shop.folder / "more.csv"
    path.write_text(MORE)
    import_items.apply(shop.ctx, import_items.read_file(path), path.name)
    shop.ask(ANI, SAID)
    return shop


def waiting(shop: Shop) -> int:
    return int(shop.one("SELECT id FROM messages WHERE direction = 'in' AND status = 'staff'"))


@pytest.mark.asyncio
@pytest.mark.parametrize("keys", daily(["2o", "km"]))
async def test_nothing_is_taken_that_was_not_typed(stocked: Shop, keys: str) -> None:
    """In the box of an order and in that of a delivery signs, fragments and misspelt words take
    nothing, several that fit are marked, and what is whole is taken."""
    async with counter(stocked, staff(stocked)) as here:
        await here.press(keys[0])
        await here.until(lambda: keys != "2o" or "jejengkol" in here.text, here.text)
        await here.press(keys[1])
        await here.until(lambda: isinstance(here.app.screen, Basket), here.text)
        box = here.app.screen
        assert isinstance(box, Basket)
        for typed in (".", "0", "-", "kampaz", "kmapas vario", "vari", "9", "kampas rem beat"):
            await here.type(typed)
            await here.press("enter")
            assert not box._lines, typed
            assert ("✗" in here.text) == (typed != "kampas rem beat"), here.text
        # What fits is marked, and a person says which.
        assert "2 barang cocok" in here.text
        await here.press("ctrl+u")
        await here.type("2 kampas rem beat")
        await here.press("enter")
        box.entering._entered_at = 0.0
        await here.press("enter")
        assert [(each.item.code, each.count) for each in box._lines.values()] == [("KR-BEAT-D", 2)]
        assert "✗" not in here.text
        await here.type("3")
        await here.press("enter")
        await here.type("2 ganda vario" + (" @50rb" if keys == "km" else ""))
        await here.press("enter")
        assert [(each.item.code, each.count) for each in box._lines.values()] == [
            ("KR-BEAT-D", 3), ("KG-VAR", 2),
        ]  # fmt: skip
        if isinstance(box, GoodsBasket):
            assert [each.cost for each in box._lines.values()] == [None, 50_000]
            return
        # An order promises nothing that is not there.
        for typed in ("9999 bsi", "KR-BEAT-B", "4 KG-VAR"):
            await here.type(typed)
            await here.press("enter")
            assert "✗" in here.text
            await here.press("ctrl+u")
        assert "Total Rp561.000" in here.text
        await here.type("0 ganda vario")
        await here.press("enter")
        assert "Total Rp141.000" in here.text
        before = stocked.one("SELECT count(*) FROM messages WHERE direction = 'out'")
        await here.press("f4")
        await here.until(lambda: "Pesanan 1" in here.notice, here.text)
        assert "z " in here.notice, here.notice
        await here.press("z")
        await here.until(lambda: stocked.one("SELECT status FROM orders") == "cancelled")
        sent = "SELECT count(*) FROM messages WHERE direction = 'out' AND status <> 'cancelled'"
        assert stocked.one(sent) == before
        await here.until(
            lambda: stocked.one("SELECT count(*) FROM messages WHERE status = 'staff'")
        )
        await here.press("o")
        assert "3 KR-BEAT-D" in " ".join(here.text.split())


@pytest.mark.soak
@pytest.mark.asyncio
@pytest.mark.parametrize("placed", [True, False])
async def test_what_is_scanned_while_an_order_is_placed_is_not_lost(
    stocked: Shop, monkeypatch: pytest.MonkeyPatch, placed: bool
) -> None:
    """It is offered if the order is placed without it, and put in if the order is not placed."""
    async with counter(stocked, staff(stocked)) as here:
        await here.press("2")
        await here.until(lambda: "jejengkol" in here.text)
        await here.press("o", *"kgvar", "enter")
        await here.until(lambda: "Total Rp210.000" in here.text)
        real, may_go_on = deciding.place_for, threading.Event()

        def late(*words: Any, **more: Any) -> Any:
            may_go_on.wait(10)
            if not placed:
                raise ItemGone(code="KG-VAR")
            return real(*words, **more)

        monkeypatch.setattr(deciding, "place_for", late)
        for key in ("f4", *"krvard", "enter"):
            await here.pilot.press(key)
        may_go_on.set()
        if placed:
            await here.until(lambda: not isinstance(here.app.screen, Basket))
        told = "KR-VAR-D" if placed else "Total Rp268.000"
        await here.until(lambda: told in here.text)
    assert stocked.one("SELECT count(*) FROM orders") == placed


def test_an_order_from_an_sms_is_taken_back_while_its_sms_waits(stocked: Shop) -> None:
    """Undone, no SMS goes out, the goods are free, the SMS waits again; not any more once it is
    decided or the customer was told."""
    ctx, message = stocked.ctx, waiting(stocked)
    item = int(stocked.one("SELECT id FROM items WHERE code = 'KG-VAR'"))
    left = "SELECT reserved FROM stock WHERE item_id = ?"
    order = deciding.place_for(ctx, message, {item: 2}, hold=5)
    assert stocked.one(left, item) == 2
    last = undoing.last(ctx)
    assert last is not None
    assert (last.kind, last.asked, last.wanted) == ("placed", message, {item: 2})
    undo.undo(ctx, last.id)
    assert stocked.one(left, item) == 0
    assert stocked.one("SELECT status FROM orders WHERE id = ?", order.number) == "cancelled"
    assert waiting(stocked) == message
    assert not stocked.one(
        "SELECT count(*) FROM messages WHERE direction = 'out' AND status = 'held'"
    )
    deciding.place_for(ctx, message, {item: 1}, hold=5)
    again = undoing.last(ctx)
    assert again is not None
    deciding.confirm(ctx, int(again.label))
    with pytest.raises(OrderNotOpen):
        undo.undo(ctx, again.id)
    stocked.ask(ANI, SAID)
    deciding.place_for(ctx, waiting(stocked), {item: 1}, hold=5)
    third = undoing.last(ctx)
    assert third is not None
    ctx.db.execute("UPDATE messages SET status = 'sent' WHERE status = 'held'")
    with pytest.raises(TooLateToTakeBack):
        undo.undo(ctx, third.id)
