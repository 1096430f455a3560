"""Small things at the counter that misled: each is said, refused or shown as it is."""

from datetime import UTC, datetime
from typing import cast

import pytest

from crm_tui import actions, i18n
from crm_tui.errors import Sentence
from crm_tui.screens.sales.discounting import PercentMeant, below_cost, discount_form, too_low
from crm_tui.screens.sales.paying import Pay
from crm_tui.screens.sales.till import TillScreen
from crm_tui.screens.shell.bubbles import bubbles
from crm_tui.screens.shell.program import Program
from crm_tui.screens.sms import telling
from crm_tui.shop.customers import cards, people
from crm_tui.shop.customers.cards import Card
from crm_tui.shop.customers.lists import CUSTOMERS
from crm_tui.shop.gate import listing, money, phones, settings
from crm_tui.shop.gate.errors import BadPhone
from crm_tui.shop.gate.listing import View
from crm_tui.shop.items import cards as item_cards
from crm_tui.shop.items import catalogue, prices, stock
from crm_tui.shop.items.errors import CodeInWords, ItemChanged
from crm_tui.shop.messages.view import Letter
from crm_tui.shop.orders import deciding
from crm_tui.shop.orders import view as order_view
from crm_tui.shop.orders.book import OrderLine
from crm_tui.shop.sales import entry, returns, till
from crm_tui.shop.sales.cart import Cart
from crm_tui.shop.sales.lists import SALES
from crm_tui.shop.sales.payment_methods import Paid
from crm_tui.shop.users import accounts, login
from crm_tui.shop.users.errors import WrongOldPassword
from tests.counter import PASSWORD, acting, counter, staff
from tests.shop import ANI, Shop, cart_of

PQ_R = 6


def test_a_price_that_somebody_changed_meanwhile(shop: Shop) -> None:
    """A second price does not overwrite the first in silence."""
    prices.set_price(shop.ctx, PQ_R, 90_000, seen=85_000)
    with pytest.raises(ItemChanged) as refused:
        prices.set_price(shop.ctx, PQ_R, 80_000, seen=85_000)
    assert refused.value.params["there"] == 90_000
    assert shop.one("SELECT price FROM items WHERE id = ?", PQ_R) == 90_000


@pytest.mark.soak
@pytest.mark.asyncio
async def test_what_was_refused_stands_as_it_is_now(shop: Shop) -> None:
    """A price, or a stock, that somebody else changed meanwhile is told as it is now: in the refusal,
    and beside the field when something else is typed; sent once more, it counts."""
    async with counter(shop, staff(shop)) as here:
        await here.press("6", "slash")
        await here.paste("PQ-R")
        await here.press("enter", "h")
        await here.paste("80000")
        prices.set_price(shop.ctx, PQ_R, 90_000)
        await here.press("enter")
        await here.until(lambda: "sekarang Rp90.000, bukan Rp85.000" in here.text, here.text)
        await here.press("1")
        await here.until(lambda: "sekarang Rp90.000" in here.text, here.text)
        await here.press("backspace", "enter")
        await here.until(lambda: shop.one("SELECT price FROM items WHERE id = ?", PQ_R) == 80_000)
        await here.press("o")
        await here.paste("7")
        stock.receive(shop.ctx, [stock.Goods(PQ_R, 5, 50_000)])
        await here.press("tab")
        await here.paste("hilang")
        await here.press("enter")
        await here.until(lambda: "Stok PQ-R sekarang 105, bukan 100" in here.text, here.text)
        await here.press("enter", "enter")
        held = "SELECT on_hand FROM stock WHERE item_id = ?"
        await here.until(lambda: shop.one(held, PQ_R) == 7)


def test_a_number_that_is_cut_short() -> None:
    """A mobile number of which digits are missing is refused; whole ones, and landlines, are not."""
    with pytest.raises(BadPhone):
        phones.checked("08127000", "ID")
    for whole in ("0812-7000-123", "0711-350123", "+62 812 7000 1234"):
        assert phones.checked(whole, "ID").startswith("+62")


def test_digits_of_other_scripts_are_no_number() -> None:
    """A number is kept in ASCII, whatever it was typed in; digits of other scripts make none."""
    assert phones.checked("＋６２８１１００００００１", "ID") == "+628110000001"
    for odd in ("+62811000000\u0661", "08110000\u06f0\u06f0\u06f0", "+6281100000\u0967\u0967"):
        with pytest.raises(BadPhone):
            phones.checked(odd, "ID")


@pytest.mark.asyncio
async def test_ten_rupiah_off(shop: Shop) -> None:
    """A discount of so few rupiah is asked about: percent were meant."""
    cart = cart_of([entry.enter(shop.ctx, "PQ-R", {}, None).line])
    given = []

    async def change(changed: object) -> None:
        given.append(changed)

    form = discount_form(lambda text, **params: text, cart, cart.lines[0], change)
    with pytest.raises(PercentMeant):
        await form._submit({"line": "10", "all": ""})
    assert not given
    assert form._remark is not None
    assert form._remark({"line": "10%", "all": "5000"}) == "Total {total}"
    assert form._remark({"line": "abc", "all": ""}) == ""
    await form._submit({"line": "10%", "all": "5000"})
    assert given


