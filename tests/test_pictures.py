"""Pictures of every screen, at both sizes and in both languages; nothing in them is cut or covered.

After a change that is meant: `pytest tests/test_pictures.py --snapshot-update`, and look at the
difference (its hunks are headed by the names of the screens).
"""

from dataclasses import replace
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from crm_tui.app import CrmApp
from crm_tui.screens.administration.audit import AuditScreen
from crm_tui.screens.administration.backups import BackupsScreen
from crm_tui.screens.administration.health import HealthScreen
from crm_tui.screens.administration.roles import RolesScreen
from crm_tui.screens.administration.settings import SettingsScreen
from crm_tui.screens.administration.users import UsersScreen
from crm_tui.screens.branches.arrival import ArrivalScreen
from crm_tui.screens.branches.office import OfficeScreen
from crm_tui.screens.branches.stock_elsewhere import StockThereScreen
from crm_tui.screens.branches.transfers import TransfersScreen
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
from crm_tui.screens.items.words import WordsScreen
from crm_tui.screens.menu.main import MenuScreen
from crm_tui.screens.promos.campaigns import PromoPeopleScreen, PromosScreen
from crm_tui.screens.promos.compose import Review
from crm_tui.screens.promos.lost import LostScreen
from crm_tui.screens.reports.figures import FiguresScreen
from crm_tui.screens.reports.report import ReportScreen, ReportsScreen
from crm_tui.screens.sales.drawers import DrawersScreen
from crm_tui.screens.sales.paying import Pay
from crm_tui.screens.sales.pickups import PickupsScreen
from crm_tui.screens.sales.receipts import Paper, Receipt
from crm_tui.screens.sales.sold import SalesScreen
from crm_tui.screens.sales.till import TillScreen
from crm_tui.screens.shell.finders import CustomerFinder
from crm_tui.screens.shell.page import Page
from crm_tui.screens.shell.palette import Palette
from crm_tui.screens.shell.understanding import Understood
from crm_tui.screens.sms.conversation import ConversationScreen
from crm_tui.screens.sms.messages import InboxScreen, OutboxScreen
from crm_tui.screens.sms.orders import OrdersScreen
from crm_tui.screens.sms.waiting import WaitingScreen
from crm_tui.screens.widgets.choose import Choose
from crm_tui.screens.widgets.dialog import Ask, Decide, Show
from crm_tui.screens.widgets.form import Form
from crm_tui.shop.backups import copying, making
from crm_tui.shop.branches import transfers
from crm_tui.shop.checks import ledger_chain
from crm_tui.shop.gate import health, practice
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.health import Finding
from crm_tui.shop.items.stock import Goods
from tests.counter import LARGE, SMALL, Counter, StillClock, counter, staff
from tests.look import Look
from tests.scene import MAJU, good_customers, scene
from tests.shop import Shop
from tests.test_branch_screens import chained

pytestmark = pytest.mark.asyncio

SOAK = pytest.mark.soak
LOOKS = pytest.mark.parametrize(
    ("size", "language"),
    [
        pytest.param(SMALL, "id", id="80x24-id"),
        # Where least is room, and in the language of most shops, each time; the others, and boxes and
        # seldom steps, in soak.
        pytest.param(LARGE, "en", id="120x40-en", marks=SOAK),
        pytest.param(LARGE, "id", id="120x40-id", marks=SOAK),
        pytest.param(SMALL, "en", id="80x24-en", marks=SOAK),
    ],
)
COLOURED = {
    ("id", SMALL): "menu orders inbox till-pay lock promo-review login",
    ("en", LARGE): "till-found till-receipt ranking settings report",
}
"""What is kept in colours: each of their meanings is among it, and both languages."""


def some_findings(ctx: Context, *, thorough: bool = False) -> list[Finding]:
    """One of each state, their sentences as long as they come."""
    line = health.finding(
        "well", "The modem at {port} is ready: {operator}, signal {signal} %.", port="/dev/ttyUSB0",
        operator="TELKOMSEL", signal=65,
    )  # fmt: skip
    worker = health.finding(
        "bad", "The worker ({holder}) has said nothing for {minutes} minutes.",
        "Close crm-tui on that computer and open it again; nothing is lost by that.",
        holder="kasir-1, PID 4711", minutes=12,
    )  # fmt: skip
    disk = health.finding(
        "attention", "{free} are left on the disk.",
        "Make room: a backup needs as much again as the store.", free="640,2 MB",
    )  # fmt: skip
    exports = Finding("unknown", health.FAILED)
    named = {"line": line, "worker": worker, "disk": disk, "exports": exports}
    return [
        replace(named[check.name], name=check.name, title=check.title)
        for check in health.checks()
        if check.name in named
    ]


