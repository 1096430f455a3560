"""Login: the first screen. It stands before anything of the shop is loaded."""

from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.containers import Center, Vertical

from crm_tui import actions
from crm_tui.clock import moment
from crm_tui.errors import N_
from crm_tui.screens.door.credentials import Door
from crm_tui.screens.shell.page import Page
from crm_tui.screens.widgets.plain import Plain, content
from crm_tui.text import day_and_time

_CHOOSE = ("↑ ↓", N_("Choose among the names"))


class LoginScreen(Page):
    """Asks the user to sign in. A practice shop shows its accounts below."""

    heading = N_("Login")
    has_room = False
    hints: tuple[tuple[str, str], ...] = (
        ("Enter", N_("Go on, from the name to the password, and sign in")),
        ("Tab", N_("To the other field")),
    )
    topics = frozenset({"orders", "settings"})

    def __init__(self) -> None:
        super().__init__()
        self._offered = False

    @classmethod
    def all_actions(cls) -> tuple[actions.Action, ...]:
        return (actions.HELP, actions.QUIT)

    def last_keys(self) -> tuple[actions.Action, ...]:
        return (actions.HELP, actions.QUIT)

    def body(self) -> ComposeResult:
        with Center(), Vertical(id="login-box"):
            yield Plain(self.crm.place, id="login-title")
            yield Plain("", id="login-text", classes="text")
            yield Door(with_pin=True)
        with Center():
            yield Plain("", id="accounts")

    async def show(self) -> None:
        """Say the shop's name; offer the names of those who signed in today."""
        from crm_tui.shop.checks import acknowledgement
        from crm_tui.shop.users import accounts, login

        figures = self.crm.figures
        door = self.query_one(Door)
        self.query_one("#login-title", Plain).show(figures.shop if figures else self.crm.place)
        told = ""
        for who, at in await self.desk.ask(accounts.recovered):
            recovered = N_("{user} got a new password from the console on {day}.")
            told = self.tr(recovered, user=who, day=day_and_time(moment(at))) + f"\n{told}"
        for who, at in await self.desk.ask(acknowledgement.accepted):
            accepted = N_("{user} accepted on {day} what others had written into the ledgers.")
            told = self.tr(accepted, user=who, day=day_and_time(moment(at))) + f"\n{told}"
        self.query_one("#login-text", Plain).show(
            self.crm.retell(self.crm.remark) if self.crm.remark else told.strip()
        )
        door.speak()
        if self._offered:
            return
        self._offered = True
        # Whoever has a PIN or not: that is nobody's business.
        names = await self.desk.ask(login.today)
        first = await self.desk.ask(login.last_one)
        practice = self.crm.practice
        if practice is not None:
            names = [account.login for account in practice.accounts]
            first = first or names[0]
            self._show_accounts()
        if len(names) > 1:
            self.hints = (_CHOOSE, *LoginScreen.hints)
        door.offer(names, first)

    def on_screen_suspend(self) -> None:
        # A user who comes back here is offered the names of that moment.
        self._offered = False
        self.query_one(Door).forget()

    def _show_accounts(self) -> None:
        practice = self.crm.practice
        assert practice is not None
        lines: list[str | tuple[str, str]] = [
            (self.tr(N_("Practice: every password is ")), "$muted"),
            (practice.password, "$accent bold"),
            (self.tr(N_(" · ↑ ↓ choose a name")), "$muted"),
        ]
        for account in practice.accounts:
            lines += ["\n", (f"{account.login:<10}", "bold"), (self.tr(account.role), "$muted")]
        self.query_one("#accounts", Plain).show(content(*lines))

    @on(Door.Opened)
    def _opened(self, message: Door.Opened) -> None:
        self.crm.beside(partial(self.crm.signed_in, message.user))
