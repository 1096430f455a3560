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

_glibc = ctypes.CDLL(None) if sys.platform.startswith("linux") else None


def begin() -> None:
    """Call it before anything large is imported: 8 MB less in the end."""
    _without_openssl("asyncio", "hashlib", "hmac")
    mallopt = getattr(_glibc, "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 1)


def _without_openssl(*modules: str) -> None:
    """Import what loads OpenSSL wherever it finds it, 5 MB, and does as well without.

    The program opens no connection to a network. A later import of ssl finds it as ever.
    """
    absent = {name: None for name in ("_ssl", "_hashlib") if name not in sys.modules}
    sys.modules.update(absent)  # type: ignore[arg-type]
    try:
        for module in modules:
            import_module(module)
    finally:
        for name in absent:
            del sys.modules[name]


def import_without_ssl(name: str) -> ModuleType:
    """Import a module that asks for Python's ssl only so that it is there, and brings an OpenSSL of its
    own: 4 MB less. A later import of ssl finds it as ever."""
    if "ssl" in sys.modules:
        return import_module(name)
    sys.modules["ssl"] = ModuleType("ssl")
    try:
        return import_module(name)
    finally:
        del sys.modules["ssl"]


def settle() -> None:
    """Set apart what lives until the end, so that `tidy` need not look through it."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    _give_back()


def tidy() -> None:
    """Let go what nobody holds any more; it takes a few milliseconds."""
    gc.collect()
    _give_back()


def _give_back() -> None:
    """Hand free pages to the system; by itself glibc only does so at the end of its heap."""
    trim = getattr(_glibc, "malloc_trim", None)
    if trim is not None:
        trim(0)
