"""The drawer: what should be in it, cash put in or taken out, and counting it at the end of the day."""

from collections.abc import Mapping, Sequence
from typing import cast

from rich.cells import cell_len
from textual.content import Content

from crm_tui.actions import Action
from crm_tui.errors import N_, Problem
from crm_tui.screens.sales import handing_over
from crm_tui.screens.sales.receipts import show_cash_slip, show_closing
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import SURE, card
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.shell.page import once_a_time
from crm_tui.screens.widgets.choose import Choose
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.dialog import Decide, Show
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.screens.widgets.plain import Piece, content
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.gate import listing, money
from crm_tui.shop.gate.errors import BadMoney, ReasonNeeded
from crm_tui.shop.gate.stored_words import actor
from crm_tui.shop.sales import drawer, payment_methods, slips
from crm_tui.shop.sales.lists import DRAWERS
from crm_tui.shop.sales.payment_methods import METHODS
from crm_tui.shop.sales.settings import BLIND

CLOSE = Action(
    "drawer.close", "t", N_("Count and close"), N_("Count the money and close the drawer"),
    command="sales.close_drawer",
)  # fmt: skip
PUT_IN = Action(
    "drawer.put_in", "plus", N_("Cash in"), N_("Put cash into the drawer: change, for example"),
    command="sales.move_cash",
)  # fmt: skip
TAKE_OUT = Action(
    "drawer.take_out", "minus", N_("Cash out"), N_("Take cash out of the drawer, with a reason"),
    permission="drawer.take_out", settled=True,
)  # fmt: skip
PAPER = Action(
    "drawer.paper", "c", "Z",
    N_("The drawer's day (Z), and slips of cash in and out, to be printed or saved"),
    permission="drawer.close",
)  # fmt: skip

KINDS = {
    "sale": N_("sale"), "refund": N_("paid back"), "repayment": N_("repayment"),
    "drawer": N_("cash in or out"),
}  # fmt: skip


_DAY = "day"
_PAPERS = 8
"""So many movements of cash can be shown again."""


class CountAgain(Problem):
    text = N_("Not closed yet: count once more, then press the key again.")


