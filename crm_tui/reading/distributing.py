"""So many of each side: "satu kanan satu kiri", "depan 2 belakang 1", "kiri kanan masing2 1".

Two sides that are opposites share out what was spoken of: the shop's last list, what it proposed or
quoted, or the one thing and the same for the other side.
"""

from collections.abc import Sequence
from dataclasses import replace

from crm_tui.errors import N_
from crm_tui.reading.cues import cues
from crm_tui.reading.following import Following
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.measuring import measures
from crm_tui.reading.ordering import ranged
from crm_tui.reading.presuming import live
from crm_tui.reading.proposals import MOST_OPTIONS
from crm_tui.reading.roles import Role, Tagged, Word
from crm_tui.reading.siblings import opposed, other_sides, siblings
from crm_tui.reading.wishes import Conversation, Kind, Line, Reading, Wish, human

_EACH = ("an", "biji2", "aan")
"""Behind a number they say that it is so many of each: "1 an"."""
_QUIET = (Role.STILL, Role.LINK, Role.CUE, Role.EACH, Role.MAYBE)
_FEW = 100
_TWO = 2


def distributed(turn: Following) -> Reading | None:
    """An order of so many of each of two sides, or the list of those of which several are of one side;
    None where something else is said."""
    words = turn.tagged.words
    named = [word for word in words if word.role is Role.NAME]
    sides = [word for word in named if turn.lexicon.name(word.key) in turn.lexicon.opposites]
    names = [turn.lexicon.name(word.key) for word in sides]
    if len(names) != _TWO or turn.lexicon.opposites.get(names[0]) != names[1]:
        return _by_size(turn, named)
    if not _says_no_more(turn):
        return None
    numbers = [word for word in words if word.role is Role.NUMBER]
    counts, certain = _counts(turn, sides, numbers)
    which = [word for word in named if word not in sides]
    if which:
        return _so_called(turn, names, which, counts if certain else None)
    pool = _pool(turn)
    rows = [_of_side(turn, name, pool) for name in names]
    if counts is None or not all(rows) or sum(map(len, rows)) > MOST_OPTIONS:
        return None
    ordered = {line.entry for line in turn.talk.order}
    if any(entry in ordered for few in rows for entry in few):
        return None
    if any(turn.count(number, rows[0][0]) != number.value for number in numbers if not number.pair):
        return None
    lines = [Line(few[0], count) for few, count in zip(rows, counts, strict=True) if len(few) == 1]
    if len(lines) == _TWO:
        return turn.order(lines) if certain else turn.propose(lines)
    open_ones = [(few, count) for few, count in zip(rows, counts, strict=True) if len(few) > 1]
    return turn.wish(
        Wish(
            Kind.CHOICES, options=tuple(entry for few, _ in open_ones for entry in few),
            quantity=open_ones[0][1] if lines else None, choosing=Kind.ORDER, held=tuple(lines),
            parts=() if lines else tuple((len(few), count) for few, count in open_ones),
            unsure=not certain,
        )
    )  # fmt: skip


def _by_size(turn: Following, named: Sequence[Word]) -> Reading | None:
    """ "Besar 2 kecil 3": so many of the greatest and of the smallest, as a proposal."""
    names = [turn.lexicon.name(word.key) for word in named]
    if sorted(names) != ["besar", "kecil"] or not _says_no_more(turn):
        return None
    numbers = [word for word in turn.tagged.words if word.role is Role.NUMBER]
    counts, _ = _counts(turn, named, numbers)
    pool = list(dict.fromkeys(turn.last_said()))
    sizes = measures([turn.index.words.words[one.id] for one in pool]) if len(pool) > 1 else None
    if counts is None or sizes is None:
        return None
    ends = {"besar": pool[sizes.index(max(sizes))], "kecil": pool[sizes.index(min(sizes))]}
    return turn.propose(
        [Line(ends[name], count) for name, count in zip(names, counts, strict=True)]
    )


