"""Patterns of words as data: which words of which groups stand beside one another in a clause.

"<yet> .. <settled>": a word of the group `yet`, at most `GAP` others, one of `settled`. "^" and "$" are
where something may begin and end, "." where a clause ends, "," a pause, "_" one word. A long word is
of a group in each of its forms, "kukabari" of "kabar", but for the groups that `closed` lists.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from crm_tui.reading import stems

GAP = 4
"""How many words ".." stands for at most."""
_BEGINS, _ENDS, _STOPS, _GAP, _PAUSE, _ANY = "^", "$", ".", "..", ",", "_"
_SIGNS = (_BEGINS, _ENDS, _STOPS, _GAP, _PAUSE, _ANY)
_CLOSED = "closed"
_MOST_KNOWN = 4_096
_BENT = 4
"""A word with fewer letters is found as it is listed only."""


class Place(NamedTuple):
    """A word of a text: its spellings; `begins`, `ends`: whether something may begin or end with it;
    `cut`, `stops`: whether a pause stands before it and behind it; `core`: whether it counts, or takes
    something back, so that nothing goes on beyond it; `settled`: whether something else settles what
    it says; `at`: where it stands in the text."""

    spellings: tuple[str, ...]
    begins: bool
    ends: bool
    cut: bool
    stops: bool
    core: bool
    settled: bool
    at: int


class Patterns:
    """Rows of patterns by their meaning, found among the words of a text."""

    def __init__(
        self, groups: Mapping[str, Iterable[str]], rows: Mapping[str, Iterable[str]]
    ) -> None:
        self._groups: dict[str, list[str]] = {}
        self._bent: dict[str, list[str]] = {}
        self._known: dict[tuple[str, ...], set[str]] = {}
        closed = set(groups[_CLOSED])
        elements = {one for each in rows.values() for row in each for one in row.split()}
        for name in sorted(one for one in elements if one.startswith("<")):
            for word in groups[name[1:-1]]:
                self._groups.setdefault(word, []).append(name)
                if len(word) >= _BENT and name[1:-1] not in closed:
                    self._bent.setdefault(word, []).append(name)
        self._by_first: dict[str, list[tuple[str, bool, Sequence[str]]]] = {}
        self._needed: dict[str, list[frozenset[str]]] = {}
        for meaning, each in rows.items():
            for row in each:
                said = row.split()
                begins = said[0] == _BEGINS
                said = said[begins:]
                self._by_first.setdefault(said[0], []).append((meaning, begins, said[1:]))
                needed = frozenset(said[1:]).difference(_SIGNS)
                self._needed.setdefault(said[0], []).append(needed)

    def may(self, spellings: Iterable[tuple[str, ...]]) -> bool:
        """Whether a text has all the words of some pattern, wherever they stand."""
        meant: set[str] = set()
        for each in spellings:
            meant |= self._meant(each)
        needed = self._needed
        return any(
            meant.issuperset(rest) for name in meant & needed.keys() for rest in needed[name]
        )

    def found(self, places: Sequence[Place]) -> Iterator[tuple[str, int, int]]:
        """The meanings of what stands in a text, with their half-open spans."""
        meant = [self._meant(place.spellings) for place in places]
        for start, names in enumerate(meant):
            for first in names:
                for meaning, begins, rest in self._by_first.get(first, ()):
                    if begins and not places[start].begins:
                        continue
                    end = _match(places, meant, start + 1, rest)
                    if end:
                        yield meaning, start, end

    def _meant(self, spellings: tuple[str, ...]) -> set[str]:
        known = self._known.get(spellings)
        if known is not None:
            return known
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        found = self._known[spellings] = set(spellings)
        for text in spellings:
            found.update(self._groups.get(text, ()))
            for form in _forms(text):
                found.update(self._bent.get(form, ()))
        return found


@lru_cache(maxsize=4096)
def _forms(text: str) -> tuple[str, ...]:
    """What a word may be a form of; people use the same few hundred."""
    return tuple(dict.fromkeys(stems.stems(text))) if len(text) > _BENT else (text,)


def _match(places: Sequence[Place], meant: Sequence[set[str]], at: int, rest: Sequence[str]) -> int:
    """Where a pattern ends of which the last word stood before `at`; 0 if the rest does not follow in
    the same clause."""
    if not rest:
        return at
    first = rest[0]
    if first == _ENDS:
        return at if places[at - 1].ends else 0
    if first == _STOPS:
        return at if places[at - 1].stops else 0
    if first == _GAP:
        for start in range(at, min(at + GAP + 1, len(places))):
            if places[start].cut:
                break
            if end := _match(places, meant, start, rest[1:]):
                return end
            if places[start].core:
                break
        return 0
    paused = first == _PAUSE
    first = rest[paused]
    if at < len(places) and places[at].cut is paused:
        fits = not places[at].core if first == _ANY else first in meant[at]
        return _match(places, meant, at + 1, rest[1 + paused :]) if fits else 0
    return 0
