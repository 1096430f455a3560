"""Which of the sales that were put aside is to go on."""

from typing import TYPE_CHECKING

from crm_tui.errors import N_
from crm_tui.screens.shell import display
from crm_tui.screens.widgets.choose import Choose
from crm_tui.screens.widgets.plain import content, fit
from crm_tui.shop.sales import parked

if TYPE_CHECKING:
    from crm_tui.screens.shell.page import Page


async def which_parked(page: "Page") -> int | None:
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
