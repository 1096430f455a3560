"""What F2 finds in the shop: items, customers, orders and sales, each with the screen that shows it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from crm_tui.desk import Desk
from crm_tui.errors import N_
from crm_tui.screens import words
from crm_tui.screens.customers import CustomersScreen
from crm_tui.screens.items import ItemsScreen
from crm_tui.screens.listpage import ListPage
from crm_tui.screens.orders import OrdersScreen
from crm_tui.screens.palette import Thing
from crm_tui.screens.sales import SalesScreen
from crm_tui.shop import listing, lists
from crm_tui.shop.listing import Line, Listing, View

_EACH = 5
"""So many of a kind are shown."""


@dataclass(frozen=True)
class _Place:
    """Where to look, by whose permission; `told` are a row's name, its detail, and what finds it."""

    kind: str
    listed: Listing
    view: View
    permission: str
    screen: type[ListPage]
    part: str
    told: Callable[[Line], tuple[str, str, str]]


def _item(row: Line) -> tuple[str, str, str]:
    values = row.values
    price = words.rupiah(int(values["price"] or 0))
    return str(values["code"]), f"{values['name']}  {price}", str(values["code"])


def _customer(row: Line) -> tuple[str, str, str]:
    values = row.values
    phone = str(values["phones"]).partition(" ")[0]
    name = str(values["name"] or words.phone(phone))
    return name, f"{words.phone(phone)}  {values['address']}", phone or name


def _order(row: Line) -> tuple[str, str, str]:
    values = row.values
    who = words.who(str(values["customer"] or ""), str(values["phone"]))
    return str(values["number"]), f"{who}  {values['lines'] or ''}", str(values["number"])


_PLACES = (
    _Place(N_("Items"), lists.ITEMS, View("code", "active"), "items.view", ItemsScreen, "active",
           _item),
    _Place(N_("Customers"), lists.CUSTOMERS, View("name", "all"), "customers.view", CustomersScreen,
           "all", _customer),
    _Place(N_("Orders"), lists.ORDERS, View("newest", "all"), "messages.view", OrdersScreen, "all",
           _order),
    _Place(N_("Sales"), lists.SALES, View("newest", "all"), "sales.view", SalesScreen, "all",
           lambda row: (str(row.values["number"]), f"{row.values['customer']}  {row.values['lines']}",
                        str(row.values["number"]))),
)  # fmt: skip


async def find(desk: Desk, text: str) -> Sequence[Thing]:
    """What fits `text`, of what the user may see."""
    found = []
    for place in _PLACES:
        if not desk.may(place.permission):
            continue
        view = View(place.view.sort, place.view.part, text)
        for row in await desk.ask(listing.page, place.listed, view, limit=_EACH):
            name, detail, search = place.told(row)
            found.append(Thing(place.kind, name, detail, partial(place.screen, place.part, search)))
    return found
