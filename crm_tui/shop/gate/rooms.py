"""What rooms declare for the gate, or for a room below them: found by the name of the module.

A lower room imports no higher one. What it asks of them stands in a module of an agreed name in each
room that has something to say, and is loaded when it is asked for.
"""

import pkgutil
from functools import cache
from importlib import import_module
from types import ModuleType

from crm_tui import shop


@cache
def load(*names: str) -> tuple[ModuleType, ...]:
    """Import the modules of these names in all rooms, so that what they declare is known; in an order
    that does not depend on what was imported before."""
    return tuple(
        import_module(module.name)
        for module in pkgutil.walk_packages(shop.__path__, shop.__name__ + ".")
        if module.name.rpartition(".")[2] in names
    )
