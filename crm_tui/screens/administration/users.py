"""Pengguna: users who may sign in, their roles; forgotten passwords, wrong tries."""

from collections.abc import Sequence
from typing import cast

from textual.content import Content

from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import card, sure
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.shell.page import Page, once_a_time
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.screens.widgets.plain import Piece
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.gate import listing
from crm_tui.shop.gate.errors import PersonNameMissing
from crm_tui.shop.users import accounts, roles
from crm_tui.shop.users.errors import (
    BadLogin,
    BadPassword,
    LoginTaken,
    NotYourself,
    RoleUnknown,
    TooEasy,
)
from crm_tui.shop.users.lists import USERS
from crm_tui.shop.users.login import FREE_TRIES

ADD = Action(
    "users.add",
    "n",
    N_("New"),
    N_("Add a user"),
    command="users.add_one",
    done=N_("The user is stored."),
)
EDIT = Action(
    "users.edit",
    "u",
    N_("Change"),
    N_("Change name and role"),
    command="users.edit",
    done=N_("{row} is stored."),
)
RESET = Action(
    "users.reset", "w", N_("New password"), N_("Choose a new password for somebody who forgot "
                                               "theirs"),
    command="users.reset_password",
)  # fmt: skip
UNLOCK = Action(
    "users.unlock", "v", N_("Unlock"), N_("Let somebody try again at once after wrong passwords"),
    command="users.unlock",
)  # fmt: skip
REMOVE = Action(
    "users.remove", "delete", N_("Deactivate"),
    N_("Delete the user; one with a history is deactivated instead"), command="users.remove",
)  # fmt: skip
ACTIVATE = Action(
    "users.activate",
    "v",
    N_("Reactivate"),
    N_("Let a deactivated user in again"),
    command="users.activate",
    done=N_("{row} may sign in again."),
)


