"""Free texts at the counter: why they were read so, answers that are ready, what is learnt."""

from collections.abc import Sequence

import pytest
from textual.content import Content

from crm_tui.screens.sms.telling import MARK
from crm_tui.screens.widgets.plain import Plain
from crm_tui.shop.answers import explaining, suggesting
from crm_tui.shop.answers.settings import FREE_TEXT
from crm_tui.shop.items import cards, prices, stock
from crm_tui.text import marked
from tests.counter import Counter, counter, staff
from tests.shop import ANI, BUDI, Shop
from tests.test_free_text import lines

pytestmark = pytest.mark.asyncio


@pytest.fixture
def brakes(shop: Shop) -> Shop:
    """A shop with two brake pads that differ by their side, and a spark plug."""
    for code, name, price in (
        ("KR-D", "Kampas Rem Depan Vario", 85_000), ("KR-B", "Kampas Rem Belakang Vario", 62_000),
        ("BS-1", "Busi Iridium", 98_000),
    ):  # fmt: skip
        key = cards.add(shop.ctx, cards.Card(code, name, "pcs", price))
        stock.receive(shop.ctx, [stock.Goods(key, 10)])
    return shop


def underlined(here: Counter) -> list[str]:
    """The words that are marked beside the list."""
    told = here.app.screen.query_one("#details-text", Plain).content
    assert isinstance(told, Content)
    return [told.plain[each.start : each.end] for each in told.spans if each.style == MARK]


async def test_pieces_of_a_text() -> None:
    """Marked pieces and those between them are the text, whatever the spans are; blanks join them."""
    assert marked("  bos kampas  rem dpn ", [(6, 12), (14, 17), (99, 120)]) == [
        ("bos ", False), ("kampas  rem", True), (" dpn", False),
    ]  # fmt: skip
    assert marked(" \n ", [(0, 3)]) == []
    assert marked("busi", []) == [("busi", False)]


async def test_an_order_shows_why(brakes: Shop) -> None:
    """The words on which an order rests are marked beside it, with how sure the reading is."""
    brakes.ask(ANI, "bos tlg pesan busi iridium 2 ya")
    async with counter(brakes, staff(brakes), size=(120, 40)) as here:
        await here.press("1")
        await here.until(lambda: "BS-1" in here.text)
        assert "busi iridium" in " ".join(underlined(here))
        assert "yakin" in here.text


async def test_an_answer_that_is_ready_goes_out_with_a_key(brakes: Shop) -> None:
    """The inbox shows the answer that is ready; k sends it, and says which order it made."""
    brakes.set(FREE_TEXT, "suggests")
    brakes.ask(ANI, "pesan busi iridium 2")
    async with counter(brakes, staff(brakes), size=(120, 40)) as here:
        await here.press("2")
        await here.until(lambda: "Jawaban siap" in here.text)
        assert "pesan · 2 BS-1 · yakin" in here.text
        assert "jawaban siap" in here.text
        assert "busi iridium" in " ".join(underlined(here))
        await here.press("k")
        await here.until(lambda: "Pesanan 1: jawabannya" in here.notice)
        await here.until(lambda: "Tak ada SMS yang menunggu Anda" in here.text)
    assert lines(brakes) == [("BS-1", 2)]
    brakes.run(5)
    assert brakes.modem.sent[-1].text.startswith("Pesanan 1")


async def test_what_has_changed_meanwhile(brakes: Shop) -> None:
    """Where another answer goes out than stood ready, because goods or prices changed, it is told."""
    brakes.set(FREE_TEXT, "suggests")
    brakes.ask(ANI, "pesan busi iridium 2")
    async with counter(brakes, staff(brakes), size=(120, 40)) as here:
        await here.press("2")
        await here.until(lambda: "Jawaban siap" in here.text)
        prices.set_price(brakes.ctx, brakes.one("SELECT id FROM items WHERE code = 'BS-1'"), 99_000)
        await here.press("k")
        await here.until(lambda: "198.000" in here.notice, here.notice)
    assert not suggesting.differs("Pesanan 1: 2 BS-1", "Pesanan 7: 2 BS-1")
    assert suggesting.differs("Pesanan 1: 2 BS-1", "BS-1 sisa 1")


