"""A text told more plainly: without who shares what is ordered, for whom it is and who has asked for
it, with a pause where a reason begins, with the make where it belongs.

text ─not certain, or only proposed─▶ each plainer way, read by itself ─▶ an order or a change that is
certain then, and of what was proposed of nothing else and no other number
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from crm_tui.reading import supposing
from crm_tui.reading.companions import vehicles_of
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.remark_parts import WHICH, Part
from crm_tui.reading.roles import Role, Tagged, Word, without
from crm_tui.reading.tagging import tag
from crm_tui.reading.told_around import finds_dear
from crm_tui.reading.vetoes import hostile
from crm_tui.reading.wishes import Conversation, Kind, Reading

Read = Callable[[str, ItemIndex, Conversation], Reading]

_MOST_WORDS = 30
_LEAST = 3
"""With fewer blanks a text tells nothing besides."""
_CERTAIN = (Kind.ORDER, Kind.AMEND)
_WITHDRAWN = ("intents.cancel", "dialogue.remove")
_EXACTLY = frozenset(("pas", "genap", "genep"))
_TWO = 2
_MOST_MOVED = 2
_LEAVES = frozenset(("titip", "nitip", "dititip", "titipan", "titipannya"))


def read(
    text: str, index: ItemIndex, talk: Conversation, unclear: Reading, free: Read
) -> Reading | None:
    """What a text orders or changes, told more plainly; None if that is not certain or another thing
    than what was proposed."""
    if text.count(" ") < _LEAST:
        return None
    tagged = tag(text, index)
    if len(tagged.words) > _MOST_WORDS or tagged.priced or tagged.negative:
        return None
    withdrawn = bool(talk.order) and not unclear.certain and tagged.has(*_WITHDRAWN)
    counted = [word for word in tagged.words if word.role is Role.NUMBER and not word.label]
    if not (withdrawn or counted) or hostile(text):
        return None
    parts = _parts(tagged, index)
    if withdrawn:
        cancelled = _too_dear(tagged, text, parts, talk)
        reading = free(cancelled, index, talk) if cancelled else None
        if reading is not None and reading.certain and reading.kinds == (Kind.CANCEL,):
            return reading
    each = _of_each(tagged, text, counted, index)
    for rest in _ways(tagged, text, parts, counted, each, index):
        reading = free(rest, index, talk)
        same = _two_of_them if rest == each else nothing_else
        if reading.certain and reading.outcome in _CERTAIN and same(reading, unclear):
            return reading
    return None


def made_sure(text: str, index: ItemIndex, talk: Conversation, free: Read) -> Reading | None:
    """So many of what is only made sure of, "yg hitam kan? 1 ya", as a proposal; None if that is not
    so."""
    sure = _made_sure(tag(text, index), text)
    return supposing.proposed(free(sure, index, talk), talk) if sure else None


def for_a_vehicle(text: str, index: ItemIndex, talk: Conversation, free: Read) -> Reading | None:
    """So many of what was listed or quoted with the vehicle behind it for which it is, "karsa 2, buat
    ogan 24 volt", as a proposal; None if that is not so."""
    if not (talk.offered or talk.quoted):
        return None
    tagged = tag(text, index)
    purpose = index.lexicon.words["purpose"]
    begin = next((at for at, said in enumerate(tagged.texts) if at and said in purpose), 0)
    counted = any(word.role is Role.NUMBER for word in tagged.words[:begin])
    named = [word for word in tagged.words[begin:] if word.role in (Role.NAME, Role.UNKNOWN)]
    applied = all(any(map(index.words.applies, index.words.senses(w.key))) for w in named)
    if not counted or not named or not applied or tagged.asked or tagged.negative or hostile(text):
        return None
    if any(word.role in (Role.NUMBER, Role.CUE, Role.LINK) for word in tagged.words[begin:]):
        return None
    found = supposing.proposed(free(text[: tagged.words[begin].span[0]], index, talk), talk)
    said = {sense for word in named for sense in index.words.senses(word.key)}
    wishes = found.wishes if found is not None else ()
    entries = [
        entry for wish in wishes for entry in (*wish.options, *(x.entry for x in wish.lines))
    ]
    own = [vehicles_of(index.words, entry.id) for entry in entries]
    return None if any(some and some.isdisjoint(said) for some in own) else found


