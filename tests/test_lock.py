"""The locked screen: whoever stands before it has the lock and nothing else."""

import asyncio
import random

import pytest

from crm_tui.screens.door.credentials import Door
from crm_tui.screens.door.lock import LockScreen
from crm_tui.screens.door.login import LoginScreen
from crm_tui.screens.menu.main import MenuScreen
from crm_tui.screens.sales.paying import Pay
from crm_tui.screens.sms.conversation import ConversationScreen
from crm_tui.screens.sms.orders import OrdersScreen
from crm_tui.screens.widgets.form import Form
from crm_tui.screens.widgets.line import Line
from tests.counter import Counter, counter, key_event, staff
from tests.shop import ANI, BUDI, Shop

pytestmark = pytest.mark.asyncio

KEYS = (
    *"1234567890abcdefghijklmnopqrstuvwxyz/+-?", "escape", "enter", "tab", "shift+tab", "up", "down",
    "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f12", "delete", "home", "ctrl+c",
    "ctrl+q", "ctrl+p", "ctrl+t", "ctrl+z", "ctrl+d", "ctrl+backslash",
)  # fmt: skip


async def _hold(here: Counter, keys: list[str]) -> None:
    """Press keys at once, as hands do that do not wait for the screen."""
    for key in keys:
        here.app.post_message(key_event(key))
    await here.settle()


def _locked(here: Counter) -> bool:
    locks = [isinstance(screen, LockScreen) for screen in here.app.screen_stack]
    return locks[-1] and sum(locks) == 1 and not here.app._exit


async def _played(shop: Shop, rounds: int, seed: int) -> None:
    """Any keys, then F9 at any moment, then any keys; then its user comes back, or another one."""
    chance = random.Random(seed)
    users = [staff(shop, name="sari"), staff(shop, name="tono")]
    shop.ask(ANI, "PESAN PQ-R 1")
    shop.ask(BUDI, "PESAN PQ-R 2")
    async with counter(shop, users[0]) as here:
        for turn in range(rounds):
            start = ["1"] if chance.random() < 0.5 else []
            ended = {"f10", "ctrl+q", "f12", "escape", "f9"}
            before = [
                key for key in chance.choices(KEYS, k=chance.randrange(3)) if key not in ended
            ]
            # The lock comes at any moment of what was begun, not only after it.
            for key in (*start, *before):
                here.app.post_message(key_event(key))
                if chance.random() < 0.5:
                    await here.pilot.pause()
            here.app.lock()
            await here.until(lambda: not here.app.unlocked.is_set())
            await here.settle()
            told = f"seed {seed}, turn {turn}: {start + before}"
            assert _locked(here), told
            kept = shop.rows("SELECT status FROM orders ORDER BY id")
            pressed = chance.choices(KEYS, k=12)
            await _hold(here, pressed)
            assert _locked(here), f"{told}, then {pressed}"
            assert shop.rows("SELECT status FROM orders ORDER BY id") == kept, (
                f"{told}, then {pressed}"
            )
            here.app.screen.post_message(Door.Opened(users[turn % 2]))
            await here.until(here.app.unlocked.is_set)
            await here.settle()
            # Begin the next turn at the menu.
            await here.app.signed_in(users[turn % 2])
            await here.settle()


async def test_no_key_passes_the_lock(shop: Shop) -> None:
    """Any key, then the lock at any moment, then any keys: the lock lies on top, the program goes on,
    and no order was decided about."""
    await _played(shop, 6, 1)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
async def test_no_key_passes_the_lock_for_long(shop: Shop, seed: int) -> None:
    """As above, with many more keys."""
    await _played(shop, 40, seed)


