"""Which of the two readings of a text counts: the strict forms, or what people write."""

import re
from dataclasses import replace

from crm_tui.errors import N_
from crm_tui.reading import (
    accounted_swaps,
    asked_in_stories,
    assured,
    company,
    cores,
    courtesies,
    doubting,
    keywords,
    packs,
    plainer,
    proposed_anew,
    quality,
    spoken,
    strict,
    told_around,
    vetoes,
)
from crm_tui.reading import free as free_texts
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.tokenizer import plain
from crm_tui.reading.wishes import Conversation, Kind, Line, Reading, human
from crm_tui.text import visible

MOST_CHARACTERS = 1_000
"""A longer SMS is no order that a program should read."""

_TINTS: dict[int, None] = dict.fromkeys((0x200D, 0xFE0E, 0xFE0F, *range(0x1F3FB, 0x1F400)))
"""What joins or tints pictures: it hides nothing."""


_SURE = re.compile(r"\bkan\s*\?.*\w", re.IGNORECASE)
"""What makes sure of what is meant, with more behind it."""
_SETTLED = frozenset((human(N_("nothing more is wanted")).why, human(quality.COLOUR).why))
"""Why people read what nothing else comes of, whatever is left out of it."""
_WHICH_LINE = human(N_("which line of the order is to be another one?"))
_NO_COUNT = re.compile(
    r"[€$£¥¢±≤≥≈~^]\s*[0-9]|[0-9]+\s*[%‰°º€$£¥¢±≤≥≈~^½¼¾⅓⅔]|"
    r"(?<![<>])[<>]\s*[0-9]|[0-9]+\s*[<>](?![<>])|[½¼¾⅓⅔]|(?<![\w.,)])[.,][0-9]"
)
"""Signs beside a number that make something else of it than a quantity."""
_SIGNS = re.compile(r"[€$£¥¢±≤≥≈~^%‰°º<>½¼¾⅓⅔]|[.,][0-9]")
"""One of these stands in each of them."""


def read(text: str, index: ItemIndex, conversation: Conversation, *, free: bool = False) -> Reading:
    """What `text` asks for. Never raises; in doubt the outcome is for the staff.

    `free`: read what is no strict form, too, and use what the conversation holds.
    """
    if free:
        found = packs.read(text, index, conversation, _once)
    else:
        found = _read(text, index, conversation, free=False)
    if free:
        found = assured.settled(found, text, index, conversation)
        found = doubting.doubted(found, text, index, conversation)
        found = company.doubted(found, text, index, conversation, _by_itself)
        found = _emptied(found, conversation)
        if spoken.counts_money(found):
            return human(vetoes.WHY["haggle"])
    if found.certain and _miscounts(text, found):
        if found.outcome is Kind.ORDER:
            return _asked_back(found)
        if found.outcome in (Kind.AMEND, Kind.CONFIRM):
            return human(N_("a sign beside a number"))
    return found


def _emptied(found: Reading, talk: Conversation) -> Reading:
    """A change that leaves nothing of the open order takes it back."""
    if found.outcome is not Kind.AMEND or len(found.wishes) != 1:
        return found
    (wish,) = found.wishes
    gone = {line.entry for line in wish.lines if line.quantity == 0}
    if wish.add or len(gone) < len(wish.lines) or gone != {line.entry for line in talk.order}:
        return found
    return replace(found, wishes=(replace(wish, kind=Kind.CANCEL, lines=()),))


