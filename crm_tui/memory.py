"""Memory, on the old PC at the counter: little is kept, and what is done with goes back.

begin  ── one heap for all threads
settle ── what is loaded lives until the end, and is never looked through again
tidy   ── after a screen was closed: its parts, which point at each other, go at once
"""

import ctypes
import gc
import sys
from importlib import import_module
from types import ModuleType

_M_ARENA_MAX = -8
"""mallopt(3): how many heaps threads may spread over; each keeps what it once had."""

_OF_ITS_COMMAND_LINE = (
    "sqlite3", "dateutil", "click", "sqlite_utils.plugins", "sqlite_utils.hookspecs", "sqlite_fts4",
)  # fmt: skip
_NAMED_ONLY = (
    "textual.widgets._directory_tree", "textual.widgets._placeholder", "textual.widgets._select",
)  # fmt: skip
"""Widgets of which the toolkit names the types for those who use them, which nobody does here."""

_glibc = ctypes.CDLL(None) if sys.platform.startswith("linux") else None


def begin(*, asyncio: bool = True, engine: bool = True) -> None:
    """Call it before anything large is imported: 9 MB less in the end. `asyncio`: whether the process
    needs it, for its screens; `engine`: whether it needs the store at once, else `load_engine` comes
    later."""
    _without_openssl(*(["asyncio"] if asyncio else []), "hashlib", "hmac")
    import_without("logging.handlers", "pickle")
    if asyncio:
        _styles_with_little()
        import_without("textual.types", *_NAMED_ONLY)
    if engine:
        load_engine()
    mallopt = getattr(_glibc, "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 1)


def load_engine() -> None:
    """Load what stores, before anything else loads it: Python's engine is not loaded beside ours, nor
    what its library has for a command line and for plugins: 4 MB."""
    import_module("crm_tui.sqlite")
    import_without("sqlite_utils", *_OF_ITS_COMMAND_LINE)


def _styles_with_little() -> None:
    """Load what styles are made of with the half of pickle that they ask for, which is written in C:
    the other one, the same once more in Python, takes 0.2 MB."""
    if "pickle" not in sys.modules:
        sys.modules["pickle"] = import_module("_pickle")
        try:
            import_module("rich.style")
            import_module("textual.style")
        finally:
            del sys.modules["pickle"]


def _without_openssl(*modules: str) -> None:
    """Import what loads OpenSSL wherever it finds it, 5 MB, and does as well without.

    The program opens no connection to a network. A later import of ssl finds it as ever.
    """
    absent = {name: None for name in ("_ssl", "_hashlib") if name not in sys.modules}
    sys.modules.update(absent)  # type: ignore[arg-type]
    try:
        for module in modules:
            # What encrypts lines in asyncio is no more than named.
            import_without(module, "asyncio.sslproto")
    finally:
        for name in absent:
            del sys.modules[name]


def import_without(name: str, *absent: str) -> ModuleType:
    """Import a module that asks for others only so that they are there, such as ssl (4 MB, where it
    brings an OpenSSL of its own) or asyncio (3 MB). A later import of them finds them as ever."""
    missing = [each for each in absent if each not in sys.modules]
    sys.modules.update({each: _StandIn(each) for each in missing})
    try:
        return import_module(name)
    finally:
        for each in missing:
            del sys.modules[each]


class _StandIn(ModuleType):
    """Has each class that it is asked for; nobody makes anything of them, or raises them."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        made = type(name, (BaseException,), {"__class_getitem__": lambda cls, _: cls})
        setattr(self, name, made)
        return made


def settle() -> None:
    """Set apart what lives until the end, so that `tidy` need not look through it."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    give_back()


def tidy() -> None:
    """Let go what nobody holds any more; it takes a few milliseconds."""
    gc.collect()
    give_back()


def give_back() -> None:
    """Hand free pages to the system; by itself glibc only does so at the end of its heap."""
    trim = getattr(_glibc, "malloc_trim", None)
    if trim is not None:
        trim(0)
