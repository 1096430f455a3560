"""What is handed over now, in the largest figures of the screen, above the receipt."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Digits

from crm_tui.errors import N_
from crm_tui.i18n import Translate
from crm_tui.screens.shell import display
from crm_tui.screens.widgets.plain import Piece, Plain, content
from crm_tui.shop.sales.outcome import Outcome
from crm_tui.shop.sales.payment_methods import METHODS


class After(Vertical):
    """The sum that changes hands, what it is, and the receipt below."""

    def compose(self) -> ComposeResult:
        yield Plain("", id="after-what")
        yield Digits("", id="after-sum")
        yield Plain("", id="after-how")
        yield VerticalScroll(Plain("", id="after-receipt"), id="reading")

    def show(self, told: "Told", receipt: str) -> None:
        """Say it, and show the receipt, "" if there is none."""
        self.query_one("#after-what", Plain).show(content(*told.what))
        figures = self.query_one("#after-sum", Digits)
        figures.update(display.thousands(told.amount))
        figures.display = bool(told.amount)
        self.query_one("#after-how", Plain).show(content(*told.how))
        self.query_one("#after-receipt", Plain).show(receipt)
        reading = self.query_one("#reading")
        reading.display = bool(receipt)
        # The sum stands at its end.
        self.call_after_refresh(reading.scroll_end, animate=False)


class Told:
    """A sum in rupiah with the line above it and the one below."""

    def __init__(self, what: Sequence[Piece], amount: int, how: Sequence[Piece]) -> None:
        self.what, self.amount, self.how = what, amount, how


def _ways(tr: Translate, parts: Sequence[tuple[str, int]]) -> str:
    return " + ".join(f"{tr(METHODS[way].word)} {display.rupiah(amount)}" for way, amount in parts)


def told(tr: Translate, done: Outcome) -> Told:
    """How a sale, a return or a void was settled, as the counter says it."""
    if done.kind != "sale":
        back = sum(amount for _, amount in done.back)
        what = (
            tr(N_("GIVE BACK {amount}"), amount=display.rupiah(back)) if back else tr(N_("Saved"))
        )
        how = _ways(tr, done.back) or tr(N_("Nothing is paid out."))
        number = tr(N_("Sale {number}"), number=done.number)
        return Told(
            [(what, "bold $accent")], done.cash_back, [(how, "bold"), (f"   {number}", "$muted")]
        )
    how = tr(N_("{paid} for {total}"), paid=_ways(tr, done.paid), total=display.rupiah(done.total))
    number = tr(N_("Sale {number}"), number=done.number)
    below: list[Piece] = [(how, ""), (f"   {number}", "$muted")]
    if done.owed:
        # Nothing of this is paid: it is said before anything else.
        what = tr(N_("OWED {amount}"), amount=display.rupiah(done.owed))
        if done.pay_by:
            day = tr(N_("to be paid by {day}"), day=f"{done.pay_by:%d/%m/%Y}")
            below = [(day, "bold"), "\n", *below]
        return Told([(what, "bold $accent")], done.owed, below)
    if done.change:
        what = tr(N_("CHANGE {amount}"), amount=display.rupiah(done.change))
        return Told([(what, "bold $success")], done.change, below)
    in_cash = all(method == "cash" for method, _ in done.paid)
    what = tr(N_("PAID, no change")) if in_cash else tr(N_("PAID"))
    return Told([(what, "bold $success")], 0, below)


def moved(tr: Translate, amount: int) -> Told:
    """Cash that was put into the drawer, or taken out (negative); rupiah."""
    what = N_("CASH IN {amount}") if amount > 0 else N_("CASH OUT {amount}")
    told = tr(what, amount=display.rupiah(abs(amount)))
    return Told([(told, "bold $success" if amount > 0 else "bold $accent")], abs(amount), [])


def repaid(tr: Translate, amount: int, due: int, name: str) -> Told:
    """A repayment that was taken, and what is still owed; rupiah."""
    what = tr(N_("RECEIVED {amount}"), amount=display.rupiah(amount))
    left = tr(N_("{name} still owes {due}."), name=name, due=display.rupiah(due))
    if not due:
        left = tr(N_("{name} owes nothing any more."), name=name)
    return Told([(what, "bold $success")], amount, [(left, "bold")])
