"""Pelanggan and Cari Pelanggan: names, addresses and the whole history, on one page."""

from collections.abc import Sequence
from typing import cast

from textual.content import Content

from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.customers import points, points_elsewhere, privacy
from crm_tui.screens.customers.card_form import customer_form
from crm_tui.screens.customers.repaying import repay, show_papers
from crm_tui.screens.customers.telling import CONSENTS, bought, happened, standing
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import card, sure
from crm_tui.screens.shell.finders import CustomerFinder
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.shell.page import once_a_time
from crm_tui.screens.sms.conversation import ConversationScreen
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.screens.widgets.plain import Piece
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.customers import cards, merging, people
from crm_tui.shop.customers.cards import Card
from crm_tui.shop.customers.errors import LastPhone, PhoneTaken
from crm_tui.shop.customers.lists import CUSTOMERS
from crm_tui.shop.gate import listing
from crm_tui.shop.gate.errors import BadPhone
from crm_tui.shop.overview import customer as customer_view
from crm_tui.shop.sales.errors import NothingDue

ADD = Action(
    "customers.add",
    "n",
    N_("New"),
    N_("Add a customer"),
    command="customers.add",
    done=N_("The customer is stored."),
)
EDIT = Action(
    "customers.edit",
    "u",
    N_("Change"),
    N_("Change name, address, notes"),
    command="customers.edit",
    done=N_("{row} is stored."),
)
PHONE = Action(
    "customers.add_phone", "t", N_("Number"), N_("Add a telephone number"),
    command="customers.add_phone",
    done=N_("{row} has the number now."),
)  # fmt: skip
DROP_PHONE = Action(
    "customers.remove_phone", "x", N_("Drop a number"), N_("Remove a number that belongs to "
                                                           "somebody else"),
    command="customers.remove_phone", shown=False,
    done=N_("The number of {row} is gone."),
)  # fmt: skip
CONSENT = Action(
    "customers.consent", "i", N_("Promos"), N_("Record whether the customer wants promos"),
    command="customers.consent", shown=False,
    done=N_("Promos for {row}: stored."),
)  # fmt: skip
MERGE = Action(
    "customers.merge", "g", N_("Merge"), N_("This is the same person as another customer"),
    command="customers.merge", shown=False,
    done=N_("{row} is one with the other customer now."),
)  # fmt: skip
REPAY = Action(
    "sales.repay", "b", N_("Repayment"), N_("The customer pays a debt"), command="sales.repay"
)
STATEMENT = Action(
    "customers.statement", "c", N_("Statement"),
    N_("What the customer owes, and by when, and what was repaid: to be printed or saved"),
    permission="sales.repay", shown=False,
)  # fmt: skip
TALK = Action(
    "customers.talk", "enter", N_("Conversation"), N_("All SMS with this customer"),
    permission="messages.view", opens=True,
)  # fmt: skip
IMPORT = Action(
    "customers.import", "f", N_("Import"), N_("Import customers from a CSV or Excel file"),
    permission="customers.edit", settled=True, shown=False,
)  # fmt: skip
REMOVE = Action(
    "customers.remove", "delete", N_("Archive"),
    N_("Delete the customer; one with a history is archived instead"), command="customers.remove",
    shown=False,
    done=N_("{row} is archived."),
)  # fmt: skip
ACTIVATE = Action(
    "customers.activate",
    "v",
    N_("Take back"),
    N_("Show again"),
    command="customers.activate",
    done=N_("{row} is among the customers again."),
)

REDEEM = Action(
    "points.redeem", "minus", N_("Redeem points"), N_("Give the customer something for points"),
    command="loyalty.redeem_points", shown=False,
    done=N_("The points of {row} are booked."),
)  # fmt: skip
GIVE_POINTS = Action(
    "points.give", "plus", N_("Give points"), N_("Give the customer points as a gift"),
    command="loyalty.give_points", shown=False,
    done=N_("The points of {row} are booked."),
)  # fmt: skip


def _called(row: listing.Line) -> str:
    """A customer's name, or the first number, as people read it."""
    return str(row.values["name"] or display.phone(str(row.values["phones"]).partition(" ")[0]))


