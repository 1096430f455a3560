"""Kantor pusat: how this branch stands with the head office, and what could not be taken from there."""

from collections.abc import Sequence
from typing import cast

from textual.content import Content

from crm_tui.actions import Action
from crm_tui.errors import N_, Sentence
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import card
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.shell.page import once_a_time
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.plain import Piece
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.branches import applying, identity
from crm_tui.shop.branches.identity import Standing
from crm_tui.shop.branches.lists import BRANCHES
from crm_tui.shop.gate import listing
from crm_tui.shop.gate.stored_words import DOWNS, NEWER

TRY_AGAIN = Action(
    "chain.try_again", "l", N_("Try again"), N_("Take what could not be taken from the head office"),
    command="branches.try_again",
)  # fmt: skip


class OfficeScreen(ListPage):
    """The branches; beside them how this one stands."""

    needs = "health.view"
    heading = N_("Head office")
    about = N_(
        "Sales never wait for the head office: what happens here goes there when the line is there. "
        "How many rows it lacks, when it was met last, and why not since, stands beside the branches. "
        "{chain_try_again} takes what could not be taken before."
    )
    own = (TRY_AGAIN,)
    topics = frozenset({"branches", "chain"})
    listed = BRANCHES
    columns = (
        Column(N_("Number"), 7, align="right"),
        Column(N_("Branch"), 18, flex=True),
        Column(N_("Status"), 10),
    )
    empty = {"": (N_("No branch is known yet"), N_("The head office tells of them."))}

    _standing: Standing | None = None

    async def show(self) -> None:
        self._standing = await self.desk.ask(identity.standing)
        await super().show()
        self.draw_frame()

    def shape(self, row: Record) -> Sequence[Cell]:
        values = cast(listing.Line, row).values
        state = N_("closed") if values["closed_at"] else N_("we") if values["own"] else N_("open")
        return (
            Cell(str(values["number"]), "dim"),
            Cell(str(values["name"]), "strong" if values["own"] else ""),
            Cell(self.tr(state), "dim"),
        )

    async def details(self, row: listing.Line) -> Content:
        standing = await self.desk.ask(identity.standing)
        if standing is None:
            return Content("")
        tr, now = self.tr, self.desk.clock.now()
        met = (
            tr(N_("never")) if standing.met_at is None else display.clock_time(standing.met_at, now)
        )
        rows: list[tuple[str, str | Piece]] = [
            (tr(N_("Head office")), standing.office),
            (tr(N_("Met last")), met),
            # How many was seen when it was met.
            (tr(N_("It lacks")), "" if standing.met_at is None
             else tr(N_("{count} rows then") if standing.trouble else N_("{count} rows"),
                     count=display.thousands(standing.behind))),
            (tr(N_("Clocks differ")), "" if abs(standing.skew) < identity.SKEW
             else tr(N_("{minutes} minutes"), minutes=round(abs(standing.skew) / 60))),
            (tr(N_("Points lent")), display.thousands(standing.lent) if standing.lent else ""),
        ]  # fmt: skip
        more: list[Piece] = []
        if standing.trouble:
            since = (
                "" if standing.trouble_at is None else display.clock_time(standing.trouble_at, now)
            )
            more += [
                "\n",
                (self.crm.retell(standing.trouble), "$accent"),
                (f"  {since}\n", "$muted"),
            ]
        if standing.points:
            more += ["\n", (self.crm.retell(standing.points), "$accent"), "\n"]
        if standing.aside:
            more += ["\n", (tr(N_("Could not be taken")), "$muted"), "\n"]
        for kind, about, why in standing.aside:
            what = f"{tr(DOWNS.get(kind, NEWER))} {about}".rstrip()
            more += [(f"{what}  ", "bold"), f"{self.crm.retell(Sentence(why))}\n"]
        return card(
            [(f"{standing.branch.name}", "bold"), f"  #{standing.branch.number}"], rows, *more
        )

    def ready_for(self, action: Action) -> bool:
        if action is TRY_AGAIN:
            return self._standing is not None and bool(self._standing.aside)
        return super().ready_for(action)

    def refusal(self, action: Action) -> str:
        if action is TRY_AGAIN:
            return self.tr(N_("Everything was taken."))
        return super().refusal(action)

    @once_a_time
    async def do_chain_try_again(self) -> None:
        told = await self.desk.act(applying.try_again)
        self.notice(
            self.tr(N_("{rows} taken, {aside} could not be."), rows=told.rows, aside=told.aside)
        )
        self.look_again()
