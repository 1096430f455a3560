"""Texts that mean harm, on every screen and in every field: shown as they are, obeyed by nothing."""

import re

import pytest
from textual.widgets import Input

from crm_tui.screens.shell import listpage
from crm_tui.screens.widgets.dialog import Decide
from crm_tui.screens.widgets.form import Form
from crm_tui.screens.widgets.paged import PagedList
from crm_tui.screens.widgets.plain import Plain
from crm_tui.shop.customers import cards, people
from crm_tui.shop.items import cards as item_cards
from crm_tui.shop.items import catalogue, stock
from crm_tui.shop.messages import outbox
from crm_tui.shop.orders import deciding
from crm_tui.shop.sales import till
from crm_tui.text import one_line, visible
from tests.conftest import HOSTILE
from tests.counter import LARGE, SMALL, Counter, counter, staff
from tests.day import line
from tests.shop import Shop, cart_of

pytestmark = pytest.mark.asyncio

CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


def plant(shop: Shop) -> None:
    """Each text stands wherever a customer, or an import, can bring it."""
    for number, text in enumerate(HOSTILE.values(), start=1):
        phone = f"+6281100000{number:03d}"
        for asked in ("PESAN PQ-R 1", "Pak?", "PESAN PQ-S 1"):
            shop.says(phone, asked)
            shop.run(1)
        people.register(shop.ctx, number, text, text)
        deciding.confirm(shop.ctx, 2 * number - 1)
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


async def test_an_sms_speaks_for_its_writer_alone(shop: Shop) -> None:
    """What a customer writes stands on the customer's page as it was written, though it looks like a
    sentence that the store keeps, or is a word of the catalogues."""
    written = (
        '["wants to change a confirmed order: {change}", {"change": "7"}]',
        '["{x:>9999}", {"x": "1"}]', '["{x.__class__}", {"x": "1"}]', "voice mail waits: {count}",
        "waiting",
    )  # fmt: skip
    for text in written:
        shop.says("+6281100000001", text)
    shop.run(5)
    async with counter(shop, staff(shop), size=(200, 60), painted=False) as here:
        await here.press("7")
        shown = " ".join(str(here.app.screen.query_one("#details-text", Plain).render()).split())
        for text in written:
            assert text in shown


def clean(here: Counter, what: str) -> None:
    """Nothing on the screen could be a control, and the program goes on."""
    found = CONTROLS.search(here.text)
    assert found is None, (what, found)
    assert here.app.is_running


@pytest.mark.parametrize(
    "size", [SMALL, pytest.param(LARGE, marks=pytest.mark.soak)], ids=["small", "large"]
)
@pytest.mark.parametrize("deep", [2, pytest.param(len(HOSTILE), marks=pytest.mark.soak)])
async def test_every_screen(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], deep: int
) -> None:
    """Each screen shows each of the texts literally, in its list, and in the boxes and panes of the
    first `deep` rows, and goes on."""
    plant(shop)
    monkeypatch.setattr(listpage, "STEADY_SECONDS", 0.0)
    async with counter(shop, staff(shop), size=size, painted=False) as here:
        for key, boxes in (("1", "tu"), ("2", "jo"), ("3", ""), ("4", "apx")):
            await here.press(key)
            rows = here.app.screen.query_one(PagedList)
            for _ in range(deep):
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