def nothing_else(reading: Reading, found: Reading) -> bool:
    """Whether nothing is wanted but what was proposed, so many of it, or offered."""
    if not found.certain:
        return True
    lines = {(line.entry.id, line.quantity) for wish in found.wishes for line in wish.lines}
    options = {entry.id for wish in found.wishes for entry in wish.options}
    return found.outcome is Kind.CHOICES and all(
        line.entry.id in options or (line.entry.id, line.quantity) in lines or not line.quantity
        for wish in reading.wishes
        for line in wish.lines
    )


def _two_of_them(reading: Reading, found: Reading) -> bool:
    """Whether so many of two things each are wanted, and nothing else was proposed."""
    if not found.certain:
        return True
    lines = {line.entry: line.quantity for wish in reading.wishes for line in wish.lines}
    proposed = {line.entry for wish in found.wishes for line in wish.lines}
    alike = len(lines) == _TWO and len(set(lines.values())) == 1
    return found.outcome is Kind.CHOICES and alike and proposed <= lines.keys()


def _parts(tagged: Tagged, index: ItemIndex) -> list[Part]:
    """The text cut at its pauses."""
    cuts = [0, *(at for at, word in enumerate(tagged.words) if at and word.token.pause)]
    return [
        Part(tagged, index, begin, end, apart=True)
        for begin, end in pairwise([*cuts, len(tagged.words)])
    ]


def _ways(
    tagged: Tagged, text: str, parts: Sequence[Part], counted: Sequence[Word], each: str,
    index: ItemIndex,
) -> Iterator[str]:  # fmt: skip
    """A text with less and less around what is wanted; `each`: as so many of each, "" if it is not."""
    told = [part for part in parts[1:] if _tells(part, parts)] if counted else []
    if told:
        yield without(tagged, text, (at for one in told for at in range(one.begin, one.end)))
    for way in (each, _for_as_many(tagged, text, counted, index)):
        if way:
            yield way
    paused = _paused(tagged, text, index)
    if paused:
        yield paused
    moved = _moved(tagged, text, parts)
    if moved:
        yield moved


def _tells(part: Part, parts: Sequence[Part]) -> bool:
    """Whether a clause only says who shares in it, who has asked for it, for what it is, or how many
    that fills."""
    if any(word.token.asked for word in part.words):
        return False
    return _shares(part, parts) or _asked_for(part) or _purpose(part) or _fills(part)


def _whose(part: Part) -> frozenset[str]:
    """Words for people, vehicles, places and uses that name nothing which is sold."""
    return part.group(
        "people", "changed_mind", "pronouns", "mine", "mine_here", "vehicles", "vague", "places",
        "uses", "polite", "honorifics", "stores", "trades",
    )  # fmt: skip


def _shares(part: Part, parts: Sequence[Part]) -> bool:
    """ "2 untuk saya 2 untuk adik" of four, "satu buat cadangan" of two."""
    others = [
        word for other in parts if other is not part for word in other.roles(Role.NUMBER)
    ]  # fmt: skip
    if len(others) != 1 or others[0].label or not others[0].value:
        return False
    whose, units = _whose(part), part.index.lexicon.units
    counts: list[int] = []
    said = "end"
    for at, (word, text) in enumerate(zip(part.words, part.texts, strict=True)):
        if word.role is Role.NUMBER and not word.label and said in ("end", "who"):
            counts.append(word.value)
            said = "number"
        elif part.within(text, "purpose", "mine") and said == "number":
            said = "for"
        elif (text in whose or (said == "number" and text in units)) and word.role not in (
            Role.NAME, Role.CUE, Role.NUMBER,
        ):  # fmt: skip
            said = "who" if said in ("for", "who") else said
        elif not (at == 0 and (text in WHICH or part.within(text, "but"))):
            return False
    whole = others[0].value
    shared = sum(counts) == whole if len(counts) >= _TWO else sum(counts) < whole
    return said == "who" and bool(counts) and shared


def _asked_for(part: Part) -> bool:
    """ "Temen nitip", "suamiku titip jg": who has asked for it."""
    who = part.group("people", "changed_mind")
    calm = who | part.group("pronouns", "polite", "honorifics", "besides") | _LEAVES
    said = not _LEAVES.isdisjoint(part.texts) and not who.isdisjoint(part.texts)
    return said and part.begin > 0 and calm.issuperset(part.texts)


