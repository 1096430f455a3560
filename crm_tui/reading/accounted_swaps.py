"""Another thing for a line of the order where each word of a text says so: "salah, hilux bukan triton",
"businya ganti alpa x22", "kata montir yang karsa aja, ganti".

text, open order ─▶ each line with each thing of its kind: does each word say what it is to be, what it
is not to be, what both are, or nothing? ─▶ one way, one thing that leaves least unsaid ─▶ AMEND
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from crm_tui.reading.edit_model import EXACT, THINNED
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.replacement import ONLY, REPLACES
from crm_tui.reading.roles import Role, Tagged, Word
from crm_tui.reading.tagging import tag
from crm_tui.reading.turn import SUFFIXES, WHICH, Turn
from crm_tui.reading.unsaid_makes import widened
from crm_tui.reading.wishes import Conversation, Kind, Line, Reading

_MOST_WORDS = 16
_MOST_TOLD = 3
_A_NAME = 3
_ABOUT_AS_GOOD = 0.05
_MOST_LIKE = 60
_A_PICTURE = 0x2000
"""The first sign that is no letter of what customers write."""
_QUIET = (
    "polite", "honorifics", "greetings", "beginnings", "just", "beg_pardon", "exclaims", "sighs",
    "slips", "meant", "wrong", "ought", "said_right", "writes", "codes", "pronouns", "mine",
    "mine_here", "vehicles", "places", "found_out", "that", "so_be_it", "purpose", "want", "besides",
)  # fmt: skip
"""What says nothing of which thing is meant."""
_NEVER = (
    "dialogue.add", "dialogue.less", "dialogue.remove", "dialogue.others", "dialogue.all",
    "dialogue.not_yet", "intents.cancel", "conditions.condition", "veto.own", "veto.later",
    "veto.complaint", "veto.haggle", "veto.advice", "veto.past", "veto.spam",
)  # fmt: skip


@dataclass(frozen=True)
class _Said:
    """What the words of a text say of two things: which only the new one has, which only the old one,
    which both."""

    new: frozenset[int]
    old: frozenset[int]
    both: frozenset[int]


def read(text: str, index: ItemIndex, talk: Conversation, unclear: Reading) -> Reading | None:
    """The other thing for a line of the order, where each word of a text says nothing else; None if it
    does not, or the `unclear` reading would do something else."""
    if not talk.order or not talk.amendable or talk.offered or talk.proposed or "?" in text:
        return None
    tagged = tag(text, index)
    if not 1 < len(tagged.words) <= _MOST_WORDS or not _swaps(tagged, text, index):
        return None
    if tagged.asked or tagged.priced or tagged.negative or tagged.has(*_NEVER):
        return None
    if tagged.has("dialogue.also") and not tagged.has("dialogue.deny"):
        return None
    if _denies_the_change(tagged, index):
        return None
    strange = any(tagged.words[at].role is Role.UNKNOWN for at in _opinion(tagged, text, index))
    if strange and len(talk.order) > 1:
        # What nobody knows may be another line.
        return None
    ways = list(_ways(tagged, text, index, talk))
    if len(ways) != 1:
        return None
    line, new, said = ways[0]
    turn = Turn(tagged, text, index, talk)
    own = {one.entry for one in talk.order} | {new}
    if not (said.both or said.old) and not own.issuperset(talk.quoted):
        # The shop's last word was about something else.
        return None
    count = _counted(turn, line, new, said)
    if not count or not _same(unclear, line, new):
        return None
    return turn.amend({line.entry: 0, new: count})


def _swaps(tagged: Tagged, text: str, index: ItemIndex) -> bool:
    """Whether a text says in so many words that one thing is to be another one."""
    words = index.lexicon.words
    texts = tagged.texts
    said = words["wrong"].union(REPLACES)
    if not said.isdisjoint(texts) or tagged.has("dialogue.deny"):
        return True
    relayed = texts[0] == "eh" and bool(_opinion(tagged, text, index))
    return (relayed or _called(tagged)) and not ONLY.isdisjoint(texts)


def _denies_the_change(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether "not" is said of the change, "jangan ganti", "bukan salah", or it was made long ago."""
    said = index.lexicon.words["wrong"].union(REPLACES)
    for _, end in tagged.marks.get("dialogue.deny", ()):
        behind = [
            at
            for at in range(end, min(end + 2, len(tagged.words)))
            if at == end or not tagged.words[at].token.pause
        ]
        if any(tagged.texts[at] in said for at in behind):
            return True
    return tagged.texts[0] in index.lexicon.words["former"]