def _once(text: str, index: ItemIndex, talk: Conversation, strictly: bool) -> Reading:
    """What `text` asks for, with packs counted as the index has them. `strictly`: strict forms, too."""
    reading = _read(text, index, talk, free=True, strictly=strictly)
    if reading == free_texts.TOO_LONG:
        return reading
    if reading.outcome in (Kind.PRICE, Kind.STOCK):
        # "Kenarinya 1 aja ternyata masih ada 1 di rumah" asks nothing.
        reading = (
            free_texts.recounted(text, index, talk)
            or (
                "?" in text
                and _SURE.search(text)
                and plainer.made_sure(text, index, talk, free_texts.read)
            )
            or reading
        )
    elif reading.outcome is Kind.ORDER and talk.proposed:
        reading = proposed_anew.lost(text, index, talk, reading, _by_itself) or reading
    elif not reading.certain or Kind.NOT_FOUND in reading.kinds:
        reading = _once_more(text, index, talk, reading)
    elif reading.outcome is Kind.CHOICES:
        changes = any(wish.choosing is Kind.AMEND for wish in reading.wishes)
        reading = (
            accounted_swaps.read(text, index, talk, reading)
            or (None if changes else _told(text, index, talk, reading))
            or (
                _strays(reading, talk) and plainer.for_a_vehicle(text, index, talk, free_texts.read)
            )
            or plainer.read(text, index, talk, reading, _by_itself)
            or (None if changes else proposed_anew.lost(text, index, talk, reading, _by_itself))
            or cores.read(text, index, talk, reading, lambda rest: _core(rest, index, talk))
            or reading
        )
    return reading


def _once_more(text: str, index: ItemIndex, talk: Conversation, reading: Reading) -> Reading:
    """What is not certain, without the courtesies before it; else what is most likely meant."""
    if len(text) > MOST_CHARACTERS or visible(text) != text.translate(_TINTS):
        return reading
    if reading.why in _SETTLED:
        return reading
    rest = courtesies.without(text, index, talk)
    other = _read(rest, index, talk, free=True) if rest else reading
    if other.certain and {Kind.NOT_FOUND, Kind.HELP}.isdisjoint(other.kinds):
        # Behind thanks a bare keyword is rather a name for the shop: "makasih cek".
        return other
    told = (
        accounted_swaps.read(text, index, talk, reading)
        or free_texts.recounted(text, index, talk)
        or _told(text, index, talk, reading)
        or free_texts.told_beside(text, index, talk)
        or free_texts.taken_back(text, index, talk)
        or _asked(text, index, talk, reading)
        or plainer.read(text, index, talk, reading, _by_itself)
        or proposed_anew.read(text, index, talk, _by_itself)
        or plainer.for_a_vehicle(text, index, talk, free_texts.read)
        or cores.read(text, index, talk, reading, lambda rest: _core(rest, index, talk))
    )
    return told or free_texts.presumed(text, index, talk, reading) or reading


def _strays(reading: Reading, talk: Conversation) -> bool:
    """Whether it is asked about what stood in no list and was not quoted."""
    options = {entry for wish in reading.wishes for entry in wish.options}
    return bool(options - {*talk.offered, *talk.quoted})


def _by_itself(text: str, index: ItemIndex, talk: Conversation) -> Reading:
    """A text as it is read by itself, or as a line of the order counted anew."""
    return _counted_anew(free_texts.read(text, index, talk), text, index, talk)


def _core(text: str, index: ItemIndex, talk: Conversation) -> Reading:
    """A part of a text as it is read by itself, a strict form too."""
    return _counted_anew(_read(text, index, talk, free=True), text, index, talk)


def _counted_anew(reading: Reading, text: str, index: ItemIndex, talk: Conversation) -> Reading:
    return reading if reading.certain else free_texts.recounted(text, index, talk) or reading


def _asked(text: str, index: ItemIndex, talk: Conversation, found: Reading) -> Reading | None:
    """The answer to what is asked beside a story, where the text would be left to people."""
    if found.certain and Kind.NOT_FOUND not in found.kinds:
        return None
    return asked_in_stories.answered(text, index, talk, free_texts.read)


def _told(text: str, index: ItemIndex, talk: Conversation, found: Reading) -> Reading | None:
    """An order or a question without what is told around it, where it is certain then and was not
    `found` so; None if it is not so."""
    rest = told_around.untold(text, index)
    reading = free_texts.read(rest, index, talk) if rest else None
    if reading is None or not reading.certain or Kind.NOT_FOUND in reading.kinds:
        return None
    if reading.outcome is Kind.ORDER:
        ordered = {line.entry for line in talk.order}
        again = any(line.entry in ordered for wish in reading.wishes for line in wish.lines)
        return None if again else reading
    missed = not found.certain or Kind.NOT_FOUND in found.kinds
    return reading if missed and reading.outcome in (Kind.PRICE, Kind.STOCK) else None


