"""A receipt on the screen, from where it goes to the printer or into a file."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.widget import Widget

from crm_tui.errors import N_, Problem
from crm_tui.screens.shell.program import Program, program
from crm_tui.screens.widgets.dialog import Dialog
from crm_tui.screens.widgets.plain import Plain
from crm_tui.screens.widgets.tasks import beside
from crm_tui.shop.gate import folder
from crm_tui.shop.sales import printing, receipt
from crm_tui.shop.sales.settings import PRINT_ALWAYS, PRINTER

if TYPE_CHECKING:
    from crm_tui.screens.shell.page import Page


class Receipt(Dialog[None]):
    """The receipt of a sale; Enter or Esc goes on."""

    BINDINGS = [("enter", "leave", ""), ("p", "print", ""), ("f", "save", "")]

    def __init__(self, sale_id: int, text: str, leave: str) -> None:
        super().__init__()
        self._sale_id, self._text = sale_id, text
        self.keys = [("Enter", leave), ("p", N_("Print")), ("f", N_("To a file"))]

    def title_text(self) -> str:
        return self.tr(N_("Sale {number}"), number=self._sale_id)

    def body(self) -> Sequence[Widget]:
        return [VerticalScroll(Plain(self._text), id="reading"), Plain("", id="said")]

    def on_mount(self) -> None:
        self.query_one("#reading").focus()

    @property
    def crm(self) -> Program:
        return program(self)

    def action_print(self) -> None:
        beside(self, self.print, group="print")

    def action_save(self) -> None:
        beside(self, self._save, group="print")

    async def print(self) -> None:
        """Give it to the printer of the setting."""
        desk = self.crm.desk
        try:
            printer = await desk.ask(PRINTER)
            await desk.take_time(lambda ctx: printing.send(self._text, printer))
        except Problem as problem:
            self._say(self.program.say(problem))
        else:
            self._say(self.tr(N_("It was sent to the printer.")))

    async def _save(self) -> None:
        name = f"nota-{self._sale_id}.txt"
        try:
            path = await self.crm.desk.take_time(folder.save, name, self._text)
        except Problem as problem:
            self._say(self.program.say(problem))
        else:
            self._say(self.tr(N_("Written: {file}"), file=path))

    def _say(self, text: str) -> None:
        if self.is_mounted:
            self.query_one("#said", Plain).show(text)


async def show_receipt(page: "Page", sale_id: int, leave: str, *, sold: bool = False) -> None:
    """Show the receipt of a sale; one that was `sold` now is printed at once, if the shop wants it."""
    text, always = await page.desk.ask(lambda ctx: (receipt.text(ctx, sale_id), PRINT_ALWAYS(ctx)))
    box = Receipt(sale_id, text, leave)
    if sold and always:
        box.call_after_refresh(box.action_print)
    await page.ask_for(box)
