"""At the till nothing that was typed is ever gone without a word, however busy the computer is."""

import asyncio
import random
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual import events
from textual.message import Message

from crm_tui.desk import Unforeseen
from crm_tui.screens.sales.paying import Pay
from crm_tui.screens.sales.till import TillScreen
from crm_tui.screens.widgets.line import Line
from crm_tui.screens.widgets.paged import PagedList
from crm_tui.shop.sales import printing
from crm_tui.shop.sales.settings import PRINT_ALWAYS
from tests.counter import Counter, counter, key_event, staff
from tests.daily import daily
from tests.shop import Shop

KNOWN = {"PQ-R": "PQ-R", "cd2x": "CD-2-X", "PQ-S": "PQ-S", "ab-1": "AB-1", "ef3": "EF-3"}
"""Codes as they are scanned, and the items'."""
UNKNOWN = ("zz9-8", "QQ-1", "8991")
_STEP = 0.01
_LATE = (0.06, 0.09)
"""Seconds between two keys of a scanner when the computer is busy."""
_ANSWERS = (0.0, 0.0, 0.001, 0.005, 0.03)
"""Seconds that the store lets wait for."""


def _slow(
    do: Callable[..., Awaitable[Any]], chance: random.Random
) -> Callable[..., Awaitable[Any]]:
    async def slowly(*args: Any, **options: Any) -> Any:
        await asyncio.sleep(chance.choice(_ANSWERS))
        answer = await do(*args, **options)
        await asyncio.sleep(chance.choice(_ANSWERS))
        return answer

    return slowly


class Typist:
    """Types as a scanner does, at moments of its own: the keys say how late they came, nobody waits."""

    def __init__(self, here: Counter, chance: random.Random) -> None:
        self._here, self._chance = here, chance
        self._moment = Message().time

    async def type(self, text: str, late: float = 0.3) -> None:
        for char in text:
            key = key_event("enter" if char == "\r" else char)
            hurry = self._chance.random() >= late
            self._moment += _STEP if hurry else self._chance.choice(_LATE)
            key.time = self._moment
            self._here.app.post_message(key)
            if self._chance.random() < 0.5:
                await asyncio.sleep(self._chance.choice(_ANSWERS))


def _till(here: Counter) -> TillScreen:
    assert isinstance(here.app.screen, TillScreen), here.text
    return here.app.screen


async def _told_or_taken(here: Counter, entered: list[str]) -> None:
    """Each of what was entered is in the sale, stands in the line, or is told of."""
    await here.until(lambda: not _till(here).entering.busy, here.text)
    await here.settle()
    till = _till(here)
    taken = {line.code: line.quantity for line in till.cart.lines}
    for text in dict.fromkeys(entered):
        if taken.get(KNOWN.get(text, ""), 0) < entered.count(text):
            assert text in till.line.value or text in here.notice, (text, entered, here.text)
    for code, count in taken.items():
        assert count <= sum(KNOWN.get(text) == code for text in entered), (code, entered, here.text)


@pytest.mark.asyncio
@pytest.mark.parametrize("seed", daily(range(60), 2))
async def test_what_is_entered_is_taken_or_told_of(shop: Shop, seed: int) -> None:
    """However late keys come and the store answers, what was entered is in the sale, stands in the
    line, or is told of; and codes that are known are all in the sale."""
    chance = random.Random(seed)
    async with counter(shop, staff(shop), scanner=True) as here:
        await here.scan("0", "f24")
        await here.until(lambda: isinstance(here.app.screen, TillScreen), "no till")
        desk = here.app.desk
        desk.ask = _slow(desk.ask, chance)  # type: ignore[method-assign, assignment]
        desk.act = _slow(desk.act, chance)  # type: ignore[method-assign, assignment]
        typist, entered = Typist(here, chance), list[str]()
        unknown = iter(UNKNOWN)
        for code in chance.sample([*KNOWN, *list(KNOWN)[:4]], 7):
            entered.append(code)
            await typist.type(code + "\r")
            if chance.random() < 0.3 and (text := next(unknown, "")):
                entered.append(text)
                await typist.type(text + "\r")
        await _told_or_taken(here, entered)
        codes = [text for text in entered if text in KNOWN]
        assert sum(line.quantity for line in _till(here).cart.lines) == len(codes), here.text


def _scan_late(here: Counter, code: str, cut: int) -> None:
    """A scan of which the key in this place, and what follows, came late."""
    began = Message().time
    for place, key in enumerate([*map(key_event, code), key_event("enter")]):
        key.time = began + place * _STEP + (0.2 if place >= cut else 0.0)
        here.app.post_message(key)


