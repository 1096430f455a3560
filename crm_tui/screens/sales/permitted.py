"""Selling with what somebody has permitted in the sale that is open."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from crm_tui.screens.sales.paying import Sell
from crm_tui.shop.gate.context import Permit
from crm_tui.shop.sales import till
from crm_tui.shop.sales.cart import Cart
from crm_tui.shop.sales.payment_methods import Paid

if TYPE_CHECKING:
    from crm_tui.screens.shell.page import Page


class Permitted:
    """Discounts that somebody has permitted: they count for one sale of one buyer, with the items that
    it had, as long as no more is given."""

    def __init__(self, page: "Page") -> None:
        self._page = page
        self._permits: Sequence[Permit] = ()
        self._most = 0
        self._items: frozenset[int] = frozenset()
        self._buyer: int | None = None

    def follow(self, cart: Cart) -> None:
        """The sale has become this; with its last line the sale is over, whatever comes next."""
        if not cart.lines:
            self._permits = ()

    async def see(self, cart: Cart, customer_id: int | None) -> None:
        """See that the discounts are the user's to give, or that somebody permits them now. Raises what
        `till.check_discounts` does."""
        items = frozenset(line.item_id for line in cart.lines)
        if cart.saved > self._most or not self._items <= items or customer_id != self._buyer:
            self._permits = ()
        desk = self._page.desk
        with desk.permitted(*self._permits):
            more = await desk.permits_for(till.check_discounts, cart.sold(), customer_id)
        if more:
            self._permits = (*self._permits, *more)
            self._most, self._items, self._buyer = cart.saved, items, customer_id

    async def give(
        self, take: Callable[[Cart], Awaitable[None]], customer_id: int | None, cart: Cart
    ) -> None:
        """Hand a sale with another discount to `take`, if it is the user's to give, or permitted."""
        await self.see(cart, customer_id)
        await take(cart)

    def selling(self, cart: Cart, customer_id: int | None, place: int, value: int) -> Sell:
        """What sells it at this place, points being worth `value` rupiah each."""

        async def sell(paid: Sequence[Paid], spent: int) -> object:
            lines, desk = cart.redeeming(spent * value).sold(), self._page.desk
            with desk.permitted(*self._permits):
                number = await desk.act(
                    till.sell, lines, paid, customer_id, spent=spent, place=place
                )
            self._permits = ()
            return number

        return sell
