"""What the till shows of a sale, and what F2 shows of a shop: no screen is opened for it."""

from collections.abc import Callable
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any, cast

import pytest
from textual import events
from textual.app import App
from textual.widgets import Input

from crm_tui.desk import Desk, Unforeseen
from crm_tui.i18n import translate
from crm_tui.screens.finder import things
from crm_tui.screens.sales.lines import SaleLines
from crm_tui.screens.sales.till import TillScreen
from crm_tui.screens.shell.scans import SCANNED, Scans
from crm_tui.shop.sales.cart import Cart, CartLine
from tests.shop import Shop


def tr(text: str, /, **params: object) -> str:
    return translate(text, "id", **params)


def shown(cart: Cart, marked: int, width: int = 78, height: int = 10) -> list[str]:
    lines = SaleLines(tr)
    lines._cart, lines._marked = cart, marked
    return lines._content(width, height).plain.split("\n")


def test_what_is_taken_off_stands_by_the_price() -> None:
    """The name begins below its heading also where an offer takes something off."""
    dear = CartLine(1, "BSI-C7", "Busi NGK", "pcs", 18000, 1, offer=540)
    heading, line = shown(Cart((dear,)), 0)
    assert line.index("Busi NGK") == heading.index("Nama")
    assert (
        line.index("Busi") < line.index("-Rp540") < line.index("Rp18.000") < line.index("Rp17.460")
    )


@pytest.mark.parametrize(("marked", "told"), [(0, "↓5"), (7, "↑1 ↓4"), (11, "↑5")])
def test_lines_out_of_sight_are_counted(marked: int, told: str) -> None:
    """A sale longer than the screen says how many of its lines stand above and below."""
    cart = Cart(tuple(CartLine(n, f"K-{n:02}", f"Barang {n}", "pcs", 1000, 1) for n in range(12)))
    heading, *lines = shown(cart, marked, height=8)
    above = 0 if "↑" not in told else int(told[1])
    below = 0 if "↓" not in told else int(told[-1])
    assert above + len(lines) + below == 12
    assert told in heading
    assert f"Barang {marked}" in " ".join(lines)


def test_few_lines_are_not_counted() -> None:
    """Where all is seen, nothing is said of it."""
    heading, _ = shown(Cart((CartLine(1, "A", "B", "pcs", 1, 1),)), 0)
    assert "↑" not in heading
    assert "↓" not in heading


@pytest.mark.asyncio
@pytest.mark.parametrize("count", [5, 6])
async def test_more_than_is_shown_is_said(shop: Shop, count: int) -> None:
    """Five of a kind are shown; that there are more is a row of its own, which opens the list."""
    for number in range(count):
        shop.ctx.db.execute(
            "INSERT INTO items (code, code_key, name, unit, price) VALUES (?, ?, 'Zebra', 'pcs', 1)",
            (f"ZB-{number}", f"ZB{number}"),
        )

    async def ask(do: Callable[..., object], *words: object, **more: object) -> object:
        return do(shop.ctx, *words, **more)

    desk = cast(Desk, SimpleNamespace(may=lambda permission: True, ask=ask))
    found = await things.find(desk, "zebra")
    assert [each.name for each in found] == [f"ZB-{n}" for n in range(5)] + [""] * (count > 5)
    if count > 5:
        screen = cast(Any, found[-1].open())
        assert screen._first_search == "zebra"


@pytest.mark.asyncio
@pytest.mark.parametrize(("between", "heard"), [((), True), (("f4", "down"), False)])
async def test_an_enter_behind_another_key_is_meant(between: tuple[str, ...], heard: bool) -> None:
    """A scanner that ends with two Enters ends once; an Enter that follows another key is no end of
    the scan before it, however quick the hand was."""
    passed: list[str] = []

    async def forward(event: events.Key) -> None:
        passed.append(event.key)

    screen = SimpleNamespace(focused=Input())
    app = cast(App[str], SimpleNamespace(screen=screen, set_timer=lambda *_: None))
    scans = Scans(app, forward, passed.append)
    scans.gap = 0.05

    at = [0.0]

    async def press(key: str, after: float) -> bool:
        at[0] += after
        event = events.Key(key, key if len(key) == 1 else None)
        event.time = at[0]
        return await scans.take(event)

    for each in "KRVAR":
        await press(each, 0.005)
    assert await press("enter", 0.005)
    assert passed == [SCANNED]
    for each in between:
        assert not await press(each, 0.06)
    assert await press("enter", 0.06) is heard


@pytest.mark.asyncio
@pytest.mark.parametrize("works", [True, False])
async def test_a_line_is_kept_before_it_is_seen(works: bool) -> None:
    """Whatever ends the program, no line that was seen is lost: it is kept first, as it is, and one
    that could not be kept is not shown."""
    before, after = Cart(), Cart((CartLine(1, "BSI-C7", "Busi NGK", "pcs", 18000, 1),))
    happened: list[tuple[str, object]] = []

    async def act(_command: object, _place: int, cart: Cart, _who: object) -> None:
        happened.append(("kept", cart))
        if not works:
            raise Unforeseen()

    async def place() -> int:
        return 1

    screen: Any = SimpleNamespace(
        desk=SimpleNamespace(act=act, place=place), cart=before, _customer=None, _marked=0,
        draw_frame=lambda: happened.append(("shown", screen.cart)),
    )  # fmt: skip
    with nullcontext() if works else pytest.raises(Unforeseen):
        await TillScreen._change(screen, after)
    assert happened == [("kept", after), ("shown", after)][: 1 + works]
    assert screen.cart == (after if works else before)
