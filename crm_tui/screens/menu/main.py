"""The main menu: where to go, with figures that say where work waits; worth leaving open."""

from collections.abc import Mapping, Sequence
from functools import partial
from textwrap import wrap
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from crm_tui import actions
from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.practice import lessons
from crm_tui.screens.menu.entries import ENTRIES, Entry
from crm_tui.screens.shell import display
from crm_tui.screens.shell.bubbles import tick
from crm_tui.screens.shell.page import Page, once_a_time
from crm_tui.screens.shell.plots import Hours, HoursPlot
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.screens.widgets.options import Options
from crm_tui.screens.widgets.paged import PagedList
from crm_tui.screens.widgets.plain import Piece, Plain, content
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.gate.listing import Line, View
from crm_tui.shop.messages.lists import NEWEST
from crm_tui.shop.overview import dashboard
from crm_tui.shop.users import accounts
from crm_tui.shop.users.errors import BadPin, PinsDiffer, WrongOldPassword

WEEKDAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"),
    N_("Sunday"),
)  # fmt: skip

PASSWORD = Action(
    "users.password", "s", N_("Change password"), N_("Change your own password"),
    command="users.change_password", shown=False,
)  # fmt: skip
PIN = Action(
    "users.pin", "p", N_("My PIN"), N_("Choose a PIN: quicker than the password"),
    command="users.pin", shown=False,
)  # fmt: skip
SIGN_OUT = Action(
    "users.leave", "q", N_("Sign out"), N_("Sign out, so that somebody else signs in"),
    command="users.leave",
)  # fmt: skip

_LESSON_WIDTH = 29
_BESIDE = 60
"""Columns from which on something stands beside the entries."""


