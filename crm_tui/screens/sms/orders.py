"""Cek SMS Pemesanan: what customers ordered, read beside their own words, decided with one key."""

from collections.abc import Sequence
from functools import partial
from typing import cast

from textual.content import Content

from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import parse_quantity
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.shell.page import once_a_time
from crm_tui.screens.sms.telling import ROOMY, order_details, unseen_lines
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.answers import explaining
from crm_tui.shop.gate import listing
from crm_tui.shop.orders import book, deciding, lists
from crm_tui.shop.orders import view as order_view
from crm_tui.shop.orders.errors import ReasonMissing, ReasonTooLong
from crm_tui.shop.orders.settings import HOLD_SECONDS

CONFIRM = Action(
    "orders.confirm", "k", N_("Confirm"),
    N_("Confirm the order: the goods are promised and the customer is told"),
    command="orders.confirm",
)  # fmt: skip
REJECT = Action(
    "orders.reject", "t", N_("Reject"),
    N_("Reject the order with a reason that the customer reads"), command="orders.reject",
)  # fmt: skip
CHANGE = Action(
    "orders.change", "u", N_("Change"),
    N_("Change quantities; the customer must first answer YA to more than was asked"),
    command="orders.change",
)  # fmt: skip
LATER = Action(
    "orders.later", "d", N_("Later"), N_("Leave it for later: it goes behind the others"),
    command="orders.later",
)  # fmt: skip
TALK = Action(
    "orders.talk", "enter", N_("Conversation"), N_("All SMS with this customer"), shown=True
)

REASONS = (
    N_("the goods are out of stock"),
    N_("the price has changed"),
    N_("the item is no longer sold"),
    N_("the shop is closed on that day"),
)


