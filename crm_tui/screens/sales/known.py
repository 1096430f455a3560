"""What is known of the buyer at the till."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from crm_tui.shop.customers.people import Customer
from crm_tui.shop.promos import pricing
from crm_tui.shop.sales import till
from crm_tui.shop.sales.cart import Cart

if TYPE_CHECKING:
    from crm_tui.screens.shell.page import Page


class Known(NamedTuple):
    """Rupiah by item key that a unit cost the buyer `last` time, and that is taken `off` it now.

    `standing`: points, what each is worth in rupiah, the tier's name. `step`: what cash is rounded to.
    """

    last: Mapping[int, int]
    off: Mapping[int, int]
    standing: tuple[int, int, str]
    step: int


async def known_of(page: "Page", cart: Cart, who: Customer | None) -> Known:
    """What counts for this sale; None: a walk-in's."""
    wanted, key, ask = [line.item_id for line in cart.lines], who.id if who else None, page.desk.ask
    last = {} if key is None else await ask(pricing.last_prices, key, wanted)
    standing = (0, 0, "") if key is None else await ask(till.standing, key)
    off, step = await ask(till.offers, wanted, key)
    return Known(last, off, standing, step)