def _called(tagged: Tagged) -> bool:
    """Whether the first word that names something ends with "-nya"."""
    at = next((at for at, word in enumerate(tagged.words) if word.role is Role.NAME), None)
    if at is None:
        return False
    text = tagged.words[at].token.text
    bare = text != tagged.texts[at] and text.endswith(SUFFIXES)
    return bare or tagged.texts[at + 1 : at + 2] in {(one,) for one in SUFFIXES}


def _ways(
    tagged: Tagged, text: str, index: ItemIndex, talk: Conversation
) -> Iterator[tuple[Line, Entry, _Said]]:
    """Each line with the one thing that may come for it so."""
    ordered = {line.entry.id for line in talk.order}
    heads = index.words.heads
    for line in talk.order:
        kind = index.words.kindred(line.entry.id) - ordered
        alike = [item for item in kind if heads[item][:1] == heads[line.entry.id][:1]]
        if len(alike) > _MOST_LIKE:
            continue
        told = {
            item: said
            for item in alike
            if (said := _said(tagged, text, index, line.entry.id, item)) is not None
        }
        new = _least_lost(index, line.entry, list(told)) if told else None
        if new is None or not _that_line(line, talk, index, told[new.id], tagged):
            continue
        if _no_more_changes(index, line.entry, new, tagged, told[new.id]):
            yield line, new, told[new.id]


def _said(tagged: Tagged, text: str, index: ItemIndex, old: int, new: int) -> _Said | None:
    """What the words say of two things; None if one of them says something else."""
    quiet = _quiet(tagged, index)
    vehicles = _vehicles(tagged, index)
    denied = _denied(tagged)
    only_new, only_old, both = set(), set(), set()
    told = _relayed(tagged, text, index) | _reasons(tagged, index)
    for at, word in enumerate(tagged.words):
        if at in told:
            continue
        if word.role is Role.NUMBER and at and _joined(index, tagged, at, new, old):
            only_new.add(at)
        elif word.role in (Role.NAME, Role.MAYBE) or (word.role is Role.NUMBER and word.label):
            has = [_has(index, word, item) for item in (new, old)]
            if all(has):
                both.add(at)
            elif has[0] and at not in denied:
                only_new.add(at)
            elif has[1] and (at in denied or _left(tagged, at)):
                only_old.add(at)
            elif any(has) or at not in (quiet if word.role is Role.MAYBE else vehicles - denied):
                return None
        elif word.role is Role.NUMBER:
            if _has(index, word, new) or _has(index, word, old):
                # A size, or so many?
                return None
        elif at not in quiet:
            return None
    names = {
        at for at in only_new
        if tagged.words[at].role is not Role.MAYBE and len(tagged.words[at].key) > 1
    }  # fmt: skip
    tinted = bool(only_new) and _tinted(tagged, index, only_new)
    if not (names or tinted) or both & denied:
        return None
    return _Said(frozenset(only_new), frozenset(only_old), frozenset(both))


def _tinted(tagged: Tagged, index: ItemIndex, places: set[int]) -> bool:
    """Whether a colour is said with a word that orders it: "item aja", "ganti item"."""
    tints = index.lexicon.words["tints"]
    return all(
        index.lexicon.name(tagged.words[at].key) in tints
        and (
            not ONLY.isdisjoint(tagged.texts[at + 1 : at + 2])
            or not REPLACES.union(WHICH).isdisjoint(tagged.texts[max(0, at - 1) : at])
        )
        for at in places
    )


def _has(index: ItemIndex, word: Word, item: int) -> bool:
    """Whether an item's name has a word, in whichever way it is certain to be written."""
    return any(item in index.words.items(sense) for sense in _senses(index, word.key))


def _senses(index: ItemIndex, key: str) -> list[str]:
    """The words of names that a word certainly stands for."""
    senses = {one: by for one, by in index.words.senses(key).items() if not one.startswith("code:")}
    least = max(THINNED, max(senses.values(), default=0) - _ABOUT_AS_GOOD)
    return [
        one
        for one, weight in senses.items()
        if weight >= least and (weight == EXACT or len(one) >= _A_NAME)
    ]


