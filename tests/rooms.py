"""What stands in the rooms of the shop, wherever it is."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

from crm_tui import shop


def modules(name: str = "") -> Iterator[ModuleType]:
    """Every module of every room, or those that are called `name` in theirs."""
    for module in pkgutil.walk_packages(shop.__path__, shop.__name__ + "."):
        if name in ("", module.name.rpartition(".")[2]):
            yield import_module(module.name)