def _miscounts(text: str, found: Reading) -> bool:
    """Whether such a sign stands beside a number that is in no name of what was read."""
    if not _SIGNS.search(text):
        return False
    names = [line.entry.name for wish in found.wishes for line in wish.lines]
    return any(
        not any("".join(sign[0].split()) in "".join(name.split()) for name in names)
        for sign in _NO_COUNT.finditer(text)
    )


def _read(
    text: str, index: ItemIndex, conversation: Conversation, *, free: bool, strictly: bool = True
) -> Reading:
    if len(text) > MOST_CHARACTERS:
        return free_texts.TOO_LONG
    seen = text.replace("\r", "\n").translate(_TINTS if free else {})
    if visible(seen) != seen:
        # What a person would not see must not decide what is ordered.
        return human(N_("hidden characters"))
    by_form = strict.read(text, index, conversation) if strictly else None
    if not free:
        return by_form or human(N_("no form that is known"))
    if by_form is not None and by_form.outcome is Kind.ORDER and "?" in plain(seen)[0]:
        by_form = _asked_back(by_form)
    if (
        by_form is not None
        and by_form.outcome is Kind.AMEND
        and _instead(by_form, seen, conversation)
    ):
        # Another thing may be wanted for a line, and never on top of what is ordered.
        other = free_texts.read(text, index, conversation)
        return _WHICH_LINE if _adds(other, conversation) else other
    doubted = by_form is not None and by_form.outcome is Kind.CHOICES
    if (
        by_form is not None
        and by_form.certain
        and not doubted
        and not _vague(by_form, text, conversation)
    ):
        return by_form
    other = free_texts.read(text, index, conversation)
    if by_form is not None and by_form.certain:
        # A code that is in doubt is none where its words name the same, and as many of it.
        if not other.certain and _of_talk(by_form, index):
            return other
        certain = by_form.outcome is not Kind.CHOICES or _orders(other) == _orders(by_form)
        return other if other.certain and certain else by_form
    return other


def _instead(found: Reading, text: str, talk: Conversation) -> bool:
    """Whether a change begins with a word for having something else, and names what is not ordered."""
    ordered = {line.entry for line in talk.order}
    named = {line.entry for wish in found.wishes for line in wish.lines}
    return bool(ordered) and not named <= ordered and strict.begins(text, keywords.SWAP)


def _adds(found: Reading, talk: Conversation) -> bool:
    """Whether something comes on top of what is ordered, and no line of that falls."""
    ordered = {line.entry for line in talk.order}
    lines = [line for wish in found.wishes for line in wish.lines]
    more = any(line.entry not in ordered for line in lines)
    orders = found.outcome in (Kind.ORDER, Kind.AMEND)
    return found.certain and orders and more and all(line.quantity != 0 for line in lines)


def _of_talk(found: Reading, index: ItemIndex) -> bool:
    """Whether what no item is called are words of talk, "pesan dua2nya 1", or such as names have,
    "ganti alpa"."""
    unknown = [word.lower() for wish in found.wishes for word in wish.unknown]
    talking = index.lexicon.words["talking"]
    return bool(unknown) and all(word in talking or index.words.has(word) for word in unknown)


def _asked_back(found: Reading) -> Reading:
    """An order with a question mark is proposed."""
    wishes = tuple(
        replace(wish, kind=Kind.CHOICES, choosing=Kind.ORDER) if wish.kind is Kind.ORDER else wish
        for wish in found.wishes
    )
    return replace(found, wishes=wishes)


def _orders(reading: Reading) -> tuple[tuple[Line, ...], ...]:
    """The lines of each wish of a reading that orders or proposes."""
    return tuple(wish.lines for wish in reading.wishes)


def _vague(found: Reading, text: str, conversation: Conversation) -> bool:
    """Whether a strict form may be more than that: a code that nobody has, INFO and what about,
    YA with a quantity instead of an order's number."""
    if Kind.NOT_FOUND in found.kinds or (Kind.HELP in found.kinds and len(text.split()) > 1):
        return True
    if Kind.HELP in found.kinds and (conversation.proposed or conversation.quoted):
        # "Pesan", and nothing else, of what was spoken of.
        return True
    return bool(conversation.proposed) and any(wish.number is not None for wish in found.wishes)
