"""SMS Masuk and SMS Keluar: every SMS, what became of it, and what is left for people to do."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import cast

from textual.content import Content

from crm_tui.actions import Action, key_name
from crm_tui.errors import N_
from crm_tui.screens.shell import display
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.shell.page import NOTICE_SECONDS, once_a_time
from crm_tui.screens.sms.telling import message_details
from crm_tui.screens.sms.writing import basket_name, write_reply
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.plain import content
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.answers import accepting, explaining
from crm_tui.shop.answers.learning import Learner, Proposal
from crm_tui.shop.answers.suggesting import differs
from crm_tui.shop.gate import listing
from crm_tui.shop.items import naming
from crm_tui.shop.messages import correspondence
from crm_tui.shop.messages import view as message_view
from crm_tui.shop.messages.lists import INBOX, OUTBOX
from crm_tui.shop.orders import deciding
from crm_tui.shop.orders.settings import HOLD_SECONDS

_ASKED_SECONDS = 30.0
"""So long what was just made an order may be learnt of."""

ACCEPT = Action(
    "messages.accept", "k", N_("Send answer"),
    N_("Send the answer that is ready, and do what the SMS was read as"), command="answers.accept",
)  # fmt: skip
REPLY = Action(
    "messages.reply", "j", N_("Reply"), N_("Write an answer by hand"), command="messages.reply"
)
ORDER = Action(
    "messages.order", "o", N_("Order"), N_("Make an order from an SMS that only people understand"),
    command="orders.place_for",
    done=N_("The order is made."),
)  # fmt: skip
SETTLE = Action(
    "messages.settle", "e", N_("Settled"), N_("It needs no answer, or was answered by telephone"),
    command="messages.settle",
)  # fmt: skip
LEARN = Action(
    "messages.learn", "w", N_("Remember"),
    N_("Remember the customer's words as another name of the item"), command="items.learn_name",
)  # fmt: skip
REFUSE = Action(
    "messages.refuse", "x", N_("Do not remember"), N_("Never offer these words for the item again"),
    command="items.refuse_name",
)  # fmt: skip
TALK = Action("messages.talk", "enter", N_("All their SMS"), N_("All SMS with this customer"))
RESEND = Action(
    "messages.resend", "k", N_("Send again"),
    N_("Send it again; one in doubt is marked (ulang), as it may have arrived"),
    command="messages.resend",
)  # fmt: skip
GIVE_UP = Action(
    "messages.give_up", "x", N_("Give up"), N_("Do not send it, or leave it as it is"),
    command="messages.give_up",
)  # fmt: skip


class MessagesPage(ListPage):
    """What both lists share."""

    needs = "messages.view"
    topics = frozenset({"messages", "customers", "orders", "items"})

    def _who(self, values: Mapping[str, object]) -> str:
        return display.who(cast(str, values["customer"]), str(values["phone"]))

    async def details(self, row: listing.Line) -> Content:
        return message_details(self.crm, await self.desk.ask(message_view.look, row.id))

    async def became_of(self, row: listing.Line) -> str:
        deed = await self.desk.ask(correspondence.by_another, row.id)
        return self.tell_deed(self._who(row.values), deed)

    async def do_messages_talk(self) -> None:
        from crm_tui.screens.sms.conversation import ConversationScreen

        row = self.current
        if row is not None:
            await self.app.push_screen(ConversationScreen(str(row.values["phone"])))

    def on_paged_list_chosen(self) -> None:
        self.perform(TALK)


class InboxScreen(MessagesPage):
    """SMS of customers; those that wait for the staff first."""

    heading = N_("SMS in")
    about = N_(
        "SMS that the program could not answer by itself wait here for you, with the reason. Send the "
        "answer that is ready, reply by hand, make an order from one, or mark it as settled. → shows "
        "all SMS."
    )
    own = (ACCEPT, LEARN, REFUSE, REPLY, ORDER, SETTLE, TALK)
    listed = INBOX
    columns = (
        Column(N_("Time"), 11),
        Column(N_("From"), 14, flex=True),
        Column(N_("Text"), 20, flex=True),
        Column(N_("Read as"), 13, rank=2),
        Column(N_("Status"), 13, rank=3),
    )
    empty = {
        "staff": (
            N_("No SMS is waiting for you"),
            N_("SMS that the program cannot answer by itself appear here."),
        ),
        "open": (N_("Nothing is incomplete"), N_("→ shows the other SMS.")),
        "": (N_("No SMS has come in yet"), N_("Every SMS appears here by itself.")),
    }

    def __init__(self, part: str = "", search: str = "") -> None:
        super().__init__(part, search)
        self._suggested: tuple[int, str] = (0, "")
        self._lessons: tuple[int, list[Proposal]] = (0, [])
        self._fresh: list[Proposal] = []
        self._learner = Learner()

    async def details(self, row: listing.Line) -> Content:
        why = await self.desk.ask(explaining.look, row.id)
        view = await self.desk.ask(message_view.look, row.id)
        # Only an answer that was seen is sent.
        waits = why is not None and why.evidence.waits and view.letter.status == "staff"
        self._suggested = (row.id, why.evidence.reply) if why and waits else (0, "")
        self._lessons = row.id, await self._learnt(row.id)
        told = message_details(self.crm, view, why)
        for each in self._lessons[1][:1]:
            told += content("\n", (self._question(each), "$accent"))
        return told

    async def _learnt(self, message_id: int) -> list[Proposal]:
        """What could be learnt of an SMS, if the user may."""
        if not self.desk.may(LEARN.needs):
            return []
        return await self.desk.ask(self._learner.proposals, message_id)

    def _question(self, proposal: Proposal) -> str:
        keys = dict(self.crm.keyed(self.own))
        return self.tr(
            N_("Remember “{words}” as {code}? {yes} = yes, {no} = no"), words=proposal.name,
            code=proposal.code, yes=key_name(keys[LEARN]), no=key_name(keys[REFUSE]),
        )  # fmt: skip

    @property
    def _lesson(self) -> Proposal | None:
        """What is asked just now: of the order that was made, or of the SMS under the cursor."""
        if self._fresh:
            return self._fresh[0]
        row, (message, found) = self.current, self._lessons
        return found[0] if row is not None and row.id == message and found else None

    def shape(self, row: Record) -> Sequence[Cell]:
        values = cast(listing.Line, row).values
        waits = values["status"] in ("staff", "undecodable")
        tone = "due" if waits else "dim"
        # "For the staff" is said once.
        read, status = self.tr(str(values["read_as"] or "")), self.tr(str(values["status"]))
        return (
            Cell(display.clock_time(str(values["at"]), self.desk.clock.now()), "dim"),
            Cell(self._who(values), "strong"),
            Cell(str(values["text"])),
            Cell(self.tr(N_("answer ready")), "due")
            if values["suggested"]
            else Cell("" if read == status else read, "dim"),
            Cell(status, tone),
        )

    def ready_for(self, action: Action) -> bool:
        row = self.current
        if action in (LEARN, REFUSE):
            return self._lesson is not None
        if action in self.own:
            if row is None:
                return False
            if action is ACCEPT and self._suggested[0] != row.id:
                return False
            if action is ORDER and row.values["status"] != "staff":
                return False
            if action is SETTLE and row.values["status"] not in ("staff", "undecodable"):
                return False
        return super().ready_for(action)

    @once_a_time
    async def do_messages_accept(self) -> None:
        row = self.current
        if row is None:
            return
        ready = self._suggested[1]
        await self.desk.act(accepting.accept, row.id)
        view = await self.desk.ask(message_view.look, row.id)
        done, sent = view.letter, view.answers[-1].text if view.answers else ""
        told = (
            self.tr(N_("Things have changed meanwhile; the customer is told: “{text}”"), text=sent)
            if sent and differs(ready, sent)
            else self.tr(N_("Order {number}: the answer is on its way."), number=done.order_id)
            if done.order_id
            else self.tr(N_("The answer is on its way."))
        )
        self.notice(told)
        self.look_again()

    @once_a_time
    async def do_messages_reply(self) -> None:
        row = self.current
        if row is not None:
            await write_reply(self, row.id, self._who(row.values))

    @once_a_time
    async def do_messages_order(self) -> None:
        from crm_tui.screens.items.basket import Basket, Picked

        row = self.current
        if row is None:
            return

        hold = float(await self.desk.ask(HOLD_SECONDS))

        async def place(lines: Sequence[Picked]) -> object:
            wanted = {each.item.id: each.count for each in lines}
            return await self.desk.act(deciding.place_for, row.id, wanted, hold=hold)

        said = f"“{str(row.values['text']).strip()}”"
        order = await self.ask_for(Basket(basket_name(row.id), said, place))
        if order:
            told = self.tr(
                N_("Order {number} waits for confirmation; the customer is told what it holds."),
                number=order.number,
            )  # fmt: skip
            self._ask_to_learn(await self._learnt(row.id), told + self.undo_hint(hold))
            self.look_again()

    def _ask_to_learn(self, found: list[Proposal], told: str) -> None:
        """Say what was done, and ask about the first of what could be learnt, for some seconds."""
        self._fresh = found
        if found:
            told += "\n" + self._question(found[0])
            self.set_timer(_ASKED_SECONDS, partial(self._forget, found))
        self.notice(told, seconds=_ASKED_SECONDS if found else NOTICE_SECONDS)
        self.draw_frame()

    def _forget(self, found: list[Proposal]) -> None:
        if self._fresh is found:
            self._fresh = []
            self.draw_frame()

    @once_a_time
    async def do_messages_learn(self) -> None:
        lesson = self._lesson
        if lesson is not None:
            await self.desk.act(naming.learn, lesson.item_id, lesson.name)
            told = self.tr(
                N_("“{words}” is another name of {code} now; {key} takes it back."),
                words=lesson.name, code=lesson.code, key=self.undo_key,
            )  # fmt: skip
            self._ask_to_learn(self._fresh[1:], told)
            self.look_again()

    @once_a_time
    async def do_messages_refuse(self) -> None:
        lesson = self._lesson
        if lesson is not None:
            await self.desk.act(naming.refuse, lesson.item_id, lesson.name)
            told = self.tr(N_("“{words}” is not offered again."), words=lesson.name)
            self._ask_to_learn(self._fresh[1:], told)
            self.look_again()

    @once_a_time
    async def do_messages_settle(self) -> None:
        row = self.current
        if row is not None:
            await self.desk.act(correspondence.settle, row.id)
            self.notice(self.tr(N_("Settled; no answer goes out.")))
            self.look_again()


class OutboxScreen(MessagesPage):
    """SMS to customers, and what the network said of them."""

    heading = N_("SMS out")
    about = N_(
        "Every SMS to a customer, and whether it arrived. One that failed or is in doubt needs a "
        "decision: send it again, or give it up. → shows those."
    )
    own = (RESEND, GIVE_UP, TALK)
    listed = OUTBOX
    columns = (
        Column(N_("Time"), 11),
        Column(N_("To"), 14, flex=True),
        Column(N_("Text"), 20, flex=True),
        Column(N_("Kind"), 15, rank=2),
        Column(N_("Status"), 11),
    )
    empty = {
        "all": (N_("No SMS has gone out yet"), N_("Answers and confirmations appear here.")),
        "trouble": (N_("Nothing needs a decision"), N_("No SMS failed or is in doubt.")),
        "queue": (N_("Nothing is waiting to go out"), N_("All SMS have been sent.")),
    }
    _TONES = {"failed": "bad", "in_doubt": "due", "expired": "due", "delivered": "dim"}

    def shape(self, row: Record) -> Sequence[Cell]:
        values = cast(listing.Line, row).values
        status = str(values["status"])
        tone = "dim" if values["decided_at"] else self._TONES.get(status, "")
        if values["to_decide"]:
            tone = "due"
        return (
            Cell(display.clock_time(str(values["at"]), self.desk.clock.now()), "dim"),
            Cell(self._who(values), "strong"),
            Cell(str(values["text"])),
            Cell(self.tr(str(values["kind"])), "dim"),
            Cell(self.tr(status), tone),
        )

    def ready_for(self, action: Action) -> bool:
        row = self.current
        if action not in self.own:
            return True
        if row is None or not super().ready_for(action):
            return False
        waits = row.values["status"] in ("queued", "held")
        return action is TALK or self._undecided(row) or (action is GIVE_UP and waits)

    @staticmethod
    def _undecided(row: listing.Line) -> bool:
        status = row.values["status"]
        return bool(row.values["to_decide"]) or (
            status in correspondence.WITHOUT_DECISION and not row.values["decided_at"]
        )

    @once_a_time
    async def do_messages_resend(self) -> None:
        row = self.current
        if row is not None:
            await self.desk.act(correspondence.resend, row.id)
            self.notice(self.tr(N_("It is being sent again.")))
            self.look_again()

    @once_a_time
    async def do_messages_give_up(self) -> None:
        row = self.current
        if row is not None:
            await self.desk.act(correspondence.give_up, row.id)
            self.notice(self.tr(N_("It is left as it is.")))
            self.look_again()
