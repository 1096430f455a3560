"""A sale that goes on: what its user left open, or one of those that were put aside."""

from typing import TYPE_CHECKING

from crm_tui.errors import N_
from crm_tui.screens.shell import display
from crm_tui.screens.widgets.choose import Choose
from crm_tui.screens.widgets.plain import content, fit
from crm_tui.shop.customers import people
from crm_tui.shop.customers.people import Customer
from crm_tui.shop.sales import parked, unfinished
from crm_tui.shop.sales.cart import Cart

if TYPE_CHECKING:
    from crm_tui.screens.shell.page import Page

Sale = tuple[Cart, Customer | None]
"""What was put together so far, and whose it is; None: a walk-in's."""


async def left_open(page: "Page") -> Sale | None:
    """What the user left open, which is at this counter from now on."""
    kept = await page.desk.act(unfinished.resume, await page.desk.place())
    return None if kept is None else (kept.cart, await _customer(page, kept.customer_id))


async def brought_back(page: "Page") -> Sale | None:
    """A sale that was put aside, and is no more; None if none is wanted."""
    chosen = await _which_parked(page)
    if chosen is None:
        return None
    taken = await page.desk.act(parked.unpark, chosen, await page.desk.place())
    return taken.cart, await _customer(page, taken.customer_id)


async def _customer(page: "Page", key: int | None) -> Customer | None:
    return None if key is None else await page.desk.ask(people.by_id, key)


async def _which_parked(page: "Page") -> int | None:
    """The key of the sale to bring back; one sale needs no question."""
    waiting = await page.desk.ask(parked.parked)
    if len(waiting) < 2:
        return waiting[0].id if waiting else None
    now = page.desk.clock.now()
    answers = []
    times = [display.clock_time(sale.at, now) for sale in waiting]
    wide = max(map(len, times))
    # A row stays on one line: of narrow boxes the goods have what the rest leaves.
    room = min(page.size.width * 96 // 100, 72) - 6 - wide - 2 - 16 - 1 - 14
    for sale, at in zip(waiting, times, strict=True):
        lines = ", ".join(f"{line.quantity} {line.code}" for line in sale.cart.lines)
        who = sale.label or page.tr(N_("Walk-in"))
        label = content(
            (f"{at:>{wide}}  ", "$muted"), (fit(who, 16 + min(0, room)), "bold"), " ",
            fit(lines, max(0, room)), (f" {display.rupiah(sale.cart.total):>13}", "$muted"),
        )  # fmt: skip
        answers.append((str(sale.id), label))
    found = await page.ask_for(Choose(page.tr(N_("Which sale do you want back?")), answers))
    return int(found) if found else None