class UsersScreen(ListPage):
    """Users who work here, and users who did."""

    needs = "users.edit"
    heading = N_("Users")
    about = N_(
        "Each user has a role; access rights say what a role may do. New users, and those whose "
        "password you chose, choose their own at the next login."
    )
    own = (ADD, EDIT, RESET, UNLOCK, REMOVE, ACTIVATE)
    topics = frozenset({"users", "roles"})
    listed = USERS
    columns = (
        Column(N_("Name"), 16, flex=True),
        Column(N_("Login"), 14),
        Column(N_("Role"), 16, flex=True),
        Column(N_("Last login"), 11, rank=1),
        Column(N_("Status"), 12, rank=2),
    )
    empty = {"": (N_("Nobody here"), N_("→ shows the others."))}

    def shape(self, row: Record) -> Sequence[Cell]:
        values = cast(listing.Line, row).values
        at, now = values["signed_in_at"], self.desk.clock.now()
        state, tone = "", "dim"
        if int(values["wrong_tries"] or 0) >= FREE_TRIES:
            state, tone = self.tr(N_("wrong tries")), "bad"
        elif values["must_change"]:
            state = self.tr(N_("new password"))
        return (
            Cell(str(values["name"]), "strong"),
            Cell(str(values["login"])),
            Cell(self.tr(str(values["role"]))),
            Cell(display.clock_time(str(at), now) if at else "", "dim"),
            Cell(state, tone),
        )

    async def details(self, row: listing.Line) -> Content:
        values, tr, now = row.values, self.tr, self.desk.clock.now()
        at = values["signed_in_at"]
        rows: list[tuple[str, str | Piece]] = [
            (tr(N_("Login")), str(values["login"])),
            (tr(N_("Role")), tr(str(values["role"]))),
            (tr(N_("Last login")), display.clock_time(str(at), now) if at else tr(N_("never"))),
            ("PIN", tr(N_("chosen")) if values["pin"] else tr(N_("none"))),
            (tr(N_("Wrong tries")), str(values["wrong_tries"]) if values["wrong_tries"] else ""),
        ]
        return card([(str(values["name"]), "bold")], rows)

    def subject_of(self, row: listing.Line) -> str:
        return f"user {row.values['login']}"

    def ready_for(self, action: Action) -> bool:
        row = self.current
        if action is ADD:
            return True
        if row is None:
            return False
        if action is UNLOCK:
            return bool(row.values["wrong_tries"])
        if action is ACTIVATE:
            return not row.values["active"]
        if action is REMOVE:
            return bool(row.values["active"]) and not self._is_mine(row)
        return super().ready_for(action)

    def refusal(self, action: Action) -> str:
        if action is REMOVE and self.current is not None and self._is_mine(self.current):
            return self.crm.say(NotYourself())
        return super().refusal(action)

    def _is_mine(self, row: listing.Line) -> bool:
        return self.desk.user is not None and row.id == self.desk.user.id

    def on_paged_list_chosen(self) -> None:
        self.perform(EDIT)

    async def _who(self, login: str, name: str, role: str) -> list[Field]:
        tr = self.tr
        self._names = {tr(each): each for each in await self.desk.ask(roles.names)}
        return [
            Field("login", tr(N_("Login")), tr(N_("Short, to sign in with: budi")), login,
                  errors=(BadLogin, LoginTaken)),
            Field("name", tr(N_("Name")), "", name, errors=(PersonNameMissing,)),
            Field("role", tr(N_("Role")), tr(N_("↑ ↓ choose")),
                  tr(role) if role else next(reversed(self._names)),
                  errors=(RoleUnknown,), usual=list(self._names)),
        ]  # fmt: skip

    def _role(self, told: str) -> str:
        """The role that is called so on the screen."""
        return self._names.get(told, told)

    @once_a_time
    async def do_users_add(self) -> None:
        async def add(values: Values) -> object:
            return await self.desk.act(
                accounts.add,
                values["login"],
                values["name"],
                self._role(values["role"]),
                values["password"],
            )

        fields = [*await self._who("", "", ""), _password_for_them(self)]
        added = await self.ask_for(Form("user", self.tr(N_("New user")), fields, add))
        if added:
            await self.rows.bring(int(added))

    @once_a_time
    async def do_users_edit(self) -> None:
        row = self.current
        if row is None:
            return
        values = row.values

        async def edit(typed: Values) -> object:
            await self.desk.act(
                accounts.edit, row.id, typed["login"], typed["name"], self._role(typed["role"])
            )
            return True

        fields = await self._who(str(values["login"]), str(values["name"]), str(values["role"]))
        if await self.ask_for(Form(f"user {row.id}", str(values["name"]), fields, edit)):
            self.look_again()

    @once_a_time
    async def do_users_reset(self) -> None:
        row = self.current
        if row is None:
            return

        async def reset(values: Values) -> object:
            await self.desk.act(accounts.reset_password, row.id, values["password"])
            return True

        title = self.tr(N_("New password for {name}"), name=row.values["name"])
        if await self.ask_for(Form(f"reset {row.id}", title, [_password_for_them(self)], reset)):
            self.notice(self.tr(N_("The user chooses another one at the next login.")))
            self.look_again()

    @once_a_time
    async def do_users_unlock(self) -> None:
        row = self.current
        if row is not None:
            await self.desk.act(accounts.unlock, row.id)
            self.notice(self.tr(N_("{name} may try again."), name=row.values["name"]))
            self.look_again()

    @once_a_time
    async def do_users_remove(self) -> None:
        row = self.current
        if row is None:
            return
        question = self.tr(N_("Put {name} out?"), name=row.values["name"])
        detail = self.tr(
            N_("A user without a history is deleted; any other cannot sign in any more.")
        )
        if await sure(self, question, detail, self.tr(N_("Deactivate"))):
            done = await self.desk.act(accounts.remove, row.id)
            told = N_("{name} is deleted.") if done == "deleted" else N_("{name} is put out.")
            self.notice(self.tr(told, name=row.values["name"]))
            self.look_again()

    @once_a_time
    async def do_users_activate(self) -> None:
        row = self.current
        if row is not None:
            await self.desk.act(accounts.activate, row.id)
            self.look_again()


def _password_for_them(page: Page) -> Field:
    return Field(
        "password", page.tr(N_("Password")),
        page.tr(N_("8 characters or more; the user chooses another one at the next login")),
        errors=(BadPassword, TooEasy),
    )  # fmt: skip
