"""What a side alone asks for goes on with the vehicle that was spoken of: "yg belakang?" behind a front
KENARI of an ALPA is the rear one of an ALPA, and of nothing else."""

from collections.abc import Collection, Sequence
from itertools import takewhile

from crm_tui.reading import mentions as finding
from crm_tui.reading.companions import ends_names, kind_words
from crm_tui.reading.index import Entry
from crm_tui.reading.proposals import choices
from crm_tui.reading.roles import Role
from crm_tui.reading.siblings import NameWords
from crm_tui.reading.turn import SUFFIXES, Turn
from crm_tui.reading.vocabulary import CLASS
from crm_tui.reading.wishes import Kind, Line, Reading, Wish

_MOST_TOLD = 3
_A_NAME = 2
"""So many words tell what a thing is, whatever it is for."""
_MOST_LOOKED = 200
_CALM = (Role.STILL, Role.CUE, Role.MAYBE)


def kept(turn: Turn, answer: Reading | None, said: Sequence[Entry]) -> Reading | None:
    """A question about the other side, of what was `said`: what there is for the same vehicle; and
    nothing that is for another one."""
    asked = turn.asked
    asking = turn.tagged.asked or asked.price or asked.stock
    if not said or not asking or asked.order or asked.want:
        return answer
    if answer is not None and answer.outcome not in (Kind.PRICE, Kind.STOCK, Kind.NOT_FOUND):
        return answer
    lines = [line.entry for wish in answer.wishes for line in wish.lines] if answer else []
    if _only_sided(turn):
        best = _best(turn, said[-1], lines)
        if best:
            kind = Kind.STOCK if asked.stock and not asked.price else Kind.PRICE
            if len(best) > _MOST_TOLD:
                return turn.wish(choices(best, None, kind, ()))
            return turn.wish(Wish(kind, tuple(map(Line, best))))
    if strays(turn, lines, said):
        thing = kind_words(turn.index, said[-1]) or said[-1].name.split()[0].lower()
        named = [
            word.token.text for word in turn.tagged.words if word.role in (Role.NAME, Role.NUMBER)
        ]
        return turn.wish(Wish(Kind.NOT_FOUND, unknown=(" ".join([thing, *named]),)))
    return answer


def strays(turn: Turn, lines: Sequence[Entry], said: Sequence[Entry]) -> bool:
    """Whether each of these is for another vehicle than was spoken of, though none is said."""
    if not lines or not _only_sized(turn) or not _for_others(turn, lines, said):
        return False
    # An L300 is a vehicle.
    named = {turn.lexicon.name(word.key) for word in turn.tagged.words if word.role is Role.NAME}
    words = turn.index.words
    return any(named.isdisjoint(_vehicles(turn, NameWords(words, one.id))) for one in lines)


def none_for_it(turn: Turn) -> Reading | None:
    """That there is none, where it is asked for one "of it" and each that there is, is for another
    vehicle than was spoken of: "kenarinya ada?", of an OGAN; None if it is not so."""
    asked, tagged = turn.asked, turn.tagged
    said = turn.last_said() or [line.entry for line in turn.talk.order] or turn.talk.recent[-1:]
    asking = tagged.asked or asked.price or asked.stock
    if not said or not asking or asked.order or asked.want or not _of_it(turn):
        return None
    if any(word.role not in (*_CALM, Role.NAME) for word in tagged.words):
        return None
    found = finding.find(tagged, turn.index, ordering=False)
    if len(found) != 1 or found[0].match.missing or not found[0].match.headed:
        return None
    words = turn.index.words
    entries = found[0].entries(turn.index)
    broad = {item for word in words.broad for item in words.items(CLASS + word)}
    if not broad.isdisjoint(found[0].match.items) or not _for_others(turn, entries, said):
        return None
    own = set().union(*(_vehicles(turn, NameWords(words, entry.id)) for entry in entries))
    named = [word for word in tagged.words if word.role is Role.NAME]
    if any(turn.lexicon.name(word.key) in own for word in named):
        return None
    return turn.wish(Wish(Kind.NOT_FOUND, unknown=(" ".join(word.token.text for word in named),)))


