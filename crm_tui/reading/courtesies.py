"""The courtesies that a text begins with: "ok kak, …", "assalamualaikum, …"."""

from crm_tui.reading.index import ItemIndex
from crm_tui.reading.tokenizer import tokens
from crm_tui.reading.wishes import Conversation


def without(text: str, index: ItemIndex, talk: Conversation) -> str:
    """A text with blanks in place of the courtesies before it; "" if there are none, or nothing else.

    A yes is none while the shop waits for one.
    """
    words = index.lexicon.words
    calm = index.lexicon.union("greetings", "polite", "honorifics", "beginnings")
    waits = talk.asked or bool(talk.offered or talk.proposed)
    found = tokens(text)

    def says(said: str) -> bool:
        meant = said in words["wide_courtesies"] or (waits and said in words["yes"])
        return meant or said not in calm

    count = next((at for at, token in enumerate(found) if says(token.text)), len(found))
    if not count or count == len(found):
        return ""
    begin = found[count].start
    return " " * begin + text[begin:]
