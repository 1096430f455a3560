"""Who may do what, on the screen and below it."""

import ast
import importlib
import inspect
import pkgutil

import pytest

from crm_tui import actions
from crm_tui import screens as crm_screens
from crm_tui.screens.administration.audit import AuditScreen
from crm_tui.screens.administration.backups import BackupsScreen
from crm_tui.screens.administration.health import HealthScreen
from crm_tui.screens.administration.roles import RolesScreen
from crm_tui.screens.administration.settings import SettingsScreen
from crm_tui.screens.administration.users import UsersScreen
from crm_tui.screens.customers.people import CustomersScreen
from crm_tui.screens.customers.ranking import RankingScreen
from crm_tui.screens.customers.reward_lists import EntriesScreen, PeriodsScreen
from crm_tui.screens.customers.rewards import RewardsScreen
from crm_tui.screens.items.catalogue import ItemsScreen
from crm_tui.screens.items.counting import CountScreen
from crm_tui.screens.items.stock import StockScreen
from crm_tui.screens.menu.entries import ENTRIES
from crm_tui.screens.menu.main import MenuScreen
from crm_tui.screens.promos.campaigns import PromoPeopleScreen, PromosScreen
from crm_tui.screens.promos.lost import LostScreen
from crm_tui.screens.reports.figures import FiguresScreen
from crm_tui.screens.reports.report import ReportScreen
from crm_tui.screens.sales.drawers import DrawersScreen
from crm_tui.screens.sales.pickups import PickupsScreen
from crm_tui.screens.sales.sold import SalesScreen
from crm_tui.screens.sales.till import TillScreen
from crm_tui.screens.shell.page import Page
from crm_tui.screens.sms.messages import InboxScreen, OutboxScreen
from crm_tui.screens.sms.orders import OrdersScreen
from crm_tui.screens.widgets.keybar import KeyBar
from crm_tui.shop.backups import making
from crm_tui.shop.gate import access
from crm_tui.shop.gate.commands import COMMANDS
from crm_tui.shop.orders import deciding
from crm_tui.shop.users import login
from tests.counter import Counter, counter
from tests.shop import ANI, BUDI, Shop
from tests.test_commands import session

pytestmark = pytest.mark.asyncio

SCREENS = (
    OrdersScreen, InboxScreen, OutboxScreen, PickupsScreen, SalesScreen, ItemsScreen,
    CustomersScreen, TillScreen, UsersScreen, RolesScreen, AuditScreen, SettingsScreen,
    HealthScreen,
    StockScreen, CountScreen, DrawersScreen, RankingScreen, PromosScreen, PromoPeopleScreen,
    RewardsScreen, PeriodsScreen, EntriesScreen, LostScreen, ReportScreen, FiguresScreen,
    BackupsScreen,
)  # fmt: skip
AWAY = (actions.QUIT, *actions.PRACTICE)
"""They end the program, or belong to a practice shop."""


async def test_every_action_names_a_permission_that_there_is() -> None:
    """Each action's command is one of the shop's, and its permission one that roles can have."""
    for action in actions.ALL.values():
        assert not action.command or action.command in COMMANDS
        assert action.needs in ("", access.OWN, *access.PERMISSIONS)


async def test_no_pin_opens_a_page() -> None:
    """What opens a page says so: a leave that ends with the key would not outlast it. A right beyond
    the page's own is asked for by its keys."""
    found = set()
    for module in pkgutil.walk_packages(crm_screens.__path__, "crm_tui.screens."):
        source = inspect.getsource(importlib.import_module(module.name))
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.AsyncFunctionDef) and node.name.startswith("do_"):
                said = ast.unparse(node)
                if "push_screen(" in said and "ask_for(" not in said:
                    found.add(node.name.removeprefix("do_"))
    opening = {each for each in actions.ALL.values() if each.name.replace(".", "_") in found}
    assert {each.name for each in opening} >= {"stock.counting", "items.words", "orders.talk"}
    assert not {each.name for each in opening if each.needs and not each.opens}
    assert actions.ALL["stock.counting"].needs == CountScreen.needs


def prepare(shop: Shop) -> None:
    """Something for every action to be done with: waiting, confirmed, for the staff, in doubt, sold."""
    shop.ask(ANI, "PESAN PQ-R 2")
    deciding.confirm(shop.ctx, 1)
    shop.run(5)
    shop.ask(BUDI, "PESAN PQ-R 2")
    shop.ask(ANI, "Pak, kampas rem yang kemarin kok bunyi ya?")
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE messages SET status = 'in_doubt' WHERE kind = 'confirmation'")
    making.run(shop.ctx, "daily")


def offered(here: Counter, page: Page) -> set[str]:
    """What a screen offers, shows and does now."""
    page.draw_frame()
    found = {action.name for action in page.own if page.offers(action)}
    shown = str(page.query_one(KeyBar).render())
    for action in page.own:
        if action.name not in found:
            assert f" {here.app.tr(action.label)} " not in shown
            # Its key only says why not, or who may, unless it does something else just now.
            assert page.check_action("perform", (action.name,)) is not page._other(action)
    return found


