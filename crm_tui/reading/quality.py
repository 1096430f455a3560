"""A question about what was just quoted, and nothing else: "ori?", "asli karsa?", "dp dulu gak"."""

from crm_tui.reading import vetoes
from crm_tui.reading.companions import for_another_vehicle
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.wishes import Conversation, Kind, Reading, human

_MOST_WORDS = 6


def asked(reading: Reading, tagged: Tagged, index: ItemIndex, talk: Conversation) -> Reading:
    """`reading`, or people, where it answers with other things, or with none, what is only asked of
    those that were spoken of."""
    said = (*talk.offered, *talk.quoted, *(line.entry for line in (*talk.proposed, *talk.order)))
    if not said or not reading.certain or not _asks(tagged, index):
        return reading
    if reading.outcome not in (Kind.NOT_FOUND, Kind.CHOICES, Kind.PRICE, Kind.STOCK):
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


def _asks(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether a short text asks, of no price and counting nothing."""
    words = index.lexicon.words
    asks = tagged.asked or not words["tags"].isdisjoint(tagged.texts)
    counted = any(word.role in (Role.NUMBER, Role.CUE) for word in tagged.words)
    return asks and not counted and len(tagged.words) <= _MOST_WORDS
