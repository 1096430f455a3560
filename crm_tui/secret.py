"""The key of the chain (`chain`): a secret of this computer's account, outside of the shop's folder.

Whoever has the shop's files – a copy, a stick, a share – has not got it, and cannot make a row that
fits. Accounts that work on one shop share the file: the variable CRM_TUI_KEY names it.
"""

import json
import os
import secrets
import tempfile
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import platformdirs

OCTETS = 32
_NAME = "ledger.key"


def path() -> Path:
    """The file with the key."""
    named = os.environ.get("CRM_TUI_KEY")
    if named:
        return Path(named)
    # Not the folder of the data: on some systems both are the same.
    return Path(platformdirs.user_config_dir("crm-tui-key", appauthor=False)) / _NAME


def key() -> bytes:
    """The key, made at the first time; b"" where none can be kept."""
    return _key_of(path())


@lru_cache(8)
def _key_of(file: Path) -> bytes:
    for _ in range(2):
        try:
            found = file.read_bytes()
        except FileNotFoundError:
            _make(file)
        except OSError:
            return b""
        else:
            return found if len(found) == OCTETS else b""
    return b""


def _make(file: Path) -> None:
    """Make a key there, unless another program has just done so; whole or not at all."""
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".key")
        try:
            with os.fdopen(handle, "wb") as made:
                made.write(secrets.token_bytes(OCTETS))
                made.flush()
                os.fsync(made.fileno())
            # Refused if there is one: a key is never written over.
            os.link(temporary, file)
        except (OSError, NotImplementedError):
            if not file.exists():
                os.rename(temporary, file)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(temporary)


def name_of(secret: bytes) -> bytes:
    """Four octets that tell keys apart and give nothing away; b"" for none."""
    return blake2b(b"crm-tui", key=secret, digest_size=4).digest() if secret else b""


# ── how far the chain of a store was, beside the key ──────────────────────────────────────────────


def _heads() -> Path:
    return path().with_name("heads.json")


def head(store: Path, epoch: str) -> tuple[int, str] | None:
    """The last link that was seen of the store that lies there: its number, its sum in hexadecimal."""
    try:
        noted = json.loads(_heads().read_text("utf-8"))[str(store.resolve())]
        return (int(noted["link"]), str(noted["sum"])) if noted["epoch"] == epoch else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def note_head(store: Path, epoch: str, link: int, told: str) -> None:
    """Remember how far it is; where that cannot be kept, less is found out later."""
    _note(store, {"epoch": epoch, "link": link, "sum": told})


def forget_head(store: Path) -> None:
    """How far it was does not count any more."""
    _note(store, None)


def _note(store: Path, what: dict[str, object] | None) -> None:
    file, name = _heads(), str(store.resolve())
    with suppress(OSError):
        try:
            noted = json.loads(file.read_text("utf-8"))
        except (OSError, ValueError):
            noted = {}
        others = {} if not isinstance(noted, dict) else noted
        if others.get(name) == what:
            return
        others.pop(name, None)
        if what is not None:
            others[name] = what
        handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".json")
        with os.fdopen(handle, "w", encoding="utf-8") as made:
            json.dump(others, made)
        os.replace(temporary, file)
