"""Words that count packs: a dozen is twelve, but one of what is sold by the dozen; so are pairs and
scores.

A text with such a word is read twice, in pieces and in packs; of each line that reading holds which
counts in what its item is sold by. What the two do not agree on otherwise is left to people.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise

from crm_tui.errors import N_
from crm_tui.reading.free import MOST_WORDS
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.lexicon import PAIR
from crm_tui.reading.tokenizer import tokens
from crm_tui.reading.wishes import Conversation, Line, Reading, Wish, human

Read = Callable[[str, ItemIndex, Conversation, bool], Reading]


def read(text: str, index: ItemIndex, talk: Conversation, once: Read) -> Reading:
    """What `text` asks for, with packs counted in what each item is sold by."""
    said = _said(text, index)
    # The strict forms know nothing of what a dozen is sold by.
    strictly = said <= {PAIR}
    pieces = once(text, index, talk, strictly)
    if talk.packed is not None:
        said.add(talk.pack)
    if not said or len(tokens(text)) > MOST_WORDS:
        return pieces
    in_packs = talk if talk.packed is None else replace(talk, quantity=talk.packed)
    found = _joined(pieces, once(text, index.counting_packs(), in_packs, strictly), said, index)
    broken = found is not pieces and _halved(text, index)
    return human(N_("a number that is not certain")) if broken else found


def _halved(text: str, index: ItemIndex) -> bool:
    """Whether a half of a pack is said."""
    half = index.lexicon.words["numbers.half"]
    said = [word.text for word in tokens(text)]
    return any(one in half and two in index.lexicon.packs for one, two in pairwise(said))


def _said(text: str, index: ItemIndex) -> set[int]:
    """How many pieces the packs of a text hold, where the shop sells something by packs."""
    held = index.lexicon.packs
    return (
        {held[word.text] for word in tokens(text) if word.text in held} if index.packs() else set()
    )


def _joined(pieces: Reading, packs: Reading, said: set[int], index: ItemIndex) -> Reading:
    """The two readings as one."""
    named = {index.pack_of(entry) for one in (pieces, packs) for entry in _entries(one)}
    if named - said - {1, PAIR}:
        # Dozens of what is sold by the score.
        return human(N_("a number that is not certain"))
    if pieces == packs:
        return pieces

    def sold(entry: Entry) -> bool:
        return index.pack_of(entry) in said

    if not any(map(sold, _entries(pieces))) and not any(map(sold, _entries(packs))):
        return pieces
    if packs.certain and all(map(sold, _entries(packs))):
        return packs
    alike = pieces.certain and packs.certain and len(pieces.wishes) == len(packs.wishes)
    if not alike or any(
        _shape(one) != _shape(two) for one, two in zip(pieces.wishes, packs.wishes, strict=True)
    ):
        return human(N_("a number that is not certain"))
    hold = next(iter(said)) if len(said) == 1 else 0

    def line(one: Line, two: Line) -> Line:
        return two if sold(one.entry) else one

    def lines(one: tuple[Line, ...], two: tuple[Line, ...]) -> tuple[Line, ...]:
        return tuple(map(line, one, two))

    wishes = []
    for one, two in zip(pieces.wishes, packs.wishes, strict=True):
        wish = replace(
            one, lines=lines(one.lines, two.lines), held=lines(one.held, two.held),
            alternatives=lines(one.alternatives, two.alternatives),
            unless=lines(one.unless, two.unless),
        )  # fmt: skip
        wishes.append(_of_list(wish, two, hold, sold) if wish.options or wish.quantity else wish)
    return replace(pieces, wishes=tuple(wishes), sureness=min(pieces.sureness, packs.sureness))


def _of_list(one: Wish, two: Wish, hold: int, sold: Callable[[Entry], bool]) -> Wish:
    """A list of which each row has the number that its item is sold by."""
    entries = one.options or tuple(line.entry for line in one.lines)
    by_pack = [sold(entry) for entry in entries]
    if all(by_pack):
        return replace(one, quantity=two.quantity, parts=two.parts)
    if not any(by_pack) or one.quantity is None or two.quantity is None:
        return one
    return replace(one, quantity=two.quantity * hold or None, packed=two.quantity, pack=hold)


def _shape(wish: Wish) -> tuple[object, ...]:
    """All of a wish but its numbers and where it stands."""
    every = (wish.lines, wish.held, wish.alternatives, wish.unless)
    entries = tuple(tuple(line.entry for line in lines) for lines in every)
    return wish.kind, wish.choosing, wish.options, entries, wish.if_available, wish.notify


def _entries(reading: Reading) -> Iterable[Entry]:
    for wish in reading.wishes:
        for line in (*wish.lines, *wish.held, *wish.alternatives, *wish.unless):
            yield line.entry
        yield from wish.options