@pytest.mark.asyncio
@pytest.mark.parametrize("cut", daily(range(1, 4)))
async def test_a_code_cut_by_a_busy_computer_is_whole(shop: Shop, cut: int) -> None:
    """A code of which some keys came late is the code all the same, not what came after the gap."""
    async with counter(shop, staff(shop), scanner=True) as here:
        await here.scan("0", "f24")
        await here.until(lambda: isinstance(here.app.screen, TillScreen), "no till")
        for code in KNOWN:
            _scan_late(here, code, cut)
            await here.settle()
        await _told_or_taken(here, list(KNOWN))
        assert len(_till(here).cart.lines) == len(KNOWN), here.text
        await here.press("f4")
        box = here.app.screen
        assert isinstance(box, Pay)
        _scan_late(here, "PQ-R2", cut)
        await here.settle()
        # Too little of it may have come in one: then it stands there, in red.
        assert [*box.scans, box.query_one(Line).value][0] == "PQ-R2", here.text


@pytest.mark.asyncio
async def test_a_miss_is_told_of_until_it_was_seen(shop: Shop) -> None:
    """What was not found and scanned over stays told of, holds up the payment once, and is forgotten
    when it is in the sale after all, or when somebody presses Esc."""
    async with counter(shop, staff(shop), scanner=True) as here:
        await here.scan("0", "f24")
        await here.until(lambda: isinstance(here.app.screen, TillScreen), "no till")
        typist = Typist(here, random.Random(1))
        await typist.type("PQ-R\rzz9\rPQ-S\rab-1\r", 0.0)
        await _told_or_taken(here, ["PQ-R", "zz9", "PQ-S", "ab-1"])
        assert '"zz9" belum diambil' in here.notice
        await here.press("f4")
        assert '"zz9"' in here.notice
        assert isinstance(here.app.screen, TillScreen)
        await here.press("escape")
        assert '"zz9"' not in here.text
        await here.press("f4")
        assert not isinstance(here.app.screen, TillScreen)


@pytest.mark.asyncio
async def test_what_is_typed_behind_a_payment_that_does_not_come(shop: Shop) -> None:
    """Keys behind the one that pays are told of where the payment is not asked for after all."""
    async with counter(shop, staff(shop), scanner=True) as here:
        await here.scan("0", "f24")
        await here.until(lambda: isinstance(here.app.screen, TillScreen), "no till")
        desk = here.app.desk
        desk.ask = _slow(desk.ask, random.Random(3))  # type: ignore[method-assign, assignment]
        for key in [*map(key_event, "zz9"), events.Key("enter", "\r"), events.Key("f4", None),
                    *map(key_event, "12345")]:  # fmt: skip
            here.app.post_message(key)
        await here.until(lambda: not _till(here).entering.busy, here.text)
        await here.settle()
        shown = here.notice + _till(here).line.value
        assert "zz9" in shown
        assert "12345" in shown


@pytest.mark.asyncio
async def test_a_paste_goes_behind_what_stands_there(shop: Shop) -> None:
    """Of lines that are pasted the first goes on with what was typed."""
    async with counter(shop, staff(shop)) as here:
        await here.press("0")
        await here.type("3 ")
        await here.paste("PQ-R\nCD-2-X\n")
        await here.until(lambda: not _till(here).entering.busy, here.text)
        await here.settle()
        assert [line.quantity for line in _till(here).cart.lines] == [3, 1], here.text


@pytest.mark.asyncio
@pytest.mark.soak
async def test_what_is_typed_behind_an_enter_is_the_next_fields(shop: Shop) -> None:
    """However quickly it follows, what is typed behind an Enter goes into the field that is next; the
    new customer is the one under the cursor then."""
    async with counter(shop, staff(shop)) as here:
        await here.press("7", "n")
        for key in ("p", "a", "k", "enter", *"081211112222", "enter", "j", "l"):
            here.app.post_message(key_event(key))
        await here.settle()
        values = {name: here.app.screen.query_one(f"#field-{name}", Line).value
                  for name in ("name", "phone", "address")}  # fmt: skip
        assert values == {"name": "pak", "phone": "081211112222", "address": "jl"}
        await here.press("f4")
        row = here.app.screen.query_one(PagedList).current
        assert row is not None
        assert row.id == shop.one("SELECT id FROM customers WHERE name = 'pak'")


@pytest.mark.asyncio
@pytest.mark.soak
async def test_keys_come_back_with_the_room(shop: Shop) -> None:
    """A sentence that took two lines of a narrow window leaves the keys of a wider one alone."""
    async with counter(shop, staff(shop)) as here:
        await here.pilot.resize_terminal(30, 12)
        await here.press("0")
        page = _till(here)
        page.notice("Belum dibayar: penjualan ini dilanjutkan.")
        line = page.query_one("#notice")
        await here.until(lambda: line.has_class("tall"))
        await here.pilot.resize_terminal(80, 24)
        await here.until(lambda: not line.has_class("tall"), here.text)


