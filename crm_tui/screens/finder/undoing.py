"""One key that takes back what was done last, on whatever screen its user stands by then.

Decisions and SMS that wait are taken back at once, what was deleted or merged after a question.
"""

from crm_tui.errors import N_
from crm_tui.screens.shell.asking import sure
from crm_tui.screens.shell.page import Page
from crm_tui.screens.sms.writing import basket_name, draft_name
from crm_tui.shop.gate import undo
from crm_tui.shop.orders import deciding
from crm_tui.shop.overview import undoing
from crm_tui.shop.overview.undoing import Last


async def undo_last(page: Page) -> None:
    """Take back the last thing that the user did, and say what it was."""
    crm = page.crm
    last = await crm.desk.ask(undoing.last)
    crm.can_undo(0)
    if last is None:
        page.notice(page.tr(N_("There is nothing to undo.")))
    elif last.kind == "order":
        await crm.desk.act(deciding.take_back, last.id)
        told = N_("Order {number} is as it was; no SMS goes out.")
        page.notice(page.tr(told, number=last.id))
        page.undone(last.id)
    elif last.kind == "hand":
        await _unwrite(page, last)
    elif last.kind == "placed":
        await _unplace(page, last)
    else:
        await _undo(page, last)


async def _unwrite(page: Page, last: Last) -> None:
    await page.desk.act(undo.undo, last.id)
    # What was written waits in its form, to be put right.
    key = page.crm.draft_key(draft_name(last.asked, last.phone))
    page.crm.drafts[key] = {"text": last.text}
    page.notice(page.tr(N_("The SMS does not go out; what you wrote is kept where you wrote it.")))
    page.look_again()


async def _unplace(page: Page, last: Last) -> None:
    await page.desk.act(undo.undo, last.id)
    # What was put in waits in its box, to be put right.
    key = page.crm.draft_key(basket_name(last.asked or 0))
    page.crm.drafts[key] = {str(item): str(count) for item, count in last.wanted.items()}
    told = N_(
        "Order {number} is taken back; no SMS goes out, and the goods wait where you put them in."
    )
    page.notice(page.tr(told, number=last.label))
    page.look_again()


async def _undo(page: Page, last: Last) -> None:
    question = page.tr(N_("Undo: {what}?"), what=last.label)
    detail = page.tr(N_("It was deleted, merged or learnt a moment ago."))
    if last.kind == "repaid":
        question = page.tr(N_("Take back the repayment of {amount}?"), amount=last.label)
        detail = page.tr(N_("The money goes back to the customer, who owes it again."))
    if await sure(page, question, detail, page.tr(N_("Undo it"))):
        await page.desk.act(undo.undo, last.id)
        page.notice(page.tr(N_("{what} is as it was."), what=last.label))
        page.look_again()
