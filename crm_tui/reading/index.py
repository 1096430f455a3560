"""What reading knows of the shop's items, found by codes and by the words of their names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein

from crm_tui.reading.cutting import Cut
from crm_tui.reading.lexicon import Lexicon, standard
from crm_tui.reading.vocabulary import Vocabulary

_MOST_FEW = 64
"""So many small indexes of what talks are about are kept."""


def code_key(text: str) -> str:
    """A code as it is compared: capitals and digits, without dashes, dots or blanks."""
    return "".join([char for char in text.upper() if char.isalnum()])


@dataclass(frozen=True)
class Entry:
    """An item that can be asked for.

    `price` in rupiah and `available` units, where they are known, tell which one "the cheap one"
    is, and what to list first.
    """

    id: int
    code: str
    name: str
    unit: str
    category: str = ""
    other_names: tuple[str, ...] = ()
    price: int | None = None
    available: int | None = None


class ItemIndex:
    """The items by `code_key`, by key, and by their words.

    Two codes with one key do not exist: the store sees to that. Words are taken in when they are
    first asked for; from then on each change is.
    """

    def __init__(
        self, entries: Iterable[Entry], lexicon: Lexicon | None = None,
        cuts: dict[str, Cut] | None = None,
    ) -> None:  # fmt: skip
        self._by_key: dict[str, Entry] = {}
        self._by_id: dict[int, Entry] = {}
        self._units: dict[str, int] = {}
        self._words: Vocabulary | None = None
        self._cuts = cuts
        self._few: dict[tuple[int, ...], ItemIndex] = {}
        self.longest = 0
        self.lexicon = lexicon or standard()
        for entry in entries:
            self.put(entry)

    def put(self, entry: Entry) -> None:
        """Add an item, or replace the one with its key or its code."""
        for old in (self._by_id.get(entry.id), self._by_key.get(code_key(entry.code))):
            if old is not None:
                self.remove(old.id)
        self._few.clear()
        key = code_key(entry.code)
        self._by_key[key] = entry
        self._by_id[entry.id] = entry
        unit = entry.unit.upper()
        self._units[unit] = self._units.get(unit, 0) + 1
        self.longest = max(self.longest, len(key))
        if self._words is not None:
            self._words.add(entry.id, entry.name, entry.other_names, entry.code, entry.unit)

    def few(self, entries: Sequence[Entry]) -> "ItemIndex":
        """An index of some of these items; the last ones are kept until an item changes."""
        key = tuple(entry.id for entry in entries)
        found = self._few.get(key)
        if found is None:
            if len(self._few) >= _MOST_FEW:
                self._few.clear()
            found = self._few[key] = ItemIndex(entries, self.lexicon, self.words.cuts)
        return found

    def remove(self, item: int) -> None:
        """Forget the item with this key; an unknown one changes nothing."""
        entry = self._by_id.pop(item, None)
        if entry is None:
            return
        self._few.clear()
        self._by_key.pop(code_key(entry.code), None)
        unit = entry.unit.upper()
        self._units[unit] -= 1
        if not self._units[unit]:
            del self._units[unit]
        if self._words is not None:
            self._words.remove(item, entry.name, entry.other_names, entry.code, entry.unit)

    @property
    def words(self) -> Vocabulary:
        """The words of the items."""
        if self._words is None:
            self._words = Vocabulary(self.lexicon, self._cuts)
            for entry in self._by_id.values():
                self._words.add(entry.id, entry.name, entry.other_names, entry.code, entry.unit)
        return self._words

    def get(self, item: int) -> Entry | None:
        """The item with this key; None if it is not sold."""
        return self._by_id.get(item)

    def entry(self, item: int) -> Entry:
        """The item with this key, which is there."""
        return self._by_id[item]

    def find(self, key: str) -> Entry | None:
        """The item whose code has this key."""
        return self._by_key.get(key)

    def alike(self, typed: str, entry: Entry) -> bool:
        """Whether `typed` is, but for one sign, a code of another item than this one."""
        key, own = code_key(typed), code_key(entry.code)
        near = process.extract(
            key, list(self._by_key), scorer=Levenshtein.distance, score_cutoff=1, limit=2
        )
        return any(found != own for found, *_ in near)

    def near(self, typed: str, most: int = 5) -> Sequence[Entry]:
        """The items whose code is `typed` but for one sign, nearest first."""
        key = code_key(typed)
        if len(key) < 4:
            return ()
        near = process.extract(
            key, list(self._by_key), scorer=OSA.distance, score_cutoff=1, limit=most
        )
        return [self._by_key[found] for found, *_ in near]

    def is_unit(self, word: str) -> bool:
        """Whether an item of the shop is counted in `word` (in capitals)."""
        return word in self._units

    def __len__(self) -> int:
        return len(self._by_key)
