"""What so many cost of what was spoken of, or what is ordered: "kalo ambil 2 jadi brp", "itu brp"."""

from crm_tui.reading.roles import Role
from crm_tui.reading.saying import JUST_NOW
from crm_tui.reading.turn import SUFFIXES, Turn
from crm_tui.reading.wishes import Kind, Line, Reading, Wish

_BARGAINS = 5
"""From here on who asks what so many cost may want another price."""
_MOST_WORDS = 8
_MOST_LINES = 3
_FOR_IT = frozenset(("dapat", "dapet", "dpt", "kasih", "dikasih", "boleh", "bisa"))
"""With one of these a price is offered for more than one."""
_QUIET = (Role.STILL, Role.CUE, Role.MAYBE)


def supposed(turn: Turn) -> Reading | None:
    """ "Kalo ambil 2 jadi berapa": the price of the one thing that was quoted; None if nothing is asked
    so. Another price for more of it is for people."""
    tagged, target = turn.tagged, turn.target()
    if len(target) != 1 or turn.talk.offered or not _asks(turn):
        return None
    if not tagged.has("conditions.condition") or tagged.has("veto.haggle", "veto.negation"):
        return None
    if not (turn.lexicon.words["bargains"] | _FOR_IT).isdisjoint(tagged.texts):
        return None
    numbers = [word for word in tagged.words if word.role is Role.NUMBER]
    if len(numbers) != 1 or numbers[0].label or numbers[0].year:
        return None
    count = turn.count(numbers[0], target[0])
    if not count or count >= _BARGAINS:
        return None
    quiet = all(word.role in (*_QUIET, Role.NUMBER) for word in tagged.words)
    plain = turn.lexicon.words["sums"] | turn.lexicon.words["doing"] | turn.lexicon.words["agrees"]
    if not quiet or plain.isdisjoint(tagged.texts):
        return None
    return turn.wish(Wish(Kind.PRICE, (Line(target[0]),), evidence=turn.text))


def of_ordered(turn: Turn) -> Reading | None:
    """ "Itu harganya berapa ya?", where nothing but an order was spoken of: what its lines cost."""
    order = turn.talk.order
    if not order or turn.last_said() or turn.talk.left or len(order) > _MOST_LINES:
        return None
    quiet = all(word.role in _QUIET for word in turn.tagged.words)
    changes = any(
        name.startswith("dialogue.") and spans for name, spans in turn.tagged.marks.items()
    )
    if not quiet or changes or not _asks(turn) or turn.asked.order:
        return None
    if not _points(turn):
        return None
    lines = tuple(Line(line.entry) for line in order)
    return turn.wish(Wish(Kind.PRICE, lines, evidence=turn.text))


def _points(turn: Turn) -> bool:
    """Whether what was spoken of is meant: "itu", "tadi", "harganya"."""
    price = turn.lexicon.words["price"]
    pointing = turn.lexicon.words["that"].union(JUST_NOW)
    return not pointing.isdisjoint(turn.tagged.texts) or any(
        text in price and word.token.text.endswith(SUFFIXES)
        for word, text in zip(turn.tagged.words, turn.tagged.texts, strict=True)
    )


def _asks(turn: Turn) -> bool:
    """Whether a price is asked for, and nothing else."""
    asked = turn.asked
    return asked.price and not asked.stock and len(turn.tagged.words) <= _MOST_WORDS
