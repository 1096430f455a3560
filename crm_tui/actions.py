"""An action, declared once: its key, footer label, palette entry, help line and permission.

The key is the default one; a setting can name another. Labels and help are keys of the catalogues.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crm_tui.errors import N_

ALL: dict[str, "Action"] = {}
"""Every action by its name."""


@dataclass(frozen=True)
class Action:
    """`command`: the shop's command behind it, whose permission it needs; `permission`: one that it
    needs without being a command. `shown` False keeps it out of the footer, not out of the help."""

    name: str
    key: str
    label: str
    help: str
    command: str = ""
    permission: str = ""
    shown: bool = True
    settled: bool = False
    """Though it is no command, a command at its end asks for the permission, with the amount."""

    done: str = ""
    """What is said after it if nothing else is; {row} is what the row under the cursor is called."""

    opens: bool = False
    """It opens a page, which outlasts whatever somebody permits for a moment: who may is only said."""

    @property
    def asks_at_its_end(self) -> bool:
        """Whether somebody is asked to permit it when it is known what it is; else before."""
        return bool(self.command) or self.settled

    def __post_init__(self) -> None:
        known = ALL.setdefault(self.name, self)
        assert known == self, f"two actions are called {self.name}"

    @property
    def needs(self) -> str:
        """The permission that the user must have, "" if none."""
        if not self.command:
            return self.permission
        # The shop is not imported before the first screen stands.
        from crm_tui.shop.gate.commands import COMMANDS

        return COMMANDS[self.command]

    @property
    def keys(self) -> list[str]:
        return self.key.split(",")


HELP = Action("app.help", "f1", N_("Help"), N_("What can be done here, and with which key"))
PALETTE = Action(
    "app.palette", "f2,ctrl+p", N_("Actions"), N_("Find anything that can be done, by its name")
)
UNDO = Action(
    "undo", "z,ctrl+z", N_("Undo"),
    N_("Take back what you did last: a decision or an answer while its SMS waits, a deletion, a merge"),
    permission="own", shown=False,
)  # fmt: skip
BACK = Action("app.back", "escape", N_("Back"), N_("Back to where you came from"))
LOCK = Action("app.lock", "f9", N_("Lock"), N_("Lock the screen, or let somebody else sign in"))
QUIT = Action("app.quit", "f10", N_("Quit"), N_("End the program"))

CLOCK = Action(
    "app.clock", "ctrl+t", N_("Clock"),
    N_("Say that the computer's clock is right, when the program doubts it"),
    permission="settings.edit", shown=False,
)  # fmt: skip

TELEPHONE = Action(
    "practice.telephone", "f5", N_("Mobile"), N_("The customer's telephone (practice shop)")
)
NEXT_PHONE = Action(
    "telephone.next", "f6", N_("Next customer"), N_("Take another customer's telephone"),
    shown=False,
)  # fmt: skip
PACE = Action(
    "telephone.pace", "f7", N_("By themselves"),
    N_("Let customers write by themselves: slowly, often, in a rush, not at all"), shown=False,
)  # fmt: skip
RESET = Action(
    "practice.reset", "f12", N_("Start again"), N_("Throw the practice shop away and start again"),
    shown=False,
)  # fmt: skip

PRACTICE = (TELEPHONE, NEXT_PHONE, PACE, RESET)
"""What there is in a practice shop alone."""

EVERYWHERE = (HELP, PALETTE, UNDO, CLOCK, *PRACTICE, LOCK, QUIT)

_NAMES = {
    "escape": "Esc", "enter": "Enter", "tab": "Tab", "slash": "/", "space": N_("Space"),
    "left": "←", "right": "→", "up": "↑", "down": "↓", "pageup": "PgUp", "pagedown": "PgDn",
    "home": "Home", "end": "End", "delete": "Del", "plus": "+", "minus": "-",
}  # fmt: skip


def key_name(key: str) -> str:
    """How people read a key: F1, Esc, k, Ctrl+P. One word may need translation (Space)."""
    first = key.split(",")[0]
    if first in _NAMES:
        return _NAMES[first]
    if first.startswith("ctrl+"):
        return "Ctrl+" + first[5:].upper()
    return first.upper() if len(first) > 1 else first


def remapped(text: str) -> dict[str, str]:
    """The keys that the setting names, by action; what it names wrongly, or twice, is left out."""
    chosen: dict[str, str] = {}
    for pair in text.split(","):
        name, _, key = pair.partition("=")
        if name.strip() in ALL and key.strip():
            chosen[name.strip()] = key.strip()
    return {name: key for name, key in chosen.items() if not _taken(name, key, chosen)}


def _taken(name: str, key: str, chosen: Mapping[str, str]) -> bool:
    """Whether another action that may stand on the same screen has this key."""
    group = name.split(".")[0]
    return any(
        key in chosen.get(other.name, other.key).split(",")
        for other in ALL.values()
        if other.name != name
        and (other in EVERYWHERE or other.name.split(".")[0] in (group, "list", "app"))
    )


def keyed(actions: Iterable[Action], chosen: Mapping[str, str]) -> list[tuple[Action, str]]:
    """Each action with the key that is in force."""
    return [(action, chosen.get(action.name, action.key)) for action in actions]
