"""Texts that mean harm, on every screen and in every field: shown as they are, obeyed by nothing."""

import re

import pytest
from textual.widgets import Input

from crm_tui.screens import listpage
from crm_tui.screens.widgets.form import Form
from crm_tui.screens.widgets.paged import PagedList
from crm_tui.screens.widgets.plain import Plain
from crm_tui.shop import customers, decisions, outbox
from crm_tui.text import one_line, visible
from tests.conftest import HOSTILE
from tests.counter import LARGE, SMALL, Counter, counter, staff
from tests.shop import Shop

pytestmark = pytest.mark.asyncio

CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


def plant(shop: Shop) -> None:
    """Each text stands wherever a customer, or an import, can bring it."""
    for number, text in enumerate(HOSTILE.values(), start=1):
        phone = f"+6281100000{number:03d}"
        for asked in ("PESAN PQ-R 1", "Pak?", "PESAN PQ-S 1"):
            shop.says(phone, asked)
            shop.run(1)
        customers.register(shop.ctx, number, text, text)
        decisions.confirm(shop.ctx, 2 * number - 1)
        message = outbox.send(shop.ctx, phone, "Halo")
        shop.run(1)
        with shop.ctx.store.transaction() as db:
            db.execute(
                "UPDATE messages SET text = ?, reason = ? WHERE phone = ?", (text, text, phone)
            )
            db.execute("UPDATE messages SET status = 'in_doubt' WHERE id = ?", (message,))
            db.execute(
                "UPDATE order_lines SET name = ?, unit = ? WHERE order_id IN (?, ?)",
                (text, text, 2 * number - 1, 2 * number),
            )
            # Items 1 to 7 get the first of them.
            db.execute("UPDATE items SET name = ?, unit = ? WHERE id = ?", (text, text, number))


def clean(here: Counter, what: str) -> None:
    """Nothing on the screen could be a control, and the program goes on."""
    found = CONTROLS.search(here.text)
    assert found is None, (what, found)
    assert here.app.is_running


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
async def test_every_screen(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    """Each screen shows each of the texts literally, row by row, and goes on."""
    plant(shop)
    monkeypatch.setattr(listpage, "STEADY_SECONDS", 0.0)
    async with counter(shop, staff(shop), size=size) as here:
        for key, boxes in (("1", "tu"), ("2", "jo"), ("3", ""), ("4", "apx")):
            await here.press(key)
            rows = here.app.screen.query_one(PagedList)
            for _ in HOSTILE:
                clean(here, key)
                if key == "2":
                    details = here.app.screen.query_one("#details-text", Plain)
                    shown = " ".join(str(details.render()).split())
                    assert one_line(str(rows.current.values["text"]), 13)[:12].strip() in shown  # type: ignore[union-attr]
                for box in boxes if size == SMALL else "":
                    await here.press(box)
                    clean(here, f"{key} {box}")
                    await here.press("escape")
                rows.move(1)
                await here.settle()
            await here.press("enter" if key in "123" else "escape")
            clean(here, f"{key} enter")
            await here.press("escape", "escape")
            while len(here.app.screen_stack) > 3:
                await here.press("escape")
        for text in HOSTILE.values():
            if text.strip():
                with shop.ctx.store.transaction() as db:
                    db.execute("UPDATE settings SET value = ? WHERE key = 'shop.name'", (text,))
                    db.execute("UPDATE gateway SET operator = ?", (text,))
                    db.execute("INSERT INTO changes (topic, row_id) VALUES ('settings', 0)")
                await here.pilot.pause(0.3)
                clean(here, "shop's name")


async def test_every_field(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Typed or pasted into any field each text stays text: searched for, sent, or refused with a
    sentence."""
    for number in range(1, len(HOSTILE) + 1):
        shop.says(f"+6281100000{number:03d}", "Pak?")
        shop.says(f"+6281100000{number:03d}", "PESAN PQ-R 1")
    shop.run(30)
    monkeypatch.setattr(listpage, "STEADY_SECONDS", 0.0)
    async with counter(shop, staff(shop)) as here:

        async def put(selector: str, text: str) -> None:
            field = here.app.screen.query_one(selector)
            if isinstance(field, Input):
                field.value = text
            else:
                field.text = text  # type: ignore[attr-defined]
            await here.settle()
            clean(here, f"{selector} {text[:20]!r}")

        async def leave_form() -> None:
            if isinstance(here.app.screen, Form):
                await here.press("escape", "escape")

        await here.press("f2")
        for text in HOSTILE.values():
            await put("#field-find", text)
        await here.press("escape", "1", "slash")
        for text in HOSTILE.values():
            await put("#field-search", text)
        await here.press("escape")
        for text in HOSTILE.values():
            await here.pilot.pause(0.3)
            await here.press("t")
            await put("#field-reason", text)
            await here.press("enter")
            clean(here, "reject")
            await leave_form()
        await here.press("escape", "2")
        for text in HOSTILE.values():
            await here.pilot.pause(0.3)
            await here.press("j")
            await put("#field-text", text)
            await here.press("enter")
            clean(here, "reply")
            await leave_form()
        # What was seen is what is sent.
        sent = {row["text"] for row in shop.rows("SELECT text FROM messages WHERE kind = 'hand'")}
        assert sent <= {visible(text) for text in HOSTILE.values()}
        assert len(sent) > 5
        await here.press("escape", "p")
        for text in HOSTILE.values():
            await put("#field-pin", text)
            await here.press("enter")
            clean(here, "pin")
        await here.press("escape", "escape", "f9")
        for text in HOSTILE.values():
            await put("#field-name", text)
            await put("#field-secret", text)
            await here.press("enter")
            clean(here, "lock")
