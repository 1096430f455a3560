"""Questions about the shop itself, when it is open and where it is, alone or beside other wishes."""

import re
from dataclasses import dataclass
from functools import lru_cache

from crm_tui.reading.index import ItemIndex
from crm_tui.reading.lexicon import Lexicon
from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.wishes import Kind, Wish

_SUFFIX = re.compile(r"(nya|nyo|nyh|ny|ne|kah)$")
_LEFT = (
    "open",
    "close",
    "holiday",
    "shop",
    "place",
    "where",
    "at",
    "hour",
    "when",
    "day",
    "span",
    "whether",
)
_RIGHT = (*_LEFT, "many", "full")


@dataclass(frozen=True)
class Visit:
    """What is asked about the shop, and `rest`: the text with those words blanked out."""

    wishes: tuple[Wish, ...]
    rest: str


@dataclass
class _Run:
    """Words `first` to `last` that speak of hours or of the address."""

    first: int
    last: int
    topic: str


@lru_cache(4096)
def _stem(text: str) -> str:
    """A word without its ending."""
    return _SUFFIX.sub("", text)


def asked(tagged: Tagged, text: str, index: ItemIndex) -> Visit | None:
    """Which of these questions stand in a text. None if there is none, or if what speaks of hours
    or of an address is no plain question: a condition, a complaint, somebody else's address."""
    seeds = index.lexicon.words["visit.seeds"]
    if not any(text in seeds or _stem(text) in seeds for text in tagged.texts):
        return None
    runs = _Finder(tagged, index.lexicon).runs()
    lone = any(run.first == run.last and index.words.has(tagged.texts[run.first]) for run in runs)
    if not runs or lone:
        return None
    rest = list(text)
    wishes: list[Wish] = []
    for run in runs:
        begin = tagged.words[run.first].span[0]
        end = tagged.words[run.last].span[1]
        wishes.append(
            Wish(Kind.HELP, topic=run.topic, evidence=text[begin:end], spans=((begin, end),))
        )
        while end < len(text) and text[end] in "? ":
            end += 1
        # What stood on both sides is parted as by a comma.
        rest[begin:end] = "," + " " * (end - begin - 1)
    topics = {wish.topic: wish for wish in reversed(wishes)}
    return Visit(tuple(reversed(topics.values())), "".join(rest))


