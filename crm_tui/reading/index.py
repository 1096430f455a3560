"""What reading knows of the shop's items: codes, names and units, found by how people type them."""

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein


def code_key(text: str) -> str:
    """A code as it is compared: capitals and digits, without dashes, dots or blanks."""
    return "".join([char for char in text.upper() if char.isalnum()])


@dataclass(frozen=True)
class Entry:
    """An item that can be asked for."""

    id: int
    code: str
    name: str
    unit: str


class ItemIndex:
    """The items by `code_key`. Two codes with one key do not exist: the store sees to that."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_key = {code_key(entry.code): entry for entry in entries}
        self._units = {entry.unit.upper() for entry in self._by_key.values()}
        self.longest = max(map(len, self._by_key), default=0)

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

    def is_unit(self, word: str) -> bool:
        """Whether an item of the shop is counted in `word` (in capitals)."""
        return word in self._units

    def __len__(self) -> int:
        return len(self._by_key)