def test_below_its_cost(shop: Shop) -> None:
    """A line sold below its cost is told of, whichever discount made it so; what the cost is only
    to users who may see it, and nothing where no cost is known."""
    lines = [entry.enter(shop.ctx, each, {}, None).line for each in ("2 PQ-R", "PQ-S")]
    cart = cart_of(lines)
    stock.receive(shop.ctx, [stock.Goods(PQ_R, 10, 60_000)])
    costs = catalogue.costs(shop.ctx, [line.item_id for line in lines])
    assert costs[PQ_R] == 60_000

    def told(wanted: Cart, *, shown: bool) -> str:
        return below_cost(lambda text, **params: text.format(**params), wanted, costs, shown=shown)

    assert told(cart, shown=True) == ""
    for cheap in (
        cart.discounted(money.discount("30%"), PQ_R),
        cart.discounted(money.discount("40%")),
    ):
        assert "PQ-R" in told(cheap, shown=True)
        assert "120.000" in told(cheap, shown=True)
        assert told(cheap, shown=False) == "! PQ-R is below its cost: ask first"
    assert below_cost(lambda text, **params: text, cart, {}, shown=True) == ""


def test_far_too_low_is_known(shop: Shop) -> None:
    """Below its cost, or below half of its price: the line is named until it was asked about; what an
    offer of the shop takes off is no mistake."""
    lines = [entry.enter(shop.ctx, each, {}, None).line for each in ("2 PQ-R", "PQ-S")]
    cart, costs = cart_of(lines), {PQ_R: 60_000}
    for typed, line in (("20%", None), ("30%", "PQ-R"), ("50%", "PQ-R"), ("99%", "PQ-R")):
        found = too_low(cart.discounted(money.discount(typed)), costs)
        assert (found.code if found else None) == line, typed
    cheap = cart.discounted(money.discount("99%"))
    rest = too_low(cheap, costs, {PQ_R})
    assert rest is not None
    assert rest.code == "PQ-S"
    assert too_low(cheap, {}, {PQ_R, rest.item_id}) is None
    assert too_low(cart.offered({PQ_R: 80_000}), costs) is None


@pytest.mark.soak
@pytest.mark.asyncio
async def test_far_too_low_is_asked_about(shop: Shop) -> None:
    """99 % off is asked about when it is given, and again for what is scanned after it, before the
    money is taken."""
    async with counter(shop, staff(shop)) as here:
        await here.press("0")
        await here.type("PQ-R")
        await here.press("enter", "f8", "enter")
        await here.type("99%")
        await here.press("f4")
        await here.until(lambda: "PQ-R Rp850, padahal" in here.text, here.text)
        await here.press("escape")
        await here.until(lambda: "✗ Belum dipakai" in here.text, here.text)
        await here.press("f4", "y")
        await here.until(lambda: "Total Rp850" in here.text, here.text)
        await here.type("PQ-S")
        await here.press("enter", "f4")
        await here.until(lambda: "PQ-S Rp620, padahal" in here.text, here.text)
        await here.press("enter", "escape")
        await here.until(lambda: isinstance(here.app.screen, TillScreen), here.text)
        await here.press("f4", "y")
        await here.until(lambda: isinstance(here.app.screen, Pay), here.text)


def test_a_sale_that_came_back_says_so(shop: Shop) -> None:
    """A sale that was voided, or of which something came back, is marked in the list."""
    line = entry.enter(shop.ctx, "2 PQ-R", {}, None).line
    for _ in range(3):
        till.sell(shop.ctx, cart_of([line]).sold(), [Paid("cash", 170_000)])
    returns.give_back(shop.ctx, 1, {returns.lines(shop.ctx, 1)[0].line: 1}, "salah", "cash")
    returns.void(shop.ctx, 2, "salah")
    rows = listing.page(shop.ctx, SALES, View("newest", "counter"))
    marks = {row.id: row.values["back"] for row in rows if row.values["kind"] == "sale"}
    assert marks == {1: "return", 2: "void", 3: ""}


def test_what_was_asked_is_said(shop: Shop) -> None:
    """Of an order about which the customer was asked, the question stands there."""
    shop.ask(ANI, "PESAN PQ-R 1")
    assert order_view.look(shop.ctx, 1).proposed is None
    deciding.change(shop.ctx, 1, {PQ_R: 3})
    assert order_view.look(shop.ctx, 1).proposed == ((3, "PQ-R"),)
    assert not order_view.look(shop.ctx, 1).bought


