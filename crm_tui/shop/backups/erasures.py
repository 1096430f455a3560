"""Who was erased, noted beside the backups: numbers of customers, and nothing else of them.

    erase ─▶ DIR/backups/erased.json       each backup ─▶ erased.json in the other folder, too

So a backup from before is known to bring somebody back also where the store of now is gone: numbers of
customers are never given again.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from crm_tui import atomic_file
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


def of_store(ctx: Context) -> list[int]:
    """The customers whom a store has erased, with those who were merged into them."""
    return [int(row[0]) for row in ctx.db.execute(_DONE)]


def of_folder(folder: Path, shop: str) -> set[int]:
    """Those that are noted in a folder of backups; none if nothing can be read there."""
    try:
        with (folder / _FILE).open("rb") as file:
            noted = json.loads(file.read(_LONGEST))[shop]
        return {each for each in noted if isinstance(each, int)}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def note(ctx: Context, folder: Path) -> None:
    """Note in a folder of backups whom the store has erased, beside those that are noted there. Raises
    `OSError`."""
    shop = places.shop_id(ctx)
    there = of_folder(folder, shop)
    if (known := there | set(of_store(ctx))) == there:
        return
    try:
        with (folder / _FILE).open("rb") as file:
            noted = json.loads(file.read(_LONGEST))
    except (OSError, ValueError):
        noted = {}
    noted = noted if isinstance(noted, dict) else {}
    folder.mkdir(exist_ok=True, mode=0o700)
    atomic_file.write(folder / _FILE, json.dumps({**noted, shop: sorted(known)}).encode())
    places.sync_folder(folder)


def since(
    backup: Context, shop: str, now: Iterable[int], folders: Iterable[Path]
) -> tuple[int, ...]:
    """The customers of a backup whom it has not erased, and the store of now, or a list in one of the
    folders, has."""
    wanted = {*now, *(each for folder in folders for each in of_folder(folder, shop))}
    there = {row[0] for row in backup.db.execute("SELECT id FROM customers").fetchall()}
    return tuple(sorted(wanted & there - set(of_store(backup))))