@pytest.fixture
def look(
    snapshot: SnapshotAssertion,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    language: str,
) -> Look:
    """Takes pictures at one size and in one language."""
    # What disk and engine this computer has is no matter of the picture.
    monkeypatch.setattr(health, "look", some_findings)
    # The sum of a link is another one in each shop.
    monkeypatch.setattr(ledger_chain, "last", lambda ctx: "214-9F3A-22C1")
    coloured = COLOURED.get((language, size), "").split()
    return Look(snapshot, frozenset(coloured))


async def walk(look: Look) -> None:
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
    await look.here.press("enter", "down", "enter")
    await look.at("basket-search", Basket, "b", "u", "s", "i")
    await look.at("inbox-all", InboxScreen, "escape", "escape", "right")
    await look.at("outbox", OutboxScreen, "escape", "3")
    await look.at("outbox-decide", OutboxScreen, "right")
    await look.at("outbox-queue", OutboxScreen, "right")
    await look.at("pickups", PickupsScreen, "escape", "4")
    await look.at("collect", Pay, "a")
    await look.at("part", Form, "escape", "p")
    await look.at("cancel", Decide, "escape", "x")
    await look.at("receipts", PickupsScreen, "escape", "right", "right")
    await look.at("receipt", Receipt, "c")
    await look.at("till", TillScreen, "escape", "escape", "0")
    await look.here.paste("2 vario")
    await look.at("till-found", TillScreen)
    await look.at("till-several", TillScreen, "enter")
    await look.here.press("down", "enter")
    await look.here.paste("bsi-c7")
    await look.here.press("enter")
    await look.at("till-lines", TillScreen)
    await look.at("till-customer", CustomerFinder, "f3", "b", "u")
    await look.at("till-discount", Form, "enter", "f8")
    await look.here.paste("5%")
    await look.here.press("f4")
    await look.at("till-pay", Pay, "f4")
    await look.at("till-note", Pay, "down")
    await look.at("till-paid", TillScreen, "f4")
    await look.at("till-receipt", Receipt, "ctrl+r")
    await look.at("sales", SalesScreen, "escape", "escape", "5")
    await look.at("return", Form, "r")
    await look.at("drawer", DrawersScreen, "escape", "escape", "l")
    await look.at("drawer-close", Form, "t")
    await look.here.press("2", "0", "0", "0", "0", "0")
    await look.at("drawer-far", Decide, "f4")
    await look.at("drawer-closed", Show, "y")
    await look.at("drawer-paper", Paper, "enter")
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
    await look.at("import", Form, "escape", "f")
    await look.at("goods-in", Form, "escape", "m")
    await look.at("correct", Form, "escape", "o")
    await look.at("low", ItemsScreen, "escape", "right")
    await look.at("customers", CustomersScreen, "escape", "7")
    await look.at("customer", Form, "u")
    await look.at("users", UsersScreen, "escape", "escape", "8")
    await look.at("user-new", Form, "n")
    await look.at("roles", RolesScreen, "escape", "escape", "9")
    await look.at("role-new", Form, "right", "down", "n")
    await look.at("ranking", RankingScreen, "escape", "escape", "r")
    await look.at("audit", AuditScreen, "escape", "a")
    await look.at("health", HealthScreen, "escape", "e")
    await look.at("settings", SettingsScreen, "escape", "t")
    await look.at("setting", Form, "end", "enter")
    await look.at("password", Form, "escape", "escape", "s")
    await look.at("pin", Form, "escape", "p")
    await look.at("lock", LockScreen, "escape", "f9")


@LOOKS
async def test_every_screen(shop: Shop, look: Look, size: tuple[int, int], language: str) -> None:
    """Every screen looks as it did when somebody looked at it, and nothing in it is cut or covered."""
    user = scene(shop)
    async with counter(shop, user, size=size, language=language, painted=True) as here:
        look.here = here
        await walk(look)
    look.end()


