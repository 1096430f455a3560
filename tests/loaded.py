"""All of the program, loaded once: the processes that tests start split off from one that has it.

Imported there alone (`tests/peers.py`).
"""

import gc
import gettext
import pkgutil
from importlib import import_module

import crm_tui
from crm_tui import i18n

_APART = ("office", "office_app", "office_desk", "replication")
"""What the chain's own process loads, with PostgreSQL's driver."""


def _load() -> None:
    for module in pkgutil.walk_packages(crm_tui.__path__, "crm_tui."):
        parts = module.name.split(".")
        if parts[1] not in _APART and parts[-1] != "__main__":
            import_module(module.name)
    for language in i18n.LANGUAGES:
        i18n.translate("yes", language)
        # … and as click asks for its own.
        gettext.translation(i18n.DOMAIN, i18n.FOLDER, [language], fallback=True)
    # What all share is not looked through, and so not copied, by any of them.
    gc.freeze()


_load()
