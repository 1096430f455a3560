"""The other side of what was spoken of, where one thing alone is of that side for its vehicle: the
rear one to the front one, be it of another make or for fewer vehicles."""

from collections.abc import Sequence

from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.siblings import NameWords


def sole_sides(index: ItemIndex, entry: Entry, tagged: Tagged) -> list[tuple[Entry, bool]]:
    """What is such a thing of each side that a text names, where it names sides alone, and whether
    for certain: of another year, or with other teeth, nobody knows."""
    opposites = index.lexicon.opposites
    named = {index.lexicon.name(word.key) for word in tagged.words if word.role is Role.NAME}
    if not named or not named <= opposites.keys():
        return []
    own = NameWords(index.words, entry.id)
    mine = own.said & opposites.keys()
    wanted = {opposites[side] for side in mine} & named if len(mine) == 1 else set()
    found = [_alone(index, own, side) for side in wanted]
    return [
        (index.entry(other.item), not _sized(other, own)) for other in found if other is not None
    ]


def _sized(other: NameWords, own: NameWords) -> bool:
    """Whether one has a number that the other has not."""
    return any(any(map(str.isdigit, word)) for word in other.said - own.said)


def _alone(index: ItemIndex, own: NameWords, side: str) -> NameWords | None:
    """The one item of a side, of the kind of another one, for the first vehicle that that is for."""
    kind, models = _parted(own)
    if not models:
        return None
    alike = []
    for item in index.words.items(own.head) & index.words.items(side):
        other = NameWords(index.words, item)
        same = other.said & index.lexicon.opposites.keys() == {side} and _parted(other)[0] == kind
        if same and not other.said.isdisjoint(models):
            alike.append(other)
    alone = len(alike) == 1 and models[0] in alike[0].said
    return alike[0] if alone else None


def _parted(own: NameWords) -> tuple[Sequence[str], Sequence[str]]:
    """What stands in a name before its side, that says what it is, and behind it, before its last word,
    for which vehicles."""
    lexicon = own.vocabulary.lexicon
    words, opposites = own.ordered, lexicon.opposites
    at = next(at for at, word in enumerate(words) if word in opposites)
    vague = lexicon.union("newer", "older", "plain", "make", "makers")
    models = [
        word for word in words[at + 1 : -1] if own.vocabulary.applies(word) and word not in vague
    ]
    return words[:at], models if models and models[0] == words[at + 1] else ()
