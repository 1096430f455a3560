"""A key that the role does not allow: who may is said, and somebody who may permits it on the spot."""

import pytest

from crm_tui.screens.administration.roles import RolesScreen
from crm_tui.screens.door import first_start
from crm_tui.screens.door.permit import PermitForm
from crm_tui.screens.sales.receipts import Receipt
from crm_tui.screens.sales.till import TillScreen
from crm_tui.screens.shell import display
from crm_tui.screens.widgets.form import Form
from crm_tui.screens.widgets.plain import Plain
from crm_tui.shop.gate import access
from crm_tui.shop.gate.commands import part
from crm_tui.shop.gate.context import Actor, Context, Permit
from crm_tui.shop.gate.errors import NotAllowed, ReasonNeeded
from crm_tui.shop.items import cards as item_cards
from crm_tui.shop.items import prices, stock
from crm_tui.shop.items.errors import ItemChanged
from crm_tui.shop.messages import outbox
from crm_tui.shop.users import login, roles
from tests.counter import LARGE, PASSWORD, SMALL, Counter, counter, staff
from tests.day import money_adds_up
from tests.layout import faults
from tests.shop import ANI, Shop
from tests.test_permits import audit, person, sale

pytestmark = pytest.mark.asyncio


async def prove(here: Counter, name: str, secret: str) -> None:
    """Somebody types name and secret into the box that asks who permits it."""
    await here.until(lambda: isinstance(here.app.screen, PermitForm), here.text)
    await here.settle()
    here.app.screen.query_one("#field-name").value = name  # type: ignore[attr-defined]
    here.app.screen.query_one("#field-secret").focus()
    await here.type(secret)
    await here.press("enter")


@pytest.mark.soak
async def test_a_discount_is_permitted_at_the_till(shop: Shop) -> None:
    """The box names who may and how much it is; a wrong secret or Esc gives nothing; what was permitted
    is not asked for again when the money is taken, more than that is."""
    chief = staff(shop, "Kepala Bengkel", "tono")
    clerk = staff(shop, "Staf Konter", "sari")
    async with counter(shop, clerk) as here:
        await here.press("0")
        await here.type("AB-1")
        await here.press("enter", "f8")
        await here.until(lambda: isinstance(here.app.screen, Form), here.text)
        await here.type("10%")
        await here.press("f4")
        await here.until(lambda: isinstance(here.app.screen, PermitForm), here.text)
        await here.settle()
        names = here.app.screen.query_one("#field-name")
        assert names.value == "bos"  # type: ignore[attr-defined]
        await here.press("down")
        assert names.value == "tono"  # type: ignore[attr-defined]
        assert "10%" in here.text
        assert "Kepala Bengkel atau Administrator" in here.text
        await here.press("escape")
        await here.until(lambda: not isinstance(here.app.screen, PermitForm))
        await here.until(lambda: "Hanya Kepala Bengkel atau Administrator" in here.text, here.text)
        await here.press("f4")
        await prove(here, "tono", "bukan itu")
        await here.until(lambda: "kata sandi salah" in here.text, here.text)
        await here.type(PASSWORD)
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, TillScreen), here.text)
        await here.until(lambda: "Rp9.000" in here.text, here.text)
        await here.press("f4", "f4")
        await here.until(lambda: shop.one("SELECT count(*) FROM sales") == 1, here.text)
        assert audit(shop, "users.permit") == [
            'tono {"permits": "sari", "permission": "sales.discount", "amount": 1000}'
        ]
        assert audit(shop, "sales.sell")[-1].startswith('sari {"permitted by": "tono"')
        # The next sale is another one: the same discount asks again, at the latest for the money.
        await here.type("AB-1")
        await here.press("enter", "f8")
        await here.until(lambda: isinstance(here.app.screen, Form), here.text)
        await here.type("10%")
        await here.press("f4")
        await here.until(lambda: isinstance(here.app.screen, PermitForm), here.text)
        await here.press("escape")
    assert chief.login == "tono"
    assert shop.one("SELECT count(*) FROM sales") == 1
    money_adds_up(shop.ctx)


