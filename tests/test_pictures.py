"""Pictures of every screen, at both sizes and in both languages; none of them cuts a word of its own.

After a change that is meant: `pytest tests/test_pictures.py --snapshot-update`, and look at them.
"""

import re
from collections.abc import AsyncIterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.image import SVGImageSnapshotExtension
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from crm_tui.app import CrmApp
from crm_tui.screens.customers.people import CustomersScreen
from crm_tui.screens.customers.ranking import RankingScreen
from crm_tui.screens.customers.reward_lists import EntriesScreen, PeriodsScreen
from crm_tui.screens.customers.rewards import RewardsScreen
from crm_tui.screens.door.first_start import FirstStart
from crm_tui.screens.door.lock import LockScreen
from crm_tui.screens.door.login import LoginScreen
from crm_tui.screens.items.basket import Basket
from crm_tui.screens.items.catalogue import ItemsScreen
from crm_tui.screens.items.counting import CountScreen
from crm_tui.screens.items.stock import GoodsBasket, StockScreen
from crm_tui.screens.menu.main import MenuScreen
from crm_tui.screens.office.audit import AuditScreen
from crm_tui.screens.office.roles import RolesScreen
from crm_tui.screens.office.settings import SettingsScreen
from crm_tui.screens.office.users import UsersScreen
from crm_tui.screens.promos.campaigns import PromoPeopleScreen, PromosScreen
from crm_tui.screens.promos.compose import Review
from crm_tui.screens.promos.lost import LostScreen
from crm_tui.screens.reports.figures import FiguresScreen
from crm_tui.screens.reports.report import ReportScreen, ReportsScreen
from crm_tui.screens.sales.drawers import DrawersScreen
from crm_tui.screens.sales.pickups import PickupsScreen
from crm_tui.screens.sales.receipts import Receipt
from crm_tui.screens.sales.sold import SalesScreen
from crm_tui.screens.sales.till import TillScreen
from crm_tui.screens.shell.finders import CustomerFinder
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.shell.page import Page
from crm_tui.screens.shell.palette import Palette
from crm_tui.screens.sms.conversation import ConversationScreen
from crm_tui.screens.sms.messages import InboxScreen, OutboxScreen
from crm_tui.screens.sms.orders import OrdersScreen
from crm_tui.screens.widgets.choose import Choose
from crm_tui.screens.widgets.dialog import Ask, Show
from crm_tui.screens.widgets.form import Form
from crm_tui.screens.widgets.keybar import KeyBar
from crm_tui.screens.widgets.paged import PagedList
from crm_tui.shop.customers import people
from crm_tui.shop.imports import items as import_items
from crm_tui.shop.loyalty import points, rewards, tiers
from crm_tui.shop.messages import outbox
from crm_tui.shop.orders import deciding
from crm_tui.shop.sales import collecting
from crm_tui.shop.users import login
from tests.counter import LARGE, SMALL, Counter, StillClock, acting, counter, staff
from tests.shop import Shop

pytestmark = pytest.mark.asyncio

SIZES = pytest.mark.parametrize(
    ("size", "language"),
    [
        pytest.param(SMALL, "id", id="small-id"),
        pytest.param(LARGE, "en", id="large-en"),
        # The other two are looked at in the soak test: each size and each language is seen above.
        pytest.param(LARGE, "id", id="large-id", marks=pytest.mark.soak),
        pytest.param(SMALL, "en", id="small-en", marks=pytest.mark.soak),
    ],
)
BUDI, SITI, MAJU, NEW = "+6281373100101", "+6281373100102", "+6281278804411", "+6282177650043"