def _purpose(part: Part) -> bool:
    """ "Buat truk kebun", "untuk mobil kantor": for what, where that is no model."""
    whose = _whose(part)
    begins = part.begin > 0 and part.within(part.texts[0], "purpose")
    behind = [text for text in part.texts[1:] if text not in part.group("polite", "honorifics")]
    quiet = not part.roles(Role.NAME, Role.NUMBER, Role.CUE, Role.LINK)
    return begins and bool(behind) and quiet and whose.issuperset(behind)


def _fills(part: Part) -> bool:
    """ "Pas 1 jerigen" behind so many litres."""
    numbers = part.roles(Role.NUMBER)
    calm = part.group("polite", "honorifics") | part.index.lexicon.units.keys() | _EXACTLY
    plain = all(
        word.role is Role.NUMBER or text in calm
        for word, text in zip(part.words, part.texts, strict=True)
    )
    filled = len(numbers) == 1 and bool(numbers[0].unit) and part.begin > 0
    return filled and plain and part.texts[0] in _EXACTLY


def _of_each(tagged: Tagged, text: str, counted: Sequence[Word], index: ItemIndex) -> str:
    """ "Ambil semua 1 1", "cukup satu satu", "depan belakang 1 set 1 set": so many of each; "" if it is
    not said."""
    words = tagged.words
    if len(counted) != _TWO or len({(word.value, word.unit, word.pair) for word in counted}) > 1:
        return ""
    at, last = words.index(counted[0]), words.index(counted[1])
    between = tagged.texts[at + 1 : last]
    if any(word.token.pause for word in words[at + 1 : last + 1]):
        return ""
    if not index.lexicon.units.keys() >= {*between} or len(between) > 1:
        return ""
    every = tagged.has("dialogue.all") or not index.lexicon.words["enough"].isdisjoint(
        tagged.texts[:at]
    )
    bare = not counted[0].unit and counted[0].value == 1
    start, end = counted[0].span[0], counted[1].span[1]
    if not (every and bare) and not _two_named(words[:at], index):
        return ""
    if words[at - 1].role is Role.NAME and words[at - 2].role is Role.NAME and not every:
        # "Depan 1 set belakang 1 set"
        begin, second = words[at - 1].span[0], counted[1].span[0]
        return f"{text[:begin]}{text[start:second]}{text[begin:start]}{text[second:]}"
    return f"{text[:start]}masing2 {counted[0].token.text}{text[end:]}"


def _two_named(before: Sequence[Word], index: ItemIndex) -> bool:
    """Whether two things, or both sides of one, are named right before a number, and no number with
    them: "putih sama biru", "depan belakang"."""
    begin = max((at for at, word in enumerate(before) if word.token.pause), default=0)
    clause = before[begin:]
    names = [index.lexicon.name(word.key) for word in clause if word.role is Role.NAME]
    sides = len(names) > 1 and index.lexicon.opposites.get(names[-2]) == names[-1]
    links = [at for at, word in enumerate(clause) if word.role is Role.LINK]
    linked = len(links) == 1 and all(
        any(word.role is Role.NAME for word in part)
        for part in (clause[: links[0]], clause[links[0] :])
    )
    plain = not any(word.role in (Role.NUMBER, Role.EACH, Role.UNKNOWN) for word in clause)
    return plain and (sides or linked)


def _for_as_many(tagged: Tagged, text: str, counted: Sequence[Word], index: ItemIndex) -> str:
    """ "2 buah untuk 2 unit mobil": one for each; "" if it is not said, or there are not as many."""
    words, lexicon = tagged.words, index.lexicon
    if len(counted) != _TWO or counted[0].value != counted[1].value:
        return ""
    at = words.index(counted[1])
    vehicles = lexicon.words["vehicles"] | lexicon.words["vague"]
    said = at > 0 and tagged.texts[at - 1] in lexicon.words["purpose"]
    calm = vehicles | lexicon.union("polite", "honorifics", "mine_here") | lexicon.units.keys()
    behind = tagged.texts[at + 1 :]
    if not said or vehicles.isdisjoint(behind) or not calm.issuperset(behind):
        return ""
    return without(tagged, text, range(at - 1, len(words)))


