"""Loading the screens: after the login stands, and what few open only when it is opened."""

import pkgutil
from importlib import import_module

from crm_tui import screens

_LATER = (
    "reports.report", "reports.few", "shell.exporting", "shell.importing", "shell.understanding",
    "widgets.area", "administration.sales_book", "reports.figures", "customers.ranking",
    "promos.campaigns", "promos.compose", "promos.telling", "customers.rewards",
    "customers.reward_lists", "promos.lost",
    "administration.backups", "administration.roles", "administration.users", "office", "branches",
    "items.words", "door.first_start", "door.from_backup", "finder.offers", "finder.words_for",
    "administration.settings", "administration.health",
)  # fmt: skip
"""Screens that few open, with some megabytes behind them, or rooms of such: they are loaded when they
are opened."""


def load_screens() -> None:
    """Load the screens, with the actions that they declare; not before the login stands."""
    for module in pkgutil.walk_packages(screens.__path__, screens.__name__ + "."):
        name = module.name.removeprefix(screens.__name__ + ".")
        if name not in _LATER and name.partition(".")[0] not in _LATER:
            import_module(module.name)
