"""The courtesies that a text begins with: "ok kak, …", "assalamualaikum, …"."""

from crm_tui.reading.index import ItemIndex
from crm_tui.reading.normal import tokens
from crm_tui.reading.wishes import Conversation


def without(text: str, index: ItemIndex, talk: Conversation) -> str:
    """A text with blanks in place of the courtesies before it; "" if there are none, or nothing else.

    A yes is none while the shop waits for one.
    """
    words = index.lexicon.words
    calm = words["greetings"] | words["polite"] | words["honorifics"] | words["beginnings"]
    calm -= words["wide_courtesies"]
    if talk.asked or talk.offered or talk.proposed:
        calm -= words["yes"]
    found = tokens(text)
    count = next((at for at, token in enumerate(found) if token.text not in calm), len(found))
    if not count or count == len(found):
        return ""
    begin = found[count].start
    return " " * begin + text[begin:]
