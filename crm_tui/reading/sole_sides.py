"""The other side of what was spoken of, where one thing alone is of that side for its vehicle: the
rear one to the front one, be it of another make or for fewer vehicles."""

from collections.abc import Collection

from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.siblings import NameWords


def sole_sides(index: ItemIndex, entry: Entry, tagged: Tagged) -> list[Entry]:
    """What is such a thing of each side that a text names, where it names nothing but sides."""
    opposites = index.lexicon.opposites
    named = {index.lexicon.name(word.key) for word in tagged.words if word.role is Role.NAME}
    if not named or not named <= opposites.keys():
        return []
    own = NameWords(index.words, entry.id)
    mine = own.said & opposites.keys()
    wanted = {opposites[side] for side in mine} & named if len(mine) == 1 else set()
    found = [_alone(index, own, side) for side in wanted]
    return [index.entry(item) for item in found if item is not None]


def _alone(index: ItemIndex, own: NameWords, side: str) -> int | None:
    """The one item of a side, of the kind of another one and for a vehicle that that is for."""
    models = _models(own)
    alike = []
    for item in index.words.items(own.head) & index.words.items(side):
        other = NameWords(index.words, item)
        sides = other.said & index.lexicon.opposites.keys()
        if sides == {side} and models & other.said and _kind(own) == _kind(other):
            alike.append(item)
    return alike[0] if len(alike) == 1 and models else None


def _models(own: NameWords) -> set[str]:
    """The words of a name, but its last one, that say for which vehicle an item is."""
    lexicon = own.vocabulary.lexicon
    return {
        word
        for word in own.ordered[:-1]
        if word not in lexicon.canon
        and word[:1].isalpha()
        and (word in lexicon.classes or own.vocabulary.applies(word))
    } - lexicon.words["makers"]


def _kind(own: NameWords) -> Collection[str]:
    """What stands in a name before its side and its models."""
    borders = {*_models(own), *own.vocabulary.lexicon.opposites}
    first = next((at for at, word in enumerate(own.ordered) if word in borders), 0)
    return own.ordered[:first]
