"""The words of the catalogue, and which of them a customer's word may stand for.

A noisy channel: what was written may be the word itself, a part of it (k7 of K7ABC), its sound
(zirzak), its abbreviation (srsk), its beginning (sirs), or the word with a slip (sirsaj). The
likelier the way, the greater the weight. Numbers are never corrected.
"""

from collections.abc import Iterable, Sequence, Set
from itertools import pairwise

from rapidfuzz.distance import OSA

from crm_tui.reading import cutting, sizes
from crm_tui.reading.cutting import OPEN_YEARS, Cut, Known, apart, cut, is_year, known_by
from crm_tui.reading.lexicon import Lexicon
from crm_tui.reading.senses import CLASS, SORT, Senses
from crm_tui.reading.tokenizer import pieces

__all__ = ["CLASS", "SORT", "OneItem", "Vocabulary"]

_SHORT_MODEL = 4
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6"}
_MOST_CUTS = 5_000
_FEW_FOLLOWERS = 2
_MANY_KINDS = 3
_MANY_MAKES = 2


class Vocabulary(Senses):
    """Which items have which words; words are keys (`normal.key_of`), concepts begin with "~"."""

    def __init__(
        self, lexicon: Lexicon, cuts: dict[str, Cut] | None = None,
        broad: frozenset[str] | None = None,
    ) -> None:  # fmt: skip
        """`cuts`: where many small vocabularies keep in common how words are cut; `broad`: the classes
        of vehicles."""
        super().__init__(lexicon)
        self._shares = cuts is not None
        self.cuts: dict[str, Cut] = {} if cuts is None else cuts
        self.heads: dict[int, tuple[str, ...]] = {}
        self.others: dict[int, tuple[frozenset[str], ...]] = {}
        self.also: dict[int, frozenset[str]] = {}
        """What kind of thing an item is by its other names."""
        self.kinds: dict[str, int] = {}
        self._begun: dict[str, int] = {}
        self._followers: dict[str, dict[str, int]] = {}
        self.size = 0
        self.sorts = False
        """Whether a category says of an item what it is."""
        self._split: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self._known: set[str] = set()
        self._applied: dict[str, bool] = {}
        self._makes: dict[str, bool] = {}
        self.beside: dict[tuple[tuple[str, ...], str], int] = {}
        """Beside how many words one stands (`substitutes.beside`), until an item changes."""
        self._first = lexicon.begins
        classes = lexicon.classes.values()
        self.broad = (
            frozenset(word for some in classes for word in some) if broad is None else broad
        )

    # ── keeping it up to date ─────────────────────────────────────────────────────────────────

    def add(
        self, item: int, name: str, other_names: Iterable[str], code: str, unit: str,
        category: str = "",
    ) -> None:  # fmt: skip
        """Take in the words of an item's name, other names, code, unit and category."""
        found, ordered, heads = self._collected(name, other_names, unit, category)
        self.heads[item] = heads
        self.sorts = self.sorts or any(head.startswith(SORT) for head in heads)
        self.words[item] = tuple(dict.fromkeys(ordered))
        others = [self._take_text(other, set()) for other in cutting.several(other_names)]
        if others:
            self.others[item] = tuple(frozenset(one) for one in others if len(one) > 1)
            self.also[item] = frozenset(head for one in others for head in self._head(one))
        for head in heads:
            self.kinds[head] = self.kinds.get(head, 0) + 1
        for head in heads[:1]:
            self._begun[head] = self._begun.get(head, 0) + 1
        if len(ordered) > 1:
            followers = self._followers.setdefault(ordered[0], {})
            followers[ordered[1]] = followers.get(ordered[1], 0) + 1
        for word in found:
            self.postings.setdefault(word, set()).add(item)
        self._call(ordered, other_names, 1)
        self._codes.setdefault(self._take_code(code), set()).add(item)
        self.size += 1
        self._forget()

    def join(self, one: "OneItem") -> None:
        """Take in an item's words as they were taken in by themselves: it comes to the same."""
        self.heads.update(one.heads)
        self.words.update(one.words)
        self.others.update(one.others)
        self.also.update(one.also)
        self.sorts = self.sorts or one.sorts
        self.size += one.size
        for counts, more in (
            (self.kinds, one.kinds), (self._begun, one._begun),
            *((self._followers.setdefault(word, {}), some) for word, some in one._followers.items()),
            *((self._called.setdefault(word, {}), some) for word, some in one._called.items()),
        ):  # fmt: skip
            for word, count in more.items():
                counts[word] = counts.get(word, 0) + count
        for word, items in one.postings.items():
            self.postings.setdefault(word, set()).update(items)
        for word, items in one._codes.items():
            self._codes.setdefault(word, set()).update(items)
        for own, others in (
            (self._parts, one._parts), (self._code_parts, one._code_parts),
            (self._initials, one._initials),
        ):  # fmt: skip
            for word, some in others.items():
                own.setdefault(word, set()).update(some)
        self._joined |= one._joined
        for known in one.told:
            self._know(known)
        self._forget()

    def remove(
        self, item: int, name: str, other_names: Iterable[str], code: str, unit: str,
        category: str = "",
    ) -> None:  # fmt: skip
        """Forget an item that was added with these words.

        What its words sounded like is kept: others may have them.
        """
        found, ordered, heads = self._collected(name, other_names, unit, category)
        self._call(ordered, other_names, -1)
        for words, where in ((found, self.postings), ({self._take_code(code)}, self._codes)):
            for word in words:
                where[word].discard(item)
                if not where[word]:
                    del where[word]
        for head in heads:
            self.kinds[head] -= 1
        for head in heads[:1]:
            self._begun[head] -= 1
        del self.heads[item], self.words[item]
        self.others.pop(item, None)
        self.also.pop(item, None)
        self.size -= 1
        self._forget()

    def _forget(self) -> None:
        if self._senses or self._applied or self.beside or self._makes or self._said:
            self._senses = {}
            self._said = {}
            self._applied = {}
            self._makes = {}
            self.beside = {}

    def _collected(
        self, name: str, other_names: Iterable[str], unit: str, category: str
    ) -> tuple[set[str], list[str], tuple[str, ...]]:
        """An item's words, those of its name in order, and what kind of thing it is."""
        found: set[str] = {self._unit(unit)}
        ordered = self._take_text(name, found)
        heads = self._head(ordered)
        for other in other_names:
            more = self._take_text(other, found)
            sized = len(more) > 1 and not any(word.isalpha() for word in more[1:])
            if len(more) == 1 or sized or (more and not set(more) & set(ordered)):
                # What else it is called says as well what kind of thing it is.
                heads = (*heads, more[0])
        if found.isdisjoint(self.lexicon.classes):
            # A thing for a class of vehicles; one that names models of it is for these alone.
            classes = self.broad.intersection(found)
            found.update(CLASS + word for word in classes)
        sorts = self._sorts(ordered, category) if category else ()
        found.update(sorts)
        return found, ordered, (*heads, *sorts)

    def _sorts(self, ordered: Sequence[str], category: str) -> tuple[str, ...]:
        """The words of a category as what kind of thing an item is whose name says none."""
        kinds = self.lexicon.words["kinds"]
        if not kinds.isdisjoint(ordered):
            return ()
        words = category.lower().split()
        return tuple(SORT + self.lexicon.name(word) for word in words if word in kinds)

    def _call(self, ordered: list[str], other_names: Iterable[str], by: int) -> None:
        """Count what a kind of thing is called besides: "gelatik samping" of a KENARI SAMPING."""
        for other in other_names:
            first, *rest = self._take_text(other, set()) or [""]
            alike = ordered and not rest and len(first) > _SHORT_MODEL and first != ordered[0]
            if (rest and ordered and first not in ordered and set(rest) <= set(ordered)) or (
                alike and OSA.distance(first, ordered[0], score_cutoff=1) <= 1
            ):
                heads = self._called.setdefault(first, {})
                heads[ordered[0]] = heads.get(ordered[0], 0) + by

    def _take_text(self, text: str, senses: set[str]) -> list[str]:
        ordered: list[str] = []
        canon = self.lexicon.canon
        text = text.lower()
        senses.update(sizes.written(text))
        for raw in text.split():
            known = self._split.get(raw)
            if known is None:
                known = self._split[raw] = self._learn(raw)
            senses.update(known[0])
            ordered += known[1]
        names = [canon.get(word, word) for word in ordered]
        senses.update(names)
        senses.update(_ROMAN[name] for name in names if name in _ROMAN)
        for name in names:
            if name not in self._known:
                self._know(known_by(name, name))
        for one, two in pairwise(ordered):
            if two in self.lexicon.measures and one[0].isdigit() and not one[-1].isalpha():
                size = one + self.lexicon.measures[two]
                senses.add(size)
                self._know(known_by(size, size))
            elif two in self.lexicon.words["since"] and is_year(one):
                senses.update(map(str, range(int(one), int(one) + OPEN_YEARS + 1)))
            elif (
                one.isdecimal() and two.isalpha() and len(two) <= _SHORT_MODEL and two not in canon
            ):
                # 1500 RPM is asked for as 1500rpm.
                senses.add(one + two)
                self._know(known_by(one + two, one + two))
            elif two[0].isdigit() and one.isalpha() and len(one) <= _SHORT_MODEL:
                # NKR 71 is asked for as NKR71, OS 050 as OS 50.
                senses.add(one + two)
                senses.add(one + two.lstrip("0"))
                number, *more = pieces(two)
                if more:
                    self._parts.setdefault(one + number, set()).add(one + two)
        senses.update(apart(ordered, self.lexicon))
        for place, name in enumerate(names):
            if name in self._first:
                for length in (1, 2, 3):
                    concept = self.lexicon.concepts.get(tuple(names[place : place + length]))
                    if concept:
                        senses.add(concept)
        return names

    def _learn(self, raw: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Take in what a written word gives: the words to find it by, and those in their order."""
        done = self.cuts.get(raw) if self._shares else None
        if done is None:
            done = cut(raw, self.lexicon)
            if self._shares:
                if len(self.cuts) > _MOST_CUTS:
                    self.cuts.clear()
                self.cuts[raw] = done
        for known in done.known:
            self._know(known)
        self._joined.update(done.joined)
        for initial, following in done.initials:
            self._initials.setdefault(initial, set()).add(following)
        return done.found, done.ordered

    def _take_code(self, code: str) -> str:
        key = "".join(char for char in code.lower() if char.isalnum())
        atoms = pieces(code.lower())
        for begin in range(len(atoms)):
            for end in range(begin + 1, len(atoms) + 1):
                part = "".join(atoms[begin:end])
                if part != key and len(part) > 1 and not part.isdecimal():
                    self._code_parts.setdefault(part, set()).add(key)
        return key

    def _know(self, known: Known) -> None:
        """Remember by which parts and sounds a word can be found."""
        key = known.key
        if key in self._known:
            return
        self._known.add(key)
        if known.sound:
            self._sounds.setdefault(known.sound, set()).add(key)
        if known.parts is None or known.sound:
            self._starts.setdefault(key[0], set()).add(key)
        for part in known.parts or ():
            self._parts.setdefault(part, set()).add(key)

    def _head(self, names: list[str]) -> tuple[str, ...]:
        """What kind of thing an item is: the first word of its name, and what its first words say."""
        if not names:
            return ()
        concepts = [self.lexicon.concepts.get(tuple(names[:length])) for length in (1, 2, 3)]
        return (names[0], *(concept for concept in concepts if concept))

    def kindred(self, item: int) -> set[int]:
        """All that is of the kind that an item's name begins with, the item itself among them."""
        heads = self.heads[item]
        return self.items(heads[0]) if heads else set()

    def applies(self, word: str) -> bool:
        """Whether a word says for what items are (a model, its maker): those of many kinds have it."""
        known = self._applied.get(word)
        if known is None:
            known = self._applied[word] = self._has_many_kinds(word)
        return known

    def _has_many_kinds(self, word: str) -> bool:
        if (
            word in self.lexicon.canon
            or word[:1] == "~"
            or word.startswith(("unit:", "code:", CLASS, SORT))
        ):
            return False
        kinds: set[str] = set()
        for item in self.postings.get(word, ()):
            kinds.update(self.heads[item][:1])
            if len(kinds) >= _MANY_KINDS:
                break
        return len(kinds) >= _MANY_KINDS and word not in kinds

    def begins(self, word: str) -> bool:
        """Whether a word is the first one of an item's name, or says what its first ones say."""
        return word[:1] == "~" or bool(self._begun.get(word))

    def concepts(self, item: int) -> frozenset[str]:
        """What the first words of an item's name say together; not what else it is called."""
        return frozenset(head for head in self.heads.get(item, ()) if head[:1] == "~")

    def called(self, item: int, said: Set[str]) -> bool:
        """Whether all words of another name of an item are said."""
        return any(other <= said for other in self.others.get(item, ()))

    def made(self, item: int) -> str:
        """The second word of a name that begins with its maker, where it says what the thing is: the
        OIL of ACME OIL 10W40; "" if it is not so. A maker stands behind other kinds of things, too."""
        words = self.words[item][:2]
        kinds = self.lexicon.words["kinds"]
        if len(words) < 2 or words[1] not in kinds or words[0] in kinds:
            return ""
        if words[1] in self.lexicon.words["side"]:
            return ""
        known = self._makes.get(words[0])
        if known is None:
            others: set[str] = set()
            for one in self.postings.get(words[0], ()):
                if self.words[one][0] != words[0]:
                    others.add(self.words[one][0])
            known = self._makes[words[0]] = len(others) >= _MANY_MAKES
        return words[1] if known else ""

    def follows(self, first: str, second: str) -> bool:
        """Whether a name begins with these two words."""
        return bool(self._followers.get(first, {}).get(second))

    def second_kind(self, item: int) -> str:
        """The second word of a name, where it says what the item is and the first only which:
        LOW CHAIR. The first then stands before few other words."""
        words = self.words[item][:2]
        few = len(words) > 1 and len(self._followers.get(words[0], ())) <= _FEW_FOLLOWERS
        return words[1] if few else ""


class OneItem(Vocabulary):
    """The words of one item, to be joined with others'. `told`: by what they can be found, in order:
    of a word that several items have the first one's holds."""

    def __init__(self, lexicon: Lexicon, cuts: dict[str, Cut], broad: frozenset[str]) -> None:
        super().__init__(lexicon, cuts, broad)
        self.told: list[Known] = []

    def _know(self, known: Known) -> None:
        if known.key not in self._known:
            self._known.add(known.key)
            self.told.append(known)
