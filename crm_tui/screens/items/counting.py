"""Stock opname: counting the shelves while sales go on, and writing the differences into the books."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from textual.content import Content

from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import card, parse_quantity, sure
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.shell.page import once_a_time
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.screens.widgets.plain import Piece
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.gate import folder, listing
from crm_tui.shop.gate.errors import BadQuantity
from crm_tui.shop.gate.stored_words import actor
from crm_tui.shop.items import counting, lists
from crm_tui.shop.items.errors import CategoryUnknown

BEGIN = Action(
    "counts.begin", "n", N_("New count"), N_("Start a count: everything, or one category"),
    command="items.begin_count",
    done=N_("The new count has begun."),
)  # fmt: skip
COUNT = Action(
    "counts.count", "enter", N_("Counted"), N_("Enter how many are on the shelf"),
    command="items.count",
    done=N_("{row} is counted."),
)  # fmt: skip
POST = Action(
    "counts.post", "b", N_("Post"), N_("Write the differences into the books and finish the count"),
    command="items.post_count",
)  # fmt: skip
SHEET = Action(
    "counts.sheet", "c", N_("Sheet"), N_("Save what is left to count in a file to print"),
    permission="stock.correct",
)  # fmt: skip
FORGET = Action(
    "counts.forget", "x", N_("Not counted"), N_("Undo the count of this item"),
    command="items.count", shown=False,
    done=N_("{row} is not counted any more."),
)  # fmt: skip
DROP = Action(
    "counts.drop", "delete", N_("Drop"), N_("End the count and leave the books as they are"),
    command="items.drop_count",
    done=N_("The count is dropped; the books are as they were."),
)  # fmt: skip


class CountScreen(ListPage):
    """What is not counted yet, what was, and where books and shelves differ."""

    needs = "items.view"
    heading = N_("Counting the shelves")
    about = N_(
        "Find the item with {list_search} or by its barcode, press Enter and type how many there "
        "are. Sales may go on: your count is compared with the books of that moment. "
        "{counts_post} writes the differences."
    )
    own = (BEGIN, COUNT, POST, SHEET, FORGET, DROP)
    topics = frozenset({"counts", "items"})
    listed = lists.COUNT
    columns = (
        Column(N_("Code"), 12),
        Column(N_("Name"), 16, flex=True),
        Column(N_("Category"), 10, rank=3),
        Column(N_("Books"), 7, align="right"),
        Column(N_("Counted"), 8, align="right"),
        Column(N_("Diff."), 7, align="right"),
    )
    empty = {
        "open": (
            N_("Nothing left to count"),
            N_("→ shows what was counted; {counts_begin} begins a new count."),
        ),
        "counted": (
            N_("Nothing counted yet"),
            N_("Press Enter on an item and type how many there are."),
        ),
        "differs": (N_("Books and shelves agree"), N_("Differences appear here.")),
    }

    under_way = empty | {
        "open": (
            N_("All is counted"),
            N_(
                "{counts_post} writes the differences into the books; {counts_drop} drops the count."
            ),
        )
    }

    def __init__(self) -> None:
        super().__init__()
        self._view = replace(self._view, given={"count": 0, "category": ""})
        self._count: counting.Count | None = None

    def title_text(self) -> str:
        if self._count is None:
            return self.tr(self.heading)
        return self.tr(
            N_("Count: {counted} of {items}, {differences} differ"), counted=self._count.counted,
            items=self._count.items, differences=self._count.differences,
        )  # fmt: skip

    async def show(self) -> None:
        self._count = await self.desk.ask(counting.count_under_way)
        parameters: dict[str, str | int] = {"count": 0, "category": ""}
        if self._count is not None:
            parameters = {"count": self._count.id, "category": self._count.category}
        # There is no new count to begin while one goes on.
        self.empty = type(self).empty if self._count is None else self.under_way
        if parameters != self._view.given:
            self.look_at(replace(self._view, given=parameters))
        else:
            await super().show()
        self.draw_frame()

    def shape(self, row: Record) -> Sequence[Cell]:
        values = cast(listing.Line, row).values
        counted = values["counted"]
        books = int(values["on_hand" if counted is None else "expected"] or 0)
        difference = 0 if counted is None else int(counted) - books
        return (
            Cell(str(values["code"]), "strong"),
            Cell(str(values["name"])),
            Cell(str(values["category"] or ""), "dim"),
            Cell(display.thousands(books), "dim"),
            Cell("" if counted is None else display.thousands(int(counted))),
            Cell(f"{difference:+}" if difference else "", "bad" if difference < 0 else "due"),
        )

    async def details(self, row: listing.Line) -> Content:
        values, tr = row.values, self.tr
        at = values["counted_at"]
        counted = "" if values["counted"] is None else display.thousands(int(values["counted"]))
        rows: list[tuple[str, str | Piece]] = [
            (tr(N_("Books now")), f"{display.thousands(int(values['on_hand'] or 0))} {values['unit']}"),
            (tr(N_("Counted")), (counted, "bold")),
            (tr(N_("At")), display.clock_time(str(at), self.desk.clock.now()) if at else ""),
            (tr(N_("By")), actor(str(values["counted_by"] or ""), tr)),
            (tr(N_("Category")), str(values["category"] or "")),
            (tr(N_("Barcode")), str(values["barcode"] or "")),
        ]  # fmt: skip
        return card([(str(values["code"]), "bold"), f"  {values['name']}"], rows)

    def ready_for(self, action: Action) -> bool:
        if action is BEGIN:
            return self._count is None
        if self._count is None:
            return action not in self.own
        if action in (POST, DROP, SHEET):
            return action is not POST or bool(self._count.counted)
        row = self.current
        if action is FORGET and (row is None or row.values["counted"] is None):
            return False
        return super().ready_for(action)

    def on_paged_list_chosen(self) -> None:
        self.perform(COUNT)

    @once_a_time
    async def do_counts_begin(self) -> None:
        async def begin(values: Values) -> object:
            return await self.desk.act(
                counting.begin_count, values["category"].strip(), values["note"]
            )

        fields = [
            Field("category", self.tr(N_("Category")), self.tr(N_("↑ ↓ choose; empty: all items")),
                  usual=await self.desk.ask(counting.categories), errors=(CategoryUnknown,)),
            Field("note", self.tr(N_("Note"))),
        ]  # fmt: skip
        title = self.tr(N_("What is counted?"))
        if await self.ask_for(Form("count", title, fields, begin, done=N_("Begin"))):
            self.look_again()

    @once_a_time
    async def do_counts_count(self) -> None:
        row, count = self.current, self._count
        if row is None or count is None:
            return

        async def write(values: Values) -> object:
            there = parse_quantity(values["there"])
            await self.desk.act(counting.count, count.id, row.id, there)
            return True

        before = row.values["counted"]
        field = Field(
            "there", self.tr(N_("How many are on the shelf")), str(row.values["unit"]),
            "" if before is None else str(before), errors=(BadQuantity,), digits=7,
        )  # fmt: skip
        title = f"{row.values['code']}  {row.values['name']}"
        if await self.ask_for(Form(f"counted {row.id}", title, [field], write)):
            if self.search_box.display:
                # On to the next one: a scanner types it and Enter.
                self.search_box.value = ""
                self.search_box.focus()
            self.look_again()

    @once_a_time
    async def do_counts_forget(self) -> None:
        row, count = self.current, self._count
        if row is not None and count is not None:
            await self.desk.act(counting.count, count.id, row.id, None)
            self.look_again()

    @once_a_time
    async def do_counts_post(self) -> None:
        count = await self.desk.ask(counting.count_under_way)
        if count is None:
            return
        question = self.tr(N_("Write {count} differences into the books?"), count=count.differences)
        left = count.items - count.counted
        detail = (
            self.tr(N_("{count} items were not counted; they stay as they are."), count=left)
            if left > 0
            else self.tr(N_("Everything was counted."))
        )
        if await sure(self, question, detail, self.tr(N_("Post"))):
            await self.desk.act(counting.post_count, count.id)
            self.notice(self.tr(N_("The count is in the books.")))
            self.look_again()

    @once_a_time
    async def do_counts_drop(self) -> None:
        count = self._count
        if count is None:
            return
        question = self.tr(N_("Discard the count?"))
        detail = self.tr(N_("{count} items were counted already."), count=count.counted)
        if await sure(self, question, detail, self.tr(N_("Discard"))):
            await self.desk.act(counting.drop_count, count.id)
            self.look_again()

    @once_a_time
    async def do_counts_sheet(self) -> None:
        count = self._count
        if count is None:
            return
        heading = self.tr(N_("Counting the shelves"))
        begun = self.tr(
            N_("started {at} by {actor}"), actor=actor(count.actor, self.tr),
            at=display.clock_time(count.started_at, self.desk.clock.now()),
        )  # fmt: skip
        sheet = await self.desk.ask(counting.sheet, count.id)
        name = f"opname-{count.id}.txt"
        path = await self.desk.take_time(folder.save, name, f"{heading}\n{begun}\n{sheet}")
        self.notice(self.tr(N_("Written: {file}"), file=path))
