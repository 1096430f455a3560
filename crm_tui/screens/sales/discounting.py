"""A discount on a line of the sale, and on all of it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from crm_tui.errors import N_, Problem
from crm_tui.i18n import Translate
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.shop.gate import money
from crm_tui.shop.gate.errors import BadDiscount, DiscountTooLarge
from crm_tui.shop.items import catalogue
from crm_tui.shop.sales.cart import Cart, CartLine
from crm_tui.text import rupiah

if TYPE_CHECKING:
    from crm_tui.screens.shell.page import Page

_PERCENT = 100
"""Nobody takes off so few rupiah."""


class PercentMeant(BadDiscount):
    text = N_("Rp{text}? For percent write {text}%.")


async def ask_discount(
    page: "Page", cart: Cart, marked: CartLine, change: Callable[[Cart], Awaitable[None]]
) -> None:
    """Ask for both discounts; what goes below what the goods cost is said while it is typed."""
    costs = await page.desk.ask(catalogue.costs, [line.item_id for line in cart.lines])
    shown = page.desk.may("costs.view")
    form = discount_form(
        page.tr,
        cart,
        marked,
        change,
        lambda wanted: below_cost(page.tr, wanted, costs, shown=shown),
    )
    await page.ask_for(form)


def below_cost(tr: Translate, cart: Cart, costs: Mapping[int, int], *, shown: bool) -> str:
    """That a line is sold for less than it cost, and for how much, if that may be `shown`; "" if none
    is. `costs`: rupiah a unit, by item."""
    for line, sold in zip(cart.lines, cart.sold(), strict=True):
        cost = costs.get(line.item_id, 0) * line.quantity
        if sold.total < cost:
            return warning(tr, line.code, cost if shown else None)
    return ""


def warning(tr: Translate, code: str, cost: int | None) -> str:
    """That the item goes below its cost; None: what that is may not be told."""
    if cost is None:
        return tr(N_("! {code} is below its cost: ask first"), code=code)
    return tr(N_("! {code} is below its cost, {cost}"), code=code, cost=rupiah(cost))


def discount_form(
    tr: Translate,
    cart: Cart,
    marked: CartLine,
    change: Callable[[Cart], Awaitable[None]],
    warned: Callable[[Cart], str] = lambda cart: "",
) -> Form:
    """Asks for both discounts, and hands the sale with them to `change`; `warned`: what is to be said
    of such a sale."""

    def discounted(values: Values) -> Cart:
        given = cart.discounted(money.discount(values["line"]), marked.item_id)
        return given.discounted(money.discount(values["all"]))

    def remark(values: Values) -> str:
        try:
            wanted = discounted(values)
        except Problem:
            return ""
        told = tr(N_("Total {total}"), total=rupiah(wanted.total))
        return "  ".join(each for each in (told, warned(wanted)) if each)

    async def give(values: Values) -> object:
        for name, typed in values.items():
            if typed.strip().isdecimal() and 0 < int(typed) <= _PERCENT:
                raise PercentMeant(text=typed.strip(), field=name)
        await change(discounted(values))
        return True

    help = tr(N_("10% or 5000; empty: none"))
    errors = (BadDiscount, DiscountTooLarge)
    fields = [
        Field("line", f"{marked.code}  {marked.name}", help, marked.discount.typed, errors),
        Field("all", tr(N_("On the whole sale")), help, cart.discount.typed, errors),
    ]
    return Form("till discount", tr(N_("Discount")), fields, give, remark=remark)
