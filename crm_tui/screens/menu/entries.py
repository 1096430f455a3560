"""What the menu holds, and which screen each entry opens."""

from collections.abc import Callable
from dataclasses import dataclass

from textual.screen import Screen

from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.shop.overview.dashboard import Figures


@dataclass(frozen=True)
class Entry:
    """A line of the menu; `count` and `due` are figures beside it, `due` in the accent colour. One that
    is `spare` gives way where there is no room for all, 1 before 2, and stands beside the others.
    One of the `chain` is there in branches alone."""

    group: str
    action: Action
    open: Callable[[Figures | None], Screen[None]]
    due: Callable[[Figures], int] = lambda figures: 0
    count: Callable[[Figures], int] = lambda figures: 0
    spare: int = 0
    chain: bool = False

    def there(self, figures: Figures | None) -> bool:
        """Whether this shop has it at all."""
        return not self.chain or (figures is not None and figures.chained)


# A screen is loaded when it is opened: each import stands in the function that needs it.


def _orders(figures: Figures | None) -> Screen[None]:
    from crm_tui.screens.sms.orders import OrdersScreen

    return OrdersScreen()


def _inbox(figures: Figures | None) -> Screen[None]:
    from crm_tui.screens.sms.messages import InboxScreen

    return InboxScreen()


def _outbox(figures: Figures | None) -> Screen[None]:
    from crm_tui.screens.sms.messages import OutboxScreen

    # What the figure counts is what is opened.
    return OutboxScreen("trouble" if figures and figures.trouble else "")


def _promos(figures: Figures | None) -> Screen[None]:
    from crm_tui.screens.promos.campaigns import PromosScreen

    return PromosScreen()


def _lost(figures: Figures | None) -> Screen[None]:
    from crm_tui.screens.promos.lost import LostScreen

    return LostScreen()


def _waiting(figures: Figures | None) -> Screen[None]:
    from crm_tui.screens.sms.waiting import WaitingScreen

    return WaitingScreen()


def _pickups(figures: Figures | None) -> Screen[None]:
    from crm_tui.screens.sales.pickups import PickupsScreen

    return PickupsScreen()


def _till(figures: Figures | None) -> Screen[None]:
    from crm_tui.screens.sales.till import TillScreen

    return TillScreen()


def _sales(figures: Figures | None) -> Screen[None]:
    from crm_tui.screens.sales.sold import SalesScreen

    return SalesScreen()


def _drawers(figures: Figures | None) -> Screen[None]:
    from crm_tui.screens.sales.drawers import DrawersScreen

    return DrawersScreen()


def _items(figures: Figures | None) -> Screen[None]:
    from crm_tui.screens.items.catalogue import ItemsScreen

    return ItemsScreen()


def _stock(figures: Figures | None) -> Screen[None]:
    from crm_tui.screens.items.stock import StockScreen

    return StockScreen()


def _transfers(figures: Figures | None) -> Screen[None]:
    from crm_tui.screens.branches.transfers import TransfersScreen

    return TransfersScreen()


def _elsewhere(figures: Figures | None) -> Screen[None]:
    from crm_tui.screens.branches.stock_elsewhere import StockThereScreen

    return StockThereScreen()


def _office(figures: Figures | None) -> Screen[None]:
    from crm_tui.screens.branches.office import OfficeScreen

    return OfficeScreen()


def _words(figures: Figures | None) -> Screen[None]:
    from crm_tui.screens.items.words import WordsScreen

    return WordsScreen()


def _customers(figures: Figures | None) -> Screen[None]:
    from crm_tui.screens.customers.people import CustomersScreen

    return CustomersScreen()


def _users(figures: Figures | None) -> Screen[None]:
    from crm_tui.screens.administration.users import UsersScreen

    return UsersScreen()


def _roles(figures: Figures | None) -> Screen[None]:
    from crm_tui.screens.administration.roles import RolesScreen

    return RolesScreen()


def _ranking(figures: Figures | None) -> Screen[None]:
    from crm_tui.screens.customers.ranking import RankingScreen

    return RankingScreen()


def _reports(figures: Figures | None) -> Screen[None]:
    from crm_tui.screens.reports.report import ReportsScreen

    return ReportsScreen()


def _figures(figures: Figures | None) -> Screen[None]:
    from crm_tui.screens.reports.figures import FiguresScreen

    return FiguresScreen()


def _rewards(figures: Figures | None) -> Screen[None]:
    from crm_tui.screens.customers.rewards import RewardsScreen

    return RewardsScreen()


def _audit(figures: Figures | None) -> Screen[None]:
    from crm_tui.screens.administration.audit import AuditScreen

    return AuditScreen()


def _health(figures: Figures | None) -> Screen[None]:
    from crm_tui.screens.administration.health import HealthScreen

    return HealthScreen()


def _settings(figures: Figures | None) -> Screen[None]:
    from crm_tui.screens.administration.settings import SettingsScreen

    return SettingsScreen()


