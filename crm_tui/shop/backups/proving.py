"""Whether the pages of a copy are those that the program wrote: held against their sums.

A copy of a damaged page is damaged like its store, and agrees with it in all else; a backup of such a
store would take the place of those from before.
"""

import os
import zlib
from collections.abc import Callable
from pathlib import Path

from crm_tui import page_reading, page_sums
from crm_tui.errors import N_
from crm_tui.shop.backups import places
from crm_tui.shop.backups.places import Backup, Note
from crm_tui.shop.gate.context import Context

PAGES = "pages"
"""Names what is wrong among what a note says of its backup (`Note.differs`)."""
SENTENCE = N_("pages of it are not as this program wrote them")
_PIECE = 256
_LOCKING = 1 << 30
"""The octet whose page SQLite never writes."""


def sums(ctx: Context) -> bytes:
    """The sums of the store's pages as they are noted, within a reading transaction that sees what is
    to be copied; b"" if they prove nothing."""
    if page_sums.notes_of(ctx.store.path).catch_up() is None:
        return b""
    return page_sums.octets_of(ctx.store.path)


def prove(copy: Path, noted: bytes, alive: Callable[[], object]) -> int:
    """How many pages of a finished copy were not written so; single flipped bits are put right in it.
    Raises `OSError`.

    The first page is SQLite's own in each file, and left to its check.
    """
    known = page_sums.read(noted)
    if known is None or known.damaged:
        return 0
    wrong, page, mended = 0, 0, False
    with copy.open("rb+") as file:
        size = page_reading.page_size(file.read(100))
        file.seek(0)
        while piece := file.read(size * _PIECE):
            for at in range(0, len(piece) - size + 1, size):
                page += 1
                if page in (1, _LOCKING // size + 1):
                    continue
                octets = memoryview(piece)[at : at + size]
                if known.knows(page, zlib.crc32(octets)) is not False:
                    continue
                bit = page_reading.flipped(bytes(octets), known, page)
                if bit is None:
                    wrong += 1
                    continue
                behind = file.tell()
                file.seek((page - 1) * size + bit // 8)
                file.write(bytes((octets[bit // 8] ^ 1 << bit % 8,)))
                file.seek(behind)
                mended = True
            alive()
        if mended:
            file.flush()
            os.fsync(file.fileno())
    return wrong


def last_whole(ctx: Context) -> Backup | None:
    """The newest good backup of this shop that shows no damage, beside the store before anywhere else;
    None if there is none. It asks the folders: the store may be damaged in what it says of them."""
    for place, folder in places.folders(ctx).items():
        for each in places.good(ctx, folder, place):
            if each.note is not None and is_whole(each.note):
                return each
    return None


def is_whole(note: Note) -> bool:
    """Whether no page of a backup is damaged, as far as anybody knew when it was made."""
    return PAGES not in note.differs
