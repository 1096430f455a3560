"""A discount on a line of the sale, and on all of it."""

from collections.abc import Awaitable, Callable

from crm_tui.errors import N_, Problem
from crm_tui.i18n import Translate
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.shop.gate import money
from crm_tui.shop.gate.errors import BadDiscount, DiscountTooLarge
from crm_tui.shop.sales.cart import Cart, CartLine
from crm_tui.text import rupiah

_PERCENT = 100
"""Nobody takes off so few rupiah."""


class PercentMeant(BadDiscount):
    text = N_("Rp{text}? For percent write {text}%.")


def discount_form(
    tr: Translate, cart: Cart, marked: CartLine, change: Callable[[Cart], Awaitable[None]]
) -> Form:
    """Asks for both discounts, and hands the sale with them to `change`."""

    def discounted(values: Values) -> Cart:
        given = cart.discounted(money.discount(values["line"]), marked.item_id)
        return given.discounted(money.discount(values["all"]))

    def remark(values: Values) -> str:
        try:
            total = discounted(values).total
        except Problem:
            return ""
        return tr(N_("Total {total}"), total=rupiah(total))

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
