"""What goes on from a text that was left to people: "kenari 2 atau 3 ya?", and then "3 aja"."""

from crm_tui.reading import mentions as finding
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.supposing import proposed
from crm_tui.reading.tagging import tag
from crm_tui.reading.turn import WHICH
from crm_tui.reading.wishes import Conversation, Kind, Reading

_MOST_WORDS = 8
_MOST_NAMED = 8
_NEVER = ("own", "spam", "mistaken", "complaint", "others", "past")
_SAYS_WHICH = (Role.NAME, Role.NUMBER)


def about(tagged: Tagged, index: ItemIndex, talk: Conversation) -> tuple[Entry, ...]:
    """The items that the text which was left to people named, where a short one goes on from it; none
    if the shop has said something else, or that text told of something that was done."""
    if not talk.left or talk.offered or talk.proposed or talk.quoted:
        return ()
    if len(tagged.words) > _MOST_WORDS or tagged.has("dialogue.remove", "intents.cancel"):
        return ()
    if all(word.role not in _SAYS_WHICH for word in tagged.words):
        return ()
    if any(one.match.headed for one in finding.find(tagged, index, ordering=True)):
        # It says itself what it is about.
        return ()
    return named(index, talk)


def named(index: ItemIndex, talk: Conversation) -> tuple[Entry, ...]:
    """The few items that the text before this one named which was left to people, unless it told of
    something that was done; none if there is no such text."""
    if not talk.left:
        return ()
    before = tag(talk.left, index)
    if before.has(*(f"veto.{name}" for name in _NEVER)):
        return ()
    found = finding.find(before, index, ordering=True)
    found = [one for one in found if one.match.headed and not one.match.missing]
    items = dict.fromkeys(item for one in found for item in one.match.items)
    return tuple(map(index.entry, items)) if len(items) <= _MOST_NAMED else ()


def doubted(tagged: Tagged, index: ItemIndex, talk: Conversation) -> bool:
    """Whether a text that names nothing may be about what people answered to the one before it, and not
    about what the shop had quoted: "kalau yang biasa?", and then "ambil 2"."""
    if not talk.left or not (talk.quoted or talk.offered or talk.proposed):
        return False
    if any(word.role is Role.NAME or word.label for word in tagged.words):
        return False
    said = {*talk.quoted, *talk.offered, *(line.entry for line in talk.proposed)}
    if not said.issuperset(named(index, talk)):
        # It went on to something else: "mahal. kenari saja", and then "2".
        return True
    before = tag(talk.left, index)
    which = any(text in WHICH for text in before.texts)
    # For what it is names no other thing; nor does what the quoted one is called: "asli karsa?"
    make, words = index.lexicon.words["make"], index.words
    names = any(
        word.role is Role.NAME
        and not word.purpose
        and index.lexicon.name(word.key) not in make
        and any(
            all(entry.id not in words.items(sense) for sense in words.senses(word.key))
            for entry in said
        )
        for word in before.words
    )
    asks = before.asked or before.has("conditions.condition")
    return (which or names) and asks


def no_more(
    reading: Reading | None, talk: Conversation, entries: tuple[Entry, ...]
) -> Reading | None:
    """A reading that orders nothing without asking; a change of what is ordered stays, if that was all
    that was spoken of; None if it says anything else."""
    if reading is None or not reading.certain or len(reading.wishes) != 1:
        return None
    (wish,) = reading.wishes
    ordered = {line.entry.id for line in talk.order}
    own = {entry.id for entry in entries} | {line.entry.id for line in wish.lines}
    if wish.kind is Kind.AMEND and own <= ordered:
        return reading
    if wish.kind in (Kind.PRICE, Kind.STOCK):
        return reading
    return proposed(reading, talk)
