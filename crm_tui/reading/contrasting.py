"""One row of the shop's list by what it is not: "bukan led", "yg biasa bukan iridium"."""

from collections.abc import Sequence
from dataclasses import replace

from crm_tui.reading.answering import Answer
from crm_tui.reading.edit_model import SHORT
from crm_tui.reading.index import Entry
from crm_tui.reading.ordering import ranged
from crm_tui.reading.parting import Part, parts_of
from crm_tui.reading.roles import Role, Word
from crm_tui.reading.wishes import Kind, Line, Reading, Wish

_KNOWN = (Role.STILL, Role.LINK, Role.CUE, Role.MAYBE, Role.NAME, Role.NUMBER)


def contrasted(turn: Answer) -> Reading | None:
    """The row that is left of the list without what is denied, or a shorter list; None where nothing of
    the list is denied, or something else is said."""
    pool = turn.talk.offered
    if len(pool) < 2 or not _says_no_more(turn):
        return None
    parts = _denied_behind(turn, parts_of(turn.tagged))
    denied: list[Entry] = []
    wanted = list(pool)
    numbers: list[Word] = []
    for part in parts:
        words = turn.tagged.words[part.begin : part.end]
        named = _called(turn, part, wanted=not part.denies)
        if part.denies and not named:
            return None
        if part.denies:
            denied += _having(turn, named, pool)
        else:
            wanted = [entry for entry in _having(turn, named, pool) if entry in wanted]
            numbers += [word for word in words if word.role is Role.NUMBER and word not in named]
    left = [entry for entry in wanted if entry not in denied]
    if not denied:
        return _plainest(turn, wanted, numbers) if _common(turn) else None
    if not left or len(left) == len(pool) or len(numbers) > 1 or any(w.label for w in numbers):
        return None
    count = numbers[0].value if numbers else None
    if len(left) > 1:
        return turn.wish(
            Wish(
                Kind.CHOICES, options=tuple(left), quantity=count or turn.talk.quantity,
                choosing=turn.talk.choosing or Kind.ORDER,
            )
        )  # fmt: skip
    says = count or len(wanted) < len(pool) or _common(turn)
    # What is only not wanted may as well be all that is not.
    sure = says and turn.answer_chosen([Line(left[0], count)])
    return sure or turn.propose([Line(left[0], count or turn.talk.quantity or 1)])


def _denied_behind(turn: Answer, parts: Sequence[Part]) -> list[Part]:
    """The parts, of which one that only denies belongs to the one before it: "yang kiri jangan"."""
    found: list[Part] = []
    for part in parts:
        alone = part.denies and not _called(turn, part, wanted=False)
        if alone and found and not found[-1].denies:
            found[-1] = replace(found[-1], end=part.end, denies=True)
        else:
            found.append(part)
    return found


def _says_no_more(turn: Answer) -> bool:
    """Whether nothing is asked, taken back or changed, and all words are known."""
    asked, tagged = turn.asked, turn.tagged
    if asked.question or asked.price or asked.stock or ranged(tagged) or tagged.priced:
        return False
    if tagged.has("dialogue.add", "dialogue.less", "dialogue.all", "veto.past", "veto.later"):
        return False
    common = turn.lexicon.words["common"]
    said = zip(tagged.words, tagged.texts, strict=True)
    known = all(word.role in _KNOWN or text in common for word, text in said)
    return known and (tagged.has("dialogue.deny", "dialogue.unneeded") or _common(turn))


def _common(turn: Answer) -> bool:
    return not turn.lexicon.words["common"].isdisjoint(turn.tagged.texts)


def _called(turn: Answer, part: Part, *, wanted: bool) -> list[Word]:
    """The words of a part that name something; a number counts where that is wanted, unless something
    is called so."""
    words = turn.tagged.words[part.begin : part.end]
    return [
        word
        for word in words
        if word.role is Role.NAME
        or (word.role is Role.NUMBER and len(word.key) > 1 and _items(turn, word))
        or (word.role is Role.NUMBER and not wanted)
    ]


def _items(turn: Answer, word: Word) -> set[int]:
    """Which rows of the list have a word."""
    words = turn.index.words
    senses = [sense for sense, weight in words.senses(word.key).items() if weight >= SHORT]
    having: set[int] = set().union(*map(words.items, senses))
    return having & {entry.id for entry in turn.talk.offered}


def _having(turn: Answer, named: Sequence[Word], pool: Sequence[Entry]) -> list[Entry]:
    """Those of a pool that have all that is named."""
    having = [_items(turn, word) for word in named]
    return [entry for entry in pool if all(entry.id in some for some in having)]


def _plainest(turn: Answer, pool: Sequence[Entry], numbers: Sequence[Word]) -> Reading | None:
    """ "Yang biasa aja": the one row that has no word by itself but sizes, as a proposal."""
    names = [frozenset(turn.index.words.words[entry.id]) for entry in pool]
    shared = [frozenset().union(*names[:at], *names[at + 1 :]) for at in range(len(names))]
    plain = [
        entry
        for entry, own, others in zip(pool, names, shared, strict=True)
        if not any(word.isalpha() for word in own - others)
    ]
    if len(plain) != 1 or len(pool) < 2 or len(numbers) > 1:
        return None
    count = numbers[0].value if numbers else turn.talk.quantity
    return turn.propose([Line(plain[0], count or 1)])
