"""The courtesies that a text begins and ends with: "ok kak, …", "assalamualaikum, …", "…, ok"."""

from collections.abc import Sequence

from crm_tui.reading.index import ItemIndex
from crm_tui.reading.tokenizer import Token, tokens
from crm_tui.reading.turn import SUFFIXES, WHICH
from crm_tui.reading.wishes import Conversation


def without(text: str, index: ItemIndex, talk: Conversation) -> str:
    """A text with blanks in place of the courtesies before and behind it; "" if there are none, or
    nothing else.

    A yes is none while the shop waits for one.
    """
    words = index.lexicon.words
    waits = talk.asked or bool(talk.offered or talk.proposed)
    yes = frozenset() if waits else words["yes"] - words["wide_courtesies"]
    opening = index.lexicon.union("greetings", "polite", "honorifics", "beginnings") | yes
    closing = index.lexicon.union("honorifics", "vocatives") | yes
    pieces = tokens(text)
    spans = index.lexicon.phrases.spans([token.text for token in pieces]).get("dialogue.idle", ())
    idle = {at for span in spans for at in range(*span) if not index.words.has(pieces[at].text)}

    def says(at: int, said: str) -> bool:
        meant = said in words["wide_courtesies"] or (waits and said in words["yes"])
        return at not in idle and (meant or said not in opening)

    begin = next((at for at, token in enumerate(pieces) if says(at, token.text)), len(pieces))
    if 0 < begin < len(pieces) and pieces[begin].text in SUFFIXES:
        # "Bos nya batal", of a BOS ARM
        begin -= 1
    end = len(pieces)
    while end > begin and (
        end - 1 in idle or (pieces[end - 1].text in closing and not _named(pieces, end - 1, index))
    ):
        end -= 1
    if begin >= end or end - begin == len(pieces):
        return ""
    start = pieces[begin].start
    return " " * start + text[start : pieces[end - 1].end]


def _named(found: Sequence[Token], at: int, index: ItemIndex) -> bool:
    """Whether a word may be more than a courtesy: it asks, is pointed at, or a name has it."""
    pointed = at > 0 and found[at - 1].text in WHICH
    return found[at].asked or pointed or index.words.has(found[at].text)