async def test_marked_words_are_literal(brakes: Shop) -> None:
    """What looks like markup in an SMS stands there as it was written, marked or not."""
    brakes.set(FREE_TEXT, "suggests")
    brakes.ask(ANI, "bos [red]pesan[/red] busi [bold]iridium 2")
    async with counter(brakes, staff(brakes), size=(120, 40)) as here:
        await here.press("2")
        await here.until(lambda: "[bold]" in here.text)
        told = " ".join(here.text.split())
        assert "“bos [red]pesan[/red] busi [bold]iridium 2”" in told


async def test_nothing_is_sent_that_is_not_ready(brakes: Shop) -> None:
    """Where no answer is ready there is no key for it; nor once the staff answered otherwise."""
    brakes.ask(ANI, "Pak, bisa diantar?")
    brakes.set(FREE_TEXT, "suggests")
    brakes.ask(BUDI, "pesan busi iridium 2")
    async with counter(brakes, staff(brakes)) as here:
        await here.press("2")
        await here.until(lambda: "Kirim jawaban" in here.text)
        await here.press("e")
        await here.until(lambda: "bisa diantar" in here.text and "busi" not in here.text)
        assert "Kirim jawaban" not in here.text
        await here.press("k")
    assert lines(brakes) == []
    assert brakes.one("SELECT count(*) FROM messages WHERE kind = 'answer'") == 0


async def test_who_may_not_order_may_not_accept_one(brakes: Shop) -> None:
    """An answer that makes an order is refused to users who may not confirm orders, with a sentence."""
    brakes.set(FREE_TEXT, "suggests")
    brakes.ask(ANI, "pesan busi iridium 2")
    user = staff(brakes, "Staf Konter")
    with brakes.ctx.store.transaction() as db:
        db.execute("DELETE FROM role_permissions WHERE permission = 'orders.confirm'")
    async with counter(brakes, user) as here:
        await here.press("2")
        await here.press("k")
        await here.until(lambda: "izin" in here.notice or "boleh" in here.notice, here.notice)
    assert lines(brakes) == []


async def test_items_that_may_be_meant(brakes: Shop) -> None:
    """Where the staff have to decide, the items that were thought of stand there with their codes."""
    brakes.set(FREE_TEXT, "suggests")
    brakes.ask(ANI, "kampas rem vario brp bos")
    async with counter(brakes, staff(brakes), size=(120, 40)) as here:
        await here.press("2")
        await here.until(lambda: "Mungkin maksudnya" in here.text)
        shown = here.text[here.text.index("Mungkin maksudnya") :]
        assert "KR-D" in shown
        assert "KR-B" in shown


async def test_items_that_are_gone_are_not_meant(brakes: Shop) -> None:
    """An item that was taken off sale since is no candidate any more; the rest is still told."""
    brakes.set(FREE_TEXT, "suggests")
    brakes.ask(ANI, "kampas rem vario brp bos")
    message = brakes.one("SELECT message_id FROM readings")
    cards.remove(brakes.ctx, brakes.one("SELECT id FROM items WHERE code = 'KR-D'"))
    why = explaining.look(brakes.ctx, message)
    assert why is not None
    assert [item.code for item, _ in why.candidates] == ["KR-B"]
    assert explaining.look(brakes.ctx, None) is None


@pytest.mark.parametrize(
    ("sureness", "told"), [(0.0, ""), (0.5, "a guess"), (0.86, "fairly sure"), (1.0, "sure")]
)
async def test_how_sure(sureness: float, told: str) -> None:
    """How sure a reading is is said in words; of what was not understood nothing is said."""
    nothing: Sequence[tuple[str, float]] = ()
    evidence = suggesting.Evidence(sureness, (), nothing, "", acted=False, verdict=None)
    assert evidence.how_sure == told