def _so_called(
    turn: Following, names: Sequence[str], which: Sequence[Word], counts: tuple[int, int] | None
) -> Reading | None:
    """So many of each side of what is told apart by a word besides: "yang karsa, kiri 1 kanan 1"."""
    said = turn.last_said() or turn.talk.recent[-1:]
    if counts is None or not said or turn.talk.order or turn.names_kind():
        return None
    like = [siblings(turn.index, entry, turn.tagged, {}, len(said)) for entry in said]
    pool = list(dict.fromkeys((*said, *(one for some in like for one in some.entries))))
    called = _called(turn, which, pool) or _called(turn, which, _for_the_same(turn, said))
    called += [other for one in called for other in other_sides(turn.index, one)]
    rows = [_of_side(turn, name, list(dict.fromkeys(called))) for name in names]
    if any(len(few) != 1 for few in rows):
        return None
    lines = [Line(few[0], count) for few, count in zip(rows, counts, strict=True)]
    exact = {entry.id for entry in said}.union(*(some.exact for some in like))
    sure = any(few[0].id in exact for few in rows) and opposed(turn.index, rows[0][0], rows[1][0])
    return turn.order(lines) if sure else turn.propose(lines)


def _called(turn: Following, which: Sequence[Word], pool: Sequence[Entry]) -> list[Entry]:
    """Those of a pool that have all of these words."""
    words = turn.index.words
    having = [set().union(*map(words.items, words.senses(word.key))) for word in which]
    return [one for one in pool if all(one.id in some for some in having)]


def _for_the_same(turn: Following, said: Sequence[Entry]) -> list[Entry]:
    """Things of the kind of what was spoken of that are for a model which that is for."""
    words = turn.index.words
    found: set[int] = set()
    for entry in said:
        models = [word for word in words.words[entry.id] if words.applies(word)]
        kind = words.kindred(entry.id)
        found |= kind & set().union(*map(words.items, models))
    return [turn.index.entry(item) for item in sorted(found)]


def _says_no_more(turn: Following) -> bool:
    """Whether nothing is asked, denied, changed or added, and all other words say nothing."""
    asked, tagged = turn.asked, turn.tagged
    if asked.question or asked.price or asked.stock or ranged(tagged):
        return False
    changes = ("dialogue.remove", "dialogue.swap", "dialogue.less", "dialogue.deny")
    if tagged.priced or tagged.negative or tagged.has(*changes):
        return False
    if turn.talk.order and tagged.has("dialogue.change"):
        return False
    return all(
        word.role in (*_QUIET, Role.NAME, Role.NUMBER) and not (word.label or word.year)
        for word in tagged.words
    )


def _counts(
    turn: Following, sides: Sequence[Word], numbers: Sequence[Word]
) -> tuple[tuple[int, int] | None, bool]:
    """How many of the first and of the second side, and whether that is certain; None if it is not
    said."""
    values = [word.value for word in numbers]
    if not values or not all(0 < value < _FEW for value in values):
        return None, False
    words = turn.tagged.words
    order = [word for word in words if word in sides or word in numbers]
    kinds = "".join("n" if word.role is Role.NUMBER else "s" for word in order)
    each = any(word.role is Role.EACH for word in words) or any(
        text in _EACH and words[at - 1].role is Role.NUMBER
        for at, text in enumerate(turn.tagged.texts)
        if at
    )
    if len(values) == _TWO:
        apart = kinds in ("nsns", "snsn") and not any(word.pair for word in numbers)
        return ((values[0], values[1]) if apart else None), True
    if len(values) > 1 or kinds not in ("ssn", "nss"):
        return None, False
    # So many in all cannot be one: "kiri kanan 1" is one of each.
    return (values[0], values[0]), each or values[0] == 1 or numbers[0].pair


def _pool(turn: Following) -> list[Entry]:
    """What may be meant: what the shop last spoke of, and of one thing the same for the other side."""
    said = list(dict.fromkeys(turn.last_said()))
    if len(said) == 1:
        ordered = {line.entry for line in turn.talk.order}
        before = [one for one in turn.talk.recent if one not in ordered and one not in said]
        heads = turn.index.words.heads
        said += other_sides(turn.index, said[0]) or [
            one for one in before if heads[one.id][:1] == heads[said[0].id][:1]
        ]
    return said