class CustomersScreen(ListPage):
    """Customers and prospects; found by anything of theirs, digits of a number too."""

    needs = "customers.view"
    heading = N_("Customers")
    about = N_(
        "Press {list_search} and type a part of the name or address, or some digits of the "
        "number. Beside the list you see the customer's history, newest first."
    )
    own = (
        REPAY, ADD, EDIT, PHONE, DROP_PHONE, STATEMENT, REDEEM, GIVE_POINTS, points_elsewhere.ASK,
        CONSENT, MERGE, IMPORT, ACTIVATE, REMOVE, privacy.DATA, TALK,
    )  # fmt: skip
    topics = frozenset({"customers", "sales", "orders", "messages", "payments"})
    listed = CUSTOMERS
    subject = "customer"
    columns = (
        Column(N_("Name"), 16, flex=True),
        Column(N_("Phone"), 15),
        Column(N_("Address"), 12, flex=True, rank=2),
        Column(N_("Owes"), 12, align="right", rank=1),
    )
    empty = {
        "all": (
            N_("No customers yet"),
            N_("Whoever writes an SMS shows up here at once; {customers_import} imports a list."),
        ),
        "owing": (N_("Nobody owes anything"), N_("→ shows the others.")),
        "": (N_("Nobody here"), N_("→ shows the others.")),
    }

    def shape(self, row: Record) -> Sequence[Cell]:
        values = cast(listing.Line, row).values
        first, _, more = str(values["phones"]).partition(" ")
        tone = "strong" if values["kind"] == "customer" else ""
        return (
            Cell(str(values["name"] or display.phone(first)), tone),
            Cell(display.phone(first) + (" +" if more else ""), "dim"),
            Cell(str(values["address"] or "")),
            Cell(display.rupiah(int(values["due"])) if values["due"] else "", "due"),
        )

    async def details(self, row: listing.Line) -> Content:
        view = await self.desk.ask(customer_view.look, row.id)
        tr, who = self.tr, view.customer
        rows: list[tuple[str, str | Piece]] = [
            (tr(N_("Number")), ", ".join(map(display.phone, view.phones))),
            (tr(N_("Address")), who.address),
            (tr(N_("Notes")), who.notes),
            (tr(N_("Bought")), bought(self.crm, view)),
            (tr(N_("Owes")), (display.rupiah(view.due), "$accent") if view.due else ""),
            (tr(N_("Tier")), (view.tier, "$success") if view.tier else ""),
            (tr(N_("Points")), standing(self.crm, view)),
            (tr(N_("Points elsewhere")), await points_elsewhere.told(self, row.id)),
            (tr(N_("Credit limit")), display.rupiah(view.limit) if view.limit else ""),
            (tr(N_("Promos")), tr(CONSENTS[who.consent]) if CONSENTS[who.consent] else ""),
        ]
        more: list[Piece] = ["\n", *happened(self.crm, view.line)]
        title: list[Piece] = [(who.name or display.phone((*view.phones, "–")[0]), "bold")]
        return card(title, rows, *more)

    def offers(self, action: Action) -> bool:
        figures = self.crm.figures
        if action is points_elsewhere.ASK and (figures is None or not figures.chained):
            return False
        return super().offers(action)

    def ready_for(self, action: Action) -> bool:
        row = self.current
        if action in (ADD, IMPORT):
            return True
        if row is None:
            return False
        away = not row.values["active"]
        if action is ACTIVATE:
            return away
        if action is REMOVE and away:
            return False
        if action is DROP_PHONE and not row.values["phones"]:
            return False
        if action is TALK:
            return bool(row.values["phones"])
        if action in (REPAY, STATEMENT) and not row.values["due"]:
            return False
        return super().ready_for(action)

    def refusal(self, action: Action) -> str:
        row = self.current
        if action in (REPAY, STATEMENT) and row is not None and not row.values["due"]:
            return self.crm.say(NothingDue(name=_called(row)))
        return super().refusal(action)

    def on_paged_list_chosen(self) -> None:
        self.perform(TALK)

    async def do_customers_talk(self) -> None:
        row = self.current
        if row is not None and row.values["phones"]:
            await self.app.push_screen(ConversationScreen(str(row.values["phones"]).split()[0]))

    @once_a_time
    async def do_customers_add(self) -> None:
        added = await self.ask_for(customer_form(self, None, Card("")))
        if added:
            await self.rows.bring(added)

    @once_a_time
    async def do_customers_import(self) -> None:
        from crm_tui.screens.shell.importing import take_in
        from crm_tui.shop.imports import customers as import_customers

        if await take_in(self, import_customers.KIND, self.tr(N_("Import customers"))):
            self.look_again()

    @once_a_time
    async def do_customers_edit(self) -> None:
        row = self.current
        if row is None:
            return
        who = await self.desk.ask(people.by_id, row.id)
        there = Card(who.name, who.address, who.notes, who.credit_limit)
        if await self.ask_for(customer_form(self, row.id, there)):
            self.look_again()

    @once_a_time
    async def do_customers_add_phone(self) -> None:
        row = self.current
        if row is None:
            return

        async def add(values: Values) -> object:
            return await self.desk.act(cards.add_phone, row.id, values["phone"])

        field = Field("phone", self.tr(N_("Number")), errors=(BadPhone, PhoneTaken))
        title = self.tr(N_("A number of {name}"), name=row.values["name"])
        if await self.ask_for(Form(f"phone {row.id}", title, [field], add)):
            self.look_again()

    @once_a_time
    async def do_customers_remove_phone(self) -> None:
        row = self.current
        if row is None:
            return
        numbers = {display.phone(each): each for each in str(row.values["phones"]).split()}

        async def drop(values: Values) -> object:
            number = numbers.get(values["phone"].strip())
            if number is None:
                raise BadPhone(phone=values["phone"])
            await self.desk.act(cards.remove_phone, row.id, number)
            return True

        field = Field(
            "phone", self.tr(N_("Number")), self.tr(N_("↑ ↓ choose")), list(numbers)[-1],
            errors=(BadPhone, LastPhone), usual=list(numbers),
        )  # fmt: skip
        title = self.tr(N_("Which number belongs to somebody else?"))
        if await self.ask_for(Form(f"no phone {row.id}", title, [field], drop)):
            self.look_again()

    @once_a_time
    async def do_customers_consent(self) -> None:
        row = self.current
        if row is None:
            return
        answer = "stopped" if row.values["consent"] == "yes" else "yes"

        async def write(values: Values) -> object:
            return await self.desk.act(people.consent, row.id, answer, values["basis"])

        basis = [self.tr(N_("said so at the counter")), self.tr(N_("signed a form"))]
        field = Field("basis", self.tr(N_("How do you know?")), initial=basis[0], usual=basis)
        title = f"{row.values['name']}: {self.tr(CONSENTS[answer])}"
        if await self.ask_for(Form(f"consent {row.id}", title, [field], write)):
            self.look_again()

    @once_a_time
    async def do_customers_merge(self) -> None:
        row = self.current
        if row is None:
            return

        title = self.tr(N_("Who is the same person as {name}?"), name=_called(row))
        other = await self.ask_for(CustomerFinder(title, but=row.id))
        if not isinstance(other, listing.Line):
            return
        question = self.tr(
            N_("Merge {other} into {name}?"), other=_called(other), name=_called(row),
        )  # fmt: skip
        detail = self.tr(
            N_("From now on the numbers, orders and sales of both belong to one customer.")
        )
        if await sure(self, question, detail, self.tr(N_("Merge"))):
            await self.desk.act(merging.merge, row.id, other.id)
            self.look_again()

    def called(self, row: listing.Line) -> str:
        return _called(row)

    @once_a_time
    async def do_sales_repay(self) -> None:
        row = self.current
        if row is not None and await repay(self, row.id, _called(row)):
            self.look_again()

    @once_a_time
    async def do_customers_statement(self) -> None:
        if (row := self.current) is not None:
            await show_papers(self, row.id, str(row.values["name"]))

    @once_a_time
    async def do_points_redeem(self) -> None:
        if (row := self.current) is not None and await points.redeem(self, row.id):
            self.look_again()

    @once_a_time
    async def do_points_give(self) -> None:
        if (row := self.current) is not None and await points.give(self, row.id):
            self.look_again()

    @once_a_time
    async def do_points_ask(self) -> None:
        if (row := self.current) is not None and await points_elsewhere.ask(self, row.id):
            self.look_again()

    @once_a_time
    async def do_customers_remove(self) -> None:
        row = self.current
        if row is None:
            return
        question = self.tr(N_("Put {name} away?"), name=row.values["name"] or row.values["phones"])
        detail = self.tr(N_("A customer without a history is deleted; any other is only hidden."))
        if await sure(self, question, detail, self.tr(N_("Archive"))):
            await self.desk.act(cards.remove, row.id)
            self.look_again()

    @once_a_time
    async def do_customers_activate(self) -> None:
        row = self.current
        if row is not None:
            await self.desk.act(cards.activate, row.id)
            self.look_again()

    @once_a_time
    async def do_customers_data(self) -> None:
        row = self.current
        if row is not None and await privacy.decide(self, row.id, _called(row)):
            self.look_again()
