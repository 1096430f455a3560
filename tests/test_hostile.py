"""Texts that mean harm, on every screen and in every field: shown as they are, obeyed by nothing."""

import re

import pytest
from textual.widgets import Input

from crm_tui.screens.widgets.form import Form
from crm_tui.shop import customers, decisions, outbox
from crm_tui.text import one_line, visible
from tests.counter import LARGE, SMALL, Counter, counter, staff
from tests.shop import ANI, Shop

pytestmark = pytest.mark.asyncio

CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


def plant(shop: Shop, text: str) -> None:
    """The text stands wherever a customer, or an import, can bring it."""
    shop.ask(ANI, "PESAN PQ-R 2")
    shop.ask(ANI, "Pak?")
    customers.register(shop.ctx, 1, text, text)
    decisions.confirm(shop.ctx, 1)
    shop.run(5)
    shop.ask(ANI, "PESAN PQ-S 1")
    outbox.send(shop.ctx, ANI, "Halo")
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE messages SET text = ?, reason = ?", (text, text))
        db.execute("UPDATE items SET name = ?, unit = ?", (text, text))
        db.execute("UPDATE order_lines SET name = ?, unit = ?", (text, text))
        if text.strip():
            db.execute("UPDATE settings SET value = ? WHERE key = 'shop.name'", (text,))
        db.execute("UPDATE gateway SET operator = ?", (text,))
        db.execute("UPDATE messages SET status = 'in_doubt' WHERE kind = 'hand'")


def clean(here: Counter, what: str) -> None:
    """Nothing on the screen could be a control, and no line is wider than the terminal."""
    found = CONTROLS.search(here.text)
    assert found is None, (what, found)
    assert here.app.is_running


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
async def test_every_screen(shop: Shop, hostile: str, size: tuple[int, int]) -> None:
    """Each screen shows the text literally, whatever it is, and goes on."""
    plant(shop, hostile)
    async with counter(shop, staff(shop), size=size) as here:
        steps = (
            ("orders", ("1",)), ("reject", ("t",)), ("change", ("escape", "u")),
            ("conversation", ("escape", "enter")), ("inbox", ("escape", "escape", "2")),
            ("reply", ("j",)), ("basket", ("escape", "o")), ("all", ("escape", "right")),
            ("outbox", ("escape", "3")), ("decide", ("right",)), ("pickups", ("escape", "4")),
            ("collect", ("a",)), ("receipt", ("enter",)), ("lock", ("escape", "f9")),
        )  # fmt: skip
        for what, keys in steps:
            await here.press(*keys)
            clean(here, what)
            if what == "inbox" and hostile.strip():
                start = one_line(visible(hostile), 12).rstrip("…")[:8].strip()
                assert start in here.text, (what, start)


async def test_every_field(shop: Shop, hostile: str) -> None:
    """Typed or pasted into any field it stays text: searched for, sent, refused with a sentence."""
    shop.ask(ANI, "PESAN PQ-R 2")
    shop.ask(ANI, "Pak?")
    async with counter(shop, staff(shop)) as here:

        async def put(selector: str) -> None:
            field = here.app.screen.query_one(selector)
            if isinstance(field, Input):
                field.value = hostile
            else:
                field.text = hostile  # type: ignore[attr-defined]
            await here.settle()
            clean(here, selector)

        await here.press("f2")
        await put("#field-find")
        await here.press("escape", "1", "slash")
        await put("#field-search")
        await here.press("escape", "t")
        await put("#field-reason")
        await here.press("enter")
        clean(here, "reject")
        if isinstance(here.app.screen, Form):
            await here.press("escape", "escape")
        await here.press("escape", "2", "j")
        await put("#field-text")
        await here.press("enter")
        clean(here, "reply")
        if isinstance(here.app.screen, Form):
            await here.press("escape", "escape")
        # What was seen is what is sent.
        sent = [row["text"] for row in shop.rows("SELECT text FROM messages WHERE kind = 'hand'")]
        assert all(text == visible(hostile) for text in sent)
        await here.press("escape", "p")
        await put("#field-pin")
        await here.press("enter")
        clean(here, "pin")
        await here.press("escape", "escape", "f9")
        await put("#field-name")
        await put("#field-secret")
        await here.press("enter")
        clean(here, "lock")
