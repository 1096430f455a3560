"""From an SMS to wishes: pure functions over an index of the items and the open conversation.

First the strict forms (`strict`). What is none of them is read as people write (`free`), if the
shop wants that; what is doubtful is left to the staff. Each reading has its evidence and sureness.

Nothing is loaded before something is read: whoever asks for the codes of items alone does without.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_tui.reading.index import ItemIndex
    from crm_tui.reading.wishes import Conversation, Reading


def read(
    text: str, index: "ItemIndex", conversation: "Conversation", *, free: bool = False
) -> "Reading":
    """What `text` asks for. Never raises; in doubt the outcome is for the staff.

    `free`: read what is no strict form, too, and use what the conversation holds.
    """
    from crm_tui.reading import reader

    return reader.read(text, index, conversation, free=free)
