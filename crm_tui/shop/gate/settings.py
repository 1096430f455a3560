"""Settings: each declared once, with its default, its kind and its help."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import ModuleType
from typing import Any, Generic, TypeVar

from crm_tui import clock
from crm_tui.errors import N_
from crm_tui.i18n import Translate
from crm_tui.shop.gate import rooms
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadSetting, UnknownSetting

T = TypeVar("T")

REFUSED = N_('"{value}" is stored, which is not allowed any more: the usual value counts.')
"""What is told of a setting whose stored value was refused."""
YES, NO = N_("yes"), N_("no")
_SWITCHES = {"1": 1, "ya": 1, "yes": 1, "0": 0, "tidak": 0, "no": 0}
_SETTINGS: dict[str, "Setting[Any]"] = {}
_DECLARED_IN = ("settings", "replies", "texts")
"""The modules of a room that declare settings; texts to customers are settings, too."""


@dataclass(frozen=True)
class Setting(Generic[T]):
    """A value that the shop may choose. `secret` ones are not shown, and not in the audit.

    `chosen` is done, within the command, when somebody has chosen a value.
    """

    key: str
    default: T
    read: Callable[[str], T]
    help: str
    secret: bool = False
    chosen: Callable[[Context], None] | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    """What people call each of `choices`."""

    def __post_init__(self) -> None:
        known = _SETTINGS.setdefault(self.key, self)
        assert known is self, f"two settings are called {self.key}"

    @property
    def switches(self) -> bool:
        """Whether it is on or off, and nothing else."""
        return self.read is switch

    @property
    def choices(self) -> Sequence[str]:
        """All that it may be, where those are a few words; else none."""
        return self.read.choices if isinstance(self.read, _OneOf) else ()

    def told(self, value: object, tr: Translate) -> str:
        """A value as people read it; those of secret ones are not for this."""
        if self.switches:
            return tr(YES if value else NO)
        return tr(self.words[str(value)]) if str(value) in self.words else str(value)

    def __call__(self, ctx: Context) -> T:
        """The value in force."""
        text = _text(ctx, self.key)
        try:
            return self.default if text is None else self.read(text)
        except ValueError:
            # The caller goes on; a user who looks at the settings is told (`refused`).
            return self.default

    def refused(self, ctx: Context) -> str | None:
        """A stored value that is not allowed any more, so that the default counts; None if all is well.

        A secret one is told as "…".
        """
        text = _text(ctx, self.key)
        try:
            if text is not None:
                self.read(text)
            return None
        except ValueError:
            return "…" if self.secret else text


def _text(ctx: Context, key: str) -> str | None:
    """What is stored under `key`. A transaction sees one state of the store: it reads all at once."""
    work = ctx.work
    if work is None:
        row = ctx.db.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
        if key == "shop.zone":
            clock.use_zone(row[0] if row else "")
        return None if row is None else str(row[0])
    if work.settings is None:
        work.settings = dict(ctx.db.execute("SELECT key, value FROM settings").fetchall())
        # Another program may have chosen another one since.
        clock.use_zone(work.settings.get("shop.zone", ""))
    return work.settings.get(key)


def _forget(ctx: Context) -> None:
    """One of them is another now, within a transaction."""
    if ctx.work is not None:
        ctx.work.settings = None


def switch(text: str) -> int:
    """1 for on, 0 for off; people may write it in words."""
    try:
        return _SWITCHES[text.strip().casefold()]
    except KeyError:
        raise ValueError(N_("yes or no")) from None


def between(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,15}", text) or not least <= int(text) <= most:
            raise ValueError(f"{least} … {most}")
        return int(text)

    return read


@dataclass(frozen=True)
class _OneOf:
    choices: Sequence[str]

    def __call__(self, text: str) -> str:
        if text not in self.choices:
            raise ValueError(", ".join(self.choices))
        return text


def one_of(*choices: str) -> Callable[[str], str]:
    return _OneOf(choices)


def at_most(most: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > most:
            raise ValueError(f"0 … {most}")
        return " ".join(text.split())

    return read


def not_empty(text: str) -> str:
    if not text.strip():
        raise ValueError(N_("it must not be empty"))
    return text


def _keys(text: str) -> str:
    if text and not re.fullmatch(r"\s*[\w.]+=[\w+]+(?:\s*,\s*[\w.]+=[\w+]+)*\s*", text):
        raise ValueError("orders.confirm=y, orders.reject=n")
    return text


def _country(text: str) -> str:
    import phonenumbers

    if text not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError("ID, MY, SG …")
    return text


SHOP_NAME = Setting("shop.name", "", not_empty, N_("The name of the shop, as customers know it"))
HOURS = Setting(
    "shop.hours",
    "",
    at_most(120),
    N_("Opening hours, as customers are told; empty: the staff answer"),
)
ADDRESS = Setting(
    "shop.address",
    "",
    at_most(120),
    N_("The address of the shop, as customers are told; empty: the staff answer"),
)
ZONE = Setting(
    "shop.zone",
    clock.ZONE,
    one_of(*clock.ZONES),
    N_("The shop's time zone: Asia/Jakarta (WIB), Asia/Makassar (WITA) or Asia/Jayapura (WIT)"),
)
COUNTRY = Setting("shop.country", "ID", _country, N_("The country of telephone numbers without +"))
LANGUAGE = Setting(
    "language",
    "id",
    one_of("id", "en"),
    N_("Language of screens and reports"),
    words={"id": N_("Indonesian"), "en": N_("English")},
)

THEME = Setting(
    "screen.theme",
    "dark",
    one_of("dark", "light", "terminal"),
    N_("Colours of the screen"),
    words={
        "dark": N_("dark"),
        "light": N_("light"),
        "terminal": N_("as in the terminal"),
    },
)
LOCK_MINUTES = Setting(
    "screen.lock_minutes",
    10,
    between(0, 600),
    N_("Minutes without a key until the screen locks; 0 never locks"),
)
BELL = Setting("screen.bell", 1, switch, N_("Ring at a new order and when one waits long"))
KEYS = Setting("screen.keys", "", _keys, N_("Keys of your own: orders.confirm=y, orders.reject=n"))


def every() -> dict[str, Setting[Any]]:
    """All settings of all rooms by key, the templates of the answers among them."""
    modules = rooms.load(*_DECLARED_IN)
    return dict(_sorted(modules, len(_SETTINGS)))


@lru_cache(1)
def _sorted(modules: Sequence[ModuleType], known: int) -> Mapping[str, Setting[Any]]:
    """The settings by key, anew when more are known: by room, and in a room as they are declared,
    whatever was imported first."""
    names = [setting.key for module in modules for setting in _declared(vars(module))]
    return {key: _SETTINGS[key] for key in dict.fromkeys((*names, *sorted(_SETTINGS)))}


def _declared(names: Mapping[str, object]) -> Iterator[Setting[Any]]:
    """The settings among what a module names: themselves, or behind a text that has one."""
    for name, value in names.items():
        if name.startswith("_"):
            continue
        for each in value.values() if isinstance(value, dict) else (value,):
            setting = getattr(each, "setting", each)
            if isinstance(setting, Setting):
                yield setting


def find(key: str) -> Setting[Any]:
    """The setting called `key`. Raises `UnknownSetting`."""
    try:
        return every()[key]
    except KeyError:
        raise UnknownSetting(key=key) from None


@command("settings.reset", "settings.edit")
def reset(ctx: Context, key: str) -> None:
    """Take the default again."""
    setting = find(key)
    before = setting(ctx)
    ctx.db.execute("DELETE FROM settings WHERE key = ?", (key,))
    _forget(ctx)
    _record(ctx, setting, before, setting.default)
    ctx.changed("settings", 0)


@command("settings.change", "settings.edit")
def change(ctx: Context, key: str, value: str) -> None:
    """Choose a value; raises `UnknownSetting` or `BadSetting`."""
    setting = find(key)
    try:
        setting.read(value)
    except ValueError as trouble:
        shown = "…" if setting.secret else value
        raise BadSetting(key=key, value=shown, why=str(trouble)) from None
    before = setting(ctx)
    put(ctx, key, str(switch(value)) if setting.switches else value)
    if setting.chosen is not None:
        setting.chosen(ctx)
    _record(ctx, setting, before, setting(ctx))
    ctx.changed("settings", 0)


def _record(ctx: Context, setting: Setting[Any], before: object, after: object) -> None:
    if setting.secret:
        ctx.record(f"setting {setting.key}", None, None)
    elif setting.switches:
        # Else nobody who reads a row would know that its 1 is a yes.
        ctx.record(f"setting {setting.key}", {"value": bool(before)}, {"value": bool(after)})
    else:
        ctx.record(f"setting {setting.key}", {"value": before}, {"value": after})


def put(ctx: Context, key: str, value: str) -> None:
    """Write a value that needs no check, within a command."""
    ctx.db.execute(
        "INSERT INTO settings (key, value) VALUES (?, ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )
    _forget(ctx)


def stored(ctx: Context, key: str) -> str:
    """The raw value of `key`, "" if it was never written."""
    return _text(ctx, key) or ""