def _of_side(turn: Following, name: str, pool: Sequence[Entry]) -> list[Entry]:
    """Those of a pool that are of a side: by their names, or else by what they are called besides."""
    words, sides = turn.index.words, {name, turn.lexicon.opposites.get(name, name)}
    named = {entry: {*map(turn.lexicon.name, words.words[entry.id])} for entry in pool}
    return [
        entry
        for entry, own in named.items()
        if name in own or (own.isdisjoint(sides) and entry.id in words.items(name))
    ]


def each_of_which(reading: Reading, tagged: Tagged, talk: Conversation) -> Reading:
    """`reading`, or people, where so many of "each" or "both" stand before something else, "duanya 1,
    kenari 2", and fewer than two things are wanted so."""
    if not live(talk) or not (
        tagged.has("dialogue.all") or any(word.role is Role.EACH for word in tagged.words)
    ):
        return reading
    wishes = [wish for wish in reading.wishes if Kind.ORDER in (wish.kind, wish.choosing)]
    lines = [line for wish in wishes for line in wish.lines]
    named = (at for at, word in enumerate(tagged.words) if word.role in (Role.NAME, Role.UNKNOWN))
    first = next(named, 0)
    all_of = [end for _, end in tagged.marks.get("dialogue.all", ())]
    each = [at + 1 for at, word in enumerate(tagged.words) if word.role is Role.EACH]
    end = max((at for at in (*all_of, *each) if at <= first), default=0)
    behind = tagged.words[end : first + 1]
    apart = any(word.token.pause or word.role is Role.LINK for word in behind)
    if not lines or not end or not apart:
        return reading
    counts = [word.value for word in tagged.words[:first] if word.role is Role.NUMBER]
    so_many = [line for line in lines if line.quantity in counts] if counts else lines[1:]
    return reading if len(so_many) >= _TWO else human(N_("of which items?"))


def with_the_others(
    reading: Reading, tagged: Tagged, index: ItemIndex, talk: Conversation
) -> Reading:
    """ "Sama kenarinya, pesan masing2 1": an order of one thing, so many of "each" or "all", is
    proposed with what was quoted before, of which nothing else was said. "Sama yang belakang, pesan
    masing2 2" orders it with the front one."""
    if len(reading.wishes) != 1 or not talk.quoted:
        return reading
    apiece = any(word.role is Role.EACH for word in tagged.words)
    if not (apiece or tagged.has("dialogue.all")):
        return reading
    proposed = reading.outcome is Kind.CHOICES and reading.wishes[0].choosing is Kind.ORDER
    if reading.outcome is not Kind.ORDER and not (proposed and reading.wishes[0].lines):
        return reading
    (wish,) = reading.wishes
    ordered = {line.entry for line in (*wish.lines, *talk.order)}
    others = [entry for entry in talk.quoted if entry not in ordered]
    counts = {line.quantity for line in wish.lines}
    own = {line.entry for line in wish.lines} - set(talk.quoted)
    if not others or len(counts) > 1 or not own or wish.alternatives or wish.unless:
        return reading
    count = counts.pop()
    lines = (*(Line(entry, count) for entry in others), *wish.lines)
    asked = replace(wish, kind=Kind.CHOICES, choosing=Kind.ORDER, lines=lines)
    if apiece and len(lines) == _TWO and _with_its_like(tagged, index, *lines):
        asked = replace(asked, kind=Kind.ORDER)
    return replace(reading, wishes=(asked,))


def _with_its_like(tagged: Tagged, index: ItemIndex, one: Line, other: Line) -> bool:
    """Whether so many of "each" are ordered of a thing and of the one that only the words said, behind
    "and", tell from it."""
    asked = cues(tagged, index)
    numbers = [word for word in tagged.words if word.role is Role.NUMBER]
    plain = asked.order and not (asked.question or asked.price or asked.stock or tagged.priced)
    added = tagged.words[0].role is Role.LINK or tagged.has("dialogue.also")
    added = added and len(numbers) == 1
    return plain and added and other.entry.id in siblings(index, one.entry, tagged, {}).exact
