"""Stok: every move of goods; goods in and back to the supplier, several items a document."""

import re
from collections.abc import Sequence
from typing import cast

from textual.content import Content

from crm_tui.actions import Action
from crm_tui.errors import N_, Sentence
from crm_tui.screens.items.basket import Basket, Picked, Place
from crm_tui.screens.items.counting import CountScreen
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import card
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.shell.page import once_a_time
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.screens.widgets.plain import Piece
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.gate import listing
from crm_tui.shop.gate.errors import ReasonNeeded
from crm_tui.shop.gate.stored_words import actor
from crm_tui.shop.items import stock
from crm_tui.shop.items.lists import MOVES
from crm_tui.shop.items.stock import Goods

GOODS_IN = Action(
    "stock.goods_in", "m", N_("Goods in"),
    N_("Goods came in from a supplier: several items at once"),
    permission="stock.receive",
    done=N_("The goods are in."),
)  # fmt: skip
GOODS_BACK = Action(
    "stock.goods_back", "r", N_("To supplier"), N_("Goods go back to the supplier"),
    permission="stock.receive",
    done=N_("The goods are back at the supplier."),
)  # fmt: skip
COUNTING = Action(
    "stock.counting", "o", N_("Stock count"), N_("Count the shelves (stock opname)"),
    permission="items.view", opens=True,
)  # fmt: skip

REASONS = {
    "opening": N_("opening stock"), "receipt": N_("goods in"), "supplier": N_("to supplier"),
    "correction": N_("correction"), "opname": N_("count"), "sale": N_("sale"),
    "return": N_("return"), "void": N_("voided"), "transfer": N_("to a branch"),
    "arrival": N_("from a branch"),
}  # fmt: skip
_COST = re.compile(r"(.*\S)\s*@\s*(\S*)\s*")


class StockScreen(ListPage):
    """The stock ledger, the newest move on top."""

    needs = "items.view"
    heading = N_("Stock")
    about = N_(
        "Every move of goods, and who made it. {stock_goods_in} books a delivery in, "
        "{stock_counting} starts or continues a stock count."
    )
    own = (GOODS_IN, GOODS_BACK, COUNTING)
    topics = frozenset({"stock", "items"})
    listed = MOVES
    columns = (
        Column(N_("Time"), 11),
        Column(N_("Code"), 12),
        Column(N_("Name"), 16, flex=True, rank=2),
        Column(N_("Count"), 8, align="right"),
        Column(N_("Why"), 14),
        Column(N_("By"), 10, rank=3),
    )
    empty = {"": (N_("No goods have moved yet"), N_("Goods that come or go are listed here."))}

    def shape(self, row: Record) -> Sequence[Cell]:
        values = cast(listing.Line, row).values
        count = int(values["quantity"] or 0)
        return (
            Cell(display.clock_time(str(values["at"]), self.desk.clock.now()), "dim"),
            Cell(str(values["code"]), "strong"),
            Cell(str(values["name"])),
            Cell(signed(count), "" if count > 0 else "due"),
            Cell(self.tr(REASONS[str(values["reason"])])),
            Cell(actor(str(values["actor"]), self.tr), "dim"),
        )

    async def details(self, row: listing.Line) -> Content:
        values, tr = row.values, self.tr
        now = self.desk.clock.now()
        cost = values["cost"] if self.desk.may("costs.view") else None
        rows: list[tuple[str, str | Piece]] = [
            (tr(N_("Count")), f"{signed(int(values['quantity'] or 0))} {values['unit']}"),
            (tr(N_("Why")), tr(REASONS[str(values["reason"])])),
            (tr(N_("Time")), display.clock_time(str(values["at"]), now)),
            (tr(N_("By")), actor(str(values["actor"]), tr)),
            (tr(N_("Sale")), str(values["sale_id"] or "")),
            (tr(N_("Cost")), "" if cost is None else display.rupiah(int(cost))),
        ]
        if values["document_id"] is not None:
            paper = await self.desk.ask(stock.document, int(values["document_id"]))
            rows += [
                (tr(N_("Document")), str(paper.id)),
                (tr(N_("Supplier")), paper.partner),
                (tr(N_("Note")), paper.note),
            ]
            more: list[Piece] = ["\n"]
            for code, name, count in paper.lines:
                more += [(f"{signed(count):>7}  ", "bold"), f"{code}  {name}\n"]
        else:
            rows.append((tr(N_("Note")), str(values["note"] or "")))
            more = []
        return card([(str(values["code"]), "bold"), f"  {values['name']}"], rows, *more)

    def ready_for(self, action: Action) -> bool:
        return True

    @once_a_time
    async def do_stock_goods_in(self) -> None:
        box = GoodsBasket(self, "goods in", self.tr(N_("Goods that come in")), self._receive)
        if await self.ask_for(box):
            self.notice(self.tr(N_("The goods are in the books.")))
            await self.rows.newest()

    @once_a_time
    async def do_stock_goods_back(self) -> None:
        box = GoodsBasket(
            self, "goods back", self.tr(N_("To the supplier")), self._give_back, costs=False
        )
        if await self.ask_for(box):
            await self.rows.newest()

    async def _receive(self, lines: Sequence[Picked]) -> object:
        goods = [Goods(each.item.id, each.count, each.cost) for each in lines]

        async def receive(values: Values) -> object:
            return await self.desk.act(stock.receive, goods, values["partner"], values["note"])

        fields = [
            Field("partner", self.tr(N_("Supplier")), usual=await self.desk.ask(stock.partners)),
            Field("note", self.tr(N_("Note")), self.tr(N_("The invoice number, for example"))),
        ]
        title = self.tr(N_("From whom?"))
        return await self.ask_for(Form("goods in from", title, fields, receive))

    async def _give_back(self, lines: Sequence[Picked]) -> object:
        goods = [Goods(each.item.id, each.count) for each in lines]

        async def send(values: Values) -> object:
            return await self.desk.act(stock.give_back, goods, values["partner"], values["note"])

        fields = [
            Field("partner", self.tr(N_("Supplier")), usual=await self.desk.ask(stock.partners)),
            Field("note", self.tr(N_("Reason")), errors=(ReasonNeeded,)),
        ]
        title = self.tr(N_("To whom, and why?"))
        return await self.ask_for(Form("goods back to", title, fields, send))

    async def do_stock_counting(self) -> None:
        await self.app.push_screen(CountScreen())