def test_a_wrong_old_password(shop: Shop) -> None:
    """Who mistypes the old password is told just that, not that the name may be wrong."""
    user = staff(shop)
    login.sign_in(shop.ctx, user.login, PASSWORD)
    with pytest.raises(WrongOldPassword):
        accounts.change_password(acting(shop, user), "salah", "kata-lain-9")


def test_a_misspelt_customer_is_found(shop: Shop) -> None:
    """Searching for customers forgives a letter too many, as searching for items does."""
    shop.ask(ANI, "INFO")
    people.register(shop.ctx, 1, "Bengkel Maju", "Palembang")

    def found(search: str) -> list[int]:
        return [row.id for row in listing.page(shop.ctx, CUSTOMERS, View("name", "all", search))]

    assert found("bengkell") == found("bengkel") == found("mjau") == [1]
    assert found("sekolah") == []
    school = cards.add(shop.ctx, Card("Sekolah Maju"))
    assert found("sekolahh") == [school]


def test_a_code_of_several_words(shop: Shop) -> None:
    """A new item gets no code with blanks, which no customer could order by."""
    with pytest.raises(CodeInWords):
        item_cards.add(shop.ctx, item_cards.Card("KR VAR baru", "Kampas"))
    item_cards.add(shop.ctx, item_cards.Card("KR-VAR-baru", "Kampas"))


@pytest.mark.parametrize(
    ("agreed", "off", "now", "said"),
    [
        (85_000, 0, 85_000, ""),
        (83_300, 1_700, 85_000, "potongan Rp1.700 per satuan"),
        (85_000, 0, 90_000, "kini Rp90.000"),
        (83_300, 1_700, 90_000, "potongan Rp1.700 per satuan · kini Rp90.000"),
    ],
)
def test_an_offer_is_no_other_price(agreed: int, off: int, now: int, said: str) -> None:
    """What a promo or a tier took off a line is told as that; only another price of the item is new."""

    class Told:
        def tr(self, text: str, /, **params: object) -> str:
            return i18n.translate(text, "id", **params)

    line = OrderLine(1, "PQ-R", "Anu", "set", agreed, 2, off)
    pieces = telling._remarks(cast(Program, Told()), order_view.LineView(line, 5, now, None))
    text = "".join(each if isinstance(each, str) else each[0] for each in pieces)
    assert text.replace("PQ-R: Rp85.000 · ", "").replace("PQ-R: Rp83.300 · ", "").strip() == said


@pytest.mark.asyncio
async def test_what_others_store_meanwhile_is_not_the_keys_own(shop: Shop) -> None:
    """The key that goes back never says that it has saved something."""
    async with counter(shop, staff(shop)) as here:
        await here.press("0")
        page = here.app.screen
        assert isinstance(page, TillScreen)

        async def stored_meanwhile() -> None:
            await page.desk.act(settings.change, settings.BELL.key, "0")

        await page._do(actions.BACK, stored_meanwhile)
        assert "tersimpan" not in here.notice


@pytest.mark.parametrize(
    ("wanted", "cost", "said"),
    [
        (85_000, 60_000, ""), (43_000, 0, ""), (170_000, 60_000, ""), (8_500, 0, "far"),
        (850_000, 60_000, "far"), (0, 0, "far"), (8_500, 60_000, "below"),
    ],
)  # fmt: skip
def test_a_digit_too_few_or_too_many_in_a_price_is_said(wanted: int, cost: int, said: str) -> None:
    """A new price below the cost, or far from the one of now, is doubted before it is stored."""

    def tr(text: str, /, **params: object) -> str:
        return i18n.translate(text, "en", **params)

    told = prices.doubt(tr, wanted, 85_000, cost, cost_shown=True)
    sentences = {
        "": "",
        "far": "! Far from Rp85.000: are the digits right?",
        "below": "! Below its cost, Rp60.000",
    }
    assert told == sentences[said]
    assert not prices.doubt(tr, wanted, 0, 0, cost_shown=True)


def test_no_line_of_a_bubble_ends_within_its_time() -> None:
    """When an SMS went out and what became of it stand on one line, however long the SMS is."""
    now = datetime(2026, 11, 28, 6, tzinfo=UTC)
    short, long = "Ada, Pak.", "Total Rp309.680. Mohon tunggu konfirmasi, kami kabari lewat SMS."
    for text, beside in ((short, True), (f"{long}\n{short}", True), (long, False)):
        letter = Letter(
            1, "out", "answer", "2026-11-24T07:08:00.000Z", "+62812", "", text, "delivered",
            Sentence(""), None, False, False, 1,
        )  # fmt: skip
        ((_, told),) = bubbles([letter], now)
        last = told.plain.split("\n")[-1]
        assert last.endswith("24/11 14:08 ✓✓")
        # A bubble has 53 columns for its text in a terminal of 80.
        assert len(last) <= 53
        assert (last == "24/11 14:08 ✓✓") is not beside
