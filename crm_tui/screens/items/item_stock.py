"""Goods of one item: in, back to the supplier, and what is there indeed."""

from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import parse_money, parse_quantity
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.shell.page import once_a_time
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.shop.gate.errors import BadMoney, BadQuantity, ReasonNeeded
from crm_tui.shop.items import stock
from crm_tui.shop.items.errors import StockChanged
from crm_tui.shop.items.stock import Goods

RECEIVE = Action(
    "stock.receive", "m", N_("Goods in"), N_("Goods came in from a supplier"),
    command="items.receive",
    done=N_("{row}: the goods are in."),
)  # fmt: skip
TO_SUPPLIER = Action(
    "stock.give_back", "r", N_("To supplier"), N_("Goods go back to the supplier"),
    command="items.give_back", shown=False,
    done=N_("{row}: the goods are back at the supplier."),
)  # fmt: skip
CORRECT = Action(
    "stock.correct", "o", N_("Correct"), N_("Enter how many there really are"),
    command="items.correct",
    done=N_("The stock of {row} is corrected."),
)  # fmt: skip
_CORRECTIONS = (N_("counted"), N_("broken"), N_("lost"), N_("mistyped"))


class ItemStock(ListPage):
    """A list of items whose goods come and go."""

    needs = "items.view"

    @once_a_time
    async def do_stock_receive(self) -> None:
        row = self.current
        if row is None:
            return

        async def receive(values: Values) -> object:
            goods = Goods(row.id, parse_quantity(values["quantity"]), parse_money(values["cost"]))
            return await self.desk.act(stock.receive, [goods], values["partner"], values["note"])

        fields = [
            Field("quantity", self.tr(N_("How many came")), str(row.values["unit"]),
                  errors=(BadQuantity,), digits=7),
            Field("cost", self.tr(N_("Cost of one")),
                  self.tr(N_("In rupiah; empty if unknown")), errors=(BadMoney,)),
            Field("partner", self.tr(N_("Supplier")), usual=await self.desk.ask(stock.partners)),
            Field("note", self.tr(N_("Note")), self.tr(N_("The invoice number, for example"))),
        ]  # fmt: skip
        title = self.tr(N_("Goods in: {item}"), item=row.values["name"])
        if await self.ask_for(Form(f"receive {row.id}", title, fields, receive)):
            self.look_again()

    @once_a_time
    async def do_stock_give_back(self) -> None:
        row = self.current
        if row is None:
            return

        async def send(values: Values) -> object:
            goods = [Goods(row.id, parse_quantity(values["quantity"]))]
            return await self.desk.act(stock.give_back, goods, values["partner"], values["note"])

        fields = [
            Field("quantity", self.tr(N_("How many go back")), str(row.values["unit"]),
                  errors=(BadQuantity,), digits=7),
            Field("partner", self.tr(N_("Supplier")), usual=await self.desk.ask(stock.partners)),
            Field("note", self.tr(N_("Reason")), errors=(ReasonNeeded,)),
        ]  # fmt: skip
        title = self.tr(N_("To the supplier: {item}"), item=row.values["name"])
        if await self.ask_for(Form(f"supplier {row.id}", title, fields, send)):
            self.look_again()

    @once_a_time
    async def do_stock_correct(self) -> None:
        row = self.current
        if row is None:
            return
        seen = int(row.values["on_hand"] or 0)

        async def correct(values: Values) -> object:
            nonlocal seen
            there = parse_quantity(values["there"])
            try:
                return await self.desk.act(
                    stock.correct, row.id, there, values["reason"], seen=seen
                )
            except StockChanged as overtaken:
                # The user who is told of it may have counted right all the same.
                seen = int(str(overtaken.params["there"]))
                form.tell_anew("there", books())
                raise

        def books() -> str:
            return self.tr(N_("the books say {count}"), count=display.thousands(seen))

        fields = [
            Field("there", self.tr(N_("How many are there")), books(),
                  errors=(BadQuantity, StockChanged), digits=7),
            Field("reason", self.tr(N_("Reason")), errors=(ReasonNeeded,),
                  usual=[self.tr(each) for each in _CORRECTIONS]),
        ]  # fmt: skip
        title = self.tr(N_("Correct the stock: {item}"), item=row.values["name"])
        form = Form(f"correct {row.id}", title, fields, correct)
        if await self.ask_for(form):
            self.look_again()
