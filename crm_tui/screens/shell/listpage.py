"""A screen with a long list: parts as tabs, search as you type, sorting, details beside it."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Input

from crm_tui import actions
from crm_tui.actions import Action
from crm_tui.desk import Unforeseen
from crm_tui.errors import N_, Problem
from crm_tui.screens.shell import display
from crm_tui.screens.shell.listed import ListingSource
from crm_tui.screens.shell.page import Page
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.details import Details, DetailsText
from crm_tui.screens.widgets.dialog import HEIGHTS
from crm_tui.screens.widgets.line import Field, Line
from crm_tui.screens.widgets.paged import PagedList
from crm_tui.screens.widgets.plain import Plain
from crm_tui.screens.widgets.tasks import beside
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.gate import conflicts, listing
from crm_tui.shop.gate.errors import Overtaken
from crm_tui.shop.gate.listing import Listing, View
from crm_tui.shop.gate.stored_words import actor

log = logging.getLogger(__name__)

SEARCH = Action("list.search", "slash", N_("Search"), N_("Search as you type; Esc ends it"))
SORT = Action("list.sort", "s", N_("Sort"), N_("Sort in another way"), shown=False)
NEXT = Action(
    "list.next", "right", N_("Next part"), N_("The next part of the list (above it)"), shown=False
)
PREVIOUS = Action(
    "list.previous", "left", N_("Previous part"), N_("The previous part"), shown=False
)


MORE = Action(
    "list.more", "space", N_("Read on"),
    N_("Scroll the text beside the list; at its end, back to the top"),
    shown=False,
)  # fmt: skip

STEADY_SECONDS = 0.6
"""So long must a row have been under the cursor, if nobody moved it there, before it is acted on."""


class ListPage(Page):
    """`listed` is its list; `shape` makes cells of a row, `details` the text beside it."""

    listed: Listing
    columns: tuple[Column, ...]
    empty: dict[str, tuple[str, str]] = {}
    """For each part: that there is nothing, and what to do then. "" for any other."""

    subject: ClassVar[str] = ""
    """What the audit calls a row, before its key; "" where it knows it by no key."""

    beside_cells: ClassVar[int] = 46
    """Cells that details need to stand beside the list; where they have fewer they stand below it."""
    VERTICAL_BREAKPOINTS = HEIGHTS

    @classmethod
    def all_actions(cls) -> tuple[Action, ...]:
        return (*cls.own, actions.BACK, SEARCH, SORT, NEXT, PREVIOUS, MORE, *actions.EVERYWHERE)

    def __init__(self, part: str = "", search: str = "") -> None:
        """Begins with a part of the list, the first one if none is named, and with a search."""
        super().__init__()
        self._first_search = search
        self.add_class("-reading")
        self._tells_nothing = type(self).details is ListPage.details
        self.set_class(self._tells_nothing, "-alone")
        part = part or next(iter(self.listed.parts))
        self._view = View(self._usual_sort(part), part)
        self._sorted = False
        """Whether somebody has chosen how it is sorted."""
        self._details_of: int | None = None
        self._steady_at = 0.0
        self._gone: listing.Line | None = None
        """The row that went from under the cursor though nobody moved it."""
        self._seen_row: listing.Line | None = None
        self._as_if_steady = False

    def _usual_sort(self, part: str) -> str:
        return self.listed.parts[part].sort or next(iter(self.listed.sorts))

    def last_keys(self) -> tuple[Action, ...]:
        return (SEARCH, actions.BACK, actions.TELEPHONE, actions.HELP)

    def body(self) -> ComposeResult:
        yield Plain("", id="tabs")
        yield Line(Field("search", ""), "")
        with Container(id="split"):
            yield PagedList((), self.shape, id="list")
            with Details(id="details"):
                with Vertical():
                    yield DetailsText(id="details-text")
                yield Plain("", id="details-more")

    def on_mount(self) -> None:
        self.rows.widened = self._place_details
        self.search_box.display = bool(self._first_search)
        self.rows.focus()
        if self._first_search:
            self.search_box.value = self._first_search
        else:
            self.beside(self._use)

    @property
    def rows(self) -> PagedList:
        return self.query_one("#list", PagedList)

    @property
    def search_box(self) -> Line:
        return self.query_one("#field-search", Line)

    @property
    def current(self) -> listing.Line | None:
        """The row under the cursor."""
        return cast("listing.Line | None", self.rows.current)

    @property
    def row_called(self) -> str:
        return self.called(self.current) if self.current is not None else ""

    def called(self, row: listing.Line) -> str:
        """What people call a row: its code, or its name."""
        values = row.values
        return str(values.get("code") or values.get("name") or "")

    def offers(self, action: Action) -> bool:
        if action is SORT:
            return len(self.listed.sorts) > 1
        if action in (NEXT, PREVIOUS):
            return len(self.listed.parts) > 1
        return super().offers(action)

    # ── what a list of its own says ───────────────────────────────────────────────────────────

    def shape(self, row: Record) -> Sequence[Cell]:
        """The cells of a row."""
        raise NotImplementedError

    async def details(self, row: listing.Line) -> Content:
        """The text beside the list about the row under the cursor."""
        return Content("")

    @property
    def details_width(self) -> int:
        """How many cells a line beside the list has."""
        # Without the room of the scrollbar.
        return self.query_one("#details").content_size.width - 1

    @on(events.Resize)
    def _place_details(self) -> None:
        """Where list and details would not both have room side by side, they stand one on the other;
        where nothing is told beside the rows, or there is none, the list has all the room."""
        if self.rows.settled:
            self.remove_class("-reading")
            self.set_class(self._tells_nothing or self.rows.is_empty, "-alone")
        self.set_class(self.rows.natural_width > self.size.width - self.beside_cells, "-stacked")

    def more_text(self, hidden: int, lines: int) -> str:
        """What the last line of the details says when `lines` are not all seen, from `hidden` on."""
        return self.tr(N_("… {count} more lines"), count=lines - hidden)

    @on(Details.Seen)
    def _say_more(self) -> None:
        if not self.query("#details-more"):
            return
        hidden, lines = self.query_one(Details).seen
        more = self.query_one("#details-more", Plain)
        more.display = hidden < lines
        if hidden < lines:
            key = dict(self.crm.keyed([MORE]))[MORE]
            more.show(f"{self.more_text(hidden, lines)} ({self.tr(actions.key_name(key))})")

    @on(Details.Resized)
    def _resized(self) -> None:
        self._draw_details()

    # ── part, search, sort ──────────────────────────────────────────────────────────────────

    def draw_frame(self) -> None:
        super().draw_frame()
        self.rows.show_columns(
            [replace(each, heading=self.tr(each.heading)) for each in self.columns]
        )
        empty = self.empty.get(self._view.part, self.empty.get("", ("", "")))
        if self._view.search:
            empty = (N_("Nothing found"), N_("Type less or something else; Esc ends the search."))
        told = self.tr(empty[1], **self.crm.key_names()) if "{" in empty[1] else self.tr(empty[1])
        self.rows.explain((self.tr(empty[0]), told), self._position)
        self._draw_tabs()

    def _draw_tabs(self) -> None:
        if len(self.listed.parts) < 2:
            self.query_one("#tabs").display = False
            return
        parts: list[tuple[str, str]] = []
        for name, each in self.listed.parts.items():
            chosen = name == self._view.part
            style = "bold $foreground on $panel" if chosen else "$muted"
            parts += [(f" {self.tr(each.label)} ", style), (" ", "")]
        sort = self.listed.sorts[self._view.sort]
        if len(self.listed.sorts) > 1:
            key = dict(self.crm.keyed([SORT]))[SORT]
            parts += [(f"  {actions.key_name(key)} ", "$accent"), (self.tr(sort.label), "$faint")]
        self.query_one("#tabs", Plain).show(Content.assemble(*parts))

    def _position(self, first: int, last: int, total: int | None, news: int) -> str:
        position = ""
        if total is not None:
            last = min(last, total)
            position = self.tr(
                N_("{first}–{last} of {total}"), first=display.thousands(first),
                last=display.thousands(last), total=display.thousands(total),
            )  # fmt: skip
        if news:
            position += "  " + self.tr(N_("▲ {count} new (Home)"), count=news)
        return position

    async def _use(self) -> None:
        """Show the list from its beginning, with the view of now."""
        await self.rows.use(ListingSource(self.desk, self.listed, self._view))

    def look_at(self, view: View) -> None:
        """Show the list in another way."""
        self._view = view
        self._gone = self._seen_row = None
        self.draw_frame()
        beside(self, partial(self.guarded, self._use), group="use", exclusive=True)

    def do_list_sort(self) -> None:
        names = list(self.listed.sorts)
        after = names[(names.index(self._view.sort) + 1) % len(names)]
        self._sorted = True
        self.look_at(replace(self._view, sort=after))

    def do_list_next(self) -> None:
        self._turn(1)

    def do_list_previous(self) -> None:
        self._turn(-1)

    def _turn(self, steps: int) -> None:
        names = list(self.listed.parts)
        after = names[(names.index(self._view.part) + steps) % len(names)]
        sort = self._view.sort if self._sorted else self._usual_sort(after)
        self.look_at(replace(self._view, part=after, sort=sort))

    def do_list_more(self) -> None:
        pane = self.query_one("#details", Details)
        if pane.scroll_offset.y >= pane.max_scroll_y:
            pane.scroll_home(animate=False)
        else:
            pane.scroll_page_down(animate=False)

    def do_list_search(self) -> None:
        self.search_box.display = True
        self.search_box.focus()

    @on(Input.Changed, "#field-search")
    def _searched(self, event: Input.Changed) -> None:
        event.stop()
        self.look_at(replace(self._view, search=event.value))

    @on(Input.Submitted, "#field-search")
    def _search_entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.rows.focus()

    def on_key(self, event: events.Key) -> None:
        if self.search_box.has_focus and event.key in ("down", "up"):
            # The arrow keys go on into the rows.
            self.rows.focus()
            event.stop()

    def do_app_back(self) -> None:
        if self.search_box.display:
            self.search_box.display = False
            self.search_box.value = ""
            self.rows.focus()
        else:
            self.dismiss(None)

    # ── live ──────────────────────────────────────────────────────────────────────────────────

    async def show(self) -> None:
        await self.rows.look_again()

    def ready_for(self, action: Action) -> bool:
        # A key that is pressed twice, or held, must not decide about the row that came up after it;
        # nor about one whose details nobody has seen.
        return not action.command or (self.current is not None and self._steady)

    def draw_keys(self) -> None:
        # They are there with the row; that it counts only when it was seen makes none come and go.
        self._as_if_steady = True
        try:
            super().draw_keys()
        finally:
            self._as_if_steady = False

    @property
    def _steady(self) -> bool:
        """Whether the row under the cursor, and its details, have been seen."""
        return self._as_if_steady or (
            self.rows.settled
            and self.current is not None
            and self._details_of == self.current.id
            and asyncio.get_running_loop().time() >= self._steady_at
        )

    def refusal(self, action: Action) -> str:
        if self.current is None:
            return self.tr(N_("{what}: the list is empty."), what=self.tr(action.label))
        if action.command and not self._steady:
            # What the first of two quick presses did is said there already.
            moved = N_("The list has just changed. Look at it, then press again.")
            return "" if self.noticing and action is self._doing else self.tr(moved)
        return self.tr(N_("{what}: not possible with this one."), what=self.tr(action.label))

    async def why_not(self, action: Action) -> str:
        """Of a row that went while one was about to press: what became of it, and by whose hand."""
        told = self.refusal(action)
        if self._gone is not None and told and not self._steady:
            return await self.became_of(self._gone) or told
        return told

    async def became_of(self, row: listing.Line) -> str:
        """What somebody else has just done to a row; "" if nobody did."""
        from crm_tui.shop.users import audit_telling

        name = self.subject_of(row)
        deed = await self.desk.ask(conflicts.by_another, name) if name else None
        return self.tell_deed(audit_telling.subject(name, self.tr), deed)

    def tell_deed(self, name: str, deed: conflicts.Deed | None) -> str:
        """What somebody else has done to what is called so; "" for nothing."""
        from crm_tui.shop.users import audit_telling

        if deed is None:
            return ""
        return self.tr(
            N_("{who} was quicker: {subject}, {done}."), who=actor(deed.who, self.tr),
            subject=name, done=audit_telling.done(deed.command, self.tr),
        )  # fmt: skip

    def subject_of(self, row: listing.Line) -> str:
        """What the audit calls a row; "" if it does not know it."""
        return f"{self.subject} {row.id}" if self.subject else ""

    async def behind(self, problem: Problem) -> str:
        row = self.current
        if row is None or not isinstance(problem, Overtaken):
            return ""
        became = await self.became_of(row)
        return f" {became}" if became else ""

    @on(PagedList.Moved)
    def _moved(self, message: PagedList.Moved) -> None:
        row = cast("listing.Line | None", message.row)
        if self._seen_row is not None and (row is None or message.slipped):
            self._gone = self._seen_row
        elif row is not None and (self._seen_row is None or row.id != self._seen_row.id):
            self._gone = None
        self._seen_row = row
        if message.row is None or message.row.id != self._details_of:
            # Whatever was seen of a row before, its details are seen anew before it is acted on.
            self._details_of = None
        if message.slipped:
            self._steady_at = asyncio.get_running_loop().time() + STEADY_SECONDS
        self.draw_keys()
        self._draw_details()

    def _draw_details(self) -> None:
        beside(self, self._show_details, group="details", exclusive=True)

    def _no_details(self, problem: Problem) -> None:
        """Nothing of another row stays beside the one under the cursor."""
        self._details_of = None
        self.query_one("#details-text", Plain).show(Content(""))
        self.notice(self.crm.say(problem), bad=True)
        self.draw_frame()

    async def _show_details(self) -> None:
        row = self.current
        try:
            details = Content("") if row is None else await self.details(row)
        except Problem as problem:
            self._no_details(problem)
            return
        except Exception:
            log.exception("the details of %s failed", self)
            self._no_details(Unforeseen())
            return
        if row is not self.current:
            return
        self.query_one("#details-text", Plain).show(details)
        self.call_after_refresh(self._say_more)
        number = row.id if row else None
        if number != self._details_of:
            self._details_of = number
            self.query_one("#details").scroll_home(animate=False)
        self.draw_frame()
