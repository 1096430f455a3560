"""Points by hand: redeemed for something, or given as a gift."""

from collections.abc import Callable

from crm_tui.errors import N_
from crm_tui.screens.shell.asking import parse_quantity
from crm_tui.screens.shell.page import Page
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadQuantity
from crm_tui.shop.loyalty import points
from crm_tui.shop.loyalty.points import BadPoints, NotEnoughPoints


async def redeem(page: Page, customer_id: int) -> bool:
    """Ask how many points are redeemed and what for; whether it was done."""
    return await _move(page, customer_id, points.redeem, N_("Redeem points"), N_("What for"))


async def give(page: Page, customer_id: int) -> bool:
    """Ask how many points are given and why; whether it was done."""
    return await _move(page, customer_id, points.give, N_("Points as a gift"), N_("Why"))


async def _move(
    page: Page,
    customer_id: int,
    command: Callable[[Context, int, int, str], None],
    title: str,
    what: str,
) -> bool:
    async def move(values: Values) -> object:
        try:
            count = parse_quantity(values["points"])
        except BadQuantity:
            raise BadPoints() from None
        await page.desk.act(command, customer_id, count, values["note"])
        return True

    tr = page.tr
    there = await page.desk.ask(points.balance, customer_id)
    fields = [
        Field("points", tr(N_("Points")), tr(N_("{count} available"), count=there),
              digits=7, errors=(NotEnoughPoints, BadPoints)),
        Field("note", tr(what)),
    ]  # fmt: skip
    return bool(await page.ask_for(Form(f"{title} {customer_id}", tr(title), fields, move)))