async def test_what_ends_below_leaves_the_lock(shop: Shop) -> None:
    """A page, a form or a box that is opened or done while the program is locked opens below, or goes
    below: the lock stays. What somebody asked for is not shown to the next one."""
    user, other = staff(shop), staff(shop, name="tono")
    shop.ask(ANI, "PESAN PQ-R 2")
    async with counter(shop, user) as here:
        app = here.app
        await here.press("1", "u")
        form = app.screen
        assert isinstance(form, Form)
        await here.press("f9")
        assert _locked(here)
        # Its command was on its way when the lock came.
        form.dismiss(True)
        await here.settle()
        assert _locked(here)
        assert form not in app.screen_stack
        app.beside(lambda: app.push_screen(ConversationScreen(ANI)))
        app.pop_screen()
        app.switch_screen(MenuScreen())
        await here.press("ctrl+q", "ctrl+c", "f10")
        await app.action_quit()
        await here.settle()
        assert _locked(here)
        app.screen.post_message(Door.Opened(user))
        await here.until(lambda: isinstance(app.screen, ConversationScreen))
        await here.press("escape")
        assert isinstance(app.screen, OrdersScreen)
        await here.press("f9")
        app.beside(lambda: app.push_screen(ConversationScreen(ANI)))
        await here.settle()
        app.screen.post_message(Door.Opened(other))
        await here.until(lambda: isinstance(app.screen, MenuScreen))
        await here.settle()
        assert [type(screen) for screen in app.screen_stack[1:]] == [LoginScreen, MenuScreen]


async def test_no_key_of_the_next_user_is_for_the_last_one(shop: Shop) -> None:
    """Somebody signs in over another one's open box, and presses keys on and on: nothing that was left
    open is done, none of it is painted, and no lock gets stuck between the two."""
    user, other = staff(shop), staff(shop, name="tono")
    async with counter(shop, user) as here:
        app = here.app
        await here.press("0")
        await here.type("PQ-R")
        await here.press("enter", "f4")
        assert isinstance(app.screen, Pay)
        await here.press("f9")
        app.screen.post_message(Door.Opened(other))
        painted = set()
        for _ in range(60):
            app.post_message(key_event("f4"))
            app.post_message(key_event("enter"))
            app.lock()
            await asyncio.sleep(0.002)
            if app.desk.user is not None and app.desk.user.id == other.id and not app._batch_count:
                painted.add(type(app.screen))
        await here.settle()
        assert not shop.rows("SELECT * FROM sales")
        assert painted <= {LoginScreen, MenuScreen, LockScreen}
        assert _locked(here)
        app.screen.post_message(Door.Opened(other))
        await here.until(lambda: isinstance(app.screen, MenuScreen))


async def test_rights_are_looked_up_for_whom_they_are(shop: Shop) -> None:
    """What somebody may do is found out while somebody else signs in: it does not become the other
    one's."""
    user, other = staff(shop), staff(shop, "Staf Konter", "tono")
    async with counter(shop, user) as here:
        desk = here.app.desk
        looking = asyncio.ensure_future(desk.look_up_rights())
        await asyncio.sleep(0)
        desk.user, mine = other, frozenset({"sales.sell"})
        desk.granted = mine
        await looking
        assert desk.granted == mine


async def test_nothing_is_read_by_copying(shop: Shop) -> None:
    """A secret is copied or cut out of no field, and what somebody copied before is not to be read at
    the lock, nor by who comes next."""
    user = staff(shop)
    async with counter(shop, user) as here:
        app = here.app
        app.copy_to_clipboard("0812 3456 7890")
        await here.press("f9")
        assert app.clipboard == ""
        secret = app.screen.query_one("#field-secret", Line)
        secret.value = "rahasia"
        for keys in (
            ("shift+home", "ctrl+x"),
            ("end", "shift+home", "ctrl+c"),
            ("ctrl+shift+a", "super+c"),
        ):
            await here.press(*keys)
            assert (app.clipboard, secret.value) == ("", "rahasia"), keys
        name = app.screen.query_one("#field-name", Line)
        app.screen.set_focus(name)
        await here.press("end", "shift+home", "ctrl+c")
        assert app.clipboard == name.value == "sari"
        app.another_stay()
        assert app.clipboard == ""
