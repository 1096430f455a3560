"""Two sides beside a number of what has no side: "pesan 2 kanan kiri" of a LINK STABIL is two of it."""

from dataclasses import replace

from crm_tui.reading.index import ItemIndex
from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.wishes import Conversation

_BOTH = 2


def silenced(tagged: Tagged, index: ItemIndex, talk: Conversation) -> Tagged:
    """A text of which both sides say no more than its number two, where the one thing that was quoted
    is of no side, nor is anything of its kind for the same vehicle; else as it is."""
    if len(talk.quoted) != 1 or talk.offered or talk.proposed:
        return tagged
    names = [at for at, word in enumerate(tagged.words) if word.role is Role.NAME]
    if len(names) != _BOTH or names[1] != names[0] + 1:
        return tagged
    numbers = [word for word in tagged.words if word.role is Role.NUMBER]
    if len(numbers) != 1 or not (numbers[0].pair or numbers[0].value == _BOTH):
        return tagged
    lexicon = index.lexicon
    one, two = (lexicon.name(tagged.words[at].key) for at in names)
    if lexicon.opposites.get(one) != two or not _of_no_side(index, talk.quoted[0].id, {one, two}):
        return tagged
    words = [
        replace(word, role=Role.STILL) if at in names else word
        for at, word in enumerate(tagged.words)
    ]
    return replace(tagged, words=tuple(words))


def _of_no_side(index: ItemIndex, item: int, sides: set[str]) -> bool:
    words = index.words
    own = words.words[item]
    if not sides.isdisjoint(own):
        return False
    uses = {word for word in own if words.applies(word)}
    return not any(
        not sides.isdisjoint(words.words[other]) and not uses.isdisjoint(words.words[other])
        for other in words.kindred(item) - {item}
    )
