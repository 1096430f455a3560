"""A question about what was just quoted, and nothing else: "ori?", "asli karsa?", "dp dulu gak"; and
about a colour that no name tells."""

from collections.abc import Iterable
from dataclasses import replace

from crm_tui.errors import N_
from crm_tui.reading import mentions as finding
from crm_tui.reading import vetoes
from crm_tui.reading.companions import for_another_vehicle
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.roles import Role, Tagged, without
from crm_tui.reading.tagging import tag
from crm_tui.reading.wishes import Conversation, Kind, Reading, Wish, human

COLOUR = N_("asks for a colour that no name tells")
_MOST_WORDS = 6
_ANSWERS = frozenset((Kind.NOT_FOUND, Kind.CHOICES, Kind.PRICE, Kind.STOCK))


def asked(reading: Reading, tagged: Tagged, index: ItemIndex, talk: Conversation) -> Reading:
    """`reading`, or people, where it answers with other things, or with none, what is only asked of
    those that were spoken of."""
    said = (*talk.offered, *talk.quoted, *(line.entry for line in (*talk.proposed, *talk.order)))
    if not said or not reading.certain or not _asks(tagged, index):
        return reading
    if reading.outcome not in _ANSWERS:
        return reading
    answered = [
        entry
        for wish in reading.wishes
        for entry in (*wish.options, *(line.entry for line in wish.lines))
    ]
    names = [word for word in tagged.words if word.role is Role.NAME]
    service = {at for span in tagged.marks.get("veto.service", ()) for at in range(*span)}
    if all(at in service for at, word in enumerate(tagged.words) if word.role is Role.NAME):
        # The "dp" of "dp dulu gak?" is no front part.
        return human(vetoes.WHY["service"]) if service else reading
    make = index.lexicon.words["make"]
    if not any(index.lexicon.name(word.key) in make for word in names):
        return reading
    heads = index.words.heads
    kinds = {head for entry in said for head in heads[entry.id][:1]}
    others = all(
        for_another_vehicle(index, entry, said) or kinds.isdisjoint(heads[entry.id][:1])
        for entry in answered
    )
    return human(vetoes.WHY["advice"]) if others else reading


def tinted(
    reading: Reading, tagged: Tagged, text: str, index: ItemIndex, talk: Conversation
) -> Reading:
    """`reading`, or people, where it is asked whether something is of a colour, and no such thing tells
    its colour: "kenari rawa ada warna merah?", and "yg hitam ada gak" of what was quoted."""
    if not _ANSWERS.issuperset(reading.kinds) or not reading.certain:
        return reading
    words = index.lexicon.words
    asks = tagged.asked or tagged.cue("stock", index.lexicon)
    asks = asks or not words["tags"].isdisjoint(tagged.texts)
    places = [at for at in range(len(tagged.words)) if asks and _tint(tagged, index, at)]
    if not places or any(word.role is Role.NUMBER for word in tagged.words):
        return reading
    rest = tag(without(tagged, text, places), index)
    if any(word.role in (Role.NAME, Role.UNKNOWN) for word in rest.words):
        found = finding.find(rest, index, ordering=False)
        plain = len(found) == 1 and not found[0].match.missing and found[0].match.headed
        asked_of = found[0].entries(index) if plain else []
    else:
        said = (*talk.offered, *talk.quoted, *(line.entry for line in talk.proposed))
        asked_of = [*(said or (line.entry for line in talk.order))]
    heads = index.words.heads
    kinds = {head for entry in asked_of for head in heads[entry.id][:1]}
    answered = [entry for wish in reading.wishes for entry in _entries(wish)]
    others = all(kinds.isdisjoint(heads[entry.id][:1]) for entry in answered)
    nobodys = any(tagged.words[at].role is Role.UNKNOWN for at in places)
    if not asked_of or not (others or nobodys):
        return reading
    if not any(_tells(entry, index) for entry in asked_of):
        return human(COLOUR)
    if others or not all(_tells(entry, index) for entry in asked_of):
        return reading
    # "Kenari warna pink", of a KENARI MERAH
    named = [word.token.text for word in tagged.words if word.role in (Role.NAME, Role.UNKNOWN)]
    return replace(reading, wishes=(Wish(Kind.NOT_FOUND, unknown=(" ".join(named),)),))


def _entries(wish: Wish) -> Iterable[Entry]:
    """All that a wish names."""
    return (*wish.options, *(line.entry for line in (*wish.lines, *wish.held)))


def _tint(tagged: Tagged, index: ItemIndex, at: int) -> bool:
    """Whether a word is a colour, or stands behind a word for colours."""
    words, text = index.lexicon.words, tagged.texts[at]
    colours = index.lexicon.union("tints", "colours")
    called = at > 0 and tagged.texts[at - 1] in words["hues"]
    named = called and tagged.words[at].role in (Role.NAME, Role.UNKNOWN)
    return named or text in colours or index.lexicon.name(tagged.words[at].key) in colours


def _tells(entry: Entry, index: ItemIndex) -> bool:
    """Whether the name of a thing tells its colour."""
    tints = index.lexicon.union("tints", "colours")
    return not tints.isdisjoint(map(index.lexicon.name, index.words.words[entry.id]))


def _asks(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether a short text asks, of no price and counting nothing."""
    words = index.lexicon.words
    asks = tagged.asked or not words["tags"].isdisjoint(tagged.texts)
    counted = any(word.role in (Role.NUMBER, Role.CUE) for word in tagged.words)
    return asks and not counted and len(tagged.words) <= _MOST_WORDS
