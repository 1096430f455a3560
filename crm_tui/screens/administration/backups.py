"""Cadangan: the backups there are, how the shop stands with them; making, rehearsing, restoring one."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import ClassVar, TypeVar, cast

from textual import on
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from crm_tui.actions import Action
from crm_tui.errors import N_, Problem
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import SURE
from crm_tui.screens.shell.optionpage import OptionPage
from crm_tui.screens.shell.page import once_a_time
from crm_tui.screens.widgets.details import Details
from crm_tui.screens.widgets.dialog import Ask, Show
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.screens.widgets.plain import Piece, Plain, content, fit
from crm_tui.screens.widgets.working import Working
from crm_tui.shop.backups import (
    copying,
    holding,
    making,
    places,
    preparing,
    rehearsing,
    restoring,
    sealing,
    state,
    telling,
    unsealed,
)
from crm_tui.shop.backups.errors import (
    BackupFailed,
    PassphraseNeeded,
    PassphrasesDiffer,
    PassphraseTooShort,
    PlaceMissing,
    WrongPassphrase,
)
from crm_tui.shop.backups.places import Backup
from crm_tui.shop.backups.settings import FOLDER
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadSetting
from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.users.audit_words import REASONS
from crm_tui.text import day_and_time

T = TypeVar("T")
Tell = Callable[[telling.Translate, Sequence[Backup]], list[str]]
Remove = Callable[[Context, Sequence[Backup]], int]

MAKE = Action(
    "backups.make", "n", N_("Make now"), N_("Make a backup now, and check it"),
    command="backups.make",
)  # fmt: skip
RESTORE = Action(
    "backups.restore", "p", N_("Restore"),
    N_("Put this backup in the place of the store; first you see what would be lost"),
    command="backups.restore",
)  # fmt: skip
REHEARSE = Action(
    "backups.rehearse", "l", N_("Rehearse"),
    N_("Try out restoring this backup, in a folder aside; nothing is changed"),
    command="backups.rehearse",
)  # fmt: skip
PLACE = Action(
    "backups.place", "f", N_("Folder"), N_("Choose a second folder: a USB stick, the network"),
    command="settings.change",
    done=N_("The second folder is stored."),
)  # fmt: skip
SEAL = Action(
    "backups.seal", "w", N_("Passphrase"), N_("Seal backups with a passphrase, or stop sealing them"),
    command="backups.seal",
)  # fmt: skip
REMOVE_OPEN = Action(
    "backups.remove_open", "delete", N_("Delete open"),
    N_("Delete the backups from before the passphrase, which anybody can read"),
    command="backups.remove_open",
)  # fmt: skip
REMOVE_ERASED = Action(
    "backups.remove_erased", "delete", N_("Delete erased"),
    N_("Delete the backups that still hold customers who were erased since"),
    command="backups.remove_erased",
)  # fmt: skip


class BackupsScreen(OptionPage):
    """All backups, newest first; beside them what is known of the one under the cursor."""

    needs = "settings.edit"
    heading = N_("Backups")
    about = N_(
        "Backups are made by themselves each day, when the drawer is closed and when the program ends. "
        "Each is opened and checked before it counts. Choose a second folder on a USB stick with "
        "{backups_place}: a disk that dies takes its own backups along."
    )
    own: ClassVar[tuple[Action, ...]] = (
        MAKE,
        RESTORE,
        REHEARSE,
        PLACE,
        SEAL,
        REMOVE_OPEN,
        REMOVE_ERASED,
    )
    topics = frozenset({"backups", "settings"})

    def __init__(self) -> None:
        super().__init__()
        self._found: list[Backup] = []
        self._open: list[Backup] = []
        self._held: list[Backup] = []
        self._standing: state.Standing | None = None
        self._need: copying.Need | None = None

    @property
    def current(self) -> Backup | None:
        """The backup under the cursor."""
        place = self.options.highlighted if self.is_mounted else None
        return self._found[place] if place is not None and place < len(self._found) else None

    @property
    def _delete(self) -> str:
        """The name of the key that deletes what can be read without a passphrase."""
        return self.crm.key_names()["backups_remove_open"]

    def ready_for(self, action: Action) -> bool:
        if action is REMOVE_OPEN:
            return bool(self._open)
        if action is REMOVE_ERASED:
            # One key deletes both: the open ones first.
            return bool(self._held) and not self._open
        return action not in (RESTORE, REHEARSE) or self.current is not None

    async def show(self) -> None:
        # The list of what lies on a stick may take a while: never with a question's thread.
        self._found = await self.desk.take_time(places.listed)
        self._open = await self.desk.take_time(unsealed.there)
        self._held = await self.desk.take_time(holding.there)
        self._standing = await self.desk.ask(state.standing)
        self._need = await self.desk.ask(copying.needed)
        self._draw()

    @on(Details.Resized)
    def _resized(self) -> None:
        if self._standing is not None:
            self._draw()

    # ── drawing ───────────────────────────────────────────────────────────────────────────────

    def _draw(self) -> None:
        marked = self.options.highlighted or 0
        now = self.desk.clock.now()
        shown = []
        for each in self._found:
            where = self.tr(
                N_("beside the store") if each.place == places.OWN else N_("2nd folder")
            )
            well = self.tr(N_("checked") if each.checked else N_("not checked"))
            size = f"{telling.megabytes(each.size)} MB"
            shown.append(Option(content(
                f" {day_and_time(each.at)} ",
                (fit(display.age(self.tr, each.at, now), 9), "$muted"), f" {size:>8}  ",
                (fit(well, 14), "" if each.checked else "$error"), (where, "$muted"),
            )))  # fmt: skip
        if not shown:
            none = self.tr(N_("There is no backup yet."))
            shown.append(Option(content((f" {none}", "$muted"))))
        self.options.set_options(shown)
        self.options.highlighted = min(marked, len(shown) - 1)
        self._draw_details()

    @on(OptionList.OptionHighlighted)
    def _draw_details(self) -> None:
        if self._standing is None:
            return
        found = self.current
        told = [*self._told_standing(self._standing), *(self._told(found) if found else [])]
        self.query_one("#details-text", Plain).show(content(*told))
        self.draw_frame()

    def _told_standing(self, standing: state.Standing) -> list[Piece]:
        """How the shop stands, and what to do about it."""
        tr, now = self.tr, self.desk.clock.now()
        pieces: list[Piece] = []
        if standing.good is None:
            none = tr(N_("There is no good backup yet."))
            pieces += [(none, "$error" if standing.old else ""), "\n"]
        else:
            age = display.age(tr, standing.good.at, now)
            tone = "$error bold" if standing.old else "$success"
            pieces += [(tr(N_("Last good backup: {age}."), age=age), tone), "\n"]
        if standing.trouble:
            pieces += [(self.crm.retell(standing.trouble), "$error"), "\n"]
        if self._need is not None:
            pieces += [(" ".join(telling.needs(tr, self._need)), "$muted"), "\n"]
        if standing.sealed:
            pieces += [(tr(N_("Backups are sealed with a passphrase.")), "$muted"), "\n"]
        if self._open:
            pieces += [(telling.still_open(tr, len(self._open), self._delete), "$error"), "\n"]
        if self._held:
            pieces += [(telling.still_holding(tr, len(self._held), self._delete), "$error"), "\n"]
        if standing.rehearsed_at is not None:
            age = display.age(tr, standing.rehearsed_at, now)
            told = (
                tr(N_("Restore rehearsed: {age}, it went well."), age=age)
                if not standing.rehearsal
                else self.crm.retell(standing.rehearsal)
            )
            pieces += [(told, "$error" if standing.rehearsal else "$muted"), "\n"]
        return [*pieces, "\n"]

    def _told(self, copy: Backup) -> list[Piece]:
        """What is known of one."""
        tr, note = self.tr, copy.note
        rows: list[tuple[str, str]] = [
            (tr(N_("As it was on")), day_and_time(copy.at, seconds=True)),
            (tr(N_("Size")), f"{telling.megabytes(copy.size)} MB"),
            (tr(N_("Sealed")), tr(N_("yes")) if copy.sealed else ""),
            (tr(N_("Why")), tr(REASONS.get(note.reason, "")) if note else ""),
            (tr(N_("Took")), f"{max(0.1, note.seconds):.1f} s".replace(".", ",") if note else ""),
            (tr(N_("Epoch")), telling.epoch(tr, note)),
            (tr(N_("Folder")), "backups/" if copy.place == places.OWN else str(copy.path.parent)),
        ]
        pieces: list[Piece] = [(copy.name, "bold"), "\n"]
        wide = max(len(label) for label, _ in rows)
        for label, told in rows:
            if told:
                pieces += [(f"{label:<{wide}}  ", "$muted"), told, "\n"]
        if copy in self._held:
            told = N_("It holds customers who were erased since.")
            pieces += [(tr(told), "$error"), "\n"]
        if note is None:
            why = tr(
                N_("It was never found good, or was changed since: look at it with a rehearsal.")
            )
            pieces += [(why, "$error"), "\n"]
        return pieces

    # ── actions ───────────────────────────────────────────────────────────────────────────────

    def do_app_back(self) -> None:
        self.dismiss(None)

    async def _work(self, title: str, work: Callable[[Progress], Awaitable[T]]) -> T:
        """Do something long under a bar. Raises the `Problem` that it ends with."""
        progress = Progress()
        done = await self.ask_for(Working(title, progress, lambda: work(progress)))
        if isinstance(done, Problem):
            raise done
        return cast("T", done)

    @once_a_time
    async def do_backups_make(self) -> None:
        made = await self._work(
            self.tr(N_("Making a backup …")),
            lambda progress: self.desk.take_time(making.make, progress=progress),
        )
        self.notice(
            self.tr(
                N_("Backup of {size} MB written to {file} and checked."), file=made.path,
                size=telling.megabytes(made.size),
            )
        )  # fmt: skip
        self.look_again()

    @once_a_time
    async def do_backups_rehearse(self) -> None:
        backup = self.current
        if backup is None:
            return

        def rehearse(phrase: str | None) -> Awaitable[rehearsing.Rehearsed]:
            return self._work(
                self.tr(N_("Rehearsing …")),
                lambda progress: self.desk.take_time(
                    rehearsing.ask, backup.path, passphrase=phrase, progress=progress
                ),
            )

        done = await self._opened(backup.path, rehearse)
        if done is not None:
            told = "\n".join(telling.rehearsed(self.tr, done))
            await self.ask_for(Show(self.tr(N_("Rehearsal")), content(told), [("Esc", N_("Back"))]))
        self.look_again()

    @once_a_time
    async def do_backups_restore(self) -> None:
        backup = self.current
        if backup is None:
            return
        phrases: list[str | None] = []

        def preview(phrase: str | None) -> Awaitable[preparing.Prepared]:
            phrases.append(phrase)
            return self._work(
                self.tr(N_("Looking at the backup …")),
                lambda progress: self.desk.take_time(
                    preparing.preview, backup.path, passphrase=phrase, progress=progress
                ),
            )

        ready = await self._opened(backup.path, preview)
        if ready is None or not await self._sure(ready):
            return
        await self.desk.act(restoring.begin, backup.name)
        user = self.desk.user
        if user is not None:
            self.crm.leave_to_restore(restoring.Wanted(backup.path, user.actor, phrases[-1]))

    async def _sure(self, ready: preparing.Prepared) -> bool:
        lines = [
            *telling.preview(self.tr, ready), "",
            self.tr(N_("The program closes the shop, restores, and begins again. Close it on other "
                       "screens first. The store of now is kept.")),
        ]  # fmt: skip
        question = self.tr(N_("Restore this backup now?"))
        box = Ask(question, "\n".join(lines), self.tr(N_("Restore")), self.tr(N_("Back")), key=SURE)
        return bool(await self.ask_for(box))

    async def _opened(self, path: Path, do: Callable[[str | None], Awaitable[T]]) -> T | None:
        """Do something with a backup, and ask for its passphrase if it needs one."""
        try:
            return await do(None)
        except PassphraseNeeded:
            found: list[T] = []

            async def attempt(values: Values) -> object:
                found.append(await do(values["passphrase"]))
                return True

            field = Field(
                "passphrase", self.tr(N_("Passphrase")), path.name, errors=(WrongPassphrase,),
                secret=True,
            )  # fmt: skip
            title = self.tr(N_("This backup is sealed"))
            form = Form("passphrase", title, [field], attempt, done=N_("Go on"))
            return found[-1] if await self.ask_for(form) else None

    @once_a_time
    async def do_backups_place(self) -> None:
        now = await self.desk.ask(FOLDER)

        async def choose(values: Values) -> object:
            await self.desk.act(settings.change, FOLDER.key, values["folder"])
            return True

        field = Field(
            "folder", self.tr(N_("Folder")),
            self.tr(N_("The stick must be plugged in now. Empty: only beside the store.")), now,
            errors=(BadSetting, PlaceMissing, BackupFailed),
        )  # fmt: skip
        title = self.tr(N_("Second folder for backups"))
        if await self.ask_for(Form("backup folder", title, [field], choose)):
            if await self.desk.ask(FOLDER):
                await self.desk.take_time(making.bring_out)
            self.look_again()

    @once_a_time
    async def do_backups_seal(self) -> None:
        async def choose(values: Values) -> object:
            if values["passphrase"] != values["again"]:
                raise PassphrasesDiffer()
            await self.desk.take_time(sealing.set_passphrase, values["passphrase"])
            return values["passphrase"] or " "

        fields = [
            Field(
                "passphrase", self.tr(N_("Passphrase")),
                self.tr(N_("At least {least} characters; empty: backups are sealed no more."),
                        least=sealing.LEAST),
                errors=(PassphraseTooShort,), secret=True,
            ),
            Field(
                "again", self.tr(N_("The same again")),
                self.tr(N_("Write it down and keep it outside the shop: nobody can open a backup "
                           "without it.")),
                errors=(PassphrasesDiffer,), secret=True,
            ),
        ]  # fmt: skip
        title = self.tr(N_("Passphrase for backups"))
        done = await self.ask_for(Form("backup passphrase", title, fields, choose))
        if done:
            left = len(await self.desk.take_time(unsealed.there))
            sealed = self.tr(N_("Backups are sealed from now on; the passphrase was tried out."))
            self.notice(
                f"{sealed} {telling.still_open(self.tr, left, self._delete)}".strip()
                if str(done).strip()
                else self.tr(N_("Backups are not sealed any more."))
            )
            self.look_again()

    @once_a_time
    async def do_backups_remove_open(self) -> None:
        await self._delete_all(self._open, telling.without_passphrase, unsealed.remove)

    @once_a_time
    async def do_backups_remove_erased(self) -> None:
        await self._delete_all(self._held, telling.with_erased, holding.remove)

    async def _delete_all(self, found: list[Backup], tell: Tell, remove: Remove) -> None:
        """Say which they are, ask, and delete them."""
        question = self.tr(N_("Delete them for good?"))
        told = "\n".join(tell(self.tr, found)) if found else ""
        box = Ask(question, told, self.tr(N_("Delete")), self.tr(N_("Back")), key=SURE)
        if found and await self.ask_for(box):
            count = await self.desk.take_time(remove, found)
            self.notice(self.tr(N_("Deleted: {count} backups."), count=count))
            self.look_again()