def _entry(
    group: str, name: str, key: str, label: str, help: str, permission: str,
    open: Callable[[Figures | None], Screen[None]], *, spare: int = 0,
    chain: bool = False, **figures: Callable[[Figures], int],
) -> Entry:  # fmt: skip
    action = Action(f"menu.{name}", key, label, help, permission=permission, shown=False)
    return Entry(group, action, open, spare=spare, chain=chain, **figures)


_SMS, _DEALS = N_("SMS data"), N_("Transactions")
_MASTER, _SHOP = N_("Master data"), N_("The shop")

ENTRIES = (
    _entry(
        _SMS, "orders", "1", N_("Check SMS orders"), N_("Orders waiting to be confirmed"),
        "messages.view", _orders, due=lambda figures: figures.waiting,
    ),
    _entry(
        _SMS, "inbox", "2", N_("SMS in"), N_("SMS of customers; those for the staff first"),
        "messages.view", _inbox, due=lambda figures: figures.staff,
    ),
    _entry(
        _SMS, "outbox", "3", N_("SMS out"), N_("SMS to customers, and what became of them"),
        "messages.view", _outbox, due=lambda figures: figures.trouble,
        count=lambda figures: figures.queue,
    ),
    _entry(
        _SMS, "promos", "m", N_("SMS promo"), N_("Promos to chosen customers"), "promos.send",
        _promos,
    ),
    _entry(
        _SMS, "lost", "b", N_("Asked, not had"), N_("What customers asked for and did not get"),
        "messages.view", _lost,
    ),
    _entry(
        _SMS, "waiting", "w", N_("Waiting list"),
        N_("Who wants to be told when something comes in"), "messages.view", _waiting,
        spare=1,
    ),
    _entry(
        _DEALS, "pickups", "4", N_("Hand out SMS orders"),
        N_("Customers collect what they ordered"), "orders.collect", _pickups,
        count=lambda figures: figures.confirmed,
    ),
    _entry(
        _DEALS, "till", "0", N_("Direct sale"), N_("Sell at the counter"), "sales.sell",
        _till, due=lambda figures: int(figures.unpaid > 0), count=lambda figures: figures.parked,
    ),
    _entry(
        _DEALS, "sales", "5", N_("Sales"), N_("What was sold, at the counter and by SMS"),
        "sales.view", _sales,
    ),
    _entry(
        _DEALS, "drawer", "l", N_("Drawer"), N_("The money: in, out, counted and closed"),
        "drawer.close", _drawers,
    ),
    _entry(
        _MASTER, "items", "6", N_("Items"), N_("Items, prices, stock"), "items.view",
        _items, due=lambda figures: figures.low,
    ),
    _entry(
        _MASTER, "stock", "k", N_("Stock"), N_("Goods in and out, counting the shelves"),
        "items.view", _stock,
    ),
    _entry(
        _MASTER, "transfers", "i", N_("Transfers"), N_("Goods to and from other branches"),
        "items.view", _transfers, chain=True, due=lambda figures: figures.coming,
    ),
    _entry(
        _MASTER, "elsewhere", "c", N_("Stock of branches"), N_("What other branches have"),
        "items.view", _elsewhere, chain=True, spare=1,
    ),
    _entry(
        _MASTER, "words", "d", N_("Word list"), N_("What customers call things, read in their SMS"),
        "items.edit", _words, spare=2,
    ),
    _entry(
        _MASTER, "customers", "7", N_("Customers"), N_("Customers and their history"),
        "customers.view", _customers,
    ),
    _entry(
        _MASTER, "users", "8", N_("Users"), N_("Who may sign in"), "users.edit",
        _users,
    ),
    _entry(
        _MASTER, "roles", "9", N_("Access rights"), N_("What each role may do"), "users.edit",
        _roles,
    ),
    _entry(
        _SHOP, "ranking", "r", N_("Customer ranking"), N_("The best customers, and why"),
        "reports.view", _ranking,
    ),
    _entry(
        _SHOP, "reports", "o", N_("Reports"), N_("Figures by period, and Excel workbooks"),
        "reports.view", _reports,
    ),
    _entry(
        _SHOP, "figures", "g", N_("Figures"), N_("Sales and SMS as plots"), "reports.view",
        _figures,
    ),
    _entry(
        _SHOP, "rewards", "h", N_("Rewards"), N_("Tiers, points, gifts"), "customers.view",
        _rewards,
    ),
    _entry(
        _SHOP, "audit", "a", N_("Audit"), N_("Who changed what, and when"), "audit.view",
        _audit,
    ),
    _entry(
        _SHOP, "health", "e", N_("Health"), N_("Whether all is well, and what to do"),
        "health.view", _health, spare=1,
    ),
    _entry(
        _SHOP, "office", "n", N_("Head office"),
        N_("How this branch stands with the head office"), "health.view", _office, chain=True,
        spare=1,
    ),
    _entry(
        _SHOP, "settings", "t", N_("Settings"), N_("How the shop works"), "settings.edit",
        _settings,
    ),
)  # fmt: skip
