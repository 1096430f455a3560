"""A text cut where people change from what they do not want to what they want."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from crm_tui.reading.replacement import REPLACES
from crm_tui.reading.roles import Role, Tagged, Word
from crm_tui.reading.turn import WHICH
from crm_tui.reading.withdrawing import NUMBERED

_SAYS_ONLY = """
aja aj saja sajo bae wae ae ajo lah deh dehh ding deng dong ya yo doang maksudnya
"""
_ENDS = frozenset(_SAYS_ONLY.split())
"""Behind one of these the other piece may begin without a pause."""
_BY = frozenset(("jadi", "jd", "dengan", "dgn", "dg", "pake", "pakai", "ke", "karo", "jo", "sama"))
_MOST_DIGITS = 3
"""A longer number is rather what something is called."""
_CALM = (Role.STILL, Role.LINK, Role.MAYBE)


@dataclass(frozen=True)
class Part:
    """A piece of a text: its half-open span of words, and whether it denies."""

    begin: int
    end: int
    denies: bool


def quiet(tagged: Tagged, part: Part, idle: Collection[str] = ()) -> bool:
    """Whether a piece names and counts nothing; `idle`: words of a reason, which say nothing."""
    return all(
        tagged.words[at].role in _CALM
        or (tagged.words[at].role is not Role.NAME and tagged.texts[at] in idle)
        for at in range(part.begin, part.end)
    )


def replacing(tagged: Tagged, parts: Sequence[Part]) -> list[Part]:
    """ "Kenari ganti sirsak", "ganti kenari jadi sirsak": the first is what is not wanted any more."""
    parts = counted_parts(tagged, parts)
    if len(parts) != 2 or any(part.denies for part in parts):
        return []
    first, last = (tagged.texts[part.begin] in REPLACES for part in parts)
    joined = tagged.texts[parts[1].begin] in _BY
    if (last and not first) or (first and joined):
        return [replace(parts[0], denies=True), parts[1]]
    return []


def counted_parts(tagged: Tagged, parts: Sequence[Part]) -> list[Part]:
    """The pieces, of which one that says nothing but how many belongs to the one before it: "ganti
    sirsak, 1 aja"."""
    result: list[Part] = []
    for part in parts:
        before = result[-1] if result else None
        if (
            before is not None
            and before.end == part.begin
            and not (before.denies or part.denies or _numbers(tagged, before))
            and _only_counts(tagged, part)
        ):
            result[-1] = replace(before, end=part.end)
        else:
            result.append(part)
    return result


def _numbers(tagged: Tagged, part: Part) -> list[Word]:
    """The numbers of a piece that may count."""
    words = tagged.words[part.begin : part.end]
    return [
        word
        for word in words
        if word.role is Role.NUMBER
        and len(word.key) <= _MOST_DIGITS
        # "4 liter" may be a size.
        and not (word.label and not word.key.isdecimal())
    ]


def _only_counts(tagged: Tagged, part: Part) -> bool:
    words = tagged.words[part.begin : part.end]
    numbers = [word for word in words if word.role is Role.NUMBER]
    calm = all(word.role in (*_CALM, Role.NUMBER) for word in words)
    return len(numbers) == 1 and calm and not numbers[0].label


def only_counts(tagged: Tagged, calm: Collection[str]) -> bool:
    """Whether a piece is one number of one digit that neither a measure nor "no" makes a name; `calm`:
    words that are no measure though they may be one, "pak"."""
    numbers = [word for word in tagged.words if word.role is Role.NUMBER]
    beside = {text for text in tagged.texts if not text.isdecimal()}
    digits = all(word.token.digits and len(word.token.text) == 1 for word in numbers)
    plain = all(word.role in (Role.NUMBER, Role.STILL, Role.LINK) for word in tagged.words)
    measured = any(word.unit for word in numbers) and beside.isdisjoint(calm)
    named = not beside.isdisjoint((*WHICH, *NUMBERED))
    return len(numbers) == 1 and digits and plain and not (measured or named)


def parts_of(tagged: Tagged) -> list[Part]:
    """The pieces of a text, cut at pauses, before "bukan" and "tapi", and behind what ends one."""
    marks = tagged.marks
    removes = marks.get("dialogue.remove", ())
    denies = [span for span in marks.get("dialogue.deny", ()) if not _within(span, removes)]
    starts = {start for start, _ in (*denies, *marks.get("dialogue.but", ()))}
    replaces = [at for at, text in enumerate(tagged.texts) if text in REPLACES]
    starts |= set(replaces)
    if replaces:
        by = (at for at, text in enumerate(tagged.texts) if text in _BY and at > replaces[0] + 1)
        starts |= set(islice(by, 1))
    takes = {start: end for start, end in removes if _names_behind(tagged, end)}
    ends = {end for _, end in removes}
    cuts = [0]
    for at in range(1, len(tagged.words)):
        said = not quiet(tagged, Part(cuts[-1], at, denies=False))
        particle = tagged.texts[at - 1] in _ENDS and tagged.texts[at] not in _ENDS
        begins = particle and not _within((at, at + 1), removes)
        begins = begins or (particle and said and at in takes)
        # "Yang merah aja deh, ga jadi biru" takes back what it stands before.
        before = takes.get(cuts[-1]) == at
        begins = begins or bool(tagged.words[at].token.pause) or at in starts
        if (begins or (at in ends and said)) and not before:
            cuts.append(at)
    cuts.append(len(tagged.words))
    return [
        Part(begin, end, any(begin <= start < end for start, _ in (*denies, *removes)))
        for begin, end in pairwise(cuts)
    ]


def _names_behind(tagged: Tagged, end: int) -> bool:
    """Whether something is named behind a place, in the same clause."""
    for word in tagged.words[end:]:
        if word.token.pause:
            return False
        if word.role is Role.NAME:
            return True
    return False


def _within(span: tuple[int, int], spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in spans)