def _denied(tagged: Tagged) -> set[int]:
    """The places of what stands behind "not", up to the next pause."""
    places: set[int] = set()
    for _, end in tagged.marks.get("dialogue.deny", ()):
        at = end
        while at < len(tagged.words) and (at == end or not tagged.words[at].token.pause):
            if tagged.texts[at] in REPLACES:
                break
            places.add(at)
            at += 1
    return places


def _left(tagged: Tagged, at: int) -> bool:
    """Whether what stands at a place is what something is replaced of, "alpa ganti karsa", or ought to
    be: "b42 itu mestinya b41"."""
    behind = {stop for start, stop in tagged.marks.get("dialogue.swap", ()) if start > at}
    return bool(behind) and not tagged.has("dialogue.deny")


def _quiet(tagged: Tagged, index: ItemIndex) -> set[int]:
    """The places of what says nothing of which thing is meant."""
    lexicon = index.lexicon
    calm = lexicon.union(*_QUIET).union(REPLACES, WHICH, SUFFIXES, lexicon.units, lexicon.measures)
    places = {at for at, text in enumerate(tagged.texts) if text in calm}
    for spans in (tagged.marks.get("dialogue.deny", ()), tagged.marks.get("dialogue.swap", ())):
        places |= {at for span in spans for at in range(*span)}
    return places


def _relayed(tagged: Tagged, text: str, index: ItemIndex) -> set[int]:
    """The places of who has said it, and what that person thinks of it up to a pause, a picture, or
    "ganti": "kata pacarku norak, …"."""
    words, texts = index.lexicon.words, tagged.texts
    who = words["people"] | words["changed_mind"]
    idle = {at for span in tagged.marks.get("dialogue.idle", ()) for at in range(*span)}
    for at, said in enumerate(texts[:-1]):
        if said not in words["relays"] or texts[at + 1] not in who or said in words["yes"]:
            continue
        end = at + 2
        while end < len(texts) and tagged.words[end].role in (Role.UNKNOWN, Role.STILL):
            if _parted(tagged, text, end) or texts[end] in REPLACES or end in idle:
                break
            end += 1
        closed = end < len(texts) and (
            _parted(tagged, text, end) or texts[end] in REPLACES or end in idle
        )
        long = end - at - 2 > _MOST_TOLD
        # "Kata pacarku kenari putih aja" may name what nobody has.
        return set(range(at, end if closed and not long else at + 2))
    return set()


def _opinion(tagged: Tagged, text: str, index: ItemIndex) -> set[int]:
    """The places of what somebody thinks of it, without who that is."""
    words = index.lexicon.words
    who = words["people"] | words["changed_mind"] | words["relays"]
    told = _relayed(tagged, text, index) | _reasons(tagged, index)
    return {at for at in told if tagged.texts[at] not in who}


def _parted(tagged: Tagged, text: str, at: int) -> bool:
    """Whether a pause or a picture stands before a word."""
    before = text[tagged.words[at - 1].span[1] : tagged.words[at].span[0]]
    return bool(tagged.words[at].token.pause) or any(ord(char) > _A_PICTURE for char in before)


def _reasons(tagged: Tagged, index: ItemIndex) -> set[int]:
    """The places of "biar ga keliatan kotor" behind what is to be had: up to a pause or "ganti"."""
    texts = tagged.texts
    begins = index.lexicon.words["so_that"]
    at = next((at for at, text in enumerate(texts) if text in begins), len(texts))
    end = at
    while end < len(texts) and not (end > at and tagged.words[end].token.pause):
        if texts[end] in REPLACES:
            break
        if tagged.words[end].role not in (Role.STILL, Role.UNKNOWN):
            return set()
        end += 1
    return set(range(at, end)) if at and end - at <= _MOST_TOLD + 2 else set()


def _vehicles(tagged: Tagged, index: ItemIndex) -> set[int]:
    """The places of what is told of one's own vehicle in a clause of its own: "motorku kan mio, …"."""
    vehicles = index.lexicon.words["vehicles"]
    pauses = [0, *(at for at, word in enumerate(tagged.words) if at and word.token.pause)]
    found: set[int] = set()
    for begin, end in pairwise([*pauses, len(tagged.words)]):
        at = next((at for at in range(begin, end) if tagged.texts[at] in vehicles), end)
        stop = next((one for one in range(at, end) if tagged.texts[one] in WHICH), end)
        found.update(range(at, stop))
    return found


def _joined(index: ItemIndex, tagged: Tagged, at: int, new: int, old: int) -> bool:
    """Whether a number goes on with the word before it, as the new thing alone is called: "ps 120"."""
    one = index.words.items(tagged.words[at - 1].key + tagged.words[at].key)
    return tagged.words[at].key.isdecimal() and new in one and old not in one


