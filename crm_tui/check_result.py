"""What the last check of the store found, kept beside it: a store that is damaged cannot be asked.

Beside the key of the chain stands a digest of what was kept: whoever writes into the shop's folder
alone cannot put another finding there, an older one or none, without that being told.
"""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from crm_tui import atomic_file, secret


@dataclass(frozen=True)
class Checked:
    """`at`: when the file was read through last, `thorough_at`: with its trees and its sums; moments of
    `clock.stamp`, "" if never. `seconds`: how long that took.

    `structure`: what SQLite says is broken, "" if nothing: such a store is only read. `pages`: how many
    are not as they were written; `tables`: where they lie. `mended`: single bits that were put right,
    `mended_at` when. `sums`: what the ledgers say otherwise, a sentence and the row's key each.
    `lost`: transactions at the end of the log that could not be read, `lost_at` when that was found and
    `kept`: the file in which they still stand. `rescued`: transactions that were lost but for a bit.
    `backup`: the last good one, noted when the store is damaged: it may not say so any more.
    `chain`: the first row that does not fit the chain over the ledgers: its table, its key and a
    sentence; () if all do. `links`: how many links there are; `foreign`: those whose key is not on this
    computer; `head`: the last one, as a closing slip has it.
    `trouble`: why no check could be made. `file`: the file that was looked at: another one may lie
    there by now. `strange`: what was found last was changed or taken away by others, and not all was
    read anew since; `strange_at`: when the program came upon that.
    `noted`: the mark of the sums of pages (`page_sums.mark`), "" if there were none; `unsummed_at`:
    when they were found to be others, or gone.
    `marks`: by which the digest beside the key was written (`secret.marks`). `heads`: how far the chain
    was remembered there after the last check (`secret.remembered`); `forgotten_at`: when that was found
    to be gone, or to be less.
    """

    at: str = ""
    thorough_at: str = ""
    seconds: float = 0.0
    octets: int = 0
    structure: str = ""
    pages: int = 0
    tables: tuple[str, ...] = ()
    mended: int = 0
    mended_at: str = ""
    sums: tuple[tuple[str, int], ...] = field(default=())
    chain: tuple[str, ...] = ()
    links: int = 0
    foreign: int = 0
    head: str = ""
    lost: int = 0
    lost_at: str = ""
    kept: str = ""
    rescued: int = 0
    trouble: str = ""
    backup: str = ""
    file: int = 0
    strange: bool = False
    strange_at: str = ""
    noted: str = ""
    unsummed_at: str = ""
    marks: tuple[str, ...] = ()
    heads: tuple[tuple[str, int], ...] = ()
    forgotten_at: str = ""


def path_of(store: Path) -> Path:
    return store.with_name(store.name + "-checked")


def _file(store: Path) -> int:
    try:
        return store.stat().st_ino
    except OSError:
        return 0


def read(store: Path) -> Checked:
    """What is known of the file that lies there now."""
    octets = atomic_file.octets_of(path_of(store))
    noted = _noted(store)
    if any(_digest(octets) not in each for each in noted):
        return Checked(strange=True)
    try:
        said: dict[str, Any] = json.loads(octets)
        known = Checked(**{key: said[key] for key in said if key in Checked.__dataclass_fields__})
        known = replace(
            known,
            tables=tuple(known.tables),
            chain=tuple(known.chain),
            sums=tuple((str(text), int(key)) for text, key in known.sums),
            marks=tuple(known.marks),
            heads=tuple((str(mark), int(link)) for mark, link in known.heads),
        )
    except (ValueError, TypeError):
        return Checked()
    if known.file == _file(store):
        # The reader that came upon it may not have read all: a log was damaged, a check not made.
        return replace(
            known, strange=known.strange_at > known.thorough_at or _is_lost(store, known.marks)
        )
    # Another file lies there. A restore takes the notes away first.
    return Checked(strange=bool(noted) and store.exists())


def read_at(store: Path, at: str) -> Checked:
    """The same for a program that writes it again at a moment: that others changed it stays known."""
    known = read(store)
    return replace(known, strange=False, strange_at=at) if known.strange else known


def forget(store: Path) -> None:
    """Nothing is known of a store that is made anew."""
    with suppress(OSError):
        path_of(store).unlink(missing_ok=True)
    expect_another(store)


def expect_another(store: Path) -> None:
    """Another store, with findings of its own or none, is about to lie there."""
    for note in _notes(store):
        # One that is gone was taken away by somebody else.
        with suppress(OSError):
            if os.path.lexists(note):
                atomic_file.write(note, _ANY.encode())


def write(store: Path, found: Checked) -> None:
    """Keep it, whole or not at all. Raises `OSError`."""
    marks = tuple(secret.marks(store))
    kept = asdict(replace(found, file=_file(store), strange=False, marks=marks))
    octets = json.dumps(kept, ensure_ascii=False).encode("utf-8", "surrogatepass")
    before = atomic_file.octets_of(path_of(store))
    fits = all(_digest(before) in each for each in _noted(store))
    # Whichever of the two lies there, if this ends in between; but nothing that others put there.
    _note(store, *([before] if fits else ()), octets)
    atomic_file.make_way(path_of(store))
    atomic_file.write(path_of(store), octets)
    if atomic_file.octets_of(path_of(store)) == octets:
        # Else another program has written since, and notes what.
        _note(store, octets)


# ── its digest, beside the key ────────────────────────────────────────────────────────────────────


def _notes(store: Path) -> list[Path]:
    """A file for each name by which the store is known: two shops do not wait for each other."""
    folder = secret.path().parent
    return [
        folder
        / f"checked-{blake2b(name.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}"
        for name in secret.names(store)
    ]


_ANY = "any"
"""In a note's place: whatever findings lie there count."""


def _digest(octets: bytes) -> str:
    return blake2b(octets, digest_size=16).hexdigest() if octets else "none"


def _note(store: Path, *kept: bytes) -> None:
    """Where no note can be kept, less is found out later."""
    for note in _notes(store):
        with suppress(OSError):
            atomic_file.write(note, " ".join(map(_digest, kept)).encode())


def _is_lost(store: Path, marks: tuple[str, ...]) -> bool:
    """Whether a digest that was written is not there. A store that was moved, or another account's, has
    other marks."""
    return bool(marks) and any(
        mark in marks and not note.is_file()
        for mark, note in zip(secret.marks(store), _notes(store), strict=True)
    )


def _noted(store: Path) -> list[list[str]]:
    """What may lie there, by each name of the store; nothing by a name that was never noted."""
    found = []
    for note in _notes(store):
        with suppress(OSError, ValueError):
            found.append(note.read_text("ascii").split())
    return [each for each in found if each != [_ANY]]
