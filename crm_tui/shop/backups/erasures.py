"""Who was erased, noted beside the backups: numbers of customers, and nothing else of them.

    erase ─▶ DIR/backups/erased.json       each backup ─▶ erased.json in the other folder, too

So a backup from before is known to bring somebody back also where the store of now is gone: numbers of
customers are never given again. Whoever can write into such a folder can name anybody there: where the
store of now can be asked, it counts.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crm_tui import atomic_file
from crm_tui.clock import moment
from crm_tui.shop.backups import places
from crm_tui.shop.gate.context import Context

_FILE = "erased.json"
_LONGEST = 20_000_000
"""Octets of a list that is read."""
_DONE = (
    "SELECT id FROM kept WHERE kept_id IN (SELECT CAST(substr(subject, 10) AS INTEGER) FROM audit"
    " WHERE command = 'upkeep.erase' AND subject GLOB 'customer [0-9]*'"
    " AND coalesce(json_extract(after, '$.erased'), 0)) ORDER BY id"
)
_LIVES = (
    "SELECT created_at, at FROM audit JOIN customers ON customers.id ="
    " CAST(substr(subject, 10) AS INTEGER) WHERE command = 'upkeep.erase'"
    " AND subject GLOB 'customer [0-9]*' AND coalesce(json_extract(after, '$.erased'), 0)"
)


def of_store(ctx: Context) -> list[int]:
    """The customers whom a store has erased, with those who were merged into them."""
    return [int(row[0]) for row in ctx.db.execute(_DONE)]


def held(ctx: Context, backup: places.Backup) -> int:
    """How many customers a backup still has who were erased since."""
    return sum(came <= backup.at < gone for came, gone in _lives(ctx))


def _lives(ctx: Context) -> list[tuple[datetime, datetime]]:
    """From when to when each of the erased was known."""
    return [(moment(came), moment(gone)) for came, gone in ctx.db.execute(_LIVES).fetchall()]


def of_folder(folder: Path, shop: str) -> set[int]:
    """Those that are noted in a folder of backups; none if nothing can be read there."""
    try:
        return {each for each in _noted(folder)[shop] if type(each) is int}
    except (KeyError, TypeError):
        return set()


def _noted(folder: Path) -> dict[str, Any]:
    """What is noted of each shop."""
    path = folder / _FILE
    try:
        # A pipe would be waited for.
        if not path.is_file():
            return {}
        with path.open("rb") as file:
            noted = json.loads(file.read(_LONGEST))
    except (OSError, ValueError, RecursionError):
        return {}
    return noted if isinstance(noted, dict) else {}


def note(ctx: Context, folder: Path) -> None:
    """Note in a folder of backups whom the store has erased, beside those that are noted there. Raises
    `OSError`."""
    write(folder, places.shop_id(ctx), of_store(ctx))


def write(folder: Path, shop: str, erased: Iterable[int]) -> None:
    """The same of a shop and customers, for who knows nothing of the store."""
    there = of_folder(folder, shop)
    if (known := there | set(erased)) == there:
        return
    folder.mkdir(exist_ok=True, mode=0o700)
    atomic_file.write(folder / _FILE, json.dumps({**_noted(folder), shop: sorted(known)}).encode())
    places.sync_folder(folder)


@dataclass(frozen=True)
class Since:
    """Customers of a backup that it has not erased. `again`: whom the store of now has, or a list names
    that cannot be held against it; `listed`: whether only a list says so. `doubted`: whom a list names,
    and the store of now has as they were: they are no reason to erase anybody."""

    again: tuple[int, ...] = ()
    listed: bool = False
    doubted: tuple[int, ...] = ()


def since(backup: Context, shop: str, now: Context | None, folders: Iterable[Path]) -> Since:
    """Who was erased since a backup, by the store of now, if it can be asked, and by the lists in these
    folders."""
    listed = {each for folder in folders for each in of_folder(folder, shop)}
    erased = set() if now is None else set(of_store(now))
    there = _among(backup, listed | erased) - set(of_store(backup))
    if now is None:
        return Since(tuple(sorted(there)), listed=True)
    alive = _among(now, there) - erased
    return Since(tuple(sorted(there - alive)), doubted=tuple(sorted(listed & alive)))


def _among(ctx: Context, named: set[int]) -> set[int]:
    """Those of the customers named whom a store has: it may have a hundred thousand others."""
    rows = ctx.db.execute(
        "SELECT id FROM customers WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(named)),),
    )
    return {int(row[0]) for row in rows}