class OrdersScreen(ListPage):
    """Orders that wait, oldest first; those left for later come last."""

    needs = "messages.view"
    heading = N_("Check SMS orders")
    about = N_(
        "Each order waits here until one of you confirms or rejects it. At the top you see the "
        "customer's own words, how they were read, and whether the goods are in stock. After a "
        "decision its SMS waits a few seconds, so that you can take it back."
    )
    own = (CONFIRM, REJECT, CHANGE, LATER, TALK)
    # A line of an order is one line of the screen.
    beside_cells = ROOMY + 4
    topics = frozenset({"orders", "stock", "messages", "customers", "settings"})
    listed = lists.ORDERS
    columns = (
        Column(N_("No."), 5, align="right"),
        Column(N_("Customer"), 12, flex=True),
        Column(N_("Items"), 12, flex=True, rank=2),
        Column(N_("Total"), 12, align="right"),
        Column(N_("Age"), 7, align="right"),
        Column(N_("Status"), 12, rank=3),
    )
    empty = {
        "waiting": (
            N_("No orders waiting"),
            N_("New ones appear here by themselves, and the bell rings."),
        ),
        "": (N_("No orders here"), N_("→ shows the other orders.")),
    }

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[int, dict[int, int]] = {}
        self._lines = 0
        """Lines of the order that is told beside the list."""

    def shape(self, row: Record) -> Sequence[Cell]:
        values = cast(listing.Line, row).values
        waiting = values["status"] == "waiting"
        received = str(values["received_at"])
        old = waiting and self.crm.is_old(received)
        later = waiting and values["later_at"]
        asked = waiting and values["asked"]
        tone = "dim" if later or asked or not waiting else "bad" if old else "due"
        status = N_("asked") if asked else N_("later") if later else str(values["status"])
        return (
            Cell(str(values["number"])),
            Cell(display.who(cast(str, values["customer"]), str(values["phone"])), "strong"),
            Cell(str(values["lines"] or "")),
            Cell(display.rupiah(int(values["total"] or 0))),
            Cell(display.age(self.tr, received, self.desk.clock.now()), tone),
            # The tab says it of all its rows, but for those that wait for something.
            Cell("" if status == self._view.part else self.tr(status), tone),
        )

    async def details(self, row: listing.Line) -> Content:
        view = await self.desk.ask(order_view.look, row.id)
        why = await self.desk.ask(explaining.look, view.order.message_id)
        # Decide only about what was seen: the customer may change the order in the meantime.
        self._seen = {row.id: view.order.wanted}
        self._lines = len(view.lines)
        return order_details(self.crm, view, self.details_width, why)

    async def why_not(self, action: Action) -> str:
        row = self.current
        if row is not None and action.command and row.values["status"] != "waiting":
            return await self.became_of(row)
        return await super().why_not(action)

    async def became_of(self, row: listing.Line) -> str:
        why = await self.desk.ask(book.why_closed, row.id, ("waiting",))
        return self.crm.say(why) if why else ""

    def more_text(self, hidden: int, lines: int) -> str:
        unseen = unseen_lines(self._lines, hidden, self.details_width)
        if unseen:
            return self.tr(N_("… {count} more items"), count=unseen)
        return super().more_text(hidden, lines)

    def ready_for(self, action: Action) -> bool:
        row = self.current
        if action in (CONFIRM, REJECT, CHANGE, LATER) and (
            row is None or row.values["status"] != "waiting"
        ):
            return False
        return super().ready_for(action) and (action is not TALK or row is not None)

    # ── decisions ─────────────────────────────────────────────────────────────────────────────

    async def _decided(self, sentence: str, number: int, hold: float) -> None:
        """Say what was done, and that it can be taken back."""
        self.notice_undoable(self.tr(sentence, number=number), hold)
        self.look_again()

    async def _hold(self) -> float:
        return float(await self.desk.ask(HOLD_SECONDS))

    @once_a_time
    async def do_orders_confirm(self) -> None:
        row = self.current
        if row is None:
            return
        seen = self._seen.get(row.id)
        hold = await self._hold()
        await self.desk.act(deciding.confirm, row.id, hold=hold, expected=seen)
        await self._decided(N_("Order {number} is confirmed."), row.id, hold)

    @once_a_time
    async def do_orders_reject(self) -> None:
        row = self.current
        if row is None:
            return
        hold = await self._hold()

        async def reject(values: Values) -> object:
            return await self.desk.act(deciding.reject, row.id, values["reason"], hold=hold)

        field = Field(
            "reason", self.tr(N_("Reason")), self.tr(N_("The customer reads it.")),
            errors=(ReasonMissing, ReasonTooLong),
            usual=[self.crm.customers_words(each) for each in REASONS],
        )  # fmt: skip
        title = self.tr(N_("Reject order {number}"), number=row.id)
        form = Form(f"reject {row.id}", title, [field], reject, done=N_("Reject"))
        if await self.ask_for(form):
            await self._decided(N_("Order {number} is rejected."), row.id, hold)

    @once_a_time
    async def do_orders_change(self) -> None:
        row = self.current
        if row is None:
            return
        hold = await self._hold()
        view = await self.desk.ask(order_view.look, row.id)
        fields = [
            Field(
                str(line.line.item_id),
                f"{line.line.code}  {line.line.name}",
                self.tr(N_("{stock} available, {price} each"), stock=line.stock,
                          price=display.rupiah(line.line.price)),
                str(line.line.quantity),
                digits=7,
            )
            for line in view.lines
        ]  # fmt: skip

        async def change(values: Values) -> object:
            wanted = {int(item): parse_quantity(text, item) for item, text in values.items()}
            if wanted == view.order.wanted:
                return "same"
            done = await self.desk.act(
                deciding.change, row.id, wanted, hold=hold, expected=view.order.wanted
            )
            return "changed" if done else "asked"

        form = Form(
            f"change {row.id}", self.tr(N_("Change order {number}"), number=row.id), fields, change,
            intro=self.tr(
                N_("Less is changed at once; 0 removes an item. For more the customer is asked "
                   "first and must answer YA.")
            ),
            done=N_("Change"),
        )  # fmt: skip
        done = await self.ask_for(form)
        if done == "changed":
            await self._decided(N_("Order {number} is changed."), row.id, hold)
        elif done == "asked":
            await self._decided(N_("The customer is asked about order {number}."), row.id, hold)

    @once_a_time
    async def do_orders_later(self) -> None:
        row = self.current
        if row is not None:
            await self.desk.act(deciding.later, row.id)
            self.notice(self.tr(N_("Order {number} waits behind the others."), number=row.id))
            self.look_again()

    def undone(self, number: int) -> None:
        self.beside(partial(self.rows.bring, number))

    async def do_orders_talk(self) -> None:
        from crm_tui.screens.sms.conversation import ConversationScreen

        row = self.current
        if row is not None:
            await self.app.push_screen(ConversationScreen(str(row.values["phone"])))

    def on_paged_list_chosen(self) -> None:
        self.perform(TALK)
