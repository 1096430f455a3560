"""A line of the order that was wrong, and what it ought to be: "kenarinya salah, 6201 harusnya", "6302
nya ganti 6201"."""

from dataclasses import replace

from crm_tui.reading.amending import Change
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.replacement import REPLACES
from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.turn import SUFFIXES, WHICH
from crm_tui.reading.wishes import Conversation, Kind, Line, Reading

_NEVER = (
    "dialogue.add", "dialogue.less", "dialogue.remove", "dialogue.others", "dialogue.all",
    "dialogue.also", "intents.cancel", "conditions.condition", "veto.own", "veto.later",
    "veto.others", "veto.past", "veto.service",
)  # fmt: skip
_ONE_WRONG = ("salah", "slah", "keliru")
_MARKS = REPLACES.union(_ONE_WRONG)
_BY = frozenset(("jadi", "dengan", "dgn", "sama", "ke"))
_A_COUNT = 3
"""More digits are rather what something is called."""


def read(tagged: Tagged, text: str, index: ItemIndex, talk: Conversation) -> Reading | None:
    """The other thing for the line that was wrong; None if it is not said of one line alone, in a
    clause of its own, or not which thing it ought to be."""
    texts = tagged.texts
    if _MARKS.isdisjoint(texts):
        return None
    cut = next((at for at, word in enumerate(tagged.words) if at and word.token.pause), 0)
    turned = _turned(tagged)
    cut = turned or cut
    if not talk.order or not talk.amendable or not cut or tagged.has(*_NEVER):
        return None
    if tagged.asked or tagged.priced or tagged.negative or talk.offered or talk.proposed:
        return None
    ought = index.lexicon.union("ought", "meant", "right") | REPLACES | _BY
    wrong = turned or not set(_ONE_WRONG).isdisjoint(texts[:cut])
    if not wrong or ought.isdisjoint(texts[cut:]):
        return None
    line = _wrong_line(tagged, text, cut, index, talk)
    said = [
        at for at in range(cut, len(texts))
        if texts[at] not in index.lexicon.union("polite", "honorifics") and texts[at] not in ought
    ]  # fmt: skip
    said = said[1:] if said and texts[said[0]] in WHICH else said
    if line is None or not said or tagged.words[said[0]].role not in (Role.NAME, Role.NUMBER):
        return None
    if any(end == said[0] for _, end in tagged.marks.get("dialogue.deny", ())):
        # "Eh salah, bukan 1 tapi 8": what is denied is not what it ought to be.
        return None
    rest = text[tagged.words[said[0]].span[0] : tagged.words[said[-1]].span[1]]
    alone = replace(talk, order=(line,))
    found = Change.of(f"ganti {rest}", index, alone).swapped()
    if found is None or found.outcome is not Kind.AMEND or len(found.wishes) != 1:
        return None
    gone = [one.entry for one in found.wishes[0].lines if not one.quantity]
    others = {one.entry for one in talk.order} - {line.entry}
    new = others.isdisjoint(one.entry for one in found.wishes[0].lines)
    return found if new and gone == [line.entry] else None


def _turned(tagged: Tagged) -> int:
    """Where it is said that a line is to be another one that is called by a long number alone: "6302
    nya ganti 6201"; 0 if it is not."""
    at = next((at for at, text in enumerate(tagged.texts) if at and text in REPLACES), 0)
    behind = [word for word in tagged.words[at:] if word.role in (Role.NAME, Role.NUMBER)]
    called = len(behind) == 1 and behind[0].token.digits and len(behind[0].key) > _A_COUNT
    return at if called else 0


def _wrong_line(
    tagged: Tagged, text: str, cut: int, index: ItemIndex, talk: Conversation
) -> Line | None:
    """The one line of which the first clause says that it was wrong, and nothing else."""
    calm = index.lexicon.union("polite", "honorifics", "beg_pardon", "exclaims", "pronouns")
    calm = calm.union(_ONE_WRONG, SUFFIXES, WHICH)
    if any(
        text not in calm and word.role not in (Role.NAME, Role.NUMBER)
        for text, word in zip(tagged.texts[:cut], tagged.words[:cut], strict=True)
    ):
        return None
    named = [word for word in tagged.words[:cut] if word.role in (Role.NAME, Role.NUMBER)]
    if not named:
        return talk.order[0] if len(talk.order) == 1 else None
    if len(named) == 1 and named[0].role is Role.NUMBER and len(named[0].key) > _A_COUNT:
        having = index.words.items(named[0].key)
        called = [line for line in talk.order if line.entry.id in having]
        return called[0] if len(called) == 1 else None
    first = text[named[0].span[0] : named[-1].span[1]]
    found = Change.of(first, index, talk).among([line.entry for line in talk.order])
    if not found or len(found) != 1 or found[0].match.missing or found[0].quantity is not None:
        return None
    lines = [line for line in talk.order if line.entry.id in found[0].match.items]
    if len(lines) > 1:
        # What a name begins with goes before what a thing is called besides.
        kind = index.lexicon.name(named[0].key)
        lines = [line for line in lines if index.words.words[line.entry.id][:1] == (kind,)]
    return lines[0] if len(lines) == 1 else None
