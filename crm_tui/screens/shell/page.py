"""What all screens share: head, status and keys; actions with their permissions; live data."""

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Horizontal
from textual.screen import Screen

from crm_tui import actions
from crm_tui.actions import Action
from crm_tui.desk import Unforeseen
from crm_tui.errors import N_, Problem
from crm_tui.screens.shell.frame import head_parts, status_parts
from crm_tui.screens.shell.speaking import NOTICE_SECONDS as NOTICE_SECONDS
from crm_tui.screens.shell.speaking import Speaking
from crm_tui.screens.widgets.dialog import WIDTHS
from crm_tui.screens.widgets.keybar import KeyBar
from crm_tui.screens.widgets.plain import Plain
from crm_tui.screens.widgets.statusline import HeadLine, StatusLine
from crm_tui.screens.widgets.tasks import beside, was_left

if TYPE_CHECKING:
    from crm_tui.shop.gate.context import Permit

log = logging.getLogger(__name__)

_BREATH = 0.2
_SOON = 1.0
"""Within so many seconds the box opens that a key has asked for."""


class Watching:
    """A screen that shows the store: the program tells it when somebody changed the store."""

    def store_changed(self, topics: frozenset[str]) -> None:
        """Rows of these topics are new or different."""
        raise NotImplementedError