def _late(do: Callable[..., Awaitable[Any]], name: str, may_go_on: asyncio.Event) -> Any:
    """The store, which answers this one question late."""

    async def late(question: Any, *args: Any, **options: Any) -> Any:
        answer = await do(question, *args, **options)
        if question.__name__ == name:
            await may_go_on.wait()
        return answer

    return late


@pytest.mark.soak
@pytest.mark.asyncio
async def test_what_is_scanned_while_leaving_is_told_of(shop: Shop) -> None:
    """A code scanned while the sale is put aside on leaving is in the next sale, which stays."""
    async with counter(shop, staff(shop), scanner=True) as here:
        await here.press("0")
        await here.scan("PQ-R")
        await here.until(lambda: "Total Rp85.000" in here.text, here.text)
        await here.press("escape")
        desk, may_go_on = here.app.desk, asyncio.Event()
        desk.act = _late(desk.act, "park", may_go_on)  # type: ignore[method-assign]
        await here.pilot.press("f11")
        await here.until(lambda: isinstance(here.app.screen, TillScreen), here.text)
        _scan_late(here, "AB-1", 9)
        await here.until(lambda: _till(here).entering.busy, here.text)
        may_go_on.set()
        await here.until(lambda: "Total Rp10.000" in here.text)
    assert shop.one("SELECT count(*) FROM parked_sales") == 1


@pytest.mark.soak
@pytest.mark.asyncio
async def test_what_is_pasted_behind_the_key_that_pays_is_paid(shop: Shop) -> None:
    """Lines pasted before the box for the money stands are in the sale that is paid, or it is not."""
    async with counter(shop, staff(shop), scanner=True) as here:
        await here.press("0")
        await here.scan("PQ-R")
        await here.until(lambda: "Total Rp85.000" in here.text, here.text)
        desk, may_go_on = here.app.desk, asyncio.Event()
        known = asyncio.Event()
        desk.act = _late(desk.act, "keep", may_go_on)  # type: ignore[method-assign]
        desk.ask = _late(desk.ask, "costs", known)  # type: ignore[method-assign]
        await here.pilot.press("f4")
        here.app.post_message(events.Paste("CD-2-X\rAB-1\r"))
        await here.until(lambda: _till(here).entering.busy, here.text)
        known.set()
        for _ in range(20):
            await here.pilot.pause()
        may_go_on.set()
        await here.until(lambda: "Total Rp120.000" in here.text, here.text)
        await here.press("f4", "f4")
    assert shop.one("SELECT sum(amount) FROM payments") == 120_000
    assert shop.one("SELECT count(*) FROM open_sales") == 0


@pytest.mark.asyncio
async def test_what_was_sold_is_not_sold_again(shop: Shop) -> None:
    """Where nothing can be found out of a sale that was just written, it is done all the same: the same
    key does not sell it twice."""
    async with counter(shop, staff(shop), scanner=True) as here:
        await here.press("0")
        await here.scan("PQ-R")
        await here.until(lambda: "Total Rp85.000" in here.text, here.text)
        await here.press("f4")
        desk = here.app.desk
        ask = desk.ask

        async def fails(question: Any, *args: Any, **options: Any) -> Any:
            if question.__name__ == "settled":
                raise Unforeseen()
            return await ask(question, *args, **options)

        desk.ask = fails  # type: ignore[method-assign, assignment]
        await here.press("f4")
        await here.until(lambda: "✗" in here.notice, here.text)
        assert "tercatat" in here.notice
        await here.press("f4", "f4")
    assert shop.one("SELECT count(*) FROM sales") == 1


@pytest.mark.soak
@pytest.mark.asyncio
async def test_no_printer_is_waited_for(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the printer is, the next sale is scanned and paid meanwhile."""
    shop.set(PRINT_ALWAYS, 1)
    printed = threading.Event()
    monkeypatch.setattr(printing, "send", lambda text, printer: printed.wait(20))
    async with counter(shop, staff(shop), scanner=True) as here:
        await here.press("0")
        await here.scan("PQ-R")
        await here.until(lambda: "Total Rp85.000" in here.text)
        await here.pilot.press("f4")
        await here.until(lambda: isinstance(here.app.screen, Pay))
        await here.pilot.press("f4")
        await here.until(lambda: "LUNAS" in here.text)
        _scan_late(here, "AB-1", 9)
        await here.until(lambda: "Total Rp10.000" in here.text)
        await here.pilot.press("f4")
        await here.until(lambda: isinstance(here.app.screen, Pay))
        printed.set()