class _Finder:
    def __init__(self, tagged: Tagged, lexicon: Lexicon) -> None:
        self.tagged = tagged
        self.lexicon = lexicon
        self.groups = [self._groups(text) for text in tagged.texts]
        self.size = len(tagged.texts)

    def _groups(self, text: str) -> frozenset[str]:
        """The groups of words that a word belongs to, without "-nya"."""
        stem = _SUFFIX.sub("", text)
        return frozenset(
            name[6:]
            for name, words in self.lexicon.words.items()
            if name.startswith("visit.") and (text in words or stem in words)
        )

    def _is(self, at: int, *names: str) -> bool:
        return 0 <= at < self.size and not self.groups[at].isdisjoint(names)

    def _parted(self, at: int) -> bool:
        """Whether a sentence or question ends before the word."""
        words = self.tagged.words
        return at >= self.size or words[at].token.pause == 2 or words[at - 1].token.asked

    def runs(self) -> list[_Run]:
        found: list[_Run] = []
        at = 0
        while at < self.size:
            topic = self._topic(at)
            if not topic:
                at += 1
                continue
            run = self._run(at, topic, found[-1].last + 1 if found else 0)
            if run is None:
                return []
            found.append(run)
            at = run.last + 1
        return found

    def _topic(self, at: int) -> str:
        if self._is(at, "open", "holiday", "close"):
            return "hours"
        if self._is(at, "place"):
            return "address"
        if self._is(at, "shop"):
            near = [at - 3, at - 2, at - 1, at + 1, at + 2]
            return "address" if any(self._is(place, "where") for place in near) else ""
        return ""

    def _run(self, seed: int, topic: str, least: int) -> _Run | None:
        """The question around a word; None if it is none."""
        first = seed
        while first > least and not self._parted(first) and self._goes_left(first - 1):
            first -= 1
        last = seed
        while last + 1 < self.size and not self._parted(last + 1) and self._goes_right(last + 1):
            last += 1
        run = _Run(first, last, topic)
        if topic == "address" and self._has(run, "open", "close", "holiday", "hour"):
            run.topic = "hours"
        run = self._whole(run)
        good = self._hours(run) if run.topic == "hours" else self._address(run)
        return run if good and self._alone(run) else None

    def _goes_left(self, at: int) -> bool:
        if self._is(at, "many"):
            return self._is(at - 1, "hour")
        if self.tagged.words[at].role is Role.NUMBER or self.tagged.texts[at].isdecimal():
            return self._is(at - 1, "hour")
        if self._is(at, "if"):
            return self._is(at + 1, "day")
        return self._is(at, *_LEFT)

    def _goes_right(self, at: int) -> bool:
        if self.tagged.texts[at].isdecimal():
            return self._is(at - 1, "hour")
        if self._is(at, "no"):
            # Only where the question ends: what is behind it may be what is denied.
            return self._is(at - 1, "open", "day", "holiday", "close", "shop") and self._ends(at)
        return self._is(at, *_RIGHT)

    def _ends(self, at: int) -> bool:
        """Whether nothing but courtesies stands behind a word in its sentence."""
        polite = self.lexicon.words["polite"] | self.lexicon.words["honorifics"]
        following = at + 1
        while not self._parted(following):
            if self.tagged.words[following].token.pause:
                return True
            if self.tagged.texts[following] not in polite:
                return False
            following += 1
        return True

    def _whole(self, run: _Run) -> _Run:
        """With the courtesies behind it: what asks may stand behind them."""
        polite = self.lexicon.words["polite"] | self.lexicon.words["honorifics"]
        last = run.last
        while not self._parted(last + 1) and self.tagged.texts[last + 1] in polite:
            last += 1
        return _Run(run.first, last, run.topic)

    def _has(self, run: _Run, *names: str) -> bool:
        return any(self._is(at, *names) for at in range(run.first, run.last + 1))

    def _marked(self, run: _Run) -> bool:
        return self.tagged.words[run.last].token.asked

    def _explicit(self, run: _Run) -> bool:
        """Whether its words alone ask: jam brp, buka ga, kapan buka."""
        places = range(run.first, run.last + 1)
        hour = any(self._is(at, "many") and self._is(at - 1, "hour") for at in places)
        no = any(self._is(at, "no") and self._is(at - 1, "open", "day", "holiday") for at in places)
        begins = self.tagged.texts[run.first] in ("apakah", "apa", "apo")
        return hour or no or begins or self._has(run, "when")

    def _hours(self, run: _Run) -> bool:
        if not self._has(run, "open") and not self._has(run, "holiday"):
            # "Tutup" is as well what closes a radiator.
            companions = ("day", "hour", "shop")
            if not self._has(run, "close") or not self._has(run, *companions):
                return False
        conditional = self._is(run.first, "if")
        if conditional or self._is(run.first - 1, "if"):
            return conditional and self._explicit(run) and self._ends(run.last)
        named = self._has(run, "hour") and self._bare(run)
        return self._marked(run) or self._explicit(run) or named

    def _address(self, run: _Run) -> bool:
        if self._is(run.first - 1, "if"):
            return False
        asked = self._has(run, "where") or self._marked(run)
        if self._has(run, "place"):
            return asked or self._bare(run)
        return self._has(run, "where")

    def _bare(self, run: _Run) -> bool:
        """Whether nothing else is said in the text: minta alamat toko."""
        quiet = self.lexicon.union("polite", "honorifics", "greetings", "want")
        asking = {
            "info",
            "tanya",
            "nanya",
            "numpang",
            "kasih",
            "tau",
            "tahu",
            "cek",
            "bisa",
            "boleh",
        }
        texts = self.tagged.texts
        return all(text in quiet | asking for text in (*texts[: run.first], *texts[run.last + 1 :]))

    def _alone(self, run: _Run) -> bool:
        """Whether it speaks of the shop, not of the writer's address, house or shop."""
        near = (run.first - 1, run.last + 1)
        return not any(self._is(at, "own") and not self._far(at, run) for at in near)

    def _far(self, at: int, run: _Run) -> bool:
        return (
            self.tagged.words[max(at, run.first)].token.pause > 0
            if at < run.first
            else (self.tagged.words[at].token.pause > 0 or self._marked(run))
        )