def signed(count: int) -> str:
    """+12 or -3"""
    return ("+" if count > 0 else "-") + display.thousands(abs(count))


_ON_ONE_DOCUMENT = N_("Everything that came or goes back on one supplier document.")


class GoodsBasket(Basket):
    """Items of a delivery with their quantities and, if `costs`, what one cost: 12 vario @35000."""

    def __init__(
        self,
        page: ListPage,
        key: str,
        title: str,
        place: Place,
        *,
        costs: bool = True,
        about: Sentence = _ON_ONE_DOCUMENT,
    ) -> None:
        super().__init__(key, page.tr(about), place)
        self._title, self._costs = title, costs
        # What a supplier brings is not measured by what is there.
        self.short = "ignored" if costs else "refused"
        self.prompt = (
            N_("How many, what, and the cost of one if known (12 vario @35000)")
            if costs
            else Basket.prompt
        )
        self.keys = [
            ("Enter", N_("Add")), ("↑↓", N_("Choose")), ("F4", N_("Go on")),
            ("Del", N_("Remove the last")), ("Esc", N_("Back")),
        ]  # fmt: skip

    def title_text(self) -> str:
        return self._title

    def read(self, typed: str) -> tuple[str, str]:
        found = _COST.fullmatch(typed) if self._costs else None
        return (found[1], found[2]) if found else (typed, "")

    def contents(self, lines: Sequence[Picked]) -> list[Piece]:
        if not lines:
            return [(self.tr(N_("Nothing in it yet.")), "$muted")]
        pieces: list[Piece] = []
        for line in lines:
            cost = "" if line.cost is None else f"  @ {display.rupiah(line.cost)}"
            pieces += ["\n"] if pieces else []
            pieces += [(f"{line.count:>5} ", "bold"), f"{line.item.code}  {line.item.name}"]
            pieces += [(cost, "$muted")]
        return pieces

    def total(self, lines: Sequence[Picked]) -> str:
        count = sum(line.count for line in lines)
        return (
            self.tr(N_("{lines} items, {count} pieces"), lines=len(lines), count=count)
            if lines
            else ""
        )
