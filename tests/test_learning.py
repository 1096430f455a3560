"""What the staff teach: the customer's words become another name of the item, if somebody says so."""

import pytest

from crm_tui.screens.items.basket import Basket
from crm_tui.shop.answers import learning
from crm_tui.shop.answers.learning import Proposal
from crm_tui.shop.gate import undo
from crm_tui.shop.items import cards, naming, stock
from crm_tui.shop.items.catalogue import Catalogue
from crm_tui.shop.items.naming import OtherNameBad
from crm_tui.shop.orders import deciding
from tests.counter import LARGE, counter, staff
from tests.shop import ANI, BUDI, Shop


@pytest.fixture
def wheels(shop: Shop) -> Shop:
    """A shop with a part that customers call by a word that nobody knows yet."""
    for code, name in (
        ("RD-1", "Pelek Racing Vario"), ("KR-D", "Kampas Rem Depan Vario"),
        ("KR-B", "Kampas Rem Belakang Vario"),
    ):  # fmt: skip
        key = cards.add(shop.ctx, cards.Card(code, name, "pcs", 85_000))
        stock.receive(shop.ctx, [stock.Goods(key, 10)])
    return shop


def item(shop: Shop, code: str) -> int:
    return int(shop.one("SELECT id FROM items WHERE code = ?", code))


def by_hand(shop: Shop, text: str, *codes: str) -> list[Proposal]:
    """What can be learnt once somebody made an order of an SMS."""
    shop.ask(BUDI, text)
    message = shop.one("SELECT max(id) FROM messages WHERE direction = 'in'")
    shop.ctx.db.execute(
        "UPDATE messages SET status = 'staff', read_as = 'human', order_id = NULL WHERE id = ?",
        (message,),
    )
    deciding.place_for(shop.ctx, message, {item(shop, code): 1 for code in codes})
    return learning.proposals(shop.ctx, message, Catalogue())


def test_words_that_nobody_knows(wheels: Shop) -> None:
    """The words that named the item are proposed; once they are its name, its SMS is answered."""
    found = by_hand(wheels, "ado jejengkol dak bos, 1 bae", "RD-1")
    assert [(each.code, each.name) for each in found] == [("RD-1", "jejengkol")]
    naming.learn(wheels.ctx, found[0].item_id, found[0].name)
    assert wheels.one("SELECT other_names FROM items WHERE code = 'RD-1'") == "jejengkol"
    assert "RD-1" in wheels.ask(ANI, "jejengkol brp bos")
    message = wheels.one("SELECT max(message_id) FROM orders")
    assert learning.proposals(wheels.ctx, message, Catalogue()) == []


def test_words_of_other_items(wheels: Shop) -> None:
    """Words that name other items, or one of several, are never proposed; nor of several items at
    once, nor where the program made the order."""
    assert by_hand(wheels, "kampas rem vario satu ya", "RD-1") == []
    assert by_hand(wheels, "kampas rem depan vario", "KR-B") == []
    assert by_hand(wheels, "jejengkol samo kampas", "RD-1", "KR-D") == []
    assert by_hand(wheels, "tolong 2 ya pak, makasih", "RD-1") == []
    wheels.ask(ANI, "PESAN RD-1 1")
    message = wheels.one("SELECT max(message_id) FROM orders")
    assert learning.proposals(wheels.ctx, message, Catalogue()) == []


def test_refused_once(wheels: Shop) -> None:
    """What somebody did not want is not offered again, in no other SMS either."""
    found = by_hand(wheels, "jejengkol sikok", "RD-1")
    naming.refuse(wheels.ctx, found[0].item_id, found[0].name)
    assert by_hand(wheels, "jejengkol duo ye", "RD-1") == []


def test_taken_back(wheels: Shop) -> None:
    """A name that was learnt is taken back as a step, and the others stay."""
    key = item(wheels, "RD-1")
    naming.learn(wheels.ctx, key, "pelak")
    step = naming.learn(wheels.ctx, key, "jejengkol")
    assert wheels.one("SELECT other_names FROM items WHERE id = ?", key) == "pelak, jejengkol"
    last = undo.last(wheels.ctx)
    assert last is not None
    assert last.label == "jejengkol = RD-1"
    undo.undo(wheels.ctx, step)
    assert wheels.one("SELECT other_names FROM items WHERE id = ?", key) == "pelak"


@pytest.mark.parametrize("name", ["", " ", "a, b", "x" * 61])
def test_no_name(wheels: Shop, name: str) -> None:
    """What cannot be one of an item's other names is refused."""
    with pytest.raises(OtherNameBad):
        naming.learn(wheels.ctx, item(wheels, "RD-1"), name)
    assert wheels.one("SELECT other_names FROM items WHERE code = 'RD-1'") == ""


@pytest.mark.soak
@pytest.mark.asyncio
async def test_learning_at_the_counter(wheels: Shop) -> None:
    """After an order was made by hand the words are offered; w learns them, nothing does so alone."""
    for phone in (ANI, BUDI):
        wheels.ask(phone, "bos, jejengkol kemarin sikok lagi")
    async with counter(wheels, staff(wheels)) as here:
        await here.press("2")
        await here.press("o")
        assert isinstance(here.app.screen, Basket)
        await here.type("1 pelek racing")
        await here.press("enter")
        await here.press("f4")
        await here.until(lambda: "Ingat “jejengkol" in here.notice, here.text)
        assert "Pesanan 1" in here.notice
        assert wheels.one("SELECT other_names FROM items WHERE code = 'RD-1'") == ""
        await here.press("w")
        names = "SELECT other_names FROM items WHERE code = 'RD-1'"
        await here.until(lambda: wheels.one(names).startswith("jejengkol"))
        await here.press("w")
    assert wheels.one("SELECT count(*) FROM audit WHERE command = 'items.learn_name'") == 1


@pytest.mark.asyncio
async def test_refusing_at_the_counter(wheels: Shop) -> None:
    """x refuses; it is offered beside the SMS as well, until somebody has decided."""
    by_hand(wheels, "jejengkol sikok", "RD-1")
    async with counter(wheels, staff(wheels), size=LARGE) as here:
        await here.press("2", "right")
        await here.until(lambda: "Ingat “jejengkol” sebagai RD-1" in here.text)
        await here.press("x")
        await here.until(lambda: wheels.one("SELECT count(*) FROM refused_names") == 1)
        await here.until(lambda: "Ingat “jejengkol”" not in here.text)
        await here.press("w")
    assert wheels.one("SELECT other_names FROM items WHERE code = 'RD-1'") == ""
