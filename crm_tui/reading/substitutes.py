"""What may stand in for an item that is out: the same kind of thing, for the same model and size."""

from collections.abc import Sequence
from itertools import islice

from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.vocabulary import Vocabulary

_MOST_BESIDE = 400
_MANY_SIZES = 2
"""So many sizes in common (viscosity and content) say enough by themselves."""


def substitutes(index: ItemIndex, entry: Entry) -> Sequence[Entry]:
    """Items of the same category and kind that share the words that say what it is for.

    Those are, by the statistics of the catalogue, the words of models and makers, and the sizes that
    several items have; sides and the words of parts must be the same on both. What differs must
    rather be the maker's name: within its kind, that stands beside more words than a model's does.
    Without a word of the first two sorts it is not known what an item is for: none.
    """
    words = index.words
    own = _Traits(words, entry)
    items: set[int] = set()
    for wanted in _demanded(own):
        pools = sorted((words.items(word) for word in wanted), key=len)
        items |= set.intersection(*map(set, pools))
    found = [index.entry(item) for item in sorted(items - {entry.id})]
    traits = [(one, _Traits(words, one)) for one in found]
    return [
        one for one, its in traits if _alike(entry, own, one, its) and _by_maker(words, own, its)
    ]


def _demanded(own: "_Traits") -> Sequence[frozenset[str]]:
    """The words of which another must have all: those that say what the item is for, all of them, or
    all but one, which may be its maker's name."""
    every = own.models | own.sizes
    ways = [every, *(every - {word} for word in sorted(own.models))]
    return [way for way in ways if way]


class _Traits:
    """What tells an item from others, by its words."""

    def __init__(self, words: Vocabulary, entry: Entry) -> None:
        lexicon = words.lexicon
        named = frozenset(words.words.get(entry.id, ()))
        heads = words.heads.get(entry.id, ())
        self.named = named
        self.first = heads[:1]
        self.concepts = words.concepts(entry.id)
        self.models = frozenset(word for word in named if words.applies(word))
        self.sizes = frozenset(
            word
            for word in named - self.models
            if any(char.isdigit() for char in word) and len(words.items(word)) > 1
        )
        known = frozenset(lexicon.canon) | lexicon.words["side"]
        self.parts = (named & known) - lexicon.words["make"]


def _alike(entry: Entry, own: _Traits, other: Entry, its: _Traits) -> bool:
    return (
        entry.category == other.category
        and own.first == its.first
        and own.concepts == its.concepts
        and own.sizes == its.sizes
        and own.parts == its.parts
    )


def _by_maker(words: Vocabulary, own: _Traits, its: _Traits) -> bool:
    """Whether what the other has not got is the maker's name, as far as the catalogue tells."""
    if len(own.sizes) >= _MANY_SIZES:
        return True
    shared = (own.models | own.sizes) & its.named
    if not shared:
        return False
    fewest = min(beside(words, own.first, word) for word in shared)
    missing = own.named - its.named - words.lexicon.words["make"]
    # A word that many kinds have is the model rather, unless it plainly is not.
    return all(fewest + (word in own.models) <= beside(words, own.first, word) for word in missing)


def beside(words: Vocabulary, first: tuple[str, ...], word: str) -> int:
    """Beside how many other words a word stands in names of this kind, as far as some tell."""
    known = words.beside.get((first, word))
    if known is None:
        others: set[str] = set()
        heads = words.heads
        for item in islice(words.items(word), _MOST_BESIDE):
            if heads[item][:1] == first:
                others.update(words.words[item])
        known = words.beside[first, word] = len(others)
    return known
