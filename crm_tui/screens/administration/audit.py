"""Audit: who changed what, and when."""

from collections.abc import Sequence
from typing import cast

from textual.content import Content

from crm_tui.errors import N_
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import card
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.plain import Piece
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.gate import listing
from crm_tui.shop.gate.listing import Listing
from crm_tui.shop.gate.stored_words import actor
from crm_tui.shop.users import audit_telling
from crm_tui.shop.users.lists import AUDIT, AUDIT_WITHOUT_COSTS


class AuditScreen(ListPage):
    """Every change by a person, with what was there before."""

    needs = "audit.view"
    heading = N_("Audit")
    about = N_(
        "Nothing here can be changed. Press {list_search} to find a name, a code or a word; "
        "beside the list you read what was there before and after."
    )
    topics = frozenset({"users", "roles", "items", "stock", "customers", "sales", "settings"})
    listed: Listing = AUDIT_WITHOUT_COSTS
    columns = (
        Column(N_("Time"), 11),
        Column(N_("Who"), 12, flex=True),
        Column(N_("What"), 20, flex=True),
        Column(N_("Of what"), 16, flex=True),
    )
    empty = {"": (N_("Nothing changed yet"), "")}

    async def _use(self) -> None:
        self.listed = AUDIT if self.desk.may("costs.view") else AUDIT_WITHOUT_COSTS
        await super()._use()

    def shape(self, row: Record) -> Sequence[Cell]:
        values = cast(listing.Line, row).values
        return (
            Cell(display.clock_time(str(values["at"]), self.desk.clock.now()), "dim"),
            Cell(actor(str(values["actor"]), self.tr), "strong"),
            Cell(audit_telling.done(str(values["command"]), self.tr)),
            Cell(self._of_what(row)),
        )

    async def details(self, row: listing.Line) -> Content:
        values, tr = row.values, self.tr
        rows: list[tuple[str, str | Piece]] = [
            (tr(N_("Time")), display.clock_time(str(values["at"]), self.desk.clock.now())),
            (tr(N_("Who")), actor(str(values["actor"]), tr)),
            (tr(N_("What")), audit_telling.done(str(values["command"]), self.tr)),
        ]
        more: list[Piece] = ["\n"]
        for name, before, after in audit_telling.pairs(values["before"], values["after"], tr):
            if not before and not after:
                continue
            more += [(f"{name}\n", "$muted")]
            if before:
                more.append((f"  − {before}\n", "$error"))
            if after:
                more.append((f"  + {after}\n", "$success"))
        return card([(self._of_what(row), "bold")], rows, *more)

    def _of_what(self, row: Record) -> str:
        values = cast(listing.Line, row).values
        after = values["after"]
        kept = None if after is None else str(after)
        return audit_telling.of_what(str(values["subject"]), kept, self.tr)