class Page(Speaking, Watching):
    """A whole screen. `own` actions are its own; each is done by the method do_<name>.

    `topics`: the parts of the change feed after which `show` is called again.
    """

    heading: ClassVar[str] = ""
    about: ClassVar[str] = ""
    """A sentence or two on what the screen is for."""
    own: ClassVar[tuple[Action, ...]] = ()
    hints: tuple[tuple[str, str], ...] = ()
    """Keys that are no actions, as its help names them, with what they do."""
    topics: ClassVar[frozenset[str]] = frozenset()
    needs: ClassVar[str] = ""
    """The right that whoever looks at it must have: without it the page closes."""
    alone: ClassVar[bool] = False
    """Whether it holds what somebody has begun, so that a second one would not know of it."""
    has_room: ClassVar[bool] = True
    """Whether the telephone of the practice shop may stand beside it."""
    HORIZONTAL_BREAKPOINTS = WIDTHS

    def __init_subclass__(cls, **kwargs: Any) -> None:
        # Textual learns the keys from the one declaration of the action.
        cls.BINDINGS = [
            Binding(
                action.key, f"perform('{action.name}')", action.name, show=False, id=action.name
            )
            for action in cls.all_actions()
        ]
        super().__init_subclass__(**kwargs)

    @classmethod
    def all_actions(cls) -> tuple[Action, ...]:
        """Its own actions, the way back, and those of every screen."""
        return (*cls.own, actions.BACK, *actions.EVERYWHERE)

    def __init__(self) -> None:
        super().__init__()
        self._stale = False
        self._showing = False
        self._doing: Action | None = None
        """What was done last, or is done now."""
        self._begun_at: float | None = None
        """When one of its own was begun that has not ended yet."""

    def may_stay(self) -> bool:
        """Whether the user may see it still."""
        return self.desk.may(self.needs)

    # ── layout ────────────────────────────────────────────────────────────────────────────────

    def compose(self) -> ComposeResult:
        yield HeadLine()
        with Horizontal(id="frame"), Container(id="body"):
            yield from self.body()
        yield Plain("", id="notice")
        yield StatusLine()
        yield KeyBar()

    def body(self) -> ComposeResult:
        """The middle of the screen."""
        raise NotImplementedError

    def on_mount(self) -> None:
        self.draw_frame()
        self.look_again()

    def on_unmount(self) -> None:
        self.crm.screens_changed()

    async def on_screen_resume(self) -> None:
        self.crm.screens_changed()
        await self.crm.place_telephone(self)
        self.draw_frame()
        self.look_again()

    def draw_frame(self) -> None:
        """Head, status and keys, in the language of now."""
        self.draw_head()
        self.query_one(StatusLine).show(status_parts(self.crm))
        self.draw_keys()

    def label_of(self, action: Action) -> str:
        """What the key of one of its own actions does now, for the line of keys."""
        return action.label

    def draw_keys(self) -> None:
        """What can be done now, with its keys."""
        offered = [
            (self.tr(actions.key_name(key)), self.tr(self.label_of(action)))
            for action, key in self.crm.keyed(self.own)
            if action.shown and self.offers(action)
        ]
        if self.crm.undoable and actions.UNDO in self.all_actions():
            offered.insert(0, (self.undo_key, self.tr(actions.UNDO.label)))
        last = [
            (self.tr(actions.key_name(key)), self.tr(action.label))
            for action, key in self.crm.keyed(self.last_keys())
            if self.offers(action)
        ]
        self.query_one(KeyBar).show(offered, last)

    def last_keys(self) -> tuple[Action, ...]:
        """What stands at the end of the keys, whatever else fits."""
        return (actions.TELEPHONE, actions.HELP)

    def draw_head(self) -> None:
        left, right = head_parts(self.crm, self.title_text())
        self.query_one(HeadLine).show(left, right)

    def title_text(self) -> str:
        return self.tr(self.heading)

    # ── actions ───────────────────────────────────────────────────────────────────────────────

    def offers(self, action: Action) -> bool:
        """Whether the user may do it, and it makes sense now."""
        if action in actions.PRACTICE and self.crm.practice is None:
            return False
        if action is actions.CLOCK and (self.crm.figures is None or not self.crm.figures.clock):
            return False
        # Actions of every screen, going back above all, depend on no row.
        return self.desk.may(action.needs) and (action not in self.own or self.ready_for(action))

    def ready_for(self, action: Action) -> bool:
        """Whether one of its own makes sense with what is on the screen now."""
        return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "perform":
            named = actions.ALL[str(parameters[0])]
            return self.offers(named) or (named in self.own and not self._other(named))
        return super().check_action(action, parameters)

    def action_perform(self, name: str) -> None:
        self.perform(actions.ALL[name])

    def perform(self, action: Action) -> None:
        """Do it, beside whatever else goes on; a `Problem` becomes a notice."""
        if not self.offers(action):
            if self._forbidden(action):
                self.beside(partial(self._ask_permit, action))
            elif action in self.own:
                self.beside(partial(self._refuse, action))
            return
        method = "do_" + action.name.replace(".", "_")
        if self._begun and (action in self.own or len(action.keys[0]) == 1):
            # It was typed for the box that is about to open, or it is the same key twice.
            return
        if hasattr(self, method):
            if action in self.own:
                self._begun_at = asyncio.get_running_loop().time()
            self.beside(partial(self._do, action, getattr(self, method)))
        else:
            self.crm.perform(action)

    @property
    def _begun(self) -> bool:
        """Whether one of its own was begun just now, and has not come to its end."""
        now = asyncio.get_running_loop().time()
        return self._begun_at is not None and now - self._begun_at < _SOON

    async def _at_rest(self) -> bool:
        """Wait for what was begun just now: whoever leaves behind it wants it done. Whether no box has
        opened over the screen meanwhile."""
        while self._begun:
            if self.app.screen is not self:
                return False
            await asyncio.sleep(0.01)
        return True

    async def _do(self, action: Action, method: Callable[[], Any]) -> None:
        """Do it. If the store was changed and nothing was said of it, say that it was."""
        if action is actions.BACK and not await self._at_rest():
            return
        said, done, row = self._words_said, self.desk.done, self.row_called
        self._doing = action
        try:
            result = method()
            if isinstance(result, Awaitable):
                await result
        finally:
            if action in self.own:
                self._begun_at = None
            self._draw_keys_again()
        # What others do meanwhile is not of the key that goes back.
        if action in self.own and self.desk.done > done and self._words_said == said:
            told = action.done or N_("{what}: saved.")
            self.notice(self.tr(told, what=self.tr(action.label), row=row))

    @property
    def row_called(self) -> str:
        """What the thing under the cursor is called, for what is said of it; "" if there is none."""
        return ""

    def _draw_keys_again(self) -> None:
        """After something was done or read: other keys may have a sense now."""
        if self.is_mounted and self.query(KeyBar):
            self.draw_keys()

    def _other(self, action: Action) -> bool:
        """Whether its key does something else just now."""
        keys = dict(self.crm.keyed(self.own))
        return any(
            keys[each] == keys[action] and self.offers(each) for each in self.own if each != action
        )

    def refusal(self, action: Action) -> str:
        """Why one of its own cannot be done now, as its key answers; "" for what is soon over."""
        return self.tr(N_("{what}: not possible now."), what=self.tr(action.label))

    async def why_not(self, action: Action) -> str:
        """The same, where the store has to be asked."""
        return self.refusal(action)

    async def _refuse(self, action: Action) -> None:
        told = await self.why_not(action)
        if told:
            self.notice(told, bad=True)

    @on(KeyBar.Clicked)
    def _clicked(self, message: KeyBar.Clicked) -> None:
        """A click on a key does what the key does, wherever one types just now."""
        for action, key in self.crm.keyed((*self.own, *self.all_actions())):
            if message.key in key.split(",") and self.offers(action):
                message.stop()
                self.perform(action)
                return

    def _forbidden(self, action: Action) -> bool:
        """Whether it is one of its own that the user may not do: the key answers with a word."""
        return action in self.own and not self.desk.may(action.needs)

    async def _ask_permit(self, action: Action) -> None:
        """Say who may. Somebody can permit it here: at its end, where the command asks, or now."""
        from crm_tui.shop.users import permitting

        method: Any = getattr(self, "do_" + action.name.replace(".", "_"), None)
        possible = method is not None and self.ready_for(action) and not action.opens
        if not possible or not await self.desk.ask(permitting.permitters, action.needs):
            await self._say_who_may(action, N_("{what}: only {roles}"))
            return
        permits: Sequence[Permit] = ()
        if action.asks_at_its_end:
            await self._say_who_may(
                action, N_("{what}: {roles} must permit it at the end"), bad=False
            )
        else:
            permit = await self.crm.permit(action.needs, 0, self.tr(action.help))
            if permit is None:
                await self._say_who_may(action, N_("{what}: only {roles}"))
                return
            permits = [permit]
        with self.desk.permitted(*permits):
            await self._do(action, method)

    async def _say_who_may(self, action: Action, text: str, *, bad: bool = True) -> None:
        from crm_tui.shop.gate import access

        roles = await self.desk.ask(access.who_may, action.needs)
        self.notice(self.tr(text, what=self.tr(action.label), roles=", ".join(roles)), bad=bad)

    def beside(self, do: Callable[[], Any]) -> None:
        """Run `do`, a function or coroutine function, without holding up the screen."""
        beside(self, partial(self.guarded, do), group="actions")

    async def guarded(self, do: Callable[[], Any]) -> None:
        """Do it; a `Problem`, or worse, becomes a notice."""
        try:
            result = do()
            if isinstance(result, Awaitable):
                await result
        except Problem as problem:
            self.notice(self.crm.say(problem) + await self.behind(problem), bad=True)
        except Exception as trouble:
            if was_left(self, trouble):
                return
            log.exception("%s failed", do)
            self.notice(self.crm.say(Unforeseen()), bad=True)

    async def behind(self, problem: Problem) -> str:
        """What stands behind a problem, to be said after it; "" for nothing."""
        return ""

    async def ask_for(self, dialog: Screen[Any]) -> Any:
        """Open a box over the screen and wait for what comes of it."""
        self._words_said += bool(getattr(dialog, "tells", False))
        return await self.app.push_screen_wait(dialog)

    def palette_actions(self) -> list[tuple[Action, str]]:
        """What can be found by its name here, with the key."""
        offered = self.crm.keyed(self.all_actions())
        return [(action, key) for action, key in offered if self.offers(action)]

    def undone(self, number: int) -> None:
        """A decision about the order of this number was taken back."""
        self.look_again()

    def take_over(self, other: Screen[Any]) -> None:
        """Somebody goes back to it who wanted to open `other`, which is of the same kind."""

    def take_scan(self, text: str) -> bool:
        """Whether the screen takes what was scanned while no field had the focus."""
        return False

    async def may_end(self) -> bool:
        """Whether the program may end with what is on this screen."""
        return True

    # ── live data ─────────────────────────────────────────────────────────────────────────────

    def store_changed(self, topics: frozenset[str]) -> None:
        if not self.is_mounted:
            return
        self.draw_frame()
        if topics & self.topics or (self.query("PhonePanel") and "messages" in topics):
            self.look_again()

    def look_again(self) -> None:
        """Show the data as they are now, soon, and once for many changes."""
        self._stale = True
        if not self._showing and self.is_mounted:
            self._showing = True
            beside(self, self._keep_showing, group="show")

    async def _keep_showing(self) -> None:
        try:
            while self._stale:
                self._stale = False
                await self.guarded(self.show)
                self._draw_keys_again()
                for panel in self.query("PhonePanel"):
                    await self.guarded(panel.show)  # type: ignore[attr-defined]
                await asyncio.sleep(_BREATH)
        finally:
            self._showing = False

    async def show(self) -> None:
        """Ask the store and show what it says."""

    def minute(self) -> None:
        """A minute has passed: ages on the screen have grown."""
        if not self.is_mounted or not self.query(HeadLine):
            # It is being built, and draws itself when it stands.
            return
        self.draw_head()
        self.query_one(StatusLine).show(status_parts(self.crm))
        for each in self.query("PagedList"):
            each.refresh()


def once_a_time(
    method: Callable[[Any], Awaitable[None]],
) -> Callable[[Any], Awaitable[None]]:
    """Lets an action run only once at a time: a key pressed twice does a thing once."""
    flag = f"_running_{method.__name__}"

    @functools.wraps(method)
    async def run(self: Any) -> None:
        if getattr(self, flag, False):
            return
        setattr(self, flag, True)
        try:
            await method(self)
        finally:
            setattr(self, flag, False)

    return run
