"""Hak akses: roles beside permissions, as a grid in which Space gives and takes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from crm_tui import actions
from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import as_typed, sure
from crm_tui.screens.shell.page import Page, once_a_time
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.screens.widgets.plain import Plain, fit
from crm_tui.shop.gate import access, money
from crm_tui.shop.gate.errors import BadMoney, BadPercent
from crm_tui.shop.gate.money import Discount
from crm_tui.shop.users import roles
from crm_tui.shop.users.errors import RoleNameMissing, RoleTaken

GIVE = Action(
    "roles.grant", "space", N_("Give or take"), N_("Give the permission, or take it away"),
    command="users.grant",
    done=N_("{row}: rights changed."),
)  # fmt: skip
ADD = Action(
    "roles.add", "n", N_("New role"), N_("Add a role with the permissions of this one"),
    command="users.add_role",
    done=N_("The role is added."),
)  # fmt: skip
RENAME = Action(
    "roles.rename",
    "u",
    N_("Rename"),
    N_("Rename the role"),
    command="users.rename_role",
    done=N_("The role is renamed."),
)
REMOVE = Action(
    "roles.remove", "delete", N_("Delete"), N_("Delete a role that nobody has"),
    command="users.remove_role",
    done=N_("The role {row} is deleted."),
)  # fmt: skip


CEILINGS = Action(
    "roles.ceilings", "b", N_("Ceilings"),
    N_("How far the role may go alone: discount, credit, refund"), command="users.set_ceilings",
    done=N_("{row}: ceilings stored."),
)  # fmt: skip


def _field(permission: str) -> str:
    return permission.replace(".", "-")


def _typed(permission: str, most: int | None) -> str:
    if most is None:
        return ""
    return Discount(part=most).typed or "0%" if permission == "sales.discount" else as_typed(most)


def _most(permission: str, typed: str) -> int | None:
    """What was typed as a ceiling; None for nothing. Raises `BadPercent`, `BadMoney`."""
    if not typed.strip():
        return None
    if permission != "sales.discount":
        try:
            return money.parsed(typed)
        except BadMoney as problem:
            # Two fields are in rupiah.
            raise BadMoney(**problem.params, field=_field(permission)) from None
    part = money.percent(typed)
    if not 0 <= part <= money.WHOLE:
        raise BadPercent(text=typed.strip())
    return part


def _broken(name: str, width: int) -> list[str]:
    """A name on two lines, the first as full as whole words make it; a word alone that is too long is
    parted."""
    words = name.split()
    if len(words) == 1 and len(name) > width:
        return [f"{name[: width - 1]}-", name[width - 1 :]]
    count = next(
        (each for each in range(len(words), 1, -1) if cell_len(" ".join(words[:each])) <= width), 1
    )
    return [" ".join(words[:count]), " ".join(words[count:])]


class Grid(Widget, can_focus=True):
    """Permissions down, roles across; a cursor in both ways."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "grid--head", "grid--row", "grid--cursor", "grid--dim",
    }  # fmt: skip

    class Moved(Message):
        """The cursor stands elsewhere."""

    def __init__(self) -> None:
        super().__init__(id="grid")
        self._roles: list[tuple[int, str, frozenset[str]]] = []
        self._labels: list[tuple[str, str]] = []
        self._row = self._column = self._top = 0

    def show(
        self, columns: list[tuple[int, str, frozenset[str]]], labels: list[tuple[str, str]]
    ) -> None:
        """Roles with what they hold, and permissions with what they are called."""
        self._roles, self._labels = columns, labels
        self._column = max(0, min(self._column, len(columns) - 1))
        self.refresh()

    @property
    def role(self) -> tuple[int, str, frozenset[str]] | None:
        """The role under the cursor."""
        return self._roles[self._column] if self._roles else None

    @property
    def permission(self) -> str:
        """The permission under the cursor."""
        return self._labels[self._row][0]

    def on_key(self, event: events.Key) -> None:
        down = {"down": 1, "up": -1, "pagedown": 10, "pageup": -10, "home": -99, "end": 99}
        across = {"right": 1, "left": -1}
        if event.key in down and self._labels:
            self._row = max(0, min(self._row + down[event.key], len(self._labels) - 1))
        elif event.key in across and self._roles:
            self._column = (self._column + across[event.key]) % len(self._roles)
        else:
            return
        event.stop()
        self._keep_in_view()
        self.post_message(self.Moved())

    def on_click(self, event: events.Click) -> None:
        place, width = event.y - self._head + self._top, self._label_width
        column = (event.x - width) // self._role_width if event.x >= width else -1
        if event.y >= self._head and place < len(self._labels) and 0 <= column < len(self._roles):
            self._row, self._column = place, column
            self._keep_in_view()
            self.post_message(self.Moved())

    def on_resize(self) -> None:
        self._keep_in_view()

    def _keep_in_view(self) -> None:
        height = max(1, self.size.height - self._head)
        self._top = max(0, min(self._top, self._row), self._row - height + 1)
        self.refresh()

    @property
    def _label_width(self) -> int:
        """As wide as the longest, if the roles have room for their names beside it; else for some of
        each."""
        natural = max((cell_len(label) for _, label in self._labels), default=0) + 2
        count, names = max(1, len(self._roles)), self._longest_name + 1
        room = self.size.width
        return max(24, min(natural, max(room - names * count, min(46, room - 9 * count))))

    @property
    def _longest_name(self) -> int:
        return max((cell_len(name) for _, name, _held in self._roles), default=0)

    @property
    def _role_width(self) -> int:
        room = self.size.width - self._label_width
        return max(7, min(18, room // max(1, len(self._roles))))

    @property
    def _head(self) -> int:
        """The lines of the names: two where some need them."""
        return 1 if self._longest_name < self._role_width else 2

    def _tone(self, name: str) -> Style:
        return self.get_component_rich_style(f"grid--{name}")

    def render_line(self, y: int) -> Strip:
        label, wide = self._label_width, self._role_width
        # As many roles as there is room for, the one under the cursor among them.
        count = max(1, (self.size.width - label) // wide)
        first = max(0, self._column - count + 1)
        shown = list(enumerate(self._roles))[first : first + count]
        if y < self._head:
            head = self._tone("head")
            parts = [Segment(" " * label, head)]
            for place, (_, name, _held) in shown:
                style = head + Style(bold=True) if place == self._column else head
                lines = [name] if self._head == 1 else _broken(name, wide - 1)
                told = lines[y] if y < len(lines) else ""
                parts.append(Segment(fit(told, wide - 1) + " ", style))
            return Strip(parts).adjust_cell_length(self.size.width, head)
        place = y - self._head + self._top
        if place >= len(self._labels):
            return Strip.blank(self.size.width, self._tone("row"))
        permission, label_text = self._labels[place]
        here = place == self._row
        base = self._tone("row")
        parts = [Segment(" " + fit(label_text, label - 2) + " ", base + Style(bold=here))]
        for column, (_, _name, held) in shown:
            mark = "✓" if permission in held else "·"
            style = self._tone("cursor") if here and column == self._column else base
            if permission not in held and not (here and column == self._column):
                style = self._tone("dim")
            parts.append(Segment(mark.center(wide - 1), style))
            parts.append(Segment(" ", base))
        return Strip(parts).adjust_cell_length(self.size.width, base)


class RolesScreen(Page):
    """What each role may do; the users screen shows the role of each user."""

    needs = "users.edit"
    heading = N_("Access rights")
    about = N_(
        "↑ ↓ choose a permission, ← → a role; Space gives it or takes it away. This counts at "
        "once, for open sessions too."
    )
    own: ClassVar[tuple[Action, ...]] = (GIVE, CEILINGS, ADD, RENAME, REMOVE)
    topics = frozenset({"roles", "users"})

    def last_keys(self) -> tuple[Action, ...]:
        return (actions.BACK, actions.HELP)

    _ceilings: Mapping[int, Mapping[str, int]] = MappingProxyType({})
    """How far each role may go alone, by its key."""

    def body(self) -> ComposeResult:
        yield Grid()
        yield Plain("", id="told")

    def on_mount(self) -> None:
        self.grid.focus()

    @property
    def grid(self) -> Grid:
        return self.query_one(Grid)

    async def show(self) -> None:
        grid = await self.desk.ask(roles.grid)
        self._ceilings = await self.desk.ask(roles.ceilings_of_each)
        self.grid.show(
            [(role_id, self.tr(name), held) for role_id, (name, held) in grid.items()],
            [(name, self.tr(label)) for name, label in access.PERMISSIONS.items()],
        )
        self.on_grid_moved()

    def on_grid_moved(self) -> None:
        role = self.grid.role
        if role is not None:
            label = self.tr(access.PERMISSIONS[self.grid.permission])
            given = self.grid.permission in role[2]
            told = N_("{role} may: {what}") if given else N_("{role} may not: {what}")
            most = self._ceilings.get(role[0], {}).get(self.grid.permission)
            if given and most is not None:
                label += f" ≤ {display.ceiling(self.grid.permission, most)}"
            self.query_one("#told", Plain).show(self.tr(told, role=role[1], what=label))

    @property
    def row_called(self) -> str:
        return self.grid.role[1] if self.grid.role else ""

    def do_app_back(self) -> None:
        self.dismiss(None)

    @once_a_time
    async def do_roles_grant(self) -> None:
        role = self.grid.role
        if role is not None:
            permission = self.grid.permission
            await self.desk.act(roles.grant, role[0], permission, permission not in role[2])
            await self.show()

    @once_a_time
    async def do_roles_add(self) -> None:
        role = self.grid.role
        like = role[0] if role else None

        async def add(values: Values) -> object:
            return await self.desk.act(roles.add, values["name"], like)

        intro = self.tr(N_("It may do what {role} may, until you change it."),
                          role=role[1] if role else "")  # fmt: skip
        if await self.ask_for(self._form("", add, intro)):
            self.look_again()

    @once_a_time
    async def do_roles_rename(self) -> None:
        role = self.grid.role
        if role is None:
            return

        async def rename(values: Values) -> object:
            await self.desk.act(roles.rename, role[0], values["name"])
            return True

        if await self.ask_for(self._form(role[1], rename, "")):
            self.look_again()

    @once_a_time
    async def do_roles_ceilings(self) -> None:
        role = self.grid.role
        if role is None:
            return
        now = await self.desk.ask(roles.ceilings, role[0])

        async def put(values: Values) -> object:
            wanted = {each: _most(each, values[_field(each)]) for each in access.CEILINGS}
            await self.desk.act(roles.set_ceilings, role[0], wanted)
            return True

        fields = [
            Field(_field(each), self.tr(label), self.tr(N_("Empty: as much as one likes")),
                  _typed(each, now.get(each)),
                  errors=(BadPercent,) if each == "sales.discount" else (BadMoney,))
            for each, label in access.CEILINGS.items()
        ]  # fmt: skip
        intro = self.tr(
            N_("Beyond that a second person permits it with a PIN: somebody whose role may.")
        )
        title = self.tr(N_("Ceilings of {role}"), role=role[1])
        if await self.ask_for(Form(f"ceilings {role[0]}", title, fields, put, intro=intro)):
            self.look_again()

    def _form(self, name: str, submit: object, intro: str) -> Form:
        field = Field("name", self.tr(N_("Name")), initial=name,
                      errors=(RoleNameMissing, RoleTaken))  # fmt: skip
        title = self.tr(N_("Role {name}"), name=name) if name else self.tr(N_("New role"))
        return Form(f"role {name}", title, [field], submit, intro=intro)  # type: ignore[arg-type]

    @once_a_time
    async def do_roles_remove(self) -> None:
        role = self.grid.role
        if role is None:
            return
        question = self.tr(N_("Delete the role {name}?"), name=role[1])
        if await sure(self, question, "", self.tr(N_("Delete"))):
            await self.desk.act(roles.remove, role[0])
            self.look_again()
