"""Pengaturan: every setting with its default and its help, and the texts of all automatic answers."""

from collections.abc import Mapping
from functools import partial
from textwrap import wrap
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from crm_tui import actions
from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.shell.bubbles import sms_count
from crm_tui.screens.shell.optionpage import OptionPage
from crm_tui.screens.shell.page import once_a_time
from crm_tui.screens.widgets.choose import Choose
from crm_tui.screens.widgets.details import Details
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.screens.widgets.plain import Piece, Plain, content, fit
from crm_tui.shop.answers.settings import FREE_TEXT
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.errors import BadSetting
from crm_tui.shop.messages import examples, filling
from crm_tui.shop.reports import readings
from crm_tui.shop.reports.readings import Judged

CHANGE = Action(
    "settings.change",
    "u",
    N_("Change"),
    N_("Change the setting"),
    command="settings.change",
    done=N_("{row}: stored."),
)
SWITCH = Action(
    "settings.switch", "space", N_("Yes/no"), N_("Switch the setting on or off"),
    command="settings.change", done=N_("{row}: stored."),
)  # fmt: skip
RESET = Action(
    "settings.reset", "delete", N_("Default"), N_("Go back to the default"),
    command="settings.reset",
    done=N_("{row}: back to the usual."),
)  # fmt: skip

BACKUPS = Action(
    "settings.backups", "f", N_("Backups"), N_("Backups of the store, and restoring one"),
    permission="backups.make", opens=True,
)  # fmt: skip

SALES_BOOK = Action(
    "settings.sales_book", "b", N_("Sales book"),
    N_("Import an old sales book, or take one back"), permission="settings.edit", settled=True,
    shown=False,
)  # fmt: skip

GROUPS = {
    "shop": N_("Shop"),
    "language": N_("Language"),
    "screen": N_("Screen"),
    "login": N_("Login"),
    "till": N_("Till"),
    "customers": N_("Customers"),
    "purchases": N_("Purchase list"),
    "orders": N_("Orders"),
    "modem": N_("Modem"),
    "sms": N_("SMS limits"),
    "points": N_("Points"),
    "branches": N_("Branches"),
    "tiers": N_("Tiers"),
    "promo": N_("Promos"),
    "backup": N_("Backups"),
    "imports": N_("Imports"),
    "upkeep": N_("Upkeep"),
    "reply": N_("Automatic answers"),
}
_HIDDEN = "••••"


_VALUE = 22
"""Cells of a value in the list; beside it the whole of it stands."""


def short(text: str, width: int) -> str:
    """What a setting is called; where that has no room, without what is explained behind a sign. Beside
    the list the whole of it stands."""
    for sign in ";:(,":
        if cell_len(text) <= width:
            break
        text = text.partition(sign)[0].rstrip()
    return text


def named(text: str, width: int) -> list[str]:
    """What a setting is called, whole, on one line or two; only what is explained is left out."""
    text = short(text, width)
    if cell_len(text) <= width:
        return [text]
    return wrap(text, width - 2, max_lines=2, placeholder=" …")