def _paused(tagged: Tagged, text: str, index: ItemIndex) -> str:
    """A text with a pause where a reason begins behind so many of something: "yg bawah 1 jg udah
    getas", "kirinya 1 ternyata pecah"; "" if none does."""
    lexicon = index.lexicon
    calm = lexicon.union("polite", "honorifics", "just", "besides") | lexicon.units.keys()
    begins = lexicon.union("found_out", "done")
    for at, said in enumerate(tagged.texts):
        if said not in begins or not at or tagged.words[at].token.pause:
            continue
        before = at - 1
        while before >= 0 and tagged.texts[before] in calm:
            before -= 1
        behind = tagged.words[at + 1 :]
        plain = all(word.role in (Role.STILL, Role.UNKNOWN) for word in behind)
        doing = lexicon.union("doing", "reached", "got", "prepared")
        told = bool(behind) and plain and doing.isdisjoint(tagged.texts[at:])
        if told and before >= 0 and tagged.words[before].role is Role.NUMBER:
            start = tagged.words[at].span[0]
            return f"{text[:start].rstrip()}, {text[start:]}"
    return ""


def _moved(tagged: Tagged, text: str, parts: Sequence[Part]) -> str:
    """ "Kenarinya 2, karsa" with the make before the number; "" if it is not so. "…, pesan ya" may
    stand behind it."""
    end = ""
    if len(parts) > _TWO:
        closing = parts[-1].group("polite", "honorifics", "order", "yes")
        if closing.issuperset(parts[-1].texts):
            end = " " + " ".join(parts[-1].texts)
            parts = parts[:-1]
    if len(parts) < _TWO:
        return ""
    last, before = parts[-1], parts[-2]
    calm = last.group("polite", "honorifics", "besides") | WHICH
    names = last.roles(Role.NAME)
    plain = len(names) + sum(one in calm for one in last.texts) == len(last.texts)
    kinds = last.index.words.kinds
    numbers = [word for word in before.words if word.role is Role.NUMBER and not word.label]
    named = before.roles(Role.NAME)
    if not plain or not 0 < len(names) <= _MOST_MOVED or len(numbers) != 1 or not named:
        return ""
    if any(kinds.get(word.key) for word in names) or len(last.roles(Role.NUMBER)):
        return ""
    at, tail = numbers[0].span[0], last.words[0].span[0]
    said = " ".join(word.token.text for word in names)
    return f"{text[:at]}{said} {text[at:tail].rstrip(' ,.;')}{end}"


def _made_sure(tagged: Tagged, text: str) -> str:
    """ "Yg hitam kan? 1 ya" without the question that only makes sure; "" if there is none."""
    for at, word in enumerate(tagged.words[:-1]):
        if not word.token.asked or not at:
            continue
        behind = tagged.words[at + 1 :]
        counted = [one for one in behind if one.role is Role.NUMBER and not one.label]
        plain = all(one.role in (Role.NUMBER, Role.STILL) for one in behind)
        sure = tagged.texts[at] == "kan"
        if not sure or len(counted) != 1 or not plain or any(one.token.asked for one in behind):
            return ""
        if any(one.role in (Role.NUMBER, Role.CUE) for one in tagged.words[:at]):
            return ""
        start, stop = word.span[0], behind[0].span[0]
        return text[:start] + " " * (stop - start) + text[stop:]
    return ""


def _too_dear(tagged: Tagged, text: str, parts: Sequence[Part], talk: Conversation) -> str:
    """A withdrawal without the clause before it that finds dear what is ordered: "waduh mahal, batalin
    aja"; "" if it is none, or another thing than what is ordered was quoted."""
    ordered = {line.entry.id for line in talk.order}
    told = (*talk.quoted, *talk.offered, *(line.entry for line in talk.proposed))
    spoken = {entry.id for entry in told}
    if len(parts) != _TWO or not spoken <= ordered or len(ordered) != 1 or talk.left:
        return ""
    sighs = parts[0].group("sighs", "polite", "honorifics", "dearness", "that")
    dear = finds_dear(parts[0]) or (parts[0].says("dearness") and sighs.issuperset(parts[0].texts))
    if not dear or tagged.asked:
        return ""
    return without(tagged, text, range(parts[0].end))
