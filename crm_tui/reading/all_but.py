"""What there is but for what is not liked: "selain alpa brp", "kenari musi selain yg ori ada?"."""

from collections.abc import Sequence

from crm_tui.reading import mentions as finding
from crm_tui.reading.cheaper_ones import serves_the_same
from crm_tui.reading.companions import for_another_vehicle
from crm_tui.reading.edit_model import SHORT
from crm_tui.reading.index import Entry
from crm_tui.reading.proposals import MOST_OPTIONS, choices
from crm_tui.reading.roles import Role, without
from crm_tui.reading.tagging import tag
from crm_tui.reading.turn import Turn
from crm_tui.reading.wishes import Kind, Line, Reading, Wish

_MOST_TOLD = 3
_QUIET = (Role.STILL, Role.CUE, Role.MAYBE, Role.NAME)


def asked(turn: Turn) -> Reading | None:
    """What is left of what was spoken of, or is named before it, or serves the same as the one thing
    that was; None where none of it is excepted, or more than a question is said."""
    tagged, lexicon = turn.tagged, turn.lexicon
    excepts = lexicon.words["all_but"]
    at = next((at for at, text in enumerate(tagged.texts) if text in excepts), -1)
    asking = tagged.asked or turn.asked.price or turn.asked.stock
    if at < 0 or not asking or turn.asked.order or turn.asked.want:
        return None
    if any(w.role not in _QUIET for place, w in enumerate(tagged.words) if place != at):
        return None
    named = [word for word in tagged.words[at + 1 :] if word.role is Role.NAME]
    pool = _pool(turn, at)
    having = [_items(turn, word.key) for word in named]
    out = [entry for entry in pool if all(entry.id in some for some in having)]
    if not named or not out or len(pool) > MOST_OPTIONS:
        return None
    left = [entry for entry in pool if entry not in out]
    if not left:
        said = turn.text[tagged.words[at].span[0] : named[-1].span[1]]
        return turn.wish(Wish(Kind.NOT_FOUND, unknown=(said,)))
    kind = Kind.STOCK if turn.asked.stock and not turn.asked.price else Kind.PRICE
    if len(left) > _MOST_TOLD:
        return turn.wish(choices(left, None, kind, ()))
    return turn.wish(Wish(kind, tuple(map(Line, left))))


def _items(turn: Turn, key: str) -> set[int]:
    """What is called so."""
    words = turn.index.words
    senses = [sense for sense, weight in words.senses(key).items() if weight >= SHORT]
    return set().union(*map(words.items, senses))


def _pool(turn: Turn, at: int) -> Sequence[Entry]:
    """What is named before the word for "but", else what the shop last spoke of; of one such thing all
    that serves the same."""
    words = turn.tagged.words
    if any(word.role is Role.NAME for word in words[:at]):
        rest = tag(without(turn.tagged, turn.text, range(at, len(words))), turn.index)
        found = finding.find(rest, turn.index, ordering=False)
        plain = len(found) == 1 and not found[0].match.missing and found[0].match.headed
        return found[0].entries(turn.index) if plain else ()
    said = turn.last_said()
    if len(said) != 1:
        return said
    kind = sorted(turn.index.words.kindred(said[0].id) - {said[0].id})
    return (
        *said,
        *(
            one
            for one in map(turn.index.entry, kind)
            if serves_the_same(turn, one, said[0])
            and not for_another_vehicle(turn.index, one, said)
        ),
    )