class MenuScreen(Page):
    """Menu on the left; today's SMS and the newest ones on the right."""

    heading = N_("Main menu")
    about = N_(
        "The figures beside the entries count what is waiting for you. Press the number of an "
        "entry, or choose it with ↑ ↓ and Enter."
    )
    own: ClassVar[tuple[Action, ...]] = (
        *(entry.action for entry in ENTRIES),
        PASSWORD,
        PIN,
        SIGN_OUT,
    )
    topics = frozenset({"orders", "messages", "settings", "sales", "stock", "items"})
    columns = (
        Column("", 5),
        Column("", 2),
        Column("", 10, flex=True),
        Column("", 14, flex=True),
    )

    _lessons_high = 0
    """Lines that the lessons take."""

    def body(self) -> ComposeResult:
        with Container(id="menu"):
            with Vertical(id="menu-left"):
                yield Options(id="entries", markup=False)
                yield Plain("", id="lessons")
            with Vertical(id="menu-right"):
                yield Plain("", id="unpaid")
                yield Plain("", id="hours-title", classes="panel-title")
                yield HoursPlot("", id="hours")
                yield Plain("", id="takings-title", classes="panel-title")
                yield HoursPlot("", id="takings")
                yield Plain("", id="newest-title", classes="panel-title")
                newest = PagedList(self.columns, self._shape, id="newest")
                newest.can_focus = False
                yield newest
                yield Plain("", id="spared")
                yield Plain("", id="lesson")

    def on_mount(self) -> None:
        self.query_one("#entries").focus()

    def on_resize(self) -> None:
        # Beside the entries nothing can be read in a few columns.
        self.query_one("#menu-right").display = self.size.width >= _BESIDE
        self._draw_entries()
        self.call_after_refresh(self._place_lessons)

    def last_keys(self) -> tuple[Action, ...]:
        return (actions.TELEPHONE, actions.LOCK, actions.PALETTE, actions.QUIT, actions.HELP)

    def entries(self) -> Sequence[Entry]:
        """The entries that the user may open."""
        return [entry for entry in ENTRIES if self.offers(entry.action)]

    def _there(self, action: Action) -> bool:
        """Whether this shop has what the action opens."""
        figures = self.crm.figures
        return all(each.there(figures) for each in ENTRIES if each.action == action)

    def offers(self, action: Action) -> bool:
        return self._there(action) and super().offers(action)

    def _shape(self, row: Record) -> Sequence[Cell]:
        assert isinstance(row, Line)
        values = row.values
        incoming = values["direction"] == "in"
        waits = values["status"] == "staff"
        gone = values["status"] in ("cancelled", "expired", "failed")
        return (
            Cell(display.clock_time(str(values["at"]), self.desk.clock.now())[-5:], "dim"),
            Cell("◂" if incoming else tick(str(values["status"])), "due" if waits else "dim"),
            Cell(display.who(str(values["customer"] or ""), str(values["phone"])), "strong"),
            Cell(str(values["text"]), "due" if waits else "dim" if gone else ""),
        )

    # ── drawing ───────────────────────────────────────────────────────────────────────────────

    def draw_frame(self) -> None:
        super().draw_frame()
        self._draw_entries()
        self._draw_unpaid()
        self.query_one("#hours-title", Plain).show(self.tr(N_("SMS today, by the hour")))
        self.query_one("#newest-title", Plain).show(self.tr(N_("Newest SMS")))
        self.query_one("#newest", PagedList).explain(
            (self.tr(N_("No SMS has come in yet")), ""), lambda first, last, total, news: ""
        )

    def _draw_entries(self) -> None:
        figures = self.crm.figures
        if figures is None:
            return
        options = self.query_one("#entries", OptionList)
        marked = options.highlighted or 0
        shown: list[Option | None] = []
        group = ""
        keys = dict(self.crm.keyed(self.own))
        entries = self.entries()
        lines = len(entries) + len({entry.group for entry in entries})
        # The names of the groups go where there is no room for them.
        height = self.query_one("#menu-left").size.height or self.app.size.height - 3
        grouped = lines <= height
        everything = entries
        for spare in (1, 2):
            if len(entries) > height:
                entries = [entry for entry in entries if entry.spare != spare]
        self._draw_spared([entry for entry in everything if entry not in entries], keys)
        for entry in entries:
            if entry.group != group and grouped:
                group = entry.group
                shown.append(Option(content((self.tr(group), "$muted")), disabled=True))
            due, count = entry.due(figures), entry.count(figures)
            figure = (f"{due}", "$accent bold") if due else (f"{count}" if count else "", "$muted")
            label = self.tr(entry.action.label)
            key = actions.key_name(keys[entry.action])
            shown.append(
                Option(
                    content((f" {key} ", "bold $primary"), f" {label:<22}", figure),
                    id=entry.action.name,
                )
            )
        options.set_options(shown)
        first = next((place for place, each in enumerate(shown) if each and not each.disabled), 0)
        options.highlighted = marked if marked and marked < len(shown) else first

    def _draw_spared(self, spared: Sequence[Entry], keys: Mapping[Action, str]) -> None:
        """Beside them, the entries for which there was no room among the others."""
        line = self.query_one("#spared", Plain)
        line.display = bool(spared)
        room = self.query_one("#menu-right").content_size.width
        told: list[Piece] = []
        used = 0
        for entry in spared:
            key, label = actions.key_name(keys[entry.action]), f" {self.tr(entry.action.label)}  "
            wide = cell_len(key + label)
            # A key and its words stay on one line.
            told += ["\n"] * (0 < used > room - wide)
            used = wide if used > room - wide else used + wide
            told += [(key, "bold $primary"), label]
        line.show(content(*told))

    def _draw_unpaid(self) -> None:
        """The sale that was left open, and those that were put aside, with the key that goes on."""
        figures, line = self.crm.figures, self.query_one("#unpaid", Plain)
        told = []
        if figures is not None and figures.unpaid:
            told.append(self.tr(N_("Not paid yet: {count} items"), count=figures.unpaid))
        if figures is not None and figures.parked:
            told.append(self.tr(N_("{count} put aside"), count=figures.parked))
        till = next(each.action for each in ENTRIES if each.action.name == "menu.till")
        line.display = bool(told) and self.offers(till)
        if line.display:
            key = actions.key_name(dict(self.crm.keyed([till]))[till])
            line.show(content((f"{key}  ", "bold $primary"), " · ".join(told)))

    async def show(self) -> None:
        self._draw_entries()
        await self._show_messages()
        await self._show_takings()

        if self.crm.practice is not None:
            self._draw_lessons(await self.desk.ask(lessons.done))

    async def _show_messages(self) -> None:
        """SMS by the hour and the newest ones, for users who may see them."""
        seen = self.desk.may("messages.view")
        for each in ("#hours-title", "#hours", "#newest-title", "#newest"):
            self.query_one(each).display = seen
        if not seen:
            return
        hours = await self.desk.ask(dashboard.hours)
        names = (self.tr(N_("in")), self.tr(N_("out")))
        self.query_one("#hours", HoursPlot).draw(Hours((hours.came, hours.went), names))
        from crm_tui.screens.shell.listed import ListingSource

        newest = self.query_one("#newest", PagedList)
        await newest.use(ListingSource(self.desk, NEWEST, View("newest", "all")))

    async def _show_takings(self) -> None:
        """What is sold today against the same weekday, and what is owed, for users who see reports."""
        title, plot = self.query_one("#takings-title", Plain), self.query_one("#takings", HoursPlot)
        title.display = plot.display = self.desk.may("reports.view")
        if not title.display:
            return
        takings = await self.desk.ask(dashboard.takings)
        day = self.tr(WEEKDAYS[self.desk.clock.now().astimezone().weekday()])
        short = partial(display.short_rupiah, self.tr)
        rupiah = display.rupiah if self.has_class("-wide") else short
        before = N_("last {day} by now") if self.has_class("-wide") else N_("last {day}")
        sold = content(
            (self.tr(N_("Sold today")) + " ", "$muted"), (rupiah(sum(takings.today)), "bold")
        )
        then = content(
            ("  " + self.tr(before, day=day) + " ", "$muted"), rupiah(takings.by_now)
        ) if takings.by_now is not None else content()  # fmt: skip
        owed = content(
            ("  " + self.tr(N_("owed")) + " ", "$muted"), (rupiah(takings.owed), "$accent")
        ) if takings.owed else content()  # fmt: skip
        # Half a figure is none: where not all has room, what was before stands in the reports.
        room = self.query_one("#menu-right").scrollable_content_region.width
        told = sold + then + owed
        title.show(told if told.cell_length <= room else sold + owed)
        names = (self.tr(N_("today")), self.tr(N_("last {day}"), day=day))
        plot.draw(Hours((takings.today, takings.before), names, short))

    def _draw_lessons(self, done: Sequence[bool]) -> None:
        """The next lesson and how it is done; all of them below the menu, where they fit."""
        following = next((place for place, each in enumerate(done) if not each), None)
        told = self.tr(N_("Lessons: {done} of {count}"), done=sum(done), count=len(done))
        pieces: list[Piece] = [(told, "$muted")]
        if following is None:
            how = self.tr(N_("All done! Your own shop opens with: crm-tui"))
        else:
            lesson = lessons.LESSONS[following]
            pieces += ["\n▸ ", (self.tr(lesson.title), "bold")]
            how = self.tr(lesson.how, **self.crm.key_names())
        strip = self.query_one("#lesson", Plain)
        strip.display = True
        strip.show(content(*pieces, "\n", (how, "$accent")))
        lines: list[Piece] = []
        for place, (lesson, ticked) in enumerate(zip(lessons.LESSONS, done, strict=True)):
            mark, style = ("✓", "$success") if ticked else ("·", "$muted")
            if place == following:
                mark, style = "▸", "bold"
            for number, line in enumerate(wrap(self.tr(lesson.title), _LESSON_WIDTH)):
                lines += [(f" {' ' if number else mark} {line}", style), "\n"]
        self.query_one("#lessons", Plain).show(content(*lines[:-1]))
        self._lessons_high = len(lines) // 2
        self._place_lessons()

    def _place_lessons(self) -> None:
        """All lessons stand there whole, or not at all."""
        options = self.query_one("#entries", OptionList)
        room = self.query_one("#menu-left").size.height - options.option_count
        self.query_one("#lessons").display = 0 < self._lessons_high < room

    # ── actions ───────────────────────────────────────────────────────────────────────────────

    @on(OptionList.OptionSelected, "#entries")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        if event.option_id:
            self.perform(actions.ALL[event.option_id])

    async def _open(self, name: str) -> None:
        entry = next(each for each in ENTRIES if each.action.name == name)
        known = len(actions.ALL)
        page = entry.open(self.crm.figures)
        if len(actions.ALL) > known:
            # It was loaded now: the setting may have other keys for what it can do.
            await self.crm.learn_settings()
        await self.app.push_screen(page)

    def perform(self, action: Action) -> None:
        if action.name.startswith("menu.") and self.offers(action):
            self.beside(partial(self._open, action.name))
        elif self._there(action):
            super().perform(action)

    @once_a_time
    async def do_users_password(self) -> None:
        from crm_tui.screens.door.password import own_password

        if await self.ask_for(own_password(self)):
            self.notice(self.tr(N_("From now on the new password is the one to use.")))

    @once_a_time
    async def do_users_pin(self) -> None:
        said = [N_("The PIN is stored.")]

        async def choose(values: Values) -> object:
            if values["pin"] != values["again"]:
                raise PinsDiffer()
            await self.desk.act(accounts.choose_pin, values["password"], values["pin"])
            if not values["pin"]:
                said[0] = N_("The PIN is removed.")
            return True

        fields = [
            Field(
                "password", self.tr(N_("Your password")), errors=(WrongOldPassword,), secret=True,
            ),
            Field(
                "pin", self.tr(N_("PIN")),
                self.tr(N_("4 to 8 digits; empty removes it. It works once you have typed your "
                           "password that day.")),
                errors=(BadPin,), secret=True, digits=8,
            ),
            Field(
                "again", self.tr(N_("The same again")), errors=(PinsDiffer,), secret=True,
                digits=8,
            ),
        ]  # fmt: skip
        if await self.ask_for(Form("pin", self.tr(N_("My PIN")), fields, choose)):
            self.notice(self.tr(said[0]))

    @once_a_time
    async def do_users_leave(self) -> None:
        from crm_tui.screens.shell.asking import sure

        question = self.tr(N_("Sign out?"))
        detail = self.tr(N_("The login comes up; what was put aside is kept."))
        if await sure(self, question, detail, self.tr(N_("Sign out"))):
            # The program does this: a task of this screen would end with it.
            self.crm.beside(self.crm.sign_out)

    def do_app_back(self) -> None:
        # Whoever presses Esc until nothing happens wants to be here.
        told = N_("This is the main menu. {users_leave} signs out, {app_quit} ends the program.")
        self.notice(self.tr(told, **self.crm.key_names()))
