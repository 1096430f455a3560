"""Which line of the open order is meant, by a piece of its name: "kenarinya", "yg 6301", "yang kiri".

Each word that names something must be one of the line's. What several lines have is told apart by what
kind of thing they are; what is left over after that is no certain line.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from crm_tui.reading.edit_model import BEGINNING, EXACT, SOUND
from crm_tui.reading.index import Entry
from crm_tui.reading.roles import Role, Tagged, Word
from crm_tui.reading.turn import SUFFIXES, WHICH, Turn
from crm_tui.reading.withdrawing import NUMBERED

_PRICE = re.compile(r"(?:rp\.?)?(\d{1,3}(?:[.,]?000)?(?:[.,]000)?)\s?(rb|ribu|rebu|k|rbu|ewu)?")
_LEAST_PRICE = 1_000
_TWO = 2
_TEN = 10
_MOST_COUNT = 3
_A_NAME = 3


def doubled(text: str) -> str:
    """What is said twice, "bohlam2", "bohlam2nya"; "" if nothing is."""
    bare = next((text.removesuffix(end) for end in SUFFIXES if text.endswith(f"2{end}")), text)
    base = bare.removesuffix("2")
    return base if len(base) >= _A_NAME and base.isalpha() and base != bare else ""


@dataclass(frozen=True)
class Named:
    """The lines that words are for; `sure`: nobody would think of another one."""

    entries: tuple[Entry, ...]
    sure: bool = True


def _likeliest(senses: dict[str, float]) -> set[str]:
    """The senses of a word that are as likely as any."""
    most = max(senses.values(), default=0.0)
    return {sense for sense, weight in senses.items() if weight >= most}


class OrderLines:
    """What the words of a turn name of its open order."""

    def __init__(self, turn: Turn) -> None:
        self.turn = turn
        self.order = [line.entry for line in turn.talk.order]
        own = set(self.order)
        self.spoken = [entry for entry in turn.last_said() if entry not in own]
        self._having: dict[int, Set[int]] = {}
        self.weight: dict[int, float] = {}

    def having(self, at: int) -> Set[int]:
        """The items of the whole catalogue that have the word at a place, in its likeliest sense."""
        known = self._having.get(at)
        if known is None:
            known = self._having[at] = self._look(at)
        return known

    def _look(self, at: int) -> Set[int]:
        words = self.turn.index.words
        word, text = self.turn.tagged.words[at], self.turn.tagged.texts[at]
        keys = {word.key} if word.role is Role.NUMBER else {word.key, text, doubled(text) or text}
        senses: dict[str, float] = {}
        for key in keys:
            for sense, weight in words.senses(key).items():
                if not sense.startswith("unit:"):
                    senses[sense] = max(weight, senses.get(sense, 0.0))
        concept = self.turn.lexicon.concepts.get((self.turn.lexicon.name(text),))
        if concept:
            senses[concept] = EXACT
        self.weight[at] = max(senses.values(), default=0.0)
        least = min(max(senses.values(), default=0.0), SOUND)
        found = [words.items(sense) for sense, weight in senses.items() if weight >= least]
        return found[0] if len(found) == 1 else set().union(*found)

    def said_twice(self, word: Word) -> bool:
        """Whether a word is one said twice, "bohlam2", and not what something is called: MPX2."""
        base = doubled(word.token.key)
        return bool(base) and not self.turn.index.words.has(f"{base}2")

    def has(self, at: int) -> bool:
        """Whether a line of the order has the word at a place."""
        having = self.having(at)
        return any(entry.id in having for entry in self.order)

    def vague(self, at: int) -> bool:
        """Whether the word at a place only says of what a thing is a part, and no line has it."""
        text = self.turn.tagged.texts[at]
        return text in self.turn.lexicon.words["vague"] and not self.has(at)

    def named(self, places: Sequence[int]) -> Named | None:
        """The lines that have all the words at some places; None if one of the words is of something
        else."""
        told = [at for at in places if not self.vague(at)]
        if not told:
            return None
        having = [self.having(at) for at in told]
        fitting = [one for one in self.order if all(one.id in some for some in having)]
        if not fitting:
            return None
        others = [one for one in self.spoken if all(one.id in some for some in having)]
        if len(fitting) > 1:
            fitting = self._told_apart(fitting, told)
        sure = len(fitting) == 1 and not others and all(self.weight[at] >= BEGINNING for at in told)
        return Named(tuple(fitting), sure)

    def having_all(self, places: Sequence[int]) -> set[Entry]:
        """The lines that have all the words at some places, whatever kind of thing they are."""
        having = [self.having(at) for at in places if not self.vague(at)]
        return {one for one in self.order if all(one.id in some for some in having)}

    def at_places(self, places: Sequence[int], most: int) -> Named | None:
        """The lines at some places of the order, no more than so many; those of the last list may be
        meant instead."""
        if len({*places}) < len(places) or min(places) < 0 or self.spoken or len(places) > most:
            # "Yang pertama kedua" may be no two lines.
            return None
        entries = tuple(self.order[at] for at in places)
        listed = [*self.turn.talk.listed]
        rows = [
            listed.index(entry) if entry in listed else at
            for entry, at in zip(entries, places, strict=True)
        ]
        return Named(entries, not listed or rows == [*places])

    def _told_apart(self, fitting: list[Entry], places: Sequence[int]) -> list[Entry]:
        """Those that are of the kind that is said, and of none that has to be said."""
        words, lexicon = self.turn.index.words, self.turn.lexicon
        senses = [
            _likeliest(words.senses(word.key) | words.senses(text))
            for word, text in (
                (self.turn.tagged.words[at], self.turn.tagged.texts[at]) for at in places
            )
        ]
        said = set().union(*senses)
        plain = [
            one
            for one in fitting
            if all(lexicon.apart.get(concept, said) & said for concept in words.concepts(one.id))
        ]
        headed = [one for one in plain or fitting if words.heads[one.id][0] in said]
        return headed or plain or fitting

    def priced(self, begin: int, end: int) -> tuple[list[Entry], int]:
        """The lines of the price that is said from a place on, "yang 60 ribu", "yg paling murah", and
        where what says so ends; that place if none is."""
        texts, words = self.turn.tagged.texts, self.turn.lexicon.words
        most = texts[begin : begin + 1] and texts[begin] in words["most"]
        if most and begin + 1 < end:
            prices = sorted(entry.price or 0 for entry in self.order)
            cheap, dear = texts[begin + 1] in words["low_price"], texts[begin + 1] in words["dear"]
            if not (cheap or dear) or len(prices) < _TWO:
                return [], begin
            price = prices[0] if cheap else prices[-1]
            return self._of_price(price), begin + 2
        said = texts[begin : begin + 2] if begin + 1 < end else texts[begin : begin + 1]
        found = _PRICE.fullmatch(" ".join(said)) or _PRICE.fullmatch(said[0] if said else "")
        if found is None:
            return [], begin
        price = int(re.sub(r"\D", "", found[1])) * (1000 if found[2] else 1)
        joined = found.string == " ".join(said)
        if price < _LEAST_PRICE:
            return [], begin
        return self._of_price(price), begin + (len(said) if joined else 1)

    def told_by_price(self) -> bool:
        """Whether the one price that is said tells a line: "yang 60 ribu gausah"."""
        texts = self.turn.tagged.texts
        last = len(texts)
        which = [at for at in range(last - 1) if texts[at] in WHICH]
        told = [at for at in which if self.priced(at + 1, last)[0]]
        return len(told) == len(self.turn.tagged.prices) == 1

    def _of_price(self, price: int) -> list[Entry]:
        return [entry for entry in self.order if entry.price == price]

    def sized(self, word: Word, at: int) -> bool:
        """Whether a number may be what a line is called: one of two digits or more, or "no 5"; "yang
        satu" may be any of them, and is no NO.1."""
        spelled = word.token.text.isalpha() and word.value < _TEN
        if spelled and self.turn.tagged.texts[max(0, at - 1)] not in NUMBERED:
            return False
        long = len(word.key) > 1 or bool(word.label)
        return long and self.has(at)

    def may_count(self, word: Word) -> bool:
        """Whether a number may say how many."""
        return (
            word.value > 0 and not (word.year or word.token.minus) and len(word.key) <= _MOST_COUNT
        )


def elsewhere_placed(tagged: Tagged, order: Sequence[Entry], named: Sequence[Entry]) -> bool:
    """Whether a lone digit that names a line, "yg 2", may be the place of another one."""
    places = [
        int(two) for one, two in pairwise(tagged.texts)
        if one in WHICH and len(two) == 1 and two.isdecimal()
    ]  # fmt: skip
    return any(0 < place <= len(order) and order[place - 1] not in named for place in places)