@pytest.fixture
def pictures(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(SVGImageSnapshotExtension)


def scene(shop: Shop) -> login.User:
    """A shop at nine in the morning: orders in every state, SMS that wait, one in doubt."""
    shelf = Path(str(files("crm_tui") / "practice" / "items.csv"))
    import_items.apply(shop.ctx, import_items.read_file(shelf), shelf.name)
    user = staff(shop, "Administrator")
    desk = acting(shop, user)
    for number, (phone, name) in enumerate(
        ((BUDI, "Budi Santoso"), (SITI, "Siti Aminah"), (MAJU, "Bengkel Maju Jaya")), start=1
    ):
        shop.ask(phone, "INFO")
        people.register(shop.ctx, number, name, "Palembang")
    shop.ask(MAJU, "PESAN OLI-MPX2 6")
    deciding.confirm(desk, 1)
    shop.run(5)
    collecting.collect(desk, 1)
    shop.ask(BUDI, "PESAN KR-BEAT-D 1")
    deciding.reject(desk, 2, "barang sedang kosong")
    shop.ask(SITI, "PESAN FO-AVZ 2, OLI-SHL10 1")
    deciding.confirm(desk, 3)
    shop.run(1700)
    shop.ask(MAJU, "PESAN KR-VAR-D 2, OLI-MPX2 6, BSI-C7 10")
    shop.run(900)
    shop.modem.faults.no_reports = True
    shop.modem.faults.lost_answers = 1
    outbox.send(desk, SITI, "Oli pesanan Ibu sudah datang.")
    shop.run(120)
    shop.modem.faults.no_reports = False
    shop.ask(NEW, "Pak, kampas rem yang kemarin kok bunyi ya?")
    shop.ask(BUDI, "psn BSI-IRI 2")
    deciding.later(desk, 5)
    shop.run(200)
    shop.ask(NEW, "PESAN AKI-NS60 2")
    return user


class Look:
    """Takes pictures, and looks for what is cut on the way."""

    def __init__(self, here: Counter, pictures: SnapshotAssertion, name: str) -> None:
        self.here, self._pictures, self._name = here, pictures, name

    async def at(self, what: str, screen: type[Screen[Any]], *keys: str) -> None:
        """A picture of what stands there after these keys, which must be this screen."""
        if keys:
            await self.here.press(*keys)
        await self.here.until(lambda: isinstance(self.here.app.screen, screen), f"no {what}")
        await self.here.pilot.pause(0.08)
        await self.here.settle()
        self._whole(what)
        name = f"{self._name}-{what}"
        for _ in range(10):
            # The fonts that it would fetch from elsewhere are no part of the picture.
            picture = re.sub(
                r"@font-face \{.*?\}\s*", "", self.here.app.export_screenshot(), flags=re.S
            )
            if picture == self._pictures(name=name):
                return
            # On a busy computer the focus, or a timer, may come after the text.
            await self.here.pilot.pause(0.3)
        raise AssertionError(f"{name} does not look as it did")

    def _whole(self, what: str) -> None:
        """No label of ours is cut."""
        app, screen = self.here.app, self.here.app.screen
        for bar in screen.query(KeyBar):
            # The keys stand on the screen, whole, however long what is above them is.
            assert isinstance(bar.parent, Widget)
            assert screen.region.contains_region(bar.region), (what, bar.region)
            assert bar.parent.region.contains_region(bar.region), (what, bar.region)
            shown = bar.render()
            assert isinstance(shown, Content)
            assert cell_len(shown.plain) <= bar.size.width, (what, shown.plain)
            pairs = [*bar._last, *bar._pairs]
            left = shown.plain
            for key, label in pairs:
                left = left.replace(f" {key} {label} ", "", 1)
            assert not left.strip(), (what, left)
            for key, label in bar._last:
                assert f" {key} {label} " in shown.plain, (what, label)
        for rows in screen.query(PagedList):
            widths = rows._widths(rows.size.width - 2)
            for column, width in zip(rows._columns, widths, strict=True):
                assert not width or cell_len(column.heading) <= width, (what, column.heading)
        lines = self.here.text.split("\n")
        assert all(cell_len(line) <= app.size.width for line in lines)
        if isinstance(screen, ListPage):
            tabs = str(screen.query_one("#tabs").render())
            assert cell_len(tabs) <= app.size.width, (what, tabs)


async def walk(look: Look) -> AsyncIterator[None]:
    """Every screen behind the menu."""
    await look.at("menu", MenuScreen)
    await look.at("find", Palette, "f2")
    await look.here.paste("beat")
    await look.at("find-things", Palette)
    await look.at("orders", OrdersScreen, "escape", "1")
    await look.at("help", Show, "f1")
    await look.at("reject", Form, "escape", "t", "down")
    await look.at("change", Form, "escape", "escape", "u")
    await look.at("orders-all", OrdersScreen, "escape", "right", "right")
    await look.at("conversation", ConversationScreen, "enter")
    await look.at("inbox", InboxScreen, "escape", "escape", "2")
    await look.at("reply", Form, "j")
    await look.here.paste("Silakan dibawa ke toko, Pak.")
    await look.at("reply-typed", Form)
    await look.at("basket", Basket, "escape", "escape", "o")
    await look.here.paste("2 vario")
    await look.at("basket-search", Basket, "enter", "b", "u", "s", "i")
    await look.at("inbox-all", InboxScreen, "escape", "escape", "right")
    await look.at("outbox", OutboxScreen, "escape", "3")
    await look.at("outbox-decide", OutboxScreen, "right")
    await look.at("outbox-queue", OutboxScreen, "right")
    await look.at("pickups", PickupsScreen, "escape", "4")
    await look.at("collect", Form, "a")
    await look.at("part", Form, "escape", "p")
    await look.at("cancel", Ask, "escape", "x")
    await look.at("receipts", PickupsScreen, "escape", "right", "right")
    await look.at("receipt", Receipt, "r")
    await look.at("till", TillScreen, "escape", "escape", "0")
    await look.here.paste("2 vario")
    await look.at("till-found", TillScreen)
    await look.here.press("enter")
    await look.here.paste("busi c7")
    await look.here.press("enter")
    await look.at("till-customer", CustomerFinder, "f3", "b", "u")
    await look.at("till-discount", Form, "enter", "f8")
    await look.here.paste("5%")
    await look.at("till-pay", Form, "f4", "f4")
    await look.at("till-receipt", Receipt, "f4")
    await look.at("sales", SalesScreen, "escape", "escape", "5")
    await look.at("return", Form, "k")
    await look.at("drawer", DrawersScreen, "escape", "escape", "l")
    await look.at("drawer-close", Form, "t")
    await look.here.press("2", "0", "0", "0", "0", "0")
    await look.at("drawer-closed", Show, "f4")
    await look.at("stock", StockScreen, "escape", "escape", "k")
    await look.at("goods-several", GoodsBasket, "m")
    await look.here.paste("12 busi c7 @9500")
    await look.at("goods-put-in", GoodsBasket, "enter")
    await look.at("goods-from", Form, "f4")
    await look.at("counting", CountScreen, "f4", "o")
    await look.at("count-begin", Form, "n")
    await look.at("count-all", CountScreen, "f4")
    await look.here.press("enter", "7", "enter")
    await look.at("counted", CountScreen, "right")
    await look.at("items", ItemsScreen, "escape", "escape", "6")
    await look.at("item", Form, "u")
    await look.at("item-history", Show, "escape", "l")
    await look.at("import", Form, "escape", "i")
    await look.at("goods-in", Form, "escape", "m")
    await look.at("correct", Form, "escape", "k")
    await look.at("low", ItemsScreen, "escape", "right")
    await look.at("customers", CustomersScreen, "escape", "7")
    await look.at("customer", Form, "u")
    await look.at("users", UsersScreen, "escape", "escape", "8")
    await look.at("user-new", Form, "n")
    await look.at("roles", RolesScreen, "escape", "escape", "9")
    await look.at("role-new", Form, "right", "down", "n")
    await look.at("ranking", RankingScreen, "escape", "escape", "r")
    await look.at("audit", AuditScreen, "escape", "a")
    await look.at("settings", SettingsScreen, "escape", "t")
    await look.at("setting", Form, "end", "enter")
    await look.at("password", Form, "escape", "escape", "s")
    await look.at("pin", Form, "escape", "p")
    await look.at("lock", LockScreen, "escape", "f9")
    yield


@SIZES
async def test_every_screen(
    shop: Shop, pictures: SnapshotAssertion, size: tuple[int, int], language: str
) -> None:
    """Every screen looks as it did when somebody looked at it, and cuts no word of its own."""
    user = scene(shop)
    name = f"{'small' if size == SMALL else 'large'}-{language}"
    async with counter(shop, user, size=size, language=language) as here:
        async for _ in walk(Look(here, pictures, name)):
            pass


def good_customers(shop: Shop) -> None:
    """Two who want promos, with a tier, points, and a frozen list; what somebody asked in vain."""
    for number in (1, 3):
        people.consent(shop.ctx, number, "yes", "formulir")
    points.give(shop.ctx, 1, 120, "ulang tahun")
    tiers.save(shop.ctx, tiers.Tier("Juara", 1, top=10_000, discount=500, multiplier=200,
                                    gift="Payung"))  # fmt: skip
    tiers.keep_up(shop.ctx)
    rewards.freeze(shop.ctx, "2026-4")
    shop.ask(SITI, "HARGA XXX-99")
    shop.ask(BUDI, "PESAN KR-BEAT-D 900")


@SIZES
async def test_rewards_and_promos(
    shop: Shop, pictures: SnapshotAssertion, size: tuple[int, int], language: str
) -> None:
    """Everything for good customers: tiers, gifts, what was asked in vain, promos and their results."""
    user = scene(shop)
    good_customers(shop)
    name = f"{'small' if size == SMALL else 'large'}-{language}"
    async with counter(shop, user, size=size, language=language) as here:
        look = Look(here, pictures, name)
        await look.at("rewards", RewardsScreen, "h")
        await look.at("tier", Form, "n")
        await look.at("freeze", Form, "escape", "b")
        await look.at("periods", PeriodsScreen, "escape", "enter")
        await look.at("entries", EntriesScreen, "enter")
        await look.at("lost", LostScreen, "escape", "escape", "escape", "b")
        await look.at("lost-promo", Review, "p")
        await look.at("promos", PromosScreen, "escape", "escape", "m")
        await look.at("promo-kind", Choose, "n")
        await look.at("promo-new", Form, "down", "enter")
        await here.press("enter", "enter")
        await here.paste("OLI-MPX2 10%")
        await look.at("promo-items", Form)
        await look.at("promo-review", Review, "f4")
        await here.press("enter")
        await here.until(lambda: shop.one("SELECT max(status) FROM promos") == "running")
        shop.run(60)
        await here.until(lambda: "terkirim semua" in here.text or "all out" in here.text, here.text)
        page = here.app.screen
        assert isinstance(page, PromosScreen)
        page.notice("")
        await look.at("promo-out", PromosScreen)
        await look.at("promo-people", PromoPeopleScreen, "enter")
        await look.at("reports", ReportsScreen, "escape", "escape", "o")
        await look.at("report", ReportScreen, "down", "down", "down", "enter")
        await look.at("report-period", Choose, "p")
        await look.at("report-form", Choose, "escape", "x")
        await look.at("figures", FiguresScreen, "escape", "escape", "escape", "g")
        await look.at("points", Form, "escape", "7", "h")
        await look.at("customer-points", CustomersScreen, "escape")
        await here.press("escape", "0")
        await here.paste("2 mpx2")
        await here.press("enter", "f3")
        await here.paste("maju")
        await look.at("till-offer", TillScreen, "enter")
        await look.at("till-points", Form, "f4", "enter", "enter", "down")


@SIZES
async def test_doors_and_practice(
    shop: Shop,
    pictures: SnapshotAssertion,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    language: str,
) -> None:
    """The login, the first start, and what a practice shop has beside."""
    from crm_tui.shop.gate.practice import mark_practice

    user = scene(shop)
    name = f"{'small' if size == SMALL else 'large'}-{language}"
    async with counter(shop, size=size, language=language) as here:
        look = Look(here, pictures, name)
        await look.at("login", LoginScreen)
        await here.type("sari")
        await here.press("enter")
        await here.type("falsch")
        await here.press("enter")
        await here.pilot.pause(0.5)
        await look.at("login-wrong", LoginScreen)
    mark_practice(shop.ctx)
    async with counter(shop, size=size, language=language, practice=True) as here:
        look = Look(here, pictures, name)
        await look.at("practice-login", LoginScreen)
        await here.app.signed_in(user)
        await here.settle()
        await look.at("practice-menu", MenuScreen)
        await look.at("telephone", Page, "f5")
        await look.at("telephone-unknown", Page, "f6", "f6", "f6", "f6")
    # Its folder is told as it was named.
    monkeypatch.chdir(shop.folder)
    app = CrmApp(Path("baru"), StillClock(shop.clock.now()), language=language)
    async with app.run_test(size=size) as pilot:
        here = Counter(app, pilot, shop)
        await here.until(lambda: isinstance(app.screen, FirstStart))
        look = Look(here, pictures, name)
        await look.at("first-start", FirstStart)
        await look.at("first-language", Choose, "enter")
        await look.at("first-shop", Form, "enter")
