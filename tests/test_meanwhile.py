"""What is pressed while the store still answers the key before it."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, cast

import pytest
from textual.screen import Screen

from crm_tui import i18n
from crm_tui.screens.customers import repaying
from crm_tui.screens.menu.main import MenuScreen
from crm_tui.screens.sales import till as till_screen
from crm_tui.screens.sales.paying import Pay
from crm_tui.screens.sales.receipts import Slip
from crm_tui.screens.sales.till import TillScreen
from crm_tui.screens.shell.listpage import STEADY_SECONDS
from crm_tui.screens.shell.page import Page
from crm_tui.screens.sms import orders as orders_screen
from crm_tui.screens.sms.conversation import ConversationScreen
from crm_tui.screens.sms.orders import OrdersScreen
from crm_tui.screens.widgets.choose import Choose
from crm_tui.screens.widgets.form import Form
from crm_tui.shop.customers import cards
from crm_tui.shop.customers.cards import Card
from crm_tui.shop.orders import deciding
from crm_tui.shop.sales import entry, parked, till
from crm_tui.shop.sales.payment_methods import Paid
from crm_tui.shop.sales.settings import CREDIT_LIMIT, PRINT_ALWAYS
from tests.counter import Counter, counter, staff
from tests.shop import ANI, Shop, cart_of

pytestmark = pytest.mark.asyncio


@contextmanager
def slow(
    monkeypatch: pytest.MonkeyPatch, place: object, name: str, *, first: bool = False
) -> Iterator[Callable[[], None]]:
    """As long as this lasts what the store is asked for answers when it is told to, having been done
    `first` or not; in the end as it did."""
    real, may_go_on = getattr(place, name), threading.Event()

    def late(*words: Any, **more: Any) -> Any:
        done = real(*words, **more) if first else None
        may_go_on.wait(10)
        return done if first else real(*words, **more)

    monkeypatch.setattr(place, name, late)
    try:
        yield may_go_on.set
    finally:
        may_go_on.set()
        monkeypatch.setattr(place, name, real)


async def _type_on(here: Counter, *keys: str) -> None:
    """Press keys, and wait for nothing but that they were looked at."""
    for key in keys:
        await here.pilot.press(key)
    await here.pilot.pause(0.1)


def _is_on_top(here: Counter, screen: type[Screen[Any]]) -> bool:
    return isinstance(here.app.screen, screen)


def _open(shop: Shop) -> list[str]:
    rows = shop.rows("SELECT cart FROM open_sales")
    return [line["code"] for row in rows for line in json.loads(str(row["cart"]))["lines"]]


async def test_a_scan_comes_into_what_the_sale_is_then(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is scanned while a sale is paid, put aside or brought back is of the next one, or of the one
    that was brought back; nothing is sold or kept twice, and nothing is lost."""
    async with counter(shop, staff(shop)) as here:
        await here.press("0", *"PQ-R", "enter", "f4")
        with slow(monkeypatch, till_screen, "settled") as go_on:
            await here.pilot.press("f4")
            await here.until(lambda: isinstance(here.app.screen, TillScreen))
            await _type_on(here, *"PQ-S", "enter")
            go_on()
            await here.settle()
        assert _open(shop) == ["PQ-S"]
        with slow(monkeypatch, parked, "park") as go_on:
            await _type_on(here, "f11", *"AB-1", "enter")
            go_on()
            await here.settle()
        assert _open(shop) == ["AB-1"]
        assert "PQ-S" in str(shop.one("SELECT cart FROM parked_sales"))
        await here.press("delete")
        with slow(monkeypatch, parked, "unpark") as go_on:
            await _type_on(here, "f11", *"PQ-R", "enter")
            go_on()
            await here.settle()
        assert _open(shop) == ["PQ-S", "PQ-R"]
        assert shop.one("SELECT count(*) FROM parked_sales") == 0
        await here.press("f3", "escape")
        assert "tersimpan" not in here.text