@pytest.mark.soak
async def test_a_key_without_a_permission_changes_nothing(shop: Shop) -> None:
    """No key that asks for no permission changes the store."""
    prepare(shop)
    user = login.user(shop.ctx, session(shop, set(access.PERMISSIONS)).actor.user_id or 0)
    common = set(OrdersScreen.all_actions()) - set(OrdersScreen.own)
    keys = [
        (screen, action)
        for screen in SCREENS
        for action in (*screen.own, *(common if screen is OrdersScreen else ()))
        if not action.needs and action not in AWAY
    ]
    assert {action.name for _, action in keys} >= {"orders.talk", "orders.receipt", "list.sort"}
    async with counter(shop, user) as here:
        menu = len(here.app.screen_stack)

        async def changes(screen: type[Page], key: str) -> bool:
            before = shop.one("PRAGMA data_version")
            await here.app.push_screen(screen())
            await here.settle()
            await here.press(key)
            # One of the keys locks the screen.
            here.app.unlocked.set()
            while len(here.app.screen_stack) > menu:
                await here.app.pop_screen()
            return bool(shop.one("PRAGMA data_version") != before)

        for screen, action in keys:
            assert not await changes(screen, action.keys[0]), (screen, action.name)
        assert await changes(OrdersScreen, "k"), "confirming an order would not be noticed either"


async def test_without_a_permission(shop: Shop) -> None:
    """A user without a permission is offered no key that needs it, and all the others."""
    prepare(shop)
    user = login.user(shop.ctx, session(shop, set(access.PERMISSIONS)).actor.user_id or 0)
    needed: set[str] = set()
    async with counter(shop, user, painted=False) as here:
        everything = here.app.desk.granted
        for screen in SCREENS:
            page = screen()
            await here.app.push_screen(page)
            await here.settle()
            if screen is OutboxScreen:
                await here.press("right")
            usual = offered(here, page)
            for permission in sorted({action.needs for action in page.own} - {""}):
                needed.add(permission)
                here.app.desk.granted = everything - {permission}
                lost = {action.name for action in page.own if action.needs == permission}
                assert offered(here, page) == usual - lost, (screen, permission)
            here.app.desk.granted = everything
            page.dismiss(None)
            await here.settle()
    assert len(needed) > 20


async def test_the_menu_without_a_permission(shop: Shop) -> None:
    """The menu has no entry that needs a permission which the role has lost, and all the others."""
    user = login.user(shop.ctx, session(shop, set(access.PERMISSIONS)).actor.user_id or 0)
    async with counter(shop, user, painted=False) as here:
        menu = here.app.screen
        assert isinstance(menu, MenuScreen)
        everything = here.app.desk.granted
        for permission in sorted(access.PERMISSIONS):
            here.app.desk.granted = everything - {permission}
            assert {entry.action.name for entry in menu.entries()} == {
                entry.action.name
                for entry in ENTRIES
                if entry.action.needs != permission and not entry.chain
            }, permission
        with shop.ctx.store.transaction() as db:
            db.execute("DELETE FROM role_permissions WHERE permission = 'orders.confirm'")
        await here.app.signed_in(user)
        assert here.app.desk.granted == everything - {"orders.confirm"}


async def test_the_menu_tells_only_what_one_may_see(shop: Shop) -> None:
    """Without the right to see SMS the menu shows none, without reports no takings."""
    prepare(shop)
    ctx = session(shop, {"sales.sell"})
    user = login.user(shop.ctx, ctx.actor.user_id or 0)
    async with counter(shop, user, size=(120, 40)) as here:
        assert "PESAN" not in here.text
        assert "Terjual" not in here.text


async def test_refused_below_the_screen(shop: Shop) -> None:
    """A key that a screen still offers is refused by the command, once the role has lost it."""
    tried: tuple[tuple[type[Page], str, str], ...] = (
        (OrdersScreen, "k", "orders.confirm"),
        (OrdersScreen, "d", "orders.confirm"),
        (InboxScreen, "e", "messages.handle"),
        (OutboxScreen, "k", "messages.handle"),
        (OutboxScreen, "x", "messages.handle"),
    )
    prepare(shop)
    ctx = session(shop, set(access.PERMISSIONS))
    user = login.user(shop.ctx, ctx.actor.user_id or 0)
    async with counter(shop, user) as here:
        for screen, key, permission in tried:
            page = screen()
            await here.app.push_screen(page)
            await here.settle()
            if screen is OutboxScreen:
                await here.press("right")
            # The role loses it behind the back of the program: nothing is told to the screens.
            held = shop.rows("SELECT * FROM role_permissions WHERE permission = ?", permission)
            with shop.ctx.store.transaction() as db:
                db.execute("DELETE FROM role_permissions WHERE permission = ?", (permission,))
            before = shop.rows("SELECT * FROM audit")
            assert not here.notice
            await here.press(key)
            await here.until(lambda: "tidak boleh" in here.notice or "izin" in here.notice)
            assert shop.rows("SELECT * FROM audit") == before
            _tell_of_users(shop)
            await _until_granted(here, permission, False)
            action = next(each for each in screen.own if key in each.keys)
            assert not page.offers(action)
            with shop.ctx.store.transaction() as db:
                db.table("role_permissions").insert_all(held)
            _tell_of_users(shop)
            await _until_granted(here, permission, True)
            page.dismiss(None)
            await here.settle()


async def _until_granted(here: Counter, permission: str, granted: bool) -> None:
    await here.until(lambda: (permission in here.app.desk.granted) is granted)


def _tell_of_users(shop: Shop) -> None:
    with shop.ctx.store.transaction() as db:
        db.execute("INSERT INTO changes (topic, row_id) VALUES ('users', 1)")
