"""What the last check of the store found, kept beside it: a store that is damaged cannot be asked."""

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any


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
    there by now.
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


def path_of(store: Path) -> Path:
    return store.with_name(store.name + "-checked")


def _file(store: Path) -> int:
    try:
        return store.stat().st_ino
    except OSError:
        return 0


def read(store: Path) -> Checked:
    """What is known of the file that lies there now."""
    try:
        said: dict[str, Any] = json.loads(path_of(store).read_text("utf-8"))
        known = Checked(**{key: said[key] for key in said if key in Checked.__dataclass_fields__})
        known = replace(
            known,
            tables=tuple(known.tables),
            chain=tuple(known.chain),
            sums=tuple((str(text), int(key)) for text, key in known.sums),
        )
    except (OSError, ValueError, TypeError):
        return Checked()
    return known if known.file == _file(store) else Checked()


def forget(store: Path) -> None:
    """Nothing is known of a store that is made anew."""
    with suppress(OSError):
        path_of(store).unlink(missing_ok=True)


def write(store: Path, found: Checked) -> None:
    """Keep it, whole or not at all. Raises `OSError`."""
    handle, temporary = tempfile.mkstemp(dir=store.parent, prefix=".", suffix="-checked")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(asdict(replace(found, file=_file(store))), file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path_of(store))
    except OSError:
        with suppress(OSError):
            os.unlink(temporary)
        raise
