"""Clauses of a turn that do more than change the number of a line: something besides, something
instead, a question. The other ways read them, each by itself."""

from collections.abc import Callable
from dataclasses import replace

from crm_tui.reading.deeds import Deed, Operation
from crm_tui.reading.replacement import REPLACES
from crm_tui.reading.roles import Role, Word
from crm_tui.reading.turn import Turn
from crm_tui.reading.wishes import Conversation, Kind, Reading, Wish

_MOST_READ = 4
"""So many clauses of a turn are read otherwise."""
_A_NUMBER = 4
"""So many digits are rather what something is called than how many."""
_ORDER = "pesan "
_BESIDES = frozenset(("juga", "jg", "jugo", "oge", "sekalian", "sisan", "sakalian"))

Read = Callable[[str, Conversation], Reading | None]


class SideClauses:
    """The clauses of a turn that the other ways read."""

    def __init__(self, turn: Turn, read: Read) -> None:
        self.turn = turn
        self.tagged = turn.tagged
        self.ask = read
        self.left = _MOST_READ

    def begins(self, at: int) -> bool:
        """Whether such a clause may begin at a place, or the one before it end."""
        texts, words = self.tagged.texts, self.turn.lexicon.words
        marked = any(
            start == at
            for name in ("dialogue.add", "dialogue.onward")
            for start, _ in self.tagged.marks.get(name, ())
        )
        return marked or texts[at] in words["onward"] or texts[at] in _BESIDES

    def read(self, begin: int, end: int) -> Operation | None:
        """What a clause wants besides, instead, or to know; None if it is none of these."""
        words = self.tagged.words[begin:end]
        chosen = self._chosen(begin, end)
        if chosen is not None or not any(map(self._names, words)) or not self.left:
            return chosen
        self.left -= 1
        texts = self.tagged.texts[begin:end]
        asking = self.turn.lexicon.words["asking"]
        if words[-1].token.asked or not asking.isdisjoint(texts):
            return self._question(begin, end)
        if not REPLACES.isdisjoint(texts):
            return self._instead(begin, end)
        if not any(word.role is Role.NUMBER for word in words):
            return None
        return self._besides(begin, end) if self._adds(begin, end) else None

    def _chosen(self, begin: int, end: int) -> Operation | None:
        """So many of what the shop last spoke of, beside a change of what is ordered: "sekalian 1,
        kenari jadi 8"; None if it is none of that."""
        talk = self.turn.talk
        said, ordered = {*self.turn.last_said()}, {line.entry for line in talk.order}
        counted = sum(word.role is Role.NUMBER for word in self.tagged.words[begin:end])
        at = self._behind(begin, end)
        if not counted or talk.proposed or not said or not ordered.isdisjoint(said) or at >= end:
            return None
        if not self.left or self.tagged.words[end - 1].token.asked or self._changes(begin, end):
            return None
        self.left -= 1
        wish = _one(self.ask(self._text(at, end), replace(talk, order=(), recent=())))
        if wish is None or not _orders(wish):
            return None
        wanted = {line.entry: line.quantity or 0 for line in wish.lines}
        if not all(wanted.values()) or not said.issuperset(wanted):
            return None
        return Operation(Deed.CHANGE, wanted=wanted, sure=wish.kind is Kind.ORDER)

    def _changes(self, begin: int, end: int) -> bool:
        """Whether a clause changes, denies or takes back something."""
        names = ("less", "change", "remove", "unneeded", "keep", "others", "deny", "swap")
        return any(
            begin <= start < end
            for name in names
            for start, _ in self.tagged.marks.get(f"dialogue.{name}", ())
        )

    def _names(self, word: Word) -> bool:
        """Whether a word names something, be it a number: "sekalian 6203 2"."""
        called = word.role is Role.NUMBER and len(word.key) >= _A_NUMBER
        called = called and self.turn.index.words.has(word.key)
        return called or word.role in (Role.NAME, Role.MAYBE)

    def _text(self, begin: int, end: int) -> str:
        words = self.tagged.words
        return self.turn.text[words[begin].span[0] : words[end - 1].span[1]]

    def _behind(self, begin: int, end: int) -> int:
        """Where what is named begins, behind "and then" and what says that it comes besides."""
        lexicon = self.turn.lexicon
        calm = lexicon.union("polite", "honorifics", "onward", "also_first", "order")
        inside = {
            at
            for name in ("dialogue.add", "dialogue.onward")
            for start, stop in self.tagged.marks.get(name, ())
            for at in range(start, stop)
        }
        at = begin
        while at < end and (
            at in inside or self.tagged.texts[at] in calm or self.tagged.texts[at] in _BESIDES
        ):
            at += 1
        return at

    def _adds(self, begin: int, end: int) -> bool:
        """Whether a clause says that something comes besides, and does nothing else."""
        texts, words = self.tagged.texts[begin:end], self.turn.lexicon.words
        others = ("less", "change", "remove", "unneeded", "keep", "others")
        if any(
            begin <= start < end
            for name in others
            for start, _ in self.tagged.marks.get(f"dialogue.{name}", ())
        ):
            return False
        adds = any(begin <= start < end for start, _ in self.tagged.marks.get("dialogue.add", ()))
        said = words["also_first"] | words["order"] | _BESIDES
        return adds or not said.isdisjoint(texts)

    def _besides(self, begin: int, end: int) -> Operation | None:
        """So many of something that is not ordered: named in full, or as the talk has it."""
        at = self._behind(begin, end)
        if at >= end:
            return None
        found = self.ask(_ORDER + self._text(at, end), Conversation())
        wish = _one(found)
        ordered = {line.entry for line in self.turn.talk.order}
        if wish is not None and _orders(wish):
            wanted = {line.entry: line.quantity or 0 for line in wish.lines}
            if all(wanted.values()) and ordered.isdisjoint(wanted):
                there = wish.kind is not Kind.ORDER and self._in_talk(begin, end, instead=False)
                sure = wish.kind is Kind.ORDER or bool(
                    there and there.sure and there.wanted == wanted
                )
                return Operation(Deed.CHANGE, wanted=wanted, sure=sure)
        return self._in_talk(begin, end, instead=False)

    def _instead(self, begin: int, end: int) -> Operation | None:
        """Another thing for a line of the order."""
        return self._in_talk(begin, end, instead=True)

    def _in_talk(self, begin: int, end: int, *, instead: bool) -> Operation | None:
        found = self.ask(self._text(begin, end), self.turn.talk)
        wish = _one(found)
        if wish is None or wish.options or wish.add:
            return None
        asked = wish.kind is Kind.CHOICES and (wish.choosing is Kind.AMEND or not instead)
        if wish.kind is not Kind.AMEND and not asked:
            return None
        wanted = {line.entry: line.quantity or 0 for line in wish.lines}
        ordered = {line.entry for line in self.turn.talk.order}
        gone = {entry for entry, count in wanted.items() if not count}
        new = {entry for entry in wanted if entry not in ordered}
        if not new or (instead and not gone) or (not instead and new != set(wanted)):
            return None
        return Operation(Deed.CHANGE, wanted=wanted, sure=wish.kind is Kind.AMEND)

    def _question(self, begin: int, end: int) -> Operation | None:
        """The price of something, or whether there is some."""
        talk = replace(self.turn.talk, asked=False)
        found = self.ask(self._text(begin, end), talk)
        if found is None or not found.certain:
            return None
        if not {Kind.PRICE, Kind.STOCK}.issuperset(found.kinds) or any(
            wish.notify for wish in found.wishes
        ):
            return None
        return Operation(Deed.ASK, wishes=found.wishes)


def _orders(wish: Wish) -> bool:
    """Whether a wish orders or proposes so many of something, be it there or not."""
    on_terms = wish.if_available or wish.alternatives or wish.unless or wish.options
    asked = wish.kind is Kind.CHOICES and wish.choosing is not Kind.AMEND
    return bool(wish.lines) and not on_terms and (wish.kind is Kind.ORDER or asked)


def _one(found: Reading | None) -> Wish | None:
    """The one wish of a certain reading."""
    certain = found is not None and found.certain and len(found.wishes) == 1
    return found.wishes[0] if found is not None and certain else None
