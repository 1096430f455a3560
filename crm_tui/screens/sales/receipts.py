"""A receipt, or another text for the strip of paper, on the screen, from where it goes to the printer
or into a file."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from textual.containers import VerticalScroll
from textual.widget import Widget

from crm_tui.errors import N_, Problem
from crm_tui.screens.sales.handing_over import After, Told, told
from crm_tui.screens.shell.program import Program, program
from crm_tui.screens.widgets.dialog import Dialog
from crm_tui.screens.widgets.plain import Plain
from crm_tui.screens.widgets.tasks import beside
from crm_tui.shop.gate import folder
from crm_tui.shop.gate.context import Context
from crm_tui.shop.sales import outcome, printing, receipt, reprints, slips, statement, z_report
from crm_tui.shop.sales.outcome import Outcome
from crm_tui.shop.sales.settings import PRINT_ALWAYS, PRINTER

if TYPE_CHECKING:
    from crm_tui.screens.shell.page import Page

Answer = TypeVar("Answer")


class Paper(Dialog[None]):
    """A text for the strip of paper, read first, below what changes hands now (`done`), if it does;
    Enter or Esc goes on. `name`: that of its file."""

    tells = True
    BINDINGS = [("enter", "leave", ""), ("c", "print", ""), ("f", "save", "")]

    def __init__(
        self, title: str, name: str, text: str, leave: str = N_("Back"), done: Told | None = None
    ) -> None:
        super().__init__()
        self._title, self._file, self._text, self._done = title, name, text, done
        self.set_class(done is not None, "-settled")
        self.keys = [("Enter", leave), ("c", N_("Print")), ("f", N_("To a file"))]

    def title_text(self) -> str:
        return self._title

    def body(self) -> Sequence[Widget]:
        if self._done is not None:
            return [After(), Plain("", id="said")]
        return [VerticalScroll(Plain(self._text), id="reading"), Plain("", id="said")]

    def on_mount(self) -> None:
        if self._done is not None:
            self.query_one(After).show(self._done, self._text)
        self.query_one("#reading").focus()

    @property
    def crm(self) -> Program:
        return program(self)

    def action_print(self) -> None:
        beside(self, self.print, group="print")

    def action_save(self) -> None:
        beside(self, self._save, group="print")

    async def out(self, where: str) -> str:
        """The text as it goes `where` (printer or file). Raises a `Problem`."""
        return self._text

    async def print(self) -> None:
        """Give it to the printer of the setting."""
        self._say(*await _print(self.crm, self.out))

    async def _save(self) -> None:
        try:
            path = await self.crm.desk.take_time(folder.save, self._file, await self.out("file"))
        except Problem as problem:
            self._say(self.program.say(problem), True)
        else:
            self._say(self.tr(N_("Written: {file}"), file=path.name))

    def _say(self, text: str, bad: bool = False) -> None:
        if self.is_mounted:
            said = self.query_one("#said", Plain)
            said.set_class(bad, "problem")
            said.show(f"✗ {text}" if bad else text)


class Receipt(Paper):
    """The receipt of a sale, a return or a void."""

    def __init__(self, sale_id: int, text: str, leave: str, done: Told | None = None) -> None:
        super().__init__("", f"nota-{sale_id}.txt", text, leave, done)
        self._sale_id = sale_id

    def title_text(self) -> str:
        return self.tr(N_("Sale {number}"), number=self._sale_id)

    async def out(self, where: str) -> str:
        return await self.crm.desk.act(reprints.take, self._sale_id, where)


class Slip(Paper):
    """The paper of a repayment, or of cash in or out."""

    def __init__(
        self, payment_id: int, title: str, name: str, text: str, done: Told | None = None
    ) -> None:
        super().__init__(title, f"{name}-{payment_id}.txt", text, done=done)
        self._payment_id = payment_id

    async def out(self, where: str) -> str:
        return await self.crm.desk.act(slips.take, self._payment_id, where)


async def print_out(crm: Program, sale_id: int) -> tuple[str, bool]:
    """Give a receipt to the printer of the setting; the sentence that says how that went, and whether
    it went wrong."""

    async def out(where: str) -> str:
        return await crm.desk.act(reprints.take, sale_id, where)

    return await _print(crm, out)


async def _print(crm: Program, out: Callable[[str], Awaitable[str]]) -> tuple[str, bool]:
    try:
        printer = await crm.desk.ask(PRINTER)
        text = await out("printer")
        await crm.desk.take_time(lambda ctx: printing.send(text, printer))
    except Problem as problem:
        return crm.say(problem), True
    return crm.tr(N_("It was sent to the printer.")), False


async def print_sold(page: "Page", sale_id: int) -> None:
    """Give a receipt to the printer, however slow it is, and say how that went."""
    said, bad = await print_out(page.crm, sale_id)
    page.notice(said, bad=bad)


def settled(ctx: Context, sale_id: int) -> tuple[Outcome, str, bool]:
    """How a sale was settled, its receipt, and whether the shop prints each at once."""
    return outcome.of(ctx, sale_id), receipt.text(ctx, sale_id), bool(PRINT_ALWAYS(ctx))


class PaperUnread(Problem):
    text = N_(
        "It is written and counts; only its paper cannot be shown now. It stands in the list."
    )


async def paper_of(
    page: "Page", written: bool, question: Callable[[Context, int], Answer], number: int
) -> Answer:
    """What a paper says. Of what was just `written`, a failure must not look as if nothing had been
    done: it would be done again. Raises `PaperUnread` then."""
    try:
        return await page.desk.ask(question, number)
    except Exception as problem:
        if not written:
            raise
        raise PaperUnread() from problem


async def show_receipt(page: "Page", sale_id: int, leave: str, *, sold: bool = False) -> None:
    """Show the receipt of a sale, a return or a void. Of one that was just written (`sold`) what
    changes hands stands above it, and it is printed at once, if the shop wants that."""
    done, text, always = await paper_of(page, sold, settled, sale_id)
    box = Receipt(sale_id, text, leave, told(page.tr, done) if sold else None)
    if sold and always:
        box.call_after_refresh(box.action_print)
    await page.ask_for(box)


async def show_slip(page: "Page", payment_id: int, title: str, done: Told | None = None) -> None:
    """Show the paper of a repayment. One that was just taken (`done`) is printed at once, if the shop
    wants that."""
    text = await paper_of(page, done is not None, slips.text, payment_id)
    await _show(page, Slip(payment_id, title, "pelunasan", text, done), done)


async def show_cash_slip(
    page: "Page", payment_id: int, title: str, done: Told | None = None
) -> None:
    """Show the paper of cash in or out; one of now (`done`) is printed at once, if the shop wants
    that."""
    text = await paper_of(page, done is not None, slips.cash_text, payment_id)
    await _show(page, Slip(payment_id, title, "kas", text, done), done)


async def _show(page: "Page", box: Slip, done: Told | None) -> None:
    always: int = await page.desk.ask(PRINT_ALWAYS)
    if done is not None and always:
        box.call_after_refresh(box.action_print)
    await page.ask_for(box)


async def show_closing(page: "Page", drawer_id: int, *, closed: bool = False) -> None:
    """Show a drawer's day (Z); of one that was just `closed` it is printed at once, if the shop wants
    that of its receipts."""
    text = await paper_of(page, closed, z_report.text, drawer_id)
    title = page.tr(N_("Drawer {number}"), number=drawer_id)
    box = Paper(title, f"laci-{drawer_id}.txt", text)
    always: int = await page.desk.ask(PRINT_ALWAYS)
    if closed and always:
        box.call_after_refresh(box.action_print)
    await page.ask_for(box)


async def show_statement(page: "Page", customer_id: int, name: str) -> None:
    """Show what a customer owes, with the days by which it is to be paid."""
    text = await page.desk.ask(statement.text, customer_id)
    await page.ask_for(Paper(name, f"rekening-{customer_id}.txt", text))
