"""What reading knows of the shop's items, found by codes and by the words of their names."""

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from typing import TypeVar, cast

from crm_tui.reading.cutting import Cut
from crm_tui.reading.entries import Entry, code_key
from crm_tui.reading.lexicon import PAIR, Lexicon, standard
from crm_tui.reading.vocabulary import OneItem, Vocabulary

__all__ = ["Entry", "ItemIndex", "code_key"]

_Made = TypeVar("_Made")
_MOST_READ = 32
_MOST_FEW = 64
"""So many small indexes of what talks are about are kept."""
_MOST_ALONE = 2_000
"""The words of so many items are kept by themselves, for such small indexes."""

_Told = tuple[int, str, tuple[str, ...], str, str, str]


def _told(entry: Entry) -> _Told:
    """What the vocabulary takes in of an item."""
    return (
        entry.id, entry.name, entry.other_names, entry.code, entry.unit, entry.category
    )  # fmt: skip


class ItemIndex:
    """The items by `code_key`, by key, and by their words.

    Two codes may have one key (AB-C1 and A-BC1); which of them is meant only its signs tell. Words are
    taken in when they are first asked for; from then on each change is.
    """

    def __init__(
        self, entries: Iterable[Entry], lexicon: Lexicon | None = None,
        cuts: dict[str, Cut] | None = None,
    ) -> None:  # fmt: skip
        self._by_key: dict[str, list[Entry]] = {}
        self._by_id: dict[int, Entry] = {}
        self._units: dict[str, int] = {}
        self._words: Vocabulary | None = None
        self._cuts = cuts
        self._few: dict[tuple[int, ...], ItemIndex] = {}
        self._alone: dict[_Told, OneItem] = {}
        self._broad: frozenset[str] | None = None
        self._packed: ItemIndex | None = None
        self._read: dict[tuple[str, str], object] = {}
        self.by_packs = False
        """Whether a dozen is one of what is sold by the dozen, not twelve (`packs`)."""
        self.longest = 0
        self.lexicon = lexicon or standard()
        for entry in entries:
            self.put(entry)

    def put(self, entry: Entry) -> None:
        """Add an item, or replace the one with its key or its very code."""
        key = code_key(entry.code)
        code = entry.code.upper()
        old = [one.id for one in self._by_key.get(key, ()) if one.code.upper() == code]
        for item in {entry.id, *old}:
            self.remove(item)
        self._forget()
        self._by_key.setdefault(key, []).append(entry)
        self._by_id[entry.id] = entry
        unit = entry.unit.upper()
        self._units[unit] = self._units.get(unit, 0) + 1
        self.longest = max(self.longest, len(key))
        if self._words is not None:
            self._words.add(*_told(entry))

    def few(self, entries: Sequence[Entry]) -> "ItemIndex":
        """An index of some of these items; the last ones are kept until an item changes."""
        key = tuple(entry.id for entry in entries)
        found = self._few.get(key)
        if found is None:
            if len(self._few) >= _MOST_FEW:
                self._few.clear()
            found = self._few[key] = ItemIndex(entries, self.lexicon, self.words.cuts)
            found.by_packs = self.by_packs
            found._alone, found._broad = self._alone, self.words.broad
            found.words.wide = self.words.postings
        return found

    def _forget(self) -> None:
        """Forget the indexes that were made of this one."""
        self._few.clear()
        self._read.clear()
        self._packed = None

    def kept(self, way: str, text: str, make: Callable[[], _Made]) -> _Made:
        """What is made of a text in a way, as a turn is read more than once: the last ones are kept
        until an item changes."""
        found = self._read.get((way, text))
        if found is None:
            if len(self._read) >= _MOST_READ:
                self._read.clear()
            found = self._read[way, text] = make()
        return cast(_Made, found)

    def pack_of(self, entry: Entry) -> int:
        """How many pieces are in the pack that an item is sold by, pairs and dozens; 1 of all else."""
        unit = entry.unit.lower()
        kind = self.lexicon.units.get(unit, unit)
        return PAIR if kind in ("pair", "set") else self.lexicon.packs.get(unit, 1)

    def packs(self) -> set[int]:
        """How many pieces are in the packs that the shop sells something by."""
        words = self.lexicon.packs
        found = {words[unit.lower()] for unit in self._units if unit.lower() in words}
        return found | {PAIR} if any(self._pairs(unit) for unit in self._units) else found

    def _pairs(self, unit: str) -> bool:
        return self.lexicon.units.get(unit.lower()) in ("pair", "set")

    def counting_packs(self) -> "ItemIndex":
        """These items for texts that count packs: a dozen is one of what is sold by the dozen."""
        if self._packed is None:
            _ = self.words
            self._packed = copy(self)
            self._packed._few = {}
            self._packed._alone = {}
            self._packed._read = {}
            self._packed.by_packs = True
            self._packed.lexicon = self.lexicon.counting_packs(self.packs())
        return self._packed

    def remove(self, item: int) -> None:
        """Forget the item with this key; an unknown one changes nothing."""
        entry = self._by_id.pop(item, None)
        if entry is None:
            return
        self._forget()
        key = code_key(entry.code)
        self._by_key[key].remove(entry)
        if not self._by_key[key]:
            del self._by_key[key]
        unit = entry.unit.upper()
        self._units[unit] -= 1
        if not self._units[unit]:
            del self._units[unit]
        if self._words is not None:
            self._words.remove(*_told(entry))

    @property
    def words(self) -> Vocabulary:
        """The words of the items."""
        if self._words is None:
            self._words = Vocabulary(self.lexicon, self._cuts, self._broad)
            for entry in self._by_id.values():
                if self._cuts is None:
                    self._words.add(*_told(entry))
                else:
                    self._words.join(self._one(_told(entry), self._cuts, self._words.broad))
        return self._words

    def _one(self, told: _Told, cuts: dict[str, Cut], broad: frozenset[str]) -> OneItem:
        """The words of an item by itself."""
        found = self._alone.get(told)
        if found is None:
            if len(self._alone) >= _MOST_ALONE:
                self._alone.clear()
            found = self._alone[told] = OneItem(self.lexicon, cuts, broad)
            found.add(*told)
        return found

    def get(self, item: int) -> Entry | None:
        """The item with this key; None if it is not sold."""
        return self._by_id.get(item)

    def entry(self, item: int) -> Entry:
        """The item with this key, which is there."""
        return self._by_id[item]

    def find(self, key: str, written: str = "") -> Entry | None:
        """The item whose code has this key; of several the one that is `written` so, else the first."""
        found = self._by_key.get(key)
        if not found:
            return None
        exact = (entry for entry in found if entry.code.upper() == written.upper())
        return next(exact, found[0])

    def one_of_many(self, key: str, written: str) -> bool:
        """Whether several codes have this key, and none of them is written like this."""
        found = self._by_key.get(key, ())
        return len(found) > 1 and all(entry.code.upper() != written.upper() for entry in found)

    def alike(self, typed: str, entry: Entry) -> bool:
        """Whether `typed` is, but for one sign, a code of another item than this one."""
        from rapidfuzz import process
        from rapidfuzz.distance import Levenshtein

        key, own = code_key(typed), code_key(entry.code)
        near = process.extract(
            key, list(self._by_key), scorer=Levenshtein.distance, score_cutoff=1, limit=2
        )
        return any(found != own for found, *_ in near)

    def near(self, typed: str, most: int = 40) -> Sequence[Entry]:
        """The items whose code is `typed` but for one sign, nearest first."""
        key = code_key(typed)
        if len(key) < 4:
            return ()
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        near = process.extract(
            key, list(self._by_key), scorer=OSA.distance, score_cutoff=1, limit=most
        )
        return [entry for found, *_ in near for entry in self._by_key[found]]

    def is_unit(self, word: str) -> bool:
        """Whether an item of the shop is counted in `word` (in capitals)."""
        return word in self._units

    def __len__(self) -> int:
        return len(self._by_id)