def _of_it(turn: Turn) -> bool:
    """Whether the last word that names something has an ending for "of it"."""
    words, texts = turn.tagged.words, turn.tagged.texts
    at = max((at for at, word in enumerate(words) if word.role is Role.NAME), default=-1)
    text = words[at].token.text if at >= 0 else ""
    bent = text.endswith(SUFFIXES) and text != texts[at]
    return at >= 0 and (bent or texts[at + 1 : at + 2] in {(one,) for one in SUFFIXES})


def _only_sided(turn: Turn) -> bool:
    """Whether nothing is said but sides."""
    lexicon = turn.lexicon
    names = [word for word in turn.tagged.words if word.role not in _CALM]
    return bool(names) and all(
        word.role is Role.NAME and lexicon.name(word.key) in lexicon.opposites for word in names
    )


def _best(turn: Turn, said: Entry, quoted: Sequence[Entry]) -> list[Entry]:
    """Those of the same kind and of the side that is asked for that have most in common with what was
    said, a vehicle among it; [] where what was `quoted` is of them."""
    words, lexicon = turn.index.words, turn.lexicon
    own = NameWords(words, said.id)
    models = _vehicles(turn, own)
    kind = _kind(turn, own, models)
    if not models and len(kind) < _A_NAME:
        return []
    sides = {lexicon.name(w.key) for w in turn.tagged.words if w.role is Role.NAME}
    shared: dict[int, int] = {}
    for item in sorted(words.items(own.head))[:_MOST_LOOKED]:
        other = NameWords(words, item)
        if item == said.id or not sides <= other.said or not kind <= other.said:
            continue
        if any(lexicon.opposites[side] in other.said for side in sides if side in other.said):
            continue
        if (not models or not models.isdisjoint(other.said)) and own.same_kind(other):
            shared[item] = len(models & other.said)
    most = max(shared.values(), default=0)
    best = [item for item, count in shared.items() if count == most]
    if not best or (not models and len(best) > 1) or any(one.id in shared for one in quoted):
        return []
    return [turn.index.entry(item) for item in best]


def _kind(turn: Turn, own: NameWords, models: Collection[str]) -> set[str]:
    """The words before a size or a vehicle that say what something is, without its side."""
    told = takewhile(lambda word: word.isalpha() and word not in models, own.ordered)
    return set(told) - turn.lexicon.opposites.keys() - turn.lexicon.words["makers"]


def _vehicles(turn: Turn, own: NameWords) -> set[str]:
    """The words of a name that say for which vehicle it is, be it the last one."""
    words, lexicon = turn.index.words, turn.lexicon
    makes = lexicon.words["makers"] | lexicon.houses.keys()
    return {
        word
        for word in own.said - makes
        if word not in lexicon.canon
        and word[:1].isalpha()
        and len(word) > 1
        and (word in lexicon.classes or (words.applies(word) and not ends_names(words, word)))
    }


def _only_sized(turn: Turn) -> bool:
    """Whether all that names something are sides, sizes and words that stand with many things."""
    lexicon = turn.lexicon
    names = [word for word in turn.tagged.words if word.role is Role.NAME]
    return all(
        not word.key.isalpha() or word.key in lexicon.words["size_marks"]
        or lexicon.name(word.key) in lexicon.canon
        for word in names
    )  # fmt: skip


def _for_others(turn: Turn, lines: Sequence[Entry], said: Sequence[Entry]) -> bool:
    """Whether each of these tells for which vehicle it is, and that is none of those spoken of."""
    words = turn.index.words
    own, before = (
        [_vehicles(turn, NameWords(words, entry.id)) for entry in some] for some in (lines, said)
    )
    return all(own) and all(before) and set().union(*own).isdisjoint(set().union(*before))
