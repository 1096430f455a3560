"""A catalogue of texts as gettext's tools compile it (.mo), asked text by text: all of it would take as
much memory as a screen, and a day shows a tenth of it.
"""

import struct
from functools import lru_cache
from pathlib import Path
from threading import Lock

_MAGIC = 0x950412DE
_HEAD = struct.Struct("<7I")
_PLACE = struct.Struct("<2I")
_KEPT = 1024
"""Texts that are kept, of those that were asked for last."""


class Catalogue:
    """Asks one file, which stays open: what replaces it while the program runs is of another one.

    Raises `FileNotFoundError`; `ValueError` for a file that was not compiled.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        self._reading = Lock()
        head = self._file.read(_HEAD.size)
        if len(head) < _HEAD.size or _HEAD.unpack(head)[0] != _MAGIC:
            raise ValueError(path)
        _, _, self._count, keys, told, _, _ = _HEAD.unpack(head)
        # Where the keys stand, in the order of their octets, and what they are told as.
        self._keys, self._told = (self._at(self._count * _PLACE.size, at) for at in (keys, told))
        self.find = lru_cache(_KEPT)(self._find)

    def _at(self, size: int, place: int) -> bytes:
        with self._reading:
            self._file.seek(place)
            return self._file.read(size)

    def _find(self, text: str) -> str | None:
        """What a key is told as; None if it is none."""
        wanted = text.encode("utf-8", "surrogatepass")
        low, high = 0, self._count
        while low < high:
            middle = (low + high) // 2
            key = self._at(*_PLACE.unpack_from(self._keys, middle * _PLACE.size))
            if key == wanted:
                return self._at(*_PLACE.unpack_from(self._told, middle * _PLACE.size)).decode()
            if key < wanted:
                low = middle + 1
            else:
                high = middle
        return None
