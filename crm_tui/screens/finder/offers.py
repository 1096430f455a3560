"""What F2 offers: what can be done here, where one can go, what is done on other screens, by whom."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from crm_tui import actions
from crm_tui.actions import Action
from crm_tui.screens.administration.health import HealthScreen
from crm_tui.screens.administration.roles import RolesScreen
from crm_tui.screens.administration.settings import SettingsScreen
from crm_tui.screens.administration.users import UsersScreen
from crm_tui.screens.customers.people import CustomersScreen
from crm_tui.screens.finder.words_for import WORDS_FOR
from crm_tui.screens.items.catalogue import ItemsScreen
from crm_tui.screens.items.counting import CountScreen
from crm_tui.screens.items.stock import StockScreen
from crm_tui.screens.items.words import WordsScreen
from crm_tui.screens.menu.entries import ENTRIES, Entry
from crm_tui.screens.sales.drawers import DrawersScreen
from crm_tui.screens.sales.pickups import PickupsScreen
from crm_tui.screens.sales.sold import SalesScreen
from crm_tui.screens.sales.till import TillScreen
from crm_tui.screens.shell.page import Page
from crm_tui.screens.shell.palette import Offer
from crm_tui.screens.sms.messages import InboxScreen, OutboxScreen
from crm_tui.screens.sms.orders import OrdersScreen
from crm_tui.shop.gate import access
from crm_tui.shop.gate.context import Context

BEHIND: dict[str, tuple[type[Page], ...]] = {
    "menu.orders": (OrdersScreen,),
    "menu.inbox": (InboxScreen,),
    "menu.outbox": (OutboxScreen,),
    "menu.pickups": (PickupsScreen,),
    "menu.till": (TillScreen,),
    "menu.sales": (SalesScreen,),
    "menu.drawer": (DrawersScreen,),
    "menu.items": (ItemsScreen,),
    "menu.stock": (StockScreen, CountScreen),
    "menu.words": (WordsScreen,),
    "menu.customers": (CustomersScreen,),
    "menu.users": (UsersScreen,),
    "menu.roles": (RolesScreen,),
    "menu.health": (HealthScreen,),
    "menu.settings": (SettingsScreen,),
}
"""The screens that an entry of the menu leads to. Those that are loaded late are found by the entry."""


async def offers(page: Page) -> list[Offer]:
    """Everything that can be done: here first, then the menu, then elsewhere, what this user may not
    last. What is not done here is shown only to users who ask for it."""
    here = page.palette_actions()
    known = {action for action, _ in here} | set(page.own)
    signed_in = page.desk.user is not None
    offered = [
        Offer(action, page.tr(actions.key_name(key)), words=_words(page, action))
        for action, key in here
    ]
    if not signed_in:
        return offered
    there = [entry for entry in ENTRIES if entry.there(page.crm.figures)]
    entries = [entry for entry in there if entry.action not in known]
    offered += [Offer(entry.action, words=_words(page, entry.action)) for entry in entries
              if page.desk.may(entry.action.needs)]  # fmt: skip
    others = list(_elsewhere(there, known))
    barred = [each for each in page.own if not page.desk.may(each.needs)]
    roles = await page.desk.ask(_who_may)
    offered += [
        Offer(action, barred=roles[action.needs], words=_words(page, action)) for action in barred
    ]
    offered += [Offer(entry.action, barred=roles[entry.action.needs], words=_words(page, entry.action))
              for entry in entries if not page.desk.may(entry.action.needs)]  # fmt: skip
    for entry, action in others:
        allowed = page.desk.may(action.needs) and page.desk.may(entry.action.needs)
        needs = action.needs if not page.desk.may(action.needs) else entry.action.needs
        key = dict(page.crm.keyed([action]))[action]
        offered.append(
            Offer(
                action, page.tr(actions.key_name(key)), where=page.tr(entry.action.label),
                words=_words(page, action), barred="" if allowed else roles[needs],
            )
        )  # fmt: skip
    return offered


def _words(page: Page, action: Action) -> str:
    told = page.tr(WORDS_FOR[action.name]) if action.name in WORDS_FOR else ""
    if action.name == "menu.reports" and not page.desk.may(action.needs):
        # A user who may not go there finds no report by its name, but reads who may.
        from crm_tui.shop.reports import registry

        told = " ".join((told, *(page.tr(each.title) for each in registry.REPORTS.values())))
    return told


def _elsewhere(entries: Sequence[Entry], known: set[Action]) -> Iterator[tuple[Entry, Action]]:
    """What is done on other screens, with the entry of the menu that leads there; each once."""
    seen = set(known)
    for entry in entries:
        for screen in BEHIND.get(entry.action.name, ()):
            for action in screen.own:
                if action not in seen and action not in actions.EVERYWHERE:
                    seen.add(action)
                    yield entry, action


def _who_may(ctx: Context) -> dict[str, str]:
    """The names of the roles that have each permission; "" of one that nobody has."""
    return defaultdict(
        str, {name: ", ".join(roles) for name, roles in access.who_may_each(ctx).items()}
    )


def entry_to(action: Action) -> Entry:
    """The entry of the menu that leads to where something is done, or that is the action itself."""
    return next(
        entry for entry in ENTRIES
        if entry.action == action
        or any(action in screen.own for screen in BEHIND.get(entry.action.name, ()))
    )  # fmt: skip
