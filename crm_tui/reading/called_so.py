"""What else a question names: other things that are called so as well, and, where it is asked which
ones there are, all that have the words."""

from collections.abc import Sequence
from dataclasses import replace

from crm_tui.reading.edit_model import CONCEPT, EXACT
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.kinds_alike import with_alike
from crm_tui.reading.matching import Term
from crm_tui.reading.pieces import Mention
from crm_tui.reading.roles import Tagged

_MOST_BESIDES = 2
_MOST_LISTED = 12
_A_KIND = 2


def widened(tagged: Tagged, mention: Mention, index: ItemIndex) -> Mention:
    """What is asked about, with all that has the same words, where it is asked which ones there are;
    with what is only called so besides, where it would be one thing alone."""
    matched = mention.match
    if matched.missing or not matched.items or not matched.headed or mention.lean or mention.ask:
        return mention
    listing = tagged.has("intents.which_ones")
    if mention.unknown or not (listing or matched.one):
        return mention
    (alike,) = with_alike([mention], index)
    if not listing and _A_KIND <= len(alike.match.items) <= _MOST_BESIDES + 1:
        return alike
    terms = [term for term in mention.terms if not term.soft]
    if len(terms) < _A_KIND:
        return mention
    if listing:
        more = _having(terms, index, CONCEPT)
        if any(term.key in index.lexicon.houses and not term.senses for term in terms):
            # "Oli yamaha": nothing of another house.
            return mention.only(tuple(more), index) if more else mention
        return _with(mention, more, index) if len(more) <= _MOST_LISTED else mention
    if mention.quantity is not None or tagged.has("conditions.cheap"):
        return mention
    sized = any(not term.key.isalpha() and EXACT in term.senses.values() for term in terms)
    if not sized and not index.words.also:
        # Nothing has another name.
        return mention
    (item,) = matched.items
    terms = [term for term in mention.terms if not term.soft or term.fits(index.words, item)]
    kinds = [term for term in terms if _heads(term, item, index)]
    rest = [term for term in terms if term not in kinds]
    if not kinds or not rest:
        return mention
    said = index.words.concepts(item)
    called = {
        one
        for one in _having(terms, index, CONCEPT)
        if _called(kinds, one, index) and all(one in index.words.items(word) for word in said)
    }
    if sized:
        called |= {one for one in _having(rest, index, EXACT) if _wider(kinds, one, index)}
    return _with(mention, sorted(called), index) if len(called) <= _MOST_BESIDES else mention


def _with(mention: Mention, more: Sequence[int], index: ItemIndex) -> Mention:
    """A mention with some items more."""
    new = [item for item in more if item not in mention.match.items]
    if not new:
        return mention
    found = mention.match
    weights = (*found.weights, *(found.weights[-1:] or (EXACT,)) * len(new))
    return replace(mention, match=replace(found, items=(*found.items, *new), weights=weights))


def _having(terms: Sequence[Term], index: ItemIndex, least: float) -> list[int]:
    """The items that have all of some words, as they are."""
    found: set[int] | None = None
    for term in terms:
        said = [word for word, weight in term.senses.items() if weight >= least]
        said += () if term.senses else index.lexicon.houses.get(term.key, ())
        items = set().union(*map(index.words.items, said))
        found = items if found is None else found & items
    return sorted(found or ())


def _heads(term: Term, item: int, index: ItemIndex) -> bool:
    """Whether a word says what kind of thing an item is."""
    return not term.senses.keys().isdisjoint(index.words.heads[item])


def _called(terms: Sequence[Term], item: int, index: ItemIndex) -> bool:
    """Whether an item is called so besides: another name of it begins with one of these words."""
    also = index.words.also.get(item, frozenset())
    return any(
        weight == EXACT and word in also for term in terms for word, weight in term.senses.items()
    )


def _wider(terms: Sequence[Term], item: int, index: ItemIndex) -> bool:
    """Whether an item is of what all these words are sorts of: a LAMP H9, of bulbs h9."""
    lexicon = index.lexicon
    narrow = {
        lexicon.name(one)
        for head in index.words.heads[item][:1]
        for one in lexicon.wider.get(head, ())
    }
    return all(lexicon.name(term.key) in narrow for term in terms)
