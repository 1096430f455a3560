"""A transfer that comes: its lines, what came of each, and taking it in."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from textual.content import Content

from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.branches.telling import all_differences, described, differences
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import parse_quantity, sure
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.shell.page import once_a_time
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.dialog import Decide
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.branches import arrivals
from crm_tui.shop.branches.lists import ARRIVAL_LINES
from crm_tui.shop.branches.transfers import Transfer
from crm_tui.shop.gate import listing
from crm_tui.shop.gate.errors import BadQuantity, ReasonNeeded

CHECK = Action(
    "arrivals.check", "enter", N_("What came"), N_("Enter how many of this line came, and how whole"),
    command="branches.check_line",
    done=N_("{row} is entered."),
)  # fmt: skip
REST = Action(
    "arrivals.rest", "o", N_("Rest as sent"), N_("All lines nobody has entered came as they were sent"),
    command="branches.check_rest",
    done=N_("The rest is entered as it was sent."),
)  # fmt: skip
RECEIVE = Action(
    "arrivals.receive", "m", N_("Goods in"), N_("Take the goods in as they were entered"),
    command="branches.receive",
)  # fmt: skip
SEND_BACK = Action(
    "arrivals.send_back", "r", N_("Send back"), N_("Send all of it back, as it came"),
    command="branches.send_back",
)  # fmt: skip


class ArrivalScreen(ListPage):
    """The lines of a transfer; those that differ say how."""

    needs = "items.view"
    heading = N_("A transfer to us")
    about = N_(
        "Unpack, count, and press Enter on each line to enter what came. {arrivals_rest} enters the "
        "rest as it was sent. {arrivals_receive} takes the goods in, with all differences; the sender "
        "is told. {arrivals_send_back} sends back what was not meant for us."
    )
    own = (CHECK, REST, RECEIVE, SEND_BACK)
    topics = frozenset({"branches"})
    listed = ARRIVAL_LINES
    columns = (
        Column(N_("Code"), 12),
        Column(N_("Name"), 16, flex=True),
        Column(N_("Sent"), 7, align="right"),
        Column(N_("Came"), 7, align="right"),
        Column(N_("Differs"), 18, flex=True),
    )
    empty = {"": (N_("Nothing here"), "")}

    def __init__(self, arrival_id: int = 0) -> None:
        super().__init__()
        self._arrival = arrival_id
        self._view = replace(self._view, given={"arrival": arrival_id})
        self._told: Transfer | None = None

    def title_text(self) -> str:
        if self._told is None:
            return self.tr(self.heading)
        return self.tr(N_("From {branch}"), branch=self._told.branch.name)

    async def show(self) -> None:
        self._told = await self.desk.ask(arrivals.look, self._arrival)
        await super().show()
        self.draw_frame()

    def shape(self, row: Record) -> Sequence[Cell]:
        values = cast(listing.Line, row).values
        sent, arrived = int(values["quantity"] or 0), values["arrived"]
        broken = int(values["broken"] or 0)
        told = ""
        if arrived is not None:
            told = differences(self, broken, sent - int(arrived) - broken)
        return (
            Cell(str(values["code"]), "strong"),
            Cell(str(values["name"])),
            Cell(display.thousands(sent)),
            Cell("" if arrived is None else display.thousands(int(arrived))),
            Cell(told, "bad"),
        )

    async def details(self, row: listing.Line) -> Content:
        return described(self, await self.desk.ask(arrivals.look, self._arrival))

    def ready_for(self, action: Action) -> bool:
        if action in self.own and (self._told is None or self._told.ended_at is not None):
            return False
        if action in (REST, RECEIVE, SEND_BACK):
            return True
        return super().ready_for(action)

    def refusal(self, action: Action) -> str:
        if self._told is not None and self._told.ended_at is not None:
            return self.tr(N_("This transfer was received already."))
        return super().refusal(action)

    def on_paged_list_chosen(self) -> None:
        self.perform(CHECK)

    @once_a_time
    async def do_arrivals_check(self) -> None:
        row = self.current
        if row is None:
            return

        async def write(values: Values) -> object:
            came, broken = parse_quantity(values["came"], "came"), values["broken"].strip()
            await self.desk.act(
                arrivals.check_line, self._arrival, row.id, came,
                parse_quantity(broken, "broken") if broken else 0,
            )  # fmt: skip
            return True

        sent, before = int(row.values["quantity"] or 0), row.values["arrived"]
        fields = [
            Field("came", self.tr(N_("How many came whole")),
                  self.tr(N_("{count} were sent"), count=display.thousands(sent)),
                  str(sent if before is None else before), errors=(BadQuantity,), digits=7),
            Field("broken", self.tr(N_("How many came broken")), self.tr(N_("empty: none")),
                  str(row.values["broken"] or ""), digits=7),
        ]  # fmt: skip
        title = f"{row.values['code']}  {row.values['name']}"
        if await self.ask_for(Form(f"arrived {self._arrival} {row.id}", title, fields, write)):
            self.look_again()

    @once_a_time
    async def do_arrivals_rest(self) -> None:
        await self.desk.act(arrivals.rest_as_sent, self._arrival)
        self.look_again()

    @once_a_time
    async def do_arrivals_receive(self) -> None:
        coming = await self.desk.ask(arrivals.look, self._arrival)
        off = [line.code for line in coming.lines if line.off_sale and line.arrived]
        sold_again = None
        if off:
            answer = await self.ask_for(Decide(
                self.tr(N_("Sell them again?")),
                self.tr(N_("Off sale here: {codes}. Goods of these lie in the stock, and nobody finds"
                           " them at the till."), codes=", ".join(off)),
                (("v", "v", self.tr(N_("Sell them again"))),
                 ("m", "m", self.tr(N_("Take them in all the same")))),
            ))  # fmt: skip
            if not answer:
                return
            sold_again = answer == "v"

        async def receive(values: Values) -> object:
            return await self.desk.act(
                arrivals.receive, self._arrival, values["note"], sold_again=sold_again
            )

        field = Field("note", self.tr(N_("Note")), self.tr(N_("The sender reads it")))
        form = Form(
            f"receive {self._arrival}", self.tr(N_("Take the goods in?")), [field], receive,
            intro=all_differences(self, coming), done=N_("Goods in"),
        )  # fmt: skip
        if await self.ask_for(form):
            self.notice(self.tr(N_("The goods are in the books.")))
            self.look_again()

    @once_a_time
    async def do_arrivals_send_back(self) -> None:
        detail = self.tr(N_("It is received as it was sent, and all of it goes back at once."))
        if not await sure(
            self, self.tr(N_("Send all of it back?")), detail, self.tr(N_("Send back"))
        ):
            return

        async def send(values: Values) -> object:
            return await self.desk.act(arrivals.send_back, self._arrival, values["reason"])

        field = Field("reason", self.tr(N_("Reason")), errors=(ReasonNeeded,))
        title = self.tr(N_("Why does it go back?"))
        if await self.ask_for(Form(f"send back {self._arrival}", title, [field], send)):
            self.notice(self.tr(N_("It is on its way back.")))
            self.look_again()
