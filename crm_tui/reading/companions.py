"""What goes with what was ordered: other things for the same vehicle, or of the same long size."""

from collections.abc import Collection, Sequence

from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.pieces import Mention
from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.siblings import NameWords, is_long_size
from crm_tui.reading.vocabulary import Vocabulary

_MOST_COMPANIONS = 40


def companions(index: ItemIndex, entry: Entry, items: Sequence[int]) -> list[int]:
    """Those of some items of another kind that have most words in common with `entry`, and all that say
    what it is for but a maker's name."""
    words = index.words
    own = NameWords(words, entry.id)
    wanted = {word for word in own.said if words.applies(word)}
    shared = {item: own.said & NameWords(words, item).said for item in items[:_MOST_COMPANIONS]}
    most = max(map(len, shared.values()), default=0)
    models = {word for word in wanted if not ends_names(words, word)}
    found = [
        item
        for item in shared
        if len(shared[item]) == most > 0
        # Of another model, who made it tells nothing.
        and (not models or not models.isdisjoint(shared[item]))
        and (
            wanted - _engines(wanted) <= shared[item]
            or own.by_maker(wanted - shared[item], wanted & shared[item])
        )
    ]
    # Of one size: a tube for a tyre, whatever models either names.
    sized = [item for item in shared if any(map(is_long_size, shared[item]))]
    return found or (sized if len(sized) == 1 and len(shared[sized[0]]) == most else [])


def certain(
    index: ItemIndex, own: Sequence[Entry], mention: Mention, items: Sequence[int], tagged: Tagged
) -> bool:
    """Whether what goes with `own` is one thing alone of those named; "each" of it may be of more."""
    each = any(word.role is Role.EACH for word in tagged.words)
    named = all(term.key.isalpha() for term in mention.terms)
    return named and not each and only_for_them(index, own, items, mention.match.items)


def only_for_them(
    index: ItemIndex, entries: Sequence[Entry], chosen: Sequence[int], items: Sequence[int]
) -> bool:
    """Whether of some items one alone is chosen, and it alone is for a vehicle that all of `entries`
    are for that are for any: "sekalian sirsaknya", of an ALPA's KENARI."""
    words = index.words
    models = [some for some in (vehicles_of(words, entry.id) for entry in entries) if some]
    if len(chosen) != 1:
        return False
    own = vehicles_of(words, chosen[0])
    others = [NameWords(words, item).said for item in items if item != chosen[0]]
    sizes = [set(filter(is_long_size, NameWords(words, entry.id).said)) for entry in entries]
    mine = set(filter(is_long_size, NameWords(words, chosen[0]).said))
    if all(some & mine for some in sizes) and not any(
        some & other for some in sizes for other in others
    ):
        # A tube for a tyre of its size.
        return True
    return (
        bool(models)
        and len(items) <= _MOST_COMPANIONS
        and all(some & own for some in models)
        and not any(some & other for some in models for other in others)
    )


def for_another_vehicle(index: ItemIndex, one: Entry, said: Sequence[Entry]) -> bool:
    """Whether an item is for none of the vehicles that all of some others are for."""
    models = [vehicles_of(index.words, entry.id) for entry in said]
    own = NameWords(index.words, one.id).said
    return all(models) and not any(some & own for some in models)


def kind_words(index: ItemIndex, entry: Entry) -> str:
    """The words of an item's name before what tells for which vehicle it is; "" where it begins so."""
    words = index.words
    ordered = words.words.get(entry.id, ())
    models = vehicles_of(words, entry.id)
    first = next((at for at, word in enumerate(ordered) if word in models), 0)
    return " ".join(ordered[:first])


def vehicles_of(words: Vocabulary, item: int) -> set[str]:
    """The words of a name that say for which vehicle it is, and are nobody's who made it: known
    models, and such as stand before others."""
    own = NameWords(words, item)
    known = words.lexicon.classes
    makes = words.lexicon.words["makers"]
    return {
        word
        for word in own.said
        if word in known or (word != own.ordered[-1] and word[:1].isalpha() and words.applies(word))
    } - makes


def ends_names(words: Vocabulary, word: str) -> bool:
    """Whether a word mostly ends names, as who made the thing does."""
    items = list(words.items(word))[:_MOST_COMPANIONS]
    return sum(words.words[item][-1:] == (word,) for item in items) * 2 > len(items)


def _engines(words: Collection[str]) -> set[str]:
    """Those that begin with a digit, as engines are called, beside others: 4d34 beside a model."""
    some = {word for word in words if word[:1].isdigit() and not word.isdecimal()}
    return some if len(some) < len(words) else set()