@pytest.mark.soak
@pytest.mark.parametrize(
    "names",
    [("escape", "bidi", "long", "rtl"), pytest.param(tuple(HOSTILE), marks=pytest.mark.soak)],
)
async def test_every_field(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]
) -> None:
    """Typed or pasted into any field each text stays text: searched for, sent, or refused with a
    sentence."""
    texts = [HOSTILE[name] for name in names]
    for number in range(1, len(HOSTILE) + 1):
        shop.says(f"+6281100000{number:03d}", "Pak?")
        shop.says(f"+6281100000{number:03d}", "PESAN PQ-R 1")
    shop.run(30)
    monkeypatch.setattr(listpage, "STEADY_SECONDS", 0.0)
    async with counter(shop, staff(shop), painted=False) as here:

        async def put(selector: str, text: str) -> None:
            field = here.app.screen.query_one(selector)
            if isinstance(field, Input):
                field.value = text
            else:
                field.text = text  # type: ignore[attr-defined]
            await here.settle()
            clean(here, f"{selector} {text[:20]!r}")

        async def leave_form() -> None:
            if isinstance(here.app.screen, Decide):
                # A long SMS is asked about.
                await here.press("escape")
            if isinstance(here.app.screen, Form):
                await here.press("escape", "escape")

        await here.press("f2")
        for text in texts:
            await put("#field-find", text)
        await here.press("escape", "1", "slash")
        for text in texts:
            await put("#field-search", text)
        await here.press("escape")
        for text in texts:
            await here.pilot.pause(0.3)
            await here.press("t")
            await put("#field-reason", text)
            await here.press("enter")
            clean(here, "reject")
            await leave_form()
        await here.press("escape", "2")
        for text in texts:
            await here.pilot.pause(0.3)
            await here.press("j")
            await put("#field-text", text)
            await here.press("enter")
            clean(here, "reply")
            await leave_form()
        # What was seen is what is sent.
        sent = {row["text"] for row in shop.rows("SELECT text FROM messages WHERE kind = 'hand'")}
        assert sent <= {visible(text) for text in HOSTILE.values()}
        assert len(sent) > len(texts) // 2
        await here.press("escape", "p")
        for text in texts:
            await put("#field-pin", text)
            await here.press("enter")
            clean(here, "pin")
        await here.press("escape", "escape", "f9")
        for text in texts:
            await put("#field-name", text)
            await put("#field-secret", text)
            await here.press("enter")
            clean(here, "lock")


@pytest.mark.soak
@pytest.mark.parametrize(
    "names", [("escape", "rtl"), pytest.param(tuple(HOSTILE), marks=pytest.mark.soak)]
)
async def test_what_is_kept(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]
) -> None:
    """Items, customers, users, roles, sales and the audit show each text literally; typed into their
    forms it is taken as it is, or refused with a sentence."""
    monkeypatch.setattr(listpage, "STEADY_SECONDS", 0.0)
    texts = [HOSTILE[name] for name in names if HOSTILE[name].strip()]
    for number, text in enumerate(texts):
        name = visible(text).strip()[:30]
        item_cards.add(shop.ctx, item_cards.Card(f"H-{number}", name, other_names=text))
        who = cards.add(shop.ctx, cards.Card(text[:70], text, text))
        stock.receive(shop.ctx, [stock.Goods(8 + number, 3)], text, text)
        made = cart_of([line(catalogue.by_id(shop.ctx, 8 + number), 1)])
        till.sell(shop.ctx, made.sold(), [], who)
        with shop.ctx.store.transaction() as db:
            db.execute(
                "UPDATE items SET category = ?, unit = ? WHERE id = ?", (text, text, 8 + number)
            )
            db.execute("INSERT INTO roles (name) VALUES (?)", (text,))
            db.execute(
                "INSERT INTO users (login, name, password_hash, role_id, created_at)"
                " SELECT ?, ?, '', max(id), '' FROM roles", (f"u{number}", text),
            )  # fmt: skip
            db.execute("UPDATE settings SET value = ? WHERE key = 'shop.name'", (text,))
    async with counter(shop, staff(shop), painted=False) as here:
        for key, boxes in (
            ("5", "r"),
            ("6", "uml"),
            ("k", ""),
            ("l", "m"),
            ("7", "u"),
            ("8", "u"),
            ("a", ""),
        ):
            await here.press(key)
            rows = here.app.screen.query_one(PagedList)
            for _ in texts:
                clean(here, key)
                for box in boxes:
                    await here.press(box)
                    clean(here, f"{key} {box}")
                    await here.press("escape")
                rows.move(1)
                await here.settle()
            await here.press("escape")
        for key in ("9", "t"):
            await here.press(key, "right", "right", "right", "right", "right", "down")
            clean(here, key)
            await here.press("escape")
        for key, box in (("6", "n"), ("7", "n"), ("8", "n")):
            for text in texts:
                await here.press(key, box)
                for field in here.app.screen.query(Input):
                    field.value = text
                await here.settle()
                clean(here, f"{key} typed")
                await here.press("f4")
                clean(here, f"{key} sent")
                while len(here.app.screen_stack) > 3:
                    await here.press("escape")
        await here.press("0")
        for text in texts:
            here.app.screen.query_one(Input).value = text
            await here.press("enter")
            clean(here, "till")
            while len(here.app.screen_stack) > 4:
                await here.press("escape")
