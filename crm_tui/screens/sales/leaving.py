"""Leaving a sale that is not paid yet."""

from typing import TYPE_CHECKING

from crm_tui.errors import N_
from crm_tui.screens.widgets.dialog import Ask, Decide

if TYPE_CHECKING:
    from crm_tui.screens.shell.page import Page


async def how_to_leave(page: "Page") -> str | None:
    """What becomes of the sale: "enter" leaves it as it is, "f11" puts it aside, "x" discards it; None
    goes on with it."""
    tr = page.tr
    answers = [
        ("enter", "Enter", tr(N_("Leave it"))),
        ("f11", "F11", tr(N_("Put aside"))),
        ("x", "x", tr(N_("Discard"))),
    ]
    detail = tr(N_("It stays as it is, and goes on when you open the till again."))
    found = await page.ask_for(Decide(tr(N_("This sale is not paid yet.")), detail, answers))
    return None if found is None else str(found)


async def sure_to_end(page: "Page") -> bool:
    """Whether the program may end over it."""
    tr = page.tr
    detail = tr(N_("It is kept, and goes on when you open the till again."))
    question = tr(N_("This sale is not paid yet."))
    return bool(
        await page.ask_for(Ask(question, detail, tr(N_("End the program")), tr(N_("Back"))))
    )
