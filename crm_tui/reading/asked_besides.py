"""What is asked about besides what was quoted: "sama kenarinya brp", "yg alpa 125?"."""

from collections.abc import Sequence

from crm_tui.reading import mentions as finding
from crm_tui.reading import same_use
from crm_tui.reading.companions import companions, kind_words
from crm_tui.reading.following import Following
from crm_tui.reading.index import Entry
from crm_tui.reading.proposals import MOST_OPTIONS
from crm_tui.reading.roles import Role
from crm_tui.reading.tagging import tag
from crm_tui.reading.turn import WHICH
from crm_tui.reading.wishes import Kind, Line, Reading, Wish

_MOST_WORDS = 8


def besides(turn: Following) -> Reading | None:
    """The price of what is named beside what was quoted, for the same vehicle; None if it is wanted, or
    there is more than one such thing."""
    said = turn.last_said()
    asked = turn.asked
    if not said or not _also(turn) or asked.order or asked.want or turn.talk.offered:
        return None
    if turn.talk.order and not (asked.price or asked.stock or turn.tagged.asked):
        # "Sama kenarinya" of somebody who has ordered may want it.
        return None
    if any(word.role in (Role.NUMBER, Role.EACH, Role.UNKNOWN) for word in turn.tagged.words):
        return None
    found = finding.find(turn.tagged, turn.index, ordering=True)
    lines: list[Line] = []
    for mention in found:
        items = [item for item in mention.match.items if turn.index.entry(item) not in said]
        if mention.match.missing or not items or len(items) > MOST_OPTIONS:
            return None
        if len(items) > 1:
            items = companions(turn.index, turn.like(mention, said), items)
        if len(items) != 1:
            return _beside(turn, said)
        lines.append(Line(turn.index.entry(items[0])))
    return turn.wish(Wish(Kind.PRICE, tuple(lines), evidence=turn.text)) if lines else None


def _beside(turn: Following, said: Sequence[Entry]) -> Reading | None:
    """The other one of its kind: "belakangnya sekalian"."""
    short = turn.resolved(list(said))
    if short is None or not all(one.match.one for one in short.mentions):
        return None
    lines = tuple(Line(turn.one(one)) for one in short.mentions)
    return turn.wish(Wish(Kind.PRICE, lines, evidence=turn.text))


def _also(turn: Following) -> bool:
    """Whether "and" stands first, or "as well" last."""
    calm = turn.lexicon.union("polite", "honorifics", "price", "there")
    texts = [text for text in turn.tagged.texts if text not in calm]
    also = turn.lexicon.union("also_first", "along")
    return 1 < len(texts) <= _MOST_WORDS and (texts[0] in also or texts[-1] in also)


def of_the_kind(turn: Following) -> Reading | None:
    """The price of such a thing for what is named in several words: "yg alpa 125?"."""
    asked = turn.asked
    said = turn.last_said() or turn.talk.recent[-1:]
    asking = turn.tagged.asked or asked.price or asked.stock
    if not asking or asked.order or len(said) != 1 or len(turn.tagged.words) > _MOST_WORDS:
        return None
    kind = kind_words(turn.index, said[0])
    rest = " ".join(
        word.token.text
        for word, text in zip(turn.tagged.words, turn.tagged.texts, strict=True)
        if text not in WHICH
    )
    if not kind:
        return None
    tagged = tag(f"{kind} {rest}", turn.index)
    if any(word.role is Role.UNKNOWN for word in tagged.words):
        return None
    found = finding.find(tagged, turn.index, ordering=False)
    if len(found) != 1 or found[0].match.missing or found[0].quantity is not None:
        return None
    entries = found[0].entries(turn.index)
    heads = turn.index.words.heads
    alike = all(heads[entry.id][:1] == heads[said[0].id][:1] for entry in entries)
    if not entries or not alike or len(entries) > MOST_OPTIONS or said[0] in entries:
        return None
    if same_use.strays(turn, entries, said):
        return None
    lines = tuple(Line(entry) for entry in entries)
    return turn.wish(Wish(Kind.PRICE, lines, evidence=turn.text))
