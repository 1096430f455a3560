"""Wishes beside others: the shop's hours and address, to be told when something comes in, a question
behind an order, and what is put off."""

from collections.abc import Callable
from dataclasses import replace

from crm_tui.errors import N_
from crm_tui.reading import notifying, shop_info, spoken, supposing, vetoes
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.self_corrections import tag_quietly
from crm_tui.reading.turn import WHICH
from crm_tui.reading.wishes import Conversation, Kind, Reading, human

Read = Callable[[Tagged, str, ItemIndex, Conversation], Reading | None]
_SURE = 0.9


def visit(
    tagged: Tagged, text: str, index: ItemIndex, talk: Conversation, read: Read
) -> Reading | None:
    """Questions about hours and address, with what else is wanted; None if there are none."""
    asked = shop_info.asked(tagged, text, index)
    if asked is None:
        return None
    rest = tag_quietly(asked.rest, index)
    if all(word.role in (Role.STILL, Role.LINK) for word in rest.words):
        return _doubted(rest, index, talk) or Reading(asked.wishes, sureness=_SURE)
    other = read(rest, asked.rest, index, talk)
    if other is None or not other.certain:
        return other or human(vetoes.WHY["service"])
    if spoken.only_asks_price(other, spoken.at_list_price(rest, index, talk), index):
        return human(vetoes.WHY["haggle"])
    return replace(
        other, wishes=(*other.wishes, *asked.wishes), sureness=min(other.sureness, _SURE)
    )


def apart(
    tagged: Tagged, text: str, index: ItemIndex, talk: Conversation, read: Read
) -> Reading | None:
    """So many of what was quoted, and behind it a question about something else, or what is put off:
    "ok ambil 1. kenari kirinya ada?", "kenari 2 dulu, sirsak nanti aja"; None if it is neither."""
    at = next((at for at, word in enumerate(tagged.words) if at and word.token.pause), 0)
    first, last = tagged.words[:at], tagged.words[at:]
    numbers = [word for word in first if word.role is Role.NUMBER]
    named = any(word.role is Role.NAME for word in last)
    if talk.order or len(numbers) != 1 or not named or any(one.token.pause for one in last[1:]):
        return None
    words, texts = index.lexicon.words, tagged.texts[at:]
    if any(word.role is Role.NUMBER for word in last) or first[-1].token.asked:
        return None
    asks = last[-1].token.asked and not words["asking"].isdisjoint(texts)
    later = tagged.marks.get("dialogue.not_yet", ())
    calm = index.lexicon.union("polite", "honorifics", "just")
    put_off = any(start > at and calm.issuperset(tagged.texts[end:]) for start, end in later)
    # "Yg ball joint belum": what was spoken of is not wanted yet.
    texts = tuple(text for text in texts if text not in calm)
    not_yet = texts[0] in WHICH and texts[-1] in words["yet"] and not tagged.asked
    if not (asks or put_off or not_yet):
        return None
    begin = last[0].span[0]
    wanted, rest = text[:begin].rstrip(" ,.;"), " " * begin + text[begin:]
    ordered = read(tag_quietly(wanted, index), wanted, index, talk)
    if ordered is None or ordered.outcome is not Kind.ORDER or len(ordered.wishes) != 1:
        return None
    if put_off:
        return ordered
    if not_yet:
        return supposing.proposed(ordered, talk)
    asked = read(tag_quietly(rest, index), rest, index, talk)
    about = asked is not None and asked.certain and {Kind.PRICE, Kind.STOCK}.issuperset(asked.kinds)
    if asked is None or not about:
        return None
    own = {line.entry for line in ordered.wishes[0].lines}
    if any(line.entry in own for wish in asked.wishes for line in wish.lines):
        # A question about what is ordered doubts it.
        return None
    return replace(
        ordered, wishes=(*ordered.wishes, *asked.wishes),
        sureness=min(ordered.sureness, asked.sureness),
    )  # fmt: skip


def notify(
    tagged: Tagged, text: str, index: ItemIndex, talk: Conversation, read: Read
) -> Reading | None:
    """The wish to be told when something comes in; None if it is none."""
    notice = notifying.asked(tagged, text, index)
    if notice is None:
        return None
    rest = tag_quietly(notice.rest, index)
    if notifying.quiet(rest, index):
        lines = notifying.about(talk)
        if not lines:
            return None
        wish = notifying.wish(lines, text)
        return _doubted(rest, index, talk) or Reading((wish,), sureness=_SURE)
    return notifying.named(read(rest, notice.rest, index, talk)) if notice.when else None


def _doubted(rest: Tagged, index: ItemIndex, talk: Conversation) -> Reading | None:
    """What is said beside such a wish that leaves it to people: a negation, a past, a yes that may
    answer the shop's question."""
    why = vetoes.vetoed(rest, index, (*vetoes.PERSONAL, *vetoes.DOUBTFUL, "negation"))
    yes = talk.asked and not index.lexicon.words["yes"].isdisjoint(rest.texts)
    return human(why or N_("beside another wish, a yes")) if why or yes else None
