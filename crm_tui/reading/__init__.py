"""From an SMS to wishes: pure functions over an index of the items and the open conversation.

First the strict forms (`strict`). What is none of them is left to the staff; readers of free text
will stand between the two, with their own evidence and certainty.
"""

from crm_tui.errors import N_
from crm_tui.reading import strict
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.wishes import Conversation, Reading, human
from crm_tui.text import visible

MOST_CHARACTERS = 1_000
"""A longer SMS is no order that a program should read."""


def read(text: str, index: ItemIndex, conversation: Conversation) -> Reading:
    """What `text` asks for. Never raises; in doubt the outcome is for the staff."""
    if len(text) > MOST_CHARACTERS:
        return human(N_("too long to be read by itself"))
    if visible(text.replace("\r", "\n")) != text.replace("\r", "\n"):
        # What a person would not see must not decide what is ordered.
        return human(N_("hidden characters"))
    return strict.read(text, index, conversation) or human(N_("no form that is known"))
