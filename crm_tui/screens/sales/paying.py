"""Taking the money: cash with its change, and the rest another way; at the till and for SMS orders."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from crm_tui.errors import N_, Problem
from crm_tui.screens.shell import words
from crm_tui.screens.shell.asking import as_typed, parse_quantity
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.shop.gate import money
from crm_tui.shop.gate.errors import BadMoney, NotAllowed
from crm_tui.shop.loyalty.points import NotEnoughPoints
from crm_tui.shop.sales.errors import AccountNeedsCustomer, OverLimit, PaymentWrong
from crm_tui.shop.sales.payments import METHODS, Paid

if TYPE_CHECKING:
    from crm_tui.screens.shell.page import Page

Sell = Callable[[Sequence[Paid], int], Awaitable[object]]
"""Takes how it is paid, and how many points are spent."""

_NOTES = (20_000, 50_000, 100_000)


def pay_form(
    page: "Page", key: str, total: int, sell: Sell, *, title: str = "", intro: str = "",
    done: str = N_("Paid"), points: int = 0, value: int = 0, step: int = 0,
) -> Form:  # fmt: skip
    """Asks how `total` rupiah are paid and hands that to `sell`; `key` names the draft. `points` of the
    buyer may be spent, each worth `value` rupiah; cash is rounded to `step` of them."""
    tr = page.tr
    ways = {tr(METHODS[each].word): each for each in METHODS if each != "cash"}
    if not page.desk.may("sales.credit"):
        ways.pop(tr(METHODS["account"].word))

    def left(values: Values) -> tuple[int, int]:
        """How many points are spent, and what is to be paid then."""
        typed = values.get("points", "").strip()
        spent = parse_quantity(typed) if typed else 0
        if spent > points:
            raise NotEnoughPoints(points=points, wanted=spent)
        # No more than it costs.
        spent = min(spent, total // value) if value else 0
        return spent, total - spent * value

    first = money.rounded(total, step)

    def taken(values: Values, due: int) -> int:
        """The cash received; the sum that stood there at first means exactly what is to be paid."""
        received = money.parsed(values["cash"] or "0")
        return min(received, money.rounded(due, step)) if received == first else received

    def paid(values: Values) -> tuple[list[Paid], int]:
        spent, due = left(values)
        received = taken(values, due)
        # What is rounded down is paid wholly, too.
        cash = due if received >= money.rounded(due, step) else min(received, due)
        parts = [Paid("cash", cash, received)] if cash else []
        if due - cash:
            way = ways.get(values["rest"].strip())
            if way is None:
                raise PaymentWrong(paid=words.rupiah(cash), total=words.rupiah(due))
            parts.append(Paid(way, due - cash))
        return parts, spent

    def remark(values: Values) -> str:
        try:
            spent, due = left(values)
            received = taken(values, due)
        except Problem:
            return ""
        told = tr(N_("To pay: {total}"), total=words.rupiah(due)) + "   " if spent else ""
        in_cash = money.rounded(due, step)
        if received >= in_cash:
            if in_cash != due:
                told += tr(N_("Rounded: {total}"), total=words.rupiah(in_cash)) + "   "
            return told + tr(N_("Change: {amount}"), amount=words.rupiah(received - in_cash))
        return told + tr(N_("Still to pay: {amount}"), amount=words.rupiah(due - received))

    async def submit(values: Values) -> object:
        parts, spent = paid(values)
        return await sell(parts, spent)

    notes = sorted({first, *(-(-total // note) * note for note in _NOTES)})
    fields = [
        Field("cash", tr(N_("Cash received")),
              tr(N_("↑ ↓ choose; 0 if nothing is paid in cash")), as_typed(first),
              errors=(BadMoney,), usual=[as_typed(each) for each in notes]),
        Field("rest", tr(N_("The rest by")), tr(N_("↑ ↓ choose")),
              errors=(PaymentWrong, OverLimit, AccountNeedsCustomer, NotAllowed), usual=list(ways)),
    ]  # fmt: skip
    if points and value:
        there = tr(N_("{points} available, each worth {value}"), points=words.thousands(points),
                     value=words.rupiah(value))  # fmt: skip
        most = min(points, total // value)
        fields.append(
            Field("points", tr(N_("Points spent")), there, "", digits=9, usual=["", str(most)],
                  errors=(NotEnoughPoints,))
        )  # fmt: skip
    title = title or tr(N_("To pay: {total}"), total=words.rupiah(total))
    return Form(key, title, fields, submit, intro=intro, done=done, remark=remark)
