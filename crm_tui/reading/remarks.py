"""Remarks beside what is wanted: when it is fetched and by whom, why it is needed, where somebody
lives, who they are, thanks and apologies, and what shall not befall the goods.

A remark names nothing that is wanted, counts nothing and asks nothing. It stands in a clause of its
own, or behind the last number; its words then say nothing, and what would leave the text to people is
no reason any more. A remark with a withdrawal, a condition or a past in it is none.
"""

from collections.abc import Collection
from dataclasses import replace
from itertools import pairwise

from crm_tui.reading.index import ItemIndex
from crm_tui.reading.remark_parts import WHICH, Part
from crm_tui.reading.remarking import DOUBT, FETCHING, kind_of
from crm_tui.reading.roles import Role, Tagged, without

__all__ = ["DOUBT", "FETCHED", "QUIET", "quieted"]

_INSTEAD = "ganti"
_FEW = 50
"""So many and more beside "cheaper" may be a price in thousands."""
_NAMED_BY = ("an", "a/n")
_MOST_NAMES = 2
FETCHED = "remarks.fetched"
"""Marks that it is said when and by whom something is fetched: then it is ordered."""
QUIET = "nih"
"""A courtesy: what stands in the place of each word of a remark."""


def quieted(tagged: Tagged, index: ItemIndex) -> Tagged:
    """A text without its remarks, where something else is left that names, counts or orders."""
    tagged = _moved(_without_idle(tagged, index))
    if index.lexicon.words["remark.words"].isdisjoint(tagged.texts):
        return tagged
    parts = _parts(tagged, index)
    kinds = [kind_of(part, len(parts)) for part in parts]
    if not any(kinds):
        return tagged
    left = [part for part, kind in zip(parts, kinds, strict=True) if not kind]
    wanted = index.lexicon.words["doing"]
    if not any(
        part.roles(Role.NAME, Role.NUMBER) or not wanted.isdisjoint(part.texts) for part in left
    ):
        return tagged
    told = [part for part, kind in zip(parts, kinds, strict=True) if kind]
    quiet = _silenced(tagged, {at for part in told for at in range(part.begin, part.end)})
    if any(kind == FETCHING for kind in kinds):
        quiet.marks[FETCHED] = [(part.begin, part.end) for part in told]
    doubts = [part for part, kind in zip(parts, kinds, strict=True) if kind == DOUBT]
    if doubts:
        quiet.marks[DOUBT] = [(part.begin, part.end) for part in doubts]
    return quiet


def _moved(tagged: Tagged) -> Tagged:
    """A text in which "pindah ke", "naik ke", "balik lagi ke" are what they come to: "ganti"."""
    spans = [
        (start, end)
        for start, end in tagged.marks.get("dialogue.moves", ())
        # "Turun ke kota", "saya naik ke sana" go there.
        if end < len(tagged.words) and tagged.words[end].role is Role.NAME
    ]
    if not spans:
        return tagged
    quiet = _silenced(tagged, {at for span in spans for at in range(*span)})
    words, texts = list(quiet.words), list(quiet.texts)
    for start, _ in spans:
        token = replace(words[start].token, text=_INSTEAD, key=_INSTEAD)
        words[start], texts[start] = replace(words[start], token=token), _INSTEAD
    begins = [(start, start + 1) for start, _ in spans]
    changed = {
        name: sorted([*quiet.marks.get(name, ()), *begins])
        for name in ("dialogue.change", "dialogue.swap")
    }
    return replace(quiet, words=tuple(words), texts=tuple(texts), marks=quiet.marks | changed)


def _without_idle(tagged: Tagged, index: ItemIndex) -> Tagged:
    """A text without what says nothing wherever it stands: "hmm", "takut kehabisan"; what the catalogue
    has a word of may be a name."""
    spans = [
        span
        for span in tagged.marks.get("dialogue.idle", ())
        if not any(index.words.has(text) for text in tagged.texts[slice(*span)])
        and not _agrees(tagged, index, span)
    ]
    for said in (_cheaper, _in_the_name, _if_it_may, _sighs, _worn_one):
        spans += said(tagged, index)
    if not spans:
        return tagged
    inside = {at for span in spans for at in range(*span)}
    return _silenced(tagged, inside) if 0 < len(inside) < len(tagged.words) else tagged


