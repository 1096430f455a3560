"""Words of a text that do not count: a number that is put right, and who else wants to know."""

from collections.abc import Sequence
from dataclasses import replace

from crm_tui.reading import remarks
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.remarks import QUIET
from crm_tui.reading.roles import Role, Tagged, Word
from crm_tui.reading.tagging import tag


def corrected(tagged: Tagged, index: ItemIndex) -> Tagged:
    """A text without a number that is put right by the next one: "jadi 2 eh 3 aja"."""
    words, texts = index.lexicon.words, tagged.texts
    for at in range(1, len(texts) - 1):
        if texts[at] not in words["slips"]:
            continue
        before, behind = at - 1, tagged.words[at + 1]
        while before > 0 and texts[before] in index.lexicon.units:
            before -= 1
        wrong = tagged.words[before]
        both = wrong.role is behind.role is Role.NUMBER
        if not both or wrong.label or behind.label or wrong.token.minus:
            continue
        rest = _rest(tagged, at + 2)
        if any(word.role in (Role.NAME, Role.NUMBER, Role.UNKNOWN) for word in rest):
            continue
        still = {*range(before, at + 1)}
        return replace(
            tagged,
            words=tuple(
                replace(word, role=Role.STILL, value=0, unit="") if place in still else word
                for place, word in enumerate(tagged.words)
            ),
            marks={
                name: [span for span in spans if not still.issuperset(range(*span))]
                for name, spans in tagged.marks.items()
            },
        )
    return tagged


def _rest(tagged: Tagged, at: int) -> Sequence[Word]:
    """The words from a place on up to the next thing: "… eh 1 aja, sama sirsak 2"."""
    words = tagged.words
    ends = (
        place for place in range(at, len(words))
        if words[place].role is Role.LINK or words[place].token.pause
    )  # fmt: skip
    return words[at : next(ends, len(words))]


def without_others(tagged: Tagged, index: ItemIndex) -> Tagged | None:
    """A question without who wants to know: "brp kenari? saya disuruh suami beli"; None if nobody else
    is named in it, or more than a person."""
    others = tagged.marks.get("veto.others", ())
    if tagged.has("veto.past", "veto.complaint", "veto.negation") or not others:
        return None
    if not index.lexicon.union("ordered", "take", "leaves").isdisjoint(tagged.texts):
        return None
    who = index.lexicon.union("changed_mind", "sends", "people")
    inside = {at for span in others for at in range(*span)}
    if any(not who.intersection(tagged.texts[start:end]) for start, end in others):
        return None
    near = {
        at
        for place in inside
        for at in range(max(0, place - 1), min(len(tagged.words), place + 3))
        if tagged.texts[at] in who | index.lexicon.union("pronouns", "order")
    }
    return replace(
        tagged,
        words=tuple(
            replace(word, role=Role.STILL, token=replace(word.token, text=QUIET, key=QUIET))
            if at in near | inside
            else word
            for at, word in enumerate(tagged.words)
        ),
        texts=tuple(QUIET if at in near | inside else text for at, text in enumerate(tagged.texts)),
        marks={**tagged.marks, "veto.others": []},
    )


def tag_quietly(text: str, index: ItemIndex) -> Tagged:
    """The words of a text with their roles, those of remarks as saying nothing."""
    return index.kept("quiet", text, lambda: quieted(tag(text, index), index)).afresh()


def quieted(tagged: Tagged, index: ItemIndex) -> Tagged:
    """A text without its remarks, and what it corrects itself."""
    return corrected(remarks.quieted(tagged, index), index)
