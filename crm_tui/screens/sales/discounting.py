"""A discount on a line of the sale, and on all of it."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import TYPE_CHECKING

from crm_tui.errors import N_, Problem
from crm_tui.i18n import Translate
from crm_tui.screens.shell.asking import sure
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


class TooLow(Problem):
    text = N_("Not taken: give less discount.")


class PercentMeant(BadDiscount):
    text = N_("Rp{text}? For percent write {text}%.")


async def ask_discount(
    page: "Page", cart: Cart, marked: CartLine, change: Callable[[Cart], Awaitable[None]],
    asked: set[int],
) -> None:  # fmt: skip
    """Ask for both discounts; what goes below what the goods cost is said while it is typed (if only
    roughly, to whoever may not see costs), and what is far too low is asked about, if it is not among
    the items that were `asked` about."""

    async def give(wanted: Cart) -> None:
        # Another discount is another question.
        asked.clear()
        if not await is_meant(page, wanted, asked):
            raise TooLow()
        await change(wanted)

    costs = await page.desk.ask(catalogue.costs, [line.item_id for line in cart.lines])
    shown = page.desk.may("costs.view")
    form = discount_form(
        page.tr,
        cart,
        marked,
        give,
        lambda wanted: below_cost(page.tr, wanted, costs, shown=shown),
    )
    await page.ask_for(form)


def too_low(cart: Cart, costs: Mapping[int, int], asked: Collection[int] = ()) -> CartLine | None:
    """The first line that its seller's discount brings below its cost, or below half of its price;
    None if none is. `costs`: rupiah a unit, by item; `asked`: items of which it is known."""
    for line, sold in zip(cart.lines, cart.sold(), strict=True):
        given = sold.discount > line.offer * line.quantity
        below = sold.total < max(costs.get(line.item_id, 0) * line.quantity, line.gross // 2)
        if given and below and line.item_id not in asked:
            return line
    return None


async def is_meant(page: "Page", cart: Cart, asked: set[int]) -> bool:
    """Ask about each line that is sold far too low; those that are meant are `asked` no more."""
    costs = await page.desk.ask(catalogue.costs, [line.item_id for line in cart.lines])
    while (line := too_low(cart, costs, asked)) is not None:
        sold = cart.sold()[cart.place(line.item_id)].total
        question = page.tr(
            N_("{code} for {sum} instead of {price}?"), code=line.code, sum=rupiah(sold),
            price=rupiah(line.gross),
        )  # fmt: skip
        detail = below_cost(page.tr, cart, costs, shown=page.desk.may("costs.view"))
        if not await sure(page, question, detail, page.tr(N_("Sell it for that"))):
            return False
        asked.add(line.item_id)
    return True


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
    # What was half typed for one item is none of another's.
    key = f"till discount {marked.item_id}"
    return Form(key, tr(N_("Discount")), fields, give, remark=remark)