def _agrees(tagged: Tagged, index: ItemIndex, span: tuple[int, int]) -> bool:
    """Whether "ya" ends what says nothing, and agrees: "oh ya sudah pesan 1"."""
    end = span[1]
    behind = tagged.texts[end : end + 1]
    agreed = tagged.texts[end - 1] in ("ya", "yo", "y")
    return agreed and not index.lexicon.words["done"].isdisjoint(behind)


def _in_the_name(tagged: Tagged, index: ItemIndex) -> list[tuple[int, int]]:
    """Where a text ends with whose name it is in: "an Budi"."""
    texts, words = tagged.texts, index.lexicon.words
    begin = next((at for at, text in enumerate(texts) if at and text in _NAMED_BY), len(texts))
    behind = tagged.words[begin + 1 :]
    plain = all(
        word.token.text.isalpha() and not word.token.pause and not index.words.has(word.key)
        for word in behind
    )
    names = 0 < len(behind) <= _MOST_NAMES and texts[begin - 1] not in words["price"]
    return [(begin, len(texts))] if names and plain else []


def _if_it_may(tagged: Tagged, index: ItemIndex) -> list[tuple[int, int]]:
    """Where a text ends with "if it may": "pesan kenari 2 kalo bisa"."""
    words, texts = index.lexicon.words, tagged.texts
    calm = index.lexicon.union("polite", "honorifics")
    end = len(texts)
    while end and texts[end - 1] in calm:
        end -= 1
    may = end > 2 and texts[end - 2] in words["visit.if"] and texts[end - 1] in words["may"]
    return [(end - 2, end)] if may and not tagged.asked else []


def _worn_one(tagged: Tagged, index: ItemIndex) -> list[tuple[int, int]]:
    """Where it is told which one is broken, and so which is wanted: the "yg patah" of "kiri aja 1,
    yg patah yg kiri"; nothing of that came from the shop."""
    texts, words = tagged.texts, index.lexicon.words
    worn = index.lexicon.union("worn", "states")
    if worn.isdisjoint(texts):
        return []
    told = not words["says_so"].isdisjoint(texts)
    if told or tagged.has("veto.past") or not words["from_here"].isdisjoint(texts):
        return []
    found: list[tuple[int, int]] = []
    for at in range(len(texts) - 1):
        if texts[at] in WHICH and texts[at + 1] in worn:
            end = at + 2
            while end < len(texts) and texts[end] in words["that"] | words["just"]:
                end += 1
            which = end + 1 < len(texts) and texts[end] in WHICH
            if which and tagged.words[end + 1].role is Role.NAME:
                found.append((at, end))
            elif end == len(texts) and at > 1 and texts[at - 2] in WHICH:
                # "Eh salah, yg kiri yg patah"
                wrong = not (words["wrong"] | words["meant"]).isdisjoint(texts[: at - 2])
                named = tagged.words[at - 1].role is Role.NAME
                found += [(at, end)] if wrong and named else []
    return found


def _sighs(tagged: Tagged, index: ItemIndex) -> list[tuple[int, int]]:
    """Where a clause begins or ends with a sigh, "ah hiji we", "batal semua ah"; behind a number it may
    be a measure."""
    sighs, words = index.lexicon.words["sighs"], tagged.words
    if sighs.isdisjoint(tagged.texts):
        return []
    cheaper = {start for start, _ in tagged.marks.get("veto.haggle", ())}
    return [
        (at, at + 1)
        for at, text in enumerate(tagged.texts)
        if text in sighs
        and words[at].token.text == text
        and (
            not at
            or words[at].token.pause
            or at + 1 == len(words)
            or words[at + 1].token.pause
            or at + 1 in cheaper
        )
        and not (at and words[at - 1].role in (Role.NUMBER, Role.NAME))
    ]


