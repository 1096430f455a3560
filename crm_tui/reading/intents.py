"""Wishes that name no item: promos, points, status, cancelling, help."""

from crm_tui.errors import N_
from crm_tui.reading import withdrawing
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.wishes import Conversation, Kind, Reading, Wish, human

_SURE = 0.9
_FEW = 6


def subscription(tagged: Tagged, text: str, index: ItemIndex) -> Reading | None:
    """STOP and START of promos in other words."""
    if tagged.has("intents.stop"):
        return wish(Kind.STOP, text)
    if tagged.has("intents.promo") and tagged.has("veto.negation"):
        texted = not index.lexicon.words["texted"].isdisjoint(tagged.texts)
        return wish(Kind.STOP, text) if texted else human(N_("a negation"))
    adverts = not index.lexicon.words["adverts"].isdisjoint(tagged.texts)
    sent = not index.lexicon.words["sent"].isdisjoint(tagged.texts)
    if adverts and sent and tagged.has("veto.negation") and not named_by_catalogue(tagged, index):
        return wish(Kind.STOP, text)
    about = tagged.has("intents.promo") and not tagged.has("veto.negation")
    words = index.lexicon.words
    if about and not named_by_catalogue(tagged, index, index.lexicon.union("halt", "activate")):
        halted = not words["halt"].isdisjoint(tagged.texts)
        active = not words["activate"].isdisjoint(tagged.texts)
        if halted and active and not (tagged.has("intents.again") and tagged.has("veto.past")):
            return human(N_("a negation"))
        if halted and active:
            # It was stopped once and is wanted again.
            return wish(Kind.START, text)
        if halted:
            return wish(Kind.STOP, text)
        if active and tagged.has("intents.again"):
            return wish(Kind.START, text)
    if tagged.has("intents.start") and not covered(tagged, "intents.start", index):
        return wish(Kind.START, text)
    return None


def about(tagged: Tagged, text: str, index: ItemIndex, talk: Conversation) -> Reading | None:
    """Help, points, promos, the status of an order, its cancelling."""
    numbers = any(word.role is Role.NUMBER and not word.label for word in tagged.words)
    orders = [word.value for word in tagged.words if word.role is Role.NUMBER and word.label]
    if tagged.has("intents.help") and not numbers and not covered(tagged, "intents.help", index):
        return wish(Kind.HELP, text)
    words = index.lexicon.words
    manner = not words["manner"].isdisjoint(tagged.texts)
    manner = manner and not words["order"].isdisjoint(tagged.texts) and not numbers
    if manner and not named_by_catalogue(tagged, index):
        return wish(Kind.HELP, text)
    if tagged.has("intents.points"):
        return wish(Kind.POINTS, text)
    if tagged.has("intents.promo"):
        share = "persen" in tagged.texts
        return human(N_("about the price")) if numbers or share else wish(Kind.PROMO, text)
    if tagged.has("intents.status") and not numbers:
        marked = tagged.has("intents.status_marks") or tagged.asked
        if withdrawing.held_back(tagged) and not tagged.has("intents.cancel"):
            return human(N_("a negation"))
        if marked and not tagged.cue("price", index.lexicon):
            number = orders[0] if len(orders) == 1 else None
            return wish(Kind.STATUS, text, number) if len(orders) < 2 else None
    if tagged.has("intents.cancel"):
        return _cancelled(tagged, text, index, talk)
    return None


def _cancelled(tagged: Tagged, text: str, index: ItemIndex, talk: Conversation) -> Reading | None:
    """The order is taken back; None if something else is, or a part of it."""
    numbers = [at for at, word in enumerate(tagged.words) if word.role is Role.NUMBER]
    if not all(withdrawing.order_number(tagged, at) for at in numbers):
        return None
    told = tagged.has("intents.orders") and len(tagged.words) <= _FEW + 4
    alone = not named(tagged) and len(tagged.words) <= _FEW - 2
    if not told and not alone:
        return None
    if withdrawing.whole(tagged, index, talk):
        number = tagged.words[numbers[0]].value if len(numbers) == 1 else None
        return wish(Kind.CANCEL, text, number)
    if talk.order and named(tagged):
        return None
    return human(N_("perhaps not what is to be taken back"))


def wish(kind: Kind, text: str, number: int | None = None) -> Reading:
    """A reading of one wish without items; `number`: the order that it is about."""
    found = Wish(kind, number=number, evidence=text, spans=((0, len(text)),))
    return Reading((found,), sureness=_SURE)


def named(tagged: Tagged) -> bool:
    """Whether a word names an item, or is unknown."""
    return any(word.role in (Role.NAME, Role.UNKNOWN) for word in tagged.words)


def named_by_catalogue(tagged: Tagged, index: ItemIndex, but: frozenset[str] = frozenset()) -> bool:
    """Whether a word stands for an item of the catalogue; but for these words of talk."""
    return any(
        word.role is Role.NAME and index.words.has(word.key) and text not in but
        for word, text in zip(tagged.words, tagged.texts, strict=True)
    )


def covered(tagged: Tagged, name: str, index: ItemIndex) -> bool:
    """Whether words that name items stand beside the phrase."""
    inside = {at for start, end in tagged.marks[name] for at in range(start, end)}
    return any(
        word.role is Role.NAME and at not in inside and index.words.has(word.key)
        for at, word in enumerate(tagged.words)
    )