@pytest.mark.soak
@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize("language", ["id", "en"])
async def test_nothing_is_cut_in_the_box(shop: Shop, size: tuple[int, int], language: str) -> None:
    """The box that asks who permits it, with a wrong secret too, has room for all that it says; so has
    the one that follows a test SMS."""
    staff(shop, "Kepala Bengkel", "tono")
    clerk = staff(shop, "Staf Konter", "sari")
    sent = outbox.send(shop.ctx, ANI, "Uji")
    async with counter(shop, clerk, size=size, language=language, painted=True) as here:
        await here.press("0")
        await here.paste("AB-1")
        await here.press("enter", "f8")
        await here.until(lambda: isinstance(here.app.screen, Form), here.text)
        await here.paste("10%")
        await here.press("f4")
        await prove(here, "tono", "bukan itu")
        await here.settle()
        assert isinstance(here.app.screen, PermitForm)
        assert not faults(here.app.screen)
        await here.press("escape", "escape")
        here.app.push_screen(first_start.TestSms(sent))
        await here.settle()
        assert isinstance(here.app.screen, first_start.TestSms)
        assert not faults(here.app.screen)


@pytest.mark.soak
async def test_a_permit_ends_with_the_sale(shop: Shop) -> None:
    """What was permitted in a sale that was put aside, or emptied, counts for no other one."""
    staff(shop, "Kepala Bengkel", "tono")
    async with counter(shop, staff(shop, "Staf Konter", "sari")) as here:

        async def ten_percent() -> None:
            await here.paste("AB-1")
            await here.press("enter", "f8")
            await here.until(lambda: isinstance(here.app.screen, Form), here.text)
            await here.paste("10%")
            await here.press("f4")
            await here.until(lambda: isinstance(here.app.screen, PermitForm), here.text)

        await here.press("0")
        for over in ("f11", "delete"):
            await ten_percent()
            await prove(here, "tono", PASSWORD)
            await here.until(lambda: isinstance(here.app.screen, TillScreen), here.text)
            await here.until(lambda: "Rp9.000" in here.text, here.text)
            await here.press(over)
        await ten_percent()
        await here.press("escape", "escape", "escape")


@pytest.mark.soak
async def test_a_return_is_permitted_where_it_is_asked(shop: Shop) -> None:
    """The key says who may, its form is filled in, and at its end a PIN of today is enough; both names
    stand in the audit, and the next time it is asked again."""
    chief, clerk = staff(shop, "Kepala Bengkel", "tono"), staff(shop, "Staf Konter", "sari")
    login.set_pin(shop.ctx.acting(chief.actor), "2468")
    login.sign_in(shop.ctx, "tono", PASSWORD)
    roles.set_ceilings(
        shop.ctx, shop.one("SELECT id FROM roles WHERE name = 'Kepala Bengkel'"),
        {"sales.return": 15_000},
    )  # fmt: skip
    for count in (1, 2):
        sale(shop.ctx, count=count)
    async with counter(shop, clerk) as here:
        await here.press("5")
        await here.until(lambda: "Rp20.000" in here.text, here.text)
        await here.press("down")
        await here.press("r")
        await here.until(lambda: isinstance(here.app.screen, Form), here.text)
        await here.type("1")
        await here.press("enter")
        await here.type("rusak")
        await here.press("f4")
        await here.until(lambda: isinstance(here.app.screen, PermitForm), here.text)
        assert "Rp10.000" in here.text
        await prove(here, "tono", "2468")
        await here.until(lambda: isinstance(here.app.screen, Receipt), here.text)
        assert "Rp10.000" in here.text
        await here.press("enter")
        assert audit(shop, "sales.return")[-1] == (
            'sari {"permitted by": "tono", "permission": "sales.return", "amount": 10000}'
        )
        # Two pieces are beyond what the role may: only those are named who may.
        await here.until(lambda: "1 baru" in here.text, here.text)
        await here.press("home")
        await here.until(lambda: "1–3 dari 3" in here.text, here.text)
        await here.press("down", "r")
        await here.until(lambda: isinstance(here.app.screen, Form), here.text)
        await here.type("2")
        await here.press("enter")
        await here.type("rusak")
        await here.press("f4")
        await here.until(lambda: isinstance(here.app.screen, PermitForm), here.text)
        assert "Rp20.000" in here.text
        assert "Kepala Bengkel" not in here.text
        await here.press("escape")
    assert shop.one("SELECT count(*) FROM sales WHERE kind = 'return'") == 1
    money_adds_up(shop.ctx)


async def test_amounts_are_told_as_people_read_them() -> None:
    """A discount in percent, the others in rupiah."""
    assert display.ceiling("sales.discount", 1250) == "12,5%"
    assert display.ceiling("sales.return", 85_000) == "Rp85.000"


async def test_a_permit_ends_with_what_it_was_for(shop: Shop) -> None:
    """However actions overlap, none leaves a permit behind for the next."""
    async with counter(shop, staff(shop, "Staf Konter", "sari")) as here:
        desk = here.app.desk
        one = Permit(Actor("user", "tono", 1), "sales.return")
        first, second = desk.permitted(one), desk.permitted(one)
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        assert desk.may("sales.return")
        second.__exit__(None, None, None)
        assert not desk.may("sales.return")
        with desk.permitted(one):
            desk.goodbye()
            assert not desk.may("sales.return")


