"""Taking the money: cash with its change, and the rest another way; at the till and for SMS orders."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from crm_tui.errors import N_
from crm_tui.screens import words
from crm_tui.screens.asking import as_typed
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.shop import money
from crm_tui.shop.errors import (
    AccountNeedsCustomer,
    BadMoney,
    NotAllowed,
    OverLimit,
    PaymentWrong,
)
from crm_tui.shop.payments import Paid

if TYPE_CHECKING:
    from crm_tui.screens.base import Page

Sell = Callable[[Sequence[Paid]], Awaitable[object]]

_NOTES = (20_000, 50_000, 100_000)


def pay_form(page: "Page", key: str, total: int, sell: Sell, *, title: str = "", intro: str = "",
             done: str = N_("Paid")) -> Form:  # fmt: skip
    """Asks how `total` rupiah are paid and hands that to `sell`; `key` names the draft."""
    tell = page.tell
    ways = {tell(words.METHODS[each]): each for each in ("qris", "transfer", "account")}
    if not page.desk.may("sales.credit"):
        ways.pop(tell(words.METHODS["account"]))

    def paid(values: Values) -> list[Paid]:
        received = money.parsed(values["cash"] or "0")
        cash = min(received, total)
        parts = [Paid("cash", cash, received)] if cash else []
        if total - cash:
            way = ways.get(values["rest"].strip())
            if way is None:
                raise PaymentWrong(paid=words.rupiah(cash), total=words.rupiah(total))
            parts.append(Paid(way, total - cash))
        return parts

    def remark(values: Values) -> str:
        try:
            received = money.parsed(values["cash"] or "0")
        except BadMoney:
            return ""
        if received >= total:
            return tell(N_("Change: {amount}"), amount=words.rupiah(received - total))
        return tell(N_("Still to pay: {amount}"), amount=words.rupiah(total - received))

    async def submit(values: Values) -> object:
        return await sell(paid(values))

    notes = sorted({total, *(-(-total // step) * step for step in _NOTES)})
    fields = [
        Field("cash", tell(N_("Cash received")),
              tell(N_("↑ ↓ choose; 0 if all is paid in another way")), as_typed(total),
              errors=(BadMoney,), usual=[as_typed(each) for each in notes]),
        Field("rest", tell(N_("The rest by")), tell(N_("↑ ↓ choose")),
              errors=(PaymentWrong, OverLimit, AccountNeedsCustomer, NotAllowed), usual=list(ways)),
    ]  # fmt: skip
    title = title or tell(N_("To pay: {total}"), total=words.rupiah(total))
    return Form(key, title, fields, submit, intro=intro, done=done, remark=remark)
