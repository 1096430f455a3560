"""A customer pays a debt: the sum is asked for, said, and taken back while the drawer is open."""

from crm_tui.errors import N_, Problem
from crm_tui.screens.sales.handing_over import repaid
from crm_tui.screens.sales.receipts import show_slip, show_statement
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import as_typed, sure
from crm_tui.screens.shell.page import Page
from crm_tui.screens.widgets.choose import Choose
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.shop.gate import money
from crm_tui.shop.gate.errors import BadMoney
from crm_tui.shop.sales import payment_methods, receivables, slips
from crm_tui.shop.sales.errors import TooMuchPaid
from crm_tui.shop.sales.payment_methods import METHODS


class NotReceived(Problem):
    text = N_("Not booked: type what the customer pays.")


async def repay(page: Page, customer_id: int, name: str) -> bool:
    """Take what a customer pays of the debt; whether that was done. All of it is asked about once."""
    due = await page.desk.ask(receivables.balance, customer_id)
    names = {page.tr(METHODS[method].word): method for method in payment_methods.COUNTED}

    taken: list[int] = []

    async def take(values: Values) -> object:
        amount = money.parsed(values["amount"])
        if amount == due and not await _is_all(page, amount, name):
            raise NotReceived()
        method = names.get(values["method"].strip(), "cash")
        taken[:] = [amount]
        return await page.desk.act(receivables.repay, customer_id, amount, method)

    fields = [
        Field("amount", page.tr(N_("Amount")),
              page.tr(N_("owes {due}"), due=display.rupiah(due)), as_typed(due),
              errors=(BadMoney, TooMuchPaid)),
        Field("method", page.tr(N_("Paid by")), page.tr(N_("↑ ↓ choose")),
              next(iter(names)), usual=list(names)),
    ]  # fmt: skip
    title = page.tr(N_("Repayment of {name}"), name=name)
    intro = page.tr(N_("The oldest sales are paid first."))
    payment = await page.ask_for(Form(f"repay {customer_id}", title, fields, take, intro=intro))
    if not isinstance(payment, int):
        return False
    left = await page.desk.ask(receivables.balance, customer_id)
    # What is owed may have grown by what another counter has sold meanwhile.
    await show_slip(page, payment, title, repaid(page.tr, taken[0], left, name))
    told = N_("Repaid: {amount}. {key} takes it back as long as the drawer is open.")
    page.notice(page.tr(told, amount=display.rupiah(taken[0]), key=page.undo_key))
    return True


_PAPERS = 8
"""So many repayments can be shown again."""
_OWED = "owed"


async def show_papers(page: Page, customer_id: int, name: str) -> None:
    """Show what a customer owes; of one who has repaid something, that, or one of the repayments."""
    paid = await page.desk.ask(slips.lately, customer_id, _PAPERS)
    found: str | None = _OWED
    if paid:
        now = page.desk.clock.now()
        answers = [(_OWED, page.tr(N_("What is owed"))), *(
            (str(each.id), page.tr(
                N_("Repayment {time}: {amount}"), time=display.clock_time(each.at, now),
                amount=display.rupiah(each.amount),
            ))
            for each in paid
        )]  # fmt: skip
        found = await page.ask_for(Choose(page.tr(N_("Which paper?")), answers))
    if found == _OWED:
        await show_statement(page, customer_id, name)
    elif found is not None:
        await show_slip(page, int(found), page.tr(N_("Repayment of {name}"), name=name))


async def _is_all(page: Page, amount: int, name: str) -> bool:
    question = page.tr(N_("Is all of it paid, {amount}?"), amount=display.rupiah(amount))
    detail = page.tr(N_("{name} owes nothing any more then."), name=name)
    return await sure(page, question, detail, page.tr(N_("Received")))
