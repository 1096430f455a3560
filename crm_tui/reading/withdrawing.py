"""Taking back an order in free words. It must be said plainly: of all wishes this one does harm when it
is read into a question, a complaint, or the very opposite ("jangan dibatalkan")."""

from crm_tui.reading.index import ItemIndex
from crm_tui.reading.roles import Role, Tagged

_PHRASES = ("intents.cancel", "dialogue.remove")
_BESIDE = ("polite", "honorifics", "greetings", "pronouns", "ordered", "withdrawn_with")
_MORE = frozenset(
    {"nya", "yg", "yang", "itu", "tadi", "tolong", "tlg", "mau", "order", "no", "nomor", "semua"}
)


def plainly(tagged: Tagged, index: ItemIndex, *, naming: bool = False) -> bool:
    """Whether a text takes something back and says nothing else but courtesies.

    One phrase of taking back, no question, no negation beside it, no "if". `naming`: words that name
    items may stand there, too.
    """
    spans = {span for name in _PHRASES for span in tagged.marks.get(name, ())}
    inside = {at for start, end in spans for at in range(start, end)}
    if not spans or tagged.asked or len(inside) != max(end - start for start, end in spans):
        return False
    words = index.lexicon.words
    beside = frozenset().union(*(words[name] for name in _BESIDE))
    reason = _reason(tagged, max(inside), words["still_having"] | beside)
    return all(
        at in inside
        or at >= reason
        or tagged.texts[at] in beside
        or (word.role is Role.NUMBER and bool(word.label))
        or (naming and (word.role in (Role.NAME, Role.MAYBE) or called(tagged, at)))
        for at, word in enumerate(tagged.words)
    )


def _reason(tagged: Tagged, last: int, words: frozenset[str]) -> int:
    """Where, behind a pause, it is said why it is not wanted any more: "masih punya"; else the end."""
    for at in range(last + 1, len(tagged.words)):
        if tagged.words[at].token.pause:
            return at if words.issuperset(tagged.texts[at:]) else len(tagged.words)
    return len(tagged.words)


def called(tagged: Tagged, at: int) -> bool:
    """Whether a number is the name of a thing: "6301 nya"."""
    behind = tagged.texts[at + 1] if at + 1 < len(tagged.texts) else ""
    return tagged.words[at].role is Role.NUMBER and behind in ("nya", "nyo", "ny", "ne")
