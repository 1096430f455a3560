"""What is wanted besides a proposal: "lem paking juga dong satu". Nobody has said no to what was
proposed, so that both are proposed, and one YA is for both."""

from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.turn import Turn
from crm_tui.reading.wishes import Kind, Reading

_INSTEAD = ("dialogue.swap", "dialogue.change", "dialogue.deny", "dialogue.less", "dialogue.remove")


def together(turn: Turn, reading: Reading) -> Reading:
    """What is wanted besides a proposal, with that, as a proposal; the reading itself where it is no
    such thing, or it is not said that it is wanted besides."""
    wish = reading.wishes[0] if reading.certain and len(reading.wishes) == 1 else None
    proposed = turn.talk.proposed
    if wish is None or wish.options or not proposed or turn.talk.order:
        return reading
    if wish.kind not in (Kind.ORDER, Kind.CHOICES) or wish.alternatives or wish.unless:
        return reading
    if not (_linked(turn) or _of_another_kind(turn, reading)):
        return reading
    named = {line.entry for line in wish.lines}
    if any(line.entry in named for line in proposed):
        return reading
    return turn.propose([*proposed, *wish.lines])


def _linked(turn: Turn) -> bool:
    """Whether it goes on from before: "plus …", "eh sama …", "… juga dong satu"."""
    tagged = turn.tagged
    if tagged.has("dialogue.add"):
        return True
    opens = turn.lexicon.union("yes", "polite", "honorifics", "exclaims")
    links = [at for at, word in enumerate(tagged.words) if word.role is Role.LINK]
    also = tagged.marks.get("dialogue.also", ())
    begins = (*links[:1], *(start for start, _ in also))
    return any(opens.issuperset(tagged.texts[:at]) for at in begins) or any(
        _only_counts(turn, tagged, end) for _, end in also
    )


def _only_counts(turn: Turn, tagged: Tagged, begin: int) -> bool:
    """Whether nothing but courtesies and how many stands from a place on."""
    calm = turn.lexicon.union("polite", "honorifics")
    return all(
        word.role is Role.NUMBER or text in calm or text in turn.lexicon.units
        for word, text in zip(tagged.words[begin:], tagged.texts[begin:], strict=True)
    )


def _of_another_kind(turn: Turn, reading: Reading) -> bool:
    """Whether another kind of thing is ordered, and nothing says that it is wanted instead or alone."""
    if reading.outcome is not Kind.ORDER or turn.tagged.has(*_INSTEAD):
        return False
    words = turn.lexicon.words
    # "Pesan …" is an order of its own.
    alone = words["just"] | words["so_be_it"] | words["then"] | words["enough"] | words["order"]
    if not alone.isdisjoint(turn.tagged.texts):
        return False
    heads = turn.index.words.heads
    before = {head for line in turn.talk.proposed for head in heads[line.entry.id][:1]}
    new = {
        head for wish in reading.wishes for line in wish.lines for head in heads[line.entry.id][:1]
    }
    return bool(new) and before.isdisjoint(new)
