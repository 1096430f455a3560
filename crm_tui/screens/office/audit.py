"""Audit: who changed what, and when."""

import json
from collections.abc import Sequence
from typing import cast

from textual.content import Content

from crm_tui import actions
from crm_tui.errors import N_
from crm_tui.screens.shell import words
from crm_tui.screens.shell.asking import card
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.widgets.paged import Cell, Column
from crm_tui.screens.widgets.plain import Piece
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.gate import listing
from crm_tui.shop.gate.commands import FORMER
from crm_tui.shop.users.lists import AUDIT


class AuditScreen(ListPage):
    """Every change by a person, with what was there before."""

    needs = "audit.view"
    heading = N_("Audit")
    about = N_(
        "Nothing here can be changed. Press {list_search} to find a name, a code or a word; "
        "beside the list you read what was there before and after."
    )
    topics = frozenset({"users", "roles", "items", "stock", "customers", "sales", "settings"})
    listed = AUDIT
    columns = (
        Column(N_("Time"), 11),
        Column(N_("Who"), 12, flex=True),
        Column(N_("What"), 20),
        Column(N_("Of what"), 16, flex=True),
    )
    empty = {"": (N_("Nothing changed yet"), "")}

    def shape(self, row: Record) -> Sequence[Cell]:
        values = cast(listing.Line, row).values
        return (
            Cell(words.clock_time(str(values["at"]), self.desk.clock.now()), "dim"),
            Cell(str(values["actor"]), "strong"),
            Cell(self._done(str(values["command"]))),
            Cell(str(values["subject"])),
        )

    def _done(self, command: str) -> str:
        """What a command does, in the words of its key's label."""
        now = FORMER.get(command, command)
        for action in actions.ALL.values():
            if action.command == now:
                return self.tr(action.label)
        return command

    async def details(self, row: listing.Line) -> Content:
        values, tr = row.values, self.tr
        rows: list[tuple[str, str | Piece]] = [
            (tr(N_("Time")), words.clock_time(str(values["at"]), self.desk.clock.now())),
            (tr(N_("Who")), str(values["actor"])),
            (tr(N_("What")), self._done(str(values["command"]))),
            ("", (str(values["command"]), "$faint")),
        ]
        before = json.loads(str(values["before"] or "{}"))
        after = json.loads(str(values["after"] or "{}"))
        more: list[Piece] = ["\n"]
        for name in dict.fromkeys((*before, *after)):
            more += [(f"{name}\n", "$muted")]
            if name in before:
                more.append((f"  − {_shown(before[name])}\n", "$error"))
            if name in after:
                more.append((f"  + {_shown(after[name])}\n", "$success"))
        return card([(str(values["subject"]), "bold")], rows, *more)


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