@SOAK
@LOOKS
async def test_backups(
    shop: Shop, look: Look, size: tuple[int, int], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The backups there are, what restoring one would lose, and how they are kept."""
    # How much is free differs from computer to computer.
    monkeypatch.setattr(copying, "needed", lambda ctx: copying.Need(700_000, 2.0, 40 << 30))
    user = scene(shop)
    making.run(shop.ctx, "drawer")
    shop.clock.wait(60)
    shop.ask(MAJU, "PESAN OLI-MPX2 1")
    async with counter(shop, user, size=size, language=language, painted=True) as here:
        look.here = here
        await look.at("backups", BackupsScreen, "t", "f")
        await here.press("p")
        await here.until(lambda: isinstance(here.app.screen, Ask))
        await look.at("backups-restore", Ask)
        await look.at("backups-folder", Form, "escape", "f")
        await look.at("backups-passphrase", Form, "escape", "w")
    look.end()


@SOAK
@LOOKS
async def test_branches(shop: Shop, look: Look, size: tuple[int, int], language: str) -> None:
    """What a branch has beside: goods on their way, line by line, stock elsewhere, the head office."""
    user = staff(shop)
    chained(shop)
    transfers.send(shop.ctx, 1, [Goods(6, 3), Goods(7, 2)], "ekspedisi")
    async with counter(shop, user, size=size, language=language, painted=True) as here:
        look.here = here
        await look.at("branch-menu", MenuScreen)
        await look.at("transfers", TransfersScreen, "i")
        await look.at("arrival", ArrivalScreen, "enter")
        await look.at("arrival-line", Form, "enter")
        await look.at("arrival-take", Form, "escape", "o", "m")
        await look.at("transfer-to", Choose, "escape", "escape", "k")
        await look.at("stock-elsewhere", StockThereScreen, "escape", "escape", "c")
        await look.at("head-office", OfficeScreen, "escape", "n")
    look.end()


FILE = """DAFTAR HARGA OKTOBER
No;Kode Barang;Nama Barang;Harga;Harga Jual (Rp);Stok Akhir
1;PQ-R;Kampas Rem Depan;60.000;Rp 91.000,00;12
2;Z-1;Zat Pembersih Karburator 500 ml;21.000;Rp 28.500,00;3
;TOTAL;;;Rp 119.500,00;15
"""


@SOAK
@LOOKS
async def test_files(shop: Shop, look: Look, size: tuple[int, int], language: str) -> None:
    """What was understood of a file: with a question, as it will be stored, and column by column."""
    user = scene(shop)
    file = shop.folder / "harga.csv"
    file.write_text(FILE, "utf-8")
    async with counter(shop, user, size=size, language=language, painted=True) as here:
        look.here = here
        await here.press("6", "f")
        await here.paste(str(file))
        await look.at("file-open", Understood, "enter")
        await look.at("file-question", Choose, "enter")
        await look.at("file-understood", Understood, "down", "enter")
        await look.at("file-columns", Choose, "k")
        await look.at("file-fields", Choose, "down", "enter")
    look.end()


@SOAK
@LOOKS
async def test_rewards_and_promos(
    shop: Shop, look: Look, size: tuple[int, int], language: str
) -> None:
    """Everything for good customers: tiers, gifts, what was asked in vain, promos and their results."""
    user = scene(shop)
    good_customers(shop)
    async with counter(shop, user, size=size, language=language, painted=True) as here:
        look.here = here
        await look.at("rewards", RewardsScreen, "h")
        await look.at("tier", Form, "n")
        await look.at("freeze", Form, "escape", "b")
        await look.at("periods", PeriodsScreen, "escape", "enter")
        await look.at("entries", EntriesScreen, "enter")
        await look.at("lost", LostScreen, "escape", "escape", "escape", "b")
        await look.at("lost-promo", Review, "p")
        await look.at("waiting", WaitingScreen, "escape", "escape", "w")
        await look.at("words", WordsScreen, "escape", "d")
        await look.at("promos", PromosScreen, "escape", "m")
        await look.at("promo-kind", Choose, "n")
        await look.at("promo-new", Form, "down", "enter")
        await here.press("enter", "enter")
        await here.paste("OLI-MPX2 10%")
        await look.at("promo-items", Form)
        await look.at("promo-review", Review, "f4")
        await here.press("k")
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
        await look.at("report-form", Choose, "escape", "f")
        await look.at("figures", FiguresScreen, "escape", "escape", "escape", "g")
        await look.at("points", Form, "escape", "7", "minus")
        await look.at("customer-points", CustomersScreen, "escape")
        await here.press("escape", "0")
        await here.paste("2 oli-mpx2")
        await here.press("enter", "f3")
        await here.paste("maju")
        await look.at("till-offer", TillScreen, "enter")
        await look.at("till-points", Pay, "f4", "f8")
    look.end()


@SOAK
@LOOKS
async def test_doors_and_practice(
    shop: Shop,
    look: Look,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    language: str,
) -> None:
    """The login, the first start, and what a practice shop has beside."""
    user = scene(shop)
    async with counter(shop, size=size, language=language, painted=True) as here:
        look.here = here
        await look.at("login", LoginScreen)
        await here.type("sari")
        await here.press("enter")
        await here.type("falsch")
        await here.press("enter")
        await look.at("login-wrong", LoginScreen)
    practice.mark_practice(shop.ctx)
    async with counter(shop, size=size, language=language, practice=True, painted=True) as here:
        look.here = here
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
        look.here = here
        await look.at("first-start", FirstStart)
        await look.at("first-language", Choose, "enter")
        await look.at("first-shop", Form, "enter")
    look.end()