def _cheaper(tagged: Tagged, index: ItemIndex) -> list[tuple[int, int]]:
    """Where "cheaper" at the end only says why: "ganti karsa aja, lebih murah"; how many may stand in a
    clause of its own behind it."""
    words = index.lexicon.words
    spans = tagged.marks.get("veto.haggle", ())
    if len(spans) != 1 or tagged.asked:
        return []
    start, end = spans[0]
    calm = index.lexicon.union("polite", "honorifics", "mild.because")
    said = tagged.texts[start:end]
    behind = tagged.words[end:]
    if behind and behind[0].token.pause and not tagged.priced:
        count = [
            at for at, word in enumerate(behind) if word.role is Role.NUMBER and not word.label
        ]
        few = len(count) == 1 and 0 < behind[count[0]].value < _FEW
        calm = (
            calm | index.lexicon.units.keys() | ({tagged.texts[end + count[0]]} if few else set())
        )
    why = len(said) > 1 and said[-1] == "murah" and calm.issuperset(tagged.texts[end:])
    only = not words["just"].isdisjoint(tagged.texts[:start])
    only = only or tagged.has("dialogue.change", "dialogue.swap")
    named = any(word.role is Role.NAME for word in tagged.words[:start])
    which = start and tagged.texts[start - 1] in WHICH
    return [(start, end)] if why and only and named and not which else []


def _silenced(tagged: Tagged, inside: Collection[int]) -> Tagged:
    """A text in which the words at these places are but courtesies."""
    words = [
        replace(
            word, token=replace(word.token, text=QUIET, key=QUIET), role=Role.STILL, value=0, unit="",
            purpose=False,
        ) if at in inside else word
        for at, word in enumerate(tagged.words)
    ]  # fmt: skip
    marks = {
        name: [span for span in spans if not (span[0] in inside and span[1] - 1 in inside)]
        for name, spans in tagged.marks.items()
    }
    texts = tuple(QUIET if at in inside else text for at, text in enumerate(tagged.texts))
    return replace(tagged, words=tuple(words), texts=texts, marks=marks)


def blanked(tagged: Tagged, text: str) -> str:
    """A text with blanks in place of what `quieted` took out of it."""
    return without(
        tagged, text,
        (
            at for at, word in enumerate(tagged.words)
            if word.token.text == word.token.key == QUIET and word.role is Role.STILL
        ),
    )  # fmt: skip


def _parts(tagged: Tagged, index: ItemIndex) -> list[Part]:
    """The text cut at its pauses, before its first word for ordering, and where a remark may begin."""
    pauses = [0, *(at for at, word in enumerate(tagged.words) if at and word.token.pause)]
    cuts = set(pauses)
    for begin, end in pairwise([*pauses, len(tagged.words)]):
        cut = _cut(tagged, index, begin, end)
        if cut:
            cuts.add(cut)
    order = index.lexicon.words["order"]
    first = next((at for at, text in enumerate(tagged.texts) if text in order), 0)
    if not any(word.role is Role.NUMBER for word in tagged.words[:first]):
        cuts.add(first)
    return [
        Part(tagged, index, begin, end, begin in pauses)
        for begin, end in pairwise([*sorted(cuts), len(tagged.words)])
    ]


def _cut(tagged: Tagged, index: ItemIndex, begin: int, end: int) -> int:
    """Where in a clause a remark begins behind what is wanted: "kenari 2 besok saya ambil"; 0 if there
    is none."""
    words = index.lexicon.words
    if words["remark.words"].isdisjoint(tagged.texts[begin:end]):
        return 0
    if begin and kind_of(Part(tagged, index, begin, end, apart=True), 2):
        return 0
    # Behind the list "order, please": "…, pesan ya mau naik bubut".
    named = bool(begin) and tagged.texts[begin] in words["order"]
    named = named and any(word.role is Role.NUMBER for word in tagged.words[:begin])
    calm, begins = words["remark.calm"], words["remark.begins"]
    units, dozens = index.lexicon.units, index.lexicon.dozens
    for at in range(begin, end):
        role, text = tagged.words[at].role, tagged.texts[at]
        may = text in words["visit.if"] and tagged.texts[at + 1 : at + 2] != ()
        may = may and tagged.texts[at + 1] in words["may"]
        if named and (text in begins or may):
            part = Part(tagged, index, at, end, apart=may)
            if kind_of(part, 2):
                return at
        if role in (Role.NAME, Role.NUMBER):
            named = True
        elif (
            named
            and (text not in calm or text in words["done"] or text == "lah")
            and text not in units
            and text not in dozens
        ):
            # What stands before a remark would belong to it: "sudah saya terima".
            named = False
    return 0
