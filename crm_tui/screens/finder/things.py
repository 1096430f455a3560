"""What F2 finds in the shop: items, customers, orders and sales, each with the screen that shows it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from crm_tui.desk import Desk
from crm_tui.errors import N_
from crm_tui.screens.customers.people import CustomersScreen
from crm_tui.screens.items.catalogue import ItemsScreen
from crm_tui.screens.sales.sold import SalesScreen
from crm_tui.screens.shell import display
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.shell.palette import Thing
from crm_tui.screens.sms.orders import OrdersScreen
from crm_tui.shop.customers.lists import CUSTOMERS
from crm_tui.shop.gate import listing
from crm_tui.shop.gate.listing import Line, Listing, View
from crm_tui.shop.items.lists import ITEMS
from crm_tui.shop.orders import lists
from crm_tui.shop.sales.lists import SALES

_EACH = 5
"""So many of a kind are shown."""


@dataclass(frozen=True)
class _Place:
    """Where to look, by whose permission; `describe` gives a row's name, its detail, and what finds it.

    `words`: whether it is searched, or only found by its number: all sales of years are too many to
    look through at each letter.
    """

    kind: str
    listed: Listing
    view: View
    permission: str
    screen: type[ListPage]
    describe: Callable[[Line], tuple[str, str, str]]
    words: bool = True


def _item(row: Line) -> tuple[str, str, str]:
    values = row.values
    price = display.rupiah(int(values["price"] or 0))
    # The price is what is asked for; a long name is cut behind it.
    return str(values["code"]), f"{price:<10} {values['name']}", str(values["code"])


def _customer(row: Line) -> tuple[str, str, str]:
    values = row.values
    phone = str(values["phones"]).partition(" ")[0]
    name = str(values["name"] or display.phone(phone))
    return name, f"{display.phone(phone)}  {values['address']}", phone or name


def _order(row: Line) -> tuple[str, str, str]:
    values = row.values
    who = display.who(str(values["customer"] or ""), str(values["phone"]))
    return str(values["number"]), f"{who}  {values['lines'] or ''}", str(values["number"])


def _sale(row: Line) -> tuple[str, str, str]:
    values = row.values
    return str(values["number"]), f"{values['customer']}  {values['lines']}", str(values["number"])


_PLACES = (
    _Place(N_("Items"), ITEMS, View("code", "active"), "items.view", ItemsScreen, _item),
    _Place(N_("Customers"), CUSTOMERS, View("name", "all"), "customers.view", CustomersScreen,
           _customer),
    _Place(N_("Orders"), lists.PICKUPS, View("newest", "open"), "messages.view", OrdersScreen, _order),
    _Place(N_("Orders"), lists.ORDERS, View("newest", "all"), "messages.view", OrdersScreen, _order,
           words=False),
    _Place(N_("Sales"), SALES, View("newest", "all"), "sales.view", SalesScreen, _sale,
           words=False),
)  # fmt: skip


async def find(desk: Desk, text: str) -> Sequence[Thing]:
    """Everything that fits `text` and that the user may see, each thing once."""
    things: dict[tuple[str, str], Thing] = {}
    for place in _PLACES:
        if not desk.may(place.permission):
            continue
        part = "all" if "all" in place.screen.listed.parts else ""
        rows = await _rows(desk, place, text.strip())
        for row in rows[:_EACH]:
            name, detail, search = place.describe(row)
            thing = Thing(place.kind, name, detail, partial(place.screen, part, search))
            things.setdefault((place.kind, name), thing)
        if len(rows) > _EACH:
            # No list of a few may be taken for all that there is.
            others = partial(place.screen, part, text.strip())
            things.setdefault((place.kind, ""), Thing(place.kind, "", "", others))
    return list(things.values())


async def _rows(desk: Desk, place: _Place, text: str) -> Sequence[Line]:
    if place.words:
        view = replace(place.view, search=text)
        return await desk.ask(listing.page, place.listed, view, limit=_EACH + 1)
    if not re.fullmatch(r"[0-9]{1,12}", text):
        return ()
    row = await desk.ask(listing.one, place.listed, place.view, int(text))
    return () if row is None else (row,)
