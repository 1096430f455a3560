"""A second person permits on the spot what the user may not do: who may, a name, a PIN."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from textual import events
from textual.app import App

from crm_tui.errors import N_, Problem
from crm_tui.screens.shell import display
from crm_tui.screens.shell.program import Program
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field, Line

if TYPE_CHECKING:
    from crm_tui.shop.gate.context import Permit


class PermitForm(Form):
    """Names of those who may are offered; the cursor stands at the PIN."""

    def on_mount(self) -> None:
        # The first of them stands there already.
        self.query_one("#field-name", Line).offer(self._fields[0].usual)
        self.call_after_refresh(self._input("secret").focus)

    @property
    def changed(self) -> bool:
        # Esc leaves at once, and no draft is kept: there is nothing to be lost.
        return False

    def on_key(self, event: events.Key) -> None:
        # The names are chosen from the secret's field, too: that is where the cursor stands.
        if event.key in ("up", "down") and self._input("secret").has_focus:
            self.query_one("#field-name", Line).step(1 if event.key == "down" else -1)
            event.stop()

    def _show_problem(self, problem: Problem | None) -> None:
        super()._show_problem(problem)
        if problem is not None:
            # What did not fit is no beginning of what does.
            self.query_one("#field-secret", Line).value = ""
            self._refused = self.values
            self._input("secret").focus()


async def ask(crm: Program, permission: str, amount: int, what: str) -> "Permit | None":
    """Ask for the leave of somebody who may; None if nobody can give it, or Esc was pressed.

    `what`: the action's label, if a key asked for it.
    """
    from crm_tui.shop.gate import access
    from crm_tui.shop.users import permitting

    tr, desk = crm.tr, crm.desk
    names = await desk.ask(permitting.permitters, permission, amount)
    if permission not in access.PERMISSIONS or not names:
        return None
    roles = await desk.ask(access.who_may, permission, amount)
    label = what or tr(access.PERMISSIONS[permission])
    told = f"{label}: {display.ceiling(permission, amount)}" if amount else label
    intro = tr(N_("{what}. Only {roles}."), what=told, roles=", ".join(roles))

    async def permit(values: Values) -> object:
        return await desk.act(
            permitting.permit, values["name"], values["secret"], permission, amount
        )

    fields = [
        Field(
            "name",
            tr(N_("Who permits it")),
            tr(N_("↑ ↓ choose")),
            names[0],
            usual=names,
            chosen=True,
        ),
        Field("secret", tr(N_("Password or PIN")), secret=True),
    ]
    form = PermitForm(
        f"permit {permission}", tr(N_("A second person permits it")), fields, permit, intro=intro,
        done=N_("Permit"),
    )  # fmt: skip
    await crm.unlocked.wait()
    done: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    await cast("App[Any]", crm).push_screen(form, partial(_settle, done))
    return await done  # type: ignore[return-value]


def _settle(done: "asyncio.Future[object]", result: object) -> None:
    if not done.done():
        done.set_result(result)
