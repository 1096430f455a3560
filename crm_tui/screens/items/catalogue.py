"""Barang: what is sold, its price and stock; goods in, corrections, prices of many at once."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from textual.content import Content

from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.items.item_stock import CORRECT, RECEIVE, TO_SUPPLIER, ItemStock
from crm_tui.screens.items.stock import REASONS, signed
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import as_typed, card, parse_level, sure
from crm_tui.screens.shell.page import once_a_time
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.dialog import Show
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.screens.widgets.plain import Piece, content
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.branches import goods
from crm_tui.shop.gate import listing, money
from crm_tui.shop.gate.errors import BadMoney, BadPercent
from crm_tui.shop.gate.stored_words import actor
from crm_tui.shop.items import cards, catalogue, prices
from crm_tui.shop.items import view as item_view
from crm_tui.shop.items.cards import Card
from crm_tui.shop.items.errors import (
    BadCode,
    BadLevel,
    CodeInWords,
    CodeTaken,
    ItemNameMissing,
    PriceChanged,
    UnitBad,
)
from crm_tui.shop.items.lists import ITEM_BOOK

ADD = Action("items.add", "n", N_("New"), N_("Add an item"), command="items.add")
EDIT = Action(
    "items.edit",
    "u",
    N_("Change"),
    N_("Change the item"),
    command="items.edit",
    done=N_("{row} is stored."),
)
PRICE = Action(
    "prices.set", "h", N_("Price"), N_("Change the price; SMS answers use it at once"),
    command="items.set_price",
    done=N_("The price of {row} is stored."),
)  # fmt: skip
PRICES = Action(
    "prices.set_many", "p", N_("Many prices"),
    N_("Change the prices of all items in the list by a percentage"),
    command="items.set_prices", shown=False,
)  # fmt: skip
REMOVE = Action(
    "items.remove", "delete", N_("Take off sale"),
    N_("Delete the item; one with a history is taken off sale instead"), command="items.remove",
    shown=False,
)  # fmt: skip
IMPORT = Action(
    "items.import", "f", N_("Import"), N_("Import items from a CSV or Excel file"),
    permission="items.edit", settled=True, shown=False,
)  # fmt: skip
HISTORY = Action(
    "items.history", "l", N_("History"), N_("All prices and moves of the item"),
    permission="items.view", shown=False,
)  # fmt: skip
WORDS = Action(
    "items.words", "w", N_("Word list"), N_("What customers call things, read in their SMS"),
    permission="items.edit", shown=False, opens=True,
)  # fmt: skip
ACTIVATE = Action(
    "items.activate",
    "v",
    N_("Sell again"),
    N_("Sell it again"),
    command="items.activate",
    done=N_("{row} is sold again."),
)

MOST_AT_ONCE = 5000
_MOST_HISTORY = 500
_STEPS = ("1", "100", "500", "1.000")


class ItemsScreen(ItemStock):
    """All items, those that run low, those that should be counted, those off sale."""

    needs = "items.view"
    heading = N_("Items")
    about = N_(
        "Press {list_search} and type a part of the code, the name or another number. A new price "
        "counts at once, at the till and in SMS."
    )
    own = (
        ADD,
        EDIT,
        PRICE,
        RECEIVE,
        CORRECT,
        TO_SUPPLIER,
        PRICES,
        HISTORY,
        IMPORT,
        WORDS,
        ACTIVATE,
        REMOVE,
    )
    topics = frozenset({"items", "stock", "orders"})
    listed = ITEM_BOOK
    columns = (
        Column(N_("Code"), 12),
        Column(N_("Name"), 16, flex=True),
        Column(N_("Price"), 12, align="right"),
        Column(N_("Stock"), 7, align="right"),
        Column(N_("Ordered"), 8, align="right", rank=2),
        Column(N_("Category"), 10, rank=3),
    )
    empty = {
        "active": (N_("No items yet"), N_("{items_add} adds one, {items_import} imports a list")),
        "low": (
            N_("Nothing is running low"),
            N_("Items whose stock falls to their reorder level appear here."),
        ),
        "recount": (
            N_("Nothing needs counting"),
            N_("Items sold beyond the books are listed here until they are counted."),
        ),
        "": (N_("Nothing here"), ""),
    }

    def shape(self, row: Record) -> Sequence[Cell]:
        values = cast(listing.Line, row).values
        there = int(values["on_hand"] or 0)
        tone = "bad" if there <= 0 or values["recount"] else "due" if values["low"] else ""
        return (
            Cell(str(values["code"]), "strong"),
            Cell(str(values["name"])),
            Cell(display.rupiah(int(values["price"] or 0))),
            Cell(display.thousands(there), tone),
            Cell(display.thousands(int(values["promised"])) if values["promised"] else "", "dim"),
            Cell(str(values["category"] or ""), "dim"),
        )

    async def details(self, row: listing.Line) -> Content:
        view = await self.desk.ask(item_view.look, row.id)
        tr, item = self.tr, view.item
        central = await self.desk.ask(goods.central, row.id)
        there = f"{display.thousands(item.on_hand)} {item.unit}"
        if item.reserved:
            there += "  " + tr(
                N_("{count} reserved for orders"), count=display.thousands(item.reserved)
            )
        rows: list[tuple[str, str | Piece]] = [
            (tr(N_("Price")), display.rupiah(item.price)),
            (tr(N_("Head office")), "" if central is None else self._central(central)),
            (tr(N_("Stock")), (there, "$error" if item.on_hand <= 0 else "")),
            (tr(N_("Ordered")), display.thousands(view.promised) if view.promised else ""),
            (tr(N_("Reorder at")), as_typed(view.card.reorder_level)),
            (tr(N_("Cost")), "" if view.card.cost is None else display.rupiah(view.card.cost)),
            (tr(N_("Category")), view.card.category),
            (tr(N_("Barcode")), view.card.barcode),
            (tr(N_("Other names")), view.card.other_names),
            ("!", (tr(N_("Sold beyond the books: please count it")), "$accent"))
            if view.recount
            else ("", ""),
        ]
        more = [*await self._elsewhere(item.code), *self._moves(view), *self._prices(view)]
        title: list[Piece] = [(item.code, "bold"), f"  {item.name}"]
        return card(title, rows, *more)

    def _central(self, told: goods.CentralPrice) -> str:
        """The head office's price, since when, and whether it counts here."""
        at = display.clock_time(told.at, self.desk.clock.now())
        price = f"{display.rupiah(told.price)}  {at}"
        return price + "  " + self.tr(N_("(own price here)")) if told.own else price

    async def _elsewhere(self, code: str) -> list[Piece]:
        there = await self.desk.ask(goods.stock_there, code, 6)
        now = self.desk.clock.now()
        pieces: list[Piece] = ["\n", (self.tr(N_("Other branches")), "$muted"), "\n"]
        for each in there:
            pieces += [
                (f"{display.thousands(each.available):>7}  ", "bold"), each.branch.name,
                (f"  {display.clock_time(each.at, now)}\n", "$muted"),
            ]  # fmt: skip
        return pieces if there else []

    def _moves(self, view: item_view.ItemView) -> list[Piece]:
        now = self.desk.clock.now()
        pieces: list[Piece] = []
        if view.moves:
            pieces += ["\n", (self.tr(N_("Moves")), "$muted"), "\n"]
        for move in view.moves:
            pieces += [
                (f"{display.clock_time(move.at, now):>11}  ", "$muted"),
                (f"{signed(move.quantity):<7}", "bold"),
                f"{self.tr(REASONS[move.reason])} {move.what}",
                (f"  {actor(move.actor, self.tr)}\n", "$faint"),
            ]
        return pieces

    def _prices(self, view: item_view.ItemView) -> list[Piece]:
        now = self.desk.clock.now()
        pieces: list[Piece] = []
        if view.prices:
            pieces += ["\n", (self.tr(N_("Prices")), "$muted"), "\n"]
        for at, who, before, after in view.prices:
            price = display.rupiah(after)
            if before is not None:
                price = f"{display.rupiah(before)} → {price}"
            pieces += [
                (f"{display.clock_time(at, now):>11}  ", "$muted"), price,
                (f"  {actor(who, self.tr)}\n", "$faint"),
            ]  # fmt: skip
        return pieces

    @once_a_time
    async def do_items_history(self) -> None:
        row = self.current
        if row is None:
            return
        view = await self.desk.ask(item_view.look, row.id, last=_MOST_HISTORY)
        title = f"{row.values['code']}  {row.values['name']}"
        history = content(*self._prices(view), *self._moves(view))
        await self.ask_for(Show(title, history, [("Enter", N_("Back"))]))

    async def do_items_words(self) -> None:
        from crm_tui.screens.items.words import WordsScreen

        await self.app.push_screen(WordsScreen())

    @once_a_time
    async def do_items_import(self) -> None:
        from crm_tui.screens.shell.importing import take_in
        from crm_tui.shop.imports import items as import_items

        if await take_in(self, import_items.KIND, self.tr(N_("Import items"))):
            self.look_again()

    def subject_of(self, row: listing.Line) -> str:
        return f"item {row.values['code']}"

    def ready_for(self, action: Action) -> bool:
        row = self.current
        if action in (ADD, IMPORT, WORDS):
            return True
        if action in (PRICES, HISTORY):
            return row is not None
        if row is not None and (action is ACTIVATE) == bool(row.values["active"]):
            return action not in (ACTIVATE, REMOVE)
        return super().ready_for(action)

    def on_paged_list_chosen(self) -> None:
        self.perform(EDIT)

    # ── the card ──────────────────────────────────────────────────────────────────────────────

    def _fields(self, there: Card) -> list[Field]:
        tr = self.tr
        return [
            Field("code", tr(N_("Code")), tr(N_("As customers write it in SMS")), there.code,
                  errors=(BadCode, CodeInWords, CodeTaken)),
            Field("name", tr(N_("Name")), "", there.name, errors=(ItemNameMissing,)),
            Field("unit", tr(N_("Unit")), tr(N_("pcs, set, botol …")), there.unit,
                  errors=(UnitBad,), usual=("pcs", "set", "botol", "pasang", "meter")),
            Field("price", tr(N_("Price")), "", as_typed(there.price) if there.code else "",
                  errors=(BadMoney,)),
            Field("category", tr(N_("Category")), "", there.category),
            Field("other_names", tr(N_("Other names")),
                  tr(N_("Part numbers, and what customers call it; separated by commas")),
                  there.other_names),
            Field("barcode", tr(N_("Barcode")), "", there.barcode),
            Field("reorder_level", tr(N_("Reorder at")),
                  tr(N_("Stock this low or lower is marked; empty: never")),
                  as_typed(there.reorder_level), errors=(BadLevel,)),
        ]  # fmt: skip

    @staticmethod
    def _card(values: Values, there: Card) -> Card:
        return replace(
            there, code=values["code"], name=values["name"], unit=values["unit"],
            price=money.parsed(values["price"]), category=values["category"],
            other_names=values["other_names"], barcode=values["barcode"],
            reorder_level=parse_level(values["reorder_level"]),
        )  # fmt: skip

    @once_a_time
    async def do_items_add(self) -> None:
        empty = Card("", "")

        async def add(values: Values) -> object:
            return await self.desk.act(cards.add, self._card(values, empty))

        form = Form("item", self.tr(N_("New item")), self._fields(empty), add)
        added = await self.ask_for(form)
        if added:
            self.notice(self.tr(N_("The item is added; its goods come in next.")))
            await self.rows.bring(added)

    @once_a_time
    async def do_items_edit(self) -> None:
        row = self.current
        if row is None:
            return
        there = await self.desk.ask(cards.card, row.id)

        async def edit(values: Values) -> object:
            return await self.desk.act(cards.edit, row.id, self._card(values, there), seen=there)

        form = Form(f"item {row.id}", there.code, self._fields(there), edit)
        if await self.ask_for(form):
            self.look_again()

    # ── prices ────────────────────────────────────────────────────────────────────────────────

    @once_a_time
    async def do_prices_set(self) -> None:
        row = self.current
        if row is None:
            return

        there = int(row.values["price"] or 0)

        async def change(values: Values) -> object:
            nonlocal there
            wanted = money.parsed(values["price"])
            try:
                return await self.desk.act(prices.set_price, row.id, wanted, seen=there)
            except PriceChanged as overtaken:
                # The user who is told of it may still want the other one.
                there = int(str(overtaken.params["there"]))
                form.tell_anew("price", now())
                raise

        def now() -> str:
            return self.tr(N_("now {price}"), price=display.rupiah(there))

        def remark(values: Values) -> str:
            try:
                wanted = money.parsed(values["price"])
            except BadMoney:
                return ""
            shown = self.desk.may("costs.view")
            return prices.doubt(self.tr, wanted, there, cost, cost_shown=shown)

        cost = (await self.desk.ask(catalogue.costs, [row.id])).get(row.id, 0)
        field = Field("price", self.tr(N_("New price")), now(), errors=(BadMoney, PriceChanged))
        title = f"{row.values['code']}  {row.values['name']}"
        form = Form(f"price {row.id}", title, [field], change, remark=remark)
        if await self.ask_for(form):
            self.look_again()

    @once_a_time
    async def do_prices_set_many(self) -> None:
        rows = await self.desk.ask(listing.page, self.listed, self._view, limit=MOST_AT_ONCE)
        chosen = [row.id for row in rows]
        new_prices: list[prices.NewPrice] = []

        async def preview(values: Values) -> object:
            part, step = money.percent(values["percent"]), money.parsed(values["step"])
            new_prices[:] = await self.desk.ask(prices.repriced, chosen, part, max(1, step))
            return True

        fields = [
            Field("percent", self.tr(N_("Percent")), self.tr(N_("10 raises, -2,5 lowers")),
                  errors=(BadPercent,)),
            Field("step", self.tr(N_("Round to rupiah")), "", "500", errors=(BadMoney,),
                  usual=_STEPS),
        ]  # fmt: skip
        form = Form(
            "prices", self.tr(N_("Prices of {count} items"), count=len(chosen)), fields, preview,
            intro=self.tr(N_("All items that the list shows now. You see the new prices before "
                             "they count.")),
            done=N_("Preview"),
        )  # fmt: skip
        if not await self.ask_for(form):
            return
        lines = [
            f"{each.code:<14} {display.rupiah(each.before):>13} → {display.rupiah(each.after):>13}"
            for each in new_prices[:12]
        ]
        if len(new_prices) > len(lines):
            lines.append(self.tr(N_("… and {count} more"), count=len(new_prices) - len(lines)))
        title = self.tr(N_("Change {count} prices?"), count=len(new_prices))
        if new_prices and await sure(self, title, "\n".join(lines), self.tr(N_("Change them"))):
            count = await self.desk.act(prices.set_prices, new_prices)
            self.notice(self.tr(N_("{count} prices were changed."), count=count))
            self.look_again()

    # ── on and off sale ───────────────────────────────────────────────────────────────────────

    @once_a_time
    async def do_items_remove(self) -> None:
        row = self.current
        if row is None:
            return
        question = self.tr(N_("Take {item} off sale?"), item=row.values["code"])
        detail = self.tr(
            N_("Without a history it is deleted; otherwise it stays in the books but is not sold.")
        )
        if await sure(self, question, detail, self.tr(N_("Take off sale"))):
            await self.desk.act(cards.remove, row.id)
            self.notice(self.tr(N_("{item} is off sale."), item=row.values["code"]))
            self.look_again()

    @once_a_time
    async def do_items_activate(self) -> None:
        row = self.current
        if row is not None:
            await self.desk.act(cards.activate, row.id)
            self.look_again()
