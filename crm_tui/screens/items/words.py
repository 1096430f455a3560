"""Kamus: words of the shop's customers that mean the same, beside those that all say."""

from collections.abc import Sequence
from typing import cast

from textual.content import Content

from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.shell import display
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.shell.page import once_a_time
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.screens.widgets.plain import Piece, content
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.gate import listing, undo
from crm_tui.shop.gate.stored_words import actor
from crm_tui.shop.items import lexicon
from crm_tui.shop.items.lexicon import SameWordsBad
from crm_tui.shop.items.lists import WORDS

ADD = Action(
    "words.add", "n", N_("New"), N_("Add words that mean the same"), command="items.add_words"
)
CHANGE = Action(
    "words.change", "u", N_("Change"), N_("Change the words of the row"),
    command="items.change_words",
)  # fmt: skip
REMOVE = Action(
    "words.remove", "delete", N_("Delete"), N_("Forget the row"), command="items.remove_words"
)


class WordsScreen(ListPage):
    """The shop's own rows of words, as the reading uses them."""

    needs = "items.edit"
    heading = N_("Word list")
    about = N_(
        "Words that your customers use for the same thing, a row each: laher, bearing. The program "
        "knows common ones by itself; here you teach it those of your town and your shop. They count "
        "from the next SMS on."
    )
    own = (ADD, CHANGE, REMOVE)
    topics = frozenset({"lexicon"})
    listed = WORDS
    subject = "words"
    columns = (
        Column(N_("Words that mean the same"), 24, flex=True),
        Column(N_("By"), 16, rank=1),
        Column(N_("Time"), 11, rank=2),
    )
    empty = {
        "": (
            N_("No words of your own yet"),
            N_("Press {words_add} and write what customers call it: laher, bearing"),
        )
    }

    def shape(self, row: Record) -> Sequence[Cell]:
        values = cast(listing.Line, row).values
        return (
            Cell(str(values["words"]), "strong"),
            Cell(actor(str(values["actor"]), self.tr), "dim"),
            Cell(display.clock_time(str(values["at"]), self.desk.clock.now()), "dim"),
        )

    async def details(self, row: listing.Line) -> Content:
        pieces: list[Piece] = [(self.tr(N_("Customers may write")), "$muted"), "\n"]
        for each in str(row.values["words"]).split(", "):
            pieces += [(f"  {each}", "bold"), "\n"]
        told = N_("All of them are read as the same thing, in every SMS and for every item.")
        return content(*pieces, "\n", (self.tr(told), "$muted"))

    def ready_for(self, action: Action) -> bool:
        if action is ADD:
            return True
        return super().ready_for(action) and self.current is not None

    def on_paged_list_chosen(self) -> None:
        self.perform(CHANGE)

    def _field(self, there: str) -> Field:
        help = self.tr(N_("Commas between; each is one to three words"))
        title = self.tr(N_("Words that mean the same"))
        return Field("words", title, help, there, errors=(SameWordsBad,))

    @once_a_time
    async def do_words_add(self) -> None:
        async def add(values: Values) -> object:
            return await self.desk.act(lexicon.add, [values["words"]])

        added = await self.ask_for(Form("words", self.tr(N_("New words")), [self._field("")], add))
        if added:
            self.notice(self.tr(N_("They count from the next SMS on.")))
            await self.rows.bring(added)

    @once_a_time
    async def do_words_change(self) -> None:
        row = self.current
        if row is None:
            return
        there = str(row.values["words"])

        async def change(values: Values) -> object:
            await self.desk.act(lexicon.change, row.id, [values["words"]])
            return True

        form = Form(f"words {row.id}", self.tr(N_("Change words")), [self._field(there)], change)
        if await self.ask_for(form):
            self.notice(self.tr(N_("They count from the next SMS on.")))
            self.look_again()

    @once_a_time
    async def do_words_remove(self) -> None:
        row = self.current
        if row is not None:
            await self.desk.act(lexicon.remove, row.id)
            told = N_("“{words}” is deleted; {key} brings it back within {minutes} minutes.")
            self.notice(
                self.tr(told, words=row.values["words"], key=self.undo_key, minutes=undo.MINUTES)
            )
            self.look_again()
