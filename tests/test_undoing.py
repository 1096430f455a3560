"""One key takes back what was done last, wherever it was done; long SMS by hand are asked about."""

import pytest

from crm_tui.screens.menu.main import MenuScreen
from crm_tui.screens.widgets.area import Area
from crm_tui.screens.widgets.dialog import Decide
from crm_tui.screens.widgets.form import Form
from crm_tui.shop.gate import undo
from crm_tui.shop.gate.errors import TooLateToUndo
from crm_tui.shop.items import lexicon
from crm_tui.shop.messages import correspondence, outbox
from crm_tui.shop.messages.errors import TooManySms
from crm_tui.shop.orders import deciding
from crm_tui.shop.overview import undoing
from tests.counter import counter, staff
from tests.shop import ANI, Shop

HOLD = 5.0


def letter(shop: Shop) -> int:
    """An SMS that waits for the staff."""
    shop.ask(ANI, "Apakah bisa kredit, Bos?")
    return int(shop.one("SELECT max(id) FROM messages WHERE status = 'staff'"))


def test_an_answer_by_hand_is_taken_back(shop: Shop) -> None:
    """While it waits an answer is undone: it does not go out, and the question waits as before."""
    asked = letter(shop)
    correspondence.reply(shop.ctx, asked, "Bisa.", hold=HOLD)
    last = undoing.last(shop.ctx)
    assert last is not None
    assert (last.kind, last.text, last.asked) == ("hand", "Bisa.", asked)
    undo.undo(shop.ctx, last.id)
    assert shop.one("SELECT status FROM messages WHERE id = ?", asked) == "staff"
    shop.run(60)
    assert "Bisa." not in [sent.text for sent in shop.modem.sent]
    assert undoing.last(shop.ctx) is None


def test_an_answer_that_went_out_is_not_taken_back(shop: Shop) -> None:
    """Once its seconds are over it goes out, and undoing offers what was done before it."""
    lexicon.remove(shop.ctx, lexicon.add(shop.ctx, ["laher, bearing"]))
    before = undoing.last(shop.ctx)
    asked = letter(shop)
    correspondence.reply(shop.ctx, asked, "Bisa.", hold=HOLD)
    held = undoing.last(shop.ctx)
    assert held is not None
    assert held.kind == "hand"
    shop.run(60)
    assert "Bisa." in [sent.text for sent in shop.modem.sent]
    assert undoing.last(shop.ctx) == before
    with pytest.raises(TooLateToUndo):
        undo.undo(shop.ctx, held.id)


def test_the_last_thing_is_taken_back_first(shop: Shop) -> None:
    """Of a decision and an answer that both wait, the later one is taken back first."""
    shop.ask(ANI, "PESAN PQ-R 1")
    asked = letter(shop)
    deciding.confirm(shop.ctx, 1, hold=60)
    shop.clock.wait(1)
    correspondence.reply(shop.ctx, asked, "Bisa.", hold=60)
    first = undoing.last(shop.ctx)
    assert first is not None
    assert first.kind == "hand"
    undo.undo(shop.ctx, first.id)
    second = undoing.last(shop.ctx)
    assert second is not None
    assert (second.kind, second.id) == ("order", 1)
    assert undoing.last(shop.ctx.acting(staff(shop).actor)) is None, "others undo their own"


def test_more_than_ten_sms_are_refused(shop: Shop) -> None:
    """Ten SMS by hand go out, eleven do not, whoever writes and to whom."""
    asked = letter(shop)
    ten, eleven = "a" * 153 * 10, "a" * (153 * 10 + 1)
    with pytest.raises(TooManySms):
        correspondence.reply(shop.ctx, asked, eleven)
    with pytest.raises(TooManySms):
        outbox.send(shop.ctx, ANI, eleven)
    assert shop.one("SELECT count(*) FROM messages WHERE kind = 'hand'") == 0
    outbox.send(shop.ctx, ANI, ten)
    assert shop.one("SELECT segments FROM messages WHERE kind = 'hand'") == 10


@pytest.mark.soak
@pytest.mark.asyncio
async def test_a_long_answer_asks(shop: Shop) -> None:
    """The question stands above the answer; four SMS go out only after a question; z takes them back,
    and what was written is there again. Esc in the menu signs nobody out."""
    letter(shop)
    async with counter(shop, staff(shop)) as here:
        await here.press("2")
        await here.until(lambda: "kredit" in here.text, here.text)
        await here.press("j")
        assert isinstance(here.app.screen, Form)
        assert "“Apakah bisa kredit, Bos?”" in here.text
        await here.paste("b" * 500)
        assert "4 SMS" in here.text
        await here.press("f4")
        await here.until(lambda: isinstance(here.app.screen, Decide), here.text)
        await here.press("enter")
        assert isinstance(here.app.screen, Decide), "Enter does not send it"
        await here.press("escape")
        await here.until(lambda: "✗ Belum dikirim" in here.text, here.text)
        await here.press("f4")
        await here.until(lambda: isinstance(here.app.screen, Decide), here.text)
        await here.press("y")
        await here.until(lambda: "z mengurungkannya" in here.notice, here.text)
        await here.press("escape", "escape", "escape")
        await here.until(lambda: isinstance(here.app.screen, MenuScreen), here.text)
        assert "menu utama" in here.notice
        await here.press("z")
        await here.until(lambda: "tidak jadi dikirim" in here.notice, here.text)
        assert shop.one("SELECT status FROM messages WHERE kind = 'hand'") == "cancelled"
        await here.press("2")
        await here.until(lambda: "kredit" in here.text, here.text)
        await here.press("j")
        assert here.app.screen.query_one(Area).text == "b" * 500
