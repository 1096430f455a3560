"""The key of the chain (`ledger_chain`): a secret of the account, outside of the shop's folder.

Whoever has the shop's files – a copy, a stick, a share – has not got it, and cannot make a row that
fits. Accounts that work on one shop share the file: the variable CRM_TUI_KEY names it.
"""

import json
import os
import re
import secrets
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import platformdirs
from filelock import FileLock

from crm_tui import atomic_file

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
    return _key_of(os.environ.get("CRM_TUI_KEY") or str(path()))


@lru_cache(8)
def _key_of(name: str) -> bytes:
    file = Path(name)
    for _ in range(2):
        try:
            found = _octets(file)
        except FileNotFoundError:
            _make(file)
        except OSError:
            return b""
        else:
            return found if len(found) == OCTETS else b""
    return b""


def _octets(file: Path) -> bytes:
    """What a file holds. Raises `OSError`, also where it is a pipe or a device, which would be waited
    for for ever."""
    if file.exists() and not file.is_file():
        raise IsADirectoryError(file)
    return file.read_bytes()


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


_PATIENCE = 5.0
"""Seconds that a program waits for another one that notes how far its chain is."""
_KEPT = re.compile(r"heads\.(?:json|lock)|(?:rules|checked|chain)-.+", re.IGNORECASE)
"""What lies beside the key: how far chains were, what is sound, what checks found, keys of branches."""


def keeps(target: Path) -> bool:
    """Whether a file, by whatever name or link, is the key, or of what the program keeps beside it."""
    file, there = path(), target.resolve()
    with suppress(OSError):
        if file.exists() and target.exists() and os.path.samefile(file, target):
            return True
    folder = file.parent.resolve()
    if folder not in there.parents:
        return False
    name = there.relative_to(folder).parts[0]
    return name.casefold() == file.name.casefold() or _KEPT.fullmatch(name) is not None


def name_of(secret: bytes) -> bytes:
    """Four octets that tell keys apart and give nothing away; b"" for none."""
    return blake2b(b"crm-tui", key=secret, digest_size=4).digest() if secret else b""


# ── how far the chain of a store was, beside the key ──────────────────────────────────────────────


@dataclass(frozen=True)
class Head:
    """A link: its number, its sum in hexadecimal, and the number of the one with which the chain began
    then (-1: not known)."""

    link: int
    sum: str
    begun: int = -1


def heads(store: Path, epoch: str) -> list[list[Head]]:
    """What is remembered of the store that lies there: of each list one must be in its chain. `epoch`:
    the store's; what older programs noted counts for theirs alone."""
    noted = _read()
    found = [_heads_of(noted.get(name), epoch) for name in names(store)]
    return [each for each in found if each]


def _heads_of(noted: Any, epoch: str) -> list[Head]:
    try:
        if noted.get("epoch", epoch) != epoch:
            return []
        return [Head(int(each["link"]), str(each["sum"]), int(each.get("begun", -1)))
                for each in (noted, *noted.get("or", ()))]  # fmt: skip
    except (AttributeError, ValueError, KeyError, TypeError):
        return []


def note_head(store: Path, head: Head) -> None:
    """Remember how far it is; where that cannot be kept, less is found out later."""
    _note(dict.fromkeys(names(store), asdict(head)))


def expect_head(store: Path, head: Head) -> None:
    """Another store is about to take the place of the one that lies there, whose chain ends so: either
    may be there afterwards."""
    noted = _read()
    known = {name: noted[name] for name in names(store) if isinstance(noted.get(name), dict)}
    _note(
        {name: {**each, "or": [*each.get("or", ()), asdict(head)]} for name, each in known.items()}
    )


def forget_head(store: Path) -> None:
    """A store is made anew: how far another one was does not count."""
    _note(dict.fromkeys(names(store)))


def heads_file() -> Path:
    """Where it is remembered how far chains are."""
    return path().with_name("heads.json")


def marks(store: Path) -> dict[str, str]:
    """The names of a store, by digests that name neither it nor the key that its chain has here."""
    return {
        blake2b(name.encode("utf-8", "surrogatepass"), key=key(), digest_size=8).hexdigest(): name
        for name in names(store)
    }


def remembered(store: Path) -> dict[str, int]:
    """The last link that is remembered by each of its `marks`."""
    noted, found = _read(), {}
    for mark, name in marks(store).items():
        with suppress(AttributeError, ValueError, KeyError, TypeError):
            found[mark] = int(noted[name]["link"])
    return found


def names(store: Path) -> list[str]:
    """By which it is remembered: where it is looked for, too, for a link there may lead anywhere."""
    return list(dict.fromkeys((os.path.abspath(store), str(store.resolve()))))


def _read() -> dict[str, Any]:
    try:
        noted = json.loads(_octets(heads_file()))
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def _note(changes: dict[str, dict[str, Any] | None]) -> None:
    file = heads_file()
    # Programs of several shops note there: none takes back what another has just noted.
    with suppress(OSError), FileLock(file.with_suffix(".lock"), mode=0o600, timeout=_PATIENCE):
        before = _read()
        noted = {name: each for name, each in (before | changes).items() if each is not None}
        if noted == before:
            return
        atomic_file.write(file, json.dumps(noted).encode("utf-8", "surrogatepass"))
