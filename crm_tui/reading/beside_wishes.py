"""Wishes beside others: the shop's hours and address, and to be told when something comes in."""

from collections.abc import Callable
from dataclasses import replace

from crm_tui.errors import N_
from crm_tui.reading import notifying, shop_info, spoken, vetoes
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.self_corrections import tag_quietly
from crm_tui.reading.wishes import Conversation, Reading, human

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
