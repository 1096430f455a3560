"""What has become of the open order: "udah disiapkan belum?", "pesananku apa saja tadi?"."""

from itertools import pairwise

from crm_tui.reading.roles import Role
from crm_tui.reading.turn import Turn
from crm_tui.reading.wishes import Kind, Reading, Wish


def status(turn: Turn) -> Reading | None:
    """ "Udah disiapkan belum?", "pesananku apa saja tadi?" of somebody with an open order."""
    words = turn.lexicon.words
    texts = turn.tagged.texts
    if not turn.talk.order or turn.last_said():
        return None
    numbers = any(word.role is Role.NUMBER for word in turn.tagged.words)
    named = any(
        word.role in (Role.NAME, Role.UNKNOWN) and text not in words["totals"] | words["details"]
        for word, text in zip(turn.tagged.words, texts, strict=True)
    )
    if numbers or named:
        return None
    summed = any(text in words["totals"] for text in texts) or turn.tagged.has("dialogue.all")
    if summed and turn.tagged.cue("price", turn.lexicon) and not turn.asked.order:
        return turn.wish(Wish(Kind.STATUS))
    asking = turn.asked.question or turn.tagged.cue("whether", turn.lexicon)
    done = any(text in words["done"] for text in texts)
    about = any(text in words["ordered"] for text in texts)
    ready = any(text in words["prepared"] for text in texts) or _may_be_fetched(turn)
    asking = asking or texts[-1] in words["tags"]
    told = about and not words["details"].isdisjoint(texts) and not turn.asked.order
    if told or (asking and ((done and ready) or about)):
        return turn.wish(Wish(Kind.STATUS))
    # "Jadi berapa semuanya?": what is ordered is told with its total.
    summed_up = any(text in words["sums"] for text in texts) and turn.asked.price
    plain = not (turn.asked.order or turn.tagged.has("dialogue.add", "veto.haggle"))
    return turn.wish(Wish(Kind.STATUS)) if summed_up and plain else None


def _may_be_fetched(turn: Turn) -> bool:
    """ "Udah bisa diambil"."""
    words, texts = turn.lexicon.words, turn.tagged.texts
    return any(
        one in words["may"] and two in words["fetch"] and two[:2] == "di"
        for one, two in pairwise(texts)
    )
