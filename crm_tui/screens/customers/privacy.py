"""What the law lets customers ask for: their data in a file, or erased for good."""

from typing import TYPE_CHECKING

from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.shell.asking import sure
from crm_tui.screens.widgets.dialog import Decide

if TYPE_CHECKING:
    from crm_tui.screens.shell.page import Page

DATA = Action(
    "customers.data", "y", N_("What is kept"),
    N_("Hand out what is kept of the customer, or erase it, as the customer may ask by law"),
    permission="customers.erase", shown=False,
)  # fmt: skip


async def decide(page: "Page", customer_id: int, name: str) -> bool:
    """Ask which of the two, and do it; whether the customer is erased. Raises `CustomerStillOpen`,
    `FileUnwritable`."""
    # Few ever ask for it.
    from crm_tui.shop.upkeep import leavings, privacy

    tr, desk = page.tr, page.desk
    answers = [
        ("f", "f", tr(N_("Hand it out, in a file"))),
        ("delete", "Del", tr(N_("Erase it for good"))),
    ]
    title = tr(N_("What is kept of {name}"), name=name)
    detail = tr(
        N_(
            "A customer may ask for all that is kept of them, or that it is erased (UU PDP 27/2022)."
            " See first who it is that asks."
        )
    )
    chosen = await page.ask_for(Decide(title, detail, answers))
    if chosen == "f":
        file = await desk.act(privacy.hand_out_file, customer_id)
        page.notice(tr(N_("Written: {file}"), file=file))
        return False
    question = tr(N_("Erase all that says who {name} is, for good?"), name=name)
    detail = tr(
        N_(
            "Name, numbers, address and all SMS go, and nobody can bring them back. Sales and points"
            " stay in the books without a name."
        )
    )
    if chosen != "delete" or not await sure(page, question, detail, tr(N_("Erase"))):
        return False
    await desk.act(privacy.erase, customer_id)
    left = leavings.told(tr, await desk.ask(leavings.left))
    page.notice(" ".join([tr(N_("{name} is erased."), name=name), *left]))
    return True