def _that_line(
    line: Line, talk: Conversation, index: ItemIndex, said: _Said, tagged: Tagged
) -> bool:
    """Whether it is that line alone: it has what is said to be no more, or is all that is ordered."""
    named = said.old | said.both
    others = [one for one in talk.order if one is not line]
    if named:
        return not any(
            all(_has(index, tagged.words[at], one.entry.id) for at in named) for one in others
        )
    return not others


def _least_lost(index: ItemIndex, old: Entry, items: Sequence[int]) -> Entry | None:
    """Of several things the one that keeps what each other one keeps of what was ordered, and more."""
    words = index.words.words
    before = set(words[old.id])
    kept = {item: before.intersection(words[item]) for item in items}
    best = [item for item in items if all(kept[one] < kept[item] for one in items if one != item)]
    if len(best) != 1 or len(widened(index, [old], best, items)) > 1:
        return None
    return index.entry(best[0])


def _no_more_changes(index: ItemIndex, old: Entry, new: Entry, tagged: Tagged, said: _Said) -> bool:
    """Whether no side, size or part becomes another one that nobody named."""
    words, lexicon = index.words.words, index.lexicon
    lost, gained = set(words[old.id]) - set(words[new.id]), set(words[new.id]) - set(words[old.id])
    told = {lexicon.name(tagged.words[at].key) for at in said.new | said.old}
    turned = {one for one in lost if lexicon.opposites.get(one) in gained}
    if turned - told and not {lexicon.opposites.get(one) for one in turned} <= told:
        return False
    called = {
        sense for at in said.new for sense in _senses(index, tagged.words[at].key)
    } | _joined_words(tagged, said)
    kept = set(words[old.id])
    models = any(index.words.applies(one) for one in called - kept)
    if not models and _for_others(index, old, new):
        return False
    sized = [one for one in lost if any(map(str.isdigit, one))]
    if sized and not models and not any(any(map(str.isdigit, one)) for one in called):
        # A make or a colour alone gives up no size.
        return False
    if _falls_out(words[old.id], words[new.id], told):
        return False
    first = next((at for at, one in enumerate(words[new.id]) if one in called - kept), None)
    # What stands before it says which part it is.
    return first is not None and gained.isdisjoint(words[new.id][:first])


def _falls_out(old: Sequence[str], new: Sequence[str], told: Collection[str]) -> bool:
    """Whether a word of what was ordered has nothing in its place in the name of the new thing, and
    nobody spoke of it: it may say which part it is."""
    changes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return any(
        way == "delete" and not set(old[begin:end]).issubset(told)
        for way, begin, end, _, _ in changes
    )


def _for_others(index: ItemIndex, old: Entry, new: Entry) -> bool:
    """Whether two things are for vehicles of which they have none in common."""
    words = index.words
    one, two = (set(filter(words.applies, words.words[entry.id])) for entry in (old, new))
    return bool(one) and one.isdisjoint(two)


def _joined_words(tagged: Tagged, said: _Said) -> set[str]:
    """What is said in two words that stand together: "ps 120"."""
    return {tagged.words[at - 1].key + tagged.words[at].key for at in said.new if at}


def _counted(turn: Turn, line: Line, new: Entry, said: _Said) -> int | None:
    """How many of the new thing: as many as were ordered, or the one number that is said."""
    named = said.new | said.old | said.both
    numbers = [
        word
        for at, word in enumerate(turn.tagged.words)
        if word.role is Role.NUMBER and at not in named
    ]
    if not numbers:
        return line.quantity
    behind = numbers[0].span > turn.tagged.words[min(said.new)].span
    return turn.count(numbers[0], new) if len(numbers) == 1 and behind else None


def _same(unclear: Reading, line: Line, new: Entry) -> bool:
    """Whether nothing else was found: what is proposed is the same, or of people nothing."""
    if not unclear.certain:
        return True
    if unclear.outcome is not Kind.CHOICES or len(unclear.wishes) != 1:
        return False
    wish = unclear.wishes[0]
    lines = {one.entry: one.quantity for one in wish.lines}
    if wish.held or wish.parts or (wish.options and set(wish.options) != {new}):
        return False
    return not (lines.keys() - {line.entry, new}) and (
        bool(wish.options) or lines.get(new) is not None
    )
