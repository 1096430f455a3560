"""Sales, at the counter and by SMS: what was sold, how it was paid, what came back."""

from collections.abc import Sequence
from typing import cast

from textual.content import Content

from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.sales.receipts import show_receipt
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import parse_quantity
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.shell.page import once_a_time
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.dialog import Decide
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.screens.widgets.plain import content
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.gate import listing
from crm_tui.shop.gate.errors import ReasonNeeded
from crm_tui.shop.sales import payment_methods, receipt, returns
from crm_tui.shop.sales.errors import NotReturnable
from crm_tui.shop.sales.lists import SALES
from crm_tui.shop.sales.payment_methods import METHODS

RETURN = Action(
    "sales.return", "r", N_("Return"), N_("Goods come back: all or some of them"),
    command="sales.return",
)  # fmt: skip
VOID = Action(
    "sales.void", "x", N_("Void"), N_("The sale was a mistake: undo all of it"),
    command="sales.void",
)  # fmt: skip
RECEIPT = Action(
    "sales.receipt",
    "c",
    N_("Receipt"),
    N_("Show the receipt; print it, or save it in a file"),
    permission="sales.view",
)

CHANNELS = {"counter": N_("counter"), "sms": N_("SMS")}
CAME_BACK = {"return": N_("some returned"), "void": N_("voided")}
"""The state of a sale that is not what it was."""
KINDS = {"sale": N_("sale"), "return": N_("return"), "void": N_("voided")}


class SalesScreen(ListPage):
    """Every sale, the newest first; returns and voids are rows of their own."""

    needs = "sales.view"
    heading = N_("Sales")
    about = N_(
        "Press {list_search} and type a name, a code or the sale's number. Returns have rows of "
        "their own."
    )
    own = (RETURN, VOID, RECEIPT)
    topics = frozenset({"sales", "customers"})
    listed = SALES
    subject = "sale"
    columns = (
        Column(N_("No."), 6, align="right"),
        Column(N_("Time"), 11),
        Column(N_("Customer"), 12, flex=True),
        Column(N_("Items"), 12, flex=True, rank=2),
        Column(N_("Total"), 13, align="right"),
        Column(N_("Way"), 9, rank=3),
    )
    empty = {
        "": (
            N_("Nothing sold yet"),
            N_(
                "Sales appear here by themselves; {settings_sales_book} in the settings imports an"
                " old book."
            ),
        )
    }

    def shape(self, row: Record) -> Sequence[Cell]:
        values = cast(listing.Line, row).values
        back = values["kind"] != "sale"
        way = KINDS[str(values["kind"])] if back else CHANNELS[str(values["channel"])]
        known = str(values["customer"] or display.phone(str(values["phone"])))
        return (
            Cell(str(values["number"])),
            Cell(display.clock_time(str(values["at"]), self.desk.clock.now()), "dim"),
            Cell(known or self.tr(N_("Walk-in")), "strong"),
            Cell(str(values["lines"] or "")),
            Cell(display.rupiah(int(values["total"] or 0)), "due" if back else ""),
            Cell(self.tr(CAME_BACK[str(values["back"])]), "due")
            if values["back"]
            else Cell(self.tr(way)),
        )

    async def details(self, row: listing.Line) -> Content:
        return content(await self.desk.ask(receipt.text, row.id))

    def ready_for(self, action: Action) -> bool:
        row = self.current
        if action in (RETURN, VOID) and (row is None or row.values["kind"] != "sale"):
            return False
        return row is not None if action is RECEIPT else super().ready_for(action)

    def on_paged_list_chosen(self) -> None:
        self.perform(RECEIPT)

    @once_a_time
    async def do_sales_receipt(self) -> None:
        row = self.current
        if row is None:
            return
        await show_receipt(self, row.id, N_("Back"))

    @once_a_time
    async def do_sales_return(self) -> None:
        row = self.current
        if row is None:
            return
        lines = await self.desk.ask(returns.lines, row.id)
        as_paid = self.tr(N_("as it was paid"))
        methods = {self.tr(METHODS[each].word): each for each in payment_methods.COUNTED}

        async def give_back(values: Values) -> object:
            taken = {
                line.line: parse_quantity(values[str(line.line)], str(line.line)) for line in lines
            }
            for line in lines:
                if taken[line.line] > line.left:
                    raise NotReturnable(
                        left=line.left, code=line.code, number=row.id, field=str(line.line)
                    )
            method = methods.get(values["method"].strip())
            return await self.desk.act(returns.give_back, row.id, taken, values["reason"], method)

        def remark(values: Values) -> str:
            typed = {line: values[str(line.line)].strip() for line in lines}
            if not all(each.isdecimal() and int(each) <= line.left for line, each in typed.items()):
                # What cannot come back has no sum.
                return ""
            refund = sum(line.refund(int(each)) for line, each in typed.items())
            return self.tr(N_("The customer gets back {total}"), total=display.rupiah(refund))

        fields = [
            Field(
                str(line.line), f"{line.code}  {line.name}",
                self.tr(N_("{count} can come back"), count=line.left), "0",
                digits=7,
            )
            for line in lines
            if line.left
        ]  # fmt: skip
        if not fields:
            self.notice(self.tr(N_("All of this sale has come back already.")), bad=True)
            return
        lines = [each for each in lines if each.left]
        fields += [
            Field("reason", self.tr(N_("Reason")), errors=(ReasonNeeded,)),
            Field("method", self.tr(N_("Money back by")), self.tr(N_("↑ ↓ choose")),
                  as_paid, usual=[as_paid, *methods]),
        ]  # fmt: skip
        title = self.tr(N_("What comes back from sale {number}?"), number=row.id)
        form = Form(f"return {row.id}", title, fields, give_back, remark=remark)
        await self._settled(await self.ask_for(form))

    @once_a_time
    async def do_sales_void(self) -> None:
        row = self.current
        if row is None:
            return
        # What cannot be voided is said before a reason is asked for.
        await self.desk.ask(returns.check_void, row.id)
        reasons: list[str] = []

        async def reason(values: Values) -> object:
            if not values["reason"].strip():
                raise ReasonNeeded()
            reasons.append(values["reason"])
            return True

        field = Field("reason", self.tr(N_("Reason")), errors=(ReasonNeeded,))
        title = self.tr(N_("Void sale {number}"), number=row.id)
        if not await self.ask_for(Form(f"void {row.id}", title, [field], reason, done=N_("Go on"))):
            return
        back = display.rupiah(int(row.values["total"] or 0))
        detail = self.tr(
            N_("{total} go back the way they came, and the goods to the shelf."), total=back
        )
        question = self.tr(N_("Void sale {number}?"), number=row.id)
        answer = [("x", "x", self.tr(N_("Void")))]
        if await self.ask_for(Decide(question, detail, answer)):
            await self._settled(await self.desk.act(returns.void, row.id, reasons[-1]))

    async def _settled(self, back: object) -> None:
        """Say what the customer gets back for a return or a void with this key, if there is one."""
        if isinstance(back, int):
            self.look_again()
            await show_receipt(self, back, N_("Back"), sold=True)