async def test_what_was_paid_is_told(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Esc leaves no box in which the money is just being taken: the sale is done, and told of. What
    the printer does not do stands there in red."""
    shop.set(PRINT_ALWAYS, 1)
    monkeypatch.setenv("PATH", str(shop.folder))
    async with counter(shop, staff(shop)) as here:
        await here.press("0", *"PQ-R", "enter", "f4")
        with slow(monkeypatch, till, "sell", first=True) as go_on:
            await here.pilot.press("f4")
            await here.until(lambda: shop.one("SELECT count(*) FROM sales") == 1)
            await _type_on(here, "escape")
            assert isinstance(here.app.screen, Pay)
            go_on()
            await here.until(lambda: isinstance(here.app.screen, TillScreen))
            await here.settle()
        assert "Penjualan 1" in here.text
        assert _open(shop) == []
        await here.until(lambda: here.notice.startswith("✗"), here.text)


async def test_a_sale_stands_open_on_one_screen(shop: Shop) -> None:
    """Wherever one goes from the till, the way to the till leads back to the same one."""
    async with counter(shop, staff(shop)) as here:
        await here.press("0", *"PQ-R", "enter", "f2", *"langsung", "enter")
        assert isinstance(here.app.screen, TillScreen)
        await here.press("f2", *"AB-1", "enter")
        here.app.offer_scans(["PQ-S"])
        await here.until(lambda: isinstance(here.app.screen, Choose))
        await here.press("enter")
        await here.until(lambda: "Total Rp147.000" in here.text, here.text)
        assert [type(each) for each in here.app.screen_stack[2:]] == [MenuScreen, TillScreen]
        assert _open(shop) == ["PQ-R", "PQ-S"]


@pytest.mark.soak
async def test_what_was_done_is_told_where_one_is(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No key decides while the box of another is about to open, and Esc leaves none that is at work;
    what was decided, or could not be, is said on the screen to which one has gone meanwhile."""
    for wanted in ("PESAN PQ-R 1", "PESAN AB-1 1", "PESAN PQ-S 1"):
        shop.ask(ANI, wanted)
    waiting = "SELECT count(*) FROM orders WHERE status = 'waiting'"
    async with counter(shop, staff(shop)) as here:
        await here.press("1")
        with slow(monkeypatch, orders_screen, "HOLD_SECONDS") as go_on:
            await _type_on(here, "t", "k", "z")
            go_on()
            await here.until(lambda: _is_on_top(here, Form))
        assert shop.one(waiting) == 3
        await here.type("habis")
        with slow(monkeypatch, deciding, "reject") as go_on:
            await _type_on(here, "enter", "escape", "escape")
            assert _is_on_top(here, Form)
            go_on()
            await here.until(lambda: _is_on_top(here, OrdersScreen))
        await here.until(lambda: "Pesanan 1 ditolak" in here.notice, here.text)
        await asyncio.sleep(STEADY_SECONDS)
        with slow(monkeypatch, deciding, "confirm") as go_on:
            await _type_on(here, "k")
            await here.app.push_screen(ConversationScreen("+628110000001"))
            go_on()
            await here.until(lambda: shop.one(waiting) == 1)
            await here.settle()
        assert _is_on_top(here, ConversationScreen)
        assert "dikonfirmasi. z mengurungkannya" in here.notice
        await here.press("escape")
        await here.until(lambda: _is_on_top(here, OrdersScreen))
        # The row that came up was seen.
        await asyncio.sleep(STEADY_SECONDS)
        with slow(monkeypatch, deciding, "confirm") as go_on:
            await _type_on(here, "k", "escape")
            deciding.reject(shop.ctx, 3, "habis")
            await here.until(lambda: isinstance(here.app.screen, MenuScreen))
            go_on()
            await here.until(lambda: "✗ Pesanan 3 sudah ditolak" in here.notice, here.text)


async def test_a_repayment_is_told_as_it_was_taken(shop: Shop) -> None:
    """What another counter sells on account meanwhile makes a repayment no smaller."""
    shop.set(CREDIT_LIMIT, 10**6)
    who = cards.add(shop.ctx, Card("Bengkel Maju"))

    def buy() -> None:
        line = entry.enter(shop.ctx, "PQ-R", {}, None).line
        till.sell(shop.ctx, cart_of([line]).sold(), [Paid("account", 85_000)], who)

    async def do(command: Callable[..., Any], *words: Any, **more: Any) -> Any:
        return command(shop.ctx, *words, **more)

    async def answer(box: Form | Slip) -> Any:
        if isinstance(box, Form):
            done = await box._submit({"amount": "50000", "method": "tunai"})
            buy()
            return done
        assert box._done is not None
        told.extend((box._done.amount, str(box._done.how)))
        return None

    buy()
    told: list[Any] = []

    def tr(text: str, /, **params: object) -> str:
        return i18n.translate(text, "id", **params)

    desk = SimpleNamespace(ask=do, act=do)
    page = SimpleNamespace(tr=tr, desk=desk, ask_for=answer, notice=told.append, undo_key="z")
    assert await repaying.repay(cast(Page, page), who, "Maju")
    amount, how, notice = told
    assert amount == 50_000
    assert "Rp120.000" in how
    assert "Rp50.000" in notice
