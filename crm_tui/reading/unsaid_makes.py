"""A make that only the catalogue's line tells: who ordered the one plug that fits a scooter never chose
whose it is, and may have another maker's plug for another motorcycle."""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from itertools import chain

from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.pieces import Mention
from crm_tui.reading.substitutes import beside
from crm_tui.reading.tokenizer import tokens


def narrowed(
    mention: Mention,
    known: Set[int],
    own: Sequence[Entry],
    lost: Mapping[int, int],
    index: ItemIndex,
) -> Mention:
    """Of several things that were named what was spoken of itself, or else what is most like it: the
    `lost` words of its name are fewest."""
    ids = {entry.id for entry in own}
    items = tuple(item for item in mention.match.items if item in ids)
    if not items:
        fewest = min((lost.get(item, 0) for item in mention.match.items), default=0)
        items = tuple(item for item in mention.match.items if lost.get(item, 0) == fewest)
    if known.isdisjoint(items):
        items = widened(index, own, items, mention.match.items)
    return mention.only(items, index)


def widened(
    index: ItemIndex, own: Sequence[Entry], kept: Sequence[int], every: Sequence[int]
) -> tuple[int, ...]:
    """Those of `every` item that were not dropped for what was said: the `kept` ones, and such as only
    lack the make of the things that were spoken of, `own`, which nobody chose."""
    words = index.words.words
    one = own[0] if len(own) == 1 else None
    if one is None or len(kept) == len(every):
        return tuple(kept)
    before, dropped = set(words[one.id]), set(every).difference(kept)
    others = [other for other in every if other in dropped]
    models = models_of(index, one)
    known: dict[frozenset[str], bool] = {}
    for item in kept:
        both = before.intersection(words[item])
        for other in others:
            carried = frozenset(both.difference(words[other]))
            if not carried or not _for_as_much(index, models - carried, item, other):
                continue
            if carried not in known:
                makes = _makes(index, one, carried, models - carried)
                known[carried] = makes and not _chosen(index, one, carried)
            if known[carried]:
                return tuple(every)
    return tuple(kept)


def _for_as_much(index: ItemIndex, models: Collection[str], kept: int, other: int) -> bool:
    """Whether another item is for each vehicle that two things are both for."""
    items = index.words.items
    return all(other in items(word) for word in models if kept in items(word))


def _makes(
    index: ItemIndex, own: Entry, some: Collection[str], models: Collection[str]
) -> bool:  # fmt: skip
    """Whether words of a name are makers' rather than models: within their kind they stand beside more
    words than a model's does."""
    vocabulary = index.words
    canon = vocabulary.lexicon.canon
    head = vocabulary.heads[own.id][:1]
    fewest = min((beside(vocabulary, head, word) for word in models), default=0)
    return all(
        word.isalpha() and word not in canon and word not in head
        and word not in vocabulary.lexicon.classes
        and (not vocabulary.applies(word) or beside(vocabulary, head, word) > fewest > 0)
        for word in some
    )  # fmt: skip


def models_of(index: ItemIndex, own: Entry, but: Iterable[str] = ()) -> set[str]:
    """The words that say for what an item is, in its name or what else it is called."""
    vocabulary = index.words
    called = chain.from_iterable(tokens(name) for name in own.other_names)
    named = {*vocabulary.words[own.id], *(vocabulary.lexicon.name(one.text) for one in called)}
    return {word for word in named.difference(but) if vocabulary.applies(word)}


def _chosen(index: ItemIndex, own: Entry, makes: Collection[str]) -> bool:
    """Whether another such thing is sold without these makes, so that they were chosen, or it is not
    known for what it is."""
    vocabulary = index.words
    models = models_of(index, own, makes)
    if not models:
        return True
    kind = vocabulary.kindred(own.id) - {own.id}
    sides = {word for word in vocabulary.words[own.id] if word in vocabulary.lexicon.opposites}
    return any(
        item in kind
        and not sides.symmetric_difference(
            word for word in vocabulary.words[item] if word in vocabulary.lexicon.opposites
        )
        and not set(makes) <= set(vocabulary.words[item])
        for model in models
        for item in vocabulary.items(model)
    )