@pytest.mark.soak
async def test_ceilings_are_set_beside_the_rights(shop: Shop) -> None:
    """The form takes percent and rupiah, says at the field what is none, and the line below the rights
    tells how far the role goes."""
    async with counter(shop, staff(shop)) as here:
        await here.press("9")
        await here.until(lambda: isinstance(here.app.screen, RolesScreen), here.text)
        await here.settle()
        await here.press("right", "right", "b")
        await here.until(lambda: isinstance(here.app.screen, Form), here.text)
        assert "Batas Kepala Bengkel" in here.text
        await here.type("12,5%")
        await here.press("enter", "enter")
        await here.type("banyak")
        await here.press("f4")
        await here.until(lambda: "banyak bukan jumlah rupiah" in here.text, here.text)
        assert here.app.screen.focused is here.app.screen.query_one("#field-sales-return")
        await here.press(*["backspace"] * 6)
        await here.type("500.000")
        await here.press("f4")
        await here.until(lambda: isinstance(here.app.screen, RolesScreen), here.text)
        role = shop.one("SELECT id FROM roles WHERE name = 'Kepala Bengkel'")
        assert roles.ceilings(shop.ctx, role) == {"sales.discount": 1250, "sales.return": 500_000}
        for _ in access.PERMISSIONS:
            if "Memberi diskon" in str(here.app.screen.query_one("#told", Plain).render()):
                break
            await here.press("down")
        await here.until(lambda: "≤ 12,5%" in here.text, here.text)


async def test_a_permit_is_used_up_by_its_command(shop: Shop) -> None:
    """What somebody has permitted counts for the first command that needs it, however long a box stays
    open; one that fails, one that needs it not, and a question use nothing up."""
    chief = staff(shop, "Administrator", "tono")
    rights = ("items.view", "items.edit", "customers.view")
    session = person(shop, "sari", rights)
    clerk = login.user(shop.ctx, session.actor.user_id or 0)
    async with counter(shop, clerk) as here:
        desk, permit = here.app.desk, Permit(chief.actor, "prices.edit")
        desk.ask_permit = None
        with desk.permitted(permit, Permit(chief.actor, "stock.correct")):
            assert desk.may("prices.edit")
            await desk.ask(access.require, "prices.edit")
            with pytest.raises(ItemChanged):
                await desk.act(prices.set_price, 1, 11_000, seen=1)
            with pytest.raises(ReasonNeeded):
                await desk.act(stock.correct, 1, 5, " ", seen=10)
            await desk.act(item_cards.activate, 1)
            assert desk.may("prices.edit")
            await desk.act(prices.set_price, 1, 11_000)
            assert not desk.may("prices.edit")
            with pytest.raises(NotAllowed):
                await desk.act(prices.set_price, 1, 12_000)
            # What else was permitted is still there.
            assert desk.may("stock.correct")
        # Of two that are alike one is used up each time.
        with desk.permitted(permit, permit):
            await desk.act(prices.set_price, 1, 12_000)
            await desk.act(prices.set_price, 1, 13_000)
            with pytest.raises(NotAllowed):
                await desk.act(prices.set_price, 1, 14_000)
        assert not desk.may("stock.correct")
    assert shop.one("SELECT price FROM items WHERE id = 1") == 13_000
    assert len([each for each in audit(shop, "items.set_price") if "permitted by" in each]) == 3


async def test_what_is_done_beside_uses_a_permit_up(shop: Shop) -> None:
    """What takes long and what is rolled back: only what was done uses a permit up."""
    chief = staff(shop, "Administrator", "tono")
    session = person(shop, "sari", ("items.view",))
    clerk = login.user(shop.ctx, session.actor.user_id or 0)

    def twice(ctx: Context, fails: bool) -> None:
        with part(ctx, "items.set_prices"):
            prices.set_price(ctx, 1, 21_000)
            if fails:
                raise ReasonNeeded()

    async with counter(shop, clerk) as here:
        desk = here.app.desk
        desk.ask_permit = None
        with desk.permitted(Permit(chief.actor, "prices.edit")):
            with pytest.raises(ReasonNeeded):
                await desk.take_time(twice, True)
            assert desk.may("prices.edit")
            await desk.take_time(twice, False)
            assert not desk.may("prices.edit")
    assert shop.one("SELECT price FROM items WHERE id = 1") == 21_000