class SettingsScreen(OptionPage):
    """Settings by group; beside the list what the one under the cursor does."""

    needs = "settings.edit"
    heading = N_("Settings")
    about = N_(
        "Enter changes a setting, or turns yes into no; beside the list you read what it does and what "
        "is usual. "
        "Changes count at once, on all screens and for the worker."
    )
    own: ClassVar[tuple[Action, ...]] = (SWITCH, CHANGE, RESET, BACKUPS, SALES_BOOK)
    topics = frozenset({"settings"})

    def __init__(self, first: str = "") -> None:
        """Begins at the setting with this key, the first of all if none is named."""
        super().__init__()
        self._first = first
        self._values: dict[str, object] = {}
        self._refused: dict[str, str | None] = {}
        self._examples: Mapping[str, object] = {}
        self._judged = Judged()

    @property
    def key(self) -> str | None:
        """The setting under the cursor."""
        place = self.options.highlighted
        return None if place is None else self.options.get_option_at_index(place).id

    async def show(self) -> None:
        self._values, self._refused = await self.desk.ask(
            lambda ctx: (
                {key: each(ctx) for key, each in settings.every().items()},
                {key: each.refused(ctx) for key, each in settings.every().items()},
            )
        )
        self._examples = await self.desk.ask(examples.values)
        self._judged = await self.desk.ask(readings.lately)
        self._draw()

    @on(Details.Resized)
    def _resized(self) -> None:
        if self._values:
            self._draw()

    def _draw(self) -> None:
        marked = self.options.highlighted
        # Blanks before, between and behind, and the scrollbar.
        wide = max(30, self.options.size.width - 5)
        told = wide - min(_VALUE, wide // 3)
        shown = []
        for prefix, group in GROUPS.items():
            shown.append(Option(content((self.tr(group), "$muted")), disabled=True))
            for key, setting in settings.every().items():
                if key.partition(".")[0] == prefix:
                    first, *more = named(self.tr(setting.help), told)
                    value = fit(self._shown(key), wide - told - 1)
                    tone = "" if self._values[key] == setting.default else "$accent"
                    pieces: list[Piece] = [f" {fit(first, told)} ", (value, tone)]
                    pieces += [f"\n   {each}" for each in more]
                    shown.append(Option(content(*pieces), id=key))
        self.options.set_options(shown)
        if marked is None and self._first in settings.every():
            marked = self.options.get_option_index(self._first)
        self.options.highlighted = marked if marked is not None else 1
        self._draw_details()

    def _shown(self, key: str) -> str:
        setting = settings.every()[key]
        if setting.secret:
            return _HIDDEN if self._values[key] else ""
        return setting.told(self._values[key], self.tr)

    @on(OptionList.OptionHighlighted)
    def _draw_details(self) -> None:
        key = self.key
        if key is None or not self._values:
            return
        setting = settings.every()[key]
        pieces: list[Piece] = [
            (self.tr(setting.help), "bold"), "\n", (key, "$faint"), "\n\n",
            (self.tr(N_("Now: ")), "$muted"), self._shown(key), "\n",
        ]  # fmt: skip
        usual = setting.told(setting.default, self.tr)
        if usual and not setting.secret:
            pieces += [(self.tr(N_("Usual: ")), "$muted"), usual, "\n"]
        if self._refused[key] is not None:
            refusal = self.tr(settings.REFUSED, value=self._refused[key])
            pieces += [(refusal, "$error"), "\n"]
        if key == FREE_TEXT.key:
            pieces += ["\n", self._told_judged(), "\n"]
        fields = filling.fields_of(key)
        if fields:
            names = self.tr(N_("May contain: {fields}"), fields=" ".join(fields))
            pieces += ["\n", (names, "$muted"), "\n"]
        if key.startswith("reply."):
            text = self._filled(key, str(self._values[key]))
            pieces += [
                "\n", (self.tr(N_("As a customer reads it:")), "$muted"), "\n", text, "\n",
                (sms_count(self.crm, text), "$muted"),
            ]  # fmt: skip
        self.query_one("#details-text", Plain).show(content(*pieces))
        self.draw_frame()

    def _told_judged(self) -> str:
        """How free texts were read of late, and what people made of it."""
        found = self._judged
        if not found.read:
            return self.tr(N_("No free text was read in the last {days} days."), days=readings.DAYS)
        if not found.judged:
            return self.tr(
                N_("In the last {days} days {read} free texts were read; none is judged yet."),
                days=readings.DAYS, read=found.read,
            )  # fmt: skip
        return self.tr(
            N_("In the last {days} days {read} free texts were read. Of {judged} that you have judged "
               "{accepted} were right, {corrected} were corrected, {dropped} thrown away."),
            days=readings.DAYS, read=found.read, judged=found.judged, accepted=found.accepted,
            corrected=found.corrected, dropped=found.dropped,
        )  # fmt: skip

    def _filled(self, key: str, text: str) -> str:
        """The template `text` of a setting with the example's values."""
        return filling.fill(text, examples.fitting(key, self._examples))

    def _remark(self, key: str, values: Values) -> str:
        text = self._filled(key, values["value"])
        return f"{text}\n{sms_count(self.crm, text)}"

    def ready_for(self, action: Action) -> bool:
        key = self.key if self.is_mounted and self._values else None
        if action is RESET:
            return key is not None and (
                self._values[key] != settings.every()[key].default or self._refused[key] is not None
            )
        if action is SWITCH:
            return key is not None and settings.every()[key].switches
        return action is not CHANGE or key is not None

    def refusal(self, action: Action) -> str:
        if action is SWITCH:
            return self.tr(N_("This setting is no yes or no: Enter changes it."))
        return super().refusal(action)

    @on(OptionList.OptionSelected)
    def _chosen(self) -> None:
        self.perform(CHANGE)

    @property
    def row_called(self) -> str:
        return short(self.tr(settings.every()[self.key].help), _VALUE) if self.key else ""

    def do_app_back(self) -> None:
        self.dismiss(None)

    @once_a_time
    async def do_settings_change(self) -> None:
        key = self.key
        if key is None:
            return
        setting = settings.every()[key]
        if setting.switches:
            await self.do_settings_switch()
            return
        if setting.words:
            answers = [(each, self.tr(word)) for each, word in setting.words.items()]
            box = Choose(self.tr(setting.help), answers, str(self._values[key]))
            chosen = await self.ask_for(box)
            if chosen is not None:
                await self.desk.act(settings.change, key, str(chosen))
                self.look_again()
            return
        text = key.startswith("reply.")

        async def change(values: Values) -> object:
            await self.desk.act(settings.change, key, values["value"])
            return True

        default = "" if setting.secret else str(setting.default)
        usual = setting.choices or ([default] if default else ())
        field = Field(
            "value", self.tr(setting.help), " ".join(filling.fields_of(key)),
            "" if setting.secret else str(self._values[key]), errors=(BadSetting,),
            secret=setting.secret, long=text, usual=() if text else usual,
        )  # fmt: skip
        remark = partial(self._remark, key) if text else None
        title = self.tr(GROUPS[key.partition(".")[0]])
        if await self.ask_for(Form(f"setting {key}", title, [field], change, remark=remark)):
            self.look_again()

    @once_a_time
    async def do_settings_switch(self) -> None:
        key = self.key
        if key is None:
            return
        value = settings.YES if not self._values[key] else settings.NO
        await self.desk.act(settings.change, key, value)
        told = self.tr(N_("{row}: {value}."), row=self.row_called, value=self.tr(value))
        self.notice(told)
        await self.show()

    async def do_settings_backups(self) -> None:
        from crm_tui.screens.administration.backups import BackupsScreen

        known = len(actions.ALL)
        page = BackupsScreen()
        if len(actions.ALL) > known:
            # It was loaded now: the setting may have other keys for what it can do.
            await self.crm.learn_settings()
        await self.app.push_screen(page)

    @once_a_time
    async def do_settings_sales_book(self) -> None:
        # Hardly ever wanted: an import of files takes a while to load.
        from crm_tui.screens.administration import sales_book

        await sales_book.lead(self)

    @once_a_time
    async def do_settings_reset(self) -> None:
        key = self.key
        if key is not None:
            await self.desk.act(settings.reset, key)
            self.look_again()