class DrawersScreen(ListPage):
    """The open drawer on top, the closed ones below."""

    needs = "drawer.close"
    heading = N_("Drawer")
    about = N_(
        "The first payment opens a drawer; {drawer_close} counts its money against what should be in "
        "it, by method, and closes it. Closed ones stay here with their differences; "
        "{drawer_paper} prints one, or saves it."
    )
    own = (CLOSE, PUT_IN, TAKE_OUT, PAPER)
    topics = frozenset({"drawers", "payments"})
    listed = DRAWERS
    subject = "drawer"
    columns = (
        Column(N_("Opened"), 11),
        Column(N_("Closed"), 11),
        Column(N_("By"), 12, flex=True),
        Column(N_("Taken"), 14, align="right"),
        Column(N_("Difference"), 13, align="right"),
    )
    empty = {
        "": (
            N_("No money has moved yet"),
            N_("The first payment opens the drawer; its contents are shown here."),
        )
    }

    _hidden = True
    """Whether what is in the open drawer is not shown to this user."""

    async def show(self) -> None:
        self._hidden = await self.desk.ask(drawer.is_hidden)
        await super().show()

    def shape(self, row: Record) -> Sequence[Cell]:
        values = cast(listing.Line, row).values
        now = self.desk.clock.now()
        closed, difference = values["closed_at"], int(values["difference"] or 0)
        return (
            Cell(display.clock_time(str(values["opened_at"]), now)),
            Cell(
                display.clock_time(str(closed), now) if closed else self.tr(N_("still open")),
                "dim" if closed else "due",
            ),
            Cell(actor(str(values["closed_by"] or values["opened_by"]), self.tr)),
            Cell("" if self._hidden and not closed else display.rupiah(int(values["taken"] or 0))),
            Cell(
                display.rupiah(difference) if difference else "", "bad" if difference < 0 else "due"
            ),
        )

    async def details(self, row: listing.Line) -> Content:
        view = await self.desk.ask(drawer.look, row.id)
        tr, now = self.tr, self.desk.clock.now()
        rows: list[tuple[str, str | Piece]] = [
            (tr(N_("Opened")), f"{display.clock_time(view.drawer.opened_at, now)}"
                                 f"  {actor(view.drawer.opened_by, tr)}"),
            (tr(N_("Float")), display.rupiah(view.drawer.float) if view.drawer.float else ""),
            (tr(N_("Closed")), f"{display.clock_time(view.closed_at, now)}  {actor(view.closed_by, tr)}"
                                 if view.closed_at else ""),
            (tr(N_("Note")), view.note),
        ]  # fmt: skip
        more: list[Piece] = ["\n", *self._sums(view)]
        if view.payments:
            more += ["\n", (tr(N_("Payments")), "$muted"), "\n"]
        methods = {each: tr(METHODS[each].word) for each in {p.method for p in view.payments}}
        wide = max(map(cell_len, methods.values()), default=0)
        for payment in view.payments:
            what = "  ".join(part for part in (tr(KINDS[payment.kind]), payment.what) if part)
            more += [
                (f"{display.clock_time(payment.at, now):>11}  ", "$muted"),
                (f"{display.rupiah(payment.amount):>13}", "" if payment.amount > 0 else "$accent"),
                f"  {methods[payment.method]:<{wide}}  {what}\n",
            ]
        title = tr(N_("Drawer {number}"), number=row.id)
        return card([(title, "bold")], rows, *more)

    def _sums(self, view: drawer.Look) -> list[Piece]:
        """What should be there, and what was counted, by method."""
        tr = self.tr
        if not view.drawer.expected:
            return [(tr(N_("It is counted first; what should be in it is told after.")), "$muted")]
        heads = [tr(N_("expected"))]
        if view.counted:
            heads += [tr(N_("counted")), tr(N_("difference"))]
        pieces: list[Piece] = [
            (f"{'':<10}" + "".join(f"{head:>14}" for head in heads) + "\n", "$muted")
        ]
        for method in payment_methods.COUNTED:
            expected = view.drawer.expected[method]
            pieces.append(f"{tr(METHODS[method].word):<10}{display.rupiah(expected):>14}")
            if method in view.counted:
                counted = view.counted[method]
                pieces.append(f"{display.rupiah(counted):>14}")
                tone = "$success" if counted == expected else "$error bold"
                pieces.append((f"{display.rupiah(counted - expected):>14}", tone))
            pieces.append("\n")
        return pieces

    def ready_for(self, action: Action) -> bool:
        if action is CLOSE:
            row = self.current
            return row is not None and row.values["closed_at"] is None and super().ready_for(action)
        return True

    def on_paged_list_chosen(self) -> None:
        self.perform(CLOSE)

    @once_a_time
    async def do_drawer_put_in(self) -> None:
        await self._move(1, N_("Cash into the drawer"))

    @once_a_time
    async def do_drawer_take_out(self) -> None:
        await self._move(-1, N_("Cash out of the drawer"))

    @once_a_time
    async def do_drawer_paper(self) -> None:
        """The drawer's day; where cash was put in or taken out, that, or the paper of one of these."""
        row = self.current
        if row is None:
            return
        moves = await self.desk.ask(slips.moves, row.id, _PAPERS)
        found: object = _DAY
        if moves:
            now = self.desk.clock.now()
            answers = [(_DAY, self.tr(N_("The drawer's day (Z)"))), *(
                (str(each.id), self.tr(
                    N_("Cash in {time}: {amount}") if each.amount > 0
                    else N_("Cash out {time}: {amount}"),
                    time=display.clock_time(each.at, now), amount=display.rupiah(abs(each.amount)),
                ))
                for each in moves
            )]  # fmt: skip
            found = await self.ask_for(Choose(self.tr(N_("Which paper?")), answers))
        if found == _DAY:
            await show_closing(self, row.id)
        elif found is not None:
            await show_cash_slip(self, int(str(found)), self.tr(KINDS["drawer"]))

    async def _move(self, sign: int, title: str) -> None:
        moved: list[int] = []

        async def move(values: Values) -> object:
            amount = money.parsed(values["amount"]) * sign
            moved[:] = [amount]
            return await self.desk.act(drawer.move, amount, values["reason"])

        fields = [
            Field("amount", self.tr(N_("Amount")), errors=(BadMoney,)),
            Field("reason", self.tr(N_("Reason")), errors=(ReasonNeeded,)),
        ]
        number = await self.ask_for(Form(f"drawer {sign}", self.tr(title), fields, move))
        if isinstance(number, int):
            self.look_again()
            await show_cash_slip(self, number, self.tr(title), handing_over.moved(self.tr, *moved))

    async def _is_right(self, far: Mapping[str, int]) -> bool:
        """Whether it is closed all the same with counts so far from the books; none is told of those
        that were counted blind."""
        lines = [
            f"{self.tr(METHODS[each].word)} {display.rupiah(difference)}"
            for each, difference in far.items()
        ]
        question = self.tr(N_("This is far from the books. Close it all the same?"))
        detail = "\n".join(
            [*lines, self.tr(N_("Count once more: a field may have been overlooked."))]
        )
        answer = [(SURE, SURE, self.tr(N_("Close it all the same")))]
        return bool(await self.ask_for(Decide(question, detail, answer)))

    @once_a_time
    async def do_drawer_close(self) -> None:
        seen = await self.desk.ask(drawer.current)
        if seen is None:
            return
        differences: dict[str, int] = {}
        blind = bool(await self.desk.ask(BLIND))
        agreed: list[Mapping[str, int]] = []

        async def close(values: Values) -> object:
            typed = [each for each in payment_methods.COUNTED if values[each].strip()]
            counted = {each: _sum(values, each) for each in typed}
            left = _sum(values, "left") if values["left"].strip() else 0
            # Whoever counts blind is asked once: what should be there cannot be found out by trying.
            drawer.check_counted(seen, counted)
            far = drawer.far_off(seen, counted)
            if far and counted not in agreed and not (blind and agreed):
                agreed.append(counted)
                if not await self._is_right({} if blind else far):
                    raise CountAgain()
            differences.update(
                await self.desk.act(
                    drawer.close, counted, seen, left=left, note=values["note"],
                )
            )  # fmt: skip
            return True

        def should_be(method: str) -> str:
            amount = display.rupiah(seen.expected[method])
            return "" if blind else self.tr(N_("should be {amount}"), amount=amount)

        fields = [
            Field(method, self.tr(N_("Counted: {method}"), method=self.tr(METHODS[method].word)),
                  should_be(method),
                  errors=(BadMoney,) if method == "cash" else ())
            for method in payment_methods.COUNTED
        ]  # fmt: skip
        fields += [
            Field("left", self.tr(N_("Stays in the drawer")),
                  self.tr(N_("Cash for tomorrow's change; the rest is taken out"))),
            Field("note", self.tr(N_("Note"))),
        ]  # fmt: skip
        title = self.tr(N_("Count the money"))
        opened = display.clock_time(seen.opened_at, self.desk.clock.now())
        told = N_("Drawer {number}, opened by {name}, {time}. What is closed stays closed.")
        intro = self.tr(told, number=seen.id, name=actor(seen.opened_by, self.tr), time=opened)
        form = Form(
            f"drawer close {seen.id}",
            title,
            fields,
            close,
            done=N_("Close the drawer"),
            intro=intro,
        )
        if not await self.ask_for(form):
            return
        self.look_again()
        pieces: list[Piece] = []
        for method, difference in differences.items():
            amount = display.rupiah(difference) if difference else self.tr(N_("correct"))
            tone = "$error bold" if difference < 0 else "$accent bold" if difference else "$success"
            pieces += [f"{self.tr(METHODS[method].word):<12}", (amount, tone), "\n"]
        keys = [("Enter", N_("The drawer's day (Z), to be printed"))]
        await self.ask_for(Show(self.tr(N_("The drawer is closed")), content(*pieces), keys))
        await show_closing(self, seen.id, closed=True)


def _sum(values: Values, name: str) -> int:
    """What was typed in a field, in rupiah. Raises `BadMoney` of that field."""
    try:
        return money.parsed(values[name])
    except BadMoney as problem:
        raise type(problem)(text=values[name].strip(), field=name) from problem
