"""A kind that others are called by as well: who wants a lamp may mean a bulb that is for all that was
said, though the name of another thing has the very word."""

from dataclasses import replace

from crm_tui.reading.edit_model import CONCEPT, EXACT
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.matching import Term
from crm_tui.reading.pieces import Mention
from crm_tui.reading.vocabulary import SORT


def with_alike(mentions: list[Mention], index: ItemIndex) -> list[Mention]:
    """The same, of which each that names one thing has those of other kinds besides that have all else
    that was said, and are called by the word for its kind, too: as the lexicon says (`wider`), or by
    their category."""
    words, wider = index.words, index.lexicon.wider
    for at, mention in enumerate(mentions):
        found = mention.match
        if found.missing or mention.unknown or not found.items or found.items[1:]:
            continue
        head = words.heads[found.items[0]][0]
        if head in wider or SORT + head in words.postings:
            mentions = [*mentions[:at], _with_others(mention, head, index), *mentions[at + 1 :]]
    return mentions


def _with_others(mention: Mention, head: str, index: ItemIndex) -> Mention:
    found = mention.match
    terms = [term for term in mention.terms if term.senses or not term.soft]
    rest = [term for term in terms if term.senses.get(head) != EXACT]
    if not rest or len(terms) - len(rest) != 1:
        return mention
    more = [one for one in _called(head, index) if all(_has(one, term, index) for term in rest)]
    if not more:
        return mention
    items = (*found.items, *more)
    weights = (found.weights or (EXACT,))[:1] * len(items)
    return replace(mention, match=replace(found, items=items, weights=weights))


def _called(head: str, index: ItemIndex) -> list[int]:
    """What is of the kinds that a word is said for besides, or is told by its category alone."""
    words = index.words
    found = {one for one in words.items(SORT + head) if len(index.entry(one).category.split()) == 1}
    for kind in map(index.lexicon.name, index.lexicon.wider.get(head, ())):
        if kind != head:
            found |= {one for one in words.items(kind) if words.heads[one][0] == kind}
    return sorted(found)


def _has(item: int, term: Term, index: ItemIndex) -> bool:
    """Whether an item has a word that was said, as it was meant; no name need tell the builder."""
    if not term.senses:
        return term.key in index.lexicon.houses
    return term.fits(index.words, item) >= CONCEPT
